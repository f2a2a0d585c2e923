//! Numbers both sides keep to. Durations are in seconds, sizes in bytes.

/// Largest document: 50 MiB.
pub const DOCUMENT_BYTES: u64 = 50 * 1024 * 1024;
/// Most pages of a document.
pub const DOCUMENT_PAGES: u32 = 100;
/// A ticket may be redeemed this long after 'Generate' or 'Extend'.
pub const TICKET_SECONDS: i64 = 30 * 60;
/// How often one ticket may be extended.
pub const TICKET_EXTENSIONS: u32 = 10;
/// A typed code lives this long, and never longer than its ticket.
pub const TYPED_CODE_SECONDS: i64 = 10 * 60;
/// Wrong typed codes allowed for each address within [`TYPED_CODE_SECONDS`].
pub const TYPED_CODE_FAILURES: u32 = 10;
/// An upload lives this long from its last byte …
pub const UPLOAD_IDLE_SECONDS: i64 = 24 * 3600;
/// … and at most this long altogether.
pub const UPLOAD_SECONDS: i64 = 7 * 24 * 3600;
/// Smallest and largest piece the app sends in one PATCH.
pub const PIECE_BYTES: std::ops::RangeInclusive<u64> = 256 * 1024..=8 * 1024 * 1024;
/// A `DPoP-Nonce` is good for this long on every instance.
pub const NONCE_SECONDS: i64 = 120;
/// Largest JSON body a portal reads …
pub const JSON_BYTES: usize = 64 * 1024;
/// … and largest reply an app reads.
pub const REPLY_BYTES: usize = 512 * 1024;
/// A link code may be redeemed this long …
pub const LINK_CODE_SECONDS: i64 = 5 * 60;
/// … the citizen has this long to pick the phone's number on the computer …
pub const LINK_PICK_SECONDS: i64 = 2 * 60;
/// … and then this long to choose a password on the phone.
pub const LINK_FINISH_SECONDS: i64 = 30 * 60;
/// A linked phone that has not come once by then has lost its link before it was saved: it is unlinked.
pub const LINK_UNUSED_SECONDS: i64 = 24 * 60 * 60;
/// A login older than this links no phone.
pub const LINK_LOGIN_SECONDS: i64 = 5 * 60;
/// A linked phone's token lives this long.
pub const TOKEN_SECONDS: i64 = 10 * 60;
/// Longest name of a linked phone, in characters.
pub const DEVICE_NAME_CHARS: usize = 40;
/// Longest name a citizen may give a document, in characters.
pub const DOCUMENT_NAME_CHARS: usize = 120;
