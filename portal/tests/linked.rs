//! A linked phone: its token and both its keys, what it sees, the ticket it makes, and its end.

mod common;

use bytes::Bytes;
use client::{Access, ClientError, Pass, ProofKey};
use common::{
    Phone, Seeded, complete,
    desk::{Browser, Desk},
    linking::{LinkedPhone, refusal},
    nets::{InProcess, Meddling, Recording},
    pdf,
};
use jiff::SignedDuration;
use portal::store::{model::Seed, uploads::Status};
use protocol::{
    Code, Secret,
    api::{Action, DeviceId, Espace, MakeTicket, RedeemBy, Redeemed, TicketPlace, UploadState},
    limits,
};
use std::{collections::BTreeSet, sync::Arc};

fn make(slot: &str) -> MakeTicket {
    MakeTicket { procedure: "study-grant".into(), place: TicketPlace::Slot(slot.into()), name: Some("Autumn".into()) }
}

/// Redeems with a key of its own, as a linked phone or not.
async fn redeem(
    phone: &Phone,
    secret: &Secret<String>,
    seed: u64,
    linked: Option<&Access>,
) -> Result<(Redeemed, Pass), ClientError> {
    let key = ProofKey::draw(&mut Seeded(seed));
    let redeemed = phone.client.redeem(RedeemBy::Ticket(secret.clone()), "Pixel 8", &key, linked).await?;
    let pass = Pass { upload: redeemed.upload.clone(), credential: redeemed.credential.clone(), key };
    Ok((redeemed, pass))
}

/// 'Generate' on the computer: the window and the secret in its code.
async fn generate(browser: &Browser<'_>) -> (String, Secret<String>) {
    let window = browser.generate("grant-enrolment").await;
    let secret = browser.get(&window).await.between("http://localhost:7000/t#", "\"").expect("a code");
    (window, Secret::new(secret))
}

async fn hand_in(desk: &Desk, phone: &Phone, pass: &Pass, document: &[u8]) -> UploadState {
    phone.client.create_file(pass, document.len() as u64).await.expect("creates");
    phone.client.patch(pass, 0, document.to_vec().into()).await.expect("sends");
    phone.client.complete(pass, &complete(document)).await.expect("hands in");
    assert!(portal::intake::next(&desk.app).await.expect("checks"));
    phone.client.state(pass).await.expect("answers")
}

#[tokio::test]
async fn a_token_needs_both_keys_of_the_device_it_names() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let other = LinkedPhone::of(&desk, &marie, 2, "Other").await;
    let drawn = ProofKey::draw(&mut Seeded(99));
    for (who, device, key, unlock, code) in [
        ("no vault", &mine.device, &mine.phone.key, &drawn, Code::CredentialInvalid),
        ("one key for both", &mine.device, &mine.phone.key, &mine.phone.key, Code::CredentialInvalid),
        ("another vault", &mine.device, &mine.phone.key, &other.unlock, Code::CredentialInvalid),
        ("no phone", &mine.device, &drawn, &mine.unlock, Code::CredentialInvalid),
        ("another phone", &mine.device, &other.phone.key, &other.unlock, Code::CredentialInvalid),
        ("a device nobody knows", &DeviceId("nobody".into()), &mine.phone.key, &mine.unlock, Code::DeviceRevoked),
    ] {
        assert_eq!(refusal(mine.phone.client.token(device, key, unlock).await), code, "{who}");
    }
    let token = mine.phone.client.token(&mine.device, &mine.phone.key, &mine.unlock).await.expect("a token");
    assert_eq!((&*token.token_type, token.expires_in), ("DPoP", limits::TOKEN_SECONDS));
}

/// A phone whose bodies are edited on their way.
fn edited(desk: &Desk, edit: impl Fn(&str) -> String + Send + Sync + 'static) -> Phone {
    let net: Meddling<_, InProcess> = Meddling(desk.net(), move |request: &mut http::Request<Bytes>| {
        let text = std::str::from_utf8(request.body()).expect("text");
        *request.body_mut() = edit(text).into();
    });
    Phone::with_net(&desk.app.config.public_origin, 77, Arc::new(net))
}

