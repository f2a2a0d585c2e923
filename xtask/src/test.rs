//! `cargo xtask test`: every promise, stage by stage, as CI runs it.
//!
//! Knows the order of the stages and how each tool counts; stops at the first stage that fails. The minutes of every
//! stage are printed, and the last line is 'N passed, N failed'.

use anyhow::{Result, bail, ensure};
use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{aarch64, bindings, command, demo, emulator, fuzz, install, mobile, texts, tidy};

/// Results of a stage.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Inputs for each fuzz target.
const FUZZED: u32 = 1500;

type Stage = (&'static str, Box<dyn Fn(&Path) -> Result<Count>>);

/// Runs the stages, or those whose name contains `only`; an error when something failed or nothing was run.
pub fn run(root: &Path, may_install: bool, only: Option<&str>) -> Result<()> {
    let mut table = Vec::new();
    let mut total = Count::default();
    for (name, stage) in stages(may_install).into_iter().filter(|(name, _)| only.is_none_or(|word| name.contains(word)))
    {
        println!("\n── {name}");
        #[expect(clippy::disallowed_methods, reason = "a stage's minutes are printed, nothing is decided by them")]
        let start = Instant::now();
        let count = stage(root).unwrap_or_else(|error| {
            println!("{error:#}");
            Count { passed: 0, failed: 1 }
        });
        table.push((name, start.elapsed(), count));
        total.passed += count.passed;
        total.failed += count.failed;
        if count.failed > 0 {
            break;
        }
    }
    ensure!(!table.is_empty(), "no stage is called '{}'", only.unwrap_or_default());
    println!();
    for (name, time, count) in &table {
        println!("{}", row(name, *time, *count));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 { std::process::exit(1) } else { Ok(()) }
}

fn row(name: &str, time: Duration, count: Count) -> String {
    format!("{name:<24}{:>6.1} min{:>8} passed{:>5} failed", time.as_secs_f64() / 60.0, count.passed, count.failed)
}

fn stages(may_install: bool) -> Vec<Stage> {
    vec![
        ("install", Box::new(move |root| one(install::everything(root, may_install)))),
        ("format", Box::new(|root| one(command::run(command::cargo(root).args(["fmt", "--all", "--check"]))))),
        ("tidy", Box::new(|root| one(tidy::check(root)))),
        ("texts", Box::new(|root| one(texts::generate(root, true)))),
        ("bindings", Box::new(|root| one(bindings::generate(root, true)))),
        ("screens: types", Box::new(|root| one(command::run(&mut npm(root, "check"))))),
        ("screens: tests", Box::new(|root| counted(&mut npm(root, "test"), vitest))),
        // Before whatever compiles the app, which embeds the built screens.
        ("screens: build", Box::new(|root| one(command::run(&mut npm(root, "build"))))),
        ("build", Box::new(|root| one(command::run(&mut command::workspace(root, "build"))))),
        ("unit and story tests", Box::new(|root| counted(&mut cargo_test(root), cargo_tests))),
        ("as aarch64", Box::new(as_aarch64)),
        ("fuzz", Box::new(fuzz)),
        ("walk", Box::new(walk)),
        ("linked phone", Box::new(linked)),
        ("emulator", Box::new(package)),
        ("screens: axe", Box::new(|root| counted(&mut npm(root, "axe"), axe))),
        ("portal's pages: axe", Box::new(pages)),
        ("clippy", Box::new(|root| one(clippy(root)))),
        ("check-mobile", Box::new(|root| one(mobile::check(root, None)))),
    ]
}

/// A stage that counts as one promise.
fn one(result: Result<()>) -> Result<Count> {
    result.map(|()| Count { passed: 1, failed: 0 })
}

/// A stage that says how many promises it looked at.
fn counted(command: &mut Command, count: fn(&str) -> Count) -> Result<Count> {
    let (succeeded, said) = command::watched(command.env("NO_COLOR", "1"))?;
    let mut counted = count(&said);
    if !succeeded {
        counted.failed = counted.failed.max(1);
    } else if counted.passed == 0 {
        bail!("{} ran no test", command::line(command));
    }
    Ok(counted)
}

fn npm(root: &Path, script: &str) -> Command {
    let mut npm = command::npm(&root.join("ui"));
    npm.args(["run", "--silent", script]);
    npm
}

/// Everything as it is built, then once more with what only some testers build in.
fn clippy(root: &Path) -> Result<()> {
    for features in [&[][..], command::WEBCAM] {
        let mut clippy = command::workspace(root, "clippy");
        command::run(clippy.args(features).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn cargo_test(root: &Path) -> Command {
    let mut test = command::workspace(root, "test");
    // All of it even when one fails: a run is long, and a second failure is worth knowing.
    test.arg("--no-fail-fast");
    test
}

fn as_aarch64(root: &Path) -> Result<Count> {
    let mut all = Count::default();
    for mut tests in aarch64::tests(root)? {
        let counted = counted(&mut tests, cargo_tests)?;
        (all.passed, all.failed) = (all.passed + counted.passed, all.failed + counted.failed);
    }
    Ok(all)
}

/// As many inputs as take seconds.
fn fuzz(root: &Path) -> Result<Count> {
    let targets = fuzz::run(root, None, fuzz::Effort::Inputs(FUZZED))?;
    Ok(Count { passed: targets, failed: 0 })
}

/// The article, step by step, on the rendered scenes.
fn walk(root: &Path) -> Result<Count> {
    let steps = demo::headless(root, &command::target_folder()?.join("walk"), &[])?;
    Ok(Count { passed: steps as u64, failed: 0 })
}

/// The linked phone, step by step, in the same windows.
fn linked(root: &Path) -> Result<Count> {
    let steps = demo::linked(root, &command::target_folder()?.join("linked"))?;
    Ok(Count { passed: steps as u64, failed: 0 })
}

/// The testers' package.
fn package(root: &Path) -> Result<Count> {
    let promises = emulator::test(root)?;
    Ok(Count { passed: promises as u64, failed: 0 })
}

/// The portal's pages in a browser.
fn pages(root: &Path) -> Result<Count> {
    let data = tempfile::Builder::new().prefix("folio-pages-").tempdir()?;
    let parts = demo::Parts::start(root, data.path())?;
    let script = root.join("tests/browser/pages.mjs");
    counted(Command::new("node").arg(script).args(["--portal", &parts.portal_address]), axe)
}

/// The sum of the lines `test result: ok. 12 passed; 0 failed; …`.
fn cargo_tests(said: &str) -> Count {
    sum(said.lines().filter_map(|line| line.trim().strip_prefix("test result:")))
}

/// The line `Tests  1 failed | 182 passed (183)`.
fn vitest(said: &str) -> Count {
    sum(said.lines().filter_map(|line| line.trim().strip_prefix("Tests ")))
}

/// The last line: `310 passed, 0 failed`.
fn axe(said: &str) -> Count {
    sum(said.lines().rev().find(|line| line.contains(" passed, ")).into_iter())
}

fn sum<'a>(lines: impl Iterator<Item = &'a str>) -> Count {
    lines.fold(Count::default(), |total, line| Count {
        passed: total.passed + before(line, "passed"),
        failed: total.failed + before(line, "failed"),
    })
}

/// The number that stands before a word.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches([';', ',', '.', '|'])).collect();
    words.windows(2).filter(|pair| pair[1] == word).find_map(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_results_add_up() {
        let said = "running 3 tests\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n\ntest result: ok. 40 passed; 0 failed;\n";
        assert_eq!(cargo_tests(said), Count { passed: 42, failed: 1 });
    }

    #[test]
    fn vitest_is_read_with_and_without_failures() {
        assert_eq!(
            vitest(" Test Files  5 passed (5)\n      Tests  182 passed (182)\n"),
            Count { passed: 182, failed: 0 }
        );
        assert_eq!(vitest("      Tests  1 failed | 181 passed (182)\n"), Count { passed: 181, failed: 1 });
    }

    #[test]
    fn the_screens_last_line_is_read() {
        assert_eq!(axe("FAILED home\n310 passed, 2 failed\n"), Count { passed: 310, failed: 2 });
    }

    #[test]
    fn a_run_without_a_test_fails() {
        assert!(counted(Command::new("echo").arg("nothing"), cargo_tests).is_err());
        let failed = counted(&mut Command::new("false"), cargo_tests).unwrap();
        assert_eq!(failed, Count { passed: 0, failed: 1 });
    }

    #[test]
    fn a_row_has_its_minutes() {
        let row = row("tidy", Duration::from_secs(90), Count { passed: 1, failed: 0 });
        assert_eq!(row, "tidy                       1.5 min       1 passed    0 failed");
    }
}
