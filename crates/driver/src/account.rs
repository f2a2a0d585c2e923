//! The linked phone's keys, its lock, and what it asks the portal for.
//!
//! While the lock is open, [`Keys`] are in memory; locking drops them with the token they got.

use crate::{
    hardware::{HardwareError, HardwareKey, Prompt},
    trouble,
    works::Works,
};
use client::{Access, Client, ClientError, ProofKey};
use journey::{Account, EffectId, Judged, Link, LockOut, LockTrouble, Outcome, TicketId, Trouble, Typed, UnlockBy};
use protocol::{
    Code, Secret, Signer,
    api::{DeviceId, MakeTicket, Overview, RedeemBy, TicketMade},
};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use vault::{Cost, Password, UnlockError, Vault, VaultError};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Places below the account's key.
const KEYS: &str = "keys";
const ACCOUNT: &str = "account";
/// A token is not used for the last part of its life: the call it goes with takes time too.
const LEEWAY: Duration = Duration::from_secs(30);

/// What only the open lock has. Sealed as it stands.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Kept {
    pub unlock: Vec<u8>,
    /// The phone's own key, where no hardware keeps one.
    pub device: Option<Vec<u8>>,
}

/// The same, ready for use.
#[derive(Clone)]
pub(crate) struct Keys {
    device: Arc<dyn Signer>,
    unlock: ProofKey,
    token: Option<(Access, Instant)>,
}

impl Kept {
    fn keys(&self, works: &Works) -> Result<Keys, Trouble> {
        let proof_key = |bytes: &Vec<u8>| ProofKey::from_bytes(&Secret::new(bytes.clone())).ok_or(Trouble::KeyLost);
        let device: Arc<dyn Signer> = match &self.device {
            Some(bytes) => Arc::new(proof_key(bytes)?),
            None => Arc::new(HardwareKey::find(&works.ports.hardware).ok_or(Trouble::KeyLost)?),
        };
        Ok(Keys { device, unlock: proof_key(&self.unlock)?, token: None })
    }
}

/// Why a call of the linked phone did not work.
pub(crate) enum NotCalled {
    /// The account no longer knows this phone.
    Revoked,
    Trouble(Trouble),
}

impl From<ClientError> for NotCalled {
    fn from(error: ClientError) -> Self {
        match error.code() {
            Some(Code::DeviceRevoked) => Self::Revoked,
            _ => Self::Trouble(trouble::of_client(&error)),
        }
    }
}

impl Works {
    pub async fn unlock(&self, effect: EffectId, by: UnlockBy) {
        let outcome = match self.try_unlock(by).await {
            Ok(account) => Outcome::Unlocked { effect, account },
            Err((why, lockout)) => Outcome::NotUnlocked { effect, why, lockout },
        };
        self.report(outcome);
    }

    async fn try_unlock(&self, by: UnlockBy) -> Result<Account, (Option<LockTrouble>, Option<LockOut>)> {
        let secrets = self.ports.secrets.clone();
        let opened = match by {
            UnlockBy::Password(typed) => {
                let password = Password::new(typed.expose());
                let (vault, uptime) = (self.vault.clone(), self.ports.clock.uptime());
                self.blocking(move || vault.unlock(&*secrets, &password, uptime)).await
            }
            UnlockBy::Biometrics => {
                let (vault, hardware, prompt) = (self.vault.clone(), self.ports.hardware.clone(), self.prompt(false));
                let revealed = self.blocking(move || hardware.reveal(&prompt)).await;
                let secret = revealed.map_err(|error| (why_not_revealed(error), None))?;
                let secret = vault::Secret::new(secret.to_vec());
                self.blocking(move || vault.unlock_with_biometrics(&*secrets, &secret)).await
            }
        };
        opened.map_err(|error| self.why_locked(error))?;
        match self.open_account().await {
            Ok(account) => Ok(account),
            Err(trouble) => {
                tracing::error!(?trouble, "the account's keys cannot be used");
                self.lock().await;
                Err((Some(LockTrouble::StorageFailed), None))
            }
        }
    }

