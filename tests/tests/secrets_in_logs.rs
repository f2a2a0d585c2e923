//! No log of anybody holds what only the citizen, the phone or the portal may know, however much is logged.
//!
//! One story alone in its process: it listens to everything that is said through `tracing`.

use anyhow::{Context, Result, bail, ensure};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use driver::{
    PickedFile,
    journey::{Intent, Trouble, View},
    protocol::Reason,
};
use serde_json::Value;
use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
};
use tests::{
    NewCode, Phone, Sensor,
    linking::{PASSWORD, links},
    steps::{arrived, generates, marie, opens_scanner, photographs, scans, sends},
};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A secret and what to call it when it is found.
struct Secret {
    name: String,
    bytes: Vec<u8>,
}

impl Secret {
    fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// As it is, and as programs write bytes: base64 wherever in it they begin, hex, Rust's lists, strings and dumps.
    fn looks(&self) -> Vec<Vec<u8>> {
        let bytes = &self.bytes;
        let list = format!("{bytes:?}");
        let mut looks = vec![
            bytes.clone(),
            bytes.escape_ascii().to_string().into_bytes(),
            format!("{:?}", String::from_utf8_lossy(bytes)).trim_matches('"').to_owned().into_bytes(),
            list.trim_matches(['[', ']']).to_owned().into_bytes(),
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes(),
        ];
        for skipped in 0..3 {
            // Whole groups of three only: the characters at either end depend on the neighbours.
            let whole = bytes.get(skipped..).unwrap_or_default();
            let whole = &whole[..whole.len() / 3 * 3];
            looks.extend([URL_SAFE_NO_PAD.encode(whole).into_bytes(), STANDARD_NO_PAD.encode(whole).into_bytes()]);
        }
        // What is shorter would be found by chance.
        looks.retain(|look| look.len() >= 8);
        looks
    }

    fn is_in(&self, log: &[u8]) -> bool {
        self.looks().iter().any(|look| log.windows(look.len()).any(|window| window == look))
    }
}

/// The places of a picture or document that are unlike those of any other.
fn excerpts(name: &str, bytes: &[u8]) -> Vec<Secret> {
    let at = |from: usize| Some(Secret::new(format!("{name} at {from}"), bytes.get(from..from + 24)?));
    [0, bytes.len() / 3, bytes.len() / 2, bytes.len().saturating_sub(24)].into_iter().filter_map(at).collect()
}

/// Key, code and credential of a ticket, as the phone keeps them.
fn of_record(place: &str, bytes: &[u8]) -> Result<Vec<Secret>> {
    let record: Value = serde_json::from_slice(bytes)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).with_context(|| format!("{place}: no text"));
    let key = record["key"].as_array().context("a key")?.iter().filter_map(Value::as_u64);
    let key: Vec<u8> = key.map(u8::try_from).collect::<Result<_, _>>()?;
    ensure!(key.len() == 32, "{place}: {} bytes of key", key.len());
    let code = record["code"].as_object().and_then(|code| code.values().next()).context("a code")?;
    Ok(vec![
        Secret::new(format!("{place}: DPoP key"), key),
        Secret::new(format!("{place}: code"), text(code)?),
        Secret::new(format!("{place}: credential"), text(&record["pass"][1])?),
    ])
}

/// The keys that only the open lock has.
fn of_account(bytes: &[u8]) -> Result<Vec<Secret>> {
    let keys: Value = serde_json::from_slice(bytes)?;
    let key = keys["unlock"].as_array().context("an unlock key")?.iter().filter_map(Value::as_u64);
    let key: Vec<u8> = key.map(u8::try_from).collect::<Result<_, _>>()?;
    ensure!(key.len() == 32, "{} bytes of unlock key", key.len());
    Ok(vec![Secret::new("unlock key", key)])
}

