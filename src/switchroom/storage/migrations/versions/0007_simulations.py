"""Simulations and their results."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # Times are epoch milliseconds. `node` plays it and says so by `beat`; `results` is JSON as it is answered.
    """CREATE TABLE simulations (
        instance     text NOT NULL,
        id           text NOT NULL,
        seq          bigint GENERATED ALWAYS AS IDENTITY,
        name         text NOT NULL,
        kind         text NOT NULL,
        state        text NOT NULL,
        progress     double precision NOT NULL DEFAULT 0,
        started_by   text,
        started_at   bigint NOT NULL,
        ended_at     bigint,
        scenario     text NOT NULL,
        replications integer,
        span_from    bigint,
        span_to      bigint,
        error        text,
        results      text,
        node         text,
        beat         bigint,
        attempts     integer NOT NULL DEFAULT 0,
        PRIMARY KEY (instance, id)
    )""",
    "CREATE INDEX simulations_newest ON simulations (instance, seq)",
    "CREATE INDEX simulations_open ON simulations (seq) WHERE ended_at IS NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
