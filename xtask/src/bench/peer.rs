//! A program that answers one line of JSON with another, kept alive and held to one core.
//!
//! Knows the line protocol; refuses to know what is asked.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Ended when dropped.
pub struct Peer {
    pub name: String,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts it on the processor core `cpu` alone; what it complains about goes to `logs/NAME.log`.
    pub fn start(name: &str, command: &Command, cpu: usize, logs: &Path) -> Result<Self> {
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", &cpu.to_string()]).arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            pinned.current_dir(folder);
        }
        for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            pinned.env(threads, "1");
        }
        pinned.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(logs.join(format!("{name}.log")))?);
        let mut child = pinned.spawn().context("taskset")?;
        let input = child.stdin.take().context("no standard input")?;
        let output = BufReader::new(child.stdout.take().context("no standard output")?);
        Ok(Peer { name: name.to_owned(), child, input, output })
    }

    /// Its answer; lines that are no JSON object are passed over.
    pub fn ask(&mut self, request: &Value) -> Result<Value> {
        writeln!(self.input, "{request}").with_context(|| format!("{} does not listen", self.name))?;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                bail!("{} ended ({}) at {request}; see its log", self.name, self.child.wait()?);
            }
            if line.starts_with('{') {
                return serde_json::from_str(&line).with_context(|| format!("{} answered {line}", self.name));
            }
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
