//! The Kotlin of the plugins and of the app: compiled with every warning an error, its logic tested, its names compared with
//! Rust's, its style checked. Each of these must also fail where it should.
//!
//! Against the framework's real classes, Tauri's real sources, and stubs of androidx that prove their own types only
//! (docs/decisions/015).

mod classes;
mod compiler;
mod functions;
mod jars;
mod names;
mod rules;
mod sources;
mod tauri;

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

use crate::files;
use classes::Class;
use compiler::{JUNIT, Module, Tools, said};
use sources::{Sources, paths};

/// Kotlin that must not pass.
const WRONG: &str = "xtask/fixtures/wrong-kotlin";

pub fn check(root: &Path) -> Result<()> {
    let tools = Tools::prepared(root)?;
    let build = tempfile::tempdir()?;
    let files = files::tracked(root)?;
    let modules = Sources::of(&files)?;
    style(&tools, &modules)?;
    let tauri = tauri::compiled(root, &tools, build.path())?;
    see_mistakes(&tools, &tauri, build.path())?;
    let mut compiled = Vec::new();
    for module in &modules {
        println!("check-mobile: {}", module.folder);
        let out = compile(&tools, module, &tauri, build.path())?;
        let misfits = names::misfits(&classes::read(&out)?, &module.rust, &module.rules)?;
        ensure!(misfits.is_empty(), "{}:\n{}", module.folder, misfits.join("\n"));
        compiled.push(out);
    }
    let passed = test(&tools, &modules, &compiled, &build.path().join("tests"))?;
    println!("check-mobile: {passed} tests of Kotlin passed");
    Ok(())
}

/// One run over everything that is written here, and over a file that must be found.
fn style(tools: &Tools, modules: &[Sources]) -> Result<()> {
    let untidy = format!("{WRONG}/Untidy.kt");
    let own = modules.iter().flat_map(|module| module.main.iter().chain(&module.test)).copied();
    let files: Vec<&str> = own.chain([untidy.as_str()]).collect();
    let (wrong, found): (Vec<_>, Vec<_>) = tools.lint(&files)?.into_iter().partition(|line| line.starts_with(&untidy));
    ensure!(found.is_empty(), "ktlint (its -F mends most):\n{}", found.join("\n"));
    ensure!(wrong.iter().any(|line| line.contains("standard:indent")), "ktlint passes {untidy}: it checks nothing");
    Ok(())
}

/// The negative controls of the compiler.
fn see_mistakes(tools: &Tools, tauri: &Path, build: &Path) -> Result<()> {
    let expected: &[(&str, &[&str])] = &[
        ("Mistakes.kt", &["Mistakes.kt:9:30", "Mistakes.kt:11:56", "Mistakes.kt:13:59", "Mistakes.kt:15:72"]),
        // These are reported only where there is no error.
        ("Warning.kt", &["Warning.kt:4:49", "warnings found and -Werror specified"]),
    ];
    for (file, expected) in expected {
        let (sources, on) = ([Path::new(WRONG).join(file)], [tauri.to_owned()]);
        let module = Module { name: "wrong", sources: &sources, on: &on, friends: &[], out: &build.join("wrong") };
        let output = tools.compiled(&module)?;
        let said = said(&output);
        ensure!(!output.status.success(), "{WRONG}/{file} compiles: the check checks nothing");
        for words in *expected {
            ensure!(said.contains(words), "{WRONG}/{file}: the compiler does not say '{words}':\n{said}");
        }
    }
    Ok(())
}

/// Compiles the module by itself; gives the folder of its classes.
fn compile(tools: &Tools, module: &Sources, tauri: &Path, build: &Path) -> Result<PathBuf> {
    let (sources, on, out) = (paths(&module.main), [tauri.to_owned()], build.join(&module.folder));
    tools.compile(&Module { name: &module.folder, sources: &sources, on: &on, friends: &[], out: &out })?;
    Ok(out)
}

/// Compiles all tests, with the controls beside them, and runs them; how many passed.
fn test(tools: &Tools, modules: &[Sources], compiled: &[PathBuf], out: &Path) -> Result<usize> {
    let controls = ["FailingTest.kt", "Unanswered.kt"].map(|file| Path::new(WRONG).join(file));
    let sources: Vec<_> = modules.iter().flat_map(|module| paths(&module.test)).chain(controls).collect();
    let on = [compiled, &tools.jars.named(JUNIT)?].concat();
    tools.compile(&Module { name: "tests", sources: &sources, on: &on, friends: compiled, out })?;
    let (wrong, own): (Vec<_>, Vec<_>) =
        classes::read(out)?.into_iter().partition(|class| class.name.starts_with("lu/folio/wrong/"));
    see_a_missing_name(&wrong, modules)?;

    let on = [compiled, &[out.to_owned()]].concat();
    let run = |classes: &[Class]| {
        let tests = classes.iter().filter(|class| class.mentions("Lorg/junit/Test;"));
        tools.test(&on, &tests.map(Class::dotted).collect::<Vec<_>>())
    };
    let failed = run(&wrong)?;
    ensure!(
        !failed.status.success() && said(&failed).contains("expected:<2> but was:<1>"),
        "a failing test of Kotlin passes: the tests check nothing\n{}",
        said(&failed)
    );
    let output = run(&own)?;
    let said = said(&output);
    let passed = passed(&said).filter(|_| output.status.success());
    passed.with_context(|| format!("tests of Kotlin fail:\n{said}"))
}

/// The negative control of the names.
fn see_a_missing_name(wrong: &[Class], modules: &[Sources]) -> Result<()> {
    let rust: Vec<_> = modules.iter().flat_map(|module| module.rust.iter().copied()).collect();
    let rules: String = modules.iter().map(|module| module.rules.as_str()).collect();
    let misfits = names::misfits(wrong, &rust, &rules)?.join("\n");
    for words in [
        "Java_lu_folio_wrong_Unanswered_missing_1call",
        "no rule keeps the native methods of lu.folio.wrong.Unanswered",
    ] {
        ensure!(misfits.contains(words), "'{words}' is not found:\n{misfits}");
    }
    Ok(())
}

/// JUnit's last line but one: `OK (3 tests)`.
fn passed(said: &str) -> Option<usize> {
    let line = said.lines().find_map(|line| line.strip_prefix("OK ("))?;
    line.split(' ').next()?.parse().ok().filter(|count| *count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_test_is_no_success() {
        assert_eq!(passed("Time: 0.1\n\nOK (3 tests)\n\n"), Some(3));
        assert_eq!(passed("OK (1 test)"), Some(1));
        assert_eq!(passed("OK (0 tests)"), None);
        assert_eq!(passed("Tests run: 3,  Failures: 1"), None);
    }
}