fn problem(body: &[u8]) -> Code {
    serde_json::from_slice::<protocol::Problem>(body).expect("a problem document").code
}

#[tokio::test]
async fn an_assertion_counts_once_and_for_two_minutes() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let net = Arc::new(Recording::over(desk.net()));
    let recorded = Phone::with_net(&desk.app.config.public_origin, 8, net.clone());
    recorded.client.token(&mine.device, &mine.phone.key, &mine.unlock).await.expect("a token");
    let used = net.last();
    assert_eq!(used.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(problem(net.again(common::nets::copy(&used)).await.body()), Code::ProofInvalid, "the whole call");

    let text = String::from_utf8(used.body().to_vec()).expect("text");
    let again = edited(&desk, move |_| text.clone());
    let token = async || refusal(again.client.token(&mine.device, &mine.phone.key, &mine.unlock).await);
    assert_eq!(token().await, Code::ProofInvalid, "with a fresh proof");
    desk.later(0, limits::NONCE_SECONDS + 1);
    assert_eq!(token().await, Code::UseDpopNonce, "when it is old");
}

#[tokio::test]
async fn a_form_that_is_no_assertion_for_this_portal_gets_no_token() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let without = |text: &str| text.split("&unlock=").next().expect("a form").to_owned();
    type Edit = Box<dyn Fn(&str) -> String + Send + Sync>;
    let edits: [(&str, Edit, Code); 5] = [
        ("nothing", Box::new(|_| String::new()), Code::BadRequest),
        ("garbage", Box::new(|_| "grant_type=a&assertion=b&unlock=c".into()), Code::BadRequest),
        ("another grant", Box::new(|text| text.replace("jwt-bearer", "saml2-bearer")), Code::BadRequest),
        ("no second signature", Box::new(without), Code::BadRequest),
        ("an empty one", Box::new(move |text| without(text) + "&unlock="), Code::CredentialInvalid),
    ];
    for (what, edit, code) in edits {
        let phone = edited(&desk, edit);
        assert_eq!(refusal(phone.client.token(&mine.device, &mine.phone.key, &mine.unlock).await), code, "{what}");
    }
    // Signed for another portal, which passes it on.
    let elsewhere = "http://127.0.0.1:7001".parse().expect("url");
    let net = Arc::new(Recording::over(Meddling(desk.net(), |request: &mut http::Request<Bytes>| {
        *request.uri_mut() = request.uri().to_string().replace("7001", "7000").parse().expect("uri");
    })));
    let lured = Phone::with_net(&elsewhere, 1, net);
    let token = lured.client.token(&mine.device, &mine.phone.key, &mine.unlock).await;
    assert_eq!(refusal(token), Code::ProofInvalid);
}

#[tokio::test]
async fn a_token_lives_ten_minutes_and_belongs_to_one_key_and_one_kind_of_call() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let other = LinkedPhone::of(&desk, &marie, 2, "Other").await;
    let client = &mine.phone.client;
    let (_, secret) = generate(&marie).await;
    let (_, pass) = redeem(&mine.phone, &secret, 5, None).await.expect("redeems");
    let stolen = Access { key: other.access.key.clone(), ..mine.access.clone() };
    let borrowed = Access { token: pass.credential.clone(), key: Arc::new(pass.key.clone()) };
    let credential = Access { token: pass.credential.clone(), ..mine.access.clone() };
    for (who, access) in [("another phone", &stolen), ("an upload", &borrowed), ("a credential", &credential)] {
        assert_eq!(refusal(client.overview(access).await), Code::CredentialInvalid, "{who}");
        assert_eq!(refusal(client.make_ticket(access, &make("grant-income")).await), Code::CredentialInvalid, "{who}");
    }
    let with_token = Pass { credential: mine.access.token.clone(), key: mine.phone.key.clone(), ..pass.clone() };
    assert_eq!(refusal(client.state(&with_token).await), Code::CredentialInvalid);

    let renewed = mine.renewed().await.expect("a second token");
    client.overview(&renewed).await.expect("both hold");
    desk.later(0, limits::TOKEN_SECONDS - 1);
    client.overview(&mine.access).await.expect("one second is enough");
    desk.later(0, 1);
    assert_eq!(refusal(client.overview(&mine.access).await), Code::CredentialInvalid);
    portal::intake::sweep(&desk.app).await.expect("sweeps");
    assert_eq!(refusal(client.overview(&mine.access).await), Code::CredentialInvalid);
    client.overview(&mine.renewed().await.expect("a new one")).await.expect("an overview");
}

