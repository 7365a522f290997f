-- Configuration objects. One row each; what only one kind has is in `body` (the member names of the public API).

-- Orders all changes of one document, also over deletion and re-creation, so that caches can tell old from new.
CREATE SEQUENCE document_revisions;

CREATE TABLE documents (
    instance        text NOT NULL,
    kind            text NOT NULL,
    id              text NOT NULL,
    arn             text NOT NULL,
    name            text NOT NULL,
    unique_name     text,               -- the name in the form in which it must be unique; null where names may repeat
    body            jsonb NOT NULL,
    tags            jsonb NOT NULL DEFAULT '{}',
    version         bigint NOT NULL,    -- 1, 2, 3 ... of this document
    revision        bigint NOT NULL,
    created_at      bigint NOT NULL,    -- epoch milliseconds, like every time here
    modified_at     bigint NOT NULL,
    modified_by     text NOT NULL,
    modified_region text NOT NULL,
    PRIMARY KEY (instance, kind, id)
);
CREATE UNIQUE INDEX documents_unique_name ON documents (instance, kind, unique_name) WHERE unique_name IS NOT NULL;

-- Who must outlive whom: the foreign key to the target makes deletion of what is in use, and use of what is deleted,
-- impossible even when two nodes decide at the same moment.
CREATE TABLE document_references (
    instance text NOT NULL,
    kind     text NOT NULL,
    id       text NOT NULL,
    to_kind  text NOT NULL,
    to_id    text NOT NULL,
    PRIMARY KEY (instance, kind, id, to_kind, to_id),
    FOREIGN KEY (instance, kind, id) REFERENCES documents ON DELETE CASCADE,
    CONSTRAINT document_in_use FOREIGN KEY (instance, to_kind, to_id) REFERENCES documents DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX document_references_target ON document_references (instance, to_kind, to_id);

CREATE TABLE document_history (
    seq      bigserial PRIMARY KEY,
    instance text NOT NULL,
    kind     text NOT NULL,
    id       text NOT NULL,
    name     text NOT NULL,
    version  bigint NOT NULL,
    action   text NOT NULL,     -- CREATE, UPDATE, DELETE
    at       bigint NOT NULL,
    actor_kind text NOT NULL,   -- key, person, system
    actor_id text NOT NULL,
    actor    text NOT NULL,     -- the name then
    before   jsonb,
    after    jsonb
);
CREATE INDEX document_history_instance ON document_history (instance, seq DESC);
CREATE INDEX document_history_document ON document_history (instance, kind, id, seq DESC);

-- Answers already given to a client token, so that a repeated request changes nothing.
CREATE TABLE client_tokens (
    scope       text NOT NULL,
    operation   text NOT NULL,
    token       text NOT NULL,
    fingerprint text NOT NULL,
    answer      jsonb NOT NULL,
    at          bigint NOT NULL,
    PRIMARY KEY (scope, operation, token)
);

-- Phone numbers nobody holds: the site's own inventory, and released numbers until their cooldown ends.
CREATE TABLE number_inventory (
    phone_number text PRIMARY KEY,      -- E.164
    country      text NOT NULL,         -- ISO 3166-1 alpha-2
    type         text NOT NULL,         -- DID, TOLL_FREE, UIFN, ...
    provider     text NOT NULL,
    held_until   bigint NOT NULL,       -- 0: free; later than now: in cooldown
    claimed      boolean NOT NULL
);
CREATE INDEX number_inventory_search ON number_inventory (country, type, phone_number) WHERE NOT claimed;

CREATE TABLE number_releases (
    instance     text NOT NULL,
    phone_number text NOT NULL,
    at           bigint NOT NULL
);
CREATE INDEX number_releases_instance ON number_releases (instance, at);
