//! 'Linked devices' on the computer: the list, unlinking, and the announcement at the next login.

mod common;

use common::{
    desk::{Browser, Desk},
    linking::{LinkedPhone, Linking, code, pick},
};
use http::StatusCode;

const ANNOUNCED: &str = "Marie&#39;s phone was linked to your account on 24/11/2026. If that was not you, unlink it.";

async fn says(browser: &Browser<'_>, path: &str, words: &str) -> bool {
    browser.get(path).await.text().contains(words)
}

#[tokio::test]
async fn the_list_says_which_phones_since_when_and_when_last() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let page = marie.get("/devices").await.text();
    assert!(page.contains("No phone is linked to your account.") && page.contains("Link your device"));
    let mine = LinkedPhone::of(&desk, &marie, 1, "Marie's <phone>").await;
    desk.later(4, 0);
    LinkedPhone::of(&desk, &marie, 2, "").await;
    mine.phone.client.overview(&mine.access).await.expect("an overview");
    let page = marie.get("/devices").await.text();
    assert!(page.contains("Marie&#39;s &#60;phone&#62;</b> · Pixel 8"), "{page}");
    assert_eq!(page.matches("· Pixel 8").count(), 1, "a phone without a name goes by its model");
    assert!(page.contains("Linked on 24/11/2026, 10:00<br>Last used on 24/11/2026, 10:04"), "{page}");
    assert_eq!(page.matches("data-device=").count(), 2);

    let ask = format!("/devices/{}/unlink", mine.device.0);
    assert!(page.contains(&ask));
    let question = marie.get(&ask).await.text();
    assert!(
        question.contains("Unlink Marie&#39;s &#60;phone&#62;?") && question.contains("can no longer add documents")
    );
    assert_eq!(marie.get("/devices").await.text().matches("data-device=").count(), 2, "asking changes nothing");
    assert_eq!(marie.post(&ask, &[]).await.location(), "/devices");
    assert_eq!(marie.get("/devices").await.text().matches("data-device=").count(), 1);
    assert_eq!(marie.get(&ask).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn before_an_espace_is_chosen_phones_can_be_linked_all_the_same() {
    let desk = Desk::open().await;
    let marie = desk.browser_of("marie", None).await;
    assert_eq!(marie.get("/devices").await.status, StatusCode::OK);
    LinkedPhone::of(&desk, &marie, 1, "Marie's phone").await;
}

#[tokio::test]
async fn a_new_phone_is_announced_at_the_next_login_until_it_is_read() {
    let desk = Desk::open().await;
    let (linking, long_open) = (desk.marie().await, desk.marie().await);
    let mine = LinkedPhone::of(&desk, &linking, 1, "Marie's phone").await;
    for browser in [&linking, &long_open] {
        assert!(!says(browser, "/procedures", ANNOUNCED).await, "only a later login");
    }
    desk.later(1, 0);
    let undecided = desk.browser_of("marie", None).await;
    assert!(says(&undecided, "/espaces", ANNOUNCED).await);
    let next = desk.marie().await;
    for path in ["/procedures", "/procedures/study-grant", "/activity", "/devices"] {
        assert!(says(&next, path, ANNOUNCED).await, "{path}");
    }
    assert!(!says(&desk.browser_of("paul", None).await, "/procedures", "Marie").await);
    let unlink = format!("href=\"/devices/{}/unlink\"", mine.device.0);
    assert!(says(&next, "/procedures", &unlink).await);

    let seen = format!("/devices/{}/seen", mine.device.0);
    assert_eq!(next.post(&seen, &[("back", "/activity")]).await.location(), "/activity");
    for browser in [&next, &undecided, &desk.marie().await] {
        assert!(!says(browser, "/devices", ANNOUNCED).await);
    }
    assert_eq!(next.post(&seen, &[("back", "//evil.example")]).await.location(), "/");
    assert_eq!(next.post(&seen, &[]).await.location(), "/");
}

/// The app was killed between the portal's answer and its own first save: nobody can use that link.
#[tokio::test]
async fn a_phone_that_never_came_after_it_was_linked_is_unlinked_after_a_day() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let scanned = code(&marie).await;
    let killed = Linking::redeem(desk.phone(1), &scanned).await.expect("redeems");
    killed.matched(&marie, &scanned).await;
    let device = killed.finish("Killed").await.expect("finishes");
    let scanned = code(&marie).await;
    let used = Linking::redeem(desk.phone(2), &scanned).await.expect("redeems");
    used.matched(&marie, &scanned).await;
    let other = used.finish("Used").await.expect("finishes");
    desk.later(0, 1);
    LinkedPhone::token(&used.phone, &other, &used.unlock).await.expect("a token");

    let linked = async || {
        portal::intake::sweep(&desk.app).await.expect("sweeps");
        let page = desk.marie().await.get("/devices").await.text();
        ["Killed", "Used"].map(|name| page.contains(name))
    };
    desk.later(24 * 60 - 1, 58);
    assert_eq!(linked().await, [true, true]);
    desk.later(0, 1);
    assert_eq!(linked().await, [false, true]);
    assert!(says(&desk.marie().await, "/activity", "Phone unlinked, it was not used after linking: Killed").await);
    let late = LinkedPhone::token(&killed.phone, &device, &killed.unlock).await;
    assert_eq!(late.expect_err("refused").code(), Some(protocol::Code::DeviceRevoked));
}

