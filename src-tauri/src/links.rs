//! Links that the system opens the app with. Handed on as they come; refuses to know which of them are codes.

use driver::Driver;
use tauri::{AppHandle, Runtime};
use tauri_plugin_deep_link::DeepLinkExt;

/// Follows links for as long as the app runs.
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>, driver: &Driver) {
    let driver = driver.clone();
    app.deep_link().on_open_url(move |opened| {
        // Files that an iPhone shares come this way too; they are taken elsewhere.
        for link in opened.urls().into_iter().filter(|link| link.scheme() != "file") {
            driver.open_link(link.into());
        }
    });
}
