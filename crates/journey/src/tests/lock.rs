//! When the lock closes by itself, and what it hides.

use super::*;
use crate::{
    AutoLock, Kept, LockOut, LockTrouble, Trouble,
    view::{LockedView, Notice},
    wakes_at,
};
use jiff::SignedDuration;

fn is_locked(world: &World) -> bool {
    matches!(view(&world.app), Shown::Locked(_))
}

impl World {
    /// Nothing happens for so long.
    fn later(mut self, time: SignedDuration) -> Self {
        self.seconds += time.as_secs();
        self
    }

    /// Woken at the moment it asked for.
    fn woken(self) -> Self {
        let at = wakes_at(&self.app).expect("a moment");
        self.apply(Event::Woken(at))
    }

    fn opened(self) -> Self {
        let world = self.tell(Intent::Unlock { password: typed("good enough") });
        let effect = world.trying();
        world.hear(Outcome::Unlocked { effect, account: Account::new("M… Weber".into()) })
    }
}

#[test]
fn nobodys_phone_never_locks() {
    let world = World::with_pages(2).tell(Intent::LockNow).tell(Intent::Background);
    assert!(!is_locked(&world) && wakes_at(&world.app).is_none());
    assert!(!is_locked(&world.later(SignedDuration::from_hours(9)).tell(Intent::Foreground)));
}

#[test]
fn a_closed_lock_says_itself_what_could_not_be_saved() {
    for (trouble, shown) in
        [(Trouble::StorageFull, LockTrouble::StorageFull), (Trouble::StorageFailed, LockTrouble::StorageFailed)]
    {
        let asked = World::linked().tell(Intent::LockNow).tell(Intent::ForgotPassword);
        // The answer was undone, so this follows the question.
        let world = asked.hear(Outcome::NotSaved { trouble });
        let Shown::Locked(LockedView { trouble, forgetting, .. }) = view(&world.app) else { panic!("open") };
        assert_eq!((trouble, forgetting), (Some(shown), false));
        let world = world.opened();
        assert_eq!(world.app.notice, None, "said once");
    }
}

#[test]
fn a_phone_in_the_background_locks_after_its_time() {
    let away = |after| World::linked().tell(Intent::SetAutoLock { after }).tell(Intent::Background);
    assert!(is_locked(&away(AutoLock::Immediately)));
    for (after, minutes) in [(AutoLock::AfterOneMinute, 1), (AutoLock::AfterFiveMinutes, 5)] {
        let world = away(after);
        assert!(!is_locked(&world));
        let back = |minutes: i64, seconds: i64| {
            let time = SignedDuration::from_secs(minutes * 60 + seconds);
            world.clone().later(time).tell(Intent::Foreground)
        };
        assert!(!is_locked(&back(minutes, -5)) && is_locked(&back(minutes, 5)));
        assert!(is_locked(&back(-1, 0)), "a clock that was set back");
        assert!(is_locked(&world.clone().woken()), "the timer alone is enough");
    }
}

#[test]
fn choosing_a_file_is_not_leaving() {
    let linked = World::linked().tell(Intent::SetAutoLock { after: AutoLock::Immediately });
    let source = linked.tell(code(0)).redeemed("Invoice").tell(Intent::Continue);
    let choosing = source.clone().tell(Intent::SelectFile).tell(Intent::Background).tell(Intent::Foreground);
    assert!(!is_locked(&choosing));
    assert!(is_locked(&source.tell(Intent::Background)));
}

#[test]
fn answering_the_systems_own_sheet_is_not_leaving() {
    let mut linked = World::linked().tell(Intent::SetAutoLock { after: AutoLock::Immediately });
    linked.app.link.as_mut().unwrap().biometrics = true;
    let settings = linked.clone().tell(Intent::OpenSettings).tell(Intent::DeactivateBiometrics);
    assert!(!is_locked(&settings.tell(Intent::Background).tell(Intent::Foreground)));
    let asked = linked.tell(Intent::LockNow).tell(Intent::UnlockWithBiometrics).tell(Intent::Background);
    let effect = asked.trying();
    let open = asked.hear(Outcome::Unlocked { effect, account: Account::new("M… Weber".into()) });
    assert!(wakes_at(&open.app).is_none_or(|at| at > Timestamp::from_second(open.seconds).unwrap()), "locks at once");
    assert!(!is_locked(&open.tell(Intent::Foreground)));
}

#[test]
fn a_wait_from_before_the_start_is_said_before_anybody_types() {
    let retry_at = Some(Timestamp::from_second(1_800_000_500).unwrap());
    let lockout = LockOut { tries_left: 0, retry_at, offer_unlink: true };
    let locked = World::locked().hear(Outcome::Waits { lockout });
    let says =
        |view: &LockedView| view.retry_at == retry_at && view.offer_unlink && view.trouble == Some(LockTrouble::Wait);
    assert!(matches!(view(&locked.app), Shown::Locked(view) if says(&view)));
    assert_eq!(World::linked().hear(Outcome::Waits { lockout }).app, World::linked().app);
}

