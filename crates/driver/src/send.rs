//! A document's way to the portal: begin or resume, piece by piece, complete, wait for the answer.
//!
//! Nothing of how far it got is kept here: after a kill the portal is asked, and its offset counts.

use crate::{sealed, trouble, works::Works};
use bytes::Bytes;
use client::{Client, ClientError, Pace, Pass};
use journey::{Document, DraftId, EffectId, Outcome, TicketId, Trouble};
use protocol::{
    Code,
    api::{Complete, Receipt, SlotChoice, UploadState},
};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use vault::VaultError;

pub(crate) struct Send {
    pub effect: EffectId,
    pub draft: DraftId,
    pub ticket: TicketId,
    pub document: Document,
    pub answer: Option<SlotChoice>,
}

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Between questions whether the portal has checked the document.
const CHECK_AGAIN: Duration = Duration::from_secs(1);

/// How it ended.
enum End {
    Accepted(Receipt),
    SlotChanged,
    Discarded,
    Ended(Trouble),
    NotSent(Trouble),
}

/// Why one attempt stopped.
enum Stop {
    Client(ClientError),
    Vault(VaultError),
    /// The sealed document is not what the state says.
    Missing,
}

impl From<ClientError> for Stop {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl Works {
    pub async fn send(&self, send: Send) {
        let end = self.send_until_decided(&send).await;
        let Send { effect, draft, ticket, .. } = send;
        self.report(match end {
            End::Accepted(receipt) => Outcome::Accepted { draft, ticket, receipt },
            End::SlotChanged => Outcome::SlotChanged { draft, ticket },
            End::Discarded => Outcome::Discarded { draft, ticket },
            End::Ended(trouble) => Outcome::Ended { ticket, trouble },
            End::NotSent(trouble) => Outcome::NotSent { effect, draft, trouble },
        });
    }

    async fn send_until_decided(&self, send: &Send) -> End {
        let record = match self.record(send.ticket).await {
            Ok(Some(record)) => record,
            Ok(None) => return End::Ended(Trouble::UploadEnded),
            Err(error) => return End::NotSent(trouble::of_vault(&error)),
        };
        let (Some(client), Some(pass)) = (self.client(&record.portal), record.pass()) else {
            return End::Ended(Trouble::UploadEnded);
        };
        let mut transfer =
            Transfer { works: self, client: &client, pass, send, pace: Pace::default(), answer: send.answer };
        let mut wait = FIRST_WAIT;
        let mut furthest = 0;
        loop {
            match transfer.attempt(&mut furthest).await {
                Ok(end) => return end,
                Err((Stop::Client(error), progressed)) if is_passing(&error) => {
                    transfer.pace.failed();
                    wait = if progressed { FIRST_WAIT } else { wait };
                    self.report(Outcome::NoNetwork { effect: send.effect, draft: send.draft });
                    sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err((Stop::Client(error), _)) if trouble::ends_ticket(&error) => {
                    return End::Ended(trouble::of_client(&error));
                }
                Err((Stop::Client(error), _)) => return End::NotSent(trouble::of_client(&error)),
                Err((Stop::Vault(error), _)) => return End::NotSent(trouble::of_vault(&error)),
                Err((Stop::Missing, _)) => return End::NotSent(Trouble::StorageFailed),
            }
        }
    }
}

/// A moved offset is asked for again like a broken connection; everything else is the client's to judge.
fn is_passing(error: &ClientError) -> bool {
    error.is_passing() || matches!(error.code(), Some(Code::OffsetMismatch | Code::Incomplete))
}

struct Transfer<'a> {
    works: &'a Works,
    client: &'a Client,
    pass: Pass,
    send: &'a Send,
    pace: Pace,
    /// The citizen's answer, until it is given.
    answer: Option<SlotChoice>,
}

impl Transfer<'_> {
    /// From what the portal knows to its decision. An error says whether this attempt brought the document further
    /// than any before.
    async fn attempt(&mut self, furthest: &mut u64) -> Result<End, (Stop, bool)> {
        let before = *furthest;
        let ended = self.go(furthest).await;
        ended.map_err(|stop| (stop, *furthest > before))
    }

    async fn go(&mut self, furthest: &mut u64) -> Result<End, Stop> {
        let mut state = self.client.state(&self.pass).await?;
        loop {
            match state {
                UploadState::Open { length, .. } => {
                    self.upload(length, furthest).await?;
                    let Document { sha256, pages, .. } = &self.send.document;
                    let complete = Complete { sha256: sha256.clone(), pages: *pages };
                    state = self.client.complete(&self.pass, &complete).await?;
                }
                UploadState::Checking => {
                    self.works.report(Outcome::Checking { effect: self.send.effect, draft: self.send.draft });
                    sleep(CHECK_AGAIN).await;
                    state = self.client.state(&self.pass).await?;
                }
                UploadState::SlotChanged => match self.answer {
                    Some(SlotChoice::Replace) => {
                        state = self.client.slot(&self.pass, SlotChoice::Replace).await?;
                        self.answer = None;
                    }
                    Some(SlotChoice::Discard) => {
                        self.client.slot(&self.pass, SlotChoice::Discard).await?;
                        return Ok(End::Discarded);
                    }
                    None => return Ok(End::SlotChanged),
                },
                UploadState::Accepted { receipt } => return Ok(End::Accepted(receipt)),
                UploadState::Refused { reason } => return Ok(End::Ended(Trouble::Refused { reason })),
                // Said 'Discard' before a kill, and the portal had heard it.
                UploadState::Ended { .. } if self.answer == Some(SlotChoice::Discard) => return Ok(End::Discarded),
                UploadState::Ended { code } => return Ok(End::Ended(trouble::of_code(code))),
            }
        }
    }

    /// Sends what is missing. `known` is the length the portal was told before, perhaps of an earlier document.
    async fn upload(&mut self, known: Option<u64>, furthest: &mut u64) -> Result<(), Stop> {
        let Document { id, bytes: length, .. } = self.send.document;
        if known.is_some_and(|known| known != length) {
            self.client.discard_file(&self.pass).await?;
        }
        let mut offset = self.client.begin(&self.pass, length).await?;
        self.sent(offset);
        while offset < length {
            let range = self.pace.piece(offset, length);
            let place = sealed::document(id);
            let piece = self.works.with_vault({
                let range = range.clone();
                move |vault, _| vault.get_range(&place, range)
            });
            let piece = piece.await.map_err(Stop::Vault)?.ok_or(Stop::Missing)?;
            if piece.len() as u64 != range.end - range.start {
                return Err(Stop::Missing);
            }
            let began = Instant::now();
            offset = self.client.patch(&self.pass, offset, Bytes::copy_from_slice(&piece)).await?;
            self.pace.arrived(piece.len() as u64, began.elapsed());
            *furthest = offset.max(*furthest);
            self.sent(offset);
        }
        Ok(())
    }

    fn sent(&self, bytes: u64) {
        self.works.report(Outcome::Sent { effect: self.send.effect, draft: self.send.draft, bytes });
    }
}
