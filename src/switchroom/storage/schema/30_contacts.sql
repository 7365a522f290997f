-- One row a contact, written in the transaction that appends its events. Searchable columns, and `body`: the contact as
-- the core knows it. Times are epoch milliseconds. Rows live for 24 months from `initiated_at`.
CREATE TABLE contacts (
    instance           text NOT NULL,
    id                 text NOT NULL,
    initial_id         text NOT NULL,
    previous_id        text,
    related_id         text,
    next_id            text,
    channel            text NOT NULL,
    subtype            text NOT NULL,
    initiation_method  text NOT NULL,
    name               text,
    place              text NOT NULL,
    agent              text,                   -- user id
    queue              text,
    routing_profile    text,
    hierarchy          text[] NOT NULL,        -- group ids of the agent when it accepted, level 1 first
    initiated_at       bigint NOT NULL,
    scheduled_at       bigint,
    enqueued_at        bigint,
    connected_at       bigint,                 -- to the agent
    disconnected_at    bigint,
    completed_at       bigint,                 -- record complete: null while in progress
    updated_at         bigint NOT NULL,
    disconnect_reason  text,
    tags               jsonb NOT NULL,
    attributes         jsonb NOT NULL,         -- user-defined
    segment_attributes jsonb NOT NULL,
    body               jsonb NOT NULL,
    recordings         jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (instance, id)
) WITH (fillfactor = 70);
CREATE INDEX contacts_initiated ON contacts (instance, initiated_at, id);
CREATE INDEX contacts_scheduled ON contacts (instance, scheduled_at, id) WHERE scheduled_at IS NOT NULL;
CREATE INDEX contacts_enqueued ON contacts (instance, enqueued_at, id) WHERE enqueued_at IS NOT NULL;
CREATE INDEX contacts_connected ON contacts (instance, connected_at, id) WHERE connected_at IS NOT NULL;
CREATE INDEX contacts_disconnected ON contacts (instance, disconnected_at, id) WHERE disconnected_at IS NOT NULL;
CREATE INDEX contacts_agent ON contacts (instance, agent, initiated_at) WHERE agent IS NOT NULL;
CREATE INDEX contacts_queue ON contacts (instance, queue, initiated_at) WHERE queue IS NOT NULL;
CREATE INDEX contacts_chain ON contacts (instance, initial_id);
CREATE INDEX contacts_attributes ON contacts USING gin (attributes jsonb_path_ops);

-- What was said in a chat: one row an item. `at` rises strictly within a session.
CREATE TABLE transcripts (
    instance   text NOT NULL,
    session    text NOT NULL,
    at         bigint NOT NULL,
    id         text NOT NULL,
    contact    text NOT NULL,
    visibility text NOT NULL,      -- ALL, CUSTOMER, AGENT
    item       jsonb NOT NULL,
    PRIMARY KEY (instance, session, at)
);
CREATE INDEX transcripts_item ON transcripts (instance, id);
CREATE INDEX transcripts_contact ON transcripts (instance, contact, at);

CREATE TABLE transcript_receipts (
    instance     text NOT NULL,
    session      text NOT NULL,
    message      text NOT NULL,
    participant  text NOT NULL,
    delivered_at bigint NOT NULL,
    read_at      bigint,
    PRIMARY KEY (instance, session, message, participant)
);

-- Transcript files still to be written to the object store.
CREATE TABLE transcript_files (
    instance text NOT NULL,
    contact  text NOT NULL,
    session  text NOT NULL,
    key      text NOT NULL,
    tries    integer NOT NULL DEFAULT 0,
    due_at   bigint NOT NULL,
    PRIMARY KEY (instance, contact)
);
CREATE INDEX transcript_files_due ON transcript_files (due_at);

-- What an agent was like in the newest event of the agent event stream.
CREATE TABLE agent_snapshots (
    instance   text NOT NULL,
    agent      text NOT NULL,
    at         bigint NOT NULL,        -- of that event
    logout_at  bigint,                 -- heartbeats go on for an hour after it
    snapshot   jsonb NOT NULL,
    PRIMARY KEY (instance, agent)
);
CREATE INDEX agent_snapshots_at ON agent_snapshots (at);

-- Messages for the streams that users consume: all of one commit in a row, deleted once they are in JetStream.
CREATE TABLE outbox (
    id       bigserial PRIMARY KEY,
    messages bytea NOT NULL            -- msgpack: [[subject, message id, payload], ...]
);
