//! Running other programs: in a folder, to their end, with what they printed where that is wanted.

use anyhow::{Context, Result, ensure};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The cargo that runs this command.
#[expect(clippy::disallowed_methods, reason = "cargo says so in the environment of what it runs")]
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// What [`workspace`] is given to build the desktop's own camera in, which is off unless asked for.
pub const WEBCAM: &[&str] = &["--features", "folio/webcam"];

/// Cargo's `subcommand` over everything there is: for building, testing and the demo.
pub fn workspace(root: &Path, subcommand: &str) -> Command {
    let mut command = selection(root, subcommand);
    command.arg("--all-targets");
    command
}

/// Builds an example by itself, out of the parts that [`workspace`] uses, and gives the program.
pub fn example(root: &Path, name: &str) -> Result<Command> {
    run(selection(root, "build").args(["--example", name]))?;
    Ok(Command::new(target_folder()?.join("debug/examples").join(name)))
}

/// One choice of packages and features: with another one, cargo builds the whole desktop stack once more.
fn selection(root: &Path, subcommand: &str) -> Command {
    let mut command = cargo(root);
    command.args([subcommand, "--quiet", "--workspace", "--features", "folio/demo,folio/custom-protocol"]);
    command
}

pub fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

/// Runs it to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    ensure!(status.success(), "{} ended with {status}", line(command));
    Ok(())
}

/// Runs it to its end and gives its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} ended with {}\n{errors}", line(command), output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs it to its end, shows its standard output line by line and gives it, with whether the program succeeded.
pub fn watched(command: &mut Command) -> Result<(bool, String)> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().context("no standard output")?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        said.push_str(&line);
        said.push('\n');
    }
    Ok((child.wait()?.success(), said))
}

/// The command as somebody would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Cargo's target folder: this program lies in its `debug`.
pub fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).context("the target folder")?;
    Ok(target.to_owned())
}
