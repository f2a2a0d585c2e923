//! Links that somebody tries to get by deceit, and codes that are used wrongly.

use crate::gate;
use anyhow::{Result, ensure};
use driver::journey::{Intent, Trouble, View, view::LinkView};
use tests::{
    Computer, NewCode, Phone,
    linking::{links, says_yes, scans_link, step},
    steps::marie,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_number_ends_the_code_for_good() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.link_code().await?;
    scans_link(&phone, text.clone()).await?;
    let number = says_yes(&phone).await?;
    let wrong = computer.numbers(&window).await?.into_iter().find(|other| *other != number).expect("a decoy");
    computer.picks(&window, &wrong).await?;
    phone.says(Trouble::LinkEnded).await?;
    phone.does(Intent::CodeFound { text });
    phone.says(Trouble::LinkEnded).await?;
    ensure!(computer.devices().await?.is_empty());
    ensure!(computer.page("/activity").await?.contains("Phone not linked: Pixel 8"), "the activity says so");
    Ok(())
}

/// Somebody photographs Marie's code and is quicker: her computer shows a phone that is not hers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_who_scans_first_gets_nothing() -> Result<()> {
    let (computer, hers) = marie(gate()).await?;
    let stranger = Phone::start(vec![computer.app.config.as_portal()]).await?;
    let (window, text) = computer.link_code().await?;
    scans_link(&stranger, text.clone()).await?;
    says_yes(&stranger).await?;
    hers.does(Intent::LinkAccount);
    hers.does(Intent::CodeFound { text });
    hers.says(Trouble::LinkUsed).await?;
    computer.picks(&window, "none").await?;
    stranger.says(Trouble::LinkEnded).await?;
    ensure!(computer.devices().await?.is_empty());
    hers.does(Intent::Back);
    links(&computer, &hers, false).await
}

/// Quishing: a code of somebody else's account says whose it is, and 'No' leaves nothing behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_somebody_elses_account_says_whose() -> Result<()> {
    let paul = Computer::start("paul", gate()).await?;
    let phone = Phone::start(vec![paul.app.config.as_portal()]).await?;
    let (window, text) = paul.link_code().await?;
    ensure!(scans_link(&phone, text).await? == "P… Schmit");
    phone.does(Intent::AnswerLink { yes: false });
    step(&phone, "the scanner", |step| matches!(step, LinkView::Scan { .. }).then_some(())).await?;
    tests::within("the computer hears the no", async {
        while !paul.page(&window).await?.contains("data-state=\"ended\"") {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    })
    .await??;
    ensure!(paul.devices().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_for_one_thing_do_not_do_the_other() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let code = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };
    let (_, ticket) = computer.generate(code).await?;
    let (_, link) = computer.link_code().await?;
    phone.does(Intent::LinkAccount);
    phone.does(Intent::CodeFound { text: ticket });
    phone.says(Trouble::TicketCode).await?;
    phone.does(Intent::Back);
    phone.does(Intent::AddDocument);
    phone.does(Intent::Continue);
    phone.does(Intent::CodeFound { text: link });
    let view = phone.says(Trouble::LinkCode).await?;
    ensure!(matches!(view, View::ScanQr { .. }));
    Ok(())
}

/// A weak password is not taken, whatever the screen let through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_weak_password_makes_no_lock() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.link_code().await?;
    scans_link(&phone, text).await?;
    let number = says_yes(&phone).await?;
    computer.picks(&window, &number).await?;
    step(&phone, "the name", |step| matches!(step, LinkView::Name { .. }).then_some(())).await?;
    phone.does(Intent::NameDevice { name: "  ".into() });
    for weak in ["123456", "password", "short", ""] {
        phone.does(Intent::JudgePassword { password: weak.to_owned().into() });
        let judged = |step: &LinkView| match step {
            LinkView::Password { judged: Some(judged), .. } => judged.unfit,
            _ => None,
        };
        step(&phone, weak, judged).await?;
        phone.does(Intent::ChoosePassword { password: weak.to_owned().into() });
        phone.says(Trouble::PasswordUnfit).await?;
        phone.does(Intent::Dismiss);
        let calm = |view: &View| {
            matches!(view, View::Link { step: LinkView::Password { busy: false, .. }, trouble: None }).then_some(())
        };
        phone.sees("the next try", calm).await?;
    }
    ensure!(computer.devices().await?.is_empty());
    for odd in ["🦀🐢🦔🐝🦋🐙🪿🦥".to_owned(), "x1 ".repeat(3_333)] {
        phone.does(Intent::JudgePassword { password: odd.into() });
        let fit = |step: &LinkView| {
            matches!(step, LinkView::Password { judged: Some(judged), .. } if judged.unfit.is_none()).then_some(())
        };
        step(&phone, "an odd password that is good", fit).await?;
    }
    Ok(())
}
