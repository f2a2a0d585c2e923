//! Every outcome on every screen: once, twice, and after Back.

use super::*;
use crate::{Judged, LockOut, LockTrouble, Locked, Sealed, Strength, Trouble};

/// Worlds in which something is under way, with the outcomes that can come of it.
fn under_way() -> Vec<(World, Vec<Outcome>)> {
    let claim = World::scanning().tell(code(0));
    let ticket = *claim.app.claims.keys().next().unwrap();
    let redeemed = Outcome::Redeemed {
        ticket,
        upload: UploadId("upload".into()),
        context: place("Certificate"),
        digits: Some("47".into()),
        other_account: false,
        limits: LIMITS,
    };
    let not_redeemed = Outcome::NotRedeemed { ticket, trouble: Trouble::Unreachable };

    let camera = World::camera();
    let captured =
        Outcome::Captured { draft: camera.draft(), replaces: None, photo: photo(9), shutter: Shutter::Automatic };

    let picking = World::source().tell(Intent::SelectFile);
    let (draft, effect) = picking.picking();
    let picked = [
        Picked::Nothing,
        Picked::Pictures(vec![photo(7), photo(8)]),
        Picked::Pdf(document(effect, 4, true)),
        Picked::Trouble(Trouble::PictureDamaged),
    ]
    .map(|picked| Outcome::Picked { effect, draft, picked });

    let making = World::making();
    let (draft, effect) = (making.draft(), making.app.drafts[&making.draft()].making.unwrap());
    let made = [
        Outcome::PdfMade { draft, document: document(effect, 2, false) },
        Outcome::PdfFailed { effect, draft, trouble: Trouble::PageFailed },
    ];

    let uploading = World::uploading();
    let (draft, ticket, effect) = (uploading.draft(), uploading.ticket(), uploading.run());
    let sending = [
        Outcome::Sent { effect, draft, bytes: 5 },
        Outcome::NoNetwork { effect, draft },
        Outcome::Checking { effect, draft },
        Outcome::Accepted { draft, ticket, receipt: receipt() },
        Outcome::SlotChanged { draft, ticket },
        Outcome::Discarded { draft, ticket },
        Outcome::Ended { ticket, trouble: Trouble::RightLost },
        Outcome::NotSent { effect, draft, trouble: Trouble::StorageFailed },
    ];
    let saving = Outcome::NotSaved { trouble: Trouble::StorageFull };

    let redeeming = World::new().tell(Intent::LinkAccount).tell(link_code());
    let linking = redeeming.link_id();
    let link_redeemed = [
        Outcome::LinkRedeemed { linking, owner: "M… Weber".into(), espaces: 2 },
        Outcome::LinkFailed { linking, trouble: Trouble::LinkExpired, over: true },
    ];
    let finishing = World::finishing();
    let linking = finishing.link_id();
    let finished = [
        Outcome::Linked { linking, link: link(), account: Account::new("M… Weber".into()) },
        Outcome::LinkFailed { linking, trouble: Trouble::Unreachable, over: false },
    ];
    let judging = World::choosing_password().tell(Intent::JudgePassword { password: typed("12345678") });
    let [Effect::JudgePassword { effect, .. }] = judging.effects[..] else { panic!("{:?}", judging.effects) };
    let judged = Outcome::PasswordJudged { effect, judged: Judged { strength: Strength::Weak, unfit: None } };
    let fetching = World::finishing().finished();
    let effect = fetching.app.fetching.unwrap();
    let fetched = [
        Outcome::Fetched { effect, overview: Ok(overview()) },
        Outcome::Fetched { effect, overview: Err(Trouble::Unreachable) },
        Outcome::Revoked,
    ];
    let trying = World::locked().tell(Intent::Unlock { password: typed("good enough") });
    let effect = trying.trying();
    let lockout = Some(LockOut { tries_left: 4, retry_at: None, offer_unlink: false });
    let tried = [
        Outcome::Unlocked { effect, account: Account::new("M… Weber".into()) },
        Outcome::NotUnlocked { effect, why: Some(LockTrouble::WrongPassword), lockout },
        Outcome::NotUnlocked { effect, why: Some(LockTrouble::BiometricsLost), lockout: None },
    ];
    vec![
        (redeeming, link_redeemed.to_vec()),
        (finishing, finished.to_vec()),
        (judging, vec![judged]),
        (fetching, fetched.to_vec()),
        (trying, tried.to_vec()),
        (claim, vec![redeemed, not_redeemed]),
        (camera, vec![captured]),
        (picking, picked.to_vec()),
        (making, made.to_vec()),
        (uploading, sending.to_vec()),
        (World::new(), vec![saving]),
    ]
}

/// What counts, apart from where the citizen looks.
fn facts(world: &World) -> (Vec<Sealed>, String) {
    let app = App { screen: Screen::Home, notice: None, ..world.app.clone() };
    (world.app.needs().into_iter().collect(), serde_json::to_string(&app).unwrap())
}

