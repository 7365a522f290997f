-- Everything that happened, in order. `seq` counts within an instance without gaps; the primary key is the fence
-- against a second writer: whoever lost the lead cannot append any more.
CREATE TABLE journal (
  instance uuid NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  kind text NOT NULL,
  contact text,
  agent text,
  body jsonb NOT NULL,
  PRIMARY KEY (instance, seq)
);
CREATE INDEX journal_contact ON journal (instance, contact, seq) WHERE contact IS NOT NULL;
CREATE INDEX journal_agent ON journal (instance, agent, seq) WHERE agent IS NOT NULL;

-- The state after event `seq`; a start loads it and reads on from there.
CREATE TABLE snapshots (
  instance uuid PRIMARY KEY,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  state bytea NOT NULL
);