#[tokio::test]
async fn the_overview_is_what_the_citizen_has_to_do() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let overview = mine.phone.client.overview(&mine.access).await.expect("an overview");
    let espaces: Vec<_> = overview.espaces.iter().map(|e| (&*e.name, e.professional, e.procedures.len())).collect();
    let all = [("Private eSpace", false, 2), ("Friends of the Mill", true, 0), ("Weber Bakery", true, 1)];
    assert_eq!((espaces, &*overview.owner), (all.to_vec(), "M… Weber"));
    let grant = &overview.espaces[0].procedures[0];
    assert_eq!((&*grant.id, &*grant.title, grant.editable), ("study-grant", "Application for a study grant", true));
    assert!(grant.deadline.is_some() && grant.document_types.len() == 4);
    let slots: Vec<_> = grant.slots.iter().map(|s| (&*s.id, s.required, s.filled)).collect();
    let all = [
        ("grant-enrolment", true, false),
        ("grant-birth", true, true),
        ("grant-bank", true, true),
        ("grant-income", false, false),
    ];
    assert_eq!(slots, all);

    let lea = LinkedPhone::of(&desk, &desk.browser_of("lea", None).await, 2, "Léa's").await;
    let overview = lea.phone.client.overview(&lea.access).await.expect("an overview");
    let bakery = overview.espaces.iter().find(|espace| espace.id == "weber-bakery").expect("the bakery");
    assert!(!bakery.procedures[0].editable, "she may only read there");
    assert!(overview.devices.iter().all(|device| device.name == "Léa's"), "and sees her own phones only");
}

#[tokio::test]
async fn the_overview_has_the_newest_procedures_and_fits_a_reply() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let many = |espace: &str, count: usize, title: &str| -> Seed {
        let procedures: Vec<_> = (0..count)
            .map(|n| {
                serde_json::json!({
                    "id": format!("{espace}-{n}"), "title": format!("{title} {n}"), "active": true,
                    "document_types": [], "slots": [],
                })
            })
            .collect();
        serde_json::from_value(serde_json::json!({ "citizens": [], "espaces": [{
            "id": espace, "name": espace, "kind": "professional", "editors": ["marie"], "procedures": procedures,
        }] }))
        .expect("seed")
    };
    let ids = |espaces: &[Espace]| -> BTreeSet<String> {
        espaces.iter().flat_map(|espace| &espace.procedures).map(|procedure| procedure.id.clone()).collect()
    };
    desk.app.store.seed(&many("archive", 230, "Case")).await.expect("seeds");
    let overview = mine.phone.client.overview(&mine.access).await.expect("an overview");
    assert_eq!(ids(&overview.espaces), (30..230).map(|n| format!("archive-{n}")).collect());
    desk.app.store.seed(&many("wordy", 200, &"word ".repeat(1_000))).await.expect("seeds");
    let overview = mine.phone.client.overview(&mine.access).await.expect("an overview");
    assert_eq!(ids(&overview.espaces), (100..200).map(|n| format!("wordy-{n}")).collect());
}

