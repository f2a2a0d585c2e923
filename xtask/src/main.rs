//! The project's own commands. `cargo xtask` without one lists them.
//!
//! Knows tools, folders and files; knows nothing about what the product does, apart from what `demo` walks through.

mod aarch64;
mod bench;
mod bindings;
mod command;
mod committed;
mod compiler;
mod demo;
mod emulator;
mod files;
mod fuzz;
mod install;
mod mobile;
mod phone_texts;
mod projects;
mod test;
mod texts;
mod tidy;

use anyhow::{Context, Result, bail, ensure};
use pico_args::Arguments;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

const HELP: &str = "\
cargo xtask COMMAND

  demo [--headless] [--out DIR] [--photo FILE]… [--webcam] [--built]
                      portal and app with fictional citizens; with --headless the walk by itself;
                      with --webcam the app looks through this machine's camera;
                      with --built what was built last is run
  test [STAGE]        every promise, as in CI; the last line is 'N passed, N failed'
  tidy                dependency arrows and the other invariants of ARCHITECTURE.md
  texts [--check]     checks texts/*.json; writes the screens' typed record and the phones' string files
  bindings [--check]  writes the TypeScript of the Rust types that cross to the screens
  bench scan [--photos DIR] [--out DIR] [--sample N] [--only PART] [--cpu N] [--scanic-ml DIR]
                      the page detector beside others; its parts: detection, rendered, page, engines;
                      slow peers see every N-th photo
  bench frame         what a frame costs on its way from Java to the detector
  check-mobile [PART] what only phones run, without their SDKs: type-checks the app's 'rust' for Android and iOS;
                      compiles, tests and checks the plugins' 'kotlin'; holds the phones' 'projects' together
  emulator            the desktop build as a Debian package for testers
  fuzz [TARGET] [--seconds N]
                      libFuzzer on what reads what others send; a minute each
  install             what a fresh Debian machine lacks

--install lets demo, test, check-mobile, emulator and install add Debian packages when you are not root (through sudo).
--check writes nothing and fails when what is committed is stale.
";

fn main() -> ExitCode {
    match execute() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let root = root()?;
    let may_install = arguments.contains("--install");
    match arguments.subcommand()?.as_deref() {
        Some("demo") => {
            let options = demo::Options {
                built: arguments.contains("--built"),
                webcam: arguments.contains("--webcam"),
                headless: arguments.contains("--headless"),
                out: arguments.opt_value_from_os_str("--out", path)?,
                photos: arguments.values_from_os_str("--photo", path)?,
            };
            nothing_more(arguments)?;
            ensure!(!(options.webcam && options.headless), "nobody holds a page to the webcam in a headless walk");
            install::everything(&root, may_install)?;
            demo::run(&root, options)
        }
        Some("test") => {
            let only: Option<String> = arguments.opt_free_from_str()?;
            nothing_more(arguments)?;
            test::run(&root, may_install, only.as_deref())
        }
        Some("tidy") => {
            nothing_more(arguments)?;
            tidy::check(&root)
        }
        Some("bindings") => {
            let check = arguments.contains("--check");
            nothing_more(arguments)?;
            bindings::generate(&root, check)
        }
        Some("texts") => {
            let check = arguments.contains("--check");
            nothing_more(arguments)?;
            texts::generate(&root, check)
        }
        Some("bench") => {
            let options = bench::Options {
                photos: arguments.opt_value_from_os_str("--photos", path)?,
                out: arguments.opt_value_from_os_str("--out", path)?,
                scanic_ml: arguments.opt_value_from_os_str("--scanic-ml", path)?,
                sample: arguments.opt_value_from_str("--sample")?.unwrap_or(1),
                cpu: arguments.opt_value_from_str("--cpu")?.unwrap_or(0),
                only: arguments.opt_value_from_str("--only")?,
            };
            let what: Option<String> = arguments.opt_free_from_str()?;
            nothing_more(arguments)?;
            ensure!(options.sample > 0, "--sample 1 is every photo, --sample 2 every second one");
            match what.as_deref() {
                Some("scan") => bench::scan(&root, &options),
                Some("frame") => bench::frame(&root),
                _ => bail!("bench what? There are 'scan' and 'frame'\n\n{HELP}"),
            }
        }
        Some("check-mobile") => {
            let only: Option<String> = arguments.opt_free_from_str()?;
            nothing_more(arguments)?;
            install::everything(&root, may_install)?;
            mobile::check(&root, only.as_deref())
        }
        Some("emulator") => {
            nothing_more(arguments)?;
            install::everything(&root, may_install)?;
            emulator::run(&root)
        }
        Some("fuzz") => {
            let seconds = arguments.opt_value_from_str("--seconds")?.unwrap_or(60);
            let only: Option<String> = arguments.opt_free_from_str()?;
            nothing_more(arguments)?;
            fuzz::run(&root, only.as_deref(), fuzz::Effort::Seconds(seconds)).map(drop)
        }
        Some("install") => {
            nothing_more(arguments)?;
            install::everything(&root, may_install)
        }
        Some(unknown) => bail!("no command '{unknown}'\n\n{HELP}"),
        None => {
            print!("{HELP}");
            Ok(())
        }
    }
}

/// The repository: this package's folder lies in it.
fn root() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(package.parent().context("the repository's folder")?.to_owned())
}

fn path(text: &std::ffi::OsStr) -> Result<PathBuf, std::convert::Infallible> {
    Ok(PathBuf::from(text))
}

fn nothing_more(arguments: Arguments) -> Result<()> {
    match arguments.finish().first() {
        Some(unknown) => bail!("what is {unknown:?}?\n\n{HELP}"),
        None => Ok(()),
    }
}
