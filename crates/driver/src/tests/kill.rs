//! A kill at every boundary: nothing that was accepted is lost, nothing is sent twice.

use super::{
    portal::{Fault, hex},
    *,
};

/// Goes on from wherever a restart left the citizen, until the receipt.
async fn go_on(app: &App) -> protocol::api::Receipt {
    loop {
        let view = app.until("anything", |_| true).await;
        let before = view.clone();
        match view {
            View::Home { drafts, outbox, .. } => match (outbox.first(), drafts.first()) {
                (Some(card), _) => app.tell(Intent::OpenUpload { draft: card.draft }),
                (_, Some(card)) => app.tell(Intent::OpenDraft { draft: card.draft }),
                _ => app.tell(Intent::CodeFound { text: format!("https://link.example/t#{SECRET}") }),
            },
            View::ScanQr { busy: false, .. } => {
                app.tell(Intent::CodeFound { text: format!("https://link.example/t#{SECRET}") });
            }
            View::Check { .. } => app.tell(Intent::Continue),
            View::Source { .. } => app.tell(Intent::TakePicture),
            View::Pages { pages, .. } if pages.len() < 2 => app.tell(Intent::AddPicture),
            View::Pages { .. } => app.tell(Intent::End),
            View::Camera { number: 3, .. } => app.tell(Intent::CameraDone),
            View::Camera { .. } => {
                app.shoot(Trigger::Automatic).await.unwrap();
                continue;
            }
            View::Generate { asking: true, .. } => app.tell(Intent::MakePdf { yes: true }),
            View::Generate { making: false, .. } => app.tell(Intent::Generate),
            View::Confirm { .. } => app.tell(Intent::Confirm),
            View::Done { receipt, .. } => return receipt,
            View::ScanQr { .. } | View::Generate { .. } | View::Upload { .. } => {}
            other => panic!("nobody goes to {other:?}"),
        }
        app.until("a change", |view| *view != before).await;
    }
}

#[tokio::test(start_paused = true)]
async fn at_every_request_before_and_after_it_arrives() {
    let total = {
        let phone = Phone::new();
        let app = phone.start().await;
        go_on(&app).await;
        app.0.shutdown().await;
        phone.portal.requests()
    };
    assert!(total >= 8, "{total} requests");
    for arrived in [false, true] {
        for at in 0..total {
            let phone = Phone::new();
            phone.portal.plan(move |n, _| (n == at).then_some(Fault::Hangs { arrived }));
            let app = phone.start().await;
            tokio::select! {
                // Page counts are best effort: a walk may end while one of them hangs.
                _ = go_on(&app) => {}
                () = phone.portal.hanging.notified() => {}
            }
            app.0.clone().shutdown().await;
            drop(app);
            phone.shows_nothing();
            let app = phone.start().await;
            let receipt = go_on(&app).await;
            assert_eq!(receipt.sha256, hex(&phone.portal.stored()), "killed at request {at}, arrived: {arrived}");
            assert_eq!(phone.portal.accepted(), 1, "killed at request {at}, arrived: {arrived}");
            assert_eq!(receipt.pages, 2);
            app.0.shutdown().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn while_the_pdf_is_made() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.open_camera().await;
    app.shoot(Trigger::Automatic).await.unwrap();
    app.shoot(Trigger::Automatic).await.unwrap();
    app.tell(Intent::CameraDone);
    app.tell(Intent::End);
    app.tell(Intent::Generate);
    app.tell(Intent::MakePdf { yes: true });
    app.until("making", |v| matches!(v, View::Generate { making: true, .. } | View::Confirm { .. })).await;
    app.0.clone().shutdown().await;
    drop(app);
    let app = phone.start().await;
    app.until("as before", |v| matches!(v, View::Generate { pages: 2, .. } | View::Confirm { .. })).await;
    go_on(&app).await;
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_photo_that_was_accepted_is_there_and_one_that_was_not_is_swept() {
    let phone = Phone::new();
    let app = phone.start().await;
    app.scan_code().await;
    app.open_camera().await;
    let kept = app.shoot(Trigger::Automatic).await.unwrap();
    app.0.clone().shutdown().await;
    drop(app);
    let app = phone.start().await;
    app.until("one page", |v| matches!(v, View::Pages { pages, .. } if pages.len() == 1)).await;
    app.0.picture(&format!("photo/{kept}?side=100")).await.unwrap();
    app.0.clone().shutdown().await;
    drop(app);
    // Sealed, but the process ended before it was remembered.
    let vault = phone.dir.path().join("vault");
    let before = fs::read_dir(&vault).unwrap().count();
    {
        let secrets = phone.secrets.clone();
        let vault = vault::Vault::open(&vault, &*secrets, &mut crate::ports::Chance(&*phone.rng)).unwrap();
        vault.put("photo/00000000000000aa", b"orphan", &mut crate::ports::Chance(&*phone.rng)).unwrap();
    }
    let app = phone.start().await;
    assert_eq!(fs::read_dir(&vault).unwrap().count(), before);
    app.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn between_any_two_taps() {
    let phone = Phone::new();
    // Every step of the walk is made by another process.
    for _ in 0..40 {
        let app = phone.start().await;
        let view = app.until("anything", |_| true).await;
        let arrived = matches!(view, View::Done { .. });
        if !arrived {
            one_step(&app, &view).await;
        }
        app.0.shutdown().await;
        if arrived {
            return assert_eq!(phone.portal.accepted(), 1);
        }
    }
    panic!("40 processes did not finish one walk");
}

/// One thing a citizen does, and what follows from it.
async fn one_step(app: &App, view: &View) {
    match view {
        View::Pages { pages, .. } if pages.len() < 2 => {
            app.tell(Intent::AddPicture);
            app.until("camera", |v| matches!(v, View::Camera { .. })).await;
            app.shoot(Trigger::Automatic).await.unwrap();
        }
        View::Generate { .. } => {
            app.tell(Intent::Generate);
            app.tell(Intent::MakePdf { yes: true });
            app.until("confirm", |v| matches!(v, View::Confirm { .. })).await;
        }
        View::Home { .. } => app.scan_code().await,
        View::Upload { .. } => drop(app.done().await),
        View::Check { .. } => app.tell(Intent::Continue),
        View::Source { .. } => app.tell(Intent::TakePicture),
        View::Pages { .. } => app.tell(Intent::End),
        View::Confirm { .. } => app.tell(Intent::Confirm),
        other => panic!("nobody goes to {other:?}"),
    }
    let before = view.clone();
    app.until("a change", |view| *view != before).await;
}

/// Whoever waits for a shutdown may start at once on the same folder, whichever thread the app ended on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_folder_is_free_after_a_shutdown() {
    let phone = Phone::new();
    for _ in 0..200 {
        phone.start().await.0.shutdown().await;
    }
}
