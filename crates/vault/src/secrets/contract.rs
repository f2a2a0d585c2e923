//! What every store of secrets keeps to.

use super::{FileStore, MemoryStore, Secret, SecretError, SecretStore};

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
