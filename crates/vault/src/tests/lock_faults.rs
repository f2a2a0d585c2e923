//! Full disks, failing stores and killed processes, at every step of everything that changes the lock.

use super::*;
use crate::{LockOut, MemoryStore, Secret, SecretError, UnlockError, VaultError};
use std::panic::{AssertUnwindSafe, catch_unwind};

const NOW: Duration = Duration::from_secs(1000);

/// A disk and a store of secrets of which one step, counted from arming it, goes wrong.
#[derive(Default)]
struct Traps {
    inner: MemoryStore,
    armed: Mutex<Option<(usize, Fault)>>,
}

impl Traps {
    fn arm(&self, steps: usize, fault: Fault) {
        *self.armed.lock().unwrap() = Some((steps, fault));
    }

    /// Whether nothing went wrong.
    fn disarm(&self) -> bool {
        self.armed.lock().unwrap().take().is_some()
    }

    fn goes_wrong(&self) -> bool {
        let mut armed = self.armed.lock().unwrap();
        match *armed {
            Some((0, fault)) => {
                *armed = None;
                drop(armed);
                assert!(fault != Fault::Kill, "killed");
                true
            }
            Some((steps, fault)) => {
                *armed = Some((steps - 1, fault));
                false
            }
            None => false,
        }
    }

    fn secret(&self) -> Result<(), SecretError> {
        if self.goes_wrong() { Err(SecretError::Unavailable("locked just now".to_owned())) } else { Ok(()) }
    }
}

impl Faults for Traps {
    fn before(&self, _: Step) -> io::Result<()> {
        if self.goes_wrong() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl SecretStore for Traps {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        self.secret()?;
        self.inner.get(name)
    }
    fn set(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        self.secret()?;
        self.inner.set(name, secret)
    }
    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.secret()?;
        self.inner.delete(name)
    }
}

/// Does `change` to a prepared vault with a fault before its first step, its second, and so on until it comes through;
/// `check` then looks at what is left, and is told whether the change succeeded. How many steps there were.
fn at_every_step<P>(
    prepare: impl Fn(&Vault, &Traps) -> P,
    change: impl Fn(&Vault, &Traps, &P) -> bool,
    check: impl Fn(&Vault, &Traps, &P, bool),
) -> usize {
    let mut steps = 0;
    for fault in [Fault::Full, Fault::Kill] {
        for step in 0.. {
            let (folder, traps) = (tempfile::tempdir().unwrap(), Arc::new(Traps::default()));
            let open = || {
                let vault = Vault::open_with(folder.path(), &*traps, &mut Counter(1), traps.clone()).unwrap();
                assert!(!folder.path().join("forgetting").exists(), "a start goes on with what was cut off");
                vault
            };
            let vault = open();
            vault.put("draft/1", b"a draft", &mut Counter(2)).unwrap();
            let prepared = prepare(&vault, &traps);
            traps.arm(step, fault);
            let done = catch_unwind(AssertUnwindSafe(|| change(&vault, &traps, &prepared)));
            let came_through = traps.disarm();
            assert!(done.is_ok() || fault == Fault::Kill && !came_through, "{fault:?} at {step}");
            let done = done.unwrap_or(false);
            assert!(done || !came_through, "{fault:?} at {step}");
            // Kept open after a fault, and opened again after a kill; the second time in both.
            let vault = if fault == Fault::Kill {
                drop(vault);
                open()
            } else {
                vault
            };
            check(&vault, &traps, &prepared, done);
            drop(vault);
            let vault = open();
            check(&vault, &traps, &prepared, done);
            assert_eq!(vault.get("draft/1").unwrap().unwrap().as_slice(), b"a draft");
            assert_eq!(files_with(folder.path(), "tmp"), Vec::<PathBuf>::new());
            assert!(files_with(folder.path(), "account").len() <= 1, "no old entries after {fault:?} at {step}");
            if came_through {
                steps = step;
                break;
            }
        }
    }
    steps
}

fn create(vault: &Vault, traps: &Traps, typed: &str, rng: u64) -> bool {
    vault.create_account(traps, &password(typed), CHEAP, &mut Counter(rng)).is_ok()
}

fn with_account(vault: &Vault, traps: &Traps) {
    assert!(create(vault, traps, "old", 10));
    vault.put_account("link", b"old link", &mut Counter(11)).unwrap();
}

/// Which of the two passwords opens, and what is in `link` then.
fn opens(vault: &Vault, traps: &Traps) -> (bool, bool, Option<Vec<u8>>) {
    let mut link = None;
    let [old, new] = ["old", "new"].map(|typed| {
        vault.lock();
        let answer = vault.unlock(traps, &password(typed), NOW);
        assert!(matches!(answer, Ok(()) | Err(UnlockError::Wrong(_) | UnlockError::NoAccount)), "{typed}: {answer:?}");
        if answer.is_ok() {
            link = vault.get_account("link").unwrap().map(|bytes| bytes.to_vec());
        }
        answer.is_ok()
    });
    (old, new, link)
}