    /// Reads what the account's key seals, once it is open.
    async fn open_account(&self) -> Result<Account, Trouble> {
        let vault = self.vault.clone();
        let read = move || Ok::<_, VaultError>((vault.get_account(KEYS)?, vault.get_account(ACCOUNT)?));
        let (kept, account) = self.blocking(read).await.map_err(|error| trouble::of_vault(&error))?;
        let kept: Kept = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(Trouble::StorageFailed)?;
        *self.keys() = Some(kept.keys(self)?);
        // Only what the portal can tell again is in here, but for receipts, which it also has.
        let account = account.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(account.unwrap_or_else(|| Account::new(String::new())))
    }

    /// Forgets the account's key, what it opened and the token it got. An unlocking under way is waited for.
    pub async fn lock(&self) {
        *self.keys() = None;
        let vault = self.vault.clone();
        self.blocking(move || vault.lock()).await;
        *self.keys() = None;
    }

    pub async fn save_account(&self, account: &Account) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec(account).map_err(|error| VaultError::Io(error.into()))?;
        self.with_vault(move |vault, rng| vault.put_account(ACCOUNT, &Zeroizing::new(bytes), rng)).await
    }

    pub async fn judge_password(&self, effect: EffectId, typed: Typed) {
        let judged = self.judged(&typed).await;
        self.report(Outcome::PasswordJudged { effect, judged });
    }

    pub async fn judged(&self, typed: &Typed) -> Judged {
        let (password, rules) = (Password::new(typed.expose()), self.ports.secrets.rules());
        let vault::Judgement { strength, unfit } = self.blocking(move || vault::judge(&password, rules)).await;
        Judged {
            strength: match strength {
                vault::Strength::Weak => journey::Strength::Weak,
                vault::Strength::Fair => journey::Strength::Fair,
                vault::Strength::Good => journey::Strength::Good,
                vault::Strength::Strong => journey::Strength::Strong,
            },
            unfit: unfit.map(|unfit| match unfit {
                vault::Unfit::TooShort => journey::Unfit::TooShort,
                vault::Unfit::OnlyDigits => journey::Unfit::OnlyDigits,
                vault::Unfit::TooSimple => journey::Unfit::TooSimple,
            }),
        }
    }

    /// Makes the lock and opens it; keeps these keys behind it.
    pub async fn make_lock(&self, typed: &Typed, kept: Kept, account: &Account) -> Result<(), Trouble> {
        let sealed = Zeroizing::new(serde_json::to_vec(&kept).map_err(|_| Trouble::StorageFailed)?);
        let account = Zeroizing::new(serde_json::to_vec(account).map_err(|_| Trouble::StorageFailed)?);
        let password = Password::new(typed.expose());
        let (clock, secrets) = (self.ports.clock.clone(), self.ports.secrets.clone());
        let made = self.with_vault(move |vault, rng| {
            let cost = Cost::calibrate(&|| clock.uptime());
            vault.create_account(&*secrets, &password, cost, rng)?;
            vault.put_account(KEYS, &sealed, rng)?;
            vault.put_account(ACCOUNT, &account, rng)
        });
        made.await.map_err(|error| trouble::of_vault(&error))?;
        *self.keys() = Some(kept.keys(self)?);
        Ok(())
    }

    pub async fn change_password(&self, effect: EffectId, old: Typed, new: Typed) {
        let outcome = match self.try_change(old, new).await {
            Ok(()) => Outcome::PasswordChanged { effect },
            Err((why, lockout)) => Outcome::NotChanged { effect, why, lockout },
        };
        self.report(outcome);
    }

    async fn try_change(&self, old: Typed, new: Typed) -> Result<(), (LockTrouble, Option<LockOut>)> {
        if self.judged(&new).await.unfit.is_some() {
            return Err((LockTrouble::Unfit, None));
        }
        let (clock, secrets, rng) = (self.ports.clock.clone(), self.ports.secrets.clone(), self.ports.rng.clone());
        let (vault, old, new) = (self.vault.clone(), Password::new(old.expose()), Password::new(new.expose()));
        let change = move || {
            let cost = Cost::calibrate(&|| clock.uptime());
            vault.change_password(&*secrets, &old, &new, cost, clock.uptime(), &mut crate::ports::Chance(&*rng))
        };
        let changed = self.blocking(change).await;
        changed.map_err(|error| {
            let (why, lockout) = self.why_locked(error);
            (why.unwrap_or(LockTrouble::StorageFailed), lockout)
        })
    }

    pub async fn set_biometrics(&self, effect: EffectId, on: bool) {
        let (vault, rng, secrets) = (self.vault.clone(), self.ports.rng.clone(), self.ports.secrets.clone());
        let (hardware, prompt) = (self.ports.hardware.clone(), self.prompt(true));
        let set = self.blocking(move || {
            let rng = &mut crate::ports::Chance(&*rng);
            let failed = |error: VaultError| Some(trouble::of_vault(&error));
            if !on {
                vault.remove_biometrics(&*secrets, rng).map_err(failed)?;
                if let Err(error) = hardware.forget() {
                    tracing::warn!(%error, "the sensor keeps a secret that opens nothing any more");
                }
                return Ok(false);
            }
            let secret = vault.set_biometrics(&*secrets, rng).map_err(failed)?;
            let Err(refused) = hardware.keep(secret.expose(), &prompt) else { return Ok(true) };
            // Nobody keeps the other half, so the wrap opens nothing.
            vault.remove_biometrics(&*secrets, rng).map_err(failed)?;
            Err(match refused {
                HardwareError::Cancelled => None,
                HardwareError::NotRecognised => Some(Trouble::BiometricsFailed),
                _ => Some(Trouble::BiometricsUnavailable),
            })
        });
        let set = set.await;
        self.report(Outcome::BiometricsSet { effect, set });
    }

    /// A wait that runs since before the app's start, so that the lock screen says so before anybody types.
    pub async fn lockout(&self) -> Option<LockOut> {
        let (vault, secrets, uptime) = (self.vault.clone(), self.ports.secrets.clone(), self.ports.clock.uptime());
        let lockout = self.blocking(move || vault.lockout(&*secrets, uptime)).await;
        // What cannot be read now is said by the first try.
        lockout.ok().filter(|lockout| lockout.wait.is_some()).map(|lockout| self.shown(lockout))
    }

    /// Whether a finger or face could open the lock.
    pub async fn has_sensor(&self) -> bool {
        let hardware = self.ports.hardware.clone();
        self.blocking(move || hardware.has_sensor()).await
    }

    pub async fn fetch_overview(&self, effect: EffectId, link: Link) {
        match self.overview(&link).await {
            Err(NotCalled::Revoked) => self.report(Outcome::Revoked),
            Err(NotCalled::Trouble(trouble)) => self.report(Outcome::Fetched { effect, overview: Err(trouble) }),
            Ok(overview) => self.report(Outcome::Fetched { effect, overview: Ok(overview) }),
        }
    }

    /// A ticket without a code, redeemed at once like a scanned one.
    pub async fn make_ticket(&self, ticket: TicketId, make: MakeTicket, link: Link) {
        match self.made_ticket(&link, &make).await {
            Ok(made) => {
                let by = RedeemBy::Ticket(made.ticket);
                self.redeem(ticket, link.portal.clone(), Some(by), Some(link)).await;
            }
            Err(NotCalled::Revoked) => {
                self.report(Outcome::NotRedeemed { ticket, trouble: Trouble::DeviceRevoked });
                self.report(Outcome::Revoked);
            }
            Err(NotCalled::Trouble(trouble)) => self.report(Outcome::NotRedeemed { ticket, trouble }),
        }
    }

    /// Tells the portal; the account's key goes when it has heard.
    pub async fn unlink(&self, effect: EffectId, link: Link) {
        let keys = self.keys().clone();
        let told = match (self.client(&link.portal), keys) {
            (Some(client), Some(keys)) => tell_unlinked(&client, &link.device, &*keys.device).await,
            _ => Err(Trouble::KeyLost),
        };
        self.report(match told {
            Ok(()) => Outcome::Unlinked { effect },
            Err(trouble) => Outcome::NotUnlinked { effect, trouble },
        });
    }

    /// Destroys the account's key and all it seals. Answers a key the portal can still be told with.
    pub async fn destroy_account(&self) -> Option<Arc<dyn Signer>> {
        let held = self.keys().take().map(|keys| keys.device);
        let (secrets, vault, hardware) = (self.ports.secrets.clone(), self.vault.clone(), self.ports.hardware.clone());
        let found = self.blocking(move || {
            vault.lock();
            if let Err(error) = vault.destroy_account(&*secrets) {
                // The next start goes on with it.
                tracing::error!(%error, "the account could not be destroyed");
            }
            if let Err(error) = hardware.forget() {
                tracing::warn!(%error, "the sensor keeps a secret that opens nothing any more");
            }
            HardwareKey::find(&hardware)
        });
        let found = found.await.map(|key| Arc::new(key) as Arc<dyn Signer>);
        held.or(found)
    }

    /// Best effort: the portal hears that this phone is nobody's any more, and the phone's key is deleted.
    pub async fn tell_forgotten(&self, link: Link, key: Option<Arc<dyn Signer>>) {
        if let (Some(client), Some(key)) = (self.client(&link.portal), key)
            && let Err(trouble) = tell_unlinked(&client, &link.device, &*key).await
        {
            tracing::info!(?trouble, "the portal was not told that the phone is unlinked");
        }
        let hardware = self.ports.hardware.clone();
        if let Err(error) = self.blocking(move || hardware.delete_key()).await {
            tracing::warn!(%error, "the phone's key stays; no account knows it any more");
        }
    }

    /// What a linked phone adds to a redemption, where its lock is open and the portal is its own.
    pub async fn linked_access(&self, link: &Link, portal: &str) -> Option<Access> {
        let client = self.client(portal).filter(|_| link.portal == portal)?;
        self.heard(self.access(&client, &link.device).await)
    }

    /// The same, after the portal refused the token at hand.
    pub async fn renewed_access(&self, link: &Link, portal: &str) -> Option<Access> {
        let client = self.client(portal).filter(|_| link.portal == portal)?;
        self.heard(self.fresh_access(&client, &link.device).await)
    }

    fn heard(&self, access: Result<Access, NotCalled>) -> Option<Access> {
        match access {
            Ok(access) => Some(access),
            Err(NotCalled::Revoked) => {
                self.report(Outcome::Revoked);
                None
            }
            // Without it the digits are compared as on any phone.
            Err(NotCalled::Trouble(_)) => None,
        }
    }

    async fn overview(&self, link: &Link) -> Result<Overview, NotCalled> {
        let client = self.own_client(link)?;
        let access = self.access(&client, &link.device).await?;
        match client.overview(&access).await {
            Err(error) if is_stale(&error) => {
                Ok(client.overview(&self.fresh_access(&client, &link.device).await?).await?)
            }
            answered => Ok(answered?),
        }
    }

    async fn made_ticket(&self, link: &Link, make: &MakeTicket) -> Result<TicketMade, NotCalled> {
        let client = self.own_client(link)?;
        let access = self.access(&client, &link.device).await?;
        match client.make_ticket(&access, make).await {
            Err(error) if is_stale(&error) => {
                Ok(client.make_ticket(&self.fresh_access(&client, &link.device).await?, make).await?)
            }
            answered => Ok(answered?),
        }
    }

    fn own_client(&self, link: &Link) -> Result<Arc<Client>, NotCalled> {
        self.client(&link.portal).ok_or(NotCalled::Trouble(Trouble::OtherPortal))
    }

    /// In place of a token that the portal does not take any more.
    async fn fresh_access(&self, client: &Client, device: &DeviceId) -> Result<Access, NotCalled> {
        if let Some(keys) = &mut *self.keys() {
            keys.token = None;
        }
        self.access(client, device).await
    }

    async fn access(&self, client: &Client, device: &DeviceId) -> Result<Access, NotCalled> {
        let keys = self.keys().clone().ok_or(NotCalled::Trouble(Trouble::KeyLost))?;
        if let Some((access, _)) = keys.token.filter(|(_, until)| *until > Instant::now()) {
            return Ok(access);
        }
        let token = client.token(device, &*keys.device, &keys.unlock).await?;
        let life = Duration::from_secs(u64::try_from(token.expires_in).unwrap_or(0)).saturating_sub(LEEWAY);
        let access = Access { token: token.access_token, key: keys.device };
        if let Some(keys) = &mut *self.keys() {
            keys.token = Some((access.clone(), Instant::now() + life));
        }
        Ok(access)
    }

    fn prompt(&self, activates: bool) -> Prompt {
        Prompt { activates, language: *self.language.lock().unwrap_or_else(std::sync::PoisonError::into_inner) }
    }

    /// Waits become times of the wall's clock, for showing alone.
    fn shown(&self, lockout: vault::LockOut) -> LockOut {
        let wait = lockout.wait.and_then(|wait| jiff::SignedDuration::try_from(wait).ok());
        let retry_at = wait.and_then(|wait| self.ports.clock.now().saturating_add(wait).ok());
        LockOut { tries_left: lockout.tries_left, retry_at, offer_unlink: lockout.offer_unlink }
    }

    /// The vault's refusal as the lock screen says it.
    fn why_locked(&self, error: UnlockError) -> (Option<LockTrouble>, Option<LockOut>) {
        match error {
            UnlockError::Wrong(lockout) => (Some(LockTrouble::WrongPassword), Some(self.shown(lockout))),
            UnlockError::Wait(lockout) => (Some(LockTrouble::Wait), Some(self.shown(lockout))),
            UnlockError::Stale | UnlockError::NoAccount => (Some(LockTrouble::Stale), None),
            UnlockError::BiometricsLost => (Some(LockTrouble::BiometricsLost), None),
            UnlockError::Vault(error) => {
                tracing::error!(%error, "the lock failed");
                let full = matches!(error, VaultError::Full);
                (Some(if full { LockTrouble::StorageFull } else { LockTrouble::StorageFailed }), None)
            }
        }
    }
}

fn why_not_revealed(error: HardwareError) -> Option<LockTrouble> {
    match error {
        HardwareError::Cancelled => None,
        HardwareError::NotRecognised | HardwareError::Failed => Some(LockTrouble::NotRecognised),
        HardwareError::Changed | HardwareError::Nothing | HardwareError::Unsupported => {
            Some(LockTrouble::BiometricsLost)
        }
    }
}

fn is_stale(error: &ClientError) -> bool {
    error.code() == Some(Code::CredentialInvalid)
}

/// A phone that the portal does not know any more is unlinked too.
async fn tell_unlinked(client: &Client, device: &DeviceId, key: &dyn Signer) -> Result<(), Trouble> {
    match client.unlink(device, key).await {
        Err(error) if error.code() != Some(Code::DeviceRevoked) => Err(trouble::of_client(&error)),
        _ => Ok(()),
    }
}

/// Whether a vault has a lock that no saved link belongs to: what a kill left of linking.
pub(crate) fn is_left_over(vault: &Vault, link: Option<&Link>) -> Result<bool, VaultError> {
    Ok(link.is_none() && vault.has_account()?)
}
