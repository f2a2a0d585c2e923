//! A real JVM calls the entry that Android calls, with the same buffers: `jvm/Driver.java` has the scenarios.
//!
//! The library it loads is built here with the feature `jvm`, which nothing else has.

#![expect(clippy::unwrap_used, reason = "what cannot be found or read is a failed test")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The compiled classes and the library.
struct Java {
    classes: PathBuf,
    library: PathBuf,
}

fn java() -> &'static Java {
    static JAVA: OnceLock<Java> = OnceLock::new();
    JAVA.get_or_init(|| {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        // The same choice of packages and features as everything else, so that Tauri is not built once more.
        let features = "folio/demo,folio/custom-protocol,tauri-plugin-camera/jvm";
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--workspace", "--features", features, "--example", "frames_for_java"]);
        succeeds(build.current_dir(package));
        // This program lies in `target/debug/deps`.
        let program = std::env::current_exe().unwrap();
        let profile = program.ancestors().nth(2).unwrap();
        let classes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jvm");
        let mut javac = Command::new("javac");
        javac.args(["-Werror", "-Xlint:all", "-d"]).arg(&classes);
        for source in ["Frames", "Probe", "Picture", "Driver"] {
            javac.arg(package.join("tests/jvm").join(source).with_extension("java"));
        }
        succeeds(&mut javac);
        Java { classes, library: profile.join("examples/libframes_for_java.so") }
    })
}

fn succeeds(command: &mut Command) -> String {
    let program = command.get_program().to_owned();
    let output = command.output().unwrap_or_else(|error| {
        panic!("{}: {error}; a Java 17 is needed, Debian's openjdk-17-jdk-headless", program.display())
    });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{} ended with {}\n{said}{}",
        program.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// Runs a scenario in a JVM of its own that checks what native code does with it.
fn holds(scenario: &str) {
    let java = java();
    let mut run = Command::new("java");
    run.args(["-Xcheck:jni", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-cp"]).arg(&java.classes);
    let said = succeeds(run.arg("lu.folio.camera.Driver").arg(&java.library).arg(scenario));
    assert!(!said.contains("WARNING"), "{said}");
    print!("{said}");
}

#[test]
fn without_a_plugin_every_session_is_closed() {
    holds("before");
}

#[test]
fn a_frame_becomes_a_verdict_with_its_corners_and_an_old_session_is_closed() {
    holds("verdicts");
}

#[test]
fn a_buffer_or_a_number_that_cannot_be_true_is_refused_and_ends_the_session() {
    holds("refused");
}

#[test]
fn no_panic_reaches_java() {
    holds("panics");
}

#[test]
fn a_still_is_copied_once_and_settles_its_shutter() {
    holds("stills");
}

#[test]
fn a_camera_that_is_lost_ends_its_own_session_only() {
    holds("ends");
}

#[test]
fn frames_are_neither_copied_nor_paid_for_with_memory() {
    holds("heap");
}

#[test]
fn the_eye_leaves_no_memory_behind() {
    holds("eye");
}

/// Java's side of the entry has no compiler that compares it with Rust's; its two spellings are compared here.
#[test]
fn kotlin_declares_what_the_driver_calls() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(package.join(path)).unwrap();
    let kotlin = declarations(&read("android/src/main/java/Frames.kt"), "external fun ", |parameter| {
        let (name, kind) = parameter.split_once(": ").unwrap();
        format!("{} {name}", spelt(kind))
    });
    let java = declarations(&read("tests/jvm/Frames.java"), "static native ", str::to_owned);
    assert_eq!(kotlin.len(), 4);
    assert_eq!(kotlin, java);
}

/// `int analyze(long session, …)`, in the order of the file; `parameter` makes Java of a parameter.
fn declarations(text: &str, mark: &str, parameter: impl Fn(&str) -> String) -> Vec<String> {
    let declared = text.split(mark).skip(1).map(|rest| {
        let (before, rest) = rest.split_once('(').unwrap();
        let (inside, after) = rest.split_once(')').unwrap();
        let parameters: Vec<String> =
            inside.split(',').map(str::trim).filter(|one| !one.is_empty()).map(&parameter).collect();
        let (kind, name) = match before.split_once(' ') {
            Some((kind, name)) => (kind.to_owned(), name),
            None => {
                let kind = after.lines().next().unwrap().strip_prefix(": ").unwrap_or("Unit");
                (spelt(kind).to_owned(), before)
            }
        };
        format!("{kind} {name}({})", parameters.join(", "))
    });
    declared.collect()
}

fn spelt(kotlin: &str) -> &str {
    match kotlin {
        "Long" => "long",
        "Int" => "int",
        "Boolean" => "boolean",
        "Unit" => "void",
        other => other,
    }
}
