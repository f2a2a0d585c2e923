//! What is sealed by the work key.

use super::*;
use crate::{MemoryStore, Secret, SecretStore, Step, Vault, VaultError};
use proptest::prelude::*;
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

#[test]
fn comes_back_after_a_restart_with_the_same_key_only() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    vault.put("photo/1", b"first", &mut Counter(2)).unwrap();
    vault.put("photo/1", b"second", &mut Counter(3)).unwrap();
    vault.put("photo/2", b"", &mut Counter(4)).unwrap();
    vault.put("state", b"s", &mut Counter(5)).unwrap();
    drop(vault);
    let vault = open(folder.path(), &secrets);
    assert_eq!(vault.get("photo/1").unwrap().unwrap().as_slice(), b"second");
    assert_eq!(vault.get("photo/2").unwrap().unwrap().as_slice(), b"");
    assert_eq!(vault.list("photo/").unwrap(), ["photo/1", "photo/2"]);
    vault.delete("photo/1").unwrap();
    vault.delete("photo/1").unwrap();
    assert_eq!(vault.get("photo/1").unwrap(), None);
    assert_eq!(vault.list("").unwrap(), ["photo/2", "state"]);
    drop(vault);
    secrets.set("work_key", &Secret::new(vec![1; 32])).unwrap();
    let vault = open(folder.path(), &secrets);
    assert_eq!(vault.get("state").unwrap(), None, "another key names other files");
}

#[test]
fn a_second_process_is_told_so() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    assert!(matches!(Vault::open(folder.path(), &secrets, &mut Counter(9)), Err(VaultError::InUse)));
    drop(vault);
    open(folder.path(), &secrets);
}

#[test]
fn a_lost_key_is_said_and_nothing_is_overwritten() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    open(folder.path(), &secrets).put("state", b"s", &mut Counter(2)).unwrap();
    let empty = MemoryStore::default();
    assert!(matches!(Vault::open(folder.path(), &empty, &mut Counter(3)), Err(VaultError::KeyLost)));
    assert_eq!(empty.get("work_key").unwrap(), None);
    assert!(open(folder.path(), &secrets).get("state").unwrap().is_some(), "the key came back");
    Vault::destroy(folder.path(), &empty).unwrap();
    assert_eq!(open(folder.path(), &empty).list("").unwrap(), Vec::<String>::new());
}

#[test]
fn nothing_on_disk_tells_what_it_is() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    let mut photo = b"\xff\xd8\xff\xe0 JFIF".to_vec();
    photo.extend(bytes(200_000));
    vault.put("photo/0123456789abcdef", &photo, &mut Counter(2)).unwrap();
    vault.put("pdf/0123456789abcdef", b"%PDF-1.7 the citizen's own words %%EOF", &mut Counter(3)).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let (name, content) = (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
        for word in ["photo", "pdf", "0123456789abcdef"] {
            assert!(!name.contains(word), "{name}");
        }
        for magic in [&b"\xff\xd8\xff"[..], b"JFIF", b"%PDF", b"photo/", b"words", b"0123456789abcdef"] {
            assert!(!content.windows(magic.len()).any(|window| window == magic), "{magic:?} in {name}");
        }
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn two_writings_of_the_same_bytes_look_different() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let (vault, mut rng) = (open(folder.path(), &secrets), Counter(2));
    vault.put("state", b"same", &mut rng).unwrap();
    let first = fs::read(&sealed_files(folder.path())[0]).unwrap();
    vault.put("state", b"same", &mut rng).unwrap();
    assert_ne!(first, fs::read(&sealed_files(folder.path())[0]).unwrap());
}

#[test]
fn exchanged_files_do_not_open() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    vault.put("photo/1", b"one", &mut Counter(2)).unwrap();
    vault.put("photo/2", b"two", &mut Counter(3)).unwrap();
    let files = sealed_files(folder.path());
    let (a, b) = (fs::read(&files[0]).unwrap(), fs::read(&files[1]).unwrap());
    fs::write(&files[0], b).unwrap();
    fs::write(&files[1], a).unwrap();
    for place in ["photo/1", "photo/2"] {
        assert!(matches!(vault.get(place), Err(VaultError::Damaged)), "{place}");
    }
}

#[test]
fn chunks_cannot_be_reordered_dropped_or_doubled() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    vault.put("photo/1", &bytes(3 * CHUNK), &mut Counter(2)).unwrap();
    let path = &sealed_files(folder.path())[0];
    let whole = fs::read(path).unwrap();
    let sealed = CHUNK + 16;
    let head = whole.len() - 3 * sealed;
    let chunk = |n: usize| &whole[head + n * sealed..head + (n + 1) * sealed];
    for order in [&[1, 0, 2][..], &[0, 1], &[0, 2, 2], &[0, 1, 1, 2]] {
        let parts: Vec<&[u8]> = std::iter::once(&whole[..head]).chain(order.iter().map(|n| chunk(*n))).collect();
        fs::write(path, parts.concat()).unwrap();
        assert!(matches!(vault.get("photo/1"), Err(VaultError::Damaged)), "{order:?}");
    }
    fs::write(path, &whole).unwrap();
    assert_eq!(vault.get("photo/1").unwrap().unwrap().len(), 3 * CHUNK);
}

