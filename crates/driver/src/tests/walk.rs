//! Whole walks on real parts, and everything that can get in their way.

use super::{
    portal::{Fault, Verdict, hex},
    *,
};
use crate::NotServed;
use journey::{Trouble, view::Stage};
use protocol::{Code, Reason, api::SlotChoice};

/// Up to 'Confirm' with two pages.
async fn confirm(phone: &Phone) -> App {
    let app = phone.start().await;
    app.scan_code().await;
    app.open_camera().await;
    app.shoot(Trigger::Automatic).await.unwrap();
    app.shoot(Trigger::Automatic).await.unwrap();
    app.make_pdf().await;
    app
}

#[tokio::test(start_paused = true)]
async fn from_the_code_to_the_receipt() {
    let phone = Phone::new();
    let app = phone.start().await;
    assert!(!app.0.wants_photo());
    assert_eq!(app.shoot(Trigger::Manual).await, Err(StillError::NotWanted));
    app.scan_code().await;
    app.open_camera().await;
    assert!(app.0.wants_photo());
    app.shoot(Trigger::Automatic).await.unwrap();
    let View::Camera { number: 2, .. } = app.until("page 2", |v| matches!(v, View::Camera { .. })).await else {
        panic!("automatic stays in the camera")
    };
    app.shoot(Trigger::Manual).await.unwrap();
    let View::Edit { faces, page, .. } = app.until("edit", |v| matches!(v, View::Edit { .. })).await else { panic!() };
    assert!(faces[0].quad.is_some(), "the page was found on the photo");
    assert_eq!(page.warning, None);
    phone.shows_nothing();
    app.tell(Intent::Back);
    app.make_pdf().await;
    phone.shows_nothing();
    app.tell(Intent::Confirm);
    let receipt = app.done().await;
    let stored = phone.portal.stored();
    assert!(stored.starts_with(b"%PDF-"));
    assert_eq!((receipt.bytes, receipt.sha256, receipt.pages), (stored.len() as u64, hex(&stored), 2));
    assert_eq!(pdf::inspect(&stored, &pdf::Limits::default()).unwrap().pages, 2);
    assert_eq!(phone.portal.told_pages().last(), Some(&2));
    app.0.clone().shutdown().await;
    drop(app);
    phone.shows_nothing();
    let sealed = fs::read_dir(phone.dir.path().join("vault")).unwrap().count();
    assert_eq!(sealed, 2, "only the state and the lock file are left");
}

