//! From the first byte to the receipt, and every way that can go wrong.

mod common;

use bytes::Bytes;
use client::{ClientError, Pass};
use common::{
    Phone, TestPortal, complete,
    nets::{Cutting, Meddling, Recording, https},
    pdf, sha256, within,
};
use jiff::SignedDuration;
use protocol::{
    Code, Reason,
    api::{Receipt, SlotChoice, UploadState},
    limits,
};
use std::sync::Arc;

fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Code {
    result.expect_err("refused").code().expect("a code")
}

fn receipt(state: UploadState) -> Receipt {
    match state {
        UploadState::Accepted { receipt } => receipt,
        state => panic!("not accepted: {state:?}"),
    }
}

#[tokio::test]
async fn a_document_arrives_whole_and_both_sides_hold_the_same_receipt() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    phone.client.pages(&pass, 2).await.expect("counts");
    let document = pdf(2, "");
    let receipt = receipt(phone.deliver(&pass, &document).await);
    assert_eq!((&receipt.sha256, receipt.bytes), (&sha256(&document), document.len() as u64));
    assert_eq!((receipt.pages, receipt.received_at.as_second()), (2, common::START));

    let slots = portal.app.store.slots(common::PROCEDURE).await.expect("slots");
    let filed = slots.into_iter().filter_map(|slot| slot.document).next().expect("a document");
    assert_eq!((&filed.receipt, filed.name.as_deref()), (&receipt, Some("Autumn")));
    assert_eq!(portal.app.files.get(&filed.object).await.expect("reads"), document);
    // Its pieces go after the receipt: what a crash leaves of them is swept, a receipt would be lost.
    let left = async || portal.app.files.list("uploads").await.expect("lists").len();
    within(async {
        while left().await > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;

    // Completing again, and asking again, give the same answer.
    let again = phone.client.complete(&pass, &complete(&document)).await.expect("answers");
    assert_eq!(again, UploadState::Accepted { receipt });
    assert_eq!(code(phone.client.patch(&pass, 0, Bytes::from_static(b"x")).await), Code::UploadEnded);
}

#[tokio::test]
async fn the_receipt_number_can_be_read_aloud() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    let number = receipt(phone.deliver(&pass, &pdf(1, "")).await).number;
    assert_eq!((number.len(), number.as_bytes()[4]), (9, b'-'));
}

#[tokio::test]
async fn bytes_are_taken_in_order_only() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    assert_eq!(code(phone.client.offset(&pass).await), Code::NotFound);
    phone.client.create_file(&pass, 6).await.expect("creates");
    phone.client.create_file(&pass, 6).await.expect("creates again: the reply may have been lost");
    assert_eq!(code(phone.client.create_file(&pass, 7).await), Code::OffsetMismatch);
    assert_eq!(phone.client.patch(&pass, 0, Bytes::from_static(b"abc")).await, Ok(3));
    for wrong in [0, 2, 4, u64::MAX] {
        assert_eq!(code(phone.client.patch(&pass, wrong, Bytes::from_static(b"x")).await), Code::OffsetMismatch);
    }
    assert_eq!(code(phone.client.patch(&pass, 3, Bytes::from_static(b"defg")).await), Code::TooLarge);
    assert_eq!(phone.client.begin(&pass, 6).await, Ok(3));
    assert_eq!(code(phone.client.complete(&pass, &complete(b"abcdef")).await), Code::Incomplete);
    phone.client.discard_file(&pass).await.expect("discards");
    assert_eq!(phone.client.begin(&pass, 7).await, Ok(0));
    assert!(portal.app.files.list("uploads").await.expect("lists").is_empty(), "losers and discarded pieces are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_senders_at_one_offset_leave_one_piece() {
    let portal = Arc::new(TestPortal::start().await);
    let (phone, pass) = portal.connected(1).await;
    phone.client.create_file(&pass, 4).await.expect("creates");
    let send = |text: &'static [u8]| {
        let (phone, pass) = (portal.phone(1), pass.clone());
        tokio::spawn(async move { phone.client.patch(&pass, 0, Bytes::from_static(text)).await })
    };
    let attempts = [send(b"aaaa"), send(b"bbbb"), send(b"cccc"), send(b"dddd")];
    let mut won = 0;
    for attempt in attempts {
        match within(attempt).await.expect("runs") {
            Ok(offset) => won += u32::from(offset == 4),
            Err(error) => assert_eq!(error.code(), Some(Code::OffsetMismatch)),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(portal.app.files.list("uploads").await.expect("lists").len(), 1);
}

#[tokio::test]
async fn what_arrived_before_a_cut_is_kept() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    let document = pdf(1, "");
    phone.client.create_file(&pass, document.len() as u64).await.expect("creates");
    let cut = Phone::with_net(&portal.origin, 1, Arc::new(Cutting::after(100)));
    // The first call has no nonce yet and is refused before its body counts.
    cut.client.state(&pass).await.expect("answers");
    let broken = cut.client.patch(&pass, 0, Bytes::from(document.clone())).await;
    assert_eq!(broken, Err(ClientError::Unreachable));
    within(async { while phone.client.offset(&pass).await != Ok(100) {} }).await;
    let receipt = receipt(phone.deliver(&pass, &document).await);
    assert_eq!(receipt.sha256, sha256(&document));
}

