//! Files that other apps share, and pictures that only the system reads.

use super::{portal::hex, *};
use crate::{MAX_FILE_BYTES, Reading, Undecoded};
use journey::Trouble;
use protocol::Reason;
use std::sync::atomic::AtomicUsize;

fn reading(file: Result<PickedFile, PickError>) -> Reading {
    Box::new(move || file)
}

/// What an iPhone's camera calls its format, and something behind it that [`TestPhone`] understands.
fn heic(behind: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", behind].concat()
}

#[tokio::test(start_paused = true)]
async fn a_shared_pdf_waits_for_its_code_and_goes_as_it_is() {
    let phone = Phone::new();
    let app = phone.start().await;
    let pdf = strangers_pdf(3);
    app.0.share(vec![reading(Ok(file("letter.pdf", pdf.clone())))]);
    app.until("confirm", |v| matches!(v, View::Confirm { needs_place: true, pages, .. } if pages.len() == 3)).await;
    phone.shows_nothing();
    app.0.clone().shutdown().await;
    drop(app);
    let app = phone.start().await;
    app.until("it survives", |v| matches!(v, View::Confirm { needs_place: true, .. })).await;
    app.tell(Intent::NewCode);
    app.scan_code().await;
    app.tell(Intent::Continue);
    app.until("its place", |v| matches!(v, View::Confirm { needs_code: false, .. })).await;
    app.tell(Intent::Confirm);
    let receipt = app.done().await;
    assert_eq!((receipt.pages, phone.portal.stored()), (3, pdf));
    assert_eq!(receipt.sha256, hex(&phone.portal.stored()));
    app.0.shutdown().await;
}

/// How many files are in memory at once is what a phone has to pay for.
#[tokio::test(start_paused = true)]
async fn shared_pictures_are_read_one_after_the_other() {
    let phone = Phone::new();
    let app = phone.start().await;
    let sealed = |dir: &Path| fs::read_dir(dir.join("vault")).unwrap().count();
    // How many were read, and what lay there before.
    let seen = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let counted = |n: usize| -> Reading {
        let (seen, dir) = (seen.clone(), phone.dir.path().to_owned());
        Box::new(move || {
            let (read, before) = &*seen;
            if n == 0 {
                before.store(sealed(&dir), Ordering::SeqCst);
            }
            assert_eq!(read.fetch_add(1, Ordering::SeqCst), n);
            assert_eq!(sealed(&dir), before.load(Ordering::SeqCst) + n, "the one before is sealed");
            Ok(file("a.jpg", photo()))
        })
    };
    app.0.share(vec![counted(0), counted(1), counted(2)]);
    app.until("pages", |v| matches!(v, View::Pages { needs_place: true, pages, .. } if pages.len() == 3)).await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn shared_files_that_are_bad_say_what_chosen_ones_say() {
    let phone = Phone::new();
    let app = phone.start().await;
    let pdf = strangers_pdf(1);
    let refused = |reason| Trouble::File { reason };
    let too_much = vec![b' '; usize::try_from(MAX_FILE_BYTES).unwrap() + 1];
    let cases: Vec<(Vec<Result<PickedFile, PickError>>, Trouble)> = vec![
        (vec![Ok(file("a.pdf", b"%PDF-1.7 and no more".to_vec()))], refused(Reason::Damaged)),
        (vec![Ok(file("a.pdf", [b"%PDF-", &too_much[..]].concat()))], refused(Reason::TooLarge)),
        (vec![Err(PickError::TooLarge)], refused(Reason::TooLarge)),
        (vec![Err(PickError::Failed)], refused(Reason::Damaged)),
        (vec![Ok(file("a.docx", b"PK\x03\x04".to_vec()))], Trouble::PictureUnsupported),
        (vec![Ok(file("a.jpg", photo()[..300].to_vec()))], Trouble::PictureDamaged),
        (vec![Ok(file("a.jpg", photo())), Ok(file("b.pdf", pdf.clone()))], Trouble::PdfAlone),
        (vec![Ok(file("a.jpg", photo())), Err(PickError::Failed)], refused(Reason::Damaged)),
    ];
    for (files, trouble) in cases {
        app.0.share(files.into_iter().map(reading).collect());
        app.notice(Notice::Trouble { trouble }).await;
        app.tell(Intent::Dismiss);
        app.until("home", |v| matches!(v, View::Home { drafts, .. } if drafts.is_empty())).await;
    }
    app.0.clone().shutdown().await;
    drop(app);
    let sealed = fs::read_dir(phone.dir.path().join("vault")).unwrap().count();
    assert_eq!(sealed, 2, "the state and the lock file: no half of a share is kept");
}

#[tokio::test(start_paused = true)]
async fn pictures_that_only_the_system_reads_become_pages_or_say_why_not() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.0.share(vec![reading(Ok(file("a.heic", heic(b"good"))))]);
    let view = app.until("a page", |v| matches!(v, View::Pages { pages, .. } if pages.len() == 1)).await;
    let View::Pages { pages, .. } = view else { unreachable!("just matched") };
    assert!(app.0.picture(&pages[0].picture.0).await.unwrap().bytes.starts_with(b"\xff\xd8\xff"));
    for (behind, trouble) in [(&b"bad"[..], Trouble::PictureDamaged), (b"unknown", Trouble::PictureUnsupported)] {
        app.0.share(vec![reading(Ok(file("a.heic", heic(behind))))]);
        app.notice(Notice::Trouble { trouble }).await;
        app.tell(Intent::Dismiss);
    }
    assert_eq!(TestPhone.decode_picture(b"no picture"), Err(Undecoded::Unsupported));
    app.0.shutdown().await;
}
