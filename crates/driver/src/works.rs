//! What every effect needs: the vault, the ports, the portals' clients, a way to report.

use crate::{account::Keys, link::Pending};
use crate::{
    mind::Said,
    ports::{Chance, Ports, Reading},
};
use client::{Client, Stamp};
use journey::{Event, Outcome, intent::Language};
use protocol::Portal;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::spawn_blocking,
};
use vault::{Vault, VaultError};

/// No more photos than this are decoded at once: one is up to 190 MB.
const DECODED_AT_ONCE: usize = 2;
/// Blocking calls at once; also how [`Works::rest`] knows that none is left.
const BLOCKING_AT_ONCE: u32 = 32;

pub(crate) struct Works {
    pub vault: Arc<Vault>,
    pub ports: Ports,
    /// The language chosen in the app, for prompts of the system.
    pub language: Mutex<Option<Language>>,
    /// Of the account, while its lock is open.
    keys: Mutex<Option<Keys>>,
    /// The linking under way.
    pending: Mutex<Option<Pending>>,
    /// What other apps shared and nobody has looked at.
    shared: Mutex<VecDeque<Vec<Reading>>>,
    /// By the portal's origin.
    clients: BTreeMap<String, Arc<Client>>,
    said: mpsc::WeakUnboundedSender<Said>,
    decoding: Semaphore,
    blocking: Arc<Semaphore>,
}

/// What a DPoP proof takes from clock and chance.
struct PortStamp(Ports);

impl Stamp for PortStamp {
    fn iat(&self) -> i64 {
        self.0.clock.now().as_second()
    }

    fn jti(&self) -> [u8; 16] {
        let mut jti = [0; 16];
        self.0.rng.fill(&mut jti);
        jti
    }
}

impl Works {
    pub fn new(vault: Vault, ports: Ports, portals: &[Portal], said: mpsc::WeakUnboundedSender<Said>) -> Self {
        let client = |portal: &Portal| {
            let stamp = Arc::new(PortStamp(ports.clone()));
            let client = Client::new(portal.clone(), ports.net.clone(), stamp, env!("CARGO_PKG_VERSION"));
            (portal.origin.to_string(), Arc::new(client))
        };
        let clients = portals.iter().map(client).collect();
        let decoding = Semaphore::new(DECODED_AT_ONCE);
        let blocking = Arc::new(Semaphore::new(BLOCKING_AT_ONCE as usize));
        let (language, keys, pending) = (Mutex::default(), Mutex::default(), Mutex::default());
        let shared = Mutex::default();
        Self { vault: Arc::new(vault), ports, language, keys, pending, shared, clients, said, decoding, blocking }
    }

    pub fn keys(&self) -> MutexGuard<'_, Option<Keys>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn pending(&self) -> MutexGuard<'_, Option<Pending>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn share(&self, files: Vec<Reading>) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).push_back(files);
    }

    /// What was shared first.
    pub fn take_shared(&self) -> Vec<Reading> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default()
    }

    /// The client of a portal this app trusts.
    pub fn client(&self, origin: &str) -> Option<Arc<Client>> {
        self.clients.get(origin).cloned()
    }

    pub fn report(&self, outcome: Outcome) {
        // Nobody hears it after the last handle is gone; a restart finds out again.
        if let Some(said) = self.said.upgrade() {
            let _ = said.send(Said::Event(Event::Outcome(outcome)));
        }
    }

    /// Runs blocking work away from the async threads. It goes on when the caller is dropped.
    pub async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let permit = self.blocking.clone().acquire_owned().await;
        block(move || {
            let _permit = permit;
            work()
        })
        .await
    }

    /// The same for work that decodes a photo.
    pub async fn decoding<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _turn = self.decoding.acquire().await;
        self.blocking(work).await
    }

    /// The same with the vault.
    pub async fn with_vault<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault, &mut Chance<'_>) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (vault, rng) = (self.vault.clone(), self.ports.rng.clone());
        self.blocking(move || work(&vault, &mut Chance(&*rng))).await
    }

    /// Waits until no blocking work is left.
    pub async fn rest(&self) {
        // Fails only for a closed semaphore, which this one never is.
        let _ = self.blocking.acquire_many(BLOCKING_AT_ONCE).await;
    }

    /// 64 fresh random bits.
    pub fn draw(&self) -> u64 {
        let mut bytes = [0; 8];
        self.ports.rng.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

/// Blocking work; a panic in it goes on here, as if it had been called.
pub(crate) async fn block<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and with it this task.
            Err(_) => std::future::pending().await,
        },
    }
}
