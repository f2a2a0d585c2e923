//! Codes: reading one off a picture, redeeming it, giving it back.

use crate::{
    patience::{PATIENCE, may_help, patiently},
    ports::{Choice, PickError},
    trouble,
    works::Works,
};
use journey::{EffectId, Link, Outcome, Sealed, TicketId, Trouble};
use protocol::{
    Code,
    api::{RedeemBy, Redeemed},
};
use tokio::time::sleep;

impl Works {
    pub async fn read_code_picture(&self, effect: EffectId) {
        let read = match self.ports.picker.pick(Choice::CodePicture).await {
            Err(PickError::TooLarge) => Err(Trouble::PictureTooLarge),
            Err(PickError::Failed) => Err(Trouble::PictureDamaged),
            Ok(files) => match files.into_iter().next() {
                None => Ok(None),
                Some(file) => match self.legible(file.bytes).await {
                    Ok(picture) => {
                        let text = self.decoding(move || scan::code::read_picture(&picture)).await;
                        text.map(Some).ok_or(Trouble::NoCodeInPicture)
                    }
                    Err(undecoded) => Err(trouble::of_device(undecoded)),
                },
            },
        };
        self.report(Outcome::CodePicture { effect, read });
    }

    pub async fn redeem(&self, ticket: TicketId, portal: String, by: Option<RedeemBy>, link: Option<Link>) {
        let outcome = match self.try_redeem(ticket, portal, by, link).await {
            Ok(Redeemed { upload, context, digits, other_account, limits, .. }) => {
                Outcome::Redeemed { ticket, upload, context, digits, other_account, limits }
            }
            Err(trouble) => Outcome::NotRedeemed { ticket, trouble },
        };
        self.report(outcome);
    }

    async fn try_redeem(
        &self,
        id: TicketId,
        portal: String,
        by: Option<RedeemBy>,
        mut link: Option<Link>,
    ) -> Result<Redeemed, Trouble> {
        let client = self.client(&portal).ok_or(Trouble::OtherPortal)?;
        let mut linked = match &link {
            Some(link) => self.linked_access(link, &portal).await,
            None => None,
        };
        let record = match by {
            Some(by) => self.open_record(id, portal.clone(), by).await.map(Some),
            None => self.record(id).await,
        };
        let mut record = record.map_err(|error| trouble::of_vault(&error))?.ok_or(Trouble::StorageFailed)?;
        let model = self.ports.device.model();
        let mut waits = PATIENCE.iter();
        let redeemed = loop {
            let (by, key) = record.by().zip(record.key()).ok_or(Trouble::StorageFailed)?;
            match client.redeem(by, &model, &key, linked.as_ref()).await {
                Ok(redeemed) => break redeemed,
                // The token was the matter, not the ticket: a new one once, or the phone learns that it was unlinked.
                Err(error)
                    if linked.is_some()
                        && matches!(error.code(), Some(Code::CredentialInvalid | Code::DeviceRevoked)) =>
                {
                    linked = match link.take() {
                        Some(link) => self.renewed_access(&link, &portal).await,
                        None => None,
                    };
                }
                Err(error) if may_help(&error) => match waits.next() {
                    Some(wait) => sleep(*wait).await,
                    // The record stays: the reply may be what was lost, and the same code then finds the same key.
                    None => return Err(trouble::of_client(&error)),
                },
                Err(error) => {
                    self.forget(&[Sealed::Ticket(id)]).await;
                    return Err(trouble::of_client(&error));
                }
            }
        };
        record.redeemed(&redeemed.upload, &redeemed.credential);
        self.keep_record(id, record).await.map_err(|error| trouble::of_vault(&error))?;
        Ok(redeemed)
    }

    /// Best effort: the computer is told, the ticket is forgotten in any case.
    pub async fn decline(&self, id: TicketId) {
        if let Ok(Some(record)) = self.record(id).await
            && let (Some(client), Some(pass)) = (self.client(&record.portal), record.pass())
        {
            // The upload's own end comes anyway.
            let _ = patiently!(client.decline(&pass).await);
        }
        self.forget(&[Sealed::Ticket(id)]).await;
    }
}
