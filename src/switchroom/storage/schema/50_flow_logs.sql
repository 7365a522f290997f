-- What flows did, one row a block that ran: the log group /aws/connect/<alias> of an instance.
CREATE TABLE flow_logs (
    seq      bigserial PRIMARY KEY,
    instance text NOT NULL,
    contact  text NOT NULL,
    flow     text NOT NULL,         -- flow or module id
    stream   text NOT NULL,         -- YYYY/MM/DD/HH/stream-<random>, one an hour and writer
    at       bigint NOT NULL,       -- epoch milliseconds
    entry    text NOT NULL          -- the entry as it is read, JSON whose key order is part of the format
);
CREATE INDEX flow_logs_contact ON flow_logs (instance, contact, seq);
CREATE INDEX flow_logs_time ON flow_logs (instance, at, seq);
