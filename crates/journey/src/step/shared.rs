//! Files that another app shares with this one: a document that has no place yet.

use super::Step;
use crate::{
    DraftId, Effect, EffectId,
    app::{Draft, Screen},
    event::Picked,
    view::Notice,
};
use protocol::{api::Limits, limits};

impl Step<'_> {
    /// They are looked at at once, lock or no lock: what they are read from may not be there later.
    pub(super) fn files_shared(&mut self) {
        let effect = EffectId(self.draw());
        self.app.receiving.insert(effect);
        let limits = Limits { bytes: limits::DOCUMENT_BYTES, pages: limits::DOCUMENT_PAGES };
        self.effects.push(Effect::TakeShared { effect, limits });
    }

    /// A draft of their own, so that nothing comes into another document unasked.
    pub(super) fn shared(&mut self, effect: EffectId, picked: Picked) {
        if !self.app.receiving.remove(&effect) {
            return self.forget_picked(picked);
        }
        match picked {
            Picked::Nothing => {}
            Picked::Trouble(trouble) => self.app.notice = Some(Notice::Trouble { trouble }),
            picked => {
                let id = DraftId(self.draw());
                self.app.drafts.insert(id, Draft::new(self.now, None));
                self.take_picked(id, picked, false);
                self.app.shared = Some(id);
            }
        }
    }

    /// Shows the draft of shared files, from every screen that may be left. Where a place waits for its document, the citizen is asked
    /// whether it is this one.
    pub(super) fn show_shared(&mut self) {
        let Some(shared) = self.app.shared.filter(|_| self.may_leave()) else { return };
        self.app.shared = None;
        let screen = self.app.screen;
        if let Screen::Source(id) | Screen::Pages(id) | Screen::Check(id) = screen
            && id != shared
            && let Some(draft) = self.draft_mut(id)
        {
            if draft.reuse == Some(shared) {
                return;
            }
            if draft.ticket.is_some() && !draft.has_content() && draft.reuse.is_none() {
                draft.reuse = Some(shared);
                self.app.screen = Screen::Check(id);
                return;
            }
        }
        self.app.screen = self.screen_of(shared);
    }
}
