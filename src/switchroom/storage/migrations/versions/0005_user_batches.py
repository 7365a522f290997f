"""Batches of changes to users, and one-time links of people who lost their passwords."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # Times are epoch milliseconds. `changes` and `options` are JSON as features/user_batches writes them.
    """CREATE TABLE user_batches (
        instance   text NOT NULL,
        id         text NOT NULL,
        seq        bigint GENERATED ALWAYS AS IDENTITY,
        kind       text NOT NULL,
        state      text NOT NULL,
        total      integer NOT NULL,
        succeeded  integer NOT NULL DEFAULT 0,
        failed     integer NOT NULL DEFAULT 0,
        actor_kind text NOT NULL,
        actor_id   text NOT NULL,
        actor      text NOT NULL,
        changes    text,
        options    text NOT NULL,
        started_at bigint NOT NULL,
        ended_at   bigint,
        PRIMARY KEY (instance, id)
    )""",
    "CREATE INDEX user_batches_open ON user_batches (instance, seq) WHERE ended_at IS NULL",
    # `sealed` is a row of an import with its password, sealed; it is wiped when the user is created.
    """CREATE TABLE user_batch_records (
        instance text NOT NULL,
        batch    text NOT NULL,
        position integer NOT NULL,
        state    text NOT NULL,
        row      integer,
        user_id  text,
        login    text NOT NULL,
        sealed   bytea,
        reason   text,
        fields   text[] NOT NULL DEFAULT '{}',
        PRIMARY KEY (instance, batch, position),
        FOREIGN KEY (instance, batch) REFERENCES user_batches ON DELETE CASCADE
    )""",
    "CREATE INDEX user_batch_records_open ON user_batch_records (instance, batch, position) WHERE state = 'PENDING'",
    # The token itself is never stored, only its SHA-256; a link that was used is deleted.
    """CREATE TABLE one_time_links (
        token_hash bytea PRIMARY KEY,
        purpose    text NOT NULL,
        instance   text NOT NULL,
        user_id    text NOT NULL,
        made_at    bigint NOT NULL,
        expires_at bigint NOT NULL
    )""",
    "CREATE INDEX one_time_links_of_user ON one_time_links (instance, user_id, purpose)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
