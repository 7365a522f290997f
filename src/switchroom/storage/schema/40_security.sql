-- Who may come in, and what they did.

-- API keys beside the root key. The secret is sealed; the policy is an identity policy document or NULL for "all".
CREATE TABLE api_keys (
    access_key_id text PRIMARY KEY,
    sealed_secret bytea NOT NULL,
    name text NOT NULL,
    policy text,
    created_at bigint NOT NULL
);

-- Passwords of local users (argon2id). Failures since the last success decide about a lock-out.
CREATE TABLE passwords (
    instance text NOT NULL,
    user_id text NOT NULL,
    hash text NOT NULL,
    changed_at bigint NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    locked_until bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (instance, user_id)
);

-- Sessions of people; the token itself is never stored, only its SHA-256.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    instance text NOT NULL,
    user_id text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    language text
);
CREATE INDEX sessions_of_user ON sessions (instance, user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Nodes keep sessions and keys in memory; this tells them to forget.
CREATE FUNCTION notify_security() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('switchroom_security', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_end AFTER UPDATE OR DELETE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION notify_security();
CREATE TRIGGER api_keys_change AFTER INSERT OR UPDATE OR DELETE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION notify_security();

-- The audit log: one row a call; `entry` is the CloudTrail JSON as written. Times in epoch milliseconds.
CREATE TABLE audit (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    at bigint NOT NULL,
    service text NOT NULL,
    operation text NOT NULL,
    caller text NOT NULL,
    instance text,
    read_only boolean NOT NULL,
    entry text NOT NULL
);
CREATE INDEX audit_by_time ON audit USING brin (at);
CREATE INDEX audit_writes ON audit (at) WHERE NOT read_only;
