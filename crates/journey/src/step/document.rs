//! From pages or a file to the PDF that will be sent.

use super::Step;
use crate::{
    Document, DraftId, Effect, EffectId, Sealed, Trouble,
    app::{Asking, Place, Screen},
    event::{NewPhoto, Picked},
};
use protocol::{Reason, api::Limits, limits};

impl Step<'_> {
    pub(super) fn select_file(&mut self) {
        let (Screen::Source(id) | Screen::Pages(id)) = self.app.screen else { return };
        let effect = EffectId(self.draw());
        let limits = self.limits(id);
        let Some(draft) = self.draft_mut(id).filter(|draft| draft.picking.is_none()) else { return };
        draft.picking = Some(effect);
        draft.trouble = None;
        self.effects.push(Effect::PickFiles { effect, draft: id, limits });
    }

    fn limits(&self, id: DraftId) -> Limits {
        let ticket = self.draft(id).and_then(|draft| draft.ticket.as_ref());
        ticket.map_or(Limits { bytes: limits::DOCUMENT_BYTES, pages: limits::DOCUMENT_PAGES }, |ticket| ticket.limits)
    }

    pub(super) fn picked(&mut self, effect: EffectId, id: DraftId, picked: Picked) {
        let wanted = self.draft(id).is_some_and(|draft| draft.picking == Some(effect));
        if !wanted || self.app.is_on_its_way(id) {
            return self.forget_picked(picked);
        }
        let on_its_screen = matches!(self.app.screen, Screen::Source(open) | Screen::Pages(open) if open == id);
        if let Some(draft) = self.draft_mut(id) {
            draft.picking = None;
        }
        self.take_picked(id, picked, on_its_screen);
    }

    /// Puts what was chosen into a draft.
    pub(super) fn take_picked(&mut self, id: DraftId, picked: Picked, on_its_screen: bool) {
        match picked {
            Picked::Nothing => {}
            Picked::Trouble(trouble) => {
                if let Some(draft) = self.draft_mut(id) {
                    draft.trouble = Some(trouble);
                }
            }
            Picked::Pictures(photos) => {
                let refused: Vec<NewPhoto> =
                    photos.into_iter().filter(|photo| self.append_page(id, *photo).is_none()).collect();
                self.forget(refused.iter().map(|photo| Sealed::Photo(photo.id)).collect());
                if on_its_screen {
                    self.app.screen = Screen::Pages(id);
                }
            }
            Picked::Pdf(document) => self.pdf_picked(id, document, on_its_screen),
        }
    }

    /// A PDF goes as it is, so it cannot be joined to pages.
    fn pdf_picked(&mut self, id: DraftId, document: Document, on_its_screen: bool) {
        let pages = self.draft(id).map_or(0, |draft| draft.pages.len());
        if pages > 0 {
            self.forget(vec![Sealed::Document(document.id)]);
            if let Some(draft) = self.draft_mut(id) {
                draft.trouble = Some(Trouble::PdfAlone);
            }
            return;
        }
        self.pages_touched(id);
        if let Some(draft) = self.draft_mut(id) {
            draft.document = Some(document);
            if on_its_screen {
                self.app.screen = Screen::Confirm(id);
            }
        }
    }

    /// What was picked for nobody is not kept, unless it is already there because this was said before.
    pub(super) fn forget_picked(&mut self, picked: Picked) {
        let needed = self.app.needs();
        let sealed: Vec<Sealed> = match picked {
            Picked::Nothing | Picked::Trouble(_) => Vec::new(),
            Picked::Pictures(photos) => photos.iter().map(|photo| Sealed::Photo(photo.id)).collect(),
            Picked::Pdf(document) => vec![Sealed::Document(document.id)],
        };
        self.forget(sealed.into_iter().filter(|sealed| !needed.contains(sealed)).collect());
    }

    /// To the document, but for pages without a place: a code says first where they go, and with it what they are called.
    pub(super) fn end(&mut self) {
        if let Screen::Pages(id) = self.app.screen
            && self.draft(id).is_some_and(|draft| !draft.pages.is_empty() && draft.picking.is_none())
        {
            self.app.screen = if self.has_place(id) {
                Screen::Generate { draft: id, asking: false }
            } else {
                Screen::ScanQr(Asking { waiting: Some(id), ..Asking::default() })
            };
        }
    }

    pub(super) fn generate(&mut self) {
        if let Screen::Generate { draft, .. } = self.app.screen
            && self.draft(draft).is_some_and(|draft| draft.making.is_none())
        {
            self.app.screen = Screen::Generate { draft, asking: true };
        }
    }

    pub(super) fn make_pdf(&mut self, yes: bool) {
        let Screen::Generate { draft: id, asking: true } = self.app.screen else { return };
        self.app.screen = Screen::Generate { draft: id, asking: false };
        if !yes {
            return;
        }
        let (effect, at, language) = (EffectId(self.draw()), self.now, self.app.settings.language);
        let limit = self.limits(id).bytes;
        let Some(draft) = self.draft_mut(id) else { return };
        if draft.document.is_some() {
            self.app.screen = Screen::Confirm(id);
        } else if draft.making.is_none() {
            draft.making = Some(effect);
            draft.trouble = None;
            let (pages, title) = (draft.pages.clone(), draft.name.clone());
            self.effects.push(Effect::MakePdf { effect, draft: id, pages, title, language, at, limit });
        }
    }

    /// The name is the PDF's title, so a PDF made under another name is no longer good.
    pub(super) fn name_document(&mut self, name: &str) {
        let Screen::Generate { draft: id, .. } = self.app.screen else { return };
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(limits::DOCUMENT_NAME_CHARS).collect();
        let Some(draft) = self.draft_mut(id).filter(|draft| draft.making.is_none()) else { return };
        let name = if name.is_empty() { draft.place.as_ref().map(Place::name).unwrap_or_default() } else { name };
        if draft.name != name {
            draft.name = name;
            self.pages_touched(id);
        }
    }

    pub(super) fn pdf_made(&mut self, id: DraftId, document: Document) {
        let limit = self.limits(id).bytes;
        let wanted = self.draft(id).is_some_and(|draft| draft.making == Some(document.id));
        if !wanted || document.bytes > limit {
            if !self.app.needs().contains(&Sealed::Document(document.id)) {
                self.forget(vec![Sealed::Document(document.id)]);
            }
            if wanted {
                self.pdf_failed(document.id, id, Trouble::File { reason: Reason::TooLarge });
            }
            return;
        }
        let Some(draft) = self.draft_mut(id) else { return };
        draft.making = None;
        draft.document = Some(document);
        if matches!(self.app.screen, Screen::Generate { draft, .. } if draft == id) {
            self.app.screen = Screen::Confirm(id);
        }
    }

    pub(super) fn pdf_failed(&mut self, effect: EffectId, id: DraftId, trouble: Trouble) {
        if let Some(draft) = self.draft_mut(id).filter(|draft| draft.making == Some(effect)) {
            draft.making = None;
            draft.trouble = Some(trouble);
        }
    }

    /// One step back from 'Confirm'.
    pub(super) fn before_confirm(&self, id: DraftId) -> Screen {
        match self.draft(id) {
            Some(draft) if draft.place.is_none() => Screen::Home,
            Some(draft) if draft.document.as_ref().is_some_and(|document| document.from_file) => Screen::Source(id),
            Some(_) => Screen::Generate { draft: id, asking: false },
            None => Screen::Home,
        }
    }
}
