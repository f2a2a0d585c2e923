//! `cargo xtask bench frame`: what the way from a phone's Java to the detector costs, on a JVM here.
//!
//! The entry is the one that Android calls, in a release build; the anchor is one copy of the same frame in the same run. Refuses
//! to say anything about a phone: `docs/bench-frame.md` does, and says what it assumes.

use anyhow::{Context, Result, ensure};
use std::{fs, path::Path, process::Command};

use super::{
    processor,
    report::{Table, figure},
    score::{estimate, median},
};
use crate::command;

/// Nanoseconds: nothing, the entry, a copy, the entry with the detector.
type Round = [f64; 4];

const ROWS: [(usize, &str); 4] = [
    (0, "into Rust and back, nothing else"),
    (1, "the entry with a detector that costs nothing"),
    (2, "one copy of the frame (the anchor)"),
    (3, "the entry with the detector"),
];
const ENTRY: usize = 1;
const COPY: usize = 2;
/// Milliseconds a frame, beyond the detector.
const GOAL: f64 = 0.3;

pub fn run(root: &Path) -> Result<()> {
    let mut build = command::cargo(root);
    build.args(["build", "--release", "--quiet", "--package", "tauri-plugin-camera", "--features", "jvm"]);
    command::run(build.args(["--example", "frames_for_java"]))?;
    let target = command::target_folder()?;
    let classes = target.join("bench/frame");
    fs::create_dir_all(&classes)?;
    let mut javac = Command::new("javac");
    javac.arg("-d").arg(&classes);
    for source in ["Frames", "Probe", "Picture", "Bench"] {
        javac.arg(root.join("mobile/camera/tests/jvm").join(source).with_extension("java"));
    }
    command::run(&mut javac).context("a Java 17 is needed: Debian's openjdk-17-jdk-headless")?;
    let mut java = Command::new("java");
    java.arg("-cp").arg(&classes).arg("lu.folio.camera.Bench");
    let said = command::output(java.arg(target.join("release/examples/libframes_for_java.so")))?;
    let rounds: Vec<Round> = said.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(rounds.len() > 1, "the driver measured nothing:\n{said}");
    println!("On {}.\n\n{}", processor(), table(&rounds).markdown());
    Ok(())
}

fn table(rounds: &[Round]) -> Table {
    let micros = |row: usize| estimate(rounds, |rounds| median(rounds.iter().map(|round| round[row] / 1000.0)));
    let ratio = |row: usize| {
        let of = |rounds: &[&Round], row: usize| median(rounds.iter().map(|round| round[row]));
        estimate(rounds, |rounds| of(rounds, row) / of(rounds, COPY))
    };
    let entry = micros(ENTRY).value / 1000.0;
    Table {
        title: "A frame of 1280 × 960 through JNI".to_owned(),
        note: format!(
            "{} rounds in turns, on one thread; medians with 95 % intervals. Beyond the detector a frame costs {entry:.4} ms; the \
             goal is {GOAL} ms at most.",
            rounds.len()
        ),
        head: vec!["what", "µs a frame", "÷ a copy"],
        rows: ROWS
            .iter()
            .map(|&(row, what)| vec![what.to_owned(), figure(micros(row), 2), figure(ratio(row), 4)])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_to_the_copy_of_the_same_run() {
        let table = table(&[[100.0, 500.0, 50_000.0, 2_000_000.0]; 10]);
        let cells: Vec<&str> = table.rows.iter().map(|row| row[2].split(' ').next().unwrap()).collect();
        assert_eq!(cells, ["0.0020", "0.0100", "1.0000", "40.0000"]);
        assert!(table.note.contains("costs 0.0005 ms"), "{}", table.note);
    }
}
