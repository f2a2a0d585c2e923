//! The account: opening, changing, losing it, and what comes back in its place.

use super::*;
use crate::{LockOut, MemoryStore, Secret, SecretStore, UnlockError, Vault, VaultError, judge, password::Rules};
use proptest::prelude::*;
use std::sync::mpsc;

const NOW: Duration = Duration::from_secs(1000);

/// A vault with an account under "first password" that holds `link`.
fn with_account(folder: &Path, secrets: &dyn SecretStore) -> Vault {
    let vault = open(folder, secrets);
    vault.create_account(secrets, &password("first password"), CHEAP, &mut Counter(11)).unwrap();
    vault.put_account("link", b"the link", &mut Counter(12)).unwrap();
    vault.put("draft/1", b"a draft", &mut Counter(13)).unwrap();
    vault
}

fn link(vault: &Vault) -> Vec<u8> {
    vault.get_account("link").unwrap().unwrap().to_vec()
}

fn wraps_of(folder: &Path) -> PathBuf {
    let [file] = files_with(folder, "wraps").try_into().unwrap();
    file
}

#[test]
fn opens_by_its_password_after_a_restart_and_not_before() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    assert!(!vault.has_account().unwrap() && !vault.is_open());
    assert!(matches!(vault.unlock(&secrets, &password("any"), NOW), Err(UnlockError::NoAccount)));
    drop(vault);
    let vault = with_account(folder.path(), &secrets);
    assert!(vault.has_account().unwrap() && vault.is_open());
    drop(vault);
    let vault = open(folder.path(), &secrets);
    assert!(vault.has_account().unwrap() && !vault.is_open());
    let refused = |answer: Result<(), VaultError>| assert!(matches!(answer, Err(VaultError::AccountLocked)));
    refused(vault.get_account("link").map(drop));
    refused(vault.put_account("link", b"", &mut Counter(2)));
    refused(vault.delete_account_entry("link"));
    refused(vault.set_biometrics(&secrets, &mut Counter(3)).map(drop));
    assert_eq!(vault.get("draft/1").unwrap().unwrap().as_slice(), b"a draft", "work goes on while locked");
    let left = LockOut { tries_left: 4, wait: None, offer_unlink: false };
    let wrong = vault.unlock(&secrets, &password("First password"), NOW);
    assert!(matches!(wrong, Err(UnlockError::Wrong(out)) if out == left));
    assert_eq!(vault.lockout(&secrets, NOW).unwrap(), left);
    assert!(!vault.is_open());
    vault.unlock(&secrets, &password("first password"), NOW).unwrap();
    assert_eq!(link(&vault), b"the link");
    assert_eq!(vault.lockout(&secrets, NOW).unwrap().tries_left, 5, "success forgives");
    vault.delete_account_entry("link").unwrap();
    vault.delete_account_entry("link").unwrap();
    assert_eq!(vault.get_account("link").unwrap(), None);
}

#[test]
fn locking_lets_go_of_the_key() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    let key = Arc::downgrade(&vault.door.opened().unwrap());
    vault.lock();
    vault.lock();
    assert!(key.upgrade().is_none(), "nobody holds the key any more");
    assert!(!vault.is_open());
    assert!(matches!(vault.get_account("link"), Err(VaultError::AccountLocked)));
}

/// Compiles only where every form a key takes is zeroed when it is let go of.
#[test]
fn keys_are_zeroed_when_dropped() {
    fn zeroed<T: zeroize::ZeroizeOnDrop>() {}
    zeroed::<chacha20poly1305::XChaCha20Poly1305>();
    zeroed::<sha2::block_api::Sha256VarCore>();
    zeroed::<blake2::Blake2bVarCore>();
    zeroed::<zeroize::Zeroizing<[u8; 32]>>();
    zeroed::<Secret>();
}