#[test]
fn an_upload_that_ends_with_the_link_asks_whether_the_link_holds() {
    let sent = World::linked().tell(code(0)).redeemed("Invoice").tell(Intent::Continue);
    let ticket = sent.ticket();
    let ended = Outcome::Ended { ticket, trouble: crate::Trouble::DeviceRevoked };
    assert!(sent.hear(ended).effects.iter().any(|effect| matches!(effect, Effect::FetchOverview { .. })));
}

#[test]
fn an_idle_phone_warns_and_then_locks() {
    let warned = World::linked().woken();
    let Some(Notice::Idle { until }) = warned.app.notice else { panic!("{:?}", warned.app.notice) };
    assert_eq!(wakes_at(&warned.app), Some(until));
    let stays = warned.clone().tell(Intent::Active);
    assert_eq!(stays.app.notice, None);
    assert!(wakes_at(&stays.app) > Some(until) || stays.app.watch.touched.is_some());
    assert!(!is_locked(&stays.clone().apply(Event::Woken(until))), "that moment is over");
    assert!(is_locked(&warned.woken()));
}

#[test]
fn a_restart_locks() {
    let world = World::linked().tell(Intent::OpenProcedures).restart();
    assert!(is_locked(&world));
    assert_eq!(world.app.account, None, "the account is not in what is saved");
    assert_eq!(world.opened().screen(), "procedures");
}

#[test]
fn receipts_wait_for_the_lock_to_open() {
    let linked = World::linked().tell(code(0)).redeemed("Invoice").tell(Intent::Continue).tell(Intent::TakePicture);
    let sent = linked.tell(Intent::AddPicture).capture(Shutter::Automatic).tell(Intent::CameraDone).tell(Intent::End);
    let sent = sent.tell(Intent::Generate).tell(Intent::MakePdf { yes: true }).made().tell(Intent::Confirm);
    let arrived = sent.tell(Intent::LockNow).accepted();
    assert_eq!(arrived.app.arrived.len(), 1);
    let open = arrived.restart().opened();
    let kept = |world: &World| {
        world.app.account.as_ref().unwrap().receipts.iter().map(|kept| kept.receipt.clone()).collect::<Vec<_>>()
    };
    assert_eq!((kept(&open), open.app.arrived.len()), (vec![receipt()], 0));
    let mut twice = open.app.account.clone().unwrap();
    twice.keep(vec![Kept { place: place("Invoice"), receipt: receipt() }]);
    assert_eq!(twice.receipts.len(), 1, "a receipt that was moved before a kill is not kept twice");
}

#[test]
fn lost_biometrics_fall_back_to_the_password_and_offer_to_come_back() {
    let mut world = World::linked();
    world.app.link.as_mut().unwrap().biometrics = true;
    let tried = world.tell(Intent::LockNow).tell(Intent::UnlockWithBiometrics);
    let effect = tried.trying();
    let closed = tried.clone().hear(Outcome::NotUnlocked { effect, why: None, lockout: None });
    assert!(matches!(view(&closed.app), Shown::Locked(view) if view.biometrics && view.trouble.is_none()));
    let lost = tried.hear(Outcome::NotUnlocked { effect, why: Some(LockTrouble::BiometricsLost), lockout: None });
    assert!(matches!(view(&lost.app), Shown::Locked(view) if !view.biometrics));
    assert!(lost.clone().tell(Intent::UnlockWithBiometrics).effects.is_empty());
    // Across a restart too.
    let open = lost.restart().opened();
    assert_eq!(open.app.notice, Some(Notice::BiometricsLost));
    let asked = open.tell(Intent::ActivateBiometrics);
    let [Effect::SetBiometrics { effect, on: true }] = asked.effects[..] else { panic!("{:?}", asked.effects) };
    let back = asked.hear(Outcome::BiometricsSet { effect, set: Ok(true) });
    assert!(back.app.link.as_ref().is_some_and(|link| link.biometrics && !link.biometrics_lost));
}

#[test]
fn another_phone_is_announced_once() {
    let linked = World::linked().tell(Intent::OpenProcedures);
    let answered = |world: World| {
        let world = world.tell(Intent::RefreshProcedures);
        let effect = world.app.fetching.unwrap();
        let mut overview = overview();
        overview.devices.push(device("other", "Tablet"));
        world.hear(Outcome::Fetched { effect, overview: Ok(overview) })
    };
    let told = answered(linked);
    assert!(matches!(&told.app.notice, Some(Notice::NewDevice { name, .. }) if name == "Tablet"));
    assert_eq!(answered(told.tell(Intent::Dismiss)).app.notice, None);
}

#[test]
fn passwords_do_not_print() {
    let intent = Intent::Unlock { password: typed("hush") };
    let world = World::locked().tell(intent.clone());
    let printed = format!("{intent:?} {:?} {:?}", world.effects, world.app);
    assert!(!printed.contains("hush"), "{printed}");
}