#[test]
fn creating() {
    let steps = at_every_step(
        |_, _| (),
        |vault, traps, ()| create(vault, traps, "new", 20),
        |vault, traps, (), done| {
            let there = vault.has_account().unwrap();
            assert!(there || !done);
            assert_eq!(opens(vault, traps), (false, there, None));
        },
    );
    assert!(steps >= 10, "{steps}");
}

#[test]
fn creating_again_after_a_creation_that_was_cut_off() {
    at_every_step(
        |_, _| (),
        |vault, traps, ()| create(vault, traps, "new", 20),
        |vault, traps, (), _| {
            assert!(create(vault, traps, "old", 30));
            vault.put_account("link", b"again", &mut Counter(31)).unwrap();
            assert_eq!(opens(vault, traps), (true, false, Some(b"again".to_vec())));
        },
    );
}

#[test]
fn replacing() {
    at_every_step(
        with_account,
        |vault, traps, ()| create(vault, traps, "new", 20),
        |vault, traps, (), done| match opens(vault, traps) {
            (true, false, Some(link)) => assert!(link == b"old link" && !done),
            (false, true, None) => {
                let secrets = ["store_secret", "store_secret_b"].map(|name| traps.get(name).unwrap());
                assert_eq!(secrets.iter().flatten().count(), 1, "the old account's is gone");
                assert_eq!(files_with(&vault.folder, "account"), Vec::<PathBuf>::new(), "and so is what it sealed");
            }
            other => panic!("{other:?}"),
        },
    );
}

#[test]
fn replacing_what_was_put_back() {
    let file = |vault: &Vault| {
        let [file] = files_with(&vault.folder, "wraps").try_into().unwrap();
        (fs::read(&file).unwrap(), file)
    };
    at_every_step(
        |vault, traps| {
            with_account(vault, traps);
            let (old, path) = file(vault);
            for rng in 12..15 {
                vault.set_biometrics(traps, &mut Counter(rng)).unwrap();
            }
            fs::write(path, &old).unwrap();
            old
        },
        |vault, traps, _| create(vault, traps, "new", 20),
        |vault, traps, old, done| match vault.unlock(traps, &password("new"), NOW) {
            Err(UnlockError::Stale) => assert!(file(vault).0 == *old && !done),
            answer => answer.unwrap(),
        },
    );
}

#[test]
fn changing_the_password() {
    let steps = at_every_step(
        |vault, traps| {
            with_account(vault, traps);
            vault.set_biometrics(traps, &mut Counter(12)).unwrap()
        },
        |vault, traps, _| {
            let [old, new] = ["old", "new"].map(password);
            vault.change_password(traps, &old, &new, CHEAP, NOW, &mut Counter(20)).is_ok()
        },
        |vault, traps, bio, done| {
            let (old, new, link) = opens(vault, traps);
            assert!(old != new && (new || !done) && link.as_deref() == Some(b"old link"));
            vault.lock();
            vault.unlock_with_biometrics(traps, bio).unwrap();
        },
    );
    assert!(steps >= 8, "{steps}");
}

#[test]
fn changing_biometrics() {
    let prepare = |vault: &Vault, traps: &Traps| {
        with_account(vault, traps);
        vault.set_biometrics(traps, &mut Counter(12)).unwrap()
    };
    for set in [true, false] {
        at_every_step(
            prepare,
            |vault, traps, _| {
                if set {
                    vault.set_biometrics(traps, &mut Counter(20)).is_ok()
                } else {
                    vault.remove_biometrics(traps, &mut Counter(20)).is_ok()
                }
            },
            |vault, traps, bio, done| {
                assert_eq!(opens(vault, traps), (true, false, Some(b"old link".to_vec())));
                vault.lock();
                match vault.unlock_with_biometrics(traps, bio) {
                    Ok(()) => assert!(!done && vault.has_biometrics().unwrap()),
                    Err(UnlockError::BiometricsLost) => assert_eq!(vault.has_biometrics().unwrap(), set),
                    other => panic!("{other:?}"),
                }
            },
        );
    }
}

#[test]
fn unlocking_counts_what_was_cut_off_and_loses_nothing() {
    let tries_left = |vault: &Vault, traps: &Traps| vault.lockout(traps, NOW).unwrap().tries_left;
    at_every_step(
        |vault, traps| {
            with_account(vault, traps);
            vault.lock();
        },
        |vault, traps, ()| vault.unlock(traps, &password("old"), NOW).is_ok(),
        |vault, traps, (), done| {
            assert!(tries_left(vault, traps) >= if done { 5 } else { 4 });
            vault.unlock(traps, &password("old"), NOW).unwrap();
            assert_eq!(vault.get_account("link").unwrap().unwrap().as_slice(), b"old link");
        },
    );
    // The outcome of a wrong try is known only after it was counted.
    let mut counted = Vec::new();
    for step in 0.. {
        let (folder, traps) = (tempfile::tempdir().unwrap(), Arc::new(Traps::default()));
        let vault = Vault::open_with(folder.path(), &*traps, &mut Counter(1), traps.clone()).unwrap();
        with_account(&vault, &traps);
        traps.arm(step, Fault::Kill);
        let answer = catch_unwind(AssertUnwindSafe(|| vault.unlock(&*traps, &password("wrong"), NOW)));
        let came_through = traps.disarm();
        counted.push(tries_left(&vault, &traps));
        if came_through {
            assert!(matches!(answer, Ok(Err(UnlockError::Wrong(LockOut { tries_left: 4, .. })))));
            break;
        }
    }
    assert_eq!(counted, [5, 5, 5, 4], "tries, secret, count: no step is between counting and knowing");
}

