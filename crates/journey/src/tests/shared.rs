//! Files that another app shares: a draft without a place, shown when the citizen can see it, asked about where a place waits.

use super::*;
use crate::{Trouble, view::Notice};
use protocol::Reason;

impl World {
    /// Another app shares, and the driver has looked at it.
    pub fn shares(self, picked: impl FnOnce(EffectId) -> Picked) -> Self {
        let world = self.apply(Event::FilesShared);
        let taken = world.effects.iter().find_map(|effect| match effect {
            Effect::TakeShared { effect, .. } => Some(*effect),
            _ => None,
        });
        let effect = taken.expect("files are looked at");
        world.hear(Outcome::Shared { effect, picked: picked(effect) })
    }

    pub fn shares_pdf(self) -> Self {
        self.shares(|effect| Picked::Pdf(document(effect, 4, true)))
    }

    pub fn shares_pictures(self) -> Self {
        self.shares(|_| Picked::Pictures(vec![photo(71), photo(72)]))
    }

    fn without_place(&self) -> DraftId {
        *self.app.drafts.iter().find(|(_, draft)| draft.place.is_none()).expect("a draft without a place").0
    }
}

#[test]
fn shared_files_are_shown_from_every_screen_and_take_nothing_away() {
    for world in every_screen() {
        let (screen, drafts, needs) = (world.screen(), world.app.drafts.clone(), world.app.needs());
        let world = world.shares_pdf();
        let place_waits = matches!(screen, "source" | "check");
        assert_eq!(world.screen(), if place_waits { "check" } else { "confirm" }, "{screen}");
        for (id, draft) in drafts {
            assert_eq!(Draft { reuse: None, ..world.app.drafts[&id].clone() }, draft, "{screen}");
        }
        assert!(world.app.needs().is_superset(&needs) && world.app.needs().len() == needs.len() + 1, "{screen}");
    }
}

#[test]
fn a_code_that_was_asked_for_says_where_they_go() {
    for (world, to) in [(World::new().shares_pdf(), "confirm"), (World::new().shares_pictures(), "pages")] {
        let id = world.draft();
        assert_eq!((world.screen(), world.app.drafts[&id].name.as_str()), (to, ""));
        let asked = world.clone().tell(if to == "confirm" { Intent::NewCode } else { Intent::End });
        assert!(matches!(asked.view(), View::ScanQr { waiting: Some(ref card), .. } if card.title.is_empty()));
        // The computer's code read by the system's own camera does as well.
        let opened = world.apply(Event::LinkOpened(link_to(0)));
        for world in [asked.tell(code(0)), opened] {
            let world = world.redeemed("Certificate");
            assert!(matches!(world.view(), View::Check { question: None, .. }), "nothing to ask: it was for these");
            assert_eq!((world.draft(), world.app.drafts.len()), (id, 1));
            let world = world.tell(Intent::Continue);
            assert_eq!((world.screen(), world.app.drafts[&id].name.as_str()), (to, "Certificate"));
        }
    }
}

#[test]
fn any_other_code_asks_about_them() {
    let world = World::new().shares_pictures().tell(Intent::GoHome);
    let world = world.tell(Intent::AddDocument).tell(Intent::Continue).tell(code(0)).redeemed("Certificate");
    let View::Check { question: Some(question), .. } = world.view() else { panic!("{:?}", world.view()) };
    assert_eq!((question.pages, question.from), (2, None));
    let world = world.tell(Intent::UseWaitingPages { yes: true }).tell(Intent::Continue);
    assert_eq!((world.screen(), world.pages().len(), world.app.drafts.len()), ("pages", 2, 1));
}

#[test]
fn a_place_that_waits_for_its_document_asks_for_them() {
    for yes in [true, false] {
        let world = World::source();
        let id = world.draft();
        let world = world.shares_pdf();
        assert!(matches!(world.view(), View::Check { draft, question: Some(_), .. } if draft == id));
        let world = world.tell(Intent::UseWaitingPages { yes }).tell(Intent::Continue);
        assert_eq!(world.screen(), if yes { "confirm" } else { "source" });
        assert_eq!(world.app.drafts.len(), if yes { 1 } else { 2 });
    }
}

