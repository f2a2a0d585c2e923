//! The open account: its key while it is unlocked, and whose turn it is to change the lock.
//!
//! Refuses to know how the key was come by.

use crate::{kdf::Key, seal::Seal};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// `account_key` and what is derived from it, all zeroed on drop.
pub(crate) struct Opened {
    key: Key,
    pub seal: Seal,
}

impl Opened {
    pub fn key(&self) -> &Key {
        &self.key
    }
}

#[derive(Default)]
pub(crate) struct Door {
    opened: Mutex<Option<Arc<Opened>>>,
    turn: Mutex<()>,
}

impl Door {
    /// Held by whoever reads, counts and writes the lock, for as long as a derivation takes. Reading entries needs none.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        // A thread that panicked is a process that was killed, which every order of writes here provides for.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lives on in whoever reads an entry right now, and no longer.
    pub fn opened(&self) -> Option<Arc<Opened>> {
        self.slot().clone()
    }

    pub fn open(&self, key: Key) {
        let seal = Seal::new(&**key);
        *self.slot() = Some(Arc::new(Opened { key, seal }));
    }

    pub fn close(&self) {
        *self.slot() = None;
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Opened>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
