"""What functions did during contacts: one row a try, with what the handler printed."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE function_logs (
        seq         bigserial PRIMARY KEY,
        instance    text NOT NULL,
        contact     text NOT NULL,
        arn         text NOT NULL,
        request     text NOT NULL,   -- the request id that the handler saw
        at          bigint NOT NULL, -- epoch milliseconds
        duration_ms integer NOT NULL,
        fault       text NOT NULL,   -- empty when the function answered
        lines       text[] NOT NULL
    )""",
    "CREATE INDEX function_logs_contact ON function_logs (instance, contact, seq)",
    "CREATE INDEX function_logs_function ON function_logs (instance, arn, seq)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