#[test]
fn a_full_disk_is_said_and_keeps_the_old_bytes() {
    let (folder, secrets, trap) = (tempfile::tempdir().unwrap(), MemoryStore::default(), Arc::new(Trap::default()));
    let vault = Vault::open_with(folder.path(), &secrets, &mut Counter(1), trap.clone()).unwrap();
    vault.put("state", b"old", &mut Counter(2)).unwrap();
    for step in [Step::Write, Step::Sync, Step::Rename] {
        *trap.0.lock().unwrap() = Some((step, Fault::Full));
        assert!(matches!(vault.put("state", b"new", &mut Counter(3)), Err(VaultError::Full)), "{step:?}");
        assert_eq!(vault.get("state").unwrap().unwrap().as_slice(), b"old", "{step:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no leftovers after {step:?}");
    }
}

#[test]
fn a_kill_at_any_step_leaves_old_or_new() {
    for step in STEPS {
        let (folder, secrets, trap) = (tempfile::tempdir().unwrap(), MemoryStore::default(), Arc::new(Trap::default()));
        let vault = Vault::open_with(folder.path(), &secrets, &mut Counter(1), trap.clone()).unwrap();
        let (old, new) = (bytes(CHUNK + 1), bytes(2 * CHUNK));
        vault.put("state", &old, &mut Counter(2)).unwrap();
        *trap.0.lock().unwrap() = Some((step, Fault::Kill));
        let killed = catch_unwind(AssertUnwindSafe(|| vault.put("state", &new, &mut Counter(3))));
        assert!(killed.is_err(), "{step:?}");
        drop(vault);
        let vault = open(folder.path(), &secrets);
        let left = vault.get("state").unwrap().unwrap();
        let expected = if step == Step::SyncFolder { &new } else { &old };
        assert_eq!(left.as_slice(), expected.as_slice(), "{step:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "leftovers are swept after {step:?}");
    }
}

#[test]
fn delete_everything_leaves_nothing_and_goes_on() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    vault.put("state", b"s", &mut Counter(2)).unwrap();
    let old = secrets.get("work_key").unwrap();
    vault.delete_everything(&secrets, &mut Counter(99)).unwrap();
    assert!(sealed_files(folder.path()).is_empty());
    assert_ne!(secrets.get("work_key").unwrap(), old);
    assert_eq!(vault.get("state").unwrap(), None);
    vault.put("state", b"again", &mut Counter(3)).unwrap();
    drop(vault);
    assert_eq!(open(folder.path(), &secrets).get("state").unwrap().unwrap().as_slice(), b"again");
}

#[test]
fn a_kill_while_everything_is_deleted_is_made_good() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    open(folder.path(), &secrets).put("state", b"s", &mut Counter(2)).unwrap();
    secrets.delete("work_key").unwrap();
    fs::write(folder.path().join("erasing"), b"").unwrap();
    assert_eq!(open(folder.path(), &secrets).list("").unwrap(), Vec::<String>::new());
    assert!(sealed_files(folder.path()).is_empty());
}

#[test]
fn places_have_a_shape() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    for place in [String::new(), "x".repeat(128)] {
        assert!(matches!(vault.put(&place, b"", &mut Counter(2)), Err(VaultError::Place(_))));
    }
    vault.put(&"x".repeat(127), b"longest", &mut Counter(2)).unwrap();
    assert_eq!(vault.list("x").unwrap(), ["x".repeat(127)]);
}

#[cfg(unix)]
#[test]
fn only_this_user_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
    let vault = open(folder.path(), &secrets);
    vault.put("state", b"s", &mut Counter(2)).unwrap();
    let mode = fs::metadata(&sealed_files(folder.path())[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_put_comes_back(writes in proptest::collection::vec((0u8..4, 0usize..3 * CHUNK, any::<u8>()), 1..8)) {
        let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
        let (mut vault, mut rng) = (open(folder.path(), &secrets), Counter(7));
        let mut model = BTreeMap::new();
        for (place, length, fill) in writes {
            let (place, content) = (format!("draft/{place}"), vec![fill; length]);
            vault.put(&place, &content, &mut rng).unwrap();
            model.insert(place, content);
            if fill < 64 {
                drop(vault);
                vault = open(folder.path(), &secrets);
            }
        }
        prop_assert_eq!(vault.list("draft/").unwrap(), model.keys().cloned().collect::<Vec<_>>());
        for (place, content) in model {
            prop_assert_eq!(vault.get(&place).unwrap().unwrap().to_vec(), content);
        }
    }

    #[test]
    fn a_part_is_that_part(length in 0usize..3 * CHUNK, from in 0u64..4 * CHUNK as u64, size in 0u64..4 * CHUNK as u64) {
        let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
        let vault = open(folder.path(), &secrets);
        let content = bytes(length);
        vault.put("pdf/1", &content, &mut Counter(2)).unwrap();
        let part = vault.get_range("pdf/1", from..from + size).unwrap().unwrap();
        let (start, end) = ((from as usize).min(length), ((from + size) as usize).min(length));
        prop_assert_eq!(part.to_vec(), content[start..end].to_vec());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed(length in 0usize..2 * CHUNK, at in any::<prop::sample::Index>(), bit in 0u8..8, cut in any::<bool>()) {
        let (folder, secrets) = (tempfile::tempdir().unwrap(), MemoryStore::default());
        let vault = open(folder.path(), &secrets);
        vault.put("photo/1", &bytes(length), &mut Counter(2)).unwrap();
        let path = &sealed_files(folder.path())[0];
        let mut sealed = fs::read(path).unwrap();
        let at = at.index(sealed.len());
        if cut { sealed.truncate(at) } else { sealed[at] ^= 1 << bit }
        fs::write(path, sealed).unwrap();
        prop_assert!(matches!(vault.get("photo/1"), Err(VaultError::Damaged)));
    }
}
