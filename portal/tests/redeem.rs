//! A phone shows a ticket: who wins, who is refused, and what must be proven.

mod common;

use client::{ClientError, Pass};
use common::nets::{Meddling, Recording, copy, https};
use common::{TestPortal, Ticket, within};
use jiff::SignedDuration;
use portal::{keys, store::model::TicketState};
use protocol::{
    Code, Problem, Secret,
    api::{Action, RedeemBy, UploadState},
    limits,
    typed_code::TypedCode,
};
use std::sync::{Arc, atomic::Ordering};

fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Code {
    result.expect_err("refused").code().expect("a code")
}

#[tokio::test]
async fn a_ticket_shows_whose_case_it_is() {
    let portal = TestPortal::start().await;
    let ticket = portal.ticket().await;
    let (redeemed, pass) = portal.phone(1).redeem(&ticket).await.expect("redeems");
    let context = &redeemed.context;
    assert_eq!((context.owner.as_str(), context.espace.as_str()), ("M… Weber", "Private eSpace"));
    assert_eq!((context.procedure.as_str(), context.action), ("Building permit", Action::Add));
    assert_eq!((context.document.as_str(), context.name.as_deref()), ("Certificate of enrolment", Some("Autumn")));
    assert_eq!((redeemed.limits.bytes, redeemed.limits.pages), (limits::DOCUMENT_BYTES, limits::DOCUMENT_PAGES));
    let seen = portal.app.store.ticket(&ticket.id, common::CITIZEN).await.expect("reads").expect("a ticket");
    let upload = seen.upload.expect("an upload");
    assert_eq!((upload.model.as_str(), &upload.digits), ("Pixel 8", &redeemed.digits));
    assert_eq!(
        (redeemed.digits.map(|digits| digits.len()), seen.state, seen.sealed),
        (Some(2), TicketState::Redeemed, None)
    );
    assert!(matches!(portal.phone(1).client.state(&pass).await, Ok(UploadState::Open { offset: 0, length: None, .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ticket_has_one_winner() {
    let portal = Arc::new(TestPortal::start().await);
    for round in 0..5 {
        let ticket = portal.ticket().await;
        let tries = (0..32).map(|n| {
            let (phone, ticket) = (portal.phone(1_000 * round + n), ticket.clone());
            tokio::spawn(async move { phone.redeem(&ticket).await.map(|(redeemed, _)| redeemed.upload) })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            match within(attempt).await.expect("runs") {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error.code(), Some(Code::TicketUsed)),
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
}

#[tokio::test]
async fn the_same_phone_may_ask_again_and_the_old_credential_ends() {
    let portal = TestPortal::start().await;
    let ticket = portal.ticket().await;
    let phone = portal.phone(1);
    let (first, old) = phone.redeem(&ticket).await.expect("redeems");
    let (second, new) = phone.redeem(&ticket).await.expect("redeems again");
    assert_eq!((first.upload, first.digits), (second.upload, second.digits));
    assert_eq!(code(phone.client.state(&old).await), Code::CredentialInvalid);
    phone.client.state(&new).await.expect("the new one holds");
    assert_eq!(code(portal.phone(2).redeem(&ticket).await), Code::TicketUsed);
    phone.client.state(&new).await.expect("a stranger's try changes nothing");
}

#[tokio::test]
async fn unknown_expired_and_cancelled_tickets_are_told_apart() {
    let portal = TestPortal::start().await;
    let phone = portal.phone(1);
    let unknown = Ticket { id: String::new(), secret: Secret::new("A".repeat(43)) };
    assert_eq!(code(phone.redeem(&unknown).await), Code::TicketUnknown);
    let cancelled = portal.ticket().await;
    assert!(portal.app.store.cancel_ticket(&cancelled.id).await.expect("cancels"));
    assert_eq!(code(phone.redeem(&cancelled).await), Code::TicketCancelled);
    let (early, late, swept) = (portal.ticket().await, portal.ticket().await, portal.ticket().await);
    portal.advance(SignedDuration::from_secs(limits::TICKET_SECONDS - 1));
    phone.redeem(&early).await.expect("one second is enough");
    portal.advance(SignedDuration::from_secs(1));
    assert_eq!(code(phone.redeem(&late).await), Code::TicketExpired);
    portal::intake::sweep(&portal.app).await.expect("sweeps");
    assert_eq!(code(phone.redeem(&swept).await), Code::TicketExpired);
}

#[tokio::test]
async fn rights_are_read_when_the_ticket_is_redeemed() {
    let portal = TestPortal::start().await;
    let ticket = portal.ticket().await;
    portal.app.store.close_procedure(common::PROCEDURE).await.expect("closes");
    assert_eq!(code(portal.phone(1).redeem(&ticket).await), Code::TicketCancelled);
}

#[tokio::test]
async fn a_phones_clock_does_not_matter() {
    let portal = TestPortal::start().await;
    let year = 365 * 24 * 3600;
    for (seed, off) in [(1, -year), (2, year)] {
        let phone = portal.phone(seed);
        phone.stamp.iat.fetch_add(off, Ordering::SeqCst);
        phone.redeem(&portal.ticket().await).await.expect("redeems");
    }
}

#[tokio::test]
async fn a_nonce_grows_old_and_is_replaced_without_the_citizen_noticing() {
    let portal = TestPortal::start().await;
    let (phone, pass) = portal.connected(1).await;
    portal.advance(SignedDuration::from_secs(limits::NONCE_SECONDS + 1));
    let net = Arc::new(Recording::new());
    let again = common::Phone::with_net(&portal.origin, 1, net.clone());
    again.client.state(&pass).await.expect("answers");
    assert_eq!(net.sent.lock().expect("lock").len(), 2, "once without a nonce, once with");
    phone.client.state(&pass).await.expect("the old nonce is replaced");
}

#[tokio::test]
async fn possession_is_proven_on_every_call() {
    let portal = TestPortal::start().await;
    let ticket = portal.ticket().await;
    let net = Arc::new(Recording::new());
    let phone = common::Phone::with_net(&portal.origin, 1, net.clone());
    let pass = phone.redeem(&ticket).await.expect("redeems").1;

    // A copied call.
    let replayed = net.again(net.last()).await;
    assert_eq!(problem(replayed.body()), Code::ProofInvalid);

    // A copied credential without the key, and somebody else's credential with the right key.
    let thief = portal.phone(2);
    let stolen = Pass { key: thief.key.clone(), ..pass.clone() };
    assert_eq!(code(thief.client.state(&stolen).await), Code::CredentialInvalid);
    let (_, other) = portal.connected(3).await;
    let mixed = Pass { credential: other.credential.clone(), ..pass.clone() };
    assert_eq!(code(phone.client.state(&mixed).await), Code::CredentialInvalid);
    let elsewhere = Pass { upload: other.upload.clone(), ..pass.clone() };
    assert_eq!(code(phone.client.state(&elsewhere).await), Code::CredentialInvalid);

    // No proof, two proofs, a proof for another address or method.
    phone.client.state(&pass).await.expect("answers");
    let good = net.last();
    assert_eq!(net.again(copy(&good)).await.status(), 200);
    let mut bare = copy(&good);
    bare.headers_mut().remove("dpop");
    assert_eq!(problem(net.again(bare).await.body()), Code::ProofInvalid);
    let mut twice = copy(&good);
    let proof = twice.headers()["dpop"].clone();
    twice.headers_mut().append("dpop", proof);
    assert_eq!(problem(net.again(twice).await.body()), Code::ProofInvalid);
    let mut moved = copy(&good);
    *moved.uri_mut() = format!("{}/decline", moved.uri()).parse().expect("uri");
    *moved.method_mut() = http::Method::POST;
    assert_eq!(problem(net.again(moved).await.body()), Code::ProofInvalid);
    let mut unsigned = copy(&good);
    unsigned.headers_mut().remove("authorization");
    assert_eq!(problem(net.again(unsigned).await.body()), Code::CredentialInvalid);
}

fn problem(body: &[u8]) -> Code {
    serde_json::from_slice::<Problem>(body).expect("a problem document").code
}

#[tokio::test]
async fn a_typed_code_does_what_the_picture_does() {
    let portal = TestPortal::start().await;
    let ticket = portal.ticket().await;
    let typed = type_code(&portal, &ticket, [1, 2, 3, 4, 5]).await;
    let phone = portal.phone(1);
    let (_, pass) = phone.redeem_by(RedeemBy::Code(typed.clone())).await.expect("redeems");
    phone.client.state(&pass).await.expect("answers");
    phone.redeem_by(RedeemBy::Code(typed.clone())).await.expect("and again, should the reply be lost");
    let other = portal.phone(2);
    assert_eq!(code(other.redeem_by(RedeemBy::Code(typed)).await), Code::TicketUsed);

    let late = portal.ticket().await;
    let typed = type_code(&portal, &late, [9, 9, 9, 9, 9]).await;
    portal.advance(SignedDuration::from_secs(limits::TYPED_CODE_SECONDS));
    assert_eq!(code(other.redeem_by(RedeemBy::Code(typed)).await), Code::TicketExpired);
    other.redeem(&late).await.expect("the picture lives longer");
}

#[tokio::test]
async fn guessing_typed_codes_is_slow() {
    let portal = TestPortal::start().await;
    let ticket = portal.ticket().await;
    let typed = type_code(&portal, &ticket, [1, 2, 3, 4, 5]).await;
    let phone = portal.phone(1);
    for guess in 0..limits::TYPED_CODE_FAILURES {
        let guess = RedeemBy::Code(TypedCode::from_bytes([guess as u8, 0, 0, 0, 0]));
        assert_eq!(code(phone.redeem_by(guess).await), Code::TicketUnknown);
    }
    let right = || RedeemBy::Code(typed.clone());
    assert_eq!(code(phone.redeem_by(right()).await), Code::RateLimited);
    phone.redeem(&portal.ticket().await).await.expect("the picture is not slowed down");
    portal.advance(SignedDuration::from_secs(limits::TYPED_CODE_SECONDS - 1));
    assert_eq!(code(phone.redeem_by(right()).await), Code::RateLimited);
    portal.advance(SignedDuration::from_secs(1));
    // The window has passed; the code itself, ten minutes old, has too.
    assert_eq!(code(phone.redeem_by(right()).await), Code::TicketExpired);
}

async fn type_code(portal: &TestPortal, ticket: &Ticket, bytes: [u8; 5]) -> TypedCode {
    let code = TypedCode::from_bytes(bytes);
    let now = portal::clock::Clock::now(&*portal.clock);
    let until = now + SignedDuration::from_secs(limits::TYPED_CODE_SECONDS);
    let digest = portal.app.keys.digest("typed code", code.as_str().as_bytes());
    assert!(portal.app.store.type_ticket(&ticket.id, now, &digest, until).await.expect("types"));
    code
}

#[tokio::test]
async fn an_app_that_is_too_old_is_told_so() {
    let portal = TestPortal::start().await;
    let aged = Meddling(https(), |request: &mut http::Request<_>| {
        request.headers_mut().insert("user-agent", http::HeaderValue::from_static("Folio/0.0.9"));
    });
    let phone = common::Phone::with_net(&portal.origin, 1, Arc::new(aged));
    assert_eq!(code(phone.redeem(&portal.ticket().await).await), Code::AppOutdated);
}

#[tokio::test]
async fn a_body_that_does_not_read_is_a_problem_document() {
    let portal = TestPortal::start().await;
    for body in ["", "{}", r#"{"ticket":1,"device":{"model":"x"}}"#, r#"{"code":"short","device":{"model":"x"}}"#] {
        let body = bytes::Bytes::from_static(body.as_bytes());
        let garbled = Meddling(https(), move |request: &mut http::Request<_>| *request.body_mut() = body.clone());
        let phone = common::Phone::with_net(&portal.origin, 1, Arc::new(garbled));
        assert_eq!(code(phone.redeem(&portal.ticket().await).await), Code::BadRequest);
    }
}

#[test]
fn a_token_is_stored_as_its_digest() {
    assert_eq!(common::sha256(b"token"), portal::intake::hex(&keys::hash("token")));
}
