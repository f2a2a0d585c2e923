//! Linking a phone: who wins a code, what ends it, and what must be proven.

mod common;

use common::{
    desk::{Browser, Desk},
    linking::{LinkCode, LinkedPhone, Linking, code, numbers, pick, refusal, shown, state},
    nets::{InProcess, Meddling, Recording},
};
use protocol::{
    Code,
    api::{FinishLink, LinkState},
    limits,
};
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

fn ended(code: Code) -> LinkState {
    LinkState::Ended { code }
}

/// A number of the window that is not this one.
async fn another(browser: &Browser<'_>, window: &str, right: &str) -> String {
    let shown = numbers(&browser.get(window).await);
    shown.into_iter().find(|number| number != right).expect("a decoy")
}

async fn activity(desk: &Desk, words: &str) -> usize {
    desk.marie().await.get("/activity").await.text().matches(words).count()
}

#[tokio::test]
async fn a_phone_is_linked_step_by_step() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let LinkCode { window, secret } = code(&marie).await;
    let page = marie.get(&window).await;
    assert_eq!((&*state(&page), shown(&page).as_ref()), ("new", Some(secret.expose())));
    assert!(!page.text().contains("href=\"http"), "a link code is scanned, never followed");

    let phone = desk.phone(1);
    let asked = phone.client.redeem_link(&secret, "Pixel 8", &phone.key).await.expect("redeems");
    assert_eq!((&*asked.owner, asked.espaces), ("M… Weber", 3));
    let page = marie.get(&window).await;
    assert_eq!((&*state(&page), shown(&page), numbers(&page).len()), ("asked", None, 0));
    assert!(page.text().contains("Phone connected: Pixel 8."));

    let linking = Linking::redeem(phone, &LinkCode { window: window.clone(), secret }).await.expect("and again");
    assert_eq!((linking.link.clone(), linking.state().await), (asked.link, Ok(LinkState::Asked)));
    let confirmed = linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms");
    let again = linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms");
    assert_eq!(confirmed, again);
    assert_eq!(linking.state().await, Ok(LinkState::Picking));
    let page = marie.get(&window).await;
    let three = numbers(&page);
    assert_eq!((&*state(&page), three.iter().collect::<BTreeSet<_>>().len()), ("picking", 3));
    assert!(three.contains(&confirmed.number) && three.iter().all(|number| number.len() == 2));

    assert_eq!(pick(&marie, &window, &confirmed.number).await.location(), window);
    assert_eq!(linking.state().await, Ok(LinkState::Matched));
    assert_eq!(state(&marie.get(&window).await), "matched");
    let device = linking.finish(" Marie's phone ").await.expect("finishes");
    assert_eq!(linking.state().await, Ok(LinkState::Finished));
    let page = marie.get(&window).await;
    assert!(state(&page) == "finished" && page.text().contains("Linked: Marie&#39;s phone"), "{}", page.text());

    let access = LinkedPhone::token(&linking.phone, &device, &linking.unlock).await.expect("a token");
    let overview = linking.phone.client.overview(&access).await.expect("an overview");
    assert_eq!((&*overview.owner, &*overview.devices[0].name), ("M… Weber", "Marie's phone"));
    let activity = marie.get("/activity").await.text();
    assert!(activity.contains("Code made to link a phone") && activity.contains("Phone linked: Marie&#39;s phone"));
    assert!(!activity.contains("Phone not linked"));
}

