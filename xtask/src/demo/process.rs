//! Programs the demo starts and, by their own handle, ends again.

use anyhow::{Context, Result, bail};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::wait::until;

/// A running program; ended when dropped.
pub struct Process {
    child: Child,
    name: &'static str,
}

impl Process {
    /// Starts a program, its output in `logs/NAME.log`.
    pub fn start(name: &'static str, logs: &Path, command: &mut Command) -> Result<Self> {
        let log = File::create(logs.join(format!("{name}.log")))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("{name}: {:?}", command.get_program()))?;
        Ok(Self { child, name })
    }

    /// Starts a program that says on its first line of standard output that it is ready, and gives that line.
    pub fn start_announced(name: &'static str, logs: &Path, command: &mut Command) -> Result<(Self, String)> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(logs.join(format!("{name}.log")))?);
        let mut child = command.spawn().with_context(|| format!("{name}: {:?}", command.get_program()))?;
        let mut output = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut process = Self { child, name };
        let mut line = String::new();
        output.read_line(&mut line)?;
        if line.trim().is_empty() {
            bail!("{name} ended at once ({:?}); see {name}.log", process.child.wait()?);
        }
        // The rest is drained so that the program never blocks on a full pipe.
        let mut rest = File::create(logs.join(format!("{name}.out.log")))?;
        std::thread::spawn(move || std::io::copy(&mut output, &mut rest));
        Ok((process, line.trim().to_owned()))
    }

    /// Waits until something listens on the port.
    pub fn wait_for_port(&mut self, port: u16) -> Result<()> {
        let name = self.name;
        until(Duration::from_secs(20), || {
            if let Some(status) = self.child.try_wait()? {
                bail!("{name} ended with {status}; see {name}.log");
            }
            Ok(std::net::TcpStream::connect(("127.0.0.1", port)).ok())
        })
        .with_context(|| format!("{name} never listened on port {port}"))
        .map(drop)
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> Result<()> {
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