#[tokio::test]
async fn a_piece_that_changed_on_its_way_is_not_taken() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    phone.client.create_file(&pass, 4).await.expect("creates");
    let flipped = Meddling(https(), |request: &mut http::Request<Bytes>| {
        if request.method() == http::Method::PATCH {
            *request.body_mut() = Bytes::from_static(b"abcX");
        }
    });
    let flipped = Phone::with_net(&portal.origin, 1, Arc::new(flipped));
    assert_eq!(code(flipped.client.patch(&pass, 0, Bytes::from_static(b"abcd")).await), Code::DigestMismatch);
    assert_eq!(phone.client.offset(&pass).await, Ok(0));
    assert!(portal.app.files.list("uploads").await.expect("lists").is_empty());
}

#[tokio::test]
async fn tus_is_spoken_as_written() {
    let portal = TestPortal::start().await;
    let net = Arc::new(Recording::new());
    let phone = Phone::with_net(&portal.origin, 1, net.clone());
    let pass = phone.redeem(&portal.ticket().await).await.expect("redeems").1;
    phone.client.create_file(&pass, 4).await.expect("creates");

    let mut options = net.last();
    *options.method_mut() = http::Method::OPTIONS;
    options.headers_mut().clear();
    let answer = net.again(options).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["tus-version"]), (204, &"1.0.0".parse().expect("value")));
    let extensions = answer.headers()["tus-extension"].to_str().expect("text");
    for extension in ["creation", "creation-with-upload", "termination", "expiration", "checksum"] {
        assert!(extensions.split(',').any(|offered| offered == extension), "{extension}");
    }

    phone.client.patch(&pass, 0, Bytes::from_static(b"ab")).await.expect("sends");
    let mut old = net.last();
    old.headers_mut().insert("tus-resumable", "0.2.2".parse().expect("value"));
    assert_eq!(net.again(old).await.status(), 412);
    phone.client.offset(&pass).await.expect("answers");
    let answer = net.again(net.last()).await;
    assert_eq!((&answer.headers()["upload-offset"], &answer.headers()["upload-length"]), (&2.into(), &4.into()));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["upload-expires"], "Wed, 25 Nov 2026 09:00:00 GMT");
}

#[tokio::test]
async fn a_file_may_come_with_its_creation() {
    let portal = TestPortal::start().await;
    let laden = Meddling(https(), |request: &mut http::Request<Bytes>| {
        if request.headers().contains_key("upload-length") {
            request.headers_mut().insert("content-type", "application/offset+octet-stream".parse().expect("value"));
            *request.body_mut() = Bytes::from_static(b"ab");
        }
    });
    let phone = Phone::with_net(&portal.origin, 1, Arc::new(laden));
    let pass = phone.redeem(&portal.ticket().await).await.expect("redeems").1;
    phone.client.create_file(&pass, 4).await.expect("creates");
    assert_eq!(phone.client.offset(&pass).await, Ok(2));
}

