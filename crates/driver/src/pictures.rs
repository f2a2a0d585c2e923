//! Pictures for the screens, made of what is sealed when they are asked for; the last ones are kept in memory.

use crate::{
    sealed,
    still::{NotServed, Served},
    works::Works,
};
use journey::{App, DraftId, EffectId, Lock, PageId, PhotoId};
use scan::{Filter, Recipe, Turn};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// Pictures kept in memory, in bytes.
const KEPT: usize = 24 * 1024 * 1024;
/// Sizes a screen may ask for, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=2400;
const USUAL_SIDE: u32 = 800;

/// What a path asks for, with everything its picture depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Photo(PhotoId, u32),
    Page(PageId, u32),
    Pdf(DraftId, usize, u32),
}

/// A recipe that was asked for, by what makes it look as it does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Dish {
    Photo(PhotoId, Recipe, u32),
    Pdf(EffectId, usize, u32),
}

/// A whole PDF, opened.
type Pdf = Arc<Zeroizing<Vec<u8>>>;

#[derive(Default)]
pub(crate) struct Pictures {
    kept: Mutex<VecDeque<(Dish, Served)>>,
    /// The PDF that is being looked at, so that turning its pages does not open it anew each time.
    pdf: Mutex<Option<(EffectId, Pdf)>>,
}

impl Pictures {
    pub async fn serve(&self, works: &Works, app: &App, path: &str) -> Result<Served, NotServed> {
        if app.lock != Lock::Open {
            return Err(NotServed::Locked);
        }
        let dish = dish(app, read(path).ok_or(NotServed::NotFound)?).ok_or(NotServed::NotFound)?;
        if let Some(served) = self.find(dish) {
            return Ok(served);
        }
        let jpeg = match dish {
            Dish::Photo(id, recipe, side) => photo(works, id, recipe, side).await?,
            Dish::Pdf(id, page, width) => {
                let pdf = self.pdf(works, id).await?;
                let drawn =
                    works.decoding(move || pdf::render(&pdf, page, u16::try_from(width).unwrap_or(u16::MAX))).await;
                drawn
                    .map_err(|error| match error {
                        pdf::RenderError::NoSuchPage(_) => NotServed::NotFound,
                        pdf::RenderError::Unreadable | pdf::RenderError::Encode => NotServed::Failed,
                    })?
                    .jpeg
            }
        };
        let served = Served { mime: "image/jpeg", bytes: jpeg.into() };
        self.keep(dish, served.clone());
        Ok(served)
    }

    async fn pdf(&self, works: &Works, id: EffectId) -> Result<Pdf, NotServed> {
        let held = self.pdf.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, pdf)) = held.filter(|(held, _)| *held == id) {
            return Ok(pdf);
        }
        let bytes = works.with_vault(move |vault, _| vault.get(&sealed::document(id))).await;
        let pdf = Arc::new(bytes.map_err(|_| NotServed::Failed)?.ok_or(NotServed::NotFound)?);
        *self.pdf.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, pdf.clone()));
        Ok(pdf)
    }

    fn find(&self, dish: Dish) -> Option<Served> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| *known == dish)?;
        let found = kept.remove(at)?;
        kept.push_back(found.clone());
        Some(found.1)
    }

    fn keep(&self, dish: Dish, served: Served) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((dish, served));
        let mut bytes: usize = kept.iter().map(|(_, served)| served.bytes.len()).sum();
        while bytes > KEPT
            && let Some((_, oldest)) = kept.pop_front()
        {
            bytes -= oldest.bytes.len();
        }
    }
}

async fn photo(works: &Works, id: PhotoId, recipe: Recipe, side: u32) -> Result<Vec<u8>, NotServed> {
    let vault = works.vault.clone();
    works
        .decoding(move || {
            let bytes = vault.get(&sealed::photo(id)).map_err(|_| NotServed::Failed)?.ok_or(NotServed::NotFound)?;
            scan::preview(&bytes, &recipe, side).map(|page| page.jpeg).map_err(|_| NotServed::Failed)
        })
        .await
}

/// What is served now: the address of a page names it, and its recipe is the one it has by now.
fn dish(app: &App, asked: Asked) -> Option<Dish> {
    match asked {
        Asked::Photo(id, side) => {
            let whole = Recipe { quad: None, turn: Turn::None, filter: Filter::Original };
            app.photo(id).map(|photo| Dish::Photo(photo.id, whole, side))
        }
        Asked::Page(id, side) => {
            let photo = app.page(id)?.faces.first()?;
            Some(Dish::Photo(photo.id, photo.recipe, side))
        }
        Asked::Pdf(draft, page, width) => app.document(draft).map(|document| Dish::Pdf(document.id, page, width)),
    }
}

fn read(path: &str) -> Option<Asked> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let side = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        match value {
            Some(value) => value.parse().ok().filter(|side| SIDES.contains(side)),
            None => Some(USUAL_SIDE),
        }
    };
    match *path.split('/').collect::<Vec<_>>() {
        ["photo", id] => Some(Asked::Photo(id.parse().ok()?, side("side")?)),
        ["page", id] => Some(Asked::Page(id.parse().ok()?, side("side")?)),
        ["pdf", draft, page] => Some(Asked::Pdf(draft.parse().ok()?, page.parse().ok()?, side("width")?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_views_write() {
        let id = "0123456789abcdef";
        let number = 0x0123_4567_89ab_cdef;
        assert_eq!(read(&format!("photo/{id}?side=1200")), Some(Asked::Photo(PhotoId(number), 1200)));
        assert_eq!(read(&format!("page/{id}?v={id}&side=600")), Some(Asked::Page(PageId(number), 600)));
        assert_eq!(read(&format!("pdf/{id}/3?v={id}&width=900")), Some(Asked::Pdf(DraftId(number), 3, 900)));
        assert_eq!(read(&format!("photo/{id}")), Some(Asked::Photo(PhotoId(number), USUAL_SIDE)));
    }

    #[test]
    fn refuses_what_they_do_not() {
        for path in [
            "",
            "photo",
            "photo/1",
            "photo/../state",
            "photo/0123456789abcdef?side=999999",
            "photo/0123456789abcdef?side=0",
            "photo/0123456789abcdef?side=x",
            "pdf/0123456789abcdef",
            "pdf/0123456789abcdef/-1",
            "state/0123456789abcdef",
        ] {
            assert_eq!(read(path), None, "{path}");
        }
    }
}
