//! The app is killed on every screen there is, and the walk goes on to the receipt all the same.

use crate::{ENROLMENT, gate, stands};
use anyhow::{Context, Result, bail, ensure};
use driver::{
    Trigger,
    journey::{Intent, View, view::Stage},
};
use std::{collections::BTreeSet, path::Path};
use tests::{
    Phone,
    linking::{PASSWORD, links, unlocks},
    paper,
    steps::{arrived, marie},
};

/// Screens on which the app was killed, by their names.
#[derive(Default)]
struct Killed(BTreeSet<String>);

impl Killed {
    /// Waits for a screen, kills the app there and starts it again: the same screen shows the same, but a camera that
    /// nobody holds any more is the pages.
    async fn on(&mut self, phone: Phone, wanted: impl Fn(&View) -> bool) -> Result<Phone> {
        let before = phone.sees("the next screen", |view| wanted(view).then(|| view.clone())).await?;
        let phone = phone.killed().await?;
        let after = phone.view()?;
        match (&before, &after) {
            (View::Camera { number, .. }, View::Pages { pages, .. }) if pages.len() + 1 == *number as usize => {}
            (View::Camera { .. }, _) => bail!("the camera became {after:?}"),
            _ => ensure!(before == after, "{before:?} became {after:?}"),
        }
        self.0.insert(name(&before)?);
        Ok(phone)
    }

    /// The same on a linked phone: it comes back locked, and behind the lock is the same screen.
    async fn on_linked(&mut self, phone: Phone, wanted: impl Fn(&View) -> bool) -> Result<Phone> {
        let before = phone.sees("the next screen", |view| wanted(view).then(|| view.clone())).await?;
        // Once as it is, and once on the lock itself.
        let phone = phone.killed().await?.killed().await?;
        phone.locked("the lock", |_| Some(())).await?;
        let after = unlocks(&phone, PASSWORD).await?;
        ensure!(name(&before)? == name(&after)?, "{before:?} became {after:?}");
        self.0.extend([name(&before)?, "unlock".to_owned()]);
        Ok(phone)
    }
}

fn name(view: &View) -> Result<String> {
    Ok(serde_json::to_value(view)?["screen"].as_str().context("a screen has a name")?.to_owned())
}

/// One folder a screen, with `-` for `_`.
fn every_screen() -> Result<BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/screens");
    let mut screens = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            screens.insert(entry.file_name().to_string_lossy().replace('-', "_"));
        }
    }
    Ok(screens)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_every_screen_of_the_walk() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (_, text) = computer.generate(ENROLMENT).await?;
    let mut killed = Killed::default();

    let phone = killed.on(phone, |view| matches!(view, View::Home { .. })).await?;
    phone.does(Intent::OpenSettings);
    let phone = killed.on(phone, |view| matches!(view, View::Settings { .. })).await?;
    phone.does(Intent::Back);
    phone.does(Intent::AddDocument);
    let phone = killed.on(phone, |view| matches!(view, View::Intro)).await?;
    phone.does(Intent::EnterCodeInstead);
    let phone = killed.on(phone, |view| matches!(view, View::EnterCode { .. })).await?;
    phone.does(Intent::Back);
    let phone = killed.on(phone, |view| matches!(view, View::ScanQr { busy: false, .. })).await?;

    phone.holds(|_, path| path == driver::protocol::routes::REDEEM);
    phone.does(Intent::CodeFound { text });
    phone.is_held().await?;
    let phone = killed.on(phone, |view| matches!(view, View::ScanQr { busy: true, .. })).await?;
    phone.lets_go();
    let phone = killed.on(phone, |view| matches!(view, View::Check { .. })).await?;
    phone.does(Intent::Continue);
    let phone = killed.on(phone, |view| matches!(view, View::Source { .. })).await?;

    phone.does(Intent::TakePicture);
    let pages = |count| move |view: &View| matches!(view, View::Pages { pages, .. } if pages.len() == count);
    let phone = killed.on(phone, pages(0)).await?;
    phone.does(Intent::AddPicture);
    let mut phone = killed.on(phone, |view| matches!(view, View::Camera { number: 1, .. })).await?;
    for number in [1, 2] {
        phone.does(Intent::AddPicture);
        let ready = |view: &View| matches!(view, View::Camera { number: n, .. } if *n == number).then_some(());
        phone.sees("camera", ready).await?;
        phone.photographs(paper(3 + number)?, Trigger::Automatic).await?;
        phone = killed.on(phone, |view| matches!(view, View::Camera { number: n, .. } if *n == number + 1)).await?;
    }
    let phone = killed.on(phone, pages(2)).await?;
    let View::Pages { pages, .. } = phone.view()? else { bail!("not the pages") };
    phone.does(Intent::EditPage { page: pages[1].page });
    phone.does(Intent::RotateRight { page: pages[1].page });
    let turned = |view: &View| matches!(view, View::Edit { page, .. } if page.picture != pages[1].picture);
    let phone = killed.on(phone, turned).await?;
    phone.does(Intent::Back);

    phone.does(Intent::End);
    let phone = killed.on(phone, |view| matches!(view, View::Generate { asking: false, pages: 2, .. })).await?;
    phone.does(Intent::Generate);
    let phone = killed.on(phone, |view| matches!(view, View::Generate { asking: true, .. })).await?;
    phone.does(Intent::MakePdf { yes: true });
    let phone = killed.on(phone, |view| matches!(view, View::Confirm { pages, .. } if pages.len() == 2)).await?;

    phone.holds(|method, _| method == "PATCH");
    phone.does(Intent::Confirm);
    phone.is_held().await?;
    let at = |stage| move |view: &View| matches!(view, View::Upload { stage: at, .. } if *at == stage);
    let phone = killed.on(phone, at(Stage::Sending)).await?;
    phone.is_held().await?;
    phone.does(Intent::PauseUpload);
    let phone = killed.on(phone, at(Stage::Paused)).await?;
    phone.lets_go();
    stands(&phone, Stage::Paused).await?;
    phone.does(Intent::ResumeUpload);
    let phone = killed.on(phone, |view| matches!(view, View::Done { .. })).await?;

    let View::Done { receipt, .. } = phone.view()? else { bail!("no receipt") };
    ensure!(receipt.pages == 2);
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    phone.does(Intent::GoHome);
    let empty =
        |view: &View| matches!(view, View::Home { drafts, outbox, .. } if drafts.is_empty() && outbox.is_empty());
    phone.sees("an empty home", |view| empty(view).then_some(())).await?;

    // Linking is not gone on with: its code is over within minutes.
    phone.does(Intent::LinkAccount);
    phone.sees("linking", |view| matches!(view, View::Link { .. }).then_some(())).await?;
    let phone = phone.killed().await?;
    phone.sees("home", |view| matches!(view, View::Home { account: None, .. }).then_some(())).await?;
    killed.0.insert("link".into());
    links(&computer, &phone, false).await?;
    phone.does(Intent::OpenProcedures);
    let phone = killed.on_linked(phone, |view| matches!(view, View::Procedures { fetching: false, .. })).await?;
    phone.does(Intent::Back);
    phone.does(Intent::OpenSettings);
    phone.does(Intent::OpenChangePassword);
    killed.on_linked(phone, |view| matches!(view, View::ChangePassword { .. })).await?;
    let (killed, all) = (killed.0, every_screen()?);
    ensure!(killed == all, "killed on {killed:?}, and there are {all:?}");
    Ok(())
}
