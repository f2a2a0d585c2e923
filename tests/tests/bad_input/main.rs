//! What goes wrong, one story each: the real driver against the real portal, what the phone then says, what the computer
//! shows, and how the citizen goes on.

mod clocks;
mod codes;
mod files;
mod kills;
mod phones;
mod portals;
mod slots;

use anyhow::{Result, ensure};
use driver::{
    journey::{Intent, Trouble, View, view::Stage},
    protocol::api::Receipt,
};
use std::path::{Path, PathBuf};
use tests::{
    Computer, NewCode, Phone,
    steps::{arrived, generates, photographs, reads},
};

fn gate() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_gate"))
}

fn fixture(name: &str) -> Result<Vec<u8>> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures/pdf", name].iter().collect();
    Ok(std::fs::read(path)?)
}

/// 'Attach' for a place that is still empty.
const ENROLMENT: NewCode<'_> =
    NewCode { procedure: "study-grant", slot: "grant-enrolment", document_type: "", name: "" };

/// The secret of a code that no portal has drawn.
const NEVER_DRAWN: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// 'Scan' says this about such a code, and waits for another one.
async fn refuses(phone: &Phone, text: &str, trouble: Trouble) -> Result<()> {
    // What was said about the code before is not taken for what is said about this one.
    phone.does(Intent::Dismiss);
    phone.sees("calm", |view| matches!(view, View::ScanQr { trouble: None, busy: false, .. }).then_some(())).await?;
    phone.does(Intent::CodeFound { text: text.into() });
    let view = phone.says(trouble).await?;
    ensure!(matches!(view, View::ScanQr { busy: false, .. }), "{text}: {view:?}");
    Ok(())
}

/// A new code for the same place, on the computer and on the phone, which needs it; up to 'Check'.
async fn needs_new_code(computer: &Computer, phone: &Phone) -> Result<()> {
    let (_, text) = computer.generate(ENROLMENT).await?;
    phone.does(Intent::NewCode);
    phone.sees("scan", |view| matches!(view, View::ScanQr { waiting: Some(_), .. }).then_some(())).await?;
    reads(phone, text).await?;
    Ok(())
}

/// With a good code from 'Check' to the receipt.
async fn goes_on(computer: &Computer, phone: &Phone) -> Result<Receipt> {
    photographs(phone, 1).await?;
    generates(phone, 1).await?;
    let receipt = tests::steps::sends(phone).await?;
    arrived(computer, ENROLMENT.procedure, &receipt).await?;
    Ok(receipt)
}

/// Waits until a document on its way stands so.
async fn stands(phone: &Phone, wanted: Stage) -> Result<()> {
    let at = |view: &View| matches!(view, View::Upload { stage, .. } if *stage == wanted).then_some(());
    phone.sees(&format!("{wanted:?}"), at).await
}

/// No document has come to the place of [`ENROLMENT`].
async fn nothing_arrived(computer: &Computer) -> Result<()> {
    let slots = computer.app.store.slots(ENROLMENT.procedure).await?;
    let slot = slots.iter().find(|slot| slot.id == ENROLMENT.slot);
    ensure!(slot.is_some_and(|slot| slot.document.is_none()), "a document is in the place");
    Ok(())
}