#[tokio::test]
async fn documents_that_are_too_large_or_no_pdf_are_refused_with_a_reason() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    assert_eq!(code(phone.client.create_file(&pass, limits::DOCUMENT_BYTES + 1).await), Code::TooLarge);

    let whole = pdf(1, "");
    let encrypted = include_bytes!("../../tests/fixtures/pdf/encrypted.pdf").to_vec();
    let renamed = b"\xff\xd8\xff\xe0 this is a photo".to_vec();
    let cases: [(&str, Vec<u8>, Reason); 6] = [
        ("encrypted", encrypted, Reason::Encrypted),
        ("truncated", whole[..whole.len() - 20].to_vec(), Reason::Damaged),
        ("renamed", renamed, Reason::NotPdf),
        ("empty", Vec::new(), Reason::Empty),
        ("101 pages", pdf(101, ""), Reason::TooManyPages),
        ("no pages", pdf(0, ""), Reason::NoPages),
    ];
    for (seed, (name, document, reason)) in cases.into_iter().enumerate() {
        let (phone, pass) = portal.connected(10 + seed as u64).await;
        assert_eq!(phone.deliver(&pass, &document).await, UploadState::Refused { reason }, "{name}");
        assert!(portal.app.files.list("documents").await.expect("lists").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn another_document_than_promised_is_refused() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    let (document, other) = (pdf(1, ""), pdf(2, ""));
    phone.client.begin(&pass, document.len() as u64).await.expect("begins");
    phone.client.patch(&pass, 0, Bytes::from(document)).await.expect("sends");
    phone.client.complete(&pass, &complete(&other)).await.expect("hands in");
    assert_eq!(phone.settled(&pass).await, UploadState::Refused { reason: Reason::DigestMismatch });
}

#[tokio::test]
async fn a_page_count_that_comes_late_ends_nothing() {
    let portal = TestPortal::start().await;
    for (seed, document) in [pdf(1, ""), b"no document".to_vec()].into_iter().enumerate() {
        let (phone, pass) = portal.connected(1 + seed as u64).await;
        let decided = phone.deliver(&pass, &document).await;
        phone.client.pages(&pass, 1).await.expect("is heard");
        assert_eq!(phone.client.state(&pass).await, Ok(decided));
    }
}

#[tokio::test]
async fn declining_and_disconnecting_end_the_upload() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    phone.client.decline(&pass).await.expect("declines");
    assert_eq!(code(phone.client.create_file(&pass, 4).await), Code::UploadEnded);
    assert_eq!(phone.client.state(&pass).await, Ok(UploadState::Ended { code: Code::UploadEnded }));

    let ticket = portal.ticket().await;
    let phone = portal.phone(2);
    let pass = phone.redeem(&ticket).await.expect("redeems").1;
    phone.client.create_file(&pass, 4).await.expect("creates");
    assert!(portal.app.store.disconnect(&ticket.id).await.expect("disconnects"));
    assert_eq!(code(phone.client.patch(&pass, 0, Bytes::from_static(b"abcd")).await), Code::Disconnected);
    assert_eq!(code(phone.client.offset(&pass).await), Code::Disconnected);
    assert_eq!(code(phone.client.complete(&pass, &complete(b"abcd")).await), Code::Disconnected);
    assert_eq!(code(phone.redeem(&ticket).await), Code::Disconnected);
    assert_eq!(code(portal.phone(3).redeem(&ticket).await), Code::TicketCancelled, "no stranger has it");
}

#[tokio::test]
async fn closing_the_procedure_ends_what_is_under_way() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    phone.client.create_file(&pass, 8).await.expect("creates");
    phone.client.patch(&pass, 0, Bytes::from_static(b"abcd")).await.expect("sends");
    portal.app.store.close_procedure(common::PROCEDURE).await.expect("closes");
    assert_eq!(code(phone.client.patch(&pass, 4, Bytes::from_static(b"efgh")).await), Code::RightLost);
    assert_eq!(phone.client.state(&pass).await, Ok(UploadState::Ended { code: Code::RightLost }));
}