/// A store in which writing waits for the test.
struct Slow {
    inner: MemoryStore,
    reached: mpsc::Sender<()>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl SecretStore for Slow {
    fn get(&self, name: &str) -> Result<Option<Secret>, crate::SecretError> {
        self.inner.get(name)
    }
    fn set(&self, name: &str, secret: &Secret) -> Result<(), crate::SecretError> {
        // Whoever does not listen any more does not wait.
        let _ = self.reached.send(());
        let _ = self.go_on.lock().unwrap().recv();
        self.inner.set(name, secret)
    }
    fn delete(&self, name: &str) -> Result<(), crate::SecretError> {
        self.inner.delete(name)
    }
}

#[test]
fn locking_during_an_unlocking_locks() {
    let (folder, inner) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &inner);
    vault.lock();
    let ((reached, is_there), (go, go_on)) = (mpsc::channel(), mpsc::channel());
    let slow = Slow { inner, reached, go_on: Mutex::new(go_on) };
    std::thread::scope(|threads| {
        let unlocking = threads.spawn(|| vault.unlock(&slow, &password("first password"), NOW));
        is_there.recv().unwrap();
        let (locks, is_locking) = mpsc::channel();
        let vault = &vault;
        let locking = threads.spawn(move || {
            locks.send(()).unwrap();
            vault.lock();
        });
        is_locking.recv().unwrap();
        drop(go);
        unlocking.join().unwrap().unwrap();
        locking.join().unwrap();
    });
    assert!(!vault.is_open());
}

#[test]
fn a_changed_password_opens_what_was_there() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    let bio = vault.set_biometrics(&secrets, &mut Counter(20)).unwrap();
    let [first, second, wrong] = ["first password", "second password", "third"].map(password);
    let change = |old, new, rng| vault.change_password(&secrets, old, new, CHEAP, NOW, &mut Counter(rng));
    let refused = change(&wrong, &second, 21);
    assert!(matches!(refused, Err(UnlockError::Wrong(LockOut { tries_left: 4, .. }))), "guessing here counts as well");
    change(&first, &second, 22).unwrap();
    assert!(vault.is_open());
    assert_eq!(link(&vault), b"the link");
    drop(vault);
    let vault = open(folder.path(), &secrets);
    assert!(matches!(vault.unlock(&secrets, &first, NOW), Err(UnlockError::Wrong(_))));
    vault.unlock(&secrets, &second, NOW).unwrap();
    assert_eq!(link(&vault), b"the link");
    vault.lock();
    vault.unlock_with_biometrics(&secrets, &bio).unwrap();
    assert_eq!(link(&vault), b"the link");
    vault.lock();
    vault.change_password(&secrets, &second, &first, CHEAP, NOW, &mut Counter(23)).unwrap();
    assert!(!vault.is_open(), "changing opens nothing that was locked");
}

#[test]
fn biometrics_open_until_they_are_removed_or_replaced() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    let lost = |secret: &Secret| {
        vault.lock();
        let answer = vault.unlock_with_biometrics(&secrets, secret);
        assert!(matches!(answer, Err(UnlockError::BiometricsLost)) && !vault.is_open());
        assert_eq!(vault.lockout(&secrets, NOW).unwrap(), LockOut::NONE, "a lost sensor counts for nothing");
        vault.unlock(&secrets, &password("first password"), NOW).unwrap();
    };
    assert!(!vault.has_biometrics().unwrap());
    lost(&Secret::new(vec![0; 32]));
    let old = vault.set_biometrics(&secrets, &mut Counter(30)).unwrap();
    let new = vault.set_biometrics(&secrets, &mut Counter(31)).unwrap();
    assert_eq!((old.expose().len(), new.expose().len(), old == new), (32, 32, false));
    assert!(vault.has_biometrics().unwrap());
    lost(&old);
    lost(&Secret::new(Vec::new()));
    lost(&Secret::new([new.expose(), &[0]].concat()));
    vault.lock();
    vault.unlock_with_biometrics(&secrets, &new).unwrap();
    assert_eq!(link(&vault), b"the link");
    vault.lock();
    vault.remove_biometrics(&secrets, &mut Counter(32)).unwrap();
    vault.remove_biometrics(&secrets, &mut Counter(33)).unwrap();
    assert!(!vault.has_biometrics().unwrap());
    lost(&new);
}