#[test]
fn a_lock_takes_them_in_and_shows_nothing() {
    let world = World::locked().shares_pdf();
    assert!(matches!(view(&world.app), Shown::Locked(_)));
    let id = world.without_place();
    assert!(world.app.drafts[&id].document.is_some(), "kept while the lock is closed");
    let world = world.tell(Intent::Unlock { password: typed("good enough") });
    let effect = world.trying();
    let world = world.hear(Outcome::Unlocked { effect, account: Account::new("M… Weber".into()) });
    assert_eq!((world.screen(), world.draft()), ("confirm", id));
    let killed = World::locked().shares_pdf().restart();
    assert!(killed.app.drafts[&killed.without_place()].document.is_some(), "a kill loses only where it would be shown");
}

#[test]
fn while_they_are_looked_at_it_says_so() {
    let world = World::new().apply(Event::FilesShared);
    assert!(matches!(view(&world.app), Shown::Open { notice: Some(Notice::Receiving), .. }));
    let [Effect::TakeShared { effect, limits }] = world.effects[..] else { panic!("{:?}", world.effects) };
    assert_eq!(limits, LIMITS);
    let world = world.hear(Outcome::Shared { effect, picked: Picked::Nothing });
    assert!(matches!(view(&world.app), Shown::Open { notice: None, .. }) && world.app.drafts.is_empty());
}

#[test]
fn they_count_once_and_from_nobody_not_at_all() {
    let world = World::new().apply(Event::FilesShared);
    let [Effect::TakeShared { effect, .. }] = world.effects[..] else { panic!("{:?}", world.effects) };
    for picked in [Picked::Pictures(vec![photo(7)]), Picked::Pdf(document(effect, 4, true))] {
        let outcome = Outcome::Shared { effect, picked };
        let once = world.clone().hear(outcome.clone());
        let twice = once.clone().hear(outcome.clone());
        assert_eq!((&twice.app, twice.effects.len()), (&once.app, 0));
        let nobodys = World::new().hear(outcome);
        assert!(nobodys.app.drafts.is_empty() && matches!(nobodys.effects[..], [Effect::Forget(_)]));
    }
}

#[test]
fn what_cannot_be_taken_says_why_and_leaves_nothing() {
    let trouble = Trouble::File { reason: Reason::Encrypted };
    for world in every_screen() {
        let before = world.app.clone();
        let world = world.shares(|_| Picked::Trouble(trouble));
        assert_eq!(world.app.notice, Some(Notice::Trouble { trouble }));
        assert_eq!((world.app.screen, world.app.drafts), (before.screen, before.drafts));
    }
}

#[test]
fn a_place_that_takes_less_is_told_at_confirm() {
    let world = World::new().shares_pdf().tell(Intent::NewCode).tell(code(0));
    let ticket = *world.app.claims.keys().next().unwrap();
    for (limits, expected) in [
        (Limits { bytes: 899_999, pages: 100 }, Reason::TooLarge),
        (Limits { bytes: 900_000, pages: 3 }, Reason::TooManyPages),
    ] {
        let upload = UploadId("upload".into());
        let redeemed = Outcome::Redeemed {
            ticket,
            upload,
            context: place("Certificate"),
            digits: None,
            other_account: false,
            limits,
        };
        let world = world.clone().hear(redeemed).tell(Intent::Continue).tell(Intent::Confirm);
        let said = Some(Trouble::File { reason: expected });
        assert!(matches!(world.view(), View::Confirm { trouble, .. } if trouble == said), "{:?}", world.view());
        assert!(world.app.outbox.is_empty());
    }
}

#[test]
fn without_pages_nothing_is_left_of_it() {
    let mut world = World::new().shares_pictures();
    for page in world.pages() {
        world = world.tell(Intent::DeletePage { page });
    }
    assert_eq!(world.clone().tell(Intent::UndoDelete).pages().len(), 1);
    let world = world.tell(Intent::Back);
    assert_eq!((world.screen(), world.app.drafts.len(), world.app.needs().len()), ("home", 0, 0));
    assert_eq!(world.app.notice, None, "nothing can be undone any more");
}
