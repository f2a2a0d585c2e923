//! Files that other apps share with this one, for the driver to read when their turn comes. Decides which addresses may be read at all:
//! they are another app's word. Refuses to know what is in a file.

use crate::picker;
use driver::{Driver, PickError, Reading};
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager, Runtime, Url};
use tauri_plugin_fs::FilePath;

/// Follows what is shared for as long as the app runs. On an iPhone the system says it to the app itself: [`opened`].
#[cfg(target_os = "android")]
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>, driver: &Driver) {
    use tauri_plugin_device::DeviceExt;
    let (handle, driver) = (app.clone(), driver.clone());
    let told =
        move |addresses: Vec<String>| share(&handle, &driver, addresses.iter().map(|address| address.parse().ok()));
    if let Err(error) = app.device().on_shared(told) {
        tracing::error!(%error, "nothing can be shared with this app");
    }
}

/// The system hands files over; links it hands over too are somebody else's.
#[cfg(any(target_os = "ios", test))]
pub(crate) fn opened<R: Runtime>(app: &AppHandle<R>, urls: Vec<Url>) {
    match app.try_state::<Driver>() {
        Some(driver) => {
            let files = urls.into_iter().filter(|url| url.scheme() == "file").map(Some);
            share(app, driver.inner(), files);
        }
        None => tracing::error!("shared before there is anybody to take it"),
    }
}

#[cfg(any(mobile, test))]
fn share<R: Runtime>(app: &AppHandle<R>, driver: &Driver, urls: impl Iterator<Item = Option<Url>>) {
    let own = Own {
        identifier: app.config().identifier.clone(),
        folders: [app.path().app_data_dir(), app.path().app_cache_dir()].into_iter().flatten().collect(),
    };
    let reading = |url: Option<Url>| -> Reading {
        let (app, url) = (app.clone(), url.filter(|url| own.lets_read(url)));
        Box::new(move || read(&app, url.ok_or(PickError::Failed)?))
    };
    driver.share(urls.map(reading).collect());
}

fn read<R: Runtime>(app: &AppHandle<R>, url: Url) -> Result<driver::PickedFile, PickError> {
    let copy = url.to_file_path().ok().filter(|path| is_inbox(path));
    let read = picker::read(app, FilePath::Url(url));
    // The system's copy for this app lies there readable until somebody deletes it.
    if let Some(Err(error)) = copy.map(std::fs::remove_file) {
        tracing::error!(%error, "a copy of what was shared stays");
    }
    read
}

/// Where Apple's systems put a copy of what is shared.
fn is_inbox(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("Documents/Inbox"))
}

/// What is this app's own and not to be read in another's name.
struct Own {
    identifier: String,
    folders: Vec<PathBuf>,
}

impl Own {
    fn lets_read(&self, url: &Url) -> bool {
        match url.scheme() {
            // A provider's address; ours has this app's name in front.
            "content" => url.host_str().is_some_and(|host| !host.starts_with(&self.identifier)),
            // On Android only the name of a file that this app could read anyway.
            "file" if cfg!(not(target_os = "android")) => url.to_file_path().is_ok_and(|path| {
                // Written out, so that no step up leads back in.
                let path = path.canonicalize().unwrap_or(path);
                self.folders.iter().all(|own| !path.starts_with(own.canonicalize().as_ref().unwrap_or(own)))
            }),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_of_this_app_is_read_in_another_apps_name() {
        let folder = tempfile::tempdir().unwrap();
        let (data, documents) = (folder.path().join("data"), folder.path().join("Documents/Inbox"));
        for folder in [&data, &documents] {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("a.pdf"), b"%PDF-").unwrap();
        }
        let own = Own { identifier: "lu.folio.app".into(), folders: vec![data.clone()] };
        for theirs in [
            "content://com.android.providers.media.documents/document/image%3A1".to_owned(),
            "content://10@media/external/images/media/5".to_owned(),
            format!("file://{}/a.pdf", documents.display()),
        ] {
            assert!(own.lets_read(&url(&theirs)), "{theirs}");
        }
        for ours in [
            "content://lu.folio.app.camera/photo/1".to_owned(),
            "content://10@lu.folio.app/photo".to_owned(),
            "content:///photo".to_owned(),
            format!("file://{}/a.pdf", data.display()),
            format!("file://{}/../../data/a.pdf", documents.display()),
            "https://portal.example/a.pdf".to_owned(),
            "data:application/pdf,%25PDF-".to_owned(),
        ] {
            assert!(!own.lets_read(&url(&ours)), "{ours}");
        }
    }

    #[test]
    fn the_systems_copy_is_deleted_and_nothing_else() {
        assert!(is_inbox(Path::new("/var/mobile/Containers/Data/Application/1/Documents/Inbox/a.pdf")));
        assert!(!is_inbox(Path::new("/private/var/mobile/Library/Mobile Documents/a.pdf")));
        assert!(!is_inbox(Path::new("/Documents/Inbox/folder/a.pdf")) && !is_inbox(Path::new("Inbox")));
    }
}