#[test]
fn a_new_account_replaces_the_old_one() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    let bio = vault.set_biometrics(&secrets, &mut Counter(40)).unwrap();
    let store_secrets = || ["store_secret", "store_secret_b"].map(|name| secrets.get(name).unwrap());
    let [old, none] = store_secrets();
    for (round, typed) in [(50, "second password"), (60, "third password")] {
        vault.create_account(&secrets, &password(typed), CHEAP, &mut Counter(round)).unwrap();
        assert!(vault.is_open());
        assert_eq!(vault.get_account("link").unwrap(), None);
        vault.put_account("link", b"another link", &mut Counter(round + 1)).unwrap();
        assert_eq!(files_with(folder.path(), "account").len(), 1, "nothing of the old one is left");
        vault.lock();
        assert!(matches!(vault.unlock(&secrets, &password("first password"), NOW), Err(UnlockError::Wrong(_))));
        assert!(matches!(vault.unlock_with_biometrics(&secrets, &bio), Err(UnlockError::BiometricsLost)));
        vault.unlock(&secrets, &password(typed), NOW).unwrap();
        assert_eq!(link(&vault), b"another link");
        assert_eq!(store_secrets().iter().flatten().count(), 1, "one secret for one account");
    }
    assert_eq!((none, store_secrets()[0] == old), (None, false));
}

#[test]
fn destroying_leaves_nothing_but_work() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    vault.destroy_account(&secrets).unwrap();
    vault.destroy_account(&secrets).unwrap();
    assert!(!vault.has_account().unwrap() && !vault.is_open() && !vault.has_biometrics().unwrap());
    assert_eq!(vault.lockout(&secrets, NOW).unwrap(), LockOut::NONE);
    nothing_left(folder.path(), &secrets);
    assert!(matches!(vault.unlock(&secrets, &password("first password"), NOW), Err(UnlockError::NoAccount)));
    assert_eq!(vault.get("draft/1").unwrap().unwrap().as_slice(), b"a draft");
    vault.create_account(&secrets, &password("anew"), CHEAP, &mut Counter(70)).unwrap();
    assert_eq!(vault.get_account("link").unwrap(), None);
}

fn nothing_left(folder: &Path, secrets: &dyn SecretStore) {
    for suffix in ["wraps", "account", "tmp"] {
        assert_eq!(files_with(folder, suffix), Vec::<PathBuf>::new());
    }
    for name in ["store_secret", "store_secret_b", "lock_tries"] {
        assert_eq!(secrets.get(name).unwrap(), None, "{name}");
    }
}

#[test]
fn deleting_everything_takes_the_account_along() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    vault.delete_everything(&secrets, &mut Counter(80)).unwrap();
    assert!(!vault.is_open() && !vault.has_account().unwrap());
    nothing_left(folder.path(), &secrets);
    drop(vault);
    drop(with_account(folder.path(), &secrets));
    Vault::destroy(folder.path(), &secrets).unwrap();
    nothing_left(folder.path(), &secrets);
    assert_eq!(secrets.get("work_key").unwrap(), None);
}

#[test]
fn the_app_does_not_see_the_lock_among_its_places() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    assert_eq!(vault.list("").unwrap(), ["draft/1"]);
    vault.put("lock", b"a place like any other", &mut Counter(2)).unwrap();
    vault.delete("lock").unwrap();
    vault.delete("draft/1").unwrap();
    drop(vault);
    let empty = MemoryStore::default();
    let answer = Vault::open(folder.path(), &empty, &mut Counter(3));
    assert!(matches!(answer, Err(VaultError::KeyLost)), "an account alone is worth its key too");
    assert!(open(folder.path(), &secrets).has_account().unwrap());
}

#[test]
fn nothing_on_disk_tells_of_the_account() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    drop(with_account(folder.path(), &secrets));
    for path in [files_with(folder.path(), "account"), files_with(folder.path(), "wraps")].concat() {
        let content = fs::read(&path).unwrap();
        for word in [&b"link"[..], b"lock", b"password"] {
            assert!(!content.windows(word.len()).any(|window| window == word));
            assert!(!path.file_stem().unwrap().to_string_lossy().contains(&*String::from_utf8_lossy(word)));
        }
    }
}

