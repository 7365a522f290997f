"""Events of applications outside, and what rules made of them."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # Times are epoch milliseconds. A connection is named as its integration association, and stays when that is
    # removed, so that its events can still be read. Secrets are sealed; `previous` is taken until `previous_until`.
    """CREATE TABLE event_connections (
        instance       text NOT NULL,
        id             text PRIMARY KEY,
        application    text NOT NULL,
        name           text NOT NULL,
        url            text NOT NULL,
        environment    text NOT NULL,
        event_source   text NOT NULL,
        secret         bytea NOT NULL,
        previous       bytea,
        previous_until bigint,
        created_at     bigint NOT NULL,
        deleted_at     bigint,
        last_event_at  bigint,
        heard_at       bigint,
        refused_at     bigint,
        refusal        text
    )""",
    "CREATE INDEX event_connections_of_instance ON event_connections (instance)",
    # `id` is the application's own id of an event, or the hash of its body: the same event is kept once.
    # `outcomes` is JSON as features/rules writes it: what each action of each rule did.
    """CREATE TABLE external_events (
        instance    text NOT NULL,
        connection  text NOT NULL,
        id          text NOT NULL,
        seq         bigint GENERATED ALWAYS AS IDENTITY,
        via         text NOT NULL,
        state       text NOT NULL,
        received_at bigint NOT NULL,
        due_at      bigint NOT NULL,
        attempts    integer NOT NULL DEFAULT 0,
        trigger     text,
        about       text NOT NULL,
        reason      text,
        payload     text NOT NULL,
        outcomes    text NOT NULL DEFAULT '[]',
        PRIMARY KEY (connection, id)
    )""",
    "CREATE UNIQUE INDEX external_events_seq ON external_events (connection, seq)",
    "CREATE INDEX external_events_due ON external_events (due_at, seq) WHERE state = 'RECEIVED'",
    "CREATE INDEX external_events_old ON external_events (received_at)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
