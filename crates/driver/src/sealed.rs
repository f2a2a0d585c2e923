//! What the driver keeps in the vault, and where: the state, photos, PDFs, and a record for each ticket.

use crate::{ports::Chance, works::Works};
use client::{Pass, ProofKey};
use journey::{App, EffectId, PhotoId, Sealed, TicketId};
use protocol::{
    Portal, Secret,
    api::{RedeemBy, UploadId},
    typed_code::TypedCode,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use vault::{Vault, VaultError};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const STATE: &str = "state";

pub(crate) fn photo(id: PhotoId) -> String {
    format!("photo/{id}")
}

pub(crate) fn document(id: EffectId) -> String {
    format!("pdf/{id}")
}

fn ticket(id: TicketId) -> String {
    format!("ticket/{id}")
}

fn place(sealed: &Sealed) -> String {
    match sealed {
        Sealed::Photo(id) => photo(*id),
        Sealed::Document(id) => document(*id),
        Sealed::Ticket(id) => ticket(*id),
    }
}

/// A ticket's key, the code it is redeemed with and, once it is, the credential. The code stays: a kill before the state
/// was saved asks again with the same key. Only ever seen sealed.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Record {
    pub portal: String,
    key: Vec<u8>,
    /// SHA-256 of the code, so that the same code finds the same key again.
    source: Vec<u8>,
    code: Code,
    pass: Option<(String, String)>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
enum Code {
    Scanned(String),
    Typed(String),
}

impl Record {
    fn new(portal: &str, by: &RedeemBy, key: &ProofKey) -> Self {
        let code = match by {
            RedeemBy::Ticket(secret) => Code::Scanned(secret.expose().clone()),
            RedeemBy::Code(code) => Code::Typed(code.as_str().to_owned()),
        };
        let key = key.to_bytes().expose().clone();
        Self { portal: portal.to_owned(), key, source: source(by), code, pass: None }
    }

    pub fn key(&self) -> Option<ProofKey> {
        ProofKey::from_bytes(&Secret::new(self.key.clone()))
    }

    pub fn by(&self) -> Option<RedeemBy> {
        match &self.code {
            Code::Scanned(secret) => Some(RedeemBy::Ticket(Secret::new(secret.clone()))),
            Code::Typed(code) => TypedCode::read(code).ok().map(RedeemBy::Code),
        }
    }

    pub fn pass(&self) -> Option<Pass> {
        let (upload, credential) = self.pass.as_ref()?;
        Some(Pass { upload: UploadId(upload.clone()), credential: Secret::new(credential.clone()), key: self.key()? })
    }

    pub fn redeemed(&mut self, upload: &UploadId, credential: &Secret<String>) {
        self.pass = Some((upload.0.clone(), credential.expose().clone()));
    }
}

fn source(by: &RedeemBy) -> Vec<u8> {
    let mut hash = Sha256::new();
    match by {
        RedeemBy::Ticket(secret) => hash.update(secret.expose().as_bytes()),
        RedeemBy::Code(code) => hash.update(code.as_str().as_bytes()),
    }
    hash.finalize().to_vec()
}

fn read_record(vault: &Vault, place: &str) -> Result<Option<Record>, VaultError> {
    let Some(bytes) = vault.get(place)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|_| VaultError::Damaged)
}

fn write_record(vault: &Vault, id: TicketId, record: &Record, rng: &mut Chance<'_>) -> Result<(), VaultError> {
    let bytes = serde_json::to_vec(record).map_err(|error| VaultError::Io(error.into()))?;
    vault.put(&ticket(id), &Zeroizing::new(bytes), rng)
}

impl Works {
    /// A record for a code, sealed before anything is sent. A code that was tried before keeps its key, so that a reply
    /// that was lost costs nothing.
    pub async fn open_record(&self, id: TicketId, portal: String, by: RedeemBy) -> Result<Record, VaultError> {
        self.with_vault(move |vault, rng| {
            let mut known = None;
            for place in vault.list("ticket/")? {
                let record = read_record(vault, &place)?;
                known = known.or(record.filter(|record| record.portal == portal && record.source == source(&by)));
            }
            let key = known.and_then(|record| record.key()).unwrap_or_else(|| ProofKey::draw(rng));
            let record = Record::new(&portal, &by, &key);
            write_record(vault, id, &record, rng)?;
            Ok(record)
        })
        .await
    }

    pub async fn record(&self, id: TicketId) -> Result<Option<Record>, VaultError> {
        self.with_vault(move |vault, _| read_record(vault, &ticket(id))).await
    }

    pub async fn keep_record(&self, id: TicketId, record: Record) -> Result<(), VaultError> {
        self.with_vault(move |vault, rng| write_record(vault, id, &record, rng)).await
    }

    /// What was saved last, or the first start.
    pub async fn restore(&self, portals: Vec<Portal>) -> Result<App, crate::StartError> {
        let Some(bytes) = self.with_vault(|vault, _| vault.get(STATE)).await? else { return Ok(App::new(portals)) };
        let app: App = serde_json::from_slice(&bytes)?;
        Ok(App { portals, ..app })
    }

    pub async fn save(&self, state: Vec<u8>) -> Result<(), VaultError> {
        self.with_vault(move |vault, rng| vault.put(STATE, &state, rng)).await
    }

    /// Deletes what a kill left behind: sealed, but never remembered.
    pub async fn sweep(&self, needed: BTreeSet<Sealed>) -> Result<(), VaultError> {
        let needed: BTreeSet<String> = needed.iter().map(place).chain([STATE.to_owned()]).collect();
        self.with_vault(move |vault, _| {
            for place in vault.list("")?.into_iter().filter(|place| !needed.contains(place)) {
                vault.delete(&place)?;
            }
            Ok(())
        })
        .await
    }

    /// What cannot be deleted now is swept at the next start.
    pub async fn forget(&self, sealed: &[Sealed]) {
        let places: Vec<String> = sealed.iter().map(place).collect();
        let deleted = self.with_vault(move |vault, _| places.iter().try_for_each(|place| vault.delete(place))).await;
        if let Err(error) = deleted {
            tracing::warn!(%error, "could not delete what is no longer needed");
        }
    }

    pub async fn forget_everything(&self) -> Result<(), VaultError> {
        let secrets = self.ports.secrets.clone();
        self.with_vault(move |vault, rng| vault.delete_everything(&*secrets, rng)).await
    }
}
