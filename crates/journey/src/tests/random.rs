//! Random walks: nothing panics, every screen stands, no page is lost but by deleting it.

use super::*;
use crate::{Sealed, Trouble};
use proptest::prelude::*;
use protocol::api::SlotChoice;
use std::collections::BTreeSet;

/// A move that may or may not make sense where it comes. Numbers choose among what is there.
fn moves() -> impl Strategy<Value = (u8, usize)> {
    (0u8..54, 0usize..6)
}

fn make(world: World, (which, n): (u8, usize)) -> World {
    let app = &world.app;
    let draft = app.drafts.keys().nth(n % app.drafts.len().max(1)).copied().unwrap_or(DraftId(1));
    let entry = app.outbox.keys().nth(n % app.outbox.len().max(1)).copied().unwrap_or(DraftId(1));
    let pages: Vec<_> = app.drafts.values().flat_map(|draft| &draft.pages).map(|page| page.id).collect();
    let page = pages.get(n % pages.len().max(1)).copied().unwrap_or(PageId(1));
    let run = app.outbox.get(&entry).map_or(EffectId(1), |entry| entry.run);
    let ticket = app.outbox.get(&entry).map_or(TicketId(1), |entry| entry.ticket);
    let held = app.drafts.get(&draft).and_then(|draft| draft.ticket.as_ref()).map_or(TicketId(1), |ticket| ticket.id);
    let making = app.drafts.get(&draft).and_then(|draft| draft.making).unwrap_or(EffectId(1));
    let picking = app.drafts.get(&draft).and_then(|draft| draft.picking).unwrap_or(EffectId(1));
    let claim = app.claims.keys().nth(n % app.claims.len().max(1)).copied().unwrap_or(TicketId(1));
    let fresh = PhotoId(10_000 + u64::from(which) + world.seconds as u64 * 100);
    match which {
        0 => world.tell(Intent::Back),
        1 => world.tell(Intent::GoHome),
        2 => world.tell(Intent::AddDocument),
        3 | 4 => world.tell(Intent::Continue),
        5 => world.tell(Intent::OpenDraft { draft }),
        6 if n == 0 => world.tell(Intent::DiscardDraft { draft }),
        7 => world.tell(Intent::OpenUpload { draft: entry }),
        8 | 9 => world.tell(code(n % 3)),
        10 => world.tell(Intent::EnterCodeInstead),
        11 => world.tell(Intent::CodeTyped { code: "ABCDEFGH".into(), portal: 0 }),
        12 if n == 0 => world.tell(Intent::NotMine),
        13 => world.tell(Intent::UseWaitingPages { yes: n % 2 == 0 }),
        14 => world.tell(Intent::NewCode),
        15 => world.tell(Intent::TakePicture),
        16 => world.tell(Intent::SelectFile),
        17 | 18 => world.tell(Intent::AddPicture),
        19 => world.tell(Intent::CameraDone),
        20 => world.tell(Intent::EditPage { page }),
        21 => world.tell(Intent::RotateRight { page }),
        22 => world.tell(Intent::Retake { page }),
        23 => world.tell(Intent::MovePage { page, to: n }),
        24 => world.tell(Intent::DeletePage { page }),
        25 => world.tell(Intent::UndoDelete),
        26 => world.tell(Intent::Dismiss),
        27 => world.tell(Intent::End),
        28 => world.tell(Intent::Generate),
        29 | 30 => world.tell(Intent::MakePdf { yes: n > 0 }),
        31 => world.tell(Intent::NameDocument { name: format!("name {n}") }),
        32 => world.tell(Intent::Confirm),
        33 => world.tell(if n % 2 == 0 { Intent::PauseUpload } else { Intent::ResumeUpload }),
        34 => world.tell(Intent::BackToPages),
        35 => world.tell(Intent::AnswerSlot { choice: if n == 0 { SlotChoice::Discard } else { SlotChoice::Replace } }),
        36 => world.tell(Intent::SetFilterForAll { filter: scan::Filter::Grey }),
        37 | 38 => {
            let upload = UploadId(format!("upload-{}", n % 3));
            let context = place(["Certificate", "Invoice"][n % 2]);
            world.hear(Outcome::Redeemed {
                ticket: claim,
                upload,
                context,
                digits: Some("47".into()),
                other_account: false,
                limits: LIMITS,
            })
        }
        39 => world.hear(Outcome::NotRedeemed { ticket: claim, trouble: Trouble::TicketUsed }),
        40 => {
            let aim = world.app.aim();
            let (draft, replaces) = aim.map_or((draft, None), |aim| (aim.draft, aim.replaces));
            let shutter = if n % 2 == 0 { Shutter::Automatic } else { Shutter::Manual };
            world.hear(Outcome::Captured { draft, replaces, photo: NewPhoto { id: fresh, ..photo(0) }, shutter })
        }
        41 => {
            let picked = match n % 3 {
                0 => Picked::Pictures(vec![NewPhoto { id: fresh, ..photo(0) }]),
                1 => Picked::Pdf(document(picking, 3, true)),
                _ => Picked::Nothing,
            };
            world.hear(Outcome::Picked { effect: picking, draft, picked })
        }
        42 => world.hear(Outcome::PdfMade { draft, document: document(making, 2, false) }),
        43 => world.hear(match n % 3 {
            0 => Outcome::Accepted { draft: entry, ticket, receipt: receipt() },
            1 => Outcome::SlotChanged { draft: entry, ticket },
            _ => Outcome::Discarded { draft: entry, ticket },
        }),
        44 => world.hear(match n % 4 {
            0 => Outcome::Ended { ticket: held, trouble: Trouble::Disconnected },
            1 => Outcome::NoNetwork { effect: run, draft: entry },
            2 => Outcome::Checking { effect: run, draft: entry },
            _ => Outcome::NotSent { effect: run, draft: entry, trouble: Trouble::StorageFailed },
        }),
        45 => world.restart(),
        46 => world.tell([Intent::LinkAccount, Intent::OpenProcedures, Intent::OpenSettings][n % 3].clone()),
        47 => world.tell(link_code()),
        48 => match &world.app.linking {
            Some(linking) => {
                let id = linking.id;
                let number = |until| Outcome::LinkNumber { linking: id, number: "47".into(), until };
                world.hear(match n {
                    0 => Outcome::LinkRedeemed { linking: id, owner: "M… Weber".into(), espaces: 1 },
                    1 => number(Timestamp::from_second(1_900_000_000).unwrap()),
                    2 => Outcome::LinkMatched { linking: id },
                    3 => Outcome::Linked { linking: id, link: link(), account: Account::new("M… Weber".into()) },
                    _ => Outcome::LinkFailed { linking: id, trouble: Trouble::LinkEnded, over: n == 4 },
                })
            }
            None => world.tell(Intent::FillSlot { procedure: "grant".into(), slot: "empty".into() }),
        },
        49 => world.tell(match n {
            0 => Intent::AnswerLink { yes: true },
            1 => Intent::NameDevice { name: "My phone".into() },
            2 => Intent::ChoosePassword { password: typed("good enough") },
            3 => Intent::SkipBiometrics,
            4 => Intent::Unlink,
            _ => Intent::AnswerUnlink { yes: true },
        }),
        50 => world.tell([Intent::LockNow, Intent::Background, Intent::Foreground][n % 3].clone()),
        51 => match &world.app.lock {
            Lock::Locked(locked) => match locked.trying {
                Some(effect) if n > 1 => {
                    world.hear(Outcome::Unlocked { effect, account: Account::new("M… Weber".into()) })
                }
                _ => world.tell(match n {
                    0 => Intent::ForgotPassword,
                    1 => Intent::AnswerForgot { yes: true },
                    _ => Intent::Unlock { password: typed("good enough") },
                }),
            },
            Lock::Open => match (world.app.fetching, world.app.unlinking()) {
                (Some(effect), _) => world.hear(Outcome::Fetched { effect, overview: Ok(overview()) }),
                (None, Some(effect)) => world.hear(Outcome::Unlinked { effect }),
                (None, None) => world.hear(Outcome::Revoked),
            },
        },
        52 => match crate::wakes_at(&world.app) {
            Some(at) => world.apply(Event::Woken(at)),
            None => world,
        },
        53 => world.shares(|effect| match n % 3 {
            0 => Picked::Pictures(vec![NewPhoto { id: fresh, ..photo(0) }]),
            1 => Picked::Pdf(document(effect, 3, true)),
            _ => Picked::Nothing,
        }),
        _ => world,
    }
}