#[tokio::test(start_paused = true)]
async fn pictures_are_served_while_they_are_the_citizens() {
    let phone = Phone::new();
    let app = confirm(&phone).await;
    let View::Confirm { pages, .. } = app.until("confirm", |_| true).await else { panic!() };
    let served = app.0.picture(&pages[1].0).await.unwrap();
    assert_eq!((served.mime, &served.bytes[..3]), ("image/jpeg", &b"\xff\xd8\xff"[..]));
    assert_eq!(image::load_from_memory(&served.bytes).unwrap().width(), 900);
    app.tell(Intent::Back);
    app.tell(Intent::Back);
    let View::Pages { pages, .. } = app.until("pages", |v| matches!(v, View::Pages { .. })).await else { panic!() };
    let card = pages[0].picture.0.clone();
    let upright = app.0.picture(&card).await.unwrap();
    app.tell(Intent::RotateRight { page: pages[0].page });
    let turned = app.until("turned", |v| matches!(v, View::Pages { pages, .. } if pages[0].picture.0 != card)).await;
    let View::Pages { pages, .. } = turned else { panic!() };
    let turned = app.0.picture(&pages[0].picture.0).await.unwrap();
    let size = |bytes: &[u8]| {
        let picture = image::load_from_memory(bytes).unwrap();
        (picture.width(), picture.height())
    };
    let (upright, turned) = (size(&upright.bytes), size(&turned.bytes));
    assert_eq!(upright, (turned.1, turned.0));
    assert_eq!(upright.0.max(upright.1), 600);
    for path in ["photo/0000000000000001?side=600", "state", "pdf/0000000000000001/0"] {
        assert_eq!(app.0.picture(path).await.err(), Some(NotServed::NotFound), "{path}");
    }
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_file_goes_byte_for_byte() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.tell(Intent::Continue);
    let pdf = strangers_pdf(3);
    phone.picker.next(Ok(vec![file("letter.pdf", pdf.clone())]));
    app.tell(Intent::SelectFile);
    app.until("confirm", |v| matches!(v, View::Confirm { from_file: true, pages, .. } if pages.len() == 3)).await;
    app.tell(Intent::Confirm);
    assert_eq!(app.done().await.sha256, hex(&pdf));
    assert_eq!(phone.portal.stored(), pdf);
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn chosen_pictures_become_pages() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.tell(Intent::Continue);
    phone.picker.next(Ok(vec![file("a.jpg", photo()), file("renamed.pdf", photo())]));
    app.tell(Intent::SelectFile);
    app.until("two pages", |v| matches!(v, View::Pages { pages, .. } if pages.len() == 2)).await;
    phone.shows_nothing();
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn bad_files_are_refused_with_their_reason() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.tell(Intent::Continue);
    let pdf = strangers_pdf(1);
    let cut = pdf[..pdf.len() / 2].to_vec();
    let reason = |reason| Trouble::File { reason };
    let cases = [
        (Ok(vec![file("a.pdf", cut)]), reason(Reason::Damaged)),
        (Ok(vec![file("a.pdf", Vec::new())]), reason(Reason::Empty)),
        (Ok(vec![file("a.pdf", b"hello".to_vec())]), reason(Reason::NotPdf)),
        (Ok(vec![file("a.gif", b"GIF89a".to_vec())]), Trouble::PictureUnsupported),
        (Ok(vec![file("a.jpg", photo()[..400].to_vec())]), Trouble::PictureDamaged),
        (Ok(vec![file("a.jpg", photo()), file("b.pdf", pdf.clone())]), Trouble::PdfAlone),
        (Err(PickError::TooLarge), reason(Reason::TooLarge)),
    ];
    for (picked, expected) in cases {
        phone.picker.next(picked);
        app.tell(Intent::SelectFile);
        let refused = |v: &View| matches!(v, View::Source { busy: false, trouble: Some(t), .. } if *t == expected);
        app.until(&format!("{expected:?}"), refused).await;
        app.tell(Intent::Dismiss);
        app.until("calm", |v| matches!(v, View::Source { trouble: None, .. })).await;
    }
    app.0.clone().shutdown().await;
    drop(app);
    let sealed = fs::read_dir(phone.dir.path().join("vault")).unwrap().count();
    assert_eq!(sealed, 3, "state, ticket and lock file; nothing of what was refused");
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_keeps_what_was_there() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.open_camera().await;
    app.shoot(Trigger::Automatic).await.unwrap();
    phone.disk.full.store(true, Ordering::SeqCst);
    assert_eq!(app.shoot(Trigger::Automatic).await, Err(StillError::Full));
    app.tell(Intent::CameraDone);
    app.notice(Notice::Trouble { trouble: Trouble::StorageFull }).await;
    phone.disk.full.store(false, Ordering::SeqCst);
    app.tell(Intent::CameraDone);
    app.until("one page", |v| matches!(v, View::Pages { pages, .. } if pages.len() == 1)).await;
    app.tell(Intent::End);
    app.tell(Intent::Generate);
    app.until("asked", |v| matches!(v, View::Generate { asking: true, .. })).await;
    app.0.clone().shutdown().await;
    drop(app);
    let app = phone.start().await;
    app.until("still there", |v| matches!(v, View::Generate { pages: 1, .. })).await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_network_that_comes_and_goes() {
    let phone = Phone::new();
    let app = confirm(&phone).await;
    let from = phone.portal.requests();
    phone.portal.plan(move |n, _| (n < from + 3).then_some([Fault::Unreachable, Fault::HotelPage][n % 2]));
    app.tell(Intent::Confirm);
    app.until("waiting", |v| matches!(v, View::Upload { stage: Stage::WaitingForNetwork, .. })).await;
    app.done().await;
    assert_eq!(phone.portal.accepted(), 1);
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn every_reply_may_be_lost_once() {
    for fault in [Fault::LostReply, Fault::Unreachable] {
        let total = {
            let phone = Phone::new();
            let app = confirm(&phone).await;
            app.tell(Intent::Confirm);
            app.done().await;
            app.0.shutdown().await;
            phone.portal.requests()
        };
        for lost in 0..total {
            let phone = Phone::new();
            phone.portal.plan(move |n, _| (n == lost).then_some(fault));
            let app = confirm(&phone).await;
            app.tell(Intent::Confirm);
            let receipt = app.done().await;
            assert_eq!(receipt.sha256, hex(&phone.portal.stored()), "request {lost}");
            assert_eq!(phone.portal.accepted(), 1, "request {lost}");
            app.0.shutdown().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pause_stops_and_goes_on() {
    let phone = Phone::new();
    let app = confirm(&phone).await;
    let from = phone.portal.requests();
    phone.portal.plan(move |n, _| (n == from).then_some(Fault::Hangs { arrived: false }));
    app.tell(Intent::Confirm);
    phone.portal.hanging.notified().await;
    app.tell(Intent::PauseUpload);
    app.until("paused", |v| matches!(v, View::Upload { stage: Stage::Paused, .. })).await;
    assert_eq!(phone.portal.stored().len(), 0);
    app.tell(Intent::ResumeUpload);
    app.done().await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_document_keeps_its_pages() {
    let phone = Phone::new();
    phone.portal.decide(Verdict::Refuse(Reason::ActiveContent));
    let app = confirm(&phone).await;
    app.tell(Intent::Confirm);
    let trouble = Trouble::Refused { reason: Reason::ActiveContent };
    app.until("refused", |v| matches!(v, View::Upload { stage: Stage::Failed { trouble: t }, .. } if *t == trouble))
        .await;
    app.tell(Intent::BackToPages);
    app.until("pages", |v| matches!(v, View::Pages { pages, .. } if pages.len() == 2)).await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn two_documents_for_one_place() {
    for (choice, accepted) in [(SlotChoice::Replace, 1), (SlotChoice::Discard, 0)] {
        let phone = Phone::new();
        phone.portal.decide(Verdict::SlotChanged);
        let app = confirm(&phone).await;
        app.tell(Intent::Confirm);
        app.until("slot changed", |v| matches!(v, View::Upload { stage: Stage::SlotChanged, .. })).await;
        app.tell(Intent::AnswerSlot { choice });
        match choice {
            SlotChoice::Replace => drop(app.done().await),
            SlotChoice::Discard => {
                let home =
                    |v: &View| matches!(v, View::Home { outbox, drafts, .. } if outbox.is_empty() && drafts.len() == 1);
                app.until("home", home).await;
            }
        }
        assert_eq!(phone.portal.accepted(), accepted);
        app.0.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn disconnected_by_the_computer() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.open_camera().await;
    phone.portal.end(Code::Disconnected);
    app.shoot(Trigger::Automatic).await.unwrap();
    app.notice(Notice::Trouble { trouble: Trouble::Disconnected }).await;
    app.tell(Intent::CameraDone);
    app.until("the page stays", |v| matches!(v, View::Pages { pages, place: None, .. } if pages.len() == 1)).await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn not_mine_tells_the_computer() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.tell(Intent::NotMine);
    app.notice(Notice::Declined).await;
    while !phone.portal.declined() {
        tokio::task::yield_now().await;
    }
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn the_same_code_again_is_the_same_upload() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.open_camera().await;
    app.shoot(Trigger::Automatic).await.unwrap();
    app.tell(Intent::GoHome);
    app.until("home", |v| matches!(v, View::Home { .. })).await;
    app.scan_code().await;
    app.tell(Intent::Continue);
    app.until("its page", |v| matches!(v, View::Pages { pages, .. } if pages.len() == 1)).await;
    app.make_pdf().await;
    app.tell(Intent::Confirm);
    app.done().await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn delete_everything_leaves_nothing() {
    let phone = Phone::new();
    let app = confirm(&phone).await;
    app.tell(Intent::GoHome);
    app.tell(Intent::OpenSettings);
    app.tell(Intent::DeleteEverything);
    app.until("home", |v| matches!(v, View::Home { drafts, .. } if drafts.is_empty())).await;
    app.0.clone().shutdown().await;
    drop(app);
    let sealed = fs::read_dir(phone.dir.path().join("vault")).unwrap().count();
    assert_eq!(sealed, 2, "the fresh state and the lock file");
    let app = phone.start().await;
    app.until("home", |v| matches!(v, View::Home { drafts, .. } if drafts.is_empty())).await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn two_apps_on_one_folder() {
    let phone = Phone::new();
    let app = phone.start().await;
    assert!(matches!(phone.try_start().await, Err(StartError::Vault(vault::VaultError::InUse))));
    app.0.shutdown().await;
}
