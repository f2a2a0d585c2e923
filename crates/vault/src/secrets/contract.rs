//! What every store of secrets keeps to.

use super::{FileStore, MemoryStore, PlatformStore, Secret, SecretError, SecretStore, system_store};

fn keeps_the_contract(store: &dyn SecretStore) {
    let [old, new, other] = [vec![1; 32], vec![2; 32], (0..=255).collect()].map(Secret::new);
    assert_eq!(store.get("first").unwrap(), None);
    store.delete("first").unwrap();
    store.set("first", &old).unwrap();
    store.set("second", &other).unwrap();
    assert_eq!(store.get("first").unwrap(), Some(old));
    store.set("first", &new).unwrap();
    assert_eq!(store.get("first").unwrap(), Some(new));
    store.delete("first").unwrap();
    assert_eq!(store.get("first").unwrap(), None);
    assert_eq!(store.get("second").unwrap(), Some(other), "names do not touch each other");
    store.delete("second").unwrap();
    for name in ["", "../first", "a/b", "Caps", "with space"] {
        assert!(matches!(store.get(name), Err(SecretError::Name)), "{name:?}");
        assert!(matches!(store.set(name, &Secret::new(vec![0])), Err(SecretError::Name)), "{name:?}");
        assert!(matches!(store.delete(name), Err(SecretError::Name)), "{name:?}");
    }
}

#[test]
fn memory() {
    keeps_the_contract(&MemoryStore::default());
}

#[test]
fn files() {
    let folder = tempfile::tempdir().unwrap();
    keeps_the_contract(&FileStore::new(&folder.path().join("keys")).unwrap());
}

/// The adapter to the platform's stores, on the mock store of their common core.
#[test]
fn platform() {
    keeps_the_contract(&PlatformStore::with(keyring_core::mock::Store::new().unwrap(), "test"));
}

#[test]
#[ignore = "run by `a_secret_service`, which has a session for it; on a Mac or Windows by hand"]
fn the_platforms_own_store() {
    keeps_the_contract(&PlatformStore::new("folio-contract-test").unwrap());
}

/// GNOME's keyring in a session of its own, which must not be the one of whoever runs the tests.
#[test]
#[cfg(target_os = "linux")]
fn a_secret_service() {
    let home = tempfile::tempdir().unwrap();
    let test = std::env::current_exe().unwrap();
    let session =
        "printf secret | gnome-keyring-daemon --unlock --components=secrets >&2 && exec \"$0\" --ignored --exact";
    let output = std::process::Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &format!("{session} secrets::contract::the_platforms_own_store")])
        .arg(test)
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .expect("dbus-run-session, of Debian's package dbus");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("test result: ok. 1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_folder_of_secrets_stays_the_store() {
    let folder = tempfile::tempdir().unwrap();
    FileStore::new(folder.path()).unwrap().set("work_key", &Secret::new(vec![9; 32])).unwrap();
    let store = system_store("folio-contract-test", folder.path()).unwrap();
    assert_eq!(store.get("work_key").unwrap(), Some(Secret::new(vec![9; 32])));
}

#[test]
fn files_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let secret = Secret::new(vec![9; 32]);
    FileStore::new(folder.path()).unwrap().set("work_key", &secret).unwrap();
    assert_eq!(FileStore::new(folder.path()).unwrap().get("work_key").unwrap(), Some(secret));
}

#[test]
fn secrets_do_not_print() {
    assert_eq!(format!("{:?}", Secret::new(b"hush".to_vec())), "Secret(…)");
}
