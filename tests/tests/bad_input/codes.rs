//! Codes that do not work, or no longer, and texts that are no code of this portal.

use crate::{ENROLMENT, NEVER_DRAWN, gate, goes_on, refuses};
use anyhow::{Context, Result, ensure};
use driver::{
    Clock,
    journey::{Intent, Trouble, View},
    protocol::limits,
};
use jiff::SignedDuration;
use portal::clock::ManualClock;
use std::sync::Arc;
use tests::{
    Computer, Phone,
    steps::{marie, opens_scanner, reads, scans},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_is_dead_says_why_and_a_new_one_works() -> Result<()> {
    let clock = Arc::new(ManualClock::at(driver::SystemClock.now()));
    let computer = Computer::start_at("marie", gate(), clock.clone()).await?;
    computer.choose_espace("marie-private").await?;
    let portals = vec![computer.app.config.as_portal()];
    let (phone, other) = (Phone::start(portals.clone()).await?, Phone::start(portals).await?);
    opens_scanner(&phone).await?;

    let unknown = format!("{}t#{NEVER_DRAWN}", computer.app.config.link_origin);
    refuses(&phone, &unknown, Trouble::TicketUnknown).await?;

    let (window, text) = computer.generate(ENROLMENT).await?;
    computer.submit(&format!("{window}/cancel"), &[]).await?;
    refuses(&phone, &text, Trouble::TicketCancelled).await?;
    computer.says(&window, "portal.live.cancelled").await?;

    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &other, &window, text.clone()).await?;
    refuses(&phone, &text, Trouble::TicketUsed).await?;
    computer.submit(&format!("{window}/disconnect"), &[]).await?;

    let (window, text) = computer.generate(ENROLMENT).await?;
    clock.advance(SignedDuration::from_secs(limits::TICKET_SECONDS + 1));
    refuses(&phone, &text, Trouble::TicketExpired).await?;
    computer.says(&window, "portal.live.expired").await?;

    // 'New code' in the same window.
    computer.submit(&format!("{window}/renew"), &[]).await?;
    refuses(&phone, &text, Trouble::TicketUnknown).await?;
    reads(&phone, computer.code_text(&window).await?).await?;
    goes_on(&computer, &phone).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typed_codes_are_forgiving_but_not_guessable_and_the_qr_code_goes_on() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    opens_scanner(&phone).await?;
    phone.does(Intent::EnterCodeInstead);
    refuses_typed(&phone, "K7M2-94Q", Trouble::TypedCodeShape).await?;
    refuses_typed(&phone, "K7M2-94QU", Trouble::TypedCodeShape).await?;
    let good = computer.typed_code(&window).await?;
    let wrong = if good.starts_with('0') { "1" } else { "0" }.to_owned() + good.get(1..).context("nine characters")?;
    for _ in 0..limits::TYPED_CODE_FAILURES {
        refuses_typed(&phone, &wrong, Trouble::TicketUnknown).await?;
    }
    refuses_typed(&phone, &wrong, Trouble::TooManyTries).await?;
    refuses_typed(&phone, &good, Trouble::TooManyTries).await?;
    phone.does(Intent::Back);
    phone.sees("scan", |view| matches!(view, View::ScanQr { .. }).then_some(())).await?;
    reads(&phone, text).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_code_leads_to_the_same_place() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, _) = computer.generate(ENROLMENT).await?;
    let code = computer.typed_code(&window).await?.to_lowercase().replace('-', " ");
    opens_scanner(&phone).await?;
    phone.does(Intent::EnterCodeInstead);
    phone.does(Intent::CodeTyped { code, portal: 0 });
    phone.sees("check", |view| matches!(view, View::Check { .. }).then_some(())).await?;
    goes_on(&computer, &phone).await?;
    Ok(())
}

async fn refuses_typed(phone: &Phone, code: &str, trouble: Trouble) -> Result<()> {
    phone.does(Intent::Dismiss);
    let calm = |view: &View| matches!(view, View::EnterCode { trouble: None, busy: false, .. }).then_some(());
    phone.sees("calm", calm).await?;
    phone.does(Intent::CodeTyped { code: code.into(), portal: 0 });
    let view = phone.says(trouble).await?;
    ensure!(matches!(view, View::EnterCode { busy: false, .. }), "{view:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_code_of_this_portal_is_not_followed() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    let (_, secret) = text.split_once('#').context("the secret stands in the fragment")?;
    let (_, port) = text.split_once("localhost:").context("the demo's link host")?;
    let port: u16 = port.split('/').next().unwrap_or_default().parse()?;
    let other_port = port.wrapping_add(1);
    // The living secret in a wrong place each: whoever follows any of these burns the code.
    let no_codes = [
        "Meet at the town hall at nine".to_owned(),
        secret.to_owned(),
        "WIFI:T:WPA;S:Commune-Guests;P:bienvenue;;".to_owned(),
        "mailto:help@portal.example".to_owned(),
        format!("javascript:alert('{secret}')"),
        format!("ftp://localhost:{port}/t#{secret}"),
        "https://news.example/story#top".to_owned(),
        format!("http://localhost:{port}/"),
        format!("http://localhost:{port}/t"),
        format!("http://localhost:{port}/t?to=home#{secret}"),
        format!("http://localhost:{port}/t#{secret}A"),
        format!("http://localhost:{port}/procedures#{secret}"),
    ];
    let others = [
        // Another portal.
        format!("https://link.portal.example/t#{secret}"),
        // The portal's own host, which has cookies and takes no codes.
        format!("http://127.0.0.1:{port}/t#{secret}"),
        // Look-alikes: a longer name, another scheme or port, somebody in front, a dot behind, a letter of another script.
        format!("http://localhost.evil.example:{port}/t#{secret}"),
        format!("https://localhost:{port}/t#{secret}"),
        format!("http://localhost:{other_port}/t#{secret}"),
        format!("http://localhost/t#{secret}"),
        format!("http://localhost:{port}@evil.example/t#{secret}"),
        format!("http://folio@localhost:{port}/t#{secret}"),
        format!("http://localhost.:{port}/t#{secret}"),
        format!("http://l\u{43e}calhost:{port}/t#{secret}"),
    ];
    opens_scanner(&phone).await?;
    for text in &no_codes {
        refuses(&phone, text, Trouble::NotACode).await?;
    }
    for text in &others {
        refuses(&phone, text, Trouble::OtherPortal).await?;
    }
    refuses(&phone, &format!("http://localhost:{port}/l#{secret}"), Trouble::LinkCode).await?;
    computer.says(&window, "portal.live.waiting").await?;
    reads(&phone, text).await?;
    Ok(())
}