#[tokio::test]
async fn a_ticket_without_a_code_brings_a_document_into_its_place() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let client = &mine.phone.client;
    let first = client.make_ticket(&mine.access, &make("grant-income")).await.expect("a ticket").ticket;
    let second = client.make_ticket(&mine.access, &make("grant-enrolment")).await.expect("a ticket").ticket;
    assert_eq!(refusal(redeem(&mine.phone, &first, 4, None).await), Code::TicketCancelled, "one for each procedure");
    let (redeemed, pass) = redeem(&mine.phone, &second, 5, Some(&mine.access)).await.expect("redeems");
    assert_eq!((redeemed.digits.clone(), redeemed.other_account), (None, false));
    let context = &redeemed.context;
    assert_eq!(
        (&*context.owner, context.action, &*context.document),
        ("M… Weber", Action::Attach, "Certificate of enrolment")
    );
    assert_eq!(refusal(redeem(&desk.phone(9), &second, 6, None).await), Code::TicketUsed);
    let document = pdf(2, "");
    let UploadState::Accepted { receipt } = hand_in(&desk, &mine.phone, &pass, &document).await else {
        panic!("accepted")
    };
    assert_eq!(receipt.sha256, common::sha256(&document));
    let page = marie.get("/procedures/study-grant").await.text();
    assert!(page.contains("Nothing is missing") && page.contains("Autumn"));

    // 'Add a supporting document', with the secret alone.
    let place = TicketPlace::DocumentType("Rental contract".into());
    let add = MakeTicket { procedure: "residence".into(), place, name: None };
    let ticket = client.make_ticket(&mine.access, &add).await.expect("a ticket").ticket;
    let (redeemed, _) = redeem(&mine.phone, &ticket, 7, None).await.expect("redeems");
    assert_eq!((redeemed.digits, redeemed.context.action), (None, Action::Add));
    let late = client.make_ticket(&mine.access, &add).await.expect("a ticket").ticket;
    desk.later(10, 0);
    assert_eq!(refusal(redeem(&mine.phone, &late, 8, None).await), Code::TicketExpired);
}

#[tokio::test]
async fn rights_are_read_when_the_ticket_is_made() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let lea = LinkedPhone::of(&desk, &desk.browser_of("lea", None).await, 2, "Léa's").await;
    mine.phone.client.overview(&mine.access).await.expect("an overview");
    let ask = async |who: &LinkedPhone, procedure: &str, place: TicketPlace, name: &str| {
        let make = MakeTicket { procedure: procedure.into(), place, name: Some(name.into()) };
        refusal(who.phone.client.make_ticket(&who.access, &make).await)
    };
    let slot = |slot: &str| TicketPlace::Slot(slot.into());
    let long = "ä".repeat(limits::DOCUMENT_NAME_CHARS + 1);
    assert_eq!(ask(&mine, "study-grant", slot("permit-diploma"), "").await, Code::NotFound);
    assert_eq!(ask(&mine, "study-grant", slot(""), "").await, Code::BadRequest);
    assert_eq!(ask(&mine, "study-grant", TicketPlace::DocumentType("Passport".into()), "").await, Code::BadRequest);
    assert_eq!(ask(&mine, "study-grant", slot("grant-birth"), "a\nb").await, Code::BadRequest);
    assert_eq!(ask(&mine, "study-grant", slot("grant-birth"), &long).await, Code::BadRequest);
    assert_eq!(ask(&mine, "driving-licence", slot("licence-medical"), "").await, Code::RightLost, "closed");
    assert_eq!(ask(&lea, "study-grant", slot("grant-birth"), "").await, Code::NotFound, "another's");
    assert_eq!(ask(&lea, "business-permit", slot("permit-diploma"), "").await, Code::RightLost, "only to read");
    // Closed between the overview and the ticket, and between the ticket and the phone's next step.
    let ticket = mine.phone.client.make_ticket(&mine.access, &make("grant-income")).await.expect("a ticket").ticket;
    desk.app.store.close_procedure("study-grant").await.expect("closes");
    assert_eq!(ask(&mine, "study-grant", slot("grant-enrolment"), "").await, Code::RightLost);
    assert_eq!(refusal(redeem(&mine.phone, &ticket, 5, None).await), Code::TicketCancelled);
}

