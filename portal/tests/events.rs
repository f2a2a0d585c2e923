//! The page follows the phone.

mod common;

use common::{Phone, TestPortal, pdf, within};
use jiff::{SignedDuration, Timestamp};
use protocol::api::UploadState;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{TcpStream, tcp::OwnedReadHalf},
};

#[derive(Debug, PartialEq)]
struct Seen {
    kind: String,
    number: Option<i64>,
    data: Value,
}

/// A browser's EventSource, as far as a test needs one.
struct Page {
    lines: Lines<BufReader<OwnedReadHalf>>,
    status: String,
    _open: tokio::net::tcp::OwnedWriteHalf,
}

impl Page {
    async fn open(portal: &TestPortal, cookie: &str, extra: &str) -> Self {
        let authority = portal.origin.authority().to_owned();
        let (read, mut write) = TcpStream::connect(&authority).await.expect("connects").into_split();
        let path = format!("/procedures/{}/events", common::PROCEDURE);
        let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\ncookie: session={cookie}\r\n{extra}\r\n");
        write.write_all(request.as_bytes()).await.expect("asks");
        let mut lines = BufReader::new(read).lines();
        let status = within(lines.next_line()).await.expect("reads").expect("a status");
        Self { lines, status, _open: write }
    }

    /// The next event of one of these kinds.
    async fn next(&mut self, kinds: &[&str]) -> Seen {
        within(async {
            let mut seen = Seen { kind: String::new(), number: None, data: Value::Null };
            loop {
                let line = self.lines.next_line().await.expect("reads").expect("the stream goes on");
                match line.split_once(": ") {
                    Some(("event", kind)) => seen.kind = kind.to_owned(),
                    Some(("id", number)) => seen.number = number.parse().ok(),
                    Some(("data", data)) => {
                        seen.data = serde_json::from_str(data).expect("JSON");
                        if kinds.contains(&seen.kind.as_str()) {
                            return seen;
                        }
                        seen = Seen { kind: String::new(), number: None, data: Value::Null };
                    }
                    _ => {}
                }
            }
        })
        .await
    }

    /// The last chunk of a body has no bytes.
    async fn ended(&mut self) {
        within(async { while self.lines.next_line().await.expect("reads").is_some_and(|line| line != "0") {} }).await;
    }
}

async fn sign_in(portal: &TestPortal, citizen: &str) -> String {
    let now = Timestamp::from_second(common::START).expect("time");
    portal.app.sign_in(citizen, "acr", "pwd", now).await.expect("signs in").token.expose().clone()
}

#[tokio::test]
async fn the_page_follows_the_phone_step_by_step() {
    let portal = TestPortal::start().await;
    let cookie = sign_in(&portal, common::CITIZEN).await;
    let mut page = Page::open(&portal, &cookie, "").await;
    assert!(page.status.contains("200"), "{}", page.status);

    let ticket = portal.ticket().await;
    let phone = portal.phone(1);
    let (redeemed, pass) = phone.redeem(&ticket).await.expect("redeems");
    let seen = page.next(&["redeemed"]).await;
    assert_eq!((seen.number, &seen.data["ticket"]), (Some(1), &Value::from(ticket.id.as_str())));
    assert_eq!((&seen.data["model"], &seen.data["digits"]), (&"Pixel 8".into(), &redeemed.digits.into()));

    phone.client.pages(&pass, 2).await.expect("counts");
    let seen = page.next(&["page"]).await;
    assert_eq!((seen.number, &seen.data["pages"]), (None, &2.into()));

    let document = pdf(2, "");
    let half = document.len() / 2;
    phone.client.create_file(&pass, document.len() as u64).await.expect("creates");
    phone.client.patch(&pass, 0, document[..half].to_vec().into()).await.expect("sends");
    loop {
        let seen = page.next(&["progress"]).await;
        if seen.data["offset"] == half {
            assert_eq!(seen.data["length"], document.len());
            break;
        }
    }
    let state = phone.deliver(&pass, &document).await;
    let UploadState::Accepted { receipt } = state else { panic!("not accepted: {state:?}") };
    assert_eq!(page.next(&["checking"]).await.number, Some(2));
    let seen = page.next(&["accepted"]).await;
    assert_eq!((seen.number, &seen.data["receipt"]["sha256"]), (Some(3), &receipt.sha256.into()));
}

#[tokio::test]
async fn a_page_that_was_away_catches_up_by_number() {
    let portal = TestPortal::start().await;
    let cookie = sign_in(&portal, common::CITIZEN).await;
    let (first, first_pass) = portal.connected(1).await;
    first.client.decline(&first_pass).await.expect("declines");
    let (second, second_pass) = portal.connected(2).await;
    assert!(matches!(second.deliver(&second_pass, b"no pdf").await, UploadState::Refused { .. }));
    let mut page = Page::open(&portal, &cookie, "last-event-id: 1\r\n").await;
    let all = ["redeemed", "declined", "checking", "refused"];
    for (number, kind) in [(2, "declined"), (3, "redeemed"), (4, "checking"), (5, "refused")] {
        let seen = page.next(&all).await;
        assert_eq!((seen.number, seen.kind.as_str()), (Some(number), kind));
    }
    // Without a number only what happens from now on is told.
    let mut fresh = Page::open(&portal, &cookie, "").await;
    assert!(fresh.status.contains("200"));
    let ticket = portal.ticket().await;
    portal.advance(SignedDuration::from_secs(protocol::limits::TICKET_SECONDS));
    portal::intake::sweep(&portal.app).await.expect("sweeps");
    let seen = fresh.next(&["redeemed", "declined", "checking", "refused", "expired"]).await;
    assert_eq!((seen.number, seen.kind.as_str(), &seen.data["ticket"]), (Some(6), "expired", &ticket.id.into()));
}

#[tokio::test]
async fn strangers_see_nothing_and_six_streams_are_enough() {
    let portal = TestPortal::start().await;
    let nobody = Page::open(&portal, "stranger", "").await;
    assert!(!nobody.status.contains("200"), "{}", nobody.status);
    let cookie = sign_in(&portal, common::CITIZEN).await;
    let mut pages = Vec::new();
    for _ in 0..6 {
        pages.push(Page::open(&portal, &cookie, "").await);
    }
    assert!(pages.iter().all(|page| page.status.contains("200")));
    let seventh = Page::open(&portal, &cookie, "").await;
    assert!(seventh.status.contains("429"), "{}", seventh.status);
    pages.pop();
    within(async { while !Page::open(&portal, &cookie, "").await.status.contains("200") {} }).await;
    // A reader of the same eSpace may watch, too.
    let reader = sign_in(&portal, "tom").await;
    assert!(Page::open(&portal, &reader, "").await.status.contains("200"));
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let portal = TestPortal::start().await;
    let cookie = sign_in(&portal, common::CITIZEN).await;
    let mut page = Page::open(&portal, &cookie, "").await;
    assert!(page.status.contains("200"));
    portal.app.store.close_session(&portal::keys::hash(&cookie), portal.app.clock.now()).await.expect("closes");
    let _phone: (Phone, _) = portal.connected(1).await;
    page.ended().await;
}