#[test]
fn destroying() {
    let steps = at_every_step(
        with_account,
        |vault, traps, ()| vault.destroy_account(traps).is_ok(),
        |vault, traps, (), done| {
            let there = vault.has_account().unwrap();
            assert!(!there || !done);
            let link = there.then(|| b"old link".to_vec());
            assert_eq!(opens(vault, traps), (there, false, link));
            vault.destroy_account(traps).unwrap();
            for name in ["store_secret", "store_secret_b", "lock_tries"] {
                assert_eq!(traps.get(name).unwrap(), None);
            }
            with_account(vault, traps);
            assert_eq!(opens(vault, traps), (true, false, Some(b"old link".to_vec())));
            vault.destroy_account(traps).unwrap();
        },
    );
    assert!(steps >= 7, "{steps}");
}

#[test]
fn creating_after_a_destruction_that_was_cut_off() {
    at_every_step(
        with_account,
        |vault, traps, ()| vault.destroy_account(traps).is_ok(),
        |vault, traps, (), _| {
            assert!(create(vault, traps, "new", 30));
            assert_eq!(opens(vault, traps), (false, true, None));
        },
    );
}

#[test]
fn a_full_disk_keeps_nobody_from_destroying() {
    let (folder, secrets, trap) = (tempfile::tempdir().unwrap(), MemoryStore::default(), Arc::new(Trap::default()));
    let vault = Vault::open_with(folder.path(), &secrets, &mut Counter(1), trap.clone()).unwrap();
    for everything in [false, true] {
        *trap.0.lock().unwrap() = None;
        vault.put("draft/1", b"a draft", &mut Counter(2)).unwrap();
        vault.create_account(&secrets, &password("old"), CHEAP, &mut Counter(10)).unwrap();
        *trap.0.lock().unwrap() = Some((Step::Write, Fault::Full));
        assert!(matches!(vault.put("draft/1", b"more", &mut Counter(3)), Err(VaultError::Full)));
        if everything {
            vault.delete_everything(&secrets, &mut Counter(4)).unwrap();
        } else {
            vault.destroy_account(&secrets).unwrap();
        }
        assert!(!vault.has_account().unwrap());
        assert_eq!(secrets.get("lock_tries").unwrap(), None);
        assert_eq!(vault.get("draft/1").unwrap().is_some(), !everything);
    }
}

#[test]
fn an_account_whose_tries_are_lost_does_not_come_back_with_new_ones() {
    let (folder, secrets, trap) = (tempfile::tempdir().unwrap(), MemoryStore::default(), Arc::new(Trap::default()));
    let vault = Vault::open_with(folder.path(), &secrets, &mut Counter(1), trap.clone()).unwrap();
    vault.create_account(&secrets, &password("old"), CHEAP, &mut Counter(10)).unwrap();
    secrets.delete("lock_tries").unwrap();
    *trap.0.lock().unwrap() = Some((Step::Write, Fault::Full));
    let full = vault.create_account(&secrets, &password("new"), CHEAP, &mut Counter(20));
    assert!(matches!(full, Err(VaultError::Full)));
    for typed in ["old", "new"] {
        assert!(matches!(vault.unlock(&secrets, &password(typed), NOW), Err(UnlockError::Stale)));
    }
    *trap.0.lock().unwrap() = None;
    vault.create_account(&secrets, &password("new"), CHEAP, &mut Counter(20)).unwrap();
    vault.lock();
    vault.unlock(&secrets, &password("new"), NOW).unwrap();
}

#[test]
fn deleting_everything() {
    for fault in [Fault::Full, Fault::Kill] {
        for step in 0.. {
            let (folder, traps) = (tempfile::tempdir().unwrap(), Arc::new(Traps::default()));
            let open = || Vault::open_with(folder.path(), &*traps, &mut Counter(1), traps.clone());
            let vault = open().unwrap();
            vault.put("draft/1", b"a draft", &mut Counter(2)).unwrap();
            with_account(&vault, &traps);
            traps.arm(step, fault);
            let _ = catch_unwind(AssertUnwindSafe(|| vault.delete_everything(&*traps, &mut Counter(20))));
            let came_through = traps.disarm();
            drop(vault);
            match open() {
                Ok(vault) if vault.get("draft/1").unwrap().is_some() => {
                    assert_eq!(opens(&vault, &traps), (true, false, Some(b"old link".to_vec())), "{fault:?} at {step}");
                }
                Ok(vault) => {
                    assert!(!vault.has_account().unwrap());
                    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{fault:?} at {step}");
                    assert!(create(&vault, &traps, "new", 30));
                }
                Err(error) => panic!("{error:?} after {fault:?} at {step}"),
            }
            if came_through {
                assert!(step >= 10);
                break;
            }
        }
    }
}
