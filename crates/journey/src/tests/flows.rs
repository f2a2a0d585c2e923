//! Every row of `docs/flows/README.md`, walked.

use super::*;
use crate::{
    LockTrouble, Sealed, Stage, Trouble,
    view::{LinkView, Notice},
};
use protocol::{Reason, api::SlotChoice};
use std::collections::BTreeSet;

type Walk = fn(World) -> World;

struct Flow {
    number: &'static str,
    from: &'static str,
    event: &'static str,
    to: &'static str,
    start: fn() -> World,
    walk: Walk,
}

macro_rules! flows {
    ($($number:literal $from:literal, $event:literal => $to:literal: $start:expr, $walk:expr;)*) => {
        &[$(Flow { number: $number, from: $from, event: $event, to: $to, start: $start, walk: $walk }),*]
    };
}

const FLOWS: &[Flow] = flows! {
    "1.1" "home", "'Add a document'" => "intro": World::new, |w| w.tell(Intent::AddDocument);
    "1.2" "home", "settings" => "settings": World::new, |w| w.tell(Intent::OpenSettings);
    "1.3" "home", "a waiting draft with pages" => "pages": || World::with_pages(2).tell(Intent::Back), |w| {
        let draft = w.draft();
        w.tell(Intent::OpenDraft { draft })
    };
    "1.4" "home", "a waiting draft not yet checked" => "check": || World::check().tell(Intent::Back), |w| {
        let draft = w.draft();
        w.tell(Intent::OpenDraft { draft })
    };
    "1.5" "home", "a document on its way" => "upload": || World::uploading().tell(Intent::LeaveUpload), |w| {
        let draft = w.draft();
        w.tell(Intent::OpenUpload { draft })
    };
    "1.6" "home", "a document that arrived" => "done": || World::uploading().tell(Intent::LeaveUpload).accepted(), |w| {
        let draft = *w.app.outbox.keys().next().unwrap();
        w.tell(Intent::OpenUpload { draft })
    };
    "1.7" "home", "a draft is discarded" => "home": || World::with_pages(2).tell(Intent::GoHome), |w| {
        let draft = w.draft();
        let w = w.tell(Intent::DiscardDraft { draft });
        assert!(w.app.drafts.is_empty() && w.app.needs().is_empty());
        assert!(matches!(w.effects[..], [Effect::Decline { .. }, Effect::Forget(ref gone)] if gone.len() == 2));
        w
    };
    "1.8" "home", "an app link with a code" => "scan_qr": World::new, |w| {
        let w = w.apply(Event::LinkOpened(link_to(0)));
        assert!(matches!(w.view(), View::ScanQr { busy: true, trouble: None, .. }));
        w
    };

    "2.1" "intro", "'Continue'" => "scan_qr": || World::new().tell(Intent::AddDocument), |w| w.tell(Intent::Continue);
    "2.2" "intro", "'Enter the code instead'" => "enter_code": || World::new().tell(Intent::AddDocument),
        |w| w.tell(Intent::EnterCodeInstead);
    "2.3" "intro", "back" => "home": || World::new().tell(Intent::AddDocument), |w| w.tell(Intent::Back);

    "3.1" "scan_qr", "a ticket's code" => "scan_qr": World::scanning, |w| {
        let w = w.tell(code(0));
        assert!(matches!(w.view(), View::ScanQr { busy: true, trouble: None, .. }));
        assert!(matches!(w.effects[..], [Effect::Redeem { by: Some(_), .. }]));
        let again = w.clone().tell(code(1));
        assert_eq!((&again.app, again.effects.len()), (&w.app, 0), "one code at a time");
        w
    };
    "3.2" "scan_qr", "the ticket is redeemed" => "check": || World::scanning().tell(code(0)), |w| w.redeemed("Certificate");
    "3.3" "scan_qr", "the ticket is refused" => "scan_qr": || World::scanning().tell(code(0)), |w| {
        let ticket = *w.app.claims.keys().next().unwrap();
        let w = w.hear(Outcome::NotRedeemed { ticket, trouble: Trouble::TicketExpired });
        assert!(matches!(w.view(), View::ScanQr { busy: false, trouble: Some(Trouble::TicketExpired), .. }));
        w.clone().tell(code(0)).redeemed("Certificate");
        w
    };
    "3.4" "scan_qr", "no code of a portal" => "scan_qr": World::scanning, |w| {
        for (text, expected) in [
            ("hello", Trouble::NotACode),
            ("https://1ink.example/t#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", Trouble::OtherPortal),
            ("https://link.example/l#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", Trouble::LinkCode),
        ] {
            let w = w.clone().tell(Intent::CodeFound { text: text.into() });
            assert!(matches!(w.view(), View::ScanQr { trouble: Some(trouble), .. } if trouble == expected), "{text}");
            assert!(w.effects.is_empty());
        }
        w.tell(Intent::CodeFound { text: "hello".into() })
    };
    "3.5" "scan_qr", "a picture of a code" => "scan_qr": || World::scanning().tell(Intent::ChooseCodePicture), |w| {
        let [Effect::ReadCodePicture { effect }] = w.effects[..] else { panic!("{:?}", w.effects) };
        let none = w.clone().hear(Outcome::CodePicture { effect, read: Err(Trouble::NoCodeInPicture) });
        assert!(matches!(none.view(), View::ScanQr { busy: false, trouble: Some(Trouble::NoCodeInPicture), .. }));
        let cancelled = w.clone().hear(Outcome::CodePicture { effect, read: Ok(None) });
        assert!(matches!(cancelled.view(), View::ScanQr { busy: false, trouble: None, .. }));
        let Intent::CodeFound { text } = code(0) else { unreachable!() };
        let w = w.hear(Outcome::CodePicture { effect, read: Ok(Some(text)) });
        assert!(matches!(w.effects[..], [Effect::Redeem { .. }]));
        w
    };
    "3.6" "scan_qr", "the camera fails" => "scan_qr": World::scanning, |w| {
        let w = w.tell(Intent::CameraTrouble { denied: true });
        assert!(matches!(w.view(), View::ScanQr { trouble: Some(Trouble::PermissionDenied), .. }));
        let w = w.tell(Intent::Dismiss);
        assert!(matches!(w.view(), View::ScanQr { trouble: None, .. }));
        w
    };
    "3.7" "scan_qr", "back" => "intro": World::scanning, |w| w.tell(Intent::Back);
    "3.8" "scan_qr", "'Enter the code instead'" => "enter_code": World::scanning, |w| w.tell(Intent::EnterCodeInstead);

    "4.1" "enter_code", "eight characters" => "enter_code": || World::scanning().tell(Intent::EnterCodeInstead), |w| {
        let w = w.tell(Intent::CodeTyped { code: "abcd-efgh".into(), portal: 0 });
        assert!(matches!(w.view(), View::EnterCode { busy: true, .. }));
        assert!(matches!(w.effects[..], [Effect::Redeem { .. }]));
        w
    };
    "4.2" "enter_code", "the ticket is redeemed" => "check": || World::scanning().tell(Intent::EnterCodeInstead), |w| {
        w.tell(Intent::CodeTyped { code: "abcd-efgh".into(), portal: 0 }).redeemed("Certificate")
    };
    "4.3" "enter_code", "not a code" => "enter_code": || World::scanning().tell(Intent::EnterCodeInstead), |w| {
        let w = w.tell(Intent::CodeTyped { code: "abc".into(), portal: 0 });
        assert!(matches!(w.view(), View::EnterCode { trouble: Some(Trouble::TypedCodeShape), .. }));
        w
    };
    "4.4" "enter_code", "back" => "scan_qr": || World::scanning().tell(Intent::EnterCodeInstead), |w| w.tell(Intent::Back);

    "5.1" "check", "'Continue'" => "source": World::check, |w| w.tell(Intent::Continue);
    "5.2" "check", "'No, this is not mine'" => "home": World::check, |w| {
        let w = w.tell(Intent::NotMine);
        assert!(matches!(w.effects[0], Effect::Decline { .. }) && w.app.drafts.is_empty());
        w
    };
    "5.3" "check", "'No, this is not mine', with pages of the same place" => "home": || same_place(World::with_pages(2)), |w| {
        let w = w.tell(Intent::NotMine);
        assert!(w.app.drafts.values().all(|draft| draft.pages.len() == 2 && draft.ticket.is_none()));
        w
    };
    "5.4" "check", "'Continue', with pages of the same place" => "pages": || same_place(World::with_pages(2)), |w| {
        assert!(matches!(w.view(), View::Check { question: None, .. }));
        assert_eq!(w.app.drafts.len(), 1);
        w.tell(Intent::Continue)
    };
    "5.5" "check", "'Use your 2 pages here?' yes" => "pages": || other_place(World::with_pages(2)), |w| {
        assert!(matches!(w.view(), View::Check { question: Some(ref q), .. } if q.pages == 2));
        let stuck = w.clone().tell(Intent::Continue);
        assert_eq!(stuck.app, w.app, "the question comes first");
        let w = w.tell(Intent::UseWaitingPages { yes: true });
        assert_eq!(w.app.drafts.len(), 1);
        w.tell(Intent::Continue)
    };
    "5.6" "check", "'Use your 2 pages here?' no" => "source": || other_place(World::with_pages(2)), |w| {
        let w = w.tell(Intent::UseWaitingPages { yes: false }).tell(Intent::Continue);
        assert_eq!(w.app.drafts.len(), 2);
        w
    };
    "5.7" "check", "back" => "home": World::check, |w| w.tell(Intent::Back);

    "6.1" "source", "'Take a picture'" => "pages": World::source, |w| w.tell(Intent::TakePicture);
    "6.2" "source", "'Select a file': a PDF" => "confirm": World::picked_pdf, |w| {
        assert!(matches!(w.view(), View::Confirm { from_file: true, ref pages, .. } if pages.len() == 4));
        w
    };
    "6.3" "source", "'Select a file': pictures" => "pages": || World::source().tell(Intent::SelectFile), |w| {
        let (draft, effect) = w.picking();
        let w = w.hear(Outcome::Picked { effect, draft, picked: Picked::Pictures(vec![photo(1), photo(2)]) });
        assert_eq!(w.pages().len(), 2);
        w
    };
    "6.4" "source", "'Select a file': refused or nothing chosen" => "source": || World::source().tell(Intent::SelectFile), |w| {
        let (draft, effect) = w.picking();
        let nothing = w.clone().hear(Outcome::Picked { effect, draft, picked: Picked::Nothing });
        assert!(matches!(nothing.view(), View::Source { busy: false, trouble: None, .. }));
        let trouble = Trouble::File { reason: Reason::Encrypted };
        let w = w.hear(Outcome::Picked { effect, draft, picked: Picked::Trouble(trouble) });
        assert!(matches!(w.view(), View::Source { busy: false, trouble: Some(t), .. } if t == trouble));
        w
    };
    "6.5" "source", "back" => "home": World::source, |w| w.tell(Intent::Back);

    "7.1" "pages", "'Add a picture'" => "camera": || World::with_pages(1), |w| w.tell(Intent::AddPicture);
    "7.2" "pages", "'End'" => "generate": || World::with_pages(1), |w| w.tell(Intent::End);
    "7.3" "pages", "'End' without a page" => "pages": || World::source().tell(Intent::TakePicture), |w| w.tell(Intent::End);
    "7.4" "pages", "a page is opened" => "edit": || World::with_pages(2), |w| {
        let page = w.pages()[1];
        w.tell(Intent::EditPage { page })
    };
    "7.5" "pages", "a page is moved" => "pages": || World::with_pages(3), |w| {
        let before = w.pages();
        let w = w.tell(Intent::MovePage { page: before[0], to: 2 });
        assert_eq!(w.pages(), [before[1], before[2], before[0]]);
        w
    };
    "7.6" "pages", "a page is deleted, and that undone" => "pages": || World::with_pages(3), |w| {
        let before = w.pages();
        let w = w.tell(Intent::DeletePage { page: before[1] });
        assert!(!w.effects.iter().any(|effect| matches!(effect, Effect::Forget(_))), "not before the undo is gone");
        let w = w.tell(Intent::UndoDelete);
        assert_eq!(w.pages(), before);
        let w = w.tell(Intent::DeletePage { page: before[1] }).tell(Intent::Dismiss);
        assert!(matches!(w.effects[..], [Effect::Forget(_)]));
        w.tell(Intent::UndoDelete)
    };
    "7.7" "pages", "more pages than the place takes" => "pages": || World::with_pages(1), |mut w| {
        let draft = w.draft();
        w.app.drafts.get_mut(&draft).unwrap().ticket.as_mut().unwrap().limits.pages = 1;
        let w = w.tell(Intent::AddPicture);
        assert!(matches!(w.view(), View::Pages { trouble: Some(Trouble::TooManyPages), .. }));
        w
    };
    "7.8" "pages", "back without a page" => "source": || World::source().tell(Intent::TakePicture), |w| w.tell(Intent::Back);
    "7.9" "pages", "back" => "home": || World::with_pages(1), |w| w.tell(Intent::Back);
    "7.10" "pages", "a filter for all" => "pages": || World::with_pages(2), |w| {
        let w = w.tell(Intent::SetFilterForAll { filter: scan::Filter::Grey });
        let w = w.tell(Intent::AddPicture).capture(Shutter::Automatic).tell(Intent::CameraDone);
        let pages = &w.app.drafts[&w.draft()].pages;
        assert!(pages.len() == 3 && pages.iter().all(|page| page.faces[0].recipe.filter == scan::Filter::Grey));
        w
    };
    "7.11" "pages", "a PDF chosen while there are pages" => "pages": || World::with_pages(1).tell(Intent::SelectFile), |w| {
        let (draft, effect) = w.picking();
        let w = w.hear(Outcome::Picked { effect, draft, picked: Picked::Pdf(document(effect, 4, true)) });
        assert!(matches!(w.view(), View::Pages { trouble: Some(Trouble::PdfAlone), ref pages, .. } if pages.len() == 1));
        assert_eq!(w.effects, [Effect::Forget(vec![Sealed::Document(effect)])]);
        w
    };

    "8.1" "camera", "a photo taken by itself" => "camera": World::camera, |w| w.capture(Shutter::Automatic);
    "8.2" "camera", "a photo taken by hand" => "edit": World::camera, |w| w.capture(Shutter::Manual);
    "8.3" "camera", "done" => "pages": World::camera, |w| w.tell(Intent::CameraDone);
    "8.4" "camera", "back" => "pages": World::camera, |w| w.tell(Intent::Back);
    "8.5" "camera", "the camera fails" => "camera": World::camera, |w| {
        let w = w.tell(Intent::CameraTrouble { denied: false });
        assert!(matches!(w.view(), View::Camera { trouble: Some(Trouble::CameraFailed), .. }));
        w
    };
    "8.6" "camera", "a page's photo taken again" => "edit": retaking, |w| {
        assert!(matches!(w.view(), View::Camera { retake: true, number: 1, .. }));
        let old = w.app.drafts[&w.draft()].pages[0].faces[0].id;
        let w = w.capture(Shutter::Automatic);
        assert!(w.effects.contains(&Effect::Forget(vec![Sealed::Photo(old)])));
        assert_eq!(w.pages().len(), 2);
        w
    };
    "8.7" "camera", "back while taking a page's photo again" => "edit": retaking, |w| w.tell(Intent::Back);

    "9.1" "edit", "back, or done" => "pages": || World::camera().capture(Shutter::Manual), |w| w.tell(Intent::Back);
    "9.2" "edit", "corners, rotation, filter, reset" => "edit": || World::camera().capture(Shutter::Manual), |w| {
        let page = w.pages()[0];
        let photo = w.app.page(page).unwrap().faces[0].id;
        let w = w.tell(Intent::SetQuad { page, photo, quad: None }).tell(Intent::RotateRight { page });
        let w = w.tell(Intent::SetFilter { page, filter: scan::Filter::BlackAndWhite });
        let recipe = w.app.page(page).unwrap().faces[0].recipe;
        assert_eq!((recipe.quad, recipe.turn, recipe.filter), (None, scan::Turn::Right, scan::Filter::BlackAndWhite));
        let w = w.tell(Intent::ResetPage { page });
        let photo = w.app.page(page).unwrap().faces[0];
        assert_eq!((photo.recipe.quad, photo.recipe.turn), (photo.found, scan::Turn::None));
        w
    };
    "9.3" "edit", "the page is deleted" => "pages": || World::camera().capture(Shutter::Manual), |w| {
        let page = w.pages()[0];
        w.tell(Intent::DeletePage { page })
    };
    "9.4" "edit", "'Keep anyway'" => "edit": || World::camera().capture(Shutter::Manual), |mut w| {
        let (draft, page) = (w.draft(), w.pages()[0]);
        w.app.drafts.get_mut(&draft).unwrap().pages[0].warning = Some(crate::view::Warning::Blurred);
        let w = w.tell(Intent::KeepPage { page });
        assert_eq!(w.app.page(page).unwrap().warning, None);
        w
    };

    "10.1" "generate", "'Generate'" => "generate": World::generate, |w| {
        let w = w.tell(Intent::Generate);
        assert!(matches!(w.view(), View::Generate { asking: true, making: false, .. }));
        w
    };
    "10.2" "generate", "'Make a PDF of 2 pages?' yes" => "generate": World::making, |w| {
        assert!(matches!(w.view(), View::Generate { asking: false, making: true, .. }));
        assert!(matches!(w.effects[..], [Effect::MakePdf { ref pages, .. }] if pages.len() == 2));
        w
    };
    "10.3" "generate", "'Make a PDF of 2 pages?' no" => "generate": || World::generate().tell(Intent::Generate), |w| {
        let w = w.tell(Intent::MakePdf { yes: false });
        assert!(w.effects.is_empty());
        w
    };
    "10.4" "generate", "the PDF is made" => "confirm": World::making, World::made;
    "10.5" "generate", "the PDF cannot be made" => "generate": World::making, |w| {
        let (draft, effect) = (w.draft(), w.app.drafts[&w.draft()].making.unwrap());
        let w = w.hear(Outcome::PdfFailed { effect, draft, trouble: Trouble::StorageFull });
        assert!(matches!(w.view(), View::Generate { making: false, trouble: Some(Trouble::StorageFull), .. }));
        w
    };
    "10.6" "generate", "back, and a page changed while the PDF is made" => "pages": World::making, |w| {
        let (draft, effect) = (w.draft(), w.app.drafts[&w.draft()].making.unwrap());
        let page = w.pages()[0];
        let w = w.tell(Intent::Back).tell(Intent::RotateLeft { page });
        let w = w.hear(Outcome::PdfMade { draft, document: document(effect, 2, false) });
        assert_eq!(w.effects, [Effect::Forget(vec![Sealed::Document(effect)])], "it shows the page as it was");
        assert_eq!(w.app.drafts[&draft].document, None);
        w
    };
    "10.7" "generate", "another name" => "generate": World::generate, |w| {
        let w = w.tell(Intent::NameDocument { name: "  My\u{7} certificate ".into() });
        assert!(matches!(w.view(), View::Generate { ref name, .. } if name == "My certificate"));
        w
    };

    "11.1" "confirm", "'Confirm'" => "upload": World::confirm, |w| {
        let w = w.tell(Intent::Confirm);
        assert!(matches!(w.effects[..], [Effect::Send { .. }]));
        let again = w.clone().tell(Intent::Confirm);
        assert_eq!(again.app, w.app);
        w
    };
    "11.2" "confirm", "back" => "generate": World::confirm, |w| w.tell(Intent::Back);
    "11.3" "confirm", "back from a chosen file" => "source": World::picked_pdf, |w| w.tell(Intent::Back);
    "11.4" "confirm", "the ticket has ended: a new code" => "scan_qr": World::confirm, |w| {
        let ticket = w.ticket();
        let w = w.hear(Outcome::Ended { ticket, trouble: Trouble::Disconnected });
        assert!(matches!(w.view(), View::Confirm { needs_code: true, .. }));
        let stuck = w.clone().tell(Intent::Confirm);
        assert!(stuck.effects.is_empty() && stuck.screen() == "confirm");
        let w = w.tell(Intent::NewCode);
        assert!(matches!(w.view(), View::ScanQr { waiting: Some(ref card), .. } if card.pages == 2));
        w
    };

    "12.1" "upload", "bytes arrive" => "upload": World::uploading, |w| {
        let (effect, draft) = (w.run(), w.draft());
        let w = w.hear(Outcome::Sent { effect, draft, bytes: 500 });
        assert!(matches!(w.view(), View::Upload { sent: 500, stage: crate::view::Stage::Sending, .. }));
        w
    };
    "12.2" "upload", "no network, and again" => "upload": World::uploading, |w| {
        let (effect, draft) = (w.run(), w.draft());
        let w = w.hear(Outcome::NoNetwork { effect, draft });
        assert!(matches!(w.view(), View::Upload { stage: crate::view::Stage::WaitingForNetwork, .. }));
        w.hear(Outcome::Sent { effect, draft, bytes: 1 })
    };
    "12.3" "upload", "pause, and go on" => "upload": World::uploading, |w| {
        let (effect, draft) = (w.run(), w.draft());
        let w = w.tell(Intent::PauseUpload);
        assert_eq!(w.effects, [Effect::StopSending { draft }]);
        let w = w.hear(Outcome::Sent { effect, draft, bytes: 1 });
        assert!(matches!(w.view(), View::Upload { stage: crate::view::Stage::Paused, .. }), "a late report changes nothing");
        let w = w.tell(Intent::ResumeUpload);
        assert!(matches!(w.effects[..], [Effect::Send { .. }]));
        w
    };
    "12.4" "upload", "accepted" => "done": World::uploading, |w| {
        let w = w.accepted();
        assert!(w.app.drafts.is_empty() && w.app.needs().is_empty());
        assert!(matches!(w.effects[..], [Effect::Forget(ref gone)] if gone.len() == 4));
        w
    };
    "12.5" "upload", "refused or ended" => "upload": World::failed, |w| {
        assert!(matches!(w.view(), View::Upload { stage: crate::view::Stage::Failed { .. }, .. }));
        assert_eq!(w.pages().len(), 2);
        w
    };
    "12.6" "upload", "back to the pages after a failure" => "pages": World::failed, |w| w.tell(Intent::BackToPages);
    "12.7" "upload", "a new code after a failure" => "scan_qr": World::failed, |w| w.tell(Intent::NewCode);
    "12.8" "upload", "somebody else filled the place: replace" => "upload": World::uploading, |w| {
        let (draft, ticket) = (w.draft(), w.ticket());
        let w = w.hear(Outcome::SlotChanged { draft, ticket });
        assert!(matches!(w.view(), View::Upload { stage: crate::view::Stage::SlotChanged, .. }));
        let w = w.tell(Intent::AnswerSlot { choice: SlotChoice::Replace });
        assert!(matches!(w.effects[..], [Effect::Send { answer: Some(SlotChoice::Replace), .. }]));
        w
    };
    "12.9" "upload", "somebody else filled the place: discard" => "home": World::uploading, |w| {
        let (draft, ticket) = (w.draft(), w.ticket());
        let w = w.hear(Outcome::SlotChanged { draft, ticket }).tell(Intent::AnswerSlot { choice: SlotChoice::Discard });
        let w = w.hear(Outcome::Discarded { draft, ticket });
        assert!(w.app.outbox.is_empty());
        assert_eq!(w.app.drafts[&draft].pages.len(), 2, "only the citizen deletes pages");
        w
    };
    "12.10" "upload", "'Use other screens'" => "home": World::uploading, |w| w.tell(Intent::LeaveUpload);
    "12.11" "upload", "the storage fails, and again" => "upload": World::uploading, |w| {
        let (effect, draft) = (w.run(), w.draft());
        let w = w.hear(Outcome::NotSent { effect, draft, trouble: Trouble::StorageFailed });
        let w = w.tell(Intent::ResumeUpload);
        assert_eq!(w.app.outbox[&draft].stage, Stage::Sending);
        w
    };

    "13.1" "done", "'Return to home screen'" => "home": World::done, |w| {
        let w = w.tell(Intent::GoHome);
        assert!(w.app.outbox.is_empty());
        w
    };
    "13.2" "done", "'Add another document'" => "scan_qr": World::done, |w| w.tell(Intent::AddAnother);

    "14.1" "settings", "back" => "home": || World::new().tell(Intent::OpenSettings), |w| w.tell(Intent::Back);
    "14.2" "settings", "delete everything" => "home": || World::with_pages(2).tell(Intent::GoHome).tell(Intent::OpenSettings), |w| {
        let w = w.tell(Intent::DeleteEverything);
        assert_eq!(w.effects, [Effect::ForgetEverything]);
        assert_eq!(w.app, App::new(portals()));
        w
    };
    "14.3" "settings", "change the password" => "change_password": || World::linked().tell(Intent::OpenSettings),
        |w| w.tell(Intent::OpenChangePassword);
    "14.4" "settings", "unlink, and the portal has heard" => "home": || World::linked().tell(Intent::OpenSettings), |w| {
        let w = w.tell(Intent::Unlink);
        assert!(matches!(w.view(), View::Settings { link: Some(ref link), .. } if link.unlinking && !link.unlinking_busy));
        assert_eq!(w.clone().tell(Intent::AnswerUnlink { yes: false }).app.link, Some(link()));
        let w = w.tell(Intent::AnswerUnlink { yes: true });
        let [Effect::Unlink { effect, .. }] = w.effects[..] else { panic!("{:?}", w.effects) };
        let deaf = w.clone().hear(Outcome::NotUnlinked { effect, trouble: Trouble::Unreachable });
        assert!(matches!(deaf.view(), View::Settings { link: Some(_), trouble: Some(Trouble::Unreachable), .. }));
        let w = w.hear(Outcome::Unlinked { effect });
        assert!(matches!(w.effects[..], [Effect::ForgetAccount { tell: false, .. }]));
        assert_eq!((&w.app.link, &w.app.account), (&None, &None));
        w
    };
    "14.5" "settings", "'Link your account'" => "link": || World::new().tell(Intent::OpenSettings),
        |w| w.tell(Intent::LinkAccount);
    "14.6" "settings", "biometrics off and on" => "settings": || World::linked().tell(Intent::OpenSettings), |w| {
        let mut w = w.hear(Outcome::Sensor { there: true });
        for on in [true, false] {
            w = w.tell(if on { Intent::ActivateBiometrics } else { Intent::DeactivateBiometrics });
            let [Effect::SetBiometrics { effect, .. }] = w.effects[..] else { panic!("{:?}", w.effects) };
            w = w.hear(Outcome::BiometricsSet { effect, set: Ok(on) });
            let View::Settings { link: Some(link), .. } = w.view() else { panic!("linked") };
            assert_eq!((link.biometrics, link.busy), (Some(on), false));
        }
        w
    };

    "15.1" "home", "'Link your account'" => "link": World::new, |w| w.tell(Intent::LinkAccount);
    "15.2" "link", "a link code" => "link": || World::new().tell(Intent::LinkAccount), |w| {
        let w = w.tell(link_code());
        assert!(matches!(w.effects[..], [Effect::RedeemLink { .. }]));
        assert!(w.clone().tell(link_code()).effects.is_empty(), "one code at a time");
        w
    };
    "15.3" "link", "a ticket's code, or none of a portal" => "link": || World::new().tell(Intent::LinkAccount), |w| {
        let w = w.tell(code(0));
        assert!(matches!(w.view(), View::Link { trouble: Some(Trouble::TicketCode), .. }));
        let w = w.tell(Intent::CodeFound { text: "hello".into() });
        assert!(matches!(w.view(), View::Link { trouble: Some(Trouble::NotACode), .. }) && w.effects.is_empty());
        w
    };
    "15.4" "link", "'No' to whose account it is" => "link": World::asked_to_link, |w| {
        let w = w.tell(Intent::AnswerLink { yes: false });
        assert!(matches!(w.effects[..], [Effect::DeclineLink { .. }]) && w.app.linking.is_none());
        w
    };
    "15.5" "link", "'Yes', and the right number is picked" => "link": World::picking_number, |w| {
        let linking = w.link_id();
        let w = w.hear(Outcome::LinkMatched { linking });
        assert!(matches!(w.view(), View::Link { step: LinkView::Name { .. }, .. }));
        w
    };
    "15.6" "link", "a wrong number, or too late" => "link": World::picking_number, |w| {
        let linking = w.link_id();
        let w = w.hear(Outcome::LinkFailed { linking, trouble: Trouble::LinkEnded, over: true });
        let scans = matches!(w.view(), View::Link { step: LinkView::Scan { busy: false }, trouble: Some(Trouble::LinkEnded) });
        assert!(scans);
        w
    };
    "15.7" "link", "a name, then a password" => "link": World::naming, |w| {
        let w = w.tell(Intent::NameDevice { name: " My\u{7} phone ".into() });
        assert_eq!(w.app.linking.as_ref().unwrap().name, "My phone");
        let w = w.tell(Intent::ChoosePassword { password: typed("good enough") });
        assert!(matches!(&w.effects[..], [Effect::FinishLink { name, .. }] if name == "My phone"));
        let linking = w.link_id();
        let again = w.clone().hear(Outcome::LinkFailed { linking, trouble: Trouble::Unreachable, over: false });
        assert!(matches!(again.view(), View::Link { step: LinkView::Password { busy: false, .. }, .. }));
        w
    };
    "15.8" "link", "linked, without a sensor" => "home": World::finishing, |w| {
        let w = w.finished();
        assert!(w.app.link.is_some() && w.app.notice == Some(Notice::Linked));
        w
    };
    "15.9" "link", "linked, then biometrics or not" => "home": || World::finishing().hear(Outcome::Sensor { there: true }), |w| {
        let w = w.finished();
        assert!(matches!(w.view(), View::Link { step: LinkView::Biometrics { busy: false }, .. }));
        let skipped = w.clone().tell(Intent::SkipBiometrics);
        assert_eq!((skipped.screen(), skipped.app.link.unwrap().biometrics), ("home", false));
        let w = w.tell(Intent::ActivateBiometrics);
        let [Effect::SetBiometrics { effect, on: true }] = w.effects[..] else { panic!("{:?}", w.effects) };
        let cancelled = w.clone().hear(Outcome::BiometricsSet { effect, set: Err(None) });
        assert!(matches!(cancelled.view(), View::Link { step: LinkView::Biometrics { busy: false }, trouble: None }));
        let w = w.hear(Outcome::BiometricsSet { effect, set: Ok(true) });
        assert!(w.app.link.as_ref().unwrap().biometrics);
        w
    };
    "15.10" "link", "back before a code" => "home": || World::new().tell(Intent::LinkAccount), |w| w.tell(Intent::Back);
    "15.11" "link", "back while it goes on" => "link": World::picking_number, |w| {
        let w = w.tell(Intent::Back);
        assert!(matches!(w.effects[..], [Effect::DeclineLink { .. }]), "the code is of no use to anybody");
        let named = World::choosing_password().tell(Intent::Back);
        assert!(matches!(named.view(), View::Link { step: LinkView::Name { .. }, .. }), "one step");
        w
    };

    "16.1" "home", "'My procedures'" => "procedures": World::linked, |w| w.tell(Intent::OpenProcedures);
    "16.2" "procedures", "another eSpace, and none that is not there" => "procedures":
        || World::linked().tell(Intent::OpenProcedures), |w| {
        let w = w.tell(Intent::ChooseEspace { espace: 1 }).tell(Intent::ChooseEspace { espace: 9 });
        assert!(matches!(w.view(), View::Procedures { espace: 1, .. }));
        w
    };
    "16.3" "procedures", "refresh, with and without a network" => "procedures":
        || World::linked().tell(Intent::OpenProcedures), |w| {
        let w = w.tell(Intent::RefreshProcedures);
        let [Effect::FetchOverview { effect, .. }] = w.effects[..] else { panic!("{:?}", w.effects) };
        assert!(w.clone().tell(Intent::RefreshProcedures).effects.is_empty(), "one at a time");
        let w = w.hear(Outcome::Fetched { effect, overview: Err(Trouble::Unreachable) });
        let kept = matches!(w.view(), View::Procedures { trouble: Some(Trouble::Unreachable), ref espaces, .. } if espaces.len() == 2);
        assert!(kept, "what was fetched before is still there");
        let w = w.tell(Intent::RefreshProcedures).fetched();
        assert!(matches!(w.view(), View::Procedures { trouble: None, fetching: false, .. }));
        w
    };
    "16.4" "procedures", "'Attach' without a code" => "source": || World::linked().tell(Intent::OpenProcedures), |w| {
        let w = w.tell(Intent::FillSlot { procedure: "grant".into(), slot: "empty".into() });
        assert!(matches!(w.effects[..], [Effect::MakeTicket { .. }]));
        assert!(matches!(w.view(), View::Procedures { busy: true, .. }));
        let again = w.clone().tell(Intent::FillSlot { procedure: "grant".into(), slot: "empty".into() });
        assert!(again.effects.is_empty(), "one at a time");
        w.redeemed("Certificate")
    };
    "16.5" "procedures", "'Attach' that the portal refuses" => "procedures":
        || World::linked().tell(Intent::OpenProcedures), |w| {
        let w = w.tell(Intent::AddToProcedure { procedure: "grant".into(), document_type: "Invoice".into(), name: " ".into() });
        let [Effect::MakeTicket { ticket, ref make, .. }] = w.effects[..] else { panic!("{:?}", w.effects) };
        assert_eq!(make.name, None);
        let w = w.hear(Outcome::NotRedeemed { ticket, trouble: Trouble::RightLost });
        assert!(matches!(w.view(), View::Procedures { busy: false, trouble: Some(Trouble::RightLost), .. }));
        w
    };
    "16.6" "procedures", "'Attach' while other pages wait" => "check": || {
        let w = World::linked().tell(code(0)).redeemed("Invoice").tell(Intent::Continue).tell(Intent::TakePicture);
        let w = w.tell(Intent::AddPicture).capture(Shutter::Automatic).tell(Intent::CameraDone).tell(Intent::GoHome);
        w.tell(Intent::OpenProcedures)
    }, |w| {
        let w = w.tell(Intent::FillSlot { procedure: "grant".into(), slot: "empty".into() }).redeemed("Certificate");
        assert!(matches!(w.view(), View::Check { question: Some(_), .. }));
        w
    };
    "16.7" "procedures", "back" => "home": || World::linked().tell(Intent::OpenProcedures), |w| w.tell(Intent::Back);
    "16.8" "home", "'Attach' at a document that is asked for" => "procedures": World::linked, |w| {
        let View::Home { account: Some(account), .. } = w.view() else { panic!("linked") };
        assert_eq!(account.asked.iter().map(|asked| &*asked.slot).collect::<Vec<_>>(), ["empty"]);
        w.tell(Intent::FillSlot { procedure: "grant".into(), slot: "empty".into() })
    };
    "16.9" "procedures", "the account no longer knows this phone" => "home":
        || World::linked().tell(Intent::OpenProcedures), |w| {
        let w = w.hear(Outcome::Revoked);
        assert_eq!((w.app.notice.clone(), &w.app.link), (Some(Notice::Revoked), &None));
        assert!(matches!(w.effects[..], [Effect::ForgetAccount { tell: false, .. }]));
        w
    };

    "17.1" "change_password", "the old and a new one" => "settings":
        || World::linked().tell(Intent::OpenSettings).tell(Intent::OpenChangePassword), |w| {
        let w = w.tell(Intent::ChangePassword { old: typed("old"), new: typed("good enough") });
        let [Effect::ChangePassword { effect, .. }] = w.effects[..] else { panic!("{:?}", w.effects) };
        let wrong = w.clone().hear(Outcome::NotChanged { effect, why: LockTrouble::WrongPassword, lockout: None });
        let said = matches!(wrong.view(), View::ChangePassword { busy: false, trouble: Some(LockTrouble::WrongPassword), .. });
        assert!(said);
        w.hear(Outcome::PasswordChanged { effect })
    };
    "17.2" "change_password", "back" => "settings":
        || World::linked().tell(Intent::OpenSettings).tell(Intent::OpenChangePassword), |w| w.tell(Intent::Back);

    "18.1" "unlock", "the password" => "procedures":
        || World::linked().tell(Intent::OpenProcedures).tell(Intent::LockNow), |w| {
        let w = w.tell(Intent::Unlock { password: typed("good enough") });
        let effect = w.trying();
        let account = Account { espaces: overview().espaces, ..Account::new("M… Weber".into()) };
        w.hear(Outcome::Unlocked { effect, account })
    };
    "18.2" "unlock", "forgotten: unlinked, pages kept" => "home": World::locked, |w| {
        assert_eq!(w.clone().tell(Intent::AnswerForgot { yes: true }).app, w.app, "asked first");
        let w = w.tell(Intent::ForgotPassword).tell(Intent::AnswerForgot { yes: true });
        assert!(matches!(w.effects[..], [Effect::ForgetAccount { tell: true, .. }]));
        w
    };

    "19.1" "home", "a PDF shared from another app" => "confirm": World::new, |w| {
        let w = w.shares_pdf();
        assert!(matches!(w.view(), View::Confirm { needs_code: true, needs_place: true, place: None, .. }));
        w
    };
    "19.2" "home", "pictures shared from another app" => "pages": World::new, |w| {
        let w = w.shares_pictures();
        assert!(matches!(w.view(), View::Pages { needs_place: true, ref pages, .. } if pages.len() == 2));
        w
    };
    "19.3" "home", "a shared file that cannot be taken" => "home": World::new,
        |w| w.shares(|_| Picked::Trouble(Trouble::PictureDamaged));
    "19.4" "source", "a file shared while its place waits" => "check": World::source, |w| {
        let w = w.shares_pdf();
        assert!(matches!(w.view(), View::Check { question: Some(_), .. }));
        w
    };
    "19.5" "confirm", "a shared PDF: where does it go?" => "scan_qr": || World::new().shares_pdf(), |w| w.tell(Intent::NewCode);
    "19.6" "pages", "shared pictures: where do they go?" => "scan_qr": || World::new().shares_pictures(), |w| w.tell(Intent::End);
    "19.7" "confirm", "back from a shared PDF" => "home": || World::new().shares_pdf(), |w| w.tell(Intent::Back);
    "19.8" "scan_qr", "a place chosen on this phone instead" => "procedures": || World::linked().shares_pdf().tell(Intent::NewCode), |w| {
        assert!(matches!(w.view(), View::ScanQr { procedures: true, .. }));
        let w = w.tell(Intent::OpenProcedures);
        assert!(matches!(w.view(), View::Procedures { waiting: Some(_), .. }));
        w
    };
    "19.9" "procedures", "'Attach' for what was shared" => "confirm": || World::linked().shares_pdf().tell(Intent::NewCode).tell(Intent::OpenProcedures), |w| {
        let w = w.tell(Intent::FillSlot { procedure: "grant".into(), slot: "empty".into() }).redeemed("Certificate");
        assert!(matches!(w.view(), View::Confirm { needs_code: false, place: Some(_), .. }));
        assert_eq!(w.app.drafts.len(), 1);
        w
    };
    "19.10" "procedures", "back from choosing a place" => "scan_qr": || World::linked().shares_pdf().tell(Intent::NewCode).tell(Intent::OpenProcedures), |w| {
        let w = w.tell(Intent::Back);
        assert!(matches!(w.view(), View::ScanQr { waiting: Some(_), .. }));
        w
    };
};

