//! Guessing: how often, how long between, and that no restart shortens it.

use super::*;
use crate::Secret;
use crate::{LockOut, MemoryStore, SecretError, SecretStore, UnlockError, VaultError, lockout::Tries};
use proptest::prelude::*;

fn account(folder: &Path, secrets: &dyn SecretStore) {
    let vault = open(folder, secrets);
    vault.create_account(secrets, &password("right"), CHEAP, &mut Counter(2)).unwrap();
}

#[test]
fn fifty_wrong_tries_across_restarts_take_two_days() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    account(folder.path(), &secrets);
    let (mut uptime, mut waited) = (seconds(5), Vec::new());
    let mut tries = 0;
    while tries < 50 {
        let vault = open(folder.path(), &secrets);
        let shown = vault.lockout(&secrets, uptime).unwrap();
        match vault.unlock(&secrets, &password(&format!("wrong {tries}")), uptime) {
            Err(UnlockError::Wrong(out)) => {
                tries += 1;
                assert!(shown.wait.is_none() && shown.tries_left > 0, "what is shown is what happens");
                let expected = match tries {
                    1..5 => LockOut { tries_left: 5 - tries, wait: None, offer_unlink: false },
                    5 => LockOut { tries_left: 0, wait: Some(seconds(60)), offer_unlink: false },
                    6 => LockOut { tries_left: 0, wait: Some(seconds(300)), offer_unlink: false },
                    _ => LockOut { tries_left: 0, wait: Some(seconds(3600)), offer_unlink: true },
                };
                assert_eq!(out, expected, "after try {tries}");
            }
            Err(UnlockError::Wait(out)) => {
                assert_eq!(out, shown);
                let wait = out.wait.unwrap();
                let early = vault.unlock(&secrets, &password("right"), uptime + wait - Duration::from_millis(1));
                assert!(matches!(early, Err(UnlockError::Wait(_))), "the right one waits as well");
                assert!(!vault.is_open());
                uptime += wait;
                waited.push(wait.as_secs());
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(waited[..4], [60, 300, 3600, 3600]);
    assert_eq!(waited.iter().sum::<u64>(), 60 + 300 + 43 * 3600);
    let vault = open(folder.path(), &secrets);
    assert_eq!(vault.lockout(&secrets, uptime + seconds(3600)).unwrap().tries_left, 1);
    vault.unlock(&secrets, &password("right"), uptime + seconds(3600)).unwrap();
    assert_eq!(vault.lockout(&secrets, uptime).unwrap(), LockOut::NONE);
}

/// Six wrong tries at 1,000 s; the wait is 5 minutes.
fn waiting(folder: &Path, secrets: &dyn SecretStore) -> Vault {
    account(folder, secrets);
    let vault = open(folder, secrets);
    for uptime in [1000; 5].into_iter().chain([1060]) {
        let answer = vault.unlock(secrets, &password("wrong"), seconds(uptime));
        assert!(matches!(answer, Err(UnlockError::Wrong(_))));
    }
    vault
}

#[test]
fn restarting_the_system_shortens_nothing() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = waiting(folder.path(), &secrets);
    let left = |uptime| vault.lockout(&secrets, seconds(uptime)).unwrap().wait.map(|wait| wait.as_secs());
    assert_eq!(left(1060), Some(300));
    assert_eq!(left(1100), Some(260));
    for _ in 0..20 {
        assert_eq!(left(10), Some(290), "only what ran since the start counts");
        assert!(matches!(vault.unlock(&secrets, &password("right"), seconds(20)), Err(UnlockError::Wait(_))));
    }
    assert_eq!((left(200), left(299), left(300)), (Some(100), Some(1), None));
    vault.unlock(&secrets, &password("right"), seconds(300)).unwrap();
}

#[test]
fn a_wait_does_not_begin_again_when_the_system_has_run_as_long_as_before() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = waiting(folder.path(), &secrets);
    assert!(matches!(vault.unlock(&secrets, &password("wrong"), seconds(1360)), Err(UnlockError::Wrong(_))));
    let left = |uptime| vault.lockout(&secrets, seconds(uptime)).unwrap().wait.map(|wait| wait.as_secs());
    assert_eq!((left(1360), left(0), left(1359), left(1361)), (Some(3600), Some(3600), Some(2241), Some(2239)));
}