#[tokio::test]
async fn a_wrong_number_none_and_no_end_the_code_for_good() {
    for how in ["wrong", "none", "declined", "declined early", "declined late", "cancelled"] {
        let desk = Desk::open().await;
        let marie = desk.marie().await;
        let code = code(&marie).await;
        let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
        let client = &linking.phone.client;
        let mut right = String::new();
        if how != "declined early" {
            right = client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms").number;
        }
        let words = match how {
            "wrong" => {
                pick(&marie, &code.window, &another(&marie, &code.window, &right).await).await;
                "This was not the number on the phone"
            }
            "none" => {
                pick(&marie, &code.window, "none").await;
                "No phone was linked. If another phone"
            }
            "cancelled" => {
                marie.post(&format!("{}/cancel", code.window), &[]).await;
                "This code was cancelled."
            }
            _ => {
                if how == "declined late" {
                    pick(&marie, &code.window, &right).await;
                }
                client.decline_link(&linking.link, &linking.phone.key).await.expect("declines");
                client.decline_link(&linking.link, &linking.phone.key).await.expect("twice is once");
                "The answer on the phone was no."
            }
        };
        assert_eq!(linking.state().await, Ok(ended(Code::LinkEnded)), "{how}");
        assert_eq!(refusal(client.confirm_link(&linking.link, &linking.phone.key).await), Code::LinkEnded, "{how}");
        // The right number does not help any more.
        pick(&marie, &code.window, &right).await;
        assert_eq!(refusal(linking.finish("").await), Code::LinkEnded, "{how}");
        let page = marie.get(&code.window).await;
        assert!(state(&page) == "ended" && page.text().contains(words), "{how}: {}", page.text());
        for phone in [&linking.phone, &desk.phone(2)] {
            let redeemed = phone.client.redeem_link(&code.secret, "Pixel 8", &phone.key).await;
            assert_eq!(refusal(redeemed), Code::LinkEnded, "{how}");
        }
        assert_eq!(activity(&desk, "Phone not linked: Pixel 8").await, 1, "{how}");
        assert!(desk.app.store.devices("marie").await.expect("reads").is_empty(), "{how}");
    }
}

#[tokio::test]
async fn a_number_that_is_none_of_the_three_changes_nothing() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms");
    let shown = numbers(&marie.get(&code.window).await);
    let other = (0..100).map(|n| format!("{n:02}")).find(|n| !shown.contains(n)).expect("a number");
    for number in ["", "x", &other] {
        pick(&marie, &code.window, number).await;
        assert_eq!(linking.state().await, Ok(LinkState::Picking), "{number}");
    }
}

#[tokio::test]
async fn every_stage_has_its_time() {
    for (stage, seconds) in [
        ("new", limits::LINK_CODE_SECONDS),
        ("asked", limits::LINK_CODE_SECONDS),
        ("picking", limits::LINK_PICK_SECONDS),
        ("matched", limits::LINK_FINISH_SECONDS),
    ] {
        for late in [false, true] {
            let desk = Desk::open().await;
            let marie = desk.marie().await;
            let code = code(&marie).await;
            let phone = desk.phone(1);
            let wait = || desk.later(0, seconds - i64::from(!late));
            let over = |result: Result<(), Code>| {
                assert_eq!(result, if late { Err(Code::LinkExpired) } else { Ok(()) }, "{stage}");
            };
            if stage == "new" {
                wait();
                let redeemed = phone.client.redeem_link(&code.secret, "Pixel 8", &phone.key).await;
                over(redeemed.map(drop).map_err(|error| error.code().expect("a code")));
                assert_eq!(activity(&desk, "Phone not linked").await, 0, "no phone had it");
                continue;
            }
            let linking = Linking::redeem(phone, &code).await.expect("redeems");
            let client = &linking.phone.client;
            if stage == "asked" {
                wait();
                let confirmed = client.confirm_link(&linking.link, &linking.phone.key).await;
                over(confirmed.map(drop).map_err(|error| error.code().expect("a code")));
            } else {
                let right = client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms").number;
                if stage == "picking" {
                    wait();
                    pick(&marie, &code.window, &right).await;
                } else {
                    pick(&marie, &code.window, &right).await;
                    wait();
                }
                over(linking.finish("").await.map(drop).map_err(|error| error.code().expect("a code")));
            }
            if late {
                assert_eq!(linking.state().await, Ok(ended(Code::LinkExpired)), "{stage}");
                assert!(marie.get(&code.window).await.text().contains("The time is over"), "{stage}");
            }
            portal::intake::sweep(&desk.app).await.expect("sweeps");
            assert_eq!(activity(&desk, "Phone not linked").await, usize::from(late), "{stage}");
        }
    }
}

#[tokio::test]
async fn whoever_scans_at_the_last_moment_still_has_time_to_answer() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    desk.later(0, limits::LINK_CODE_SECONDS - 1);
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    desk.later(0, limits::LINK_PICK_SECONDS - 1);
    linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms");
}

#[tokio::test]
async fn what_is_over_is_swept_and_says_so_for_a_day() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    desk.later(24 * 60 - 1, 0);
    portal::intake::sweep(&desk.app).await.expect("sweeps");
    assert_eq!(linking.state().await, Ok(ended(Code::LinkExpired)));
    desk.later(2, 0);
    portal::intake::sweep(&desk.app).await.expect("sweeps");
    assert_eq!(refusal(linking.state().await), Code::LinkUnknown);
}

