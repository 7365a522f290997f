"""Alembic's environment and revisions; run in-process by `Database.migrate`."""
