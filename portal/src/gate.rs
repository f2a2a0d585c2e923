//! `portal gate`: looks at a stranger's PDF in a process that can do nothing else.
//!
//! The portal starts itself again with this command, the document on standard input; one line of JSON comes back. The
//! child first gives away what it could do harm with (memory, CPU, files, sockets, processes, privileges), so a parser
//! that is led astray ends a process and nothing more. Refuses to know uploads, stores and configuration.

use bytes::Bytes;
use protocol::Reason;
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, process::Command, sync::Semaphore};

/// Address space of the child, in bytes.
const MEMORY: u64 = 1 << 30;
/// CPU seconds of the child, after which the kernel ends it.
const CPU_SECONDS: u64 = 20;
/// Wall clock after which the parent ends it, whatever it waits for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longest line that is read from the child.
const LINE: u64 = 4096;
/// Children at once: each may take a core and [`MEMORY`].
const AT_ONCE: usize = 2;

/// The child's one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pages(u32),
    Refused(Reason),
}

/// The check could not be made; the document is neither accepted nor refused.
#[derive(Debug, thiserror::Error)]
#[error("the gate could not be started: {0}")]
pub struct GateError(#[from] std::io::Error);

/// Starts children.
#[derive(Debug)]
pub struct Gate {
    program: PathBuf,
    turns: Semaphore,
}

impl Gate {
    /// `program` is this very program.
    pub fn new(program: impl AsRef<Path>) -> Self {
        Self { program: program.as_ref().to_owned(), turns: Semaphore::new(AT_ONCE) }
    }

    /// A child that dies or babbles over a document means a damaged document: an honest one does neither.
    pub async fn look(&self, document: Bytes) -> Result<Verdict, GateError> {
        let _turn = self.turns.acquire().await;
        let mut child = Command::new(&self.program)
            .arg("gate")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(GateError(std::io::Error::other("no pipes")));
        };
        let feed = async move {
            // A child that has seen enough closes its end; what it says still counts.
            let _ = input.write_all(&document).await;
        };
        let listen = async {
            let mut line = Vec::new();
            let read = output.take(LINE).read_to_end(&mut line).await;
            (line, read)
        };
        let work = async {
            let ((), (line, read)) = tokio::join!(feed, listen);
            let status = child.wait().await;
            (line, read, status)
        };
        let Ok((line, read, status)) = tokio::time::timeout(PATIENCE, work).await else {
            tracing::warn!("the gate ran out of time over a document");
            return Ok(Verdict::Refused(Reason::Damaged));
        };
        read?;
        let status = status?;
        match serde_json::from_slice(&line) {
            Ok(verdict) if status.success() => Ok(verdict),
            _ => {
                tracing::warn!(%status, "the gate died over a document");
                Ok(Verdict::Refused(Reason::Damaged))
            }
        }
    }
}

/// The child's whole life. Called first thing in `main`, before any thread or runtime exists.
pub fn run() -> std::io::Result<()> {
    confine()?;
    let mut document = Vec::new();
    let cap = protocol::limits::DOCUMENT_BYTES + 1;
    std::io::stdin().lock().take(cap).read_to_end(&mut document)?;
    let verdict = match pdf::inspect(&document, &pdf::Limits::default()) {
        Ok(facts) => Verdict::Pages(facts.pages),
        Err(refusal) => Verdict::Refused(reason(refusal)),
    };
    let mut output = std::io::stdout().lock();
    serde_json::to_writer(&mut output, &verdict)?;
    output.write_all(b"\n")?;
    output.flush()
}

/// What the protocol calls it.
fn reason(refusal: pdf::Refusal) -> Reason {
    match refusal {
        pdf::Refusal::Empty => Reason::Empty,
        pdf::Refusal::TooLarge => Reason::TooLarge,
        pdf::Refusal::NotPdf => Reason::NotPdf,
        pdf::Refusal::Damaged => Reason::Damaged,
        pdf::Refusal::Encrypted => Reason::Encrypted,
        pdf::Refusal::NoPages => Reason::NoPages,
        pdf::Refusal::TooManyPages => Reason::TooManyPages,
        pdf::Refusal::ActiveContent(_) => Reason::ActiveContent,
    }
}

/// No new file or socket can be opened once no descriptor may be; what is open already (the pipes) stays.
fn confine() -> std::io::Result<()> {
    use nix::sys::resource::{Resource, setrlimit};
    setrlimit(Resource::RLIMIT_AS, MEMORY, MEMORY)?;
    setrlimit(Resource::RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_FSIZE, 0, 0)?;
    setrlimit(Resource::RLIMIT_NPROC, 0, 0)?;
    setrlimit(Resource::RLIMIT_NOFILE, 0, 0)?;
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_no_new_privs()?;
    Ok(())
}
