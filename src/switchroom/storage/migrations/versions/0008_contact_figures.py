"""Figures of contacts: what historical metrics are added up from."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # A narrow row a contact, from the moment an agent is connected or the contact ends. Moments are epoch
    # milliseconds; durations whole seconds, as in the contact record. `queue` is null for the personal queue of an
    # agent; `agent`, `routing_profile` and `hierarchy` are those of the agent who was connected.
    """CREATE TABLE contact_figures (
        instance          text NOT NULL,
        contact           text NOT NULL,
        channel           text NOT NULL,
        subtype           text NOT NULL,
        initiation_method text NOT NULL,
        disconnect_reason text,
        queue             text,
        routing_profile   text,
        agent             text,
        hierarchy         text[] NOT NULL,
        connected_at      bigint,
        disconnected_at   bigint,
        abandoned         boolean NOT NULL,
        queue_s           integer,
        interaction_s     integer,
        hold_s            integer NOT NULL,
        holds             integer NOT NULL,
        pause_s           integer NOT NULL,
        paused            boolean NOT NULL,
        work_s            integer,
        handle_s          integer,
        duration_s        integer,
        resolution_s      integer,
        next_method       text,
        sent_outside      boolean NOT NULL,
        steps             jsonb,
        PRIMARY KEY (instance, contact),
        FOREIGN KEY (instance, contact) REFERENCES contacts ON DELETE CASCADE
    ) WITH (fillfactor = 80)""",
    "CREATE INDEX contact_figures_disconnected ON contact_figures (instance, disconnected_at)"
    " WHERE disconnected_at IS NOT NULL",
    "CREATE INDEX contact_figures_connected ON contact_figures (instance, connected_at) WHERE connected_at IS NOT NULL",
    # The one place that says how a contact's row becomes figures: the table is a copy of this view, row by row.
    # `steps`: the routing steps that were entered, and whether under them an agent joined, the time ran out, or the
    # customer left. A supervisor's own contact has no figures.
    """CREATE VIEW contact_figures_now AS
    SELECT
        c.instance, c.id AS contact, c.channel, c.subtype, c.initiation_method, c.disconnect_reason,
        CASE WHEN coalesce((c.body->'queue'->>'agent')::boolean, false) THEN NULL
             WHEN c.initiation_method = 'OUTBOUND' THEN coalesce(stay.queue, body.contact->>'queue')
             ELSE stay.queue END AS queue,
        CASE WHEN agent.connected_at IS NOT NULL THEN c.routing_profile END AS routing_profile,
        CASE WHEN agent.connected_at IS NOT NULL THEN c.agent END AS agent,
        CASE WHEN agent.connected_at IS NOT NULL THEN c.hierarchy ELSE '{}' END AS hierarchy,
        agent.connected_at, c.disconnected_at,
        (stay.queue IS NOT NULL AND agent.connected_at IS NULL AND c.next_id IS NULL
            AND c.disconnected_at IS NOT NULL
            AND coalesce(stay.dequeued_at, c.disconnected_at) = c.disconnected_at) AS abandoned,
        ((coalesce(stay.dequeued_at, c.disconnected_at) - stay.enqueued_at) / 1000)::integer AS queue_s,
        parts.interaction_s, parts.hold_s, parts.holds, parts.pause_s, parts.paused, parts.work_s,
        parts.interaction_s + parts.hold_s + parts.pause_s + parts.work_s AS handle_s,
        (c.disconnected_at / 1000 - c.initiated_at / 1000)::integer AS duration_s,
        CASE WHEN c.disconnected_at IS NOT NULL AND (agent.connected_at IS NULL OR agent.cleared_at IS NOT NULL)
             THEN (greatest(c.disconnected_at, agent.cleared_at) / 1000 - c.initiated_at / 1000)::integer
             END AS resolution_s,
        following.initiation_method AS next_method,
        body.contact->>'transferred_to' IS NOT NULL AS sent_outside,
        CASE WHEN coalesce((c.body->'queue'->>'agent')::boolean, false) THEN NULL ELSE (
            SELECT jsonb_agg(jsonb_build_object(
                'expression', expression, 'joined', joined, 'expired', expired, 'dropped', dropped))
            FROM (
                SELECT step->'expression' AS expression, bool_or(status = 'JOINED') AS joined,
                    bool_or(status = 'EXPIRED') AS expired, bool_or(status = 'DEACTIVATED') AS dropped
                FROM jsonb_array_elements(body.contact->'criteria') AS criteria,
                    jsonb_array_elements(criteria->'steps') WITH ORDINALITY AS listed (step, place),
                    LATERAL (SELECT coalesce(step->>'status', 'INACTIVE') AS status) AS state
                WHERE criteria ? 'activated_at' AND (status IN ('ACTIVE', 'EXPIRED', 'JOINED', 'INTERRUPTED')
                    OR status = 'DEACTIVATED' AND place = 1 + (
                        SELECT count(*) FROM jsonb_array_elements(criteria->'steps') AS earlier
                        WHERE earlier->>'status' = 'EXPIRED'))
                GROUP BY 1
            ) AS entered) END AS steps
    FROM contacts c
    CROSS JOIN LATERAL (SELECT c.body->'contact' AS contact OFFSET 0) AS body
    CROSS JOIN LATERAL jsonb_to_record(coalesce(body.contact->'agent', '{}')) AS agent (
        connected_at bigint, left_at bigint, cleared_at bigint, hold_ms bigint, holds integer, paused_ms bigint)
    CROSS JOIN LATERAL jsonb_to_record(coalesce(body.contact->'stay', '{}')) AS stay (
        queue text, enqueued_at bigint, dequeued_at bigint)
    CROSS JOIN LATERAL (SELECT
        ((agent.left_at - agent.connected_at - coalesce(agent.hold_ms, 0) - coalesce(agent.paused_ms, 0))
            / 1000)::integer AS interaction_s,
        (coalesce(agent.hold_ms, 0) / 1000)::integer AS hold_s, coalesce(agent.holds, 0) AS holds,
        (coalesce(agent.paused_ms, 0) / 1000)::integer AS pause_s, coalesce(agent.paused_ms, 0) > 0 AS paused,
        CASE WHEN agent.connected_at IS NOT NULL
             THEN ((agent.cleared_at - agent.left_at) / 1000)::integer END AS work_s
    ) AS parts
    LEFT JOIN contacts following ON following.instance = c.instance AND following.id = c.next_id
    WHERE (c.disconnected_at IS NOT NULL OR agent.connected_at IS NOT NULL) AND c.initiation_method <> 'MONITOR'""",
    "INSERT INTO contact_figures SELECT * FROM contact_figures_now",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