#[test]
fn outcomes_count_once() {
    for (world, outcomes) in under_way() {
        for outcome in outcomes {
            let once = world.clone().hear(outcome.clone());
            let twice = once.clone().hear(outcome.clone());
            assert_eq!(twice.app, once.app, "{outcome:?}");
            let kept = once.app.needs();
            for effect in &twice.effects {
                let Effect::Forget(gone) = effect else { panic!("{outcome:?} twice: {effect:?}") };
                assert!(gone.iter().all(|sealed| !kept.contains(sealed)), "{outcome:?} twice forgets what is needed");
            }
        }
    }
}

#[test]
fn outcomes_are_applied_whatever_the_screen() {
    for (world, outcomes) in under_way() {
        for outcome in outcomes {
            let there = world.clone().hear(outcome.clone());
            for screen in [Screen::Home, Screen::settings(), Screen::Intro] {
                let mut elsewhere = world.clone();
                elsewhere.app.screen = screen;
                let elsewhere = elsewhere.hear(outcome.clone());
                assert_eq!(facts(&elsewhere), facts(&there), "{outcome:?} on {screen:?}");
                assert_eq!(elsewhere.app.screen, screen, "{outcome:?} tears nobody away");
            }
        }
    }
}

#[test]
fn outcomes_after_back_lose_nothing() {
    for (world, outcomes) in under_way() {
        for outcome in outcomes {
            let there = world.clone().hear(outcome.clone());
            let mut after = world.clone().tell(Intent::Back);
            after.seconds = world.seconds;
            let after = after.hear(outcome.clone());
            assert_eq!(facts(&after), facts(&there), "{outcome:?} after Back");
            let _ = view(&after.app);
        }
    }
}

#[test]
fn outcomes_of_strangers_change_nothing_but_what_is_swept() {
    for world in every_screen() {
        for (_, outcomes) in under_way() {
            for outcome in outcomes {
                if matches!(outcome, Outcome::NotSaved { .. }) {
                    continue;
                }
                let mut stranger = world.clone();
                stranger.app.drafts.clear();
                stranger.app.outbox.clear();
                stranger.app.claims.clear();
                stranger.app.link = None;
                stranger.app.linking = None;
                stranger.app.fetching = None;
                stranger.app.lock = Lock::Open;
                stranger.app.screen = Screen::Home;
                let after = stranger.clone().hear(outcome.clone());
                assert_eq!(after.app, stranger.app, "{outcome:?}");
                assert!(after.effects.iter().all(|effect| matches!(effect, Effect::Forget(_))), "{outcome:?}");
            }
        }
    }
}

#[test]
fn intents_of_other_screens_change_nothing() {
    let draft = DraftId(77);
    let page = PageId(78);
    for world in every_screen() {
        for intent in [
            Intent::OpenDraft { draft },
            Intent::DiscardDraft { draft },
            Intent::OpenUpload { draft },
            Intent::EditPage { page },
            Intent::DeletePage { page },
            Intent::MovePage { page, to: 0 },
            Intent::RotateLeft { page },
            Intent::Retake { page },
            Intent::UndoDelete,
            Intent::MakePdf { yes: true },
            Intent::UseWaitingPages { yes: true },
            Intent::ResumeUpload,
            Intent::CodeTyped { code: "ABCDEFGH".into(), portal: 9 },
        ] {
            let after = world.clone().tell(intent.clone());
            // Being touched counts for the lock of a linked phone, and changes nothing else.
            let untouched = App { watch: world.app.watch, ..after.app };
            assert_eq!(untouched, world.app, "{intent:?} on {}", world.screen());
            assert!(after.effects.is_empty(), "{intent:?} on {}", world.screen());
        }
    }
}

#[test]
fn while_locked_nothing_is_shown_and_nothing_is_lost() {
    for world in every_screen() {
        let mut locked = world.clone();
        locked.app.lock = Lock::Locked(Locked::default());
        let shown = view(&locked.app);
        assert!(matches!(&shown, Shown::Locked(_)));
        let words = serde_json::to_string(&shown).unwrap();
        assert!(["Weber", "grant", "Certificate"].iter().all(|theirs| !words.contains(theirs)), "{words}");
        assert_eq!(locked.app.aim(), None);
        let told = locked.clone().tell(Intent::Back).tell(Intent::DeleteEverything);
        assert_eq!(told.app, locked.app);
        let mut open = told;
        open.app.lock = Lock::Open;
        assert_eq!(open.app, world.app);
    }
    let mut locked = World::uploading();
    locked.app.lock = Lock::Locked(Locked::default());
    let heard = locked.accepted();
    assert!(heard.app.needs().is_empty(), "the world goes on while the app is locked");
}

#[test]
fn a_kill_on_any_screen_loses_nothing() {
    for world in every_screen() {
        let after = world.clone().restart();
        assert_eq!(after.app.needs(), world.app.needs(), "on {}", world.screen());
        let expected = match world.screen() {
            "camera" => "pages",
            "link" => "home",
            screen => screen,
        };
        assert_eq!(after.screen(), expected);
        let resends = after.effects.iter().filter(|effect| matches!(effect, Effect::Send { .. })).count();
        assert_eq!(resends, usize::from(world.screen() == "upload"));
    }
    let claimed = World::scanning().tell(code(0)).restart();
    assert!(matches!(claimed.effects[..], [Effect::Redeem { by: None, .. }]), "a lost reply is asked for again");
    assert_eq!(claimed.redeemed("Certificate").screen(), "check");
}