#[tokio::test]
async fn the_citizens_own_phone_skips_the_digits_and_is_called_by_its_name() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Marie's phone").await;
    let (window, secret) = generate(&marie).await;
    let (redeemed, pass) = redeem(&mine.phone, &secret, 5, Some(&mine.access)).await.expect("redeems");
    assert_eq!((redeemed.digits, redeemed.other_account), (None, false));
    let page = marie.get(&window).await.text();
    assert!(page.contains("Your phone is connected: Marie&#39;s phone, 10:00") && !page.contains(", number"), "{page}");
    assert!(page.contains("/disconnect"), "it can be sent away all the same");
    // The reply was lost, and the phone has locked itself meanwhile.
    let again = mine.phone.client.redeem(RedeemBy::Ticket(secret), "Pixel 8", &pass.key, None).await.expect("redeems");
    assert_eq!((again.upload, again.digits), (redeemed.upload, None));
}

#[tokio::test]
async fn a_phone_of_another_account_compares_digits_and_is_told() {
    let desk = Desk::open().await;
    let (marie, paul) = (desk.marie().await, desk.browser_of("paul", None).await);
    let pauls = LinkedPhone::of(&desk, &paul, 1, "Paul's phone").await;
    let (window, secret) = generate(&marie).await;
    let (redeemed, pass) = redeem(&pauls.phone, &secret, 5, Some(&pauls.access)).await.expect("redeems");
    let digits = redeemed.digits.clone().expect("digits");
    assert!(redeemed.other_account);
    let page = marie.get(&window).await.text();
    assert!(page.contains(&format!("Phone connected: Pixel 8, 10:00, number {digits}")), "{page}");
    assert!(!page.contains("Paul"), "whose it is, is nobody's business");
    let by = || RedeemBy::Ticket(secret.clone());
    let again = pauls.phone.client.redeem(by(), "Pixel 8", &pass.key, Some(&pauls.access)).await.expect("redeems");
    assert_eq!((again.digits, again.other_account), (Some(digits), true));
    // Unlinking Paul's phone is no reason to end Marie's upload.
    pauls.phone.client.unlink(&pauls.device, &pauls.phone.key).await.expect("unlinks");
    assert!(matches!(
        pauls.phone.client.state(&Pass { credential: again.credential, ..pass }).await,
        Ok(UploadState::Open { .. })
    ));
}

#[tokio::test]
async fn what_a_phone_says_of_its_account_must_hold() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let other = LinkedPhone::of(&desk, &marie, 2, "Other").await;
    let (_, secret) = generate(&marie).await;
    let stolen = Access { key: other.access.key.clone(), ..mine.access.clone() };
    let nothing = Access { token: Secret::new("A".repeat(43)), ..mine.access.clone() };
    assert_eq!(refusal(redeem(&mine.phone, &secret, 5, Some(&stolen)).await), Code::CredentialInvalid);
    assert_eq!(refusal(redeem(&mine.phone, &secret, 5, Some(&nothing)).await), Code::CredentialInvalid);
    let broken = edited(&desk, |text| text.replace("\"proof\":\"e", "\"proof\":\"f"));
    assert_eq!(refusal(redeem(&broken, &secret, 5, Some(&mine.access)).await), Code::ProofInvalid);
    let swapped = {
        let token = other.access.token.expose().clone();
        let mine = mine.access.token.expose().clone();
        edited(&desk, move |text| text.replace(&mine, &token))
    };
    assert_eq!(refusal(redeem(&swapped, &secret, 5, Some(&mine.access)).await), Code::ProofInvalid);

    // The proof beside a call that went through, beside another one.
    let net = Arc::new(Recording::over(desk.net()));
    let recorded = Phone::with_net(&desk.app.config.public_origin, 8, net.clone());
    let (_, ticket) = generate(&marie).await;
    redeem(&recorded, &ticket, 6, Some(&mine.access)).await.expect("redeems");
    let body = String::from_utf8(net.last().body().to_vec()).expect("text");
    let copied = edited(&desk, move |_| body.clone());
    assert_eq!(refusal(redeem(&copied, &secret, 7, Some(&mine.access)).await), Code::ProofInvalid);
    desk.later(0, limits::NONCE_SECONDS + 1);
    assert_eq!(refusal(redeem(&copied, &secret, 7, Some(&mine.access)).await), Code::UseDpopNonce);

    let (_, secret) = generate(&marie).await;
    mine.phone.client.unlink(&mine.device, &mine.phone.key).await.expect("unlinks");
    assert_eq!(refusal(redeem(&mine.phone, &secret, 5, Some(&mine.access)).await), Code::DeviceRevoked);
    desk.later(10, 0);
    assert_eq!(refusal(redeem(&other.phone, &secret, 5, Some(&other.access)).await), Code::CredentialInvalid);
    // Nothing of this has used the code up.
    redeem(&desk.phone(3), &secret, 5, None).await.expect("redeems");
}