fn retaking() -> World {
    let world = World::with_pages(2);
    let page = world.pages()[0];
    world.tell(Intent::Retake { page })
}

fn same_place(world: World) -> World {
    world.tell(Intent::GoHome).tell(code(1)).redeemed("Certificate")
}

fn other_place(world: World) -> World {
    world.tell(Intent::GoHome).tell(code(1)).redeemed("Invoice")
}

#[test]
fn every_flow_leads_where_the_table_says() {
    for Flow { number, from, event, to, start, walk } in FLOWS {
        let world = start();
        // Rows that begin with what led to them are checked where they end.
        let leads = world.screen() == *to || world.screen() == *from;
        assert!(leads, "{number} begins on {}, not on {from}", world.screen());
        assert_eq!(walk(world).screen(), *to, "{number}: {from}, {event}");
    }
}

#[test]
fn the_table_in_the_docs_is_the_one_walked() {
    let docs = include_str!("../../../../docs/flows/README.md");
    let rows = docs.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit());
    let documented: BTreeSet<String> = rows.map(|row| row.replace('`', "")).collect();
    let walked: BTreeSet<String> = FLOWS
        .iter()
        .map(|flow| format!("| {} | {} | {} | {} |", flow.number, flow.from, flow.event, flow.to))
        .collect();
    let missing: Vec<_> = walked.difference(&documented).collect();
    let stale: Vec<_> = documented.difference(&walked).collect();
    assert!(missing.is_empty() && stale.is_empty(), "not in the docs: {missing:#?}\nnot walked: {stale:#?}");
}
