//! Waiting for a condition, never for a time.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Asks until there is an answer; fails once `patience` has passed, with the last error where there was one.
pub fn until<T>(patience: Duration, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = now();
    loop {
        let failed = match ask() {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if started.elapsed() > patience {
            match failed {
                Some(error) => return Err(error),
                None => bail!("nothing within {patience:?}"),
            }
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "between two looks at another program, which tells nobody when it is ready"
        )]
        std::thread::sleep(Duration::from_millis(40));
    }
}

#[expect(clippy::disallowed_methods, reason = "the project's own commands time what they start; no product logic here")]
pub fn now() -> Instant {
    Instant::now()
}