/// What is there after a move against what was there before it.
fn holds(before: &World, after: &World, did: (u8, usize)) {
    let shown = view(&after.app);
    let screen = after.screen();
    if let Shown::Open { view, .. } = shown {
        assert_eq!(super::screens::name_of_view(&view), screen, "the screen's draft is there");
    }
    let lost: BTreeSet<Sealed> = before.app.needs().difference(&after.app.needs()).copied().collect();
    let photos: Vec<_> = lost.iter().filter(|sealed| matches!(sealed, Sealed::Photo(_))).collect();
    let deletes = matches!(did.0, 6 | 24 | 25 | 26 | 32 | 45) || before.app.undo.is_some();
    let retakes = did.0 == 40;
    let accepted = did == (43, 0) || did == (43, 3);
    assert!(photos.is_empty() || deletes || retakes || accepted, "{did:?} lost {photos:?}");
    let forgotten = after.effects.iter().filter_map(|effect| match effect {
        Effect::Forget(gone) => Some(gone),
        _ => None,
    });
    let needs = after.app.needs();
    for sealed in forgotten.flatten() {
        assert!(!needs.contains(sealed), "{did:?} forgets {sealed:?}, which is needed");
    }
    for (id, entry) in &after.app.outbox {
        let received = matches!(entry.stage, crate::Stage::Received(_));
        assert!(received != after.app.drafts.contains_key(id), "a draft lives until its document has arrived");
    }
    for draft in after.app.drafts.values() {
        assert!(draft.reuse.is_none_or(|reuse| after.app.drafts.contains_key(&reuse)), "a question about nothing");
        assert!(draft.pages.iter().all(|page| !page.faces.is_empty()));
        assert!(draft.ticket.is_none() || draft.place.is_some(), "a right to fill a place that is not known");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_walk_breaks_it(steps in proptest::collection::vec(moves(), 1..120), start in 0usize..17) {
        let mut world = every_screen().swap_remove(start);
        for did in steps {
            let before = world.clone();
            world = make(world, did);
            holds(&before, &world, did);
        }
    }
}
