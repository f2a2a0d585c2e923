//! The article's branches, from the portal's code to the receipt: real portal, real driver, real PDF.

use anyhow::{Context, Result, ensure};
use driver::{
    PickedFile, Trigger,
    journey::{Intent, View},
    protocol::api::{Action, Receipt},
};
use sha2::{Digest, Sha256};
use std::path::Path;
use tests::{Computer, NewCode, Phone, paper};

fn gate() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_gate"))
}

/// Marie, in her private eSpace, and an unlinked phone.
async fn marie() -> Result<(Computer, Phone)> {
    let computer = Computer::start("marie", gate()).await?;
    computer.choose_espace("marie-private").await?;
    let phone = Phone::start(vec![computer.app.config.as_portal()]).await?;
    Ok((computer, phone))
}

/// Phone, steps 3 to 5: up to 'Check', whose digits the computer shows too.
async fn scans(computer: &Computer, phone: &Phone, window: &str, text: String) -> Result<Action> {
    phone.does(Intent::AddDocument);
    phone.sees("intro", |view| matches!(view, View::Intro).then_some(())).await?;
    phone.does(Intent::Continue);
    phone.sees("scan", |view| matches!(view, View::ScanQr { .. }).then_some(())).await?;
    phone.does(Intent::CodeFound { text });
    let (digits, place) = phone
        .sees("check", |view| match view {
            View::Check { digits, place, .. } => Some((digits.clone(), place.clone())),
            _ => None,
        })
        .await?;
    let page = computer.page(window).await?;
    ensure!(page.contains(&digits) && page.contains("Pixel 8"), "the computer shows model and digits");
    ensure!(place.owner == "M… Weber" || place.owner == "P… Schmit", "the owner is masked: {}", place.owner);
    Ok(place.action)
}

/// Steps 6 to 10: so many pictures by the automatic camera.
async fn photographs(phone: &Phone, pages: u32) -> Result<()> {
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
async fn generates(phone: &Phone, pages: u32) -> Result<()> {
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
async fn sends(phone: &Phone) -> Result<Receipt> {
    phone.does(Intent::Confirm);
    phone
        .sees("done", |view| match view {
            View::Done { receipt, .. } => Some(receipt.clone()),
            _ => None,
        })
        .await
}

/// The newest document of a procedure with this receipt: the same on the computer, and the file has its digest.
async fn arrived(computer: &Computer, procedure: &str, receipt: &Receipt) -> Result<Vec<u8>> {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attach_one_page_unnamed() -> Result<()> {
    let (computer, phone) = marie().await?;
    let code = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };
    let (window, text) = computer.generate(code).await?;
    ensure!(scans(&computer, &phone, &window, text).await? == Action::Attach);
    photographs(&phone, 1).await?;
    generates(&phone, 1).await?;
    let receipt = sends(&phone).await?;
    ensure!(receipt.pages == 1);
    arrived(&computer, "study-grant", &receipt).await?;
    phone.does(Intent::GoHome);
    phone.sees("home", |view| matches!(view, View::Home { drafts, .. } if drafts.is_empty()).then_some(())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn add_three_pages_named() -> Result<()> {
    let (computer, phone) = marie().await?;
    let code = NewCode {
        procedure: "study-grant",
        document_type: "Rental contract",
        name: "Flat in Esch",
        ..NewCode::default()
    };
    let (window, text) = computer.generate(code).await?;
    ensure!(scans(&computer, &phone, &window, text).await? == Action::Add);
    photographs(&phone, 3).await?;
    generates(&phone, 3).await?;
    let receipt = sends(&phone).await?;
    ensure!(receipt.pages == 3);
    arrived(&computer, "study-grant", &receipt).await?;
    ensure!(computer.page("/procedures/study-grant").await?.contains("Flat in Esch"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replace_by_a_file_keeps_it_byte_for_byte() -> Result<()> {
    let (computer, phone) = marie().await?;
    let code = NewCode { procedure: "study-grant", slot: "grant-birth", ..NewCode::default() };
    let (window, text) = computer.generate(code).await?;
    ensure!(scans(&computer, &phone, &window, text).await? == Action::Replace);
    phone.does(Intent::Continue);
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    let pdf = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pdf/honest.pdf"))?;
    phone.will_pick(vec![PickedFile { name: "birth.pdf".into(), bytes: pdf.clone() }]);
    phone.does(Intent::SelectFile);
    phone.sees("confirm", |view| matches!(view, View::Confirm { from_file: true, .. }).then_some(())).await?;
    let receipt = sends(&phone).await?;
    ensure!(arrived(&computer, "study-grant", &receipt).await? == pdf, "not byte for byte");
    ensure!(computer.app.store.history("grant-birth").await?.len() == 2, "the old version is kept");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_espace_is_chosen_by_itself() -> Result<()> {
    let computer = Computer::start("paul", gate()).await?;
    ensure!(computer.page("/procedures").await?.contains("Parental leave"), "no eSpace is asked for");
    let phone = Phone::start(vec![computer.app.config.as_portal()]).await?;
    let code = NewCode { procedure: "parental-leave", slot: "leave-birth", ..NewCode::default() };
    let (window, text) = computer.generate(code).await?;
    scans(&computer, &phone, &window, text).await?;
    photographs(&phone, 1).await?;
    generates(&phone, 1).await?;
    let receipt = sends(&phone).await?;
    arrived(&computer, "parental-leave", &receipt).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_app_keeps_its_pages_and_goes_on() -> Result<()> {
    let (computer, phone) = marie().await?;
    let code = NewCode { procedure: "study-grant", slot: "grant-enrolment", ..NewCode::default() };
    let (window, text) = computer.generate(code).await?;
    scans(&computer, &phone, &window, text).await?;
    photographs(&phone, 2).await?;
    let phone = phone.killed().await?;
    // Where one was, with what one had.
    phone.sees("pages", |view| matches!(view, View::Pages { pages, .. } if pages.len() == 2).then_some(())).await?;
    no_plain_picture(phone.folder())?;
    generates(&phone, 2).await?;
    let receipt = sends(&phone).await?;
    arrived(&computer, "study-grant", &receipt).await?;
    no_plain_picture(phone.folder())
}

/// Nothing a citizen made lies readable on the phone: no JPEG, PNG or PDF anywhere in any file.
fn no_plain_picture(folder: &Path) -> Result<()> {
    let magics: [&[u8]; 3] = [&[0xff, 0xd8, 0xff, 0xe0], b"\x89PNG", b"%PDF-"];
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            no_plain_picture(&path)?;
            continue;
        }
        let bytes = std::fs::read(&path)?;
        for magic in magics {
            ensure!(
                !bytes.windows(magic.len()).any(|window| window == magic),
                "{} holds a plain picture",
                path.display()
            );
        }
    }
    Ok(())
}
