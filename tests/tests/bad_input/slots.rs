//! Two codes for one place: who comes second is asked.

use crate::{ENROLMENT, gate, stands};
use anyhow::{Context, Result, ensure};
use driver::{
    journey::{Intent, View, view::Stage},
    protocol::api::{Action, Receipt, SlotChoice},
};
use tests::{
    Computer, Phone,
    steps::{arrived, done, generates, marie, photographs, scans, sends},
};

/// Two phones for one place; the first document is in it, and the second phone is asked what to do.
struct Race {
    computer: Computer,
    second: Phone,
    /// Of the second phone's code.
    window: String,
    first: Receipt,
}

async fn race() -> Result<Race> {
    let (computer, first) = marie(gate()).await?;
    let second = Phone::start(vec![computer.app.config.as_portal()]).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &first, &window, text).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &second, &window, text).await?;
    photographs(&second, 2).await?;
    photographs(&first, 1).await?;
    generates(&first, 1).await?;
    let receipt = sends(&first).await?;
    generates(&second, 2).await?;
    second.does(Intent::Confirm);
    stands(&second, Stage::SlotChanged).await?;
    computer.says(&window, "portal.live.slot_changed").await?;
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    Ok(Race { computer, second, window, first: receipt })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replace_puts_the_second_in_and_keeps_the_first_in_the_history() -> Result<()> {
    let Race { computer, second, first, .. } = race().await?;
    second.does(Intent::AnswerSlot { choice: SlotChoice::Replace });
    let receipt = done(&second).await?;
    ensure!(receipt.pages == 2);
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    let history = computer.app.store.history(ENROLMENT.slot).await?;
    ensure!(history.iter().any(|document| document.receipt == first), "the first document is gone");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discard_keeps_the_first_in_its_place_and_the_pages_on_the_phone() -> Result<()> {
    let Race { computer, second, window, first } = race().await?;
    second.does(Intent::AnswerSlot { choice: SlotChoice::Discard });
    let waiting = |view: &View| match view {
        View::Home { drafts, outbox, .. } if outbox.is_empty() => Some(drafts.clone()),
        _ => None,
    };
    let drafts = second.sees("home", waiting).await?;
    let draft = drafts.first().context("the pages are gone")?;
    ensure!(draft.pages == 2 && !draft.connected, "{draft:?}");
    computer.says(&window, "portal.live.ended").await?;
    arrived(&computer, ENROLMENT.procedure, &first).await?;
    // The place is another one now, one to replace, so the pages are offered for it.
    let (window, text) = computer.generate(ENROLMENT).await?;
    ensure!(scans(&computer, &second, &window, text).await? == Action::Replace);
    let offered = |view: &View| matches!(view, View::Check { question: Some(two), .. } if two.pages == 2).then_some(());
    second.sees("the offer", offered).await?;
    second.does(Intent::UseWaitingPages { yes: true });
    second.does(Intent::Continue);
    second.sees("pages", |view| matches!(view, View::Pages { pages, .. } if pages.len() == 2).then_some(())).await?;
    generates(&second, 2).await?;
    let receipt = sends(&second).await?;
    ensure!(receipt.pages == 2);
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_question_can_wait_and_outlives_a_kill() -> Result<()> {
    let Race { computer, second, first, .. } = race().await?;
    second.does(Intent::LeaveUpload);
    let asked = |view: &View| match view {
        View::Home { outbox, .. } => outbox.iter().find(|card| card.stage == Stage::SlotChanged).map(|card| card.draft),
        _ => None,
    };
    second.sees("the question at home", asked).await?;
    let second = second.killed().await?;
    let draft = second.sees("the question at home", asked).await?;
    arrived(&computer, ENROLMENT.procedure, &first).await?;
    second.does(Intent::OpenUpload { draft });
    stands(&second, Stage::SlotChanged).await?;
    second.does(Intent::AnswerSlot { choice: SlotChoice::Replace });
    let receipt = done(&second).await?;
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    Ok(())
}