#[tokio::test]
async fn unlinking_ends_everything_the_phone_has_under_way() {
    for by in ["phone", "computer"] {
        let desk = Desk::open().await;
        let marie = desk.marie().await;
        let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
        let other = LinkedPhone::of(&desk, &marie, 2, "Other").await;
        let client = &mine.phone.client;
        // One under way from the computer's code, one being checked, one whose place has changed, one not yet redeemed.
        let (window, secret) = generate(&marie).await;
        let (_, open) = redeem(&mine.phone, &secret, 5, Some(&mine.access)).await.expect("redeems");
        let changed = client.make_ticket(&mine.access, &make("grant-income")).await.expect("a ticket").ticket;
        let (_, changed) = redeem(&mine.phone, &changed, 6, None).await.expect("redeems");
        let fields = [("csrf", marie.csrf()), ("slot", "grant-income")];
        marie.upload("/procedures/study-grant/documents", &fields, &pdf(1, "")).await;
        assert_eq!(hand_in(&desk, &mine.phone, &changed, &pdf(3, "")).await, UploadState::SlotChanged);
        let checking = client.make_ticket(&mine.access, &make("grant-birth")).await.expect("a ticket").ticket;
        let (_, checking) = redeem(&mine.phone, &checking, 7, None).await.expect("redeems");
        let document = pdf(1, "");
        client.create_file(&checking, document.len() as u64).await.expect("creates");
        client.patch(&checking, 0, document.clone().into()).await.expect("sends");
        client.complete(&checking, &complete(&document)).await.expect("hands in");
        let waiting = client.make_ticket(&mine.access, &make("grant-bank")).await.expect("a ticket").ticket;
        let theirs = other.phone.client.make_ticket(&other.access, &make("grant-bank")).await.expect("a ticket").ticket;

        if by == "phone" {
            assert_eq!(refusal(client.unlink(&mine.device, &other.phone.key).await), Code::CredentialInvalid);
            assert_eq!(refusal(client.unlink(&DeviceId("none".into()), &mine.phone.key).await), Code::DeviceRevoked);
            client.overview(&mine.access).await.expect("still linked");
            client.unlink(&mine.device, &mine.phone.key).await.expect("unlinks");
            assert_eq!(refusal(client.unlink(&mine.device, &mine.phone.key).await), Code::DeviceRevoked);
        } else {
            let unlink = format!("/devices/{}/unlink", mine.device.0);
            assert!(marie.get(&unlink).await.text().contains("Unlink Mine?"));
            assert_eq!(marie.post(&unlink, &[]).await.location(), "/devices");
            assert_eq!(marie.post(&unlink, &[]).await.location(), "/devices", "twice is once");
        }
        assert_eq!(refusal(client.overview(&mine.access).await), Code::DeviceRevoked, "{by}");
        assert_eq!(refusal(client.make_ticket(&mine.access, &make("grant-bank")).await), Code::DeviceRevoked, "{by}");
        assert_eq!(refusal(mine.renewed().await), Code::DeviceRevoked, "{by}");
        for pass in [&open, &changed, &checking] {
            let state = client.state(pass).await.expect("answers");
            assert_eq!(state, UploadState::Ended { code: Code::DeviceRevoked }, "{by}");
        }
        assert_eq!(refusal(client.create_file(&open, 10).await), Code::DeviceRevoked);
        while portal::intake::next(&desk.app).await.expect("checks") {}
        let upload = desk.app.store.upload(&checking.upload).await.expect("reads").expect("an upload");
        assert_eq!(upload.status, Status::Ended(Code::DeviceRevoked), "what was being checked is not filed");
        assert_eq!(refusal(redeem(&desk.phone(9), &waiting, 8, None).await), Code::TicketCancelled, "{by}");
        assert_eq!(refusal(redeem(&desk.phone(10), &secret, 8, None).await), Code::TicketCancelled, "{by}");
        let page = marie.get(&window).await.text();
        assert!(page.contains("This phone was unlinked."), "{by}: {page}");
        assert!(marie.get("/activity").await.text().contains("Phone unlinked: Mine"), "{by}");

        // The other phone has nothing to do with it.
        other.phone.client.overview(&other.access).await.expect("an overview");
        redeem(&other.phone, &theirs, 9, None).await.expect("redeems");
        assert_eq!(desk.app.store.devices("marie").await.expect("reads").len(), 1);
    }
}

