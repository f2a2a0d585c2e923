//! A call again while a citizen looks on: a few times, and only where it may help.

use client::ClientError;
use protocol::Code;
use std::time::Duration;

/// Waits between tries.
pub(crate) const PATIENCE: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Whether the same call may succeed in a moment.
pub(crate) fn may_help(error: &ClientError) -> bool {
    error.is_passing() && error.code() != Some(Code::RateLimited)
}

/// The result of the call, made again where that may help. No function: what an async closure borrows cannot be sent to
/// another thread yet (rust-lang/rust#110338).
macro_rules! patiently {
    ($call:expr) => {{
        let mut waits = $crate::patience::PATIENCE.iter();
        loop {
            match $call {
                Err(error) if $crate::patience::may_help(&error) => match waits.next() {
                    Some(wait) => tokio::time::sleep(*wait).await,
                    None => break Err(error),
                },
                answered => break answered,
            }
        }
    }};
}
pub(crate) use patiently;
