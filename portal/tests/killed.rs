//! The real program, killed in the middle and started again: no acknowledged byte is lost, no half document is seen.

mod common;

use bytes::Bytes;
use client::Pass;
use common::{Phone, Seeded, Ticket, complete, sha256, within};
use portal::store::{Procedures, sqlite::SqliteStore};
use protocol::api::UploadState;
use std::{path::Path, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use url::Url;

struct Running {
    child: Child,
    origin: Url,
}

async fn start(data: &Path, port: u16) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portal"))
        .args(["demo", "--issuer", "http://127.0.0.1:1", "--port", &port.to_string(), "--data"])
        .arg(data)
        .env("RUST_LOG", "error")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("starts");
    let stdout = child.stdout.take().expect("stdout");
    let line = within(BufReader::new(stdout).lines().next_line()).await.expect("reads").expect("a line");
    assert!(line.contains("ready"), "{line}");
    Running { child, origin: Url::parse(&format!("http://127.0.0.1:{port}")).expect("url") }
}

impl Running {
    /// SIGKILL: no destructor, no flush, no goodbye.
    async fn kill(mut self) {
        within(self.child.kill()).await.expect("kills");
    }
}

#[expect(clippy::disallowed_methods, reason = "the program under test runs by the machine's clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    listener.local_addr().expect("address").port()
}

async fn connected(data: &Path, running: &Running, n: u64) -> (Ticket, Pass) {
    let store = SqliteStore::open(&data.join("portal.sqlite")).await.expect("opens");
    store.seed(&common::seed()).await.expect("seeds");
    let ticket = common::ticket(&store, n, common::add(), now()).await;
    let pass = Phone::new(&running.origin, n).redeem(&ticket).await.expect("redeems").1;
    (ticket, pass)
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_bytes_survive_a_killed_process() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let port = free_port();
    let document = common::padded_pdf(600_000);
    for seed in 0..4u64 {
        let mut chance = Seeded(seed);
        let mut running = start(&data, port).await;
        let (_, pass) = connected(&data, &running, seed).await;
        let phone = Phone::new(&running.origin, seed);
        phone.client.create_file(&pass, document.len() as u64).await.expect("creates");
        let (mut acknowledged, mut sent) = (0, 0);
        for _ in 0..3 {
            // A few pieces are acknowledged, then one is under way when the process dies.
            for _ in 0..chance.next() % 4 {
                let piece = &document[acknowledged..document.len().min(acknowledged + 20_000)];
                sent = sent.max(acknowledged + piece.len());
                let offset = phone.client.patch(&pass, acknowledged as u64, Bytes::copy_from_slice(piece)).await;
                acknowledged = offset.expect("sends") as usize;
            }
            let piece = Bytes::copy_from_slice(&document[acknowledged..document.len().min(acknowledged + 90_000)]);
            sent = sent.max(acknowledged + piece.len());
            let (other, pass_too) = (Phone::new(&running.origin, seed), pass.clone());
            let flying = tokio::spawn(async move { other.client.patch(&pass_too, acknowledged as u64, piece).await });
            for _ in 0..chance.next() % 3_000 {
                tokio::task::yield_now().await;
            }
            running.kill().await;
            if let Ok(offset) = within(flying).await.expect("runs") {
                acknowledged = offset as usize;
            }
            running = start(&data, port).await;
            let offset = phone.client.offset(&pass).await.expect("answers") as usize;
            assert!((acknowledged..=sent).contains(&offset), "{acknowledged} ≤ {offset} ≤ {sent}, seed {seed}");
            acknowledged = offset;
        }
        while acknowledged < document.len() {
            let piece = &document[acknowledged..document.len().min(acknowledged + 200_000)];
            let offset = phone.client.patch(&pass, acknowledged as u64, Bytes::copy_from_slice(piece)).await;
            acknowledged = offset.expect("sends") as usize;
        }
        // Killed while it is checked: the check is taken up again, and the answer is the same.
        phone.client.complete(&pass, &complete(&document)).await.expect("hands in");
        for _ in 0..chance.next() % 3_000 {
            tokio::task::yield_now().await;
        }
        running.kill().await;
        let running = start(&data, port).await;
        match phone.settled(&pass).await {
            UploadState::Accepted { receipt } => assert_eq!(receipt.sha256, sha256(&document), "seed {seed}"),
            state => panic!("not accepted: {state:?}, seed {seed}"),
        }
        running.kill().await;
    }
}

/// What the system is really asked, in its order: write, sync the piece, publish it, sync its folder, sync the
/// database, and only then say 204.
#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn the_system_is_asked_to_sync_before_204_goes_out() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let running = start(&data, free_port()).await;
    let (_, pass) = connected(&data, &running, 1).await;
    let phone = Phone::new(&running.origin, 1);
    phone.client.create_file(&pass, 2_000).await.expect("creates");
    phone.client.patch(&pass, 0, Bytes::from(vec![b'x'; 1_000])).await.expect("sends");

    let log = folder.path().join("strace");
    let id = running.child.id().expect("runs").to_string();
    let calls = "trace=openat,write,writev,sendto,fsync,fdatasync,rename,renameat2,link,linkat";
    let mut tracer = Command::new("strace")
        .args(["-f", "-y", "-s", "40", "-e", calls, "-p", &id, "-o"])
        .arg(&log)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("strace starts");
    let mut said = BufReader::new(tracer.stderr.take().expect("stderr")).lines();
    within(async { while !said.next_line().await.expect("reads").expect("attaches").contains("attached") {} }).await;
    phone.client.patch(&pass, 1_000, Bytes::from(vec![b'y'; 1_000])).await.expect("sends");
    running.kill().await;
    within(tracer.wait()).await.expect("ends");

    let trace = std::fs::read_to_string(&log).expect("reads");
    let at = |what: &str, from: usize, test: &dyn Fn(&str) -> bool| {
        let found = trace.lines().enumerate().skip(from).find(|(_, line)| test(line));
        found.unwrap_or_else(|| panic!("no {what} after line {from} of\n{trace}")).0
    };
    let synced = |line: &str| line.contains("fsync(") || line.contains("fdatasync(");
    let written = at("write of the piece", 0, &|line| line.contains("write") && line.contains("yyyy"));
    let piece = at("sync of the piece", written, &|line| {
        synced(line) && line.contains("/files/uploads/") && line.contains('#')
    });
    let published = at("publishing", piece, &|line| line.contains("rename") || line.contains("link"));
    let entry = at("sync of its folder", published, &|line| {
        synced(line) && line.contains("/files/uploads/") && !line.contains('#')
    });
    let committed = at("sync of the database", entry, &|line| synced(line) && line.contains("portal.sqlite"));
    at("204", committed, &|line| line.contains("HTTP/1.1 204"));
    let early = trace.lines().take(committed).any(|line| line.contains("HTTP/1.1 204"));
    assert!(!early, "204 went out before the last sync\n{trace}");
}
