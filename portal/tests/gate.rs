//! The process that looks at a stranger's document has given everything else away first.

#![cfg(target_os = "linux")]

use bytes::Bytes;
use portal::gate::{Gate, Verdict};
use protocol::Reason;
use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

#[test]
#[expect(clippy::disallowed_methods, reason = "bounds how long the child may take to confine itself")]
fn the_child_can_open_nothing_and_gain_nothing() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portal"))
        .arg("gate")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).expect("reads");
    let limit = |name: &str| {
        let limits = read("limits");
        let line = limits.lines().find(|line| line.starts_with(name)).expect("a limit").to_owned();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    // It waits for its document, confined by then; until then it is still starting.
    let until = Instant::now() + Duration::from_secs(60);
    while !read("status").contains("NoNewPrivs:\t1") {
        assert!(Instant::now() < until, "never confined itself");
        std::thread::yield_now();
    }
    assert_eq!(limit("Max open files"), ["0", "0"]);
    assert_eq!(limit("Max processes"), ["0", "0"]);
    assert_eq!(limit("Max file size"), ["0", "0"]);
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(limit("Max cpu time"), ["20", "20"]);
    assert_eq!(limit("Max address space"), ["1073741824", "1073741824"]);
    drop(child.stdin.take());
    let answer = child.wait_with_output().expect("ends");
    assert_eq!(String::from_utf8_lossy(&answer.stdout), "{\"refused\":\"empty\"}\n");
}

#[tokio::test]
async fn a_child_that_dies_over_a_document_refuses_it() {
    let verdict = Gate::new("/bin/false").look(Bytes::from_static(b"%PDF-")).await.expect("runs");
    assert_eq!(verdict, Verdict::Refused(Reason::Damaged));
}

#[tokio::test]
async fn without_a_child_nothing_is_decided() {
    assert!(Gate::new("/nonexistent/portal").look(Bytes::from_static(b"%PDF-")).await.is_err());
}
