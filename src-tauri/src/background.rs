//! Tells the device what is being sent, so that the system lets it go on out of sight. Refuses to know who sends, and how.

use crate::words;
use driver::{
    Driver,
    journey::{Sending, intent::Language},
};
use tauri::{AppHandle, Runtime, async_runtime::spawn};
use tauri_plugin_device::{DeviceExt, Work};

/// Follows the outbox for as long as the app runs.
pub(crate) fn keep<R: Runtime>(app: &AppHandle<R>, driver: &Driver) {
    let (app, driver) = (app.clone(), driver.clone());
    let mut frames = driver.frames();
    spawn(async move {
        let mut told = None;
        loop {
            let language = frames.borrow_and_update().settings.language;
            let work = driver.sending().map(|sending| work(sending, language));
            if work != told {
                if let Err(error) = app.device().background_time(work.as_ref()) {
                    tracing::warn!(%error, "sending may stop out of sight");
                }
                told = work;
            }
            if frames.changed().await.is_err() {
                break;
            }
        }
    });
}

/// What the device is told; no more often than the figure changes that it shows.
fn work(sending: Sending, language: Option<Language>) -> Work {
    let Sending { documents, sent, total } = sending;
    let title = if documents == 1 { "app.background.sending.one" } else { "app.background.sending.other" };
    let percent = (sent.min(total) * 100).checked_div(total).and_then(|percent| u8::try_from(percent).ok());
    Work {
        channel: words::text(language, "app.background.channel"),
        title: words::text(language, title).replace("{n}", &documents.to_string()),
        stopped: words::text(language, "app.background.stopped"),
        percent: percent.unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_is_told_once_for_every_hundredth() {
        let at = |sent| work(Sending { documents: 1, sent, total: 50_000_000 }, Some(Language::En));
        assert_eq!((at(0).percent, at(499_999).percent, at(500_000).percent, at(50_000_000).percent), (0, 0, 1, 100));
        assert_eq!(at(500_000), at(999_999), "the same work: the device is left alone");
        assert_eq!(at(60_000_000).percent, 100, "a portal that knows more than there is");
        assert_eq!(work(Sending { documents: 1, sent: 0, total: 0 }, None).percent, 0);
    }

    #[test]
    fn it_says_so_in_every_language_and_names_no_document() {
        for language in [Language::En, Language::Fr, Language::De] {
            let [one, two] = [1, 2].map(|documents| work(Sending { documents, sent: 1, total: 2 }, Some(language)));
            assert!(two.title.contains('2') && !two.title.contains('{') && one.title != two.title, "{two:?}");
            assert!([&one.channel, &one.title, &one.stopped].iter().all(|word| **word != "Folio"), "{one:?}");
        }
    }
}
