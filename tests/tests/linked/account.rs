//! What a linked phone is for: procedures, documents without a code; and how it is unlinked.

use crate::gate;
use anyhow::{Result, ensure};
use driver::{
    journey::{Intent, Trouble, View, view::Notice},
    protocol::api::Espace,
};
use tests::{
    Computer, NewCode, Phone,
    linking::{PASSWORD, links, unlocks},
    steps::{arrived, done, generates, marie},
};

async fn linked() -> Result<(Computer, Phone)> {
    let (computer, phone) = marie(gate()).await?;
    links(&computer, &phone, false).await?;
    Ok((computer, phone))
}

/// The eSpaces as the phone shows them, once they are fetched.
async fn procedures(phone: &Phone) -> Result<Vec<Espace>> {
    phone.does(Intent::OpenProcedures);
    phone
        .sees("procedures", |view| match view {
            View::Procedures { espaces, fetched: Some(_), fetching: false, .. } => Some(espaces.clone()),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attach_and_add_without_a_code() -> Result<()> {
    let (computer, phone) = linked().await?;
    let espaces = procedures(&phone).await?;
    ensure!(espaces.len() == 3, "all eSpaces of Marie: {espaces:?}");
    let all = || espaces.iter().flat_map(|espace| &espace.procedures);
    let grant = all().find(|procedure| procedure.id == "study-grant").expect("the study grant is active");
    let slot = grant.slots.iter().find(|slot| slot.id == "grant-enrolment").expect("its slot");
    ensure!(slot.required && !slot.filled && grant.editable);
    phone.does(Intent::FillSlot { procedure: "study-grant".into(), slot: "grant-enrolment".into() });
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    phone.does(Intent::TakePicture);
    let receipt = takes_and_sends(&phone, 1).await?;
    arrived(&computer, "study-grant", &receipt).await?;
    phone.does(Intent::GoHome);
    // The list knows that the place is filled by now.
    phone.does(Intent::OpenProcedures);
    let filled = |view: &View| match view {
        View::Procedures { espaces, receipts, .. } => {
            let mut slots = espaces.iter().flat_map(|espace| &espace.procedures).flat_map(|procedure| &procedure.slots);
            (slots.any(|slot| slot.id == "grant-enrolment" && slot.filled) && receipts.len() == 1).then_some(())
        }
        _ => None,
    };
    phone.sees("a filled place", filled).await?;
    let name = "Flat in Esch";
    phone.does(Intent::AddToProcedure {
        procedure: "study-grant".into(),
        document_type: "Rental contract".into(),
        name: name.into(),
    });
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    phone.does(Intent::TakePicture);
    let receipt = takes_and_sends(&phone, 2).await?;
    arrived(&computer, "study-grant", &receipt).await?;
    ensure!(computer.page("/procedures/study-grant").await?.contains(name));
    Ok(())
}

async fn takes_and_sends(phone: &Phone, pages: u32) -> Result<driver::protocol::api::Receipt> {
    phone.sees("pages", |view| matches!(view, View::Pages { .. }).then_some(())).await?;
    phone.does(Intent::AddPicture);
    for page in 1..=pages {
        let ready = |view: &View| matches!(view, View::Camera { number, .. } if *number == page).then_some(());
        phone.sees("camera", ready).await?;
        phone.photographs(tests::paper(3 + page)?, driver::Trigger::Automatic).await?;
    }
    phone.does(Intent::CameraDone);
    let all =
        |view: &View| matches!(view, View::Pages { pages: cards, .. } if cards.len() == pages as usize).then_some(());
    phone.sees("all pages", all).await?;
    generates(phone, pages).await?;
    phone.does(Intent::Confirm);
    done(phone).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_there_without_a_network_and_says_so() -> Result<()> {
    let (mut computer, phone) = linked().await?;
    let before = procedures(&phone).await?;
    computer.goes_away().await?;
    let phone = phone.killed().await?;
    let view = unlocks(&phone, PASSWORD).await?;
    ensure!(matches!(&view, View::Procedures { espaces, .. } if *espaces == before), "{view:?}");
    phone.does(Intent::RefreshProcedures);
    phone.says(Trouble::Unreachable).await?;
    computer.comes_back().await?;
    phone.does(Intent::RefreshProcedures);
    let fresh = |view: &View| matches!(view, View::Procedures { fetching: false, trouble: None, .. }).then_some(());
    phone.sees("a fresh list", fresh).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unlinked_on_the_computer() -> Result<()> {
    let (computer, phone) = linked().await?;
    procedures(&phone).await?;
    phone.does(Intent::FillSlot { procedure: "study-grant".into(), slot: "grant-enrolment".into() });
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    photographs_from_source(&phone).await?;
    let device = computer.devices().await?.remove(0);
    computer.unlinks(&device).await?;
    ensure!(computer.devices().await?.is_empty());
    phone.does(Intent::GoHome);
    phone.does(Intent::OpenProcedures);
    phone.does(Intent::RefreshProcedures);
    let home = phone.notices(Notice::Revoked).await?;
    ensure!(matches!(&home, View::Home { account: None, drafts, .. } if drafts.len() == 1), "pages are kept: {home:?}");
    // Nothing is locked any more after a start, and what belonged to the account is gone.
    let (phone, kept) = phone.opened().await?;
    phone.sees("an open phone", |view| matches!(view, View::Home { account: None, .. }).then_some(())).await?;
    ensure!(kept.iter().all(|(place, _)| place != "store_secret" && !place.starts_with("account")), "{kept:?}");
    links(&computer, &phone, false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_was_unlinked_learns_it_from_the_next_code_and_the_code_still_works() -> Result<()> {
    let (computer, phone) = linked().await?;
    // So that it holds a token that was good a moment ago.
    procedures(&phone).await?;
    phone.does(Intent::GoHome);
    let device = computer.devices().await?.remove(0);
    computer.unlinks(&device).await?;
    let code = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };
    let (_, text) = computer.generate(code).await?;
    phone.does(Intent::AddDocument);
    phone.does(Intent::Continue);
    phone.does(Intent::CodeFound { text });
    phone.notices(Notice::Revoked).await?;
    // Nobody's phone now: the digits are compared.
    phone.sees("check", |view| matches!(view, View::Check { digits: Some(_), .. }).then_some(())).await
}

async fn photographs_from_source(phone: &Phone) -> Result<()> {
    phone.does(Intent::TakePicture);
    phone.sees("pages", |view| matches!(view, View::Pages { .. }).then_some(())).await?;
    phone.does(Intent::AddPicture);
    phone.sees("camera", |view| matches!(view, View::Camera { .. }).then_some(())).await?;
    phone.photographs(tests::paper(4)?, driver::Trigger::Automatic).await?;
    phone.does(Intent::CameraDone);
    phone.sees("pages", |view| matches!(view, View::Pages { pages, .. } if pages.len() == 1).then_some(())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unlinked_on_the_phone() -> Result<()> {
    let (mut computer, phone) = linked().await?;
    phone.does(Intent::OpenSettings);
    computer.goes_away().await?;
    phone.does(Intent::Unlink);
    phone.does(Intent::AnswerUnlink { yes: true });
    phone.says(Trouble::Unreachable).await?;
    computer.comes_back().await?;
    phone.does(Intent::Unlink);
    phone.does(Intent::AnswerUnlink { yes: true });
    phone.notices(Notice::Unlinked).await?;
    ensure!(computer.devices().await?.is_empty(), "the portal knows");
    let phone = phone.killed().await?;
    phone.sees("an open phone", |view| matches!(view, View::Home { account: None, .. }).then_some(())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_phone_is_announced_on_the_first() -> Result<()> {
    let (computer, first) = linked().await?;
    procedures(&first).await?;
    let second = Phone::start(vec![computer.app.config.as_portal()]).await?;
    links(&computer, &second, false).await?;
    ensure!(computer.devices().await?.len() == 2);
    first.does(Intent::RefreshProcedures);
    let told = |notice: &Notice| matches!(notice, Notice::NewDevice { name, .. } if name == "Phone of the story");
    first.is_told("a new phone", told).await
}
