//! Taking pictures, and what can be done to a page.

use super::Step;
use crate::{
    DraftId, Effect, Page, PageId, PhotoId, Sealed, Trouble,
    app::{Screen, Undo},
    event::{NewPhoto, Shutter},
    view::Notice,
};
use scan::{Filter, Quad, Recipe};

impl Step<'_> {
    pub(super) fn take_picture(&mut self) {
        if let Screen::Source(draft) = self.app.screen {
            self.app.screen = Screen::Pages(draft);
        }
    }

    pub(super) fn add_picture(&mut self) {
        let Screen::Pages(id) = self.app.screen else { return };
        let Some(draft) = self.draft_mut(id) else { return };
        draft.trouble = (!draft.has_room()).then_some(Trouble::TooManyPages);
        if draft.trouble.is_none() {
            self.app.screen = Screen::Camera { draft: id, retake: None, trouble: None };
        }
    }

    pub(super) fn camera_done(&mut self) {
        if let Screen::Camera { draft, .. } = self.app.screen {
            self.app.screen = Screen::Pages(draft);
        }
    }

    pub(super) fn camera_trouble(&mut self, what: Trouble) {
        match &mut self.app.screen {
            Screen::ScanQr(asking) => asking.trouble = Some(what),
            Screen::Link => self.app.scan_trouble = Some(what),
            Screen::Camera { trouble, .. } => *trouble = Some(what),
            _ => {}
        }
    }

    /// A photo is sealed: it becomes a page, or the new photo of a page.
    pub(super) fn captured(&mut self, id: DraftId, replaces: Option<PageId>, new: NewPhoto, shutter: Shutter) {
        if self.app.needs().contains(&Sealed::Photo(new.id)) {
            return;
        }
        let page = match replaces {
            Some(page) if self.app.page(page).is_some() => self.replace_photo(id, page, new).then_some(page),
            _ => self.append_page(id, new),
        };
        let Some(page) = page else {
            return self.forget(vec![Sealed::Photo(new.id)]);
        };
        if let Screen::Camera { draft, retake, .. } = self.app.screen
            && draft == id
            && retake == replaces
        {
            let stays = shutter == Shutter::Automatic && retake.is_none();
            self.app.screen =
                if stays { Screen::Camera { draft, retake, trouble: None } } else { Screen::Edit(draft, page) };
        }
    }

    pub(super) fn append_page(&mut self, id: DraftId, new: NewPhoto) -> Option<PageId> {
        let page = PageId(self.draw());
        if self.app.is_on_its_way(id) {
            return None;
        }
        let draft = self.draft_mut(id)?;
        if !draft.has_room() {
            draft.trouble = Some(Trouble::TooManyPages);
            return None;
        }
        let photo = new.with(draft.filter);
        draft.pages.push(Page { id: page, faces: vec![photo], warning: new.warning });
        self.pages_touched(id);
        self.tell_pages(id);
        Some(page)
    }

    fn replace_photo(&mut self, id: DraftId, page: PageId, new: NewPhoto) -> bool {
        if self.app.is_on_its_way(id) {
            return false;
        }
        let Some(page) = self.draft_mut(id).and_then(|draft| draft.pages.iter_mut().find(|p| p.id == page)) else {
            return false;
        };
        let filter = page.faces.first().map_or(Filter::Colour, |photo| photo.recipe.filter);
        let old: Vec<_> = page.holds().collect();
        page.faces = vec![new.with(filter)];
        page.warning = new.warning;
        self.forget(old);
        self.pages_touched(id);
        true
    }

    pub(super) fn edit_page(&mut self, page: PageId) {
        if let Screen::Pages(draft) = self.app.screen
            && self.page_mut(page).is_some()
        {
            self.app.screen = Screen::Edit(draft, page);
        }
    }

    pub(super) fn retake(&mut self, page: PageId) {
        if let Some((draft, _)) = self.page_mut(page) {
            self.app.screen = Screen::Camera { draft, retake: Some(page), trouble: None };
        }
    }

    pub(super) fn set_quad(&mut self, page: PageId, photo: PhotoId, quad: Option<Quad>) {
        let sound =
            quad.is_none_or(|quad| quad.is_convex() && quad.0.iter().all(|c| c.x.is_finite() && c.y.is_finite()));
        let Some((draft, page)) = self.page_mut(page).filter(|_| sound) else { return };
        let Some(photo) = page.faces.iter_mut().find(|face| face.id == photo) else { return };
        if photo.recipe.quad != quad {
            photo.recipe.quad = quad;
            self.pages_touched(draft);
        }
    }

    pub(super) fn recipe(&mut self, page: PageId, change: impl Fn(&mut Recipe)) {
        let Some((draft, page)) = self.page_mut(page) else { return };
        let before = page.look();
        page.faces.iter_mut().for_each(|photo| change(&mut photo.recipe));
        if page.look() != before {
            self.pages_touched(draft);
        }
    }

    pub(super) fn reset_page(&mut self, page: PageId) {
        let Some((draft, page)) = self.page_mut(page) else { return };
        for photo in &mut page.faces {
            photo.recipe = Recipe { quad: photo.found, turn: photo.upright, filter: Filter::Colour };
        }
        self.pages_touched(draft);
    }

    pub(super) fn filter_for_all(&mut self, filter: Filter) {
        let Screen::Pages(id) = self.app.screen else { return };
        let Some(draft) = self.draft_mut(id) else { return };
        draft.filter = filter;
        for photo in draft.pages.iter_mut().flat_map(|page| &mut page.faces) {
            photo.recipe.filter = filter;
        }
        self.pages_touched(id);
    }

    pub(super) fn keep_page(&mut self, page: PageId) {
        if let Some((_, page)) = self.page_mut(page) {
            page.warning = None;
        }
    }

    pub(super) fn move_page(&mut self, page: PageId, to: usize) {
        let Screen::Pages(id) = self.app.screen else { return };
        let Some(draft) = self.draft_mut(id) else { return };
        let Some(from) = draft.pages.iter().position(|p| p.id == page) else { return };
        if to >= draft.pages.len() || to == from {
            return;
        }
        let page = draft.pages.remove(from);
        draft.pages.insert(to, page);
        self.pages_touched(id);
    }

    pub(super) fn delete_page(&mut self, page: PageId) {
        let Some((id, _)) = self.page_mut(page) else { return };
        self.forget_undo();
        let Some(draft) = self.draft_mut(id) else { return };
        let Some(at) = draft.pages.iter().position(|p| p.id == page) else { return };
        let page = draft.pages.remove(at);
        self.app.undo = Some(Undo { draft: id, at, page });
        self.app.notice = Some(Notice::PageDeleted { undo: true });
        self.app.screen = Screen::Pages(id);
        self.pages_touched(id);
        self.tell_pages(id);
    }

    pub(super) fn undo_delete(&mut self) {
        let Some(undo) = self.app.undo.take() else { return };
        self.app.notice = None;
        let room = !self.app.is_on_its_way(undo.draft);
        let Some(draft) = self.draft_mut(undo.draft).filter(|draft| room && draft.has_room()) else {
            return self.forget(undo.page.holds().collect());
        };
        draft.pages.insert(undo.at.min(draft.pages.len()), undo.page);
        self.pages_touched(undo.draft);
        self.tell_pages(undo.draft);
    }

    /// The page, where this screen may change it.
    fn page_mut(&mut self, page: PageId) -> Option<(DraftId, &mut Page)> {
        let draft = match self.app.screen {
            Screen::Pages(draft) => draft,
            Screen::Edit(draft, open) if open == page => draft,
            _ => return None,
        };
        let page = self.app.drafts.get_mut(&draft)?.pages.iter_mut().find(|p| p.id == page)?;
        Some((draft, page))
    }

    /// The pages are no longer those of the PDF that was made or is being made.
    pub(super) fn pages_touched(&mut self, id: DraftId) {
        let Some(draft) = self.draft_mut(id) else { return };
        draft.making = None;
        draft.trouble = None;
        if let Some(document) = draft.document.take() {
            self.forget(vec![Sealed::Document(document.id)]);
        }
        if self.app.screen == Screen::Confirm(id) {
            self.app.screen = Screen::Pages(id);
        }
    }

    pub(super) fn tell_pages(&mut self, id: DraftId) {
        let Some(draft) = self.draft(id) else { return };
        if let Some(ticket) = &draft.ticket {
            self.effects.push(Effect::TellPages { ticket: ticket.id, count: draft.pages.len() as u32 });
        }
    }
}