#[tokio::test]
async fn another_phone_hears_that_the_code_is_used() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    let thief = desk.phone(2);
    let redeem = async || refusal(thief.client.redeem_link(&code.secret, "Pixel 8", &thief.key).await);
    assert_eq!(redeem().await, Code::LinkUsed);
    // Its name permits nothing.
    let (link, key) = (&linking.link, &thief.key);
    assert_eq!(refusal(thief.client.confirm_link(link, key).await), Code::LinkUnknown);
    assert_eq!(refusal(thief.client.link_state(link, key).await), Code::LinkUnknown);
    assert_eq!(refusal(thief.client.decline_link(link, key).await), Code::LinkUnknown);
    linking.matched(&marie, &code).await;
    let finish = FinishLink { unlock_key: linking.keys("").unlock_key, name: "Mine".into() };
    assert_eq!(refusal(thief.client.finish_link(link, key, &finish).await), Code::LinkUnknown);
    assert_eq!(redeem().await, Code::LinkUsed);
    linking.finish("").await.expect("the first one goes on");
    assert_eq!(redeem().await, Code::LinkUsed);
    let unknown = thief.client.redeem_link(&protocol::Secret::new("A".repeat(43)), "Pixel 8", &thief.key).await;
    assert_eq!(refusal(unknown), Code::LinkUnknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_has_one_winner() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    for round in 0..3 {
        let code = code(&marie).await;
        let tries = (0..32).map(|n| {
            let (phone, secret) = (desk.phone(1_000 * round + n), code.secret.clone());
            tokio::spawn(async move { phone.client.redeem_link(&secret, "Pixel 8", &phone.key).await })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            match common::within(attempt).await.expect("runs") {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error.code(), Some(Code::LinkUsed)),
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
}

#[tokio::test]
async fn only_the_session_that_made_a_code_sees_it_picks_and_cancels() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    let right = linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms").number;
    for stranger in [desk.browser_of("paul", None).await, desk.marie().await] {
        assert_eq!(stranger.get(&code.window).await.status, 404);
        assert_eq!(pick(&stranger, &code.window, &right).await.status, 404);
        assert_eq!(pick(&stranger, &code.window, "none").await.status, 404);
        assert_eq!(stranger.post(&format!("{}/cancel", code.window), &[]).await.status, 404);
    }
    assert_eq!(linking.state().await, Ok(LinkState::Picking));
}

#[tokio::test]
async fn a_code_needs_a_fresh_login_by_a_configured_means() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    desk.later(0, limits::LINK_LOGIN_SECONDS);
    assert!(!marie.get("/devices").await.text().contains("data-login-first"));
    code(&marie).await;
    desk.later(0, 1);
    let page = marie.get("/devices").await.text();
    assert!(page.contains("data-login-first") && page.contains("Log in again with eID"), "{page}");
    assert!(page.contains("action=\"/login/eid\"") && page.contains("name=\"back\" value=\"devices\""));
    assert!(!page.contains("/login/luxtrust") && !page.contains("action=\"/devices/links\""));
    assert_eq!(marie.post("/devices/links", &[]).await.location(), "/devices#link-device");

    let now = desk.app.clock.now();
    let odd = desk.app.sign_in("marie", "urn:folio:acr:password", "pwd", now).await.expect("signs in");
    let mut browser = desk.browser();
    browser.cookies = vec![format!("session={}", odd.token.expose())];
    browser.session = Some(odd);
    let odd = browser;
    let page = odd.get("/devices").await.text();
    assert!(page.contains("/login/eid") && page.contains("/login/luxtrust"));
    assert_eq!(odd.post("/devices/links", &[]).await.location(), "/devices#link-device");
}

#[tokio::test]
async fn a_reload_shows_the_same_code_and_a_new_one_or_logging_out_cancels_it() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let first = code(&marie).await;
    assert_eq!(shown(&marie.get(&first.window).await).as_ref(), Some(first.secret.expose()));
    let second = code(&marie).await;
    assert!(marie.get(&first.window).await.text().contains("This code was cancelled."));
    let redeem = async |code: &LinkCode, seed| {
        let phone = desk.phone(seed);
        phone.client.redeem_link(&code.secret, "Pixel 8", &phone.key).await
    };
    assert_eq!(refusal(redeem(&first, 1).await), Code::LinkEnded);
    let linking = Linking::redeem(desk.phone(2), &second).await.expect("redeems");
    linking.matched(&marie, &second).await;
    marie.post("/logout", &[]).await;
    assert_eq!(linking.state().await, Ok(ended(Code::LinkEnded)));
    assert_eq!(refusal(linking.finish("").await), Code::LinkEnded);
}

