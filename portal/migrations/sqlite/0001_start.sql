-- Times are milliseconds since 1970 UTC; ids are 128 random bits as base64url; digests are raw SHA-256.

CREATE TABLE citizens (
    id TEXT PRIMARY KEY,
    iss TEXT NOT NULL,
    sub TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (iss, sub)
) STRICT;

CREATE TABLE espaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('private', 'professional'))
) STRICT;

CREATE TABLE memberships (
    citizen TEXT NOT NULL REFERENCES citizens (id),
    espace TEXT NOT NULL REFERENCES espaces (id),
    may_edit INTEGER NOT NULL,
    PRIMARY KEY (citizen, espace)
) STRICT, WITHOUT ROWID;

CREATE TABLE procedures (
    id TEXT PRIMARY KEY,
    espace TEXT NOT NULL REFERENCES espaces (id),
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'closed')),
    deadline INTEGER,
    -- Number of the last event; taken in the transaction that writes the event.
    events INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX procedures_by_espace ON procedures (espace, position);

-- Types offered after 'Add a supporting document'.
CREATE TABLE document_types (
    procedure TEXT NOT NULL REFERENCES procedures (id),
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (procedure, position)
) STRICT, WITHOUT ROWID;

-- A place for one document. 'Add' makes a new one when its document is accepted.
CREATE TABLE slots (
    id TEXT PRIMARY KEY,
    procedure TEXT NOT NULL REFERENCES procedures (id),
    position INTEGER NOT NULL,
    document_type TEXT NOT NULL,
    required INTEGER NOT NULL,
    -- Grows with every change of what fills it; acceptance compares it.
    version INTEGER NOT NULL DEFAULT 0,
    document TEXT REFERENCES documents (id)
) STRICT;
CREATE INDEX slots_by_procedure ON slots (procedure, position);

CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    procedure TEXT NOT NULL REFERENCES procedures (id),
    slot TEXT NOT NULL REFERENCES slots (id),
    name TEXT,
    receipt TEXT NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    object TEXT NOT NULL,
    -- 'phone' or 'computer'.
    source TEXT NOT NULL,
    citizen TEXT NOT NULL REFERENCES citizens (id)
) STRICT;
CREATE INDEX documents_by_slot ON documents (slot, received_at);

CREATE TABLE logins (
    state TEXT PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    means TEXT NOT NULL CHECK (means IN ('luxtrust', 'eid')),
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    citizen TEXT NOT NULL REFERENCES citizens (id),
    espace TEXT REFERENCES espaces (id),
    csrf TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    auth_time INTEGER NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL
) STRICT;

CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    secret BLOB UNIQUE,
    -- The secret under the portal's key, so that a reload shows the same code; gone once it is not 'new'.
    sealed BLOB,
    citizen TEXT NOT NULL REFERENCES citizens (id),
    session BLOB NOT NULL,
    session_ends INTEGER NOT NULL,
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
    typed_expires INTEGER
) STRICT;
CREATE INDEX tickets_by_procedure ON tickets (procedure, created);
CREATE INDEX tickets_by_session ON tickets (session);

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE REFERENCES tickets (id),
    jkt TEXT NOT NULL,
    credential BLOB NOT NULL UNIQUE,
    model TEXT NOT NULL,
    digits TEXT NOT NULL,
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
CREATE INDEX uploads_by_state ON uploads (state, lease_until);

CREATE TABLE pieces (
    upload TEXT NOT NULL REFERENCES uploads (id),
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (upload, offset)
) STRICT, WITHOUT ROWID;

-- DPoP ids that were seen where a replay would matter.
CREATE TABLE proofs (
    jti TEXT PRIMARY KEY,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong typed codes, by IPv4 address or IPv6 /64.
CREATE TABLE typed_failures (
    address TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX typed_failures_by_address ON typed_failures (address, at);

CREATE TABLE events (
    procedure TEXT NOT NULL REFERENCES procedures (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ticket TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- JSON.
    data TEXT NOT NULL,
    PRIMARY KEY (procedure, number)
) STRICT, WITHOUT ROWID;

-- What the citizen sees as 'Activity'; never content.
CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    citizen TEXT NOT NULL REFERENCES citizens (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- JSON.
    data TEXT NOT NULL
) STRICT;
CREATE INDEX activity_by_citizen ON activity (citizen, at);
