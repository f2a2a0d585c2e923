//! `cargo xtask bench scan`: the page detector and the way to a clean page, beside what others have, in one run.
//!
//! Knows which parts there are and where their results go. Every figure is a ratio or a share with an interval; nothing
//! fails because of one.

mod detection;
mod engines;
mod frame;
mod needs;
mod pages;
mod peer;
mod rendered;
mod report;
mod score;
mod sheet;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command;
pub use frame::run as frame;
use report::Table;

pub struct Options {
    /// The benchmark's photos; by default `../shared/bench`, where that exists.
    pub photos: Option<PathBuf>,
    pub out: Option<PathBuf>,
    /// Slow detectors see every so many-th photo.
    pub sample: usize,
    /// `dist` of npm's `scanic-ml`, where somebody has it: scanic's net is not in its own package.
    pub scanic_ml: Option<PathBuf>,
    /// The processor core that everything measured runs on.
    pub cpu: usize,
    /// One part only.
    pub only: Option<String>,
}

/// What every part needs to know.
struct Bench<'a> {
    root: &'a Path,
    /// What is installed and rendered for it, kept for the next run.
    work: PathBuf,
    out: PathBuf,
    options: &'a Options,
}

/// A part's results: tables for people, everything for programs.
struct Outcome {
    tables: Vec<Table>,
    json: Value,
}

type Part = (&'static str, fn(&Bench) -> Result<Outcome>);

const PARTS: &[Part] =
    &[("detection", detection::run), ("rendered", rendered::run), ("page", pages::run), ("engines", engines::run)];

pub fn scan(root: &Path, options: &Options) -> Result<()> {
    let work = command::target_folder()?.join("bench");
    fs::create_dir_all(&work)?;
    let out = options.out.clone().unwrap_or_else(|| work.join("scan"));
    let bench = Bench { root, work, out, options };
    fs::create_dir_all(bench.out.join("logs")).with_context(|| bench.out.display().to_string())?;
    let (mut said, mut all) = (bench.heading()?, serde_json::Map::new());
    for (name, part) in PARTS.iter().filter(|(name, _)| options.only.as_deref().is_none_or(|only| only == *name)) {
        println!("\n── {name}");
        let Outcome { tables, json } = part(&bench).with_context(|| (*name).to_owned())?;
        let text: Vec<String> = tables.iter().map(Table::markdown).collect();
        let text = text.join("\n");
        println!("\n{text}");
        said = format!("{said}\n{text}");
        all.insert((*name).to_owned(), json);
    }
    if all.is_empty() {
        let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        bail!("the parts are {}", names.join(", "));
    }
    fs::write(bench.out.join("results.md"), said)?;
    fs::write(bench.out.join("results.json"), serde_json::to_string_pretty(&all)?)?;
    println!("\nwritten to {}", bench.out.display());
    Ok(())
}

/// What the figures of this run were measured on.
fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = all.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    named.map_or("an unknown processor", |(_, name)| name).to_owned()
}

impl Bench<'_> {
    fn heading(&self) -> Result<String> {
        let commit =
            command::output(Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(self.root))?;
        let only = self.options.only.as_ref().map_or(String::new(), |part| format!("--only {part} "));
        Ok(format!(
            "# Page detection, measured\n\nBy `cargo xtask bench scan {only}--sample {}` at {} on one core of {}. In brackets: 95 % intervals by \
             resampling the photos or runs.\nTimes are medians on a machine that may do other things; their ratios come from \
             runs that took turns.\n",
            self.options.sample,
            commit.trim(),
            processor(),
        ))
    }

    /// Builds programs as they are shipped and gives the folder where `cargo build` leaves them.
    fn built(&self, package: &str, programs: &[&str]) -> Result<PathBuf> {
        let mut build = command::cargo(self.root);
        command::run(build.args(["build", "--release", "--quiet", "--package", package]).args(programs))?;
        Ok(command::target_folder()?.join("release"))
    }

    /// An example of the scanner.
    fn example(&self, name: &str) -> Result<Command> {
        Ok(Command::new(self.built("scan", &["--example", name])?.join("examples").join(name)))
    }

    fn start(&self, name: &str, command: &Command) -> Result<peer::Peer> {
        peer::Peer::start(name, command, self.options.cpu, &self.out.join("logs"))
    }
}