#[tokio::test]
async fn a_phone_finishes_after_the_right_number_only_and_with_keys_that_hold() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    assert_eq!(refusal(linking.finish("Early").await), Code::BadRequest);
    linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms");
    assert_eq!(refusal(linking.finish("Early").await), Code::BadRequest);
    linking.matched(&marie, &code).await;
    let finish = async |name: &str, unlock_key: String| {
        let finish = FinishLink { name: name.into(), unlock_key };
        linking.phone.client.finish_link(&linking.link, &linking.phone.key, &finish).await
    };
    let ours = linking.keys("").unlock_key;
    let same = protocol::Signer::public_key(&linking.phone.key).to_text();
    for key in ["", "AAAA", &"A".repeat(87), &same] {
        assert_eq!(refusal(finish("Fine", key.to_owned()).await), Code::BadRequest, "{key}");
    }
    let long = "é".repeat(limits::DEVICE_NAME_CHARS + 1);
    for name in ["a\nb", "a\u{0}", "\u{202e}a", &long] {
        assert_eq!(refusal(finish(name, ours.clone()).await), Code::BadRequest, "{name:?}");
    }
    let device = finish("  ", ours.clone()).await.expect("finishes").device;
    let known = desk.app.store.device(&device).await.expect("reads").expect("a device");
    assert_eq!((&*known.name, &*known.model), ("Pixel 8", "Pixel 8"), "without a name it goes by its model");

    // The answer may be lost; another key may not take its place.
    assert_eq!(finish("Another name", ours).await.expect("again").device, device);
    let other = client::ProofKey::draw(&mut common::Seeded(99));
    let other = protocol::Signer::public_key(&other).to_text();
    assert_eq!(refusal(finish("", other).await), Code::LinkEnded);
    assert_eq!(desk.app.store.devices("marie").await.expect("reads").len(), 1);
}

#[tokio::test]
async fn a_phone_that_says_no_after_all_is_unlinked() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    linking.matched(&marie, &code).await;
    let device = linking.finish("Phone").await.expect("finishes");
    linking.phone.client.decline_link(&linking.link, &linking.phone.key).await.expect("declines");
    let token = LinkedPhone::token(&linking.phone, &device, &linking.unlock).await;
    assert_eq!(refusal(token), Code::DeviceRevoked);
    assert_eq!(refusal(linking.finish("Phone").await), Code::LinkEnded);
}

#[tokio::test]
async fn a_copied_call_links_nothing_and_an_old_app_is_told_so() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let net = Arc::new(Recording::over(desk.net()));
    let phone = common::Phone::with_net(&desk.app.config.public_origin, 1, net.clone());
    phone.client.redeem_link(&code.secret, "Pixel 8", &phone.key).await.expect("redeems");
    let replayed = net.again(net.last()).await;
    let problem: protocol::Problem = serde_json::from_slice(replayed.body()).expect("a problem");
    assert_eq!(problem.code, Code::ProofInvalid);

    let aged = |request: &mut http::Request<_>| {
        request.headers_mut().insert("user-agent", http::HeaderValue::from_static("Folio/0.0.9"));
    };
    let aged: Meddling<_, InProcess> = Meddling(desk.net(), aged);
    let old = common::Phone::with_net(&desk.app.config.public_origin, 1, Arc::new(aged));
    assert_eq!(refusal(old.client.redeem_link(&code.secret, "Pixel 8", &old.key).await), Code::AppOutdated);
}

#[tokio::test]
async fn a_phones_clock_does_not_matter() {
    let year = 365 * 24 * 3600;
    for off in [-year, year] {
        let desk = Desk::open().await;
        let marie = desk.marie().await;
        let code = code(&marie).await;
        let phone = desk.phone(1);
        phone.stamp.iat.fetch_add(off, Ordering::SeqCst);
        let linking = Linking::redeem(phone, &code).await.expect("redeems");
        linking.matched(&marie, &code).await;
        let device = linking.finish("").await.expect("finishes");
        LinkedPhone::token(&linking.phone, &device, &linking.unlock).await.expect("a token");
    }
}
