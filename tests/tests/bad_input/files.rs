//! Files that a portal would refuse: the phone says so before it sends anything. And a gate that is stricter than it.

use crate::{ENROLMENT, fixture, gate, needs_new_code, nothing_arrived};
use anyhow::{Result, ensure};
use driver::{
    MAX_FILE_BYTES, PickError, PickedFile,
    journey::{Intent, Trouble, View},
    protocol::Reason,
};
use image::{ImageFormat, RgbImage};
use std::{io::Cursor, os::unix::fs::PermissionsExt};
use tests::{
    Computer, Phone, paper,
    steps::{arrived, generates, marie, photographs, scans, sends},
};

type Picked = Result<Vec<PickedFile>, PickError>;

fn file(name: &str, bytes: Vec<u8>) -> Picked {
    Ok(vec![PickedFile { name: name.into(), bytes }])
}

fn files(all: &[(&str, &[u8])]) -> Picked {
    Ok(all.iter().map(|(name, bytes)| PickedFile { name: (*name).into(), bytes: bytes.to_vec() }).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_would_be_refused_is_not_sent() -> Result<()> {
    let (computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &phone, &window, text).await?;
    phone.does(Intent::Continue);
    phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
    let mut film = b"%PDF-1.7\n".to_vec();
    film.resize(60_000_000, b' ');
    let (pdf, picture) = (fixture("honest.pdf")?, paper(3)?);
    let refused = |reason| Trouble::File { reason };
    let cases = [
        (file("pay.pdf", fixture("encrypted.pdf")?), refused(Reason::Encrypted)),
        (file("half.pdf", fixture("truncated.pdf")?), refused(Reason::Damaged)),
        (file("nothing.pdf", fixture("empty.pdf")?), refused(Reason::Empty)),
        (file("form.pdf", fixture("active.pdf")?), refused(Reason::ActiveContent)),
        (file("letter.pdf", b"Dear Sir or Madam".to_vec()), refused(Reason::NotPdf)),
        (file("film.pdf", film), refused(Reason::TooLarge)),
        // A dialog that sees the size does not even read it.
        (Err(PickError::TooLarge), refused(Reason::TooLarge)),
        (Err(PickError::Failed), refused(Reason::Damaged)),
        (file("letter.docx", b"PK\x03\x04 and more".to_vec()), Trouble::PictureUnsupported),
        (file("half.jpg", picture[..400].to_vec()), Trouble::PictureDamaged),
        (files(&[("one.pdf", &pdf), ("two.pdf", &pdf)]), Trouble::PdfAlone),
        (files(&[("one.jpg", &picture), ("two.pdf", &pdf)]), Trouble::PdfAlone),
    ];
    ensure!(MAX_FILE_BYTES < 60_000_000);
    for (picked, trouble) in cases {
        phone.will_answer(picked);
        phone.does(Intent::SelectFile);
        let view = phone.says(trouble).await?;
        ensure!(matches!(view, View::Source { busy: false, .. }), "{trouble:?}: {view:?}");
        phone.does(Intent::Dismiss);
        phone.sees("calm", |view| matches!(view, View::Source { trouble: None, .. }).then_some(())).await?;
    }
    let progress = computer.app.store.progress(ENROLMENT.procedure).await?;
    ensure!(progress.len() == 1 && progress[0].length.is_none(), "something was sent: {progress:?}");
    phone.will_pick(vec![PickedFile { name: "honest.pdf".into(), bytes: pdf.clone() }]);
    phone.does(Intent::SelectFile);
    phone.sees("confirm", |view| matches!(view, View::Confirm { from_file: true, .. }).then_some(())).await?;
    let receipt = sends(&phone).await?;
    ensure!(arrived(&computer, ENROLMENT.procedure, &receipt).await? == pdf);
    Ok(())
}

/// The name of a file is nobody's business: a picture is a page, whatever it is called.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_is_called_pdf_becomes_a_page() -> Result<()> {
    let mut png = Cursor::new(Vec::new());
    RgbImage::from_pixel(600, 800, image::Rgb([230, 230, 225])).write_to(&mut png, ImageFormat::Png)?;
    for picture in [png.into_inner(), fixture("renamed.pdf")?] {
        let (computer, phone) = marie(gate()).await?;
        let (window, text) = computer.generate(ENROLMENT).await?;
        scans(&computer, &phone, &window, text).await?;
        phone.does(Intent::Continue);
        phone.sees("source", |view| matches!(view, View::Source { .. }).then_some(())).await?;
        phone.will_answer(file("scan.pdf", picture));
        phone.does(Intent::SelectFile);
        let one = |view: &View| matches!(view, View::Pages { pages, .. } if pages.len() == 1).then_some(());
        phone.sees("one page", one).await?;
        generates(&phone, 1).await?;
        let receipt = sends(&phone).await?;
        ensure!(arrived(&computer, ENROLMENT.procedure, &receipt).await?.starts_with(b"%PDF-"));
    }
    Ok(())
}

/// A portal may know of dangers that an app of last year does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_is_stricter_says_why_on_both_screens() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let gate = folder.path().join("gate");
    std::fs::write(&gate, "#!/bin/sh\n/bin/cat > /dev/null\necho '{\"refused\":\"active_content\"}'\n")?;
    std::fs::set_permissions(&gate, std::fs::Permissions::from_mode(0o700))?;
    let computer = Computer::start("marie", &gate).await?;
    computer.choose_espace("marie-private").await?;
    let phone = Phone::start(vec![computer.app.config.as_portal()]).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    scans(&computer, &phone, &window, text).await?;
    photographs(&phone, 2).await?;
    generates(&phone, 2).await?;
    phone.does(Intent::Confirm);
    let view = phone.says(Trouble::Refused { reason: Reason::ActiveContent }).await?;
    ensure!(matches!(view, View::Upload { .. }), "{view:?}");
    computer.says(&window, "portal.refused").await?;
    computer.says(&window, "reason.active_content").await?;
    nothing_arrived(&computer).await?;
    phone.does(Intent::BackToPages);
    let kept = |view: &View| matches!(view, View::Pages { pages, .. } if pages.len() == 2).then_some(());
    phone.sees("both pages", kept).await?;
    generates(&phone, 2).await?;
    needs_new_code(&computer, &phone).await?;
    Ok(())
}
