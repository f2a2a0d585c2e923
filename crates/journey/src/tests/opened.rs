//! Links from outside: taken from everywhere, but not under a lock and not out of something that would end.

use super::*;
use crate::{Trouble, view::Notice};

impl World {
    fn opens(self, n: usize) -> Self {
        self.apply(Event::LinkOpened(link_to(n)))
    }
}

fn redeems(world: &World) -> usize {
    world.effects.iter().filter(|effect| matches!(effect, Effect::Redeem { by: Some(_), .. })).count()
}

#[test]
fn a_link_is_taken_from_every_screen_and_takes_nothing_away() {
    for world in every_screen() {
        let (screen, drafts, needs) = (world.screen(), world.app.drafts.clone(), world.app.needs());
        let world = world.opens(0);
        assert!(matches!(world.view(), View::ScanQr { busy: true, trouble: None, .. }), "{screen}");
        assert_eq!((redeems(&world), world.app.claims.len()), (1, 1), "{screen}");
        assert_eq!(world.app.drafts, drafts, "{screen}");
        assert!(world.app.needs().is_superset(&needs), "{screen}");
    }
}

#[test]
fn a_lock_keeps_a_link_until_it_opens() {
    let world = World::linked().tell(Intent::LockNow).opens(0);
    assert!(matches!(view(&world.app), Shown::Locked(_)) && redeems(&world) == 0);
    let world = world.tell(Intent::Unlock { password: typed("good enough") });
    let effect = world.trying();
    let world = world.hear(Outcome::Unlocked { effect, account: Account::new("M… Weber".into()) });
    assert!(matches!(world.view(), View::ScanQr { busy: true, .. }) && redeems(&world) == 1);
}

#[test]
fn a_code_that_is_being_redeemed_comes_first() {
    let world = World::scanning().tell(code(0)).opens(1);
    assert_eq!((redeems(&world), world.app.claims.len()), (0, 1));
    let world = world.redeemed("Certificate");
    assert_eq!((redeems(&world), world.app.claims.len()), (1, 1), "and then the other");
    assert!(matches!(world.view(), View::ScanQr { busy: true, .. }));
}

#[test]
fn linking_is_not_torn_off() {
    let world = World::new().tell(Intent::LinkAccount).tell(link_code()).opens(0);
    assert!(redeems(&world) == 0 && world.screen() == "link");
    let world = world.tell(Intent::Back);
    assert!(redeems(&world) == 1, "{:?}", world.app.screen);
}

#[test]
fn what_is_no_ticket_is_said_and_nothing_is_asked_of_anybody() {
    let link = format!("https://link.example/l#{}", SECRETS[0]);
    for (text, expected) in [
        (link.as_str(), Trouble::LinkFromOutside),
        ("https://link.example/", Trouble::NotACode),
        ("https://1ink.example/t#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", Trouble::OtherPortal),
    ] {
        for world in every_screen() {
            let (screen, app) = (world.screen(), world.app.clone());
            let world = world.apply(Event::LinkOpened(text.into()));
            assert_eq!(world.app.notice, Some(Notice::Trouble { trouble: expected }), "{screen}");
            assert!(world.effects.is_empty(), "{screen}");
            assert_eq!((&world.app.screen, &world.app.linking), (&app.screen, &app.linking), "{screen}");
        }
    }
}