/// What the phone keeps, by what it is.
fn of_phone(kept: &[(String, Vec<u8>)]) -> Result<Vec<Secret>> {
    let mut secrets = Vec::new();
    for (place, bytes) in kept {
        match place.split('/').next() {
            Some("ticket") => secrets.extend(of_record(place, bytes)?),
            Some("photo" | "pdf") => secrets.extend(excerpts(place, bytes)),
            Some("work_key" | "store_secret") => secrets.push(Secret::new(place, bytes.clone())),
            Some("account") if place == "account/keys" => secrets.extend(of_account(bytes)?),
            Some("account") => {}
            Some("state") => {}
            _ => bail!("{place} is nothing that is known here"),
        }
    }
    Ok(secrets)
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let bytes: Vec<u8> = (0..32u8).map(|n| n.wrapping_mul(7).wrapping_add(130)).collect();
    let secret = Secret::new("secret", bytes.clone());
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let before: Vec<u8> = [&b"xy"[..], &bytes].concat();
    let written = [
        format!("key={bytes:?}"),
        format!("key={hex}"),
        format!("key={}", URL_SAFE_NO_PAD.encode(&bytes)),
        format!("body={}", STANDARD_NO_PAD.encode(&before)),
        format!("body=\"{}\"", bytes.escape_ascii()),
    ];
    for log in written {
        assert!(secret.is_in(log.as_bytes()), "{log}");
    }
    assert!(!secret.is_in(format!("key={:?}", &bytes[1..]).as_bytes()));
    let code = Secret::new("code", "K7M294QD");
    assert!(code.is_in(br#"RedeemBy::Code(TypedCode("K7M294QD"))"#) && !code.is_in(b"TypedCode(\xe2\x80\xa6)"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_holds_a_secret() -> Result<()> {
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(log.clone()).init();
    let secrets = story().await?;
    let log = std::mem::take(&mut *log.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    let text = String::from_utf8_lossy(&log);
    // Whoever hears nothing finds nothing: all three speak, and so do those below them, at every level.
    for heard in ["TRACE", "DEBUG", "INFO", "portal::error", "driver::trouble", "TicketUnknown", "hyper", "sqlx"] {
        ensure!(text.contains(heard), "nothing of {heard} was heard");
    }
    let found: Vec<_> = secrets.iter().filter(|secret| secret.is_in(&log)).map(|secret| &*secret.name).collect();
    ensure!(found.is_empty(), "in the log of {} bytes: {found:?}", log.len());
    Ok(())
}

/// Linked with a finger, locked, opened, refused, unlinked.
async fn linked_story() -> Result<Vec<Secret>> {
    let (computer, phone) = marie(Path::new(env!("CARGO_BIN_EXE_gate"))).await?;
    phone.sensor_is(Sensor::Yes);
    let phone = phone.killed().await?;
    let (window, text) = computer.link_code().await?;
    let code = text.split_once('#').context("a code")?.1;
    let mut secrets = vec![Secret::new("link code", code)];
    computer.submit(&format!("{window}/cancel"), &[]).await?;
    phone.does(Intent::LinkAccount);
    phone.does(Intent::CodeFound { text });
    phone.says(Trouble::LinkEnded).await?;
    phone.does(Intent::Back);
    links(&computer, &phone, true).await?;
    phone.does(Intent::OpenProcedures);
    let listed = |view: &View| matches!(view, View::Procedures { fetched: Some(_), fetching: false, .. }).then_some(());
    phone.sees("procedures", listed).await?;
    let (phone, kept) = phone.opened_with(Some(PASSWORD)).await?;
    secrets.extend(of_phone(&kept)?);
    let wrong = "not what it is";
    phone.tries(wrong).await?;
    phone.does(Intent::UnlockWithBiometrics);
    phone.sees("procedures", listed).await?;
    secrets.push(Secret::new("app password", PASSWORD));
    secrets.push(Secret::new("wrong password", wrong));
    let hardware_key = phone.hardware_key().context("the phone has a key")?;
    secrets.push(Secret::new("phone's key", hardware_key));
    secrets.extend(phone.credentials().into_iter().map(|token| Secret::new("token", token)));
    let device = computer.devices().await?.remove(0);
    computer.unlinks(&device).await?;
    phone.does(Intent::RefreshProcedures);
    phone.notices(driver::journey::view::Notice::Revoked).await?;
    Ok(secrets)
}

/// From the code to the receipt, by picture and by typed code, with everything that is refused on the way.
async fn story() -> Result<Vec<Secret>> {
    let (computer, phone) = marie(Path::new(env!("CARGO_BIN_EXE_gate"))).await?;
    let mut secrets = vec![Secret::new("session cookie", computer.session())];
    let place = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };

    let (window, text) = computer.generate(place).await?;
    let (_, fragment) = text.split_once('#').context("the secret stands in the fragment")?;
    secrets.push(Secret::new("fragment of the code", fragment));
    // Refused: one that nobody drew, and a second phone.
    let other = Phone::start(vec![computer.app.config.as_portal()]).await?;
    opens_scanner(&other).await?;
    let unknown = text.replace(fragment, &format!("{}A", &"B".repeat(42)));
    other.does(Intent::CodeFound { text: unknown });
    other.says(Trouble::TicketUnknown).await?;
    scans(&computer, &phone, &window, text.clone()).await?;
    photographs(&phone, 2).await?;
    generates(&phone, 2).await?;
    let (phone, kept) = phone.opened().await?;
    secrets.extend(of_phone(&kept)?);
    phone.sees("confirm", |view| matches!(view, View::Confirm { .. }).then_some(())).await?;
    let receipt = sends(&phone).await?;
    let document = arrived(&computer, place.procedure, &receipt).await?;
    secrets.extend(excerpts("document", &document));
    other.does(Intent::Dismiss);
    other.does(Intent::CodeFound { text });
    other.says(Trouble::TicketUsed).await?;

    // By typed code, with a file that is refused.
    phone.does(Intent::GoHome);
    let (window, _) = computer.generate(NewCode { slot: "grant-income", ..place }).await?;
    let typed = computer.typed_code(&window).await?;
    secrets.push(Secret::new("typed code", typed.as_bytes()));
    secrets.push(Secret::new("typed code without its hyphen", typed.replace('-', "")));
    opens_scanner(&phone).await?;
    phone.does(Intent::EnterCodeInstead);
    phone.does(Intent::CodeTyped { code: typed, portal: 0 });
    phone.sees("check", |view| matches!(view, View::Check { .. }).then_some(())).await?;
    phone.does(Intent::Continue);
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    let letter = "Dear Sir or Madam, my number is 1984 1021 123 45".to_owned().into_bytes();
    secrets.extend(excerpts("refused file", &letter));
    phone.will_pick(vec![PickedFile { name: "letter.pdf".into(), bytes: letter }]);
    phone.does(Intent::SelectFile);
    phone.says(Trouble::File { reason: Reason::NotPdf }).await?;
    let (phone, kept) = phone.opened().await?;
    secrets.extend(of_phone(&kept)?);
    // Disconnected, so that the calls of a dead credential are logged too.
    computer.submit(&format!("{window}/disconnect"), &[]).await?;
    phone.does(Intent::TakePicture);
    phone.does(Intent::AddPicture);
    phone.sees("camera", |view| matches!(view, View::Camera { .. }).then_some(())).await?;
    phone.photographs(tests::paper(7)?, driver::Trigger::Automatic).await?;
    phone.notices(driver::journey::view::Notice::Trouble { trouble: Trouble::Disconnected }).await?;

    secrets.extend(linked_story().await?);
    for wanted in ["unlock key", "store_secret", "app password", "link code", "wrong password", "token", "phone's key"]
    {
        ensure!(secrets.iter().any(|secret| secret.name.contains(wanted)), "no {wanted} to look for");
    }
    for wanted in ["DPoP key", "credential", "photo/", "pdf/", "work_key", "document at", "refused file at"] {
        ensure!(secrets.iter().any(|secret| secret.name.contains(wanted)), "no {wanted} to look for");
    }
    Ok(secrets)
}
