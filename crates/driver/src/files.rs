//! Files a citizen chose: a PDF goes as it is, pictures become pages.

use crate::{
    ports::{Choice, PickError, PickedFile},
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
        let mut files = self.ports.picker.pick(Choice::Document).await.map_err(|error| match error {
            PickError::TooLarge => Trouble::File { reason: Reason::TooLarge },
            PickError::Failed => Trouble::File { reason: Reason::Damaged },
        })?;
        let pdfs = files.iter().filter(|file| is_for_pdf(file)).count();
        match (files.pop(), files.len(), pdfs) {
            (None, ..) => Ok(Picked::Nothing),
            (Some(file), 0, 1) => self.keep_pdf(id, file.bytes, limits).await.map(Picked::Pdf),
            (Some(last), _, 0) => {
                files.push(last);
                self.keep_pictures(files).await.map(Picked::Pictures)
            }
            (Some(_), ..) => Err(Trouble::PdfAlone),
        }
    }

    async fn keep_pdf(&self, id: EffectId, bytes: Vec<u8>, limits: Limits) -> Result<Document, Trouble> {
        let (pages, bytes) = self.blocking(move || inspect(&bytes, limits).map(|pages| (pages, bytes))).await?;
        self.keep_document(id, bytes, pages, true).await.map_err(|error| trouble::of_vault(&error))
    }

    /// All of them or none.
    async fn keep_pictures(&self, files: Vec<PickedFile>) -> Result<Vec<NewPhoto>, Trouble> {
        let mut kept: Vec<NewPhoto> = Vec::with_capacity(files.len());
        for file in files {
            match self.keep_photo(file.bytes).await {
                Ok(photo) => kept.push(photo),
                Err(unkept) => {
                    let sealed: Vec<_> = kept.iter().map(|photo| Sealed::Photo(photo.id)).collect();
                    self.forget(&sealed).await;
                    return Err(unkept.trouble());
                }
            }
        }
        Ok(kept)
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
