//! 'Select a file' and 'Choose a picture of the code': the system's dialog, and the files read whole within a limit.
//!
//! Refuses to know what is in a file.

use driver::{Choice, MAX_FILE_BYTES, PickError, PickedFile, Picker, Picking};
use std::io::Read;
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, PickerMode};
use tauri_plugin_fs::{FilePath, FsExt, OpenOptions};
use tokio::sync::oneshot;

pub(crate) struct SystemPicker<R: Runtime>(pub AppHandle<R>);

impl<R: Runtime> Picker for SystemPicker<R> {
    fn pick(&self, choice: Choice) -> Picking<'_> {
        Box::pin(async move {
            let chosen = self.ask(choice).await;
            let app = self.0.clone();
            // Files may lie on a slow medium or in a cloud.
            let read = tauri::async_runtime::spawn_blocking(move || {
                chosen.into_iter().map(|path| read(&app, path)).collect::<Result<Vec<_>, _>>()
            });
            read.await.unwrap_or(Err(PickError::Failed))
        })
    }
}

impl<R: Runtime> SystemPicker<R> {
    /// Nothing when the citizen cancelled.
    async fn ask(&self, choice: Choice) -> Vec<FilePath> {
        let dialog = self.0.dialog().file();
        let (answer, answered) = oneshot::channel();
        match choice {
            // Formats' names are the same in every language.
            // Only phones' systems read what iPhones' cameras write.
            Choice::Document if cfg!(mobile) => dialog
                .add_filter("PDF, JPEG, HEIC, PNG, WebP", &["pdf", "jpg", "jpeg", "heic", "heif", "png", "webp"])
                .pick_files(move |paths| drop(answer.send(paths.unwrap_or_default()))),
            Choice::Document => dialog
                .add_filter("PDF, JPEG, PNG, WebP", &["pdf", "jpg", "jpeg", "png", "webp"])
                .pick_files(move |paths| drop(answer.send(paths.unwrap_or_default()))),
            Choice::CodePicture => dialog
                .add_filter("JPEG, PNG, WebP", &["jpg", "jpeg", "png", "webp"])
                .set_picker_mode(PickerMode::Image)
                .pick_file(move |path| drop(answer.send(path.into_iter().collect()))),
        }
        // A dialog that goes away without an answer was cancelled.
        answered.await.unwrap_or_default()
    }
}

/// Reads one file, and no more of it than may be sent.
pub(crate) fn read<R: Runtime>(app: &AppHandle<R>, path: FilePath) -> Result<PickedFile, PickError> {
    let name = match &path {
        FilePath::Path(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
        FilePath::Url(url) => url.path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned),
    };
    let failed = |error: std::io::Error| {
        tracing::warn!(%error, "a chosen file could not be read");
        PickError::Failed
    };
    let mut options = OpenOptions::new();
    options.read(true);
    let file = app.fs().open(path, options).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > MAX_FILE_BYTES {
        return Err(PickError::TooLarge);
    }
    let mut bytes = Vec::new();
    // What a provider calls the length is not what it may deliver.
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PickError::TooLarge);
    }
    Ok(PickedFile { name: name.unwrap_or_default(), bytes })
}
