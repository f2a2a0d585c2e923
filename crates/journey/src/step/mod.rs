//! What an event does to the state. The numbers in comments are those of `docs/flows/README.md`.

mod code;
mod document;
mod link;
mod lock;
mod pages;
mod procedures;
mod sending;
mod shared;

pub use lock::wakes_at;

use crate::{
    App, DraftId, Effect, Event, Intent, Lock, Locked, Outcome, Sealed, Trouble,
    app::{Asking, Draft, Screen, Stage, Unlinking},
};
use jiff::Timestamp;
use rand_core::Rng;

/// Applies one event. Nonsense changes nothing and has no effects.
///
/// Save the state before the effects run.
pub fn step(app: App, event: Event, now: Timestamp, rng: &mut dyn Rng) -> (App, Vec<Effect>) {
    let mut step = Step { app, effects: Vec::new(), now, rng };
    match event {
        Event::Started => step.started(),
        Event::Intent(intent) if step.app.lock == Lock::Open => {
            if !matches!(intent, Intent::Background | Intent::Foreground) {
                step.touched();
            }
            step.intent(intent);
        }
        Event::Intent(intent) => step.locked_intent(intent),
        Event::Outcome(outcome) => step.outcome(outcome),
        Event::LinkOpened(link) => {
            if step.app.lock == Lock::Open {
                step.touched();
            }
            step.link_opened(&link);
        }
        Event::FilesShared => {
            if step.app.lock == Lock::Open {
                step.touched();
            }
            step.files_shared();
        }
        Event::Woken(at) => step.woken(at),
    }
    step.take_opened();
    step.show_shared();
    (step.app, step.effects)
}

struct Step<'a> {
    app: App,
    effects: Vec<Effect>,
    now: Timestamp,
    rng: &'a mut dyn Rng,
}

