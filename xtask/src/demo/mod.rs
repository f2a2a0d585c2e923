//! `cargo xtask demo`: portal, login provider and app with fictional citizens; with `--headless` the whole walk by itself.
//!
//! Everything listens on loopback, lives in one folder and ends with the command.

mod citizen;
mod linked;
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

pub use parts::{Desk, Parts, build};

/// The article's walk has two pages.
const PAGES: usize = 2;
const AXE: &str = "tests/browser/node_modules/axe-core/axe.min.js";

/// What the command line asked for.
#[derive(Debug, Default)]
pub struct Options {
    /// Take what was built last, unchanged.
    pub built: bool,
    /// The app's camera is the machine's own.
    pub webcam: bool,
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
        parts::build(root, options.webcam)?;
    }
    if options.headless {
        let out = options.out.unwrap_or_else(|| root.join("target/walk"));
        return headless(root, &out, &options.photos).map(drop);
    }
    let data = root.join("target/demo");
    fs::create_dir_all(&data)?;
    let photos = lay_out(&data, &if options.photos.is_empty() { scenes(root)? } else { options.photos.clone() })?;
    let parts = Parts::start(root, &data)?;
    citizen::introduce(&parts);
    if !there_is_a_display() {
        println!("There is no display for the app's window, so the main job is walked instead.");
        return headless(root, &data.join("walk"), &options.photos).map(drop);
    }
    parts.start_app(&photos, options.webcam)?.wait()
}

/// Walks the linked phone without a display; gives the number of steps.
pub fn linked(root: &Path, out: &Path) -> Result<usize> {
    fs::create_dir_all(out)?;
    let out = fs::canonicalize(out)?;
    let data = tempfile::Builder::new().prefix("folio-linked-").tempdir()?;
    let photos = lay_out(data.path(), &scenes(root)?[..PAGES])?;
    let parts = Parts::start(root, data.path())?;
    let desk = parts::Desk::start(data.path())?;
    let portal = desk.open_portal()?;
    let windows = linked::Windows {
        portal: &portal,
        portal_address: &parts.portal_address,
        open_app: &|| desk.open_app(&parts, &photos),
    };
    let walked = linked::walk(&windows, &root.join(AXE), &out);
    if walked.is_err() {
        parts.keep_logs(&out)?;
    }
    walked
}

/// Walks the article without a display; gives the number of steps. What is written lies in `out`.
pub fn headless(root: &Path, out: &Path, own_pictures: &[PathBuf]) -> Result<usize> {
    fs::create_dir_all(out)?;
    let out = fs::canonicalize(out)?;
    let data = tempfile::Builder::new().prefix("folio-walk-").tempdir()?;
    let scenes = scenes(root)?;
    let pictures = if own_pictures.is_empty() { &scenes[..PAGES] } else { own_pictures };
    let photos = lay_out(data.path(), pictures)?;
    let parts = Parts::start(root, data.path())?;
    let desk = parts::Desk::start(data.path())?;
    let portal = desk.open_portal()?;
    let app = desk.open_app(&parts, &photos)?;
    let windows = walk::Windows {
        portal: &portal,
        app: &app,
        portal_address: &parts.portal_address,
        pages: pictures.len(),
        own_pictures: !own_pictures.is_empty(),
    };
    let walked = walk::walk(&windows, &root.join(AXE), &out);
    if walked.is_err() {
        parts.keep_logs(&out)?;
    }
    walked
}

#[expect(clippy::disallowed_methods, reason = "a display is announced in the environment")]
fn there_is_a_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

/// The rendered scenes, by name.
fn scenes(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join("tests/fixtures/scenes");
    let entries = fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))?;
    let mut scenes: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    scenes.sort();
    ensure!(scenes.len() >= PAGES, "too few scenes in {}", folder.display());
    Ok(scenes)
}

/// The simulated camera's folder: copies, numbered in the given order.
fn lay_out(data: &Path, pictures: &[PathBuf]) -> Result<PathBuf> {
    let folder = data.join("photos");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for (number, picture) in pictures.iter().enumerate() {
        let extension = picture.extension().and_then(|extension| extension.to_str()).unwrap_or("jpg");
        fs::copy(picture, folder.join(format!("{number:03}.{extension}")))
            .with_context(|| format!("{}", picture.display()))?;
    }
    Ok(folder)
}
