//! The lock: what opens it, what does not, and what it costs.

use crate::gate;
use anyhow::{Context, Result, ensure};
use driver::{
    NotServed,
    journey::{AutoLock, Intent, LockTrouble, View, view::Notice},
};
use jiff::SignedDuration;
use std::time::Duration;
use tests::{
    Computer, NewCode, Phone,
    linking::{PASSWORD, links, unlocks},
    steps::{arrived, done, generates, marie, photographs},
};

async fn linked() -> Result<(Computer, Phone)> {
    let (computer, phone) = marie(gate()).await?;
    links(&computer, &phone, false).await?;
    Ok((computer, phone))
}

/// From a code of the computer's to so many pages.
async fn has_pages(computer: &Computer, phone: &Phone, pages: u32) -> Result<()> {
    let code = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };
    let (_, text) = computer.generate(code).await?;
    phone.does(Intent::AddDocument);
    phone.does(Intent::Continue);
    phone.does(Intent::CodeFound { text });
    phone.sees("check", |view| matches!(view, View::Check { .. }).then_some(())).await?;
    photographs(phone, pages).await
}

/// A wrong password, and what the lock says then: tries left, and whether it waits.
async fn is_wrong(phone: &Phone, password: &str) -> Result<(LockTrouble, Option<u32>, bool, bool)> {
    let view = phone.tries(password).await?;
    let trouble = view.trouble.context("the lock says why")?;
    tests::words::refuse(trouble)?;
    Ok((trouble, view.tries_left, view.retry_at.is_some(), view.offer_unlink))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_locks_and_the_password_leads_back_to_where_one_was() -> Result<()> {
    let (computer, phone) = linked().await?;
    let code = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };
    let (window, text) = computer.generate(code).await?;
    phone.does(Intent::AddDocument);
    phone.does(Intent::Continue);
    phone.does(Intent::CodeFound { text });
    // The portal knows this phone as the owner's: nothing to compare.
    phone
        .sees("check", |view| matches!(view, View::Check { digits: None, other_account: false, .. }).then_some(()))
        .await?;
    ensure!(computer.page(&window).await?.contains("Phone of the story"), "the computer shows the phone's name");
    photographs(&phone, 2).await?;
    let pictures = phone.sees("pages", |view| match view {
        View::Pages { pages, .. } => Some(pages.iter().map(|page| page.picture.0.clone()).collect::<Vec<_>>()),
        _ => None,
    });
    let pictures = pictures.await?;
    let phone = phone.killed().await?;
    let shown = phone.locked("the lock", |view| Some(view.clone())).await?;
    ensure!(shown.device == "Phone of the story" && !shown.biometrics);
    ensure!(phone.picture(&pictures[0]).await.err().and_then(|error| error.downcast().ok()) == Some(NotServed::Locked));
    ensure!(is_wrong(&phone, "wrong").await? == (LockTrouble::WrongPassword, Some(4), false, false));
    let view = unlocks(&phone, PASSWORD).await?;
    ensure!(matches!(&view, View::Pages { pages, .. } if pages.len() == 2), "back where one was: {view:?}");
    phone.picture(&pictures[0]).await?;
    generates(&phone, 2).await?;
    phone.does(Intent::Confirm);
    arrived(&computer, "study-grant", &done(&phone).await?).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_its_way_arrives_while_the_phone_is_locked() -> Result<()> {
    let (computer, phone) = linked().await?;
    has_pages(&computer, &phone, 1).await?;
    generates(&phone, 1).await?;
    phone.holds(|method, _| method == "PATCH");
    phone.does(Intent::Confirm);
    phone.is_held().await?;
    phone.does(Intent::LockNow);
    phone.locked("the lock", |view| (view.sending == 1).then_some(())).await?;
    phone.lets_go();
    phone.locked("nothing left to send", |view| (view.sending == 0).then_some(())).await?;
    // The receipt waited for the lock to open.
    ensure!(matches!(unlocks(&phone, PASSWORD).await?, View::Done { .. }));
    let receipt = done(&phone).await?;
    phone.does(Intent::GoHome);
    phone.does(Intent::OpenProcedures);
    let kept = phone.sees("the receipt", |view| match view {
        View::Procedures { receipts, .. } => receipts.first().map(|kept| kept.receipt.clone()),
        _ => None,
    });
    ensure!(kept.await? == receipt);
    arrived(&computer, "study-grant", &receipt).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_lock_out_step_by_step_across_restarts_and_clocks() -> Result<()> {
    let (_computer, phone) = linked().await?;
    let mut phone = phone.killed().await?;
    let mut waits = Vec::new();
    // 50 wrong passwords with the clock set back and the app started anew after each: five are free.
    for n in 0..50 {
        phone.locked("the lock", |view| (!view.busy).then_some(())).await?;
        let (trouble, _, waiting, _) = is_wrong(&phone, &format!("wrong {n}")).await?;
        if trouble == LockTrouble::Wait {
            ensure!(waiting, "the lock says until when");
            // Setting the clock does not help; only time does.
            phone.clock_is_off_by(SignedDuration::from_hours(if n % 2 == 0 { -30 } else { 30 }));
        } else {
            waits.push(n);
        }
        if n % 10 == 9 {
            phone = phone.killed().await?;
        }
    }
    ensure!(waits == [0, 1, 2, 3, 4], "tried: {waits:?}");
    phone = phone.killed().await?;
    phone.locked("the wait, before anybody types", |view| view.retry_at).await?;
    // A right one does not open it either before its time.
    phone.locked("the lock", |view| (!view.busy).then_some(())).await?;
    ensure!(is_wrong(&phone, PASSWORD).await?.0 == LockTrouble::Wait);
    for (wait, next) in [(60, 5 * 60), (5 * 60, 60 * 60)] {
        phone.waits(Duration::from_secs(wait + 1));
        ensure!(is_wrong(&phone, "wrong").await?.0 == LockTrouble::WrongPassword);
        phone.waits(Duration::from_secs(next - 10));
        ensure!(is_wrong(&phone, PASSWORD).await?.0 == LockTrouble::Wait, "{next} s are not over");
        phone.waits(Duration::from_secs(10));
        if next == 5 * 60 {
            continue;
        }
        phone.locked("the way out", |view| view.offer_unlink.then_some(())).await?;
    }
    unlocks(&phone, PASSWORD).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_is_changed_with_the_old_one() -> Result<()> {
    let (_computer, phone) = linked().await?;
    phone.does(Intent::OpenSettings);
    phone.does(Intent::OpenChangePassword);
    phone.sees("change", |view| matches!(view, View::ChangePassword { .. }).then_some(())).await?;
    let change =
        |old: &str, new: &str| Intent::ChangePassword { old: old.to_owned().into(), new: new.to_owned().into() };
    let refused = async |why: LockTrouble| {
        tests::words::refuse(why)?;
        let said =
            |view: &View| matches!(view, View::ChangePassword { busy: false, trouble, .. } if *trouble == Some(why));
        phone.sees("a refusal", |view| said(view).then_some(())).await
    };
    phone.does(change(PASSWORD, "123456"));
    refused(LockTrouble::Unfit).await?;
    phone.does(change("wrong", "un vélo bleu sans lampe"));
    refused(LockTrouble::WrongPassword).await?;
    phone.does(change(PASSWORD, "un vélo bleu sans lampe"));
    phone.notices(Notice::PasswordChanged).await?;
    let phone = phone.killed().await?;
    phone.locked("the lock", |view| (!view.busy).then_some(())).await?;
    ensure!(is_wrong(&phone, PASSWORD).await?.0 == LockTrouble::WrongPassword);
    unlocks(&phone, "un vélo bleu sans lampe").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forgetting_the_password_costs_the_link_and_no_page() -> Result<()> {
    let (computer, phone) = linked().await?;
    has_pages(&computer, &phone, 2).await?;
    let phone = phone.killed().await?;
    phone.locked("the lock", |view| Some(view.clone())).await?;
    phone.does(Intent::ForgotPassword);
    phone.locked("the question", |view| view.forgetting.then_some(())).await?;
    phone.does(Intent::AnswerForgot { yes: true });
    let view = phone.notices(Notice::Unlinked).await?;
    ensure!(matches!(&view, View::Pages { pages, .. } if pages.len() == 2), "{view:?}");
    // The phone's own key was enough to tell the portal.
    tests::within("the portal hears of it", async {
        while !computer.devices().await?.is_empty() {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    })
    .await??;
    let phone = phone.killed().await?;
    phone.sees("an open phone", |view| matches!(view, View::Pages { .. }).then_some(())).await?;
    phone.does(Intent::Back);
    links(&computer, &phone, false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_out_of_sight_locks_after_the_time_that_was_set() -> Result<()> {
    let (_computer, phone) = linked().await?;
    phone.does(Intent::SetAutoLock { after: AutoLock::AfterFiveMinutes });
    phone.hears(Intent::Background).await?;
    phone.clock_is_off_by(SignedDuration::from_mins(4));
    phone.hears(Intent::Foreground).await?;
    phone.does(Intent::OpenSettings);
    phone.sees("settings", |view| matches!(view, View::Settings { link: Some(_), .. }).then_some(())).await?;
    phone.hears(Intent::Background).await?;
    phone.clock_is_off_by(SignedDuration::from_mins(10));
    phone.does(Intent::Foreground);
    phone.locked("the lock", |_| Some(())).await?;
    let view = unlocks(&phone, PASSWORD).await?;
    ensure!(matches!(view, View::Settings { .. }), "back where one was");
    phone.does(Intent::SetAutoLock { after: AutoLock::Immediately });
    phone.does(Intent::Background);
    phone.locked("the lock", |_| Some(())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_opens_a_locked_phone_waits_for_the_password() -> Result<()> {
    let (computer, phone) = linked().await?;
    let (_, link) =
        computer.generate(NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() }).await?;
    phone.does(Intent::LockNow);
    phone.locked("the lock", |_| Some(())).await?;
    phone.opens(link);
    unlocks(&phone, PASSWORD).await?;
    phone.sees("check", |view| matches!(view, View::Check { .. }).then_some(())).await
}
