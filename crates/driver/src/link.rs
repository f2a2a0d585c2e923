//! From a link code to a device of the account. The key of a linking under way is in memory only.

use crate::{account::Kept, hardware::HardwareKey, patience::patiently, trouble, works::Works};
use client::ProofKey;
use journey::{Account, EffectId, Link, Outcome, Trouble, Typed};
use protocol::{
    Secret, Signer,
    api::{FinishLink, LinkId, LinkState},
};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;

/// Between questions whether the number was picked.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// Longest that is asked: the portal ends it after two minutes, by its own clock.
const QUESTIONS: usize = 180;

/// A linking under way.
#[derive(Clone)]
pub(crate) struct Pending {
    id: EffectId,
    portal: String,
    key: Arc<dyn Signer>,
    /// The key's bytes, where no hardware keeps it.
    software: Option<ProofKey>,
    /// Drawn once: a portal that has finished and whose answer was lost knows this one.
    unlock: ProofKey,
    link: LinkId,
    owner: String,
}

impl Works {
    pub async fn redeem_link(&self, id: EffectId, portal: String, code: Secret<String>) {
        let outcome = match self.try_redeem_link(id, portal, code).await {
            Ok((owner, espaces)) => Outcome::LinkRedeemed { linking: id, owner, espaces },
            Err(trouble) => Outcome::LinkFailed { linking: id, trouble, over: true },
        };
        self.report(outcome);
    }

    async fn try_redeem_link(
        &self,
        id: EffectId,
        portal: String,
        code: Secret<String>,
    ) -> Result<(String, u32), Trouble> {
        let client = self.client(&portal).ok_or(Trouble::OtherPortal)?;
        let hardware = self.ports.hardware.clone();
        let (key, software): (Arc<dyn Signer>, _) = match self.blocking(move || HardwareKey::create(&hardware)).await {
            Some(key) => (Arc::new(key), None),
            None => {
                let key = ProofKey::draw(&mut crate::ports::Chance(&*self.ports.rng));
                (Arc::new(key.clone()), Some(key))
            }
        };
        let model = self.ports.device.model();
        let redeemed = patiently!(client.redeem_link(&code, &model, &*key).await);
        let redeemed = redeemed.map_err(|error| trouble::of_client(&error))?;
        let (link, owner) = (redeemed.link, redeemed.owner.clone());
        let unlock = ProofKey::draw(&mut crate::ports::Chance(&*self.ports.rng));
        *self.pending() = Some(Pending { id, portal, key, software, unlock, link, owner });
        Ok((redeemed.owner, redeemed.espaces))
    }

    /// 'Yes': the number, then the computer's answer.
    pub async fn confirm_link(&self, id: EffectId) {
        let ended = match self.try_confirm_link(id).await {
            Ok(()) => Outcome::LinkMatched { linking: id },
            Err((trouble, over)) => Outcome::LinkFailed { linking: id, trouble, over },
        };
        self.report(ended);
    }

    async fn try_confirm_link(&self, id: EffectId) -> Result<(), (Trouble, bool)> {
        let gone = (Trouble::LinkEnded, true);
        let Pending { portal, key, link, .. } = self.pending_of(id).ok_or(gone)?;
        let client = self.client(&portal).ok_or(gone)?;
        let number = patiently!(client.confirm_link(&link, &*key).await);
        let number = number.map_err(|error| (trouble::of_client(&error), !error.is_passing()))?;
        self.report(Outcome::LinkNumber { linking: id, number: number.number, until: number.expires });
        for _ in 0..QUESTIONS {
            match client.link_state(&link, &*key).await {
                Ok(LinkState::Matched | LinkState::Finished) => return Ok(()),
                Ok(LinkState::Ended { code }) => return Err((trouble::of_code(code), true)),
                Ok(LinkState::Asked | LinkState::Picking) => {}
                Err(error) if error.is_passing() => {}
                Err(error) => return Err((trouble::of_client(&error), true)),
            }
            sleep(ASK_AGAIN).await;
        }
        Err((Trouble::LinkExpired, true))
    }

    /// Best effort: the computer is told that the phone said no.
    pub async fn decline_link(&self, id: EffectId) {
        let Some(pending) = self.pending_of(id) else { return };
        *self.pending() = None;
        if let Some(client) = self.client(&pending.portal) {
            // The code's five minutes end it otherwise.
            let _ = patiently!(client.decline_link(&pending.link, &*pending.key).await);
        }
        let hardware = self.ports.hardware.clone();
        if let Err(error) = self.blocking(move || hardware.delete_key()).await {
            tracing::warn!(%error, "the key of a linking that came to nothing stays");
        }
    }

    /// The lock first, then the device: no account knows a phone without a lock.
    pub async fn finish_link(&self, id: EffectId, name: String, password: Typed) {
        let outcome = match self.try_finish_link(id, name, password).await {
            Ok((link, account)) => Outcome::Linked { linking: id, link, account },
            Err((trouble, over)) => Outcome::LinkFailed { linking: id, trouble, over },
        };
        self.report(outcome);
    }

    async fn try_finish_link(
        &self,
        id: EffectId,
        name: String,
        password: Typed,
    ) -> Result<(Link, Account), (Trouble, bool)> {
        let gone = (Trouble::LinkEnded, true);
        if self.judged(&password).await.unfit.is_some() {
            return Err((Trouble::PasswordUnfit, false));
        }
        let Pending { portal, key, software, unlock, link, owner, .. } = self.pending_of(id).ok_or(gone)?;
        let client = self.client(&portal).ok_or(gone)?;
        let bytes = |key: &ProofKey| key.to_bytes().expose().clone();
        let kept = Kept { unlock: bytes(&unlock), device: software.as_ref().map(bytes) };
        let account = Account::new(owner);
        self.make_lock(&password, kept, &account).await.map_err(|trouble| (trouble, false))?;
        let name = if name.is_empty() { self.ports.device.model() } else { name };
        let finish = FinishLink { name: name.clone(), unlock_key: unlock.public_key().to_text() };
        match patiently!(client.finish_link(&link, &*key, &finish).await) {
            Ok(linked) => {
                *self.pending() = None;
                let link = Link { portal, device: linked.device, name, biometrics: false, biometrics_lost: false };
                Ok((link, account))
            }
            Err(error) => {
                self.destroy_account().await;
                Err((trouble::of_client(&error), !error.is_passing()))
            }
        }
    }

    fn pending_of(&self, id: EffectId) -> Option<Pending> {
        self.pending().clone().filter(|pending| pending.id == id)
    }
}
