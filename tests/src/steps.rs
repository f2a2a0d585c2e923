//! The steps of the help article, as citizens take them when nothing goes wrong.

use crate::{Computer, Phone, paper};
use anyhow::{Context, Result, ensure};
use driver::{
    Trigger,
    journey::{Intent, View},
    protocol::api::{Action, Context as Place, Receipt},
};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Marie, in her private eSpace, and an unlinked phone.
pub async fn marie(gate: &Path) -> Result<(Computer, Phone)> {
    let computer = Computer::start("marie", gate).await?;
    computer.choose_espace("marie-private").await?;
    let phone = Phone::start(vec![computer.app.config.as_portal()]).await?;
    Ok((computer, phone))
}

/// Phone, steps 3 to 5: up to 'Check', whose digits the computer shows too.
pub async fn scans(computer: &Computer, phone: &Phone, window: &str, text: String) -> Result<Action> {
    opens_scanner(phone).await?;
    let (digits, place) = reads(phone, text).await?;
    let page = computer.page(window).await?;
    ensure!(page.contains(&digits) && page.contains("Pixel 8"), "the computer shows model and digits");
    ensure!(place.owner == "M… Weber" || place.owner == "P… Schmit", "the owner is masked: {}", place.owner);
    Ok(place.action)
}

/// From the home screen to the one that waits for a code.
pub async fn opens_scanner(phone: &Phone) -> Result<()> {
    phone.does(Intent::AddDocument);
    phone.sees("intro", |view| matches!(view, View::Intro).then_some(())).await?;
    phone.does(Intent::Continue);
    phone.sees("scan", |view| matches!(view, View::ScanQr { .. }).then_some(())).await
}

/// A code that works: digits and place on 'Check'.
pub async fn reads(phone: &Phone, text: String) -> Result<(String, Place)> {
    phone.does(Intent::CodeFound { text });
    phone
        .sees("check", |view| match view {
            View::Check { digits: Some(digits), place, .. } => Some((digits.clone(), place.clone())),
            _ => None,
        })
        .await
}

/// Steps 6 to 10: so many pictures by the automatic camera.
pub async fn photographs(phone: &Phone, pages: u32) -> Result<()> {
    phone.does(Intent::Continue);
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    phone.does(Intent::TakePicture);
    phone.sees("pages", |view| matches!(view, View::Pages { .. }).then_some(())).await?;
    phone.does(Intent::AddPicture);
    for page in 1..=pages {
        let ready = |view: &View| matches!(view, View::Camera { number, .. } if *number == page).then_some(());
        phone.sees("camera", ready).await?;
        phone.photographs(paper(3 + page)?, Trigger::Automatic).await?;
    }
    phone.does(Intent::CameraDone);
    let all =
        |view: &View| matches!(view, View::Pages { pages: cards, .. } if cards.len() == pages as usize).then_some(());
    phone.sees("all pages", all).await
}

/// Steps 11 and 12: the question, then the PDF as it will be sent.
pub async fn generates(phone: &Phone, pages: u32) -> Result<()> {
    phone.does(Intent::End);
    phone.sees("generate", |view| matches!(view, View::Generate { .. }).then_some(())).await?;
    phone.does(Intent::Generate);
    phone.sees("the question", |view| matches!(view, View::Generate { asking: true, .. }).then_some(())).await?;
    phone.does(Intent::MakePdf { yes: true });
    let pictures = phone
        .sees("confirm", |view| match view {
            View::Confirm { pages, .. } => Some(pages.clone()),
            _ => None,
        })
        .await?;
    ensure!(pictures.len() == pages as usize);
    for picture in pictures {
        let rendered = phone.picture(&picture.0).await.with_context(|| picture.0.clone())?;
        ensure!(rendered.starts_with(&[0xff, 0xd8]), "a rendered page");
    }
    Ok(())
}

/// Step 13: sent, checked, received.
pub async fn sends(phone: &Phone) -> Result<Receipt> {
    phone.does(Intent::Confirm);
    done(phone).await
}

/// The receipt, once the document is where it belongs.
pub async fn done(phone: &Phone) -> Result<Receipt> {
    phone
        .sees("done", |view| match view {
            View::Done { receipt, .. } => Some(receipt.clone()),
            _ => None,
        })
        .await
}

/// The newest document of a procedure with this receipt: the same on the computer, and the file has its digest.
pub async fn arrived(computer: &Computer, procedure: &str, receipt: &Receipt) -> Result<Vec<u8>> {
    let slots = computer.app.store.slots(procedure).await?;
    let document =
        slots.into_iter().filter_map(|slot| slot.document).find(|document| document.receipt.number == receipt.number);
    let document = document.context("the document is not in the procedure")?;
    ensure!(document.receipt == *receipt, "the receipts differ: {:?} and {receipt:?}", document.receipt);
    let file = computer.download(&document.id).await?;
    let digest: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(digest == receipt.sha256 && file.len() as u64 == receipt.bytes, "the file is not the receipt's");
    Ok(file)
}
