"""Alembic runs this file. The connection comes from `Database.migrate`, which also holds the lock and the commit."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