#[test]
fn a_lock_that_was_put_back_is_stale() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    let [first, second] = ["first password", "second password"].map(password);
    let before = fs::read(wraps_of(folder.path())).unwrap();
    vault.change_password(&secrets, &first, &second, CHEAP, NOW, &mut Counter(2)).unwrap();
    let after = fs::read(wraps_of(folder.path())).unwrap();
    vault.lock();
    fs::write(wraps_of(folder.path()), &before).unwrap();
    for tried in [&first, &second] {
        assert!(matches!(vault.unlock(&secrets, tried, NOW), Err(UnlockError::Stale)));
    }
    let bio = Secret::new(vec![0; 32]);
    assert!(matches!(vault.unlock_with_biometrics(&secrets, &bio), Err(UnlockError::Stale)));
    assert_eq!(vault.lockout(&secrets, NOW).unwrap(), LockOut::NONE, "nothing was tried");
    drop(vault);
    let vault = open(folder.path(), &secrets);
    assert!(matches!(vault.unlock(&secrets, &first, NOW), Err(UnlockError::Stale)), "after a restart as well");
    fs::write(wraps_of(folder.path()), &after).unwrap();
    vault.unlock(&secrets, &second, NOW).unwrap();
    assert_eq!(link(&vault), b"the link");
    vault.set_biometrics(&secrets, &mut Counter(3)).unwrap();
    vault.remove_biometrics(&secrets, &mut Counter(4)).unwrap();
    fs::write(wraps_of(folder.path()), &after).unwrap();
    assert!(
        matches!(vault.unlock(&secrets, &second, NOW), Err(UnlockError::Stale)),
        "every change makes the last stale"
    );
    vault.create_account(&secrets, &second, CHEAP, &mut Counter(5)).unwrap();
    vault.lock();
    vault.unlock(&secrets, &second, NOW).expect("the way out");
}

#[test]
fn a_lock_from_before_a_destruction_is_stale() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    for rng in 2..6 {
        vault.set_biometrics(&secrets, &mut Counter(rng)).unwrap();
    }
    let before = fs::read(wraps_of(folder.path())).unwrap();
    let path = wraps_of(folder.path());
    vault.destroy_account(&secrets).unwrap();
    fs::write(&path, &before).unwrap();
    let gone = vault.unlock(&secrets, &password("first password"), NOW);
    assert!(matches!(gone, Err(UnlockError::Vault(VaultError::KeyLost))));
    vault.create_account(&secrets, &password("anew"), CHEAP, &mut Counter(9)).unwrap();
    fs::remove_file(&path).unwrap();
    vault.destroy_account(&secrets).unwrap();
    vault.create_account(&secrets, &password("anew"), CHEAP, &mut Counter(9)).unwrap();
    fs::write(&path, &before).unwrap();
    let old = vault.unlock(&secrets, &password("first password"), NOW);
    assert!(matches!(old, Err(UnlockError::Stale)), "a higher generation of another account is not newer");
}

#[test]
fn another_vaults_lock_is_damaged() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (secrets, others) = (MemoryStore::default(), MemoryStore::default());
    let vault = with_account(here.path(), &secrets);
    let other = Vault::open(there.path(), &others, &mut Counter(99)).unwrap();
    other.create_account(&others, &password("first password"), CHEAP, &mut Counter(98)).unwrap();
    fs::copy(wraps_of(there.path()), wraps_of(here.path())).unwrap();
    let answer = vault.unlock(&secrets, &password("first password"), NOW);
    assert!(matches!(answer, Err(UnlockError::Vault(VaultError::Damaged))));
    assert!(vault.has_account().unwrap());
    // A file of the work key's in its place is no lock either.
    fs::copy(&sealed_files(here.path())[0], wraps_of(here.path())).unwrap();
    let answer = vault.unlock(&secrets, &password("first password"), NOW);
    assert!(matches!(answer, Err(UnlockError::Vault(VaultError::Damaged))));
    vault.create_account(&secrets, &password("anew"), CHEAP, &mut Counter(97)).unwrap();
    vault.lock();
    vault.unlock(&secrets, &password("anew"), NOW).unwrap();
}

