//! Files a citizen chose here or shared from another app: a PDF goes as it is, pictures become pages.

use crate::{
    ports::{Choice, PickError, PickedFile, Reading},
    trouble,
    works::Works,
};
use journey::{Document, DraftId, EffectId, NewPhoto, Outcome, Picked, Sealed, Trouble};
use protocol::{Reason, api::Limits};

const PDF: &[u8] = b"%PDF-";

impl Works {
    pub async fn pick(&self, effect: EffectId, draft: DraftId, limits: Limits) {
        let picked = self.try_pick(effect, limits).await.unwrap_or_else(Picked::Trouble);
        self.report(Outcome::Picked { effect, draft, picked });
    }

    async fn try_pick(&self, id: EffectId, limits: Limits) -> Result<Picked, Trouble> {
        let files = self.ports.picker.pick(Choice::Document).await.map_err(of_picker)?;
        let readings = files.into_iter().map(|file| -> Reading { Box::new(|| Ok(file)) });
        self.take(id, readings.collect(), limits).await
    }

    pub async fn look_at_shared(&self, effect: EffectId, files: Vec<Reading>, limits: Limits) {
        let picked = self.take(effect, files, limits).await.unwrap_or_else(Picked::Trouble);
        self.report(Outcome::Shared { effect, picked });
    }

    /// One PDF, or pictures: all of them or none. One file after the other, so that no more than one is in memory.
    async fn take(&self, id: EffectId, files: Vec<Reading>, limits: Limits) -> Result<Picked, Trouble> {
        let is_alone = files.len() == 1;
        let mut kept = Vec::new();
        for read in files {
            match self.take_one(id, read, is_alone, limits).await {
                Ok(Taken::Pdf(document)) => return Ok(Picked::Pdf(document)),
                Ok(Taken::Picture(photo)) => kept.push(photo),
                Err(trouble) => {
                    let sealed: Vec<_> = kept.iter().map(|photo: &NewPhoto| Sealed::Photo(photo.id)).collect();
                    self.forget(&sealed).await;
                    return Err(trouble);
                }
            }
        }
        Ok(if kept.is_empty() { Picked::Nothing } else { Picked::Pictures(kept) })
    }

    async fn take_one(&self, id: EffectId, read: Reading, is_alone: bool, limits: Limits) -> Result<Taken, Trouble> {
        let file = self.blocking(read).await.map_err(of_picker)?;
        if !is_for_pdf(&file) {
            return self.keep_photo(file.bytes).await.map(Taken::Picture).map_err(|unkept| unkept.trouble());
        }
        if !is_alone {
            return Err(Trouble::PdfAlone);
        }
        self.keep_pdf(id, file.bytes, limits).await.map(Taken::Pdf)
    }

    async fn keep_pdf(&self, id: EffectId, bytes: Vec<u8>, limits: Limits) -> Result<Document, Trouble> {
        let (pages, bytes) = self.blocking(move || inspect(&bytes, limits).map(|pages| (pages, bytes))).await?;
        self.keep_document(id, bytes, pages, true).await.map_err(|error| trouble::of_vault(&error))
    }
}

enum Taken {
    Pdf(Document),
    Picture(NewPhoto),
}

fn of_picker(error: PickError) -> Trouble {
    match error {
        PickError::TooLarge => Trouble::File { reason: Reason::TooLarge },
        PickError::Failed => Trouble::File { reason: Reason::Damaged },
    }
}

/// What is a PDF, or says it is one without being a picture: the reason it is refused for is then a PDF's.
fn is_for_pdf(file: &PickedFile) -> bool {
    let named = file.name.to_ascii_lowercase().ends_with(".pdf");
    file.bytes.is_empty() || file.bytes.starts_with(PDF) || named && image::guess_format(&file.bytes).is_err()
}

/// The same check the portal makes.
fn inspect(bytes: &[u8], limits: Limits) -> Result<u32, Trouble> {
    let bytes_limit = usize::try_from(limits.bytes).unwrap_or(usize::MAX);
    let limits = pdf::Limits { bytes: bytes_limit, pages: limits.pages, ..pdf::Limits::default() };
    let reason = match pdf::inspect(bytes, &limits) {
        Ok(facts) => return Ok(facts.pages),
        Err(pdf::Refusal::Empty) => Reason::Empty,
        Err(pdf::Refusal::TooLarge) => Reason::TooLarge,
        Err(pdf::Refusal::NotPdf) => Reason::NotPdf,
        Err(pdf::Refusal::Damaged) => Reason::Damaged,
        Err(pdf::Refusal::Encrypted) => Reason::Encrypted,
        Err(pdf::Refusal::NoPages) => Reason::NoPages,
        Err(pdf::Refusal::TooManyPages) => Reason::TooManyPages,
        Err(pdf::Refusal::ActiveContent(_)) => Reason::ActiveContent,
    };
    Err(Trouble::File { reason })
}