#[tokio::test]
async fn what_is_unlinked_is_announced_no_more() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let mine = LinkedPhone::of(&desk, &marie, 1, "Marie's phone").await;
    desk.later(1, 0);
    let next = desk.marie().await;
    assert!(says(&next, "/procedures", ANNOUNCED).await);
    next.post(&format!("/devices/{}/unlink", mine.device.0), &[]).await;
    assert!(!says(&next, "/procedures", ANNOUNCED).await);
}

#[tokio::test]
async fn every_page_of_it_speaks_three_languages() {
    let desk = Desk::open().await;
    let mine = LinkedPhone::of(&desk, &desk.marie().await, 1, "Téléphone").await;
    desk.later(0, 1);
    let mut marie = desk.marie().await;
    // A window in each of its states.
    let mut windows = Vec::new();
    for stage in ["new", "asked", "picking", "matched", "finished", "wrong", "none", "declined", "cancelled", "expired"]
    {
        let browser = desk.marie().await;
        let code = code(&browser).await;
        windows.push((stage, browser, code.window.clone()));
        if stage == "new" || stage == "expired" {
            continue;
        }
        let linking = Linking::redeem(desk.phone(100 + windows.len() as u64), &code).await.expect("redeems");
        let (client, link, key) = (&linking.phone.client, &linking.link, &linking.phone.key);
        let (_, browser, window) = windows.last().expect("a window");
        if stage != "asked" {
            let right = client.confirm_link(link, key).await.expect("confirms").number;
            let shown = common::linking::numbers(&browser.get(window).await);
            match stage {
                "matched" | "finished" => drop(pick(browser, window, &right).await),
                "wrong" => drop(pick(browser, window, shown.iter().find(|n| **n != right).expect("a decoy")).await),
                "none" => drop(pick(browser, window, "none").await),
                "declined" => client.decline_link(link, key).await.expect("declines"),
                "cancelled" => drop(browser.post(&format!("{window}/cancel"), &[]).await),
                _ => {}
            }
        }
        if stage == "finished" {
            linking.finish("").await.expect("finishes");
        }
    }
    let unlink = format!("/devices/{}/unlink", mine.device.0);
    for (language, devices, link) in [
        ("en", "Linked devices", "Link your device"),
        ("fr", "Appareils couplés", "Coupler votre appareil"),
        ("de", "Gekoppelte Geräte", "Gerät koppeln"),
    ] {
        let speaks = |page: String, what: &str| {
            assert!(page.contains(&format!("<html lang=\"{language}\">")), "{language} {what}");
            assert!(!page.contains('…'), "{language} {what}: a text is missing");
            let hole = page.split('{').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(!hole, "{language} {what}: a placeholder is left");
        };
        for (stage, browser, window) in &mut windows {
            browser.language = language;
            let page = browser.get(window).await;
            assert_eq!(page.status, StatusCode::OK, "{stage}");
            assert!(page.text().contains(link), "{language} {stage}");
            speaks(page.text(), stage);
        }
        marie.language = language;
        for path in ["/devices", "/activity", &unlink] {
            let page = marie.get(path).await.text();
            assert!(page.contains(devices), "{language} {path}");
            speaks(page, path);
        }
    }
    // The same once more when everything is over and the login is old.
    desk.later(31, 0);
    for language in ["en", "fr", "de"] {
        marie.language = language;
        let page = marie.get("/devices").await.text();
        assert!(page.contains("data-login-first") && !page.contains('…'), "{language}");
        for (stage, browser, window) in &mut windows {
            browser.language = language;
            let page = browser.get(window).await.text();
            assert!(!page.contains('…') && (page.contains("data-state=\"ended\"") || *stage == "finished"), "{stage}");
        }
    }
}

#[tokio::test]
async fn the_window_needs_no_script_and_loads_none_once_it_is_over() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let code = code(&marie).await;
    let page = marie.get(&code.window).await.text();
    assert!(page.contains("/assets/link-") && page.contains("<noscript><meta http-equiv=\"refresh\" content=\"15\">"));
    let script = page.split("src=\"").nth(1).and_then(|rest| rest.split_once('"')).expect("a script").0.to_owned();
    assert_eq!(marie.get(&script).await.header("content-type"), "text/javascript; charset=utf-8");
    let linking = Linking::redeem(desk.phone(1), &code).await.expect("redeems");
    linking.phone.client.confirm_link(&linking.link, &linking.phone.key).await.expect("confirms");
    let page = marie.get(&code.window).await.text();
    assert!(!page.contains("http-equiv"), "no reload takes the numbers away from under a finger");
    pick(&marie, &code.window, "none").await;
    let page = marie.get(&code.window).await.text();
    assert!(!page.contains("<script") && page.contains("action=\"/devices/links\""));
}