#[test]
fn what_the_store_lost_is_said_and_gives_no_tries() {
    for name in ["store_secret", "lock_tries"] {
        let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
        let vault = with_account(folder.path(), &secrets);
        vault.lock();
        let kept = secrets.get(name).unwrap().unwrap();
        secrets.delete(name).unwrap();
        let answer = vault.unlock(&secrets, &password("first password"), NOW);
        assert!(matches!(answer, Err(UnlockError::Vault(VaultError::KeyLost))), "{name}");
        assert!(matches!(vault.remove_biometrics(&secrets, &mut Counter(2)), Ok(())), "there are none to remove");
        secrets.set(name, &kept).unwrap();
        vault.unlock(&secrets, &password("first password"), NOW).unwrap();
    }
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    secrets.set("lock_tries", &Secret::new(vec![1; 20])).unwrap();
    let answer = vault.unlock(&secrets, &password("first password"), NOW);
    assert!(matches!(answer, Err(UnlockError::Vault(VaultError::Damaged))));
    assert!(matches!(vault.lockout(&secrets, NOW), Err(VaultError::Damaged)));
    secrets.delete("lock_tries").unwrap();
    assert!(matches!(vault.lockout(&secrets, NOW), Err(VaultError::KeyLost)));
    vault.create_account(&secrets, &password("anew"), CHEAP, &mut Counter(2)).unwrap();
    assert_eq!(vault.lockout(&secrets, NOW).unwrap(), LockOut::NONE);
}

#[test]
fn a_folder_and_its_work_key_are_not_enough() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    drop(with_account(folder.path(), &secrets));
    let copied = MemoryStore::default();
    for name in ["work_key", "lock_tries"] {
        copied.set(name, &secrets.get(name).unwrap().unwrap()).unwrap();
    }
    copied.set("store_secret", &Secret::new(vec![7; 32])).unwrap();
    let vault = open(folder.path(), &copied);
    assert!(matches!(vault.unlock(&copied, &password("first password"), NOW), Err(UnlockError::Stale)));
}

#[test]
fn exchanged_entries_do_not_open() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    vault.put_account("receipt/1", b"a receipt", &mut Counter(2)).unwrap();
    let [a, b] = files_with(folder.path(), "account").try_into().unwrap();
    let (one, two) = (fs::read(&a).unwrap(), fs::read(&b).unwrap());
    fs::write(&a, two).unwrap();
    fs::write(&b, one).unwrap();
    for place in ["link", "receipt/1"] {
        assert!(matches!(vault.get_account(place), Err(VaultError::Damaged)), "{place}");
    }
    assert_eq!(vault.get("link").unwrap(), None, "the work key has no part in it");
}

#[test]
fn a_cost_that_could_not_be_read_again_is_not_written() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    let first = password("first password");
    for cost in [Cost { passes: 0, ..CHEAP }, Cost { passes: 65, ..CHEAP }, Cost { memory_kib: 0, ..CHEAP }] {
        assert!(vault.change_password(&secrets, &first, &first, cost, NOW, &mut Counter(2)).is_err());
        assert!(vault.create_account(&secrets, &first, cost, &mut Counter(2)).is_err());
        vault.unlock(&secrets, &first, NOW).unwrap();
        assert_eq!(link(&vault), b"the link");
    }
}