/// Two phones for one slot; the second one loses.
async fn second_phone(portal: &TestPortal) -> (Phone, Pass, Vec<u8>) {
    let (first, second) = (portal.ticket_for_slot().await, portal.ticket_for_slot().await);
    let (early, late) = (portal.phone(1), portal.phone(2));
    let won = early.redeem(&first).await.expect("redeems").1;
    let lost = late.redeem(&second).await.expect("redeems").1;
    receipt(early.deliver(&won, &pdf(1, "")).await);
    let document = pdf(2, "");
    assert_eq!(late.deliver(&lost, &document).await, UploadState::SlotChanged);
    (late, lost, document)
}

#[tokio::test]
async fn the_loser_of_a_slot_may_replace_the_newer_one() {
    let portal = TestPortal::start().await;
    let (phone, pass, document) = second_phone(&portal).await;
    portal::intake::sweep(&portal.app).await.expect("sweeps");
    let receipt = receipt(phone.client.slot(&pass, SlotChoice::Replace).await.expect("replaces"));
    assert_eq!((receipt.sha256, receipt.pages), (sha256(&document), 2));
    assert!(matches!(phone.client.slot(&pass, SlotChoice::Replace).await, Ok(UploadState::Accepted { .. })));
    let history = portal.app.store.history(common::SLOT).await.expect("history");
    assert_eq!(history.len(), 2, "the other one stays in the history");
    let slots = portal.app.store.slots(common::PROCEDURE).await.expect("slots");
    let shown = slots.into_iter().find_map(|slot| slot.document).expect("a document");
    assert_eq!(portal.app.files.get(&shown.object).await.expect("reads"), document);
}

#[tokio::test]
async fn the_loser_of_a_slot_may_discard_theirs() {
    let portal = TestPortal::start().await;
    let (phone, pass, _) = second_phone(&portal).await;
    let state = phone.client.slot(&pass, SlotChoice::Discard).await.expect("discards");
    assert_eq!(state, UploadState::Ended { code: Code::UploadEnded });
    assert_eq!(portal.app.store.history(common::SLOT).await.expect("history").len(), 1);
}

#[tokio::test]
async fn an_upload_lives_a_day_from_its_last_byte_and_a_week_at_most() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    phone.client.create_file(&pass, 100).await.expect("creates");
    for day in 0..6 {
        portal.advance(SignedDuration::from_hours(23));
        phone.client.patch(&pass, day, Bytes::from_static(b"x")).await.expect("still lives");
    }
    portal.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    phone.client.patch(&pass, 6, Bytes::from_static(b"x")).await.expect("still lives");
    portal.advance(SignedDuration::from_hours(6) + SignedDuration::from_secs(1));
    assert_eq!(code(phone.client.patch(&pass, 7, Bytes::from_static(b"x")).await), Code::UploadEnded);
    portal::intake::sweep(&portal.app).await.expect("sweeps");
    assert_eq!(phone.client.state(&pass).await, Ok(UploadState::Ended { code: Code::UploadEnded }));
}

#[tokio::test]
async fn objects_nobody_names_are_swept_and_the_others_stay() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    phone.client.create_file(&pass, 8).await.expect("creates");
    phone.client.patch(&pass, 0, Bytes::from_static(b"abcd")).await.expect("sends");
    portal.app.files.put("uploads/gone/0-x", Bytes::from_static(b"orphan")).await.expect("writes");
    // Files carry the machine's time, which is not the clock of this test.
    portal.clock.set(jiff::Timestamp::MAX - SignedDuration::from_hours(24 * 365));
    let young = portal.app.files.list("uploads").await.expect("lists").len();
    assert_eq!(young, 2);
    // By that clock the upload is over as well, so both go in two steps: its piece is freed first.
    assert_eq!(portal::intake::sweep(&portal.app).await.expect("sweeps"), 2);
}
