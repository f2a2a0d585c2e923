-- Linked phones: codes that link, devices, their tokens; tickets and uploads that a device answers for.

CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    citizen TEXT NOT NULL REFERENCES citizens (id),
    -- The citizen's own name for it, and its maker's.
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    -- Public keys as the protocol writes them. The private half of the second one only the phone's open vault has.
    key TEXT NOT NULL,
    jkt TEXT NOT NULL,
    unlock_key TEXT NOT NULL,
    linked_at INTEGER NOT NULL,
    last_used INTEGER NOT NULL,
    -- The row outlives the link, so that the phone can be told.
    revoked_at INTEGER,
    -- Whether the citizen, at a login after the one that linked it, has read that it was linked.
    announced INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX devices_by_citizen ON devices (citizen, linked_at);
CREATE INDEX devices_by_jkt ON devices (jkt);

CREATE TABLE links (
    id TEXT PRIMARY KEY,
    code BLOB NOT NULL UNIQUE,
    -- The code under the portal's key, so that a reload shows the same one; gone once it is not 'new'.
    sealed BLOB,
    citizen TEXT NOT NULL REFERENCES citizens (id),
    -- The browser session that made it alone sees it and picks.
    session BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'asked', 'picking', 'matched', 'finished', 'ended')),
    cause TEXT CHECK (cause IN ('expired', 'wrong', 'none', 'declined', 'cancelled')),
    -- The phone that redeemed it.
    jkt TEXT,
    key TEXT,
    model TEXT,
    -- What that phone shows, and the three the computer shows, in their order.
    number TEXT,
    numbers TEXT,
    created INTEGER NOT NULL,
    -- End of the present state.
    expires INTEGER NOT NULL,
    device TEXT REFERENCES devices (id),
    CHECK ((state = 'ended') = (cause IS NOT NULL))
) STRICT;
CREATE INDEX links_by_session ON links (session);
CREATE INDEX links_by_state ON links (state, expires);

CREATE TABLE tokens (
    hash BLOB PRIMARY KEY,
    device TEXT NOT NULL REFERENCES devices (id),
    jkt TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_device ON tokens (device);

-- Where a login comes back to, when not to the beginning.
ALTER TABLE logins ADD COLUMN back TEXT CHECK (back IN ('devices'));

-- A ticket belongs to a browser session or to a device; an upload of a phone that is known shows no digits. SQLite
-- changes NOT NULL only by copying: what refers is copied with what it refers to, so that no reference ever dangles.
CREATE TABLE tickets_2 (
    id TEXT PRIMARY KEY,
    secret BLOB UNIQUE,
    -- The secret under the portal's key, so that a reload shows the same code; gone once it is not 'new'.
    sealed BLOB,
    citizen TEXT NOT NULL REFERENCES citizens (id),
    session BLOB,
    session_ends INTEGER,
    device TEXT REFERENCES devices (id),
    procedure TEXT NOT NULL REFERENCES procedures (id),
    slot TEXT REFERENCES slots (id),
    slot_version INTEGER,
    action TEXT NOT NULL CHECK (action IN ('add', 'attach', 'replace')),
    document_type TEXT NOT NULL,
    name TEXT,
    state TEXT NOT NULL CHECK (state IN ('new', 'redeemed', 'cancelled', 'expired')),
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    extensions INTEGER NOT NULL DEFAULT 0,
    typed BLOB UNIQUE,
    typed_expires INTEGER,
    CHECK ((session IS NULL) = (session_ends IS NULL)),
    CHECK ((session IS NULL) <> (device IS NULL))
) STRICT;
INSERT INTO tickets_2 (id, secret, sealed, citizen, session, session_ends, procedure, slot, slot_version, action,
    document_type, name, state, created, expires, extensions, typed, typed_expires)
SELECT id, secret, sealed, citizen, session, session_ends, procedure, slot, slot_version, action,
    document_type, name, state, created, expires, extensions, typed, typed_expires FROM tickets;

CREATE TABLE uploads_2 (
    id TEXT PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE REFERENCES tickets_2 (id),
    jkt TEXT NOT NULL,
    credential BLOB NOT NULL UNIQUE,
    model TEXT NOT NULL,
    -- Absent where the phone is known to be the citizen's.
    digits TEXT,
    -- The linked phone that sends it.
    device TEXT REFERENCES devices (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'checking', 'accepted', 'refused', 'slot_changed', 'ended')),
    -- Why it was refused or ended: a `Reason` or `Code` of the protocol.
    cause TEXT,
    length INTEGER,
    offset INTEGER NOT NULL DEFAULT 0,
    page_count INTEGER NOT NULL DEFAULT 0,
    sha256 BLOB,
    pages INTEGER,
    document TEXT REFERENCES documents (id),
    -- The checked file while the slot's answer is awaited.
    object TEXT,
    created INTEGER NOT NULL,
    last_byte INTEGER NOT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO uploads_2 (id, ticket, jkt, credential, model, digits, state, cause, length, offset, page_count, sha256,
    pages, document, object, created, last_byte, lease_until)
SELECT id, ticket, jkt, credential, model, digits, state, cause, length, offset, page_count, sha256,
    pages, document, object, created, last_byte, lease_until FROM uploads;

CREATE TABLE pieces_2 (
    upload TEXT NOT NULL REFERENCES uploads_2 (id),
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (upload, offset)
) STRICT, WITHOUT ROWID;
INSERT INTO pieces_2 (upload, offset, length, object) SELECT upload, offset, length, object FROM pieces;

DROP TABLE pieces;
DROP TABLE uploads;
DROP TABLE tickets;
ALTER TABLE tickets_2 RENAME TO tickets;
ALTER TABLE uploads_2 RENAME TO uploads;
ALTER TABLE pieces_2 RENAME TO pieces;
CREATE INDEX tickets_by_procedure ON tickets (procedure, created);
CREATE INDEX tickets_by_session ON tickets (session);
CREATE INDEX tickets_by_device ON tickets (device);
CREATE INDEX uploads_by_state ON uploads (state, lease_until);
CREATE INDEX uploads_by_device ON uploads (device);
