//! `cargo xtask demo`: portal, login provider and app with fictional citizens; with `--headless` the whole walk by itself.
//!
//! Everything listens on loopback, lives in one folder and ends with the command.

mod citizen;
mod parts;
mod process;
mod story;
mod wait;
mod walk;
mod webdriver;

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub use parts::Parts;

/// What the command line asked for.
#[derive(Debug, Default)]
pub struct Options {
    /// Take what was built last, unchanged.
    pub built: bool,
    /// Walk the article without a display.
    pub headless: bool,
    /// Where the walk writes `story.html`, `received.pdf` and `receipt.json`.
    pub out: Option<PathBuf>,
    /// Pictures for the simulated camera; the rendered scenes when empty.
    pub photos: Vec<PathBuf>,
}

/// Starts everything; returns when the walk is done or, with a display, when the app's window is closed.
pub fn run(root: &Path, options: Options) -> Result<()> {
    if !options.built {
        parts::build(root)?;
    }
    if options.headless {
        let out = options.out.unwrap_or_else(|| root.join("target/walk"));
        fs::create_dir_all(&out)?;
        return headless(root, &fs::canonicalize(&out)?, &options.photos);
    }
    let data = root.join("target/demo");
    fs::create_dir_all(&data)?;
    let photos = gather_photos(root, &data, &options.photos)?;
    let parts = Parts::start(root, &data)?;
    citizen::introduce(&parts);
    if !there_is_a_display() {
        println!("There is no display for the app's window, so the main job is walked instead.");
        return headless(root, &data.join("walk"), &options.photos);
    }
    parts.start_app(&photos)?.wait()
}

fn headless(root: &Path, out: &Path, photos: &[PathBuf]) -> Result<()> {
    let data = tempfile::Builder::new().prefix("folio-walk-").tempdir()?;
    let photos = gather_photos(root, data.path(), photos)?;
    let parts = Parts::start(root, data.path())?;
    let desk = parts::Desk::start(root, data.path())?;
    let portal = desk.open_portal()?;
    let app = desk.open_app(&parts, &photos)?;
    let windows = walk::Windows { portal: &portal, app: &app, portal_address: &parts.portal_address };
    let walked = walk::walk(&windows, out);
    if walked.is_err() {
        parts.keep_logs(out)?;
    }
    walked
}

#[expect(clippy::disallowed_methods, reason = "a display is announced in the environment")]
fn there_is_a_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

/// The simulated camera's folder: copies, numbered in the given order.
fn gather_photos(root: &Path, data: &Path, photos: &[PathBuf]) -> Result<PathBuf> {
    let folder = data.join("photos");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut pictures = photos.to_vec();
    if pictures.is_empty() {
        let scenes = root.join("tests/fixtures/scenes");
        pictures = fs::read_dir(&scenes)
            .with_context(|| format!("{}", scenes.display()))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ext| ext == "jpg"))
            .collect();
        pictures.sort();
    }
    ensure!(!pictures.is_empty(), "no pictures for the simulated camera");
    for (number, picture) in pictures.iter().enumerate() {
        let extension = picture.extension().and_then(|ext| ext.to_str()).unwrap_or("jpg");
        fs::copy(picture, folder.join(format!("{number:03}.{extension}")))
            .with_context(|| format!("{}", picture.display()))?;
    }
    Ok(folder)
}
