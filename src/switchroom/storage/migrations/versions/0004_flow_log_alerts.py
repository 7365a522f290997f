"""What alerts on the flow log have found."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE flow_log_alerts (
        seq      bigserial PRIMARY KEY,
        instance text NOT NULL,
        alert    text NOT NULL,
        contact  text NOT NULL,
        at       bigint NOT NULL,  -- epoch milliseconds
        count    integer NOT NULL, -- entries of the contact that fitted at that moment
        entry    text NOT NULL     -- the first of them
    )""",
    "CREATE INDEX flow_log_alerts_time ON flow_log_alerts (instance, seq)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