#[tokio::test]
async fn unlinking_is_told_to_whoever_watches() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let ticket = mine.phone.client.make_ticket(&mine.access, &make("grant-income")).await.expect("a ticket").ticket;
    redeem(&mine.phone, &ticket, 5, None).await.expect("redeems");
    let before = desk.app.store.last_event("study-grant").await.expect("reads");
    mine.phone.client.unlink(&mine.device, &mine.phone.key).await.expect("unlinks");
    assert_eq!(desk.app.store.events_after("study-grant", before).await.expect("reads").len(), 1);
}

#[tokio::test]
async fn a_call_that_makes_something_counts_once_and_old_apps_get_no_token() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let net = Arc::new(Recording::over(desk.net()));
    let recorded = Phone::with_net(&desk.app.config.public_origin, 8, net.clone());
    let ticket = recorded.client.make_ticket(&mine.access, &make("grant-income")).await.expect("a ticket").ticket;
    assert_eq!(problem(net.again(net.last()).await.body()), Code::ProofInvalid);
    redeem(&mine.phone, &ticket, 5, None).await.expect("the copy has cancelled nothing");

    let aged: Meddling<_, InProcess> = Meddling(desk.net(), |request: &mut http::Request<Bytes>| {
        request.headers_mut().insert("user-agent", http::HeaderValue::from_static("Folio/0.0.9"));
    });
    let old = Phone::with_net(&desk.app.config.public_origin, 9, Arc::new(aged));
    let token = old.client.token(&mine.device, &mine.phone.key, &mine.unlock).await;
    assert_eq!(refusal(token), Code::AppOutdated);
}

#[tokio::test]
async fn a_device_remembers_when_it_was_used_by_the_minute() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Mine").await;
    let linked = desk.app.clock.now();
    let used = async || desk.app.store.device(&mine.device).await.expect("reads").expect("a device").last_used;
    desk.later(0, 59);
    mine.phone.client.overview(&mine.access).await.expect("an overview");
    assert_eq!(used().await, linked);
    desk.later(0, 2);
    mine.phone.client.overview(&mine.access).await.expect("an overview");
    assert_eq!(used().await, linked + SignedDuration::from_secs(61));
}
