"""Journeys: every block a contact went through is a row of flow_logs, whether the flow log was on or off."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE flow_logs ALTER COLUMN entry DROP NOT NULL",
    "ALTER TABLE flow_logs ADD COLUMN version integer NOT NULL DEFAULT 0",
    "ALTER TABLE flow_logs ADD COLUMN purpose text NOT NULL DEFAULT ''",
    "ALTER TABLE flow_logs ADD COLUMN action text NOT NULL DEFAULT ''",
    "ALTER TABLE flow_logs ADD COLUMN outcome text NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
