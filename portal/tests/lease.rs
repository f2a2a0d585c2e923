//! A document is checked by one process of the portal at a time, however long that takes.

#![cfg(unix)]

mod common;

use common::{GATE, TestPortal, pdf, sha256, within};
use jiff::SignedDuration;
use protocol::api::UploadState;
use sqlx::{Connection, SqliteConnection};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// A gate that does not look before the test says so.
struct SlowGate {
    program: PathBuf,
    go: PathBuf,
    _kept: tempfile::TempDir,
}

impl SlowGate {
    fn make() -> Self {
        let kept = tempfile::tempdir().expect("folder");
        let (program, go) = (kept.path().join("gate"), kept.path().join("go"));
        assert!(Command::new("mkfifo").arg(&go).status().expect("starts").success());
        let script = format!("#!/bin/sh\nread -r _ < '{}'\nexec '{GATE}' \"$@\"\n", go.display());
        fs::write(&program, script).expect("writes");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("may run");
        Self { program, go, _kept: kept }
    }

    async fn looks(&self) {
        within(tokio::fs::write(&self.go, "now\n")).await.expect("the gate waits");
    }
}

/// The end of the only upload's lease, once it is later than `than`; in milliseconds.
async fn lease_later(portal: &Path, than: i64) -> i64 {
    let address = format!("sqlite://{}?mode=ro", portal.join("portal.sqlite").display());
    let mut database = SqliteConnection::connect(&address).await.expect("opens");
    within(async {
        loop {
            let lease = sqlx::query_scalar("SELECT lease_until FROM uploads").fetch_one(&mut database).await;
            match lease.expect("reads") {
                lease if lease > than => return lease,
                _ => tokio::task::yield_now().await,
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_outlives_its_lease_is_not_taken_over() {
    let gate = SlowGate::make();
    let portal = TestPortal::with_gate(&gate.program).await;
    let (phone, pass) = portal.connected(1).await;
    let document = pdf(1, "");
    let state = phone.send(&pass, &document, 300).await.expect("sends");
    assert_eq!(state, UploadState::Checking);

    let mut lease = lease_later(&portal.folder, 0).await;
    for _ in 0..2 {
        // Just before the lease would end, it is renewed.
        portal.advance(SignedDuration::from_secs(9));
        lease = lease_later(&portal.folder, lease).await;
    }
    let another = within(portal::intake::next(&portal.app)).await.expect("looks");
    assert!(!another, "somebody else took the check over");

    gate.looks().await;
    match phone.settled(&pass).await {
        UploadState::Accepted { receipt } => assert_eq!(receipt.sha256, sha256(&document)),
        state => panic!("not accepted: {state:?}"),
    }
}