#[test]
fn biometrics_open_during_a_wait() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = waiting(folder.path(), &secrets);
    vault.unlock(&secrets, &password("right"), seconds(9000)).unwrap();
    let bio = vault.set_biometrics(&secrets, &mut Counter(3)).unwrap();
    drop(vault);
    let vault = open(folder.path(), &secrets);
    for _ in 0..5 {
        assert!(vault.unlock(&secrets, &password("wrong"), seconds(9000)).is_err());
    }
    let lost = vault.unlock_with_biometrics(&secrets, &Secret::new(vec![1; 32]));
    assert!(matches!(lost, Err(UnlockError::BiometricsLost)));
    assert!(vault.lockout(&secrets, seconds(9000)).unwrap().wait.is_some(), "and forgive nothing when they are lost");
    assert!(vault.set_biometrics(&secrets, &mut Counter(4)).is_err());
    vault.unlock_with_biometrics(&secrets, &bio).unwrap();
    assert_eq!(vault.lockout(&secrets, seconds(9000)).unwrap(), LockOut::NONE);
}

#[test]
fn changing_biometrics_forgives_nothing() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = waiting(folder.path(), &secrets);
    let waits = |vault: &Vault| vault.lockout(&secrets, seconds(1060)).unwrap().wait == Some(seconds(300));
    vault.door.open(Default::default());
    vault.set_biometrics(&secrets, &mut Counter(3)).unwrap();
    assert!(waits(&vault));
    vault.remove_biometrics(&secrets, &mut Counter(4)).unwrap();
    assert!(waits(&vault));
    let change =
        vault.change_password(&secrets, &password("right"), &password("new"), CHEAP, seconds(1060), &mut Counter(5));
    assert!(matches!(change, Err(UnlockError::Wait(_))));
}

/// Keeps what it has and takes nothing more.
struct ReadOnly(MemoryStore);

impl SecretStore for ReadOnly {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        self.0.get(name)
    }
    fn set(&self, _: &str, _: &Secret) -> Result<(), SecretError> {
        Err(SecretError::Failed("read only".to_owned()))
    }
    fn delete(&self, _: &str) -> Result<(), SecretError> {
        Err(SecretError::Failed("read only".to_owned()))
    }
}

#[test]
fn a_store_that_cannot_count_lets_nobody_try() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    account(folder.path(), &secrets);
    let secrets = ReadOnly(secrets);
    let vault = open(folder.path(), &secrets);
    for typed in ["wrong", "right"] {
        let answer = vault.unlock(&secrets, &password(typed), seconds(1));
        assert!(matches!(answer, Err(UnlockError::Vault(VaultError::Locked(_)))), "{typed}");
        assert!(!vault.is_open());
    }
}

#[derive(Debug, Clone)]
enum Happens {
    Passes(u64),
    Restart(u64),
    Try,
}

fn happens() -> impl Strategy<Value = Happens> {
    let spans = prop_oneof![0u64..100, 250u64..350, 3500u64..3700, 0u64..10_000];
    prop_oneof![
        3 => spans.clone().prop_map(Happens::Passes),
        1 => (0u64..400).prop_map(Happens::Restart),
        4 => Just(Happens::Try),
    ]
}

proptest! {
    /// Whatever is done to the system's uptime, the true time between tries is never shorter than the wait.
    #[test]
    fn the_true_time_between_tries_is_never_short(story in proptest::collection::vec(happens(), 1..60)) {
        let secrets = MemoryStore::default();
        let (mut clock, mut uptime) = (0, 1000);
        let mut tried: Vec<u64> = Vec::new();
        Tries::new(7).save(&secrets).unwrap();
        for event in story {
            match event {
                Happens::Passes(span) => { clock += span; uptime += span }
                // Starting takes a moment, and the clock of the uptime begins with it.
                Happens::Restart(span) => { clock += span; uptime = span }
                Happens::Try => {
                    let mut tries = Tries::load(&secrets).unwrap().unwrap();
                    if tries.notice_restart(seconds(uptime)) {
                        tries.save(&secrets).unwrap();
                    }
                    let out = tries.lock_out(seconds(uptime));
                    prop_assert_eq!(out.wait.is_some(), out.tries_left == 0);
                    if out.wait.is_none() {
                        let least = match tried.len() { 0..5 => 0, 5 => 60, 6 => 300, _ => 3600 };
                        prop_assert!(clock - tried.last().unwrap_or(&0) >= least, "{tried:?}, now {clock}");
                        tried.push(clock);
                        tries.count(seconds(uptime));
                        tries.save(&secrets).unwrap();
                    }
                }
            }
            prop_assert_eq!(Tries::load(&secrets).unwrap().unwrap().generation, 7);
        }
    }

    #[test]
    fn no_uptime_and_no_record_is_too_much(record in proptest::collection::vec(any::<u8>(), 0..40), valid in any::<[u8; 20]>(), uptime in any::<u64>()) {
        let uptime = Duration::from_millis(uptime);
        crate::fuzzing::tries(&record, uptime);
        prop_assert!(crate::fuzzing::tries(&[&[1], &valid[..]].concat(), uptime));
        prop_assert!(crate::fuzzing::tries(&[&[1], &valid[..]].concat(), Duration::MAX));
    }
}
