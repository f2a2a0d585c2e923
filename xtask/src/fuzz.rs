//! `cargo xtask fuzz`: libFuzzer on the targets of `crates/*/fuzz`, with the stable compiler.
//!
//! Does what `cargo fuzz` does without a sanitizer, which needs a nightly compiler: safe Rust has bounds checks instead. What a
//! run found stays in the target folder: `corpus` goes on growing, `artifacts` has what made it fail.

use anyhow::{Result, ensure};
use std::{fs, path::Path, process::Command};

use crate::command;

/// Folder of the package, and its targets.
const TARGETS: &[(&str, &[&str])] = &[("crates/scan/fuzz", &["photo", "frame"]), ("crates/vault/fuzz", &["sealed"])];
/// What libFuzzer learns the covered branches and compared values by.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1";
/// No input may take more memory (MB) or time (s) than this.
const MEMORY: &str = "-rss_limit_mb=1024";
const TIME: &str = "-timeout=20";

/// How long each target is run.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// So many inputs, the same ones every time, from nothing.
    Inputs(u32),
    /// So many seconds, going on from the corpus.
    Seconds(u32),
}

/// Runs all targets, or the one named; how many they were.
pub fn run(root: &Path, only: Option<&str>, effort: Effort) -> Result<u64> {
    let mut run = 0;
    for (folder, targets) in TARGETS {
        for target in targets.iter().filter(|target| only.is_none_or(|name| name == **target)) {
            println!("fuzz: {target}");
            one(&root.join(folder), target, effort)?;
            run += 1;
        }
    }
    ensure!(run > 0, "no target is called '{}'", only.unwrap_or_default());
    Ok(run)
}

fn one(folder: &Path, target: &str, effort: Effort) -> Result<()> {
    let place = command::target_folder()?.join("fuzz");
    let mut build = command::cargo(folder);
    build
        .args(["build", "--quiet", "--release", "--locked", "--bin", target, "--target", HOST])
        .env("CARGO_TARGET_DIR", &place)
        // With a target named, build scripts and macros are left as they are.
        .env("RUSTFLAGS", INSTRUMENTED);
    command::run(&mut build)?;
    let artifacts = place.join("artifacts").join(target);
    fs::create_dir_all(&artifacts)?;
    let mut fuzz = Command::new(place.join(HOST).join("release").join(target));
    fuzz.args([MEMORY, TIME, "-max_len=4096", "-len_control=0", "-verbosity=0", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", artifacts.display()));
    match effort {
        Effort::Inputs(count) => fuzz.args([format!("-runs={count}"), "-seed=1".to_owned()]),
        Effort::Seconds(seconds) => {
            let corpus = place.join("corpus").join(target);
            fs::create_dir_all(&corpus)?;
            fuzz.arg(format!("-max_total_time={seconds}")).arg(corpus)
        }
    };
    command::run(&mut fuzz)
}

/// The machine's own target.
const HOST: &str = if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };
