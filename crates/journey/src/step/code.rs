//! From a code to a ticket: reading it, redeeming it, and what waiting pages have to do with it.

use super::Step;
use crate::{
    DraftId, Effect, EffectId, Lock, Ticket, TicketId, Trouble,
    app::{Asking, Claim, Draft, Opened, Place, Screen, Unlinking},
    view::Notice,
};
use protocol::{
    api::{Context, RedeemBy},
    qr::{self, QrProblem, Scanned},
    typed_code::TypedCode,
};

impl Step<'_> {
    pub(super) fn enter_code_instead(&mut self) {
        let waiting = match self.app.screen {
            Screen::Intro => None,
            Screen::ScanQr(asking) => asking.waiting,
            _ => return,
        };
        self.app.screen = Screen::EnterCode(Asking { waiting, ..Asking::default() });
    }

    /// A code from the camera or a picture.
    pub(super) fn code_found(&mut self, text: &str) {
        if self.app.screen == Screen::Link {
            return self.link_code_found(text);
        }
        let Some(mut asking) = self.asking() else { return };
        match qr::read(text, &self.app.portals) {
            Ok(Scanned::Ticket { portal, secret }) => {
                return self.claim(asking, portal, RedeemBy::Ticket(secret), Screen::ScanQr);
            }
            Ok(Scanned::Link { .. }) => asking.trouble = Some(Trouble::LinkCode),
            Err(QrProblem::NotACode) => asking.trouble = Some(Trouble::NotACode),
            Err(QrProblem::OtherPortal) => asking.trouble = Some(Trouble::OtherPortal),
        }
        self.app.screen = Screen::ScanQr(asking);
    }

    pub(super) fn code_typed(&mut self, code: &str, portal: usize) {
        let Screen::EnterCode(asking) = self.app.screen else { return };
        if asking.claim.is_some() || portal >= self.app.portals.len() {
            return;
        }
        match TypedCode::read(code) {
            Ok(code) => self.claim(asking, portal, RedeemBy::Code(code), Screen::EnterCode),
            Err(_) => {
                let trouble = Some(Trouble::TypedCodeShape);
                self.app.screen = Screen::EnterCode(Asking { trouble, ..asking });
            }
        }
    }

    /// The question a new code answers here; `None` where a code would tear the citizen out of something, or while
    /// another one is being redeemed.
    fn asking(&self) -> Option<Asking> {
        match self.app.screen {
            Screen::ScanQr(asking) | Screen::EnterCode(asking) if asking.claim.is_none() => {
                Some(Asking { reading: None, trouble: None, ..asking })
            }
            // What has no place yet is what the code is for.
            Screen::Pages(draft) | Screen::Confirm(draft) if !self.has_place(draft) => {
                Some(Asking { waiting: Some(draft), ..Asking::default() })
            }
            Screen::Home
            | Screen::Intro
            | Screen::Source(_)
            | Screen::Pages(_)
            | Screen::Confirm(_)
            | Screen::Upload(_)
            | Screen::Procedures { .. }
            | Screen::Settings { unlinking: Unlinking::No, .. } => Some(Asking::default()),
            _ => None,
        }
    }

    /// A link from outside. What it asks for is judged now and taken when the citizen can see it.
    pub(super) fn link_opened(&mut self, link: &str) {
        let trouble = match qr::read(link, &self.app.portals) {
            Ok(Scanned::Ticket { portal, secret }) => {
                self.app.opened = Some(Opened { portal, secret });
                return;
            }
            // Whoever sends somebody a link would be linking a phone that is not theirs: only the camera inside the app sees
            // on whose computer the code stands.
            Ok(Scanned::Link { .. }) => Trouble::LinkFromOutside,
            Err(QrProblem::NotACode) => Trouble::NotACode,
            Err(QrProblem::OtherPortal) => Trouble::OtherPortal,
        };
        self.app.notice = Some(Notice::Trouble { trouble });
    }

    /// Takes a link's code, from every screen that may be left: the citizen asked for it, and what they made stays.
    pub(super) fn take_opened(&mut self) {
        if !self.may_leave() {
            return;
        }
        if let Some(Opened { portal, secret }) = self.app.opened.take() {
            let asking = self.asking().unwrap_or_default();
            self.claim(asking, portal, RedeemBy::Ticket(secret), Screen::ScanQr);
        }
    }

    /// Whether the lock is open and nothing is under way that leaving this screen would end.
    pub(super) fn may_leave(&self) -> bool {
        let is_bound = match self.app.screen {
            Screen::ScanQr(asking) | Screen::EnterCode(asking) => asking.claim.is_some(),
            Screen::Link => self.app.linking.is_some(),
            Screen::ChangePassword => self.app.changing.busy.is_some(),
            Screen::Settings { unlinking, .. } => unlinking != Unlinking::No,
            _ => false,
        };
        self.app.lock == Lock::Open && !is_bound
    }

    fn claim(&mut self, asking: Asking, portal: usize, by: RedeemBy, screen: fn(Asking) -> Screen) {
        let Some(portal) = self.app.portals.get(portal).map(|portal| portal.origin.to_string()) else { return };
        let ticket = TicketId(self.draw());
        self.app.claims.insert(ticket, Claim { portal: portal.clone(), waiting: asking.waiting, own: false });
        let link = self.app.link.clone();
        self.effects.push(Effect::Redeem { ticket, portal, by: Some(by), link });
        self.app.screen = screen(Asking { claim: Some(ticket), trouble: None, reading: None, ..asking });
    }

    pub(super) fn choose_code_picture(&mut self) {
        if let Screen::ScanQr(asking) = self.app.screen
            && asking.claim.is_none()
            && asking.reading.is_none()
        {
            let effect = EffectId(self.draw());
            self.effects.push(Effect::ReadCodePicture { effect });
            self.app.screen = Screen::ScanQr(Asking { reading: Some(effect), trouble: None, ..asking });
        }
    }

    pub(super) fn code_picture(&mut self, effect: EffectId, read: Result<Option<String>, Trouble>) {
        let Screen::ScanQr(asking) = self.app.screen else { return };
        if asking.reading != Some(effect) {
            return;
        }
        let trouble = read.as_ref().err().copied();
        self.app.screen = Screen::ScanQr(Asking { reading: None, trouble, ..asking });
        if let Ok(Some(text)) = read {
            self.code_found(&text);
        }
    }

    pub(super) fn not_redeemed(&mut self, ticket: TicketId, trouble: Trouble) {
        let Some(claim) = self.app.claims.remove(&ticket) else { return };
        if let Screen::Procedures { trouble: said, .. } = &mut self.app.screen
            && claim.own
        {
            *said = Some(trouble);
        }
        if let Screen::ScanQr(asking) | Screen::EnterCode(asking) = &mut self.app.screen
            && asking.claim == Some(ticket)
        {
            asking.claim = None;
            asking.trouble = Some(trouble);
        }
    }

    /// The portal gave a ticket. It goes to the draft that had it before (the same code again), to pages without a place that
    /// it was asked for, to waiting pages for the same place, or to a new draft that asks about waiting pages.
    pub(super) fn redeemed(&mut self, ticket: Ticket, context: Context) {
        let Some(claim) = self.app.claims.remove(&ticket.id) else { return };
        let place = Place { portal: claim.portal, context };
        let id = ticket.id;
        let again = self.app.drafts.iter().find(|(_, draft)| {
            let same_portal = draft.place.as_ref().is_some_and(|held| held.portal == place.portal);
            same_portal && draft.ticket.as_ref().is_some_and(|held| held.upload == ticket.upload)
        });
        let again = again.map(|(draft, _)| *draft);
        let mut waiting = self.waiting_drafts(claim.waiting);
        let fits = waiting.find(|(id, draft)| match &draft.place {
            None => Some(*id) == claim.waiting,
            Some(held) => *held == place,
        });
        let fits = fits.map(|(id, _)| id);
        drop(waiting);
        let draft = if let Some(draft) = again.or(fits) {
            self.settle(draft, place);
            self.renew(draft, ticket, again.is_some());
            draft
        } else {
            let reuse = self.waiting_drafts(claim.waiting).next().map(|(id, _)| id);
            self.begin(ticket, place, reuse)
        };
        if claim.own {
            return self.own_ticket(draft);
        }
        if let Screen::ScanQr(asking) | Screen::EnterCode(asking) = self.app.screen
            && asking.claim == Some(id)
        {
            self.app.screen = if self.app.is_on_its_way(draft) { Screen::Upload(draft) } else { Screen::Check(draft) };
        }
    }

    /// A place that was chosen on this phone needs no check, but waiting pages are asked about.
    fn own_ticket(&mut self, id: DraftId) {
        let Some(draft) = self.draft_mut(id) else { return };
        draft.checked = draft.reuse.is_none();
        if matches!(self.app.screen, Screen::Procedures { .. }) {
            self.app.screen = if self.app.is_on_its_way(id) { Screen::Upload(id) } else { self.screen_of(id) };
        }
    }

    /// Drafts with something to send, the one a code was wanted for first, then the newest.
    fn waiting_drafts(&self, first: Option<DraftId>) -> impl Iterator<Item = (DraftId, &Draft)> {
        let idle = |(id, draft): &(&DraftId, &Draft)| draft.has_content() && !self.app.is_on_its_way(**id);
        let mut waiting: Vec<_> = self.app.drafts.iter().filter(idle).map(|(id, draft)| (*id, draft)).collect();
        waiting.sort_by_key(|(id, draft)| (Some(*id) != first, std::cmp::Reverse(draft.since)));
        waiting.into_iter()
    }

    /// Says where a draft goes that had no place.
    fn settle(&mut self, id: DraftId, place: Place) {
        if let Some(draft) = self.draft_mut(id).filter(|draft| draft.place.is_none()) {
            draft.name = place.name();
            draft.place = Some(place);
        }
    }

    /// Gives a draft a new ticket. The old one is forgotten where it names the same upload, else given back.
    fn renew(&mut self, id: DraftId, ticket: Ticket, same_upload: bool) {
        let new = ticket.id;
        let count = self.draft(id).map_or(0, |draft| draft.pages.len());
        let Some(draft) = self.draft_mut(id) else { return };
        let old = draft.ticket.replace(ticket);
        draft.checked &= same_upload;
        match old {
            Some(old) if same_upload => self.forget(vec![crate::Sealed::Ticket(old.id)]),
            Some(old) => self.effects.push(Effect::Decline { ticket: old.id }),
            None => {}
        }
        if self.app.is_on_its_way(id) {
            self.send_with(id, new);
        } else if count > 0 {
            self.effects.push(Effect::TellPages { ticket: new, count: count as u32 });
        }
    }

    fn begin(&mut self, ticket: Ticket, place: Place, reuse: Option<DraftId>) -> DraftId {
        let id = DraftId(self.draw());
        let draft = Draft { ticket: Some(ticket), reuse, ..Draft::new(self.now, Some(place)) };
        self.app.drafts.insert(id, draft);
        id
    }

    /// The answer to 'Use your 3 pages here?'.
    pub(super) fn use_waiting_pages(&mut self, yes: bool) {
        let Screen::Check(id) = self.app.screen else { return };
        let Some(other) = self.draft_mut(id).and_then(|draft| draft.reuse.take()) else { return };
        if !yes || self.app.is_on_its_way(other) {
            return;
        }
        if self.app.undo.as_ref().is_some_and(|undo| undo.draft == other) {
            self.forget_undo();
            self.app.notice = None;
        }
        let Some(source) = self.app.drafts.get_mut(&other) else { return };
        let (pages, filter, document) = (std::mem::take(&mut source.pages), source.filter, source.document.take());
        self.drop_draft(other);
        // A PDF made of pages carries the other document's title.
        let (kept, stale) = match document {
            Some(document) if document.from_file => (Some(document), None),
            other => (None, other),
        };
        self.forget(stale.map(|document| crate::Sealed::Document(document.id)).into_iter().collect());
        let Some(draft) = self.draft_mut(id) else { return };
        draft.pages.splice(0..0, pages);
        draft.filter = filter;
        draft.document = draft.document.take().or(kept);
        self.tell_pages(id);
    }

    /// 'No, this is not mine': the ticket goes, pages of the same place stay.
    pub(super) fn not_mine(&mut self) {
        let Screen::Check(id) = self.app.screen else { return };
        let Some(draft) = self.draft_mut(id) else { return };
        draft.reuse = None;
        if draft.has_content() {
            if let Some(ticket) = draft.ticket.take() {
                self.effects.push(Effect::Decline { ticket: ticket.id });
            }
        } else {
            self.drop_draft(id);
        }
        self.app.notice = Some(Notice::Declined);
        self.app.screen = Screen::Home;
    }

    /// The ticket has ended, or there was none: scan a code and go on with the same pages.
    pub(super) fn new_code(&mut self) {
        let draft = match self.app.screen {
            Screen::Confirm(draft) if self.draft(draft).is_some_and(|draft| draft.ticket.is_none()) => draft,
            Screen::Upload(draft) if self.has_failed(draft) => {
                self.app.outbox.remove(&draft);
                draft
            }
            _ => return,
        };
        self.app.screen = Screen::ScanQr(Asking { waiting: Some(draft), ..Asking::default() });
    }
}