impl Step<'_> {
    fn intent(&mut self, intent: Intent) {
        match intent {
            Intent::Back => self.back(),
            Intent::GoHome => self.go_home(),
            Intent::OpenSettings if self.app.screen == Screen::Home => self.app.screen = Screen::settings(),
            Intent::AddDocument if self.app.screen == Screen::Home => self.app.screen = Screen::Intro,
            Intent::AddDocument | Intent::AddAnother => self.add_another(),
            Intent::OpenDraft { draft } if self.app.screen == Screen::Home => self.open_draft(draft),
            Intent::DiscardDraft { draft } if self.app.screen == Screen::Home => self.discard_draft(draft),
            Intent::OpenUpload { draft } if self.app.screen == Screen::Home => self.open_upload(draft),
            Intent::Continue => self.go_on(),

            Intent::EnterCodeInstead => self.enter_code_instead(),
            Intent::CodeFound { text } => self.code_found(&text),
            Intent::ChooseCodePicture => self.choose_code_picture(),
            Intent::CodeTyped { code, portal } => self.code_typed(&code, portal),
            Intent::NotMine => self.not_mine(),
            Intent::UseWaitingPages { yes } => self.use_waiting_pages(yes),
            Intent::NewCode => self.new_code(),

            Intent::TakePicture => self.take_picture(),
            Intent::SelectFile => self.select_file(),
            Intent::AddPicture => self.add_picture(),
            Intent::CameraDone => self.camera_done(),
            Intent::CameraTrouble { denied } => {
                self.camera_trouble(if denied { Trouble::PermissionDenied } else { Trouble::CameraFailed });
            }
            Intent::EditPage { page } => self.edit_page(page),
            Intent::SetQuad { page, photo, quad } => self.set_quad(page, photo, quad),
            Intent::RotateLeft { page } => self.recipe(page, |recipe| recipe.turn = recipe.turn.left()),
            Intent::RotateRight { page } => self.recipe(page, |recipe| recipe.turn = recipe.turn.right()),
            Intent::SetFilter { page, filter } => self.recipe(page, |recipe| recipe.filter = filter),
            Intent::SetFilterForAll { filter } => self.filter_for_all(filter),
            Intent::ResetPage { page } => self.reset_page(page),
            Intent::Retake { page } => self.retake(page),
            Intent::KeepPage { page } => self.keep_page(page),
            Intent::MovePage { page, to } => self.move_page(page, to),
            Intent::DeletePage { page } => self.delete_page(page),
            Intent::UndoDelete => self.undo_delete(),

            Intent::End => self.end(),
            Intent::Generate => self.generate(),
            Intent::MakePdf { yes } => self.make_pdf(yes),
            Intent::NameDocument { name } => self.name_document(&name),
            Intent::Confirm => self.confirm(),

            Intent::PauseUpload => self.pause(),
            Intent::ResumeUpload => self.resume(),
            Intent::LeaveUpload if matches!(self.app.screen, Screen::Upload(_)) => self.app.screen = Screen::Home,
            Intent::BackToPages => self.back_to_pages(),
            Intent::AnswerSlot { choice } => self.answer_slot(choice),

            Intent::SetAutomatic { on } => self.app.settings.automatic = on,
            Intent::SetLanguage { language } => self.app.settings.language = language,
            Intent::SetAppearance { appearance } => self.app.settings.appearance = appearance,

            Intent::LinkAccount => self.link_account(),
            Intent::AnswerLink { yes } => self.answer_link(yes),
            Intent::NameDevice { name } => self.name_device(&name),
            Intent::JudgePassword { password } => self.judge_password(password),
            Intent::ChoosePassword { password } => self.choose_password(password),
            Intent::ActivateBiometrics => self.set_biometrics(true),
            Intent::SkipBiometrics => self.skip_biometrics(),
            Intent::DeactivateBiometrics => self.set_biometrics(false),
            Intent::LockNow => self.lock(),
            Intent::Background => self.background(),
            Intent::Foreground => self.foreground(),
            Intent::SetAutoLock { after } => self.app.settings.auto_lock = after,
            Intent::OpenChangePassword => self.open_change_password(),
            Intent::ChangePassword { old, new } => self.change_password(old, new),
            Intent::Unlink => self.unlink(None),
            Intent::AnswerUnlink { yes } => self.unlink(Some(yes)),
            Intent::OpenProcedures => self.open_procedures(),
            Intent::ChooseEspace { espace } => self.choose_espace(espace),
            Intent::RefreshProcedures => self.refresh_procedures(),
            Intent::FillSlot { procedure, slot } => self.fill_slot(procedure, slot),
            Intent::AddToProcedure { procedure, document_type, name } => {
                self.add_to_procedure(procedure, document_type, &name);
            }
            // The lock is open, and being touched was counted already.
            Intent::Active
            | Intent::Unlock { .. }
            | Intent::UnlockWithBiometrics
            | Intent::ForgotPassword
            | Intent::AnswerForgot { .. } => {}

            Intent::DeleteEverything if matches!(self.app.screen, Screen::Settings { .. }) => {
                let (has_sensor, link) = (self.app.has_sensor, self.app.link.take());
                self.app = App { has_sensor, ..App::new(std::mem::take(&mut self.app.portals)) };
                if let Some(link) = link {
                    self.effects.push(Effect::ForgetAccount { link, tell: true });
                }
                self.effects.push(Effect::ForgetEverything);
            }
            Intent::Dismiss => self.dismiss(),
            Intent::OpenSettings
            | Intent::OpenDraft { .. }
            | Intent::DiscardDraft { .. }
            | Intent::OpenUpload { .. }
            | Intent::LeaveUpload
            | Intent::DeleteEverything => {}
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Redeemed { ticket, upload, context, digits, other_account, limits } => {
                self.redeemed(crate::Ticket { id: ticket, upload, digits, other_account, limits }, context);
            }
            Outcome::NotRedeemed { ticket, trouble } => self.not_redeemed(ticket, trouble),
            Outcome::CodePicture { effect, read } => self.code_picture(effect, read),
            Outcome::Captured { draft, replaces, photo, shutter } => self.captured(draft, replaces, photo, shutter),
            Outcome::Picked { effect, draft, picked } => self.picked(effect, draft, picked),
            Outcome::Shared { effect, picked } => self.shared(effect, picked),
            Outcome::PdfMade { draft, document } => self.pdf_made(draft, document),
            Outcome::PdfFailed { effect, draft, trouble } => self.pdf_failed(effect, draft, trouble),
            Outcome::Sent { effect, draft, bytes } => self.sent(effect, draft, bytes),
            Outcome::NoNetwork { effect, draft } => self.at_stage(effect, draft, Stage::WaitingForNetwork),
            Outcome::Checking { effect, draft } => self.at_stage(effect, draft, Stage::Checking),
            Outcome::Accepted { draft, ticket, receipt } => self.accepted(draft, ticket, receipt),
            Outcome::SlotChanged { draft, ticket } => self.slot_changed(draft, ticket),
            Outcome::Discarded { draft, ticket } => self.discarded(draft, ticket),
            Outcome::Ended { ticket, trouble } => self.ended(ticket, trouble),
            Outcome::NotSent { effect, draft, trouble } => self.not_sent(effect, draft, trouble),
            Outcome::LinkRedeemed { linking, owner, espaces } => self.link_redeemed(linking, owner, espaces),
            Outcome::LinkNumber { linking, number, until } => self.link_number(linking, number, until),
            Outcome::LinkMatched { linking } => self.link_matched(linking),
            Outcome::Linked { linking, link, account } => self.linked(linking, link, account),
            Outcome::LinkFailed { linking, trouble, over } => self.link_failed(linking, trouble, over),
            Outcome::PasswordJudged { effect, judged } => self.password_judged(effect, judged),
            Outcome::BiometricsSet { effect, set } => self.biometrics_set(effect, set),
            Outcome::Unlocked { effect, account } => self.unlocked(effect, account),
            Outcome::NotUnlocked { effect, why, lockout } => self.not_unlocked(effect, why, lockout),
            Outcome::Waits { lockout } => self.waits(lockout),
            Outcome::PasswordChanged { effect } => self.password_changed(effect),
            Outcome::NotChanged { effect, why, lockout } => self.not_changed(effect, why, lockout),
            Outcome::Fetched { effect, overview } => self.fetched(effect, overview),
            Outcome::Unlinked { effect } => self.unlinked(effect),
            Outcome::NotUnlinked { effect, trouble } => self.not_unlinked(effect, trouble),
            Outcome::Revoked => self.revoked(),
            Outcome::Sensor { there } => self.app.has_sensor = there,
            Outcome::NotSaved { trouble } => self.not_saved(trouble),
        }
    }

    /// Goes on with what a kill interrupted, on a screen that stands by itself.
    fn started(&mut self) {
        if self.app.link.is_some() {
            self.app.lock = Lock::Locked(Locked::default());
        }
        for (ticket, claim) in &self.app.claims {
            let (portal, link) = (claim.portal.clone(), self.app.link.clone());
            self.effects.push(Effect::Redeem { ticket: *ticket, portal, by: None, link });
        }
        for draft in self.app.outbox.keys().copied().collect::<Vec<_>>() {
            self.resume_after_start(draft);
        }
        self.app.screen = match self.app.screen {
            Screen::ScanQr(asking) => Screen::ScanQr(Asking { reading: None, ..asking }),
            Screen::EnterCode(asking) => Screen::EnterCode(Asking { reading: None, ..asking }),
            Screen::Camera { draft, .. } => Screen::Pages(draft),
            Screen::Link => Screen::Home,
            Screen::Settings { .. } => Screen::settings(),
            other => other,
        };
        if !self.screen_stands() {
            self.app.screen = Screen::Home;
        }
    }

    /// Whether what the screen names is there.
    fn screen_stands(&self) -> bool {
        let app = &self.app;
        match app.screen {
            Screen::Home
            | Screen::Intro
            | Screen::Settings { .. }
            | Screen::Link
            | Screen::ScanQr(_)
            | Screen::EnterCode(_) => true,
            Screen::Procedures { .. } | Screen::ChangePassword => app.link.is_some(),
            Screen::Check(draft)
            | Screen::Source(draft)
            | Screen::Pages(draft)
            | Screen::Camera { draft, .. }
            | Screen::Generate { draft, .. } => app.drafts.contains_key(&draft),
            Screen::Edit(draft, page) => app.drafts.get(&draft).is_some_and(|d| d.pages.iter().any(|p| p.id == page)),
            Screen::Confirm(draft) => app.drafts.get(&draft).is_some_and(|draft| draft.document.is_some()),
            Screen::Upload(draft) | Screen::Done(draft) => app.outbox.contains_key(&draft),
        }
    }

    fn back(&mut self) {
        self.app.screen = match self.app.screen {
            Screen::Home => Screen::Home,
            Screen::Done(_) => return self.go_home(),
            Screen::ScanQr(Asking { waiting: None, .. }) => Screen::Intro,
            Screen::EnterCode(asking) => Screen::ScanQr(Asking { waiting: asking.waiting, ..Asking::default() }),
            Screen::Pages(draft) if self.draft(draft).is_some_and(|draft| !draft.has_content()) => {
                if self.has_place(draft) {
                    Screen::Source(draft)
                } else {
                    self.drop_draft(draft);
                    Screen::Home
                }
            }
            Screen::Camera { draft, retake: Some(page), .. } => Screen::Edit(draft, page),
            Screen::Camera { draft, .. } | Screen::Edit(draft, _) | Screen::Generate { draft, .. } => {
                Screen::Pages(draft)
            }
            Screen::Confirm(draft) => self.before_confirm(draft),
            Screen::Link => return self.back_from_link(),
            Screen::ChangePassword => Screen::settings(),
            // It is on its way, and where it leads is told by its outcome.
            Screen::Settings { unlinking: Unlinking::Running(_), .. } => return,
            Screen::Settings { unlinking: Unlinking::Asking, .. } => Screen::settings(),
            Screen::Procedures { waiting: Some(draft), .. } if self.draft(draft).is_some() => {
                Screen::ScanQr(Asking { waiting: Some(draft), ..Asking::default() })
            }
            Screen::Procedures { .. }
            | Screen::Intro
            | Screen::ScanQr(_)
            | Screen::Check(_)
            | Screen::Source(_)
            | Screen::Pages(_)
            | Screen::Upload(_)
            | Screen::Settings { .. } => Screen::Home,
        };
    }

    /// Naming and the password are one step apart; before them Back gives the code up, after them the phone is linked.
    fn back_from_link(&mut self) {
        use crate::LinkStage;
        match self.app.linking.as_mut().map(|linking| &mut linking.stage) {
            Some(LinkStage::Password { busy: true, .. } | LinkStage::Biometrics { .. }) => {}
            Some(stage @ LinkStage::Password { .. }) => *stage = LinkStage::Naming,
            Some(_) => self.give_up_linking(),
            None => self.app.screen = Screen::Home,
        }
    }

    fn go_home(&mut self) {
        if let Screen::Done(draft) = self.app.screen {
            self.app.outbox.remove(&draft);
        }
        self.app.screen = Screen::Home;
    }

    /// 'Continue'.
    fn go_on(&mut self) {
        match self.app.screen {
            Screen::Intro => self.app.screen = Screen::ScanQr(Asking::default()),
            Screen::Check(id) => {
                let Some(draft) = self.draft_mut(id).filter(|draft| draft.reuse.is_none()) else { return };
                draft.checked = true;
                self.app.screen = self.screen_of(id);
            }
            _ => {}
        }
    }

    fn open_draft(&mut self, id: DraftId) {
        if self.app.drafts.contains_key(&id) && !self.app.is_on_its_way(id) {
            self.app.screen = self.screen_of(id);
        }
    }

    /// Where a draft goes on.
    pub(super) fn screen_of(&self, id: DraftId) -> Screen {
        match self.app.drafts.get(&id) {
            None => Screen::Home,
            Some(draft) if !draft.checked && draft.ticket.is_some() => Screen::Check(id),
            Some(Draft { document: Some(_), .. }) => Screen::Confirm(id),
            Some(draft) if !draft.pages.is_empty() || draft.place.is_none() => Screen::Pages(id),
            Some(_) => Screen::Source(id),
        }
    }

    fn discard_draft(&mut self, id: DraftId) {
        let moving = self.app.outbox.get(&id).is_some_and(|entry| !matches!(entry.stage, Stage::Failed(_)));
        if !moving {
            self.app.outbox.remove(&id);
            self.drop_draft(id);
        }
    }

    /// Removes a draft with everything sealed for it; a living ticket is given back.
    fn drop_draft(&mut self, id: DraftId) {
        let Some(mut draft) = self.app.drafts.remove(&id) else { return };
        if let Some(ticket) = draft.ticket.take() {
            self.effects.push(Effect::Decline { ticket: ticket.id });
        }
        if self.app.undo.as_ref().is_some_and(|undo| undo.draft == id) {
            self.forget_undo();
            self.app.notice = None;
        }
        for other in self.app.drafts.values_mut() {
            other.reuse = other.reuse.filter(|reuse| *reuse != id);
        }
        self.forget(draft.holds().collect());
    }

    /// Closes what lies on top of the screen.
    fn dismiss(&mut self) {
        self.app.notice = None;
        self.forget_undo();
        match &mut self.app.screen {
            Screen::ScanQr(asking) | Screen::EnterCode(asking) => asking.trouble = None,
            Screen::Camera { trouble, .. } | Screen::Procedures { trouble, .. } => *trouble = None,
            Screen::Settings { unlinking, trouble } => {
                *trouble = None;
                if *unlinking == Unlinking::Asking {
                    *unlinking = Unlinking::No;
                }
            }
            Screen::ChangePassword => self.app.changing.trouble = None,
            Screen::Link => {
                self.app.scan_trouble = None;
                if let Some(linking) = &mut self.app.linking {
                    linking.trouble = None;
                }
            }
            Screen::Generate { draft, asking } => {
                *asking = false;
                let draft = *draft;
                self.calm(draft);
            }
            Screen::Source(draft) | Screen::Pages(draft) | Screen::Confirm(draft) => {
                let draft = *draft;
                self.calm(draft);
            }
            _ => {}
        }
    }

    fn calm(&mut self, id: DraftId) {
        if let Some(draft) = self.draft_mut(id) {
            draft.trouble = None;
        }
    }

    fn forget(&mut self, sealed: Vec<Sealed>) {
        if !sealed.is_empty() {
            self.effects.push(Effect::Forget(sealed));
        }
    }

    fn forget_undo(&mut self) {
        if let Some(undo) = self.app.undo.take() {
            self.forget(undo.page.holds().collect());
        }
    }

    fn draft(&self, id: DraftId) -> Option<&Draft> {
        self.app.drafts.get(&id)
    }

    /// Whether a code, or the citizen, has said where a draft goes.
    fn has_place(&self, id: DraftId) -> bool {
        self.draft(id).is_some_and(|draft| draft.place.is_some())
    }

    fn draft_mut(&mut self, id: DraftId) -> Option<&mut Draft> {
        self.app.drafts.get_mut(&id)
    }

    fn draw(&mut self) -> u64 {
        self.rng.next_u64()
    }
}
