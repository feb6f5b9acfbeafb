-- Step 1: the journal, what the hub keeps beside it, and the tokens of its devices.

-- One row an event. Rows are added, never changed, never deleted.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    -- The idempotency key of the command that made it and a fingerprint of that command.
    key TEXT,
    fingerprint INTEGER,
    CHECK ((key IS NULL) = (fingerprint IS NULL))
) STRICT;

-- Where a replay can begin.
CREATE INDEX event_turning ON event (kind) WHERE kind = 'day_opened' OR kind = 'plan_adopted';

CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'the journal is never changed');
END;

CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'the journal is never shortened');
END;

-- `follow_secret`: 32 bytes. `hall_time_ms`: how far hall time got while it was ahead of or behind the system's clock.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    -- SHA-256 of the token; the token itself is nowhere.
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    role TEXT NOT NULL CHECK (role IN ('kiosk', 'counter', 'board', 'console')),
    name TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
