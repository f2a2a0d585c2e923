//! A document on its way: what the citizen can do about it and what the portal says.

use super::Step;
use crate::{
    DraftId, Effect, EffectId, Kept, Sealed, TicketId, Trouble,
    app::{Asking, Entry, Screen, Stage},
    view::Notice,
};
use protocol::{
    Reason,
    api::{Receipt, SlotChoice},
};

impl Step<'_> {
    /// 'Confirm'.
    pub(super) fn confirm(&mut self) {
        let Screen::Confirm(id) = self.app.screen else { return };
        let Some(draft) = self.draft_mut(id) else { return };
        draft.trouble = None;
        let (Some(ticket), Some(document), Some(place)) = (&draft.ticket, &draft.document, &draft.place) else {
            return;
        };
        // A file that came before its place was held to what any place takes.
        let over = if document.bytes > ticket.limits.bytes {
            Some(Reason::TooLarge)
        } else if document.pages > ticket.limits.pages {
            Some(Reason::TooManyPages)
        } else {
            None
        };
        if let Some(reason) = over {
            draft.trouble = Some(Trouble::File { reason });
            return;
        }
        let entry = Entry {
            ticket: ticket.id,
            place: place.clone(),
            name: draft.name.clone(),
            document: document.clone(),
            run: EffectId(0),
            stage: Stage::Sending,
            answer: None,
            sent: 0,
        };
        if self.app.undo.as_ref().is_some_and(|undo| undo.draft == id) {
            self.forget_undo();
            self.app.notice = None;
        }
        self.app.outbox.insert(id, entry);
        self.send(id);
        self.app.screen = Screen::Upload(id);
    }

    /// Starts or goes on with sending.
    fn send(&mut self, id: DraftId) {
        let effect = EffectId(self.draw());
        let Some(entry) = self.app.outbox.get_mut(&id) else { return };
        entry.run = effect;
        let (ticket, document, answer) = (entry.ticket, entry.document.clone(), entry.answer);
        self.effects.push(Effect::Send { effect, draft: id, ticket, document, answer });
    }

    /// The same upload under a new credential.
    pub(super) fn send_with(&mut self, id: DraftId, ticket: TicketId) {
        let Some(entry) = self.app.outbox.get_mut(&id) else { return };
        entry.ticket = ticket;
        if matches!(entry.stage, Stage::Failed(_) | Stage::WaitingForNetwork) {
            entry.stage = Stage::Sending;
        }
        if !matches!(entry.stage, Stage::Paused | Stage::SlotChanged) {
            self.send(id);
        }
    }

    pub(super) fn resume_after_start(&mut self, id: DraftId) {
        let Some(entry) = self.app.outbox.get_mut(&id) else { return };
        if entry.stage == Stage::WaitingForNetwork {
            entry.stage = Stage::Sending;
        }
        if matches!(entry.stage, Stage::Sending | Stage::Checking) {
            self.send(id);
        }
    }

    pub(super) fn open_upload(&mut self, id: DraftId) {
        if let Some(entry) = self.app.outbox.get(&id) {
            let arrived = matches!(entry.stage, Stage::Received(_));
            self.app.screen = if arrived { Screen::Done(id) } else { Screen::Upload(id) };
        }
    }

    pub(super) fn pause(&mut self) {
        let Screen::Upload(id) = self.app.screen else { return };
        let Some(entry) = self.app.outbox.get_mut(&id) else { return };
        if matches!(entry.stage, Stage::Sending | Stage::WaitingForNetwork) {
            entry.stage = Stage::Paused;
            entry.run = EffectId(0);
            self.effects.push(Effect::StopSending { draft: id });
        }
    }

    pub(super) fn resume(&mut self) {
        let Screen::Upload(id) = self.app.screen else { return };
        let ticket = self.draft(id).is_some_and(|draft| draft.ticket.is_some());
        let Some(entry) = self.app.outbox.get_mut(&id) else { return };
        if entry.stage == Stage::Paused || matches!(entry.stage, Stage::Failed(_)) && ticket {
            entry.stage = Stage::Sending;
            self.send(id);
        }
    }

    pub(super) fn answer_slot(&mut self, choice: SlotChoice) {
        let Screen::Upload(id) = self.app.screen else { return };
        let Some(entry) = self.app.outbox.get_mut(&id).filter(|entry| entry.stage == Stage::SlotChanged) else {
            return;
        };
        entry.answer = Some(choice);
        entry.stage = Stage::Checking;
        self.send(id);
    }

    /// After a failure: back to what the citizen has, all of it kept.
    pub(super) fn back_to_pages(&mut self) {
        let Screen::Upload(id) = self.app.screen else { return };
        if self.has_failed(id) {
            self.app.outbox.remove(&id);
            let pages = self.draft(id).is_some_and(|draft| !draft.pages.is_empty());
            self.app.screen = if pages { Screen::Pages(id) } else { Screen::Source(id) };
        }
    }

    pub(super) fn has_failed(&self, id: DraftId) -> bool {
        self.app.outbox.get(&id).is_some_and(|entry| matches!(entry.stage, Stage::Failed(_)))
    }

    /// 'Add another document'.
    pub(super) fn add_another(&mut self) {
        if let Screen::Done(id) = self.app.screen {
            self.app.outbox.remove(&id);
            self.app.screen = Screen::ScanQr(Asking::default());
        }
    }

    pub(super) fn sent(&mut self, effect: EffectId, id: DraftId, bytes: u64) {
        if let Some(entry) = self.running(effect, id) {
            entry.stage = Stage::Sending;
            entry.sent = bytes.min(entry.document.bytes);
        }
    }

    pub(super) fn at_stage(&mut self, effect: EffectId, id: DraftId, stage: Stage) {
        if let Some(entry) = self.running(effect, id) {
            if stage == Stage::Checking {
                entry.sent = entry.document.bytes;
            }
            entry.stage = stage;
        }
    }

    /// The entry, while the named effect is the one that sends it and nothing is decided.
    fn running(&mut self, effect: EffectId, id: DraftId) -> Option<&mut Entry> {
        let open = |stage: &Stage| matches!(stage, Stage::Sending | Stage::WaitingForNetwork | Stage::Checking);
        self.app.outbox.get_mut(&id).filter(|entry| entry.run == effect && open(&entry.stage))
    }

    /// The document arrived. Only now what it was made of is deleted.
    pub(super) fn accepted(&mut self, id: DraftId, ticket: TicketId, receipt: Receipt) {
        let Some(entry) = self.app.outbox.get_mut(&id).filter(|entry| entry.ticket == ticket) else { return };
        if matches!(entry.stage, Stage::Received(_)) {
            return;
        }
        entry.sent = entry.document.bytes;
        let kept = Kept { place: entry.place.context.clone(), receipt: receipt.clone() };
        entry.stage = Stage::Received(receipt);
        let document = entry.document.id;
        let mut sealed = vec![Sealed::Document(document), Sealed::Ticket(ticket)];
        if let Some(draft) = self.app.drafts.remove(&id) {
            sealed.extend(draft.holds());
        }
        for other in self.app.drafts.values_mut() {
            other.reuse = other.reuse.filter(|reuse| *reuse != id);
        }
        sealed.sort();
        sealed.dedup();
        self.forget(sealed);
        self.keep_receipt(kept);
        if self.app.screen == Screen::Upload(id) {
            self.app.screen = Screen::Done(id);
        }
    }

    pub(super) fn slot_changed(&mut self, id: DraftId, ticket: TicketId) {
        let Some(entry) = self.app.outbox.get_mut(&id).filter(|entry| entry.ticket == ticket) else { return };
        if !matches!(entry.stage, Stage::Received(_) | Stage::Failed(_)) {
            entry.stage = Stage::SlotChanged;
            entry.answer = None;
        }
    }

    /// The pages stay in a draft that needs a new code; discarding them is the citizen's to say.
    pub(super) fn discarded(&mut self, id: DraftId, ticket: TicketId) {
        if self
            .app
            .outbox
            .get(&id)
            .is_none_or(|entry| entry.ticket != ticket || matches!(entry.stage, Stage::Received(_)))
        {
            return;
        }
        self.app.outbox.remove(&id);
        self.take_ticket(id, ticket);
        if self.app.screen == Screen::Upload(id) {
            self.app.screen = Screen::Home;
        }
    }

    /// The portal has ended a ticket; what the citizen made stays.
    pub(super) fn ended(&mut self, ticket: TicketId, trouble: Trouble) {
        // It may be an earlier link that was ended; whether this one holds, the next call tells.
        if trouble == Trouble::DeviceRevoked {
            self.fetch_overview();
        }
        let holder = self.app.drafts.iter().find(|(_, d)| d.ticket.as_ref().is_some_and(|held| held.id == ticket));
        let Some(id) = holder.map(|(id, _)| *id) else { return };
        self.take_ticket(id, ticket);
        match self.app.outbox.get_mut(&id) {
            Some(entry) => {
                entry.stage = Stage::Failed(trouble);
                entry.answer = None;
            }
            None => {
                self.app.notice = Some(Notice::Trouble { trouble });
                let empty = self.draft(id).is_some_and(|draft| !draft.has_content());
                if empty && matches!(self.app.screen, Screen::Check(open) | Screen::Source(open) if open == id) {
                    self.drop_draft(id);
                    self.app.screen = Screen::Home;
                }
            }
        }
    }

    pub(super) fn not_sent(&mut self, effect: EffectId, id: DraftId, trouble: Trouble) {
        if let Some(entry) = self.running(effect, id) {
            entry.stage = Stage::Failed(trouble);
        }
    }

    fn take_ticket(&mut self, id: DraftId, ticket: TicketId) {
        if let Some(draft) = self.draft_mut(id)
            && draft.ticket.as_ref().is_some_and(|held| held.id == ticket)
        {
            draft.ticket = None;
            self.forget(vec![Sealed::Ticket(ticket)]);
        }
    }
}
