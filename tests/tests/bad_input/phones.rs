//! Whose phone is it? A second one with the same code, 'No, this is not mine', and 'Not my phone: disconnect'.

use crate::{ENROLMENT, gate, goes_on, needs_new_code, nothing_arrived, refuses, stands};
use anyhow::{Result, ensure};
use driver::{
    Trigger,
    journey::{
        Intent, Trouble, View,
        view::{Notice, Stage},
    },
};
use tests::{
    Phone, paper,
    steps::{arrived, generates, marie, opens_scanner, photographs, reads, scans, sends},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_phone_with_the_same_code_loses_and_the_first_goes_on() -> Result<()> {
    let (computer, first) = marie(gate()).await?;
    let second = Phone::start(vec![computer.app.config.as_portal()]).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &first, &window, text.clone()).await?;
    // Without the code's seconds, which go on.
    let shown = async || {
        anyhow::Ok(computer.page(&window).await?.split_once("id=\"code-state\"").map(|(_, rest)| rest.to_owned()))
    };
    let before = shown().await?;
    opens_scanner(&second).await?;
    refuses(&second, &text, Trouble::TicketUsed).await?;
    ensure!(before.is_some() && shown().await? == before, "the computer goes on showing the first phone");
    goes_on(&computer, &first).await?;
    // Nor does the code work for anybody once the document is there.
    refuses(&second, &text, Trouble::TicketUsed).await?;
    second.does(Intent::GoHome);
    let empty =
        |view: &View| matches!(view, View::Home { drafts, outbox, .. } if drafts.is_empty() && outbox.is_empty());
    second.sees("home", |view| empty(view).then_some(())).await?;
    let (_, text) = computer.generate(ENROLMENT).await?;
    opens_scanner(&second).await?;
    reads(&second, text).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_mine_kills_the_code_and_the_computer_says_so() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &phone, &window, text.clone()).await?;
    phone.does(Intent::NotMine);
    let home = phone.notices(Notice::Declined).await?;
    ensure!(matches!(&home, View::Home { drafts, .. } if drafts.is_empty()), "{home:?}");
    computer.says(&window, "portal.live.declined").await?;
    // It is dead for the phone that said so and for every other one; nobody is told that a stranger has it.
    let other = Phone::start(vec![computer.app.config.as_portal()]).await?;
    for phone in [&phone, &other] {
        opens_scanner(phone).await?;
        refuses(phone, &text, Trouble::TicketExpired).await?;
    }
    computer.says(&window, "portal.live.declined").await?;
    let (_, text) = computer.generate(ENROLMENT).await?;
    reads(&phone, text).await?;
    goes_on(&computer, &phone).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disconnected_while_taking_pictures_keeps_them_for_a_new_code() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &phone, &window, text.clone()).await?;
    photographs(&phone, 1).await?;
    phone.does(Intent::AddPicture);
    phone.sees("camera", |view| matches!(view, View::Camera { number: 2, .. }).then_some(())).await?;
    computer.submit(&format!("{window}/disconnect"), &[]).await?;
    computer.says(&window, "portal.live.disconnected").await?;
    phone.photographs(paper(5)?, Trigger::Automatic).await?;
    let view = phone.notices(Notice::Trouble { trouble: Trouble::Disconnected }).await?;
    ensure!(matches!(view, View::Camera { number: 3, .. }), "nobody is torn out of the camera: {view:?}");
    phone.does(Intent::CameraDone);
    let kept = |view: &View| matches!(view, View::Pages { pages, place: None, .. } if pages.len() == 2).then_some(());
    phone.sees("both pages, for no place", kept).await?;
    generates(&phone, 2).await?;
    phone.sees("a code is needed", |view| matches!(view, View::Confirm { needs_code: true, .. }).then_some(())).await?;
    phone.does(Intent::NewCode);
    phone.sees("scan", |view| matches!(view, View::ScanQr { waiting: Some(_), .. }).then_some(())).await?;
    // The old code stays dead, and is not called a stranger's.
    refuses(&phone, &text, Trouble::TicketCancelled).await?;
    let (_, text) = computer.generate(ENROLMENT).await?;
    reads(&phone, text).await?;
    phone.does(Intent::Continue);
    phone.sees("confirm", |view| matches!(view, View::Confirm { needs_code: false, .. }).then_some(())).await?;
    let receipt = sends(&phone).await?;
    ensure!(receipt.pages == 2);
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disconnected_while_sending_adds_nothing_and_keeps_the_document() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &phone, &window, text).await?;
    photographs(&phone, 1).await?;
    generates(&phone, 1).await?;
    phone.holds(|method, _| method == "PATCH");
    phone.does(Intent::Confirm);
    phone.is_held().await?;
    stands(&phone, Stage::Sending).await?;
    computer.submit(&format!("{window}/disconnect"), &[]).await?;
    phone.lets_go();
    let view = phone.says(Trouble::Disconnected).await?;
    ensure!(matches!(view, View::Upload { .. }), "{view:?}");
    computer.says(&window, "portal.live.disconnected").await?;
    nothing_arrived(&computer).await?;
    needs_new_code(&computer, &phone).await?;
    phone.does(Intent::Continue);
    phone.sees("confirm", |view| matches!(view, View::Confirm { needs_code: false, .. }).then_some(())).await?;
    let receipt = sends(&phone).await?;
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    Ok(())
}
