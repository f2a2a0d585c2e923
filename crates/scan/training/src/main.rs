//! `generate`: gathers assets, renders samples, shows a sheet of them.
//!
//! The only module that knows files, arguments and threads.

mod assets;
mod canvas;
mod chance;
mod clutter;
mod colour;
mod contact;
mod document;
mod ground;
mod hold;
mod jpeg;
mod leaflet;
mod lens;
mod light;
mod noise;
mod objects;
mod paper;
mod picture;
mod plain;
mod pose;
mod prepare;
mod print;
mod sample;
mod scene;
mod sheet;
mod slab;
mod stance;
mod surface;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail};
use assets::Assets;
use canvas::Canvas;
use chance::Chance;
use sample::{HAS_PAGE, Sample, TOUCHES};
use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    thread,
};

const HELP: &str = "\
generate prepare --out DIR [--pages N] FOLDER...         gathers pages, photos, patterns and things once
generate samples --assets DIR --seed N --count N --out FILE|- [--threads N] [--only border|empty]
generate sheet   --assets DIR --seed N --out PNG [--side N]
Without --assets, scenes are made of what the program draws by itself.";

/// The file in the assets' folder.
const FILE: &str = "assets.bin";
/// Samples a thread renders before they are written.
const CHUNK: usize = 32;

/// Which samples are kept; the others' seeds are passed over.
#[derive(Clone, Copy, PartialEq)]
enum Only {
    Any,
    /// The page touches or leaves the frame.
    Border,
    /// There is no page.
    Empty,
}

impl Only {
    fn named(name: &str) -> Result<Self> {
        match name {
            "border" => Ok(Only::Border),
            "empty" => Ok(Only::Empty),
            _ => bail!("--only border or --only empty, not {name}"),
        }
    }

    fn keeps(self, sample: &Sample) -> bool {
        match self {
            Only::Any => true,
            Only::Border => sample.kind & TOUCHES != 0,
            Only::Empty => sample.kind & HAS_PAGE == 0,
        }
    }

    /// Whether a seed is worth rendering: what it decides first may be enough to pass it over.
    fn may_keep(self, seed: u64) -> bool {
        self == Only::Any || scene::has_page(&mut Chance::new(seed)) == (self == Only::Border)
    }
}

fn main() -> Result<()> {
    let mut given = pico_args::Arguments::from_env();
    match given.subcommand()?.as_deref() {
        Some("prepare") => {
            let out: PathBuf = given.value_from_str("--out")?;
            let most = given.opt_value_from_str("--pages")?.unwrap_or(700);
            let folders: Vec<PathBuf> = given.finish().into_iter().map(PathBuf::from).collect();
            prepare(&out, &folders, most)
        }
        Some("samples") => {
            let assets = load(given.opt_value_from_str("--assets")?)?;
            let seed = given.value_from_str("--seed")?;
            let count = given.value_from_str("--count")?;
            let threads = given.opt_value_from_str("--threads")?.unwrap_or(1);
            let only = given.opt_value_from_fn("--only", Only::named)?.unwrap_or(Only::Any);
            let out: String = given.value_from_str("--out")?;
            if out == "-" {
                samples(&assets, seed, count, threads, only, &mut io::stdout().lock())
            } else {
                samples(&assets, seed, count, threads, only, &mut BufWriter::new(File::create(out)?))
            }
        }
        Some("sheet") => {
            let assets = load(given.opt_value_from_str("--assets")?)?;
            let seed = given.value_from_str("--seed")?;
            let side = given.opt_value_from_str("--side")?.unwrap_or(8);
            let out: PathBuf = given.value_from_str("--out")?;
            contact::sheet(&assets, seed, side).save(&out).with_context(|| out.display().to_string())
        }
        _ => bail!("{HELP}"),
    }
}

fn prepare(out: &Path, folders: &[PathBuf], most: usize) -> Result<()> {
    let stored = prepare::gather(folders, most);
    fs::create_dir_all(out)?;
    let mut file = BufWriter::new(File::create(out.join(FILE))?);
    assets::write(&mut file, &stored)?;
    file.flush()?;
    for sort in [assets::Sort::Page, assets::Sort::Photo, assets::Sort::Pattern, assets::Sort::Thing] {
        eprintln!("{sort:?}: {}", stored.iter().filter(|picture| picture.sort == sort).count());
    }
    Ok(())
}

fn load(folder: Option<PathBuf>) -> Result<Assets> {
    let Some(folder) = folder else { return Ok(Assets::default()) };
    let path = folder.join(FILE);
    let file = File::open(&path).with_context(|| path.display().to_string())?;
    Ok(Assets::read(&mut BufReader::new(file))?)
}

/// `count` records in the order of their seeds, whatever the number of threads.
fn samples(assets: &Assets, seed: u64, count: u64, threads: usize, only: Only, out: &mut impl Write) -> Result<()> {
    let mut seeds = (0..).map(|i| seed.wrapping_add(i)).filter(|&seed| only.may_keep(seed));
    let mut left = count;
    while left > 0 {
        // Of those that touch the border fewer are kept than rendered: a full round then, and the rest of it is for nothing.
        let round = if only == Only::Border { u64::MAX } else { left }.min((CHUNK * threads.max(1)) as u64);
        let round: Vec<u64> = seeds.by_ref().take(round as usize).collect();
        let done = thread::scope(|scope| {
            let chunks: Vec<_> = round
                .chunks(CHUNK)
                .map(|chunk| {
                    scope.spawn(move || {
                        let mut canvas = Canvas::new();
                        let samples = chunk.iter().map(|&seed| scene::render(&mut canvas, assets, seed));
                        samples.filter(|sample| only.keeps(sample)).map(|sample| sample.record()).collect::<Vec<_>>()
                    })
                })
                .collect();
            chunks.into_iter().map(|chunk| chunk.join()).collect::<Vec<_>>()
        });
        for chunk in done {
            let Ok(records) = chunk else { bail!("a sample could not be rendered") };
            for record in records.into_iter().take(left as usize) {
                out.write_all(&record)?;
                left -= 1;
            }
        }
    }
    Ok(out.flush()?)
}