#[test]
fn long_and_foreign_passwords_open_however_they_are_composed() {
    let long: String = "pässwörd🔑".chars().cycle().take(10_000).collect();
    let cases = [
        (long.clone(), long),
        ("👩‍👩‍👧‍👦🏳️‍🌈🔑".to_owned(), "👩‍👩‍👧‍👦🏳️‍🌈🔑".to_owned()),
        ("M\u{fc}ller l\u{e9}tzebuerg".to_owned(), "Mu\u{308}ller le\u{301}tzebuerg".to_owned()),
        ("\u{1ec7} \u{ac00}".to_owned(), "e\u{302}\u{323}\u{a0}\u{1100}\u{1161}".to_owned()),
        ("a\0b\nc".to_owned(), "a\0b\nc".to_owned()),
    ];
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    for (set, typed) in cases {
        vault.create_account(&secrets, &password(&set), CHEAP, &mut Counter(2)).unwrap();
        vault.lock();
        let mut shorter = set.clone();
        shorter.pop();
        assert!(matches!(vault.unlock(&secrets, &password(&shorter), NOW), Err(UnlockError::Wrong(_))));
        vault.unlock(&secrets, &password(&typed), NOW).unwrap();
    }
}

#[test]
fn nothing_secret_is_printed() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    vault.lock();
    let typed = password("hush hush");
    let out = match vault.unlock(&secrets, &typed, NOW) {
        Err(UnlockError::Wrong(out)) => out,
        other => panic!("{other:?}"),
    };
    let bio = vault
        .unlock(&secrets, &password("first password"), NOW)
        .map(|()| vault.set_biometrics(&secrets, &mut Counter(2)).unwrap());
    assert_eq!(format!("{typed:?} {:?}", bio.unwrap()), "Password(…) Secret(…)");
    assert_eq!(format!("{out:?}"), "LockOut { tries_left: 4, wait: None, offer_unlink: false }");
    let judged = judge(&typed, Rules::Hardware);
    let errors = [
        UnlockError::Wrong(out),
        UnlockError::Wait(out),
        UnlockError::Stale,
        UnlockError::BiometricsLost,
        UnlockError::NoAccount,
        UnlockError::Vault(VaultError::AccountLocked),
    ];
    let mut printed = format!("{judged:?} {:?} {CHEAP:?}", Rules::File);
    errors.iter().for_each(|error| printed += &format!(" {error:?} {error}"));
    assert!(!printed.contains("hush") && !printed.contains("first"), "{printed}");
}

/// The entry that `fuzz/` has, on what it would begin with.
#[test]
fn the_forms_are_read_as_they_are_written() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = with_account(folder.path(), &secrets);
    vault.set_biometrics(&secrets, &mut Counter(2)).unwrap();
    let key = secrets.get("work_key").unwrap().unwrap();
    let file = fs::read(wraps_of(folder.path())).unwrap();
    let wraps = crate::fuzzing::open(key.expose(), "lock", &file, None).unwrap();
    assert!(crate::fuzzing::wraps(&wraps, secrets.get("store_secret").unwrap().unwrap().expose().try_into().unwrap()));
    assert!(crate::fuzzing::wraps(&wraps, &[3; 32]) && !crate::fuzzing::wraps(&wraps[1..], &[3; 32]));
    assert!(crate::fuzzing::tries(secrets.get("lock_tries").unwrap().unwrap().expose(), NOW));
    let sealed = crate::fuzzing::seal(&[1; 32], "link", b"abc", &mut Counter(3)).unwrap();
    assert_eq!(crate::fuzzing::open(&[1; 32], "link", &sealed, Some(1..9)).unwrap(), b"bc");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_flipped_bit_and_every_cut_of_the_lock_is_noticed(at in any::<prop::sample::Index>(), bit in 0u8..8, cut in any::<bool>()) {
        let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
        let vault = with_account(folder.path(), &secrets);
        vault.lock();
        let path = wraps_of(folder.path());
        let whole = fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        let at = at.index(whole.len());
        if cut { damaged.truncate(at) } else { damaged[at] ^= 1 << bit }
        fs::write(&path, damaged).unwrap();
        let answer = vault.unlock(&secrets, &password("first password"), NOW);
        prop_assert!(matches!(answer, Err(UnlockError::Vault(VaultError::Damaged))));
        prop_assert!(matches!(vault.has_biometrics(), Err(VaultError::Damaged)));
        prop_assert_eq!(vault.lockout(&secrets, NOW).unwrap(), LockOut::NONE);
        fs::write(&path, whole).unwrap();
        vault.unlock(&secrets, &password("first password"), NOW).unwrap();
    }
}
