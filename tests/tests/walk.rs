//! The article's branches, from the portal's code to the receipt: real portal, real driver, real PDF.

use anyhow::{Context, Result, ensure};
use driver::{
    PickedFile,
    journey::{Intent, View},
    protocol::api::Action,
};
use std::path::Path;
use tests::{
    Computer, NewCode, Phone,
    steps::{arrived, generates, marie, photographs, scans, sends},
};

fn gate() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_gate"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attach_one_page_unnamed() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
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
    let (computer, phone) = marie(gate()).await?;
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
    let (computer, phone) = marie(gate()).await?;
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
    let (computer, phone) = marie(gate()).await?;
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

/// Nothing a citizen made lies readable on the phone: no JPEG, PNG or PDF anywhere in any file. What the app deletes meanwhile
/// does not lie there.
fn no_plain_picture(folder: &Path) -> Result<()> {
    let magics: [&[u8]; 3] = [&[0xff, 0xd8, 0xff, 0xe0], b"\x89PNG", b"%PDF-"];
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            no_plain_picture(&path)?;
            continue;
        }
        let bytes = match std::fs::read(&path) {
            Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.with_context(|| path.display().to_string())?,
        };
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
