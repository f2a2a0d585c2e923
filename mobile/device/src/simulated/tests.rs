use super::*;
use crate::contract::{self, Finger};
use std::path::Path;

fn prompt() -> Prompt {
    Prompt { title: "Unlock".into(), cancel: "Cancel".into() }
}

fn hardware(folder: &Path) -> SimulatedHardware {
    let hardware = SimulatedHardware::default();
    hardware.set_simulation(Simulation { folder: Some(folder.join("hardware")), answer: Answer::Yes });
    hardware
}

fn answer(hardware: &SimulatedHardware, answer: Answer) {
    hardware.set_simulation(Simulation { answer, ..hardware.simulation() });
}

#[test]
fn the_contract_holds() {
    let folder = tempfile::tempdir().unwrap();
    let hardware = hardware(folder.path());
    let person = |finger| {
        let does = match finger {
            Finger::Right => Answer::Yes,
            Finger::Wrong => Answer::No,
            Finger::Cancels => Answer::Cancelled,
            Finger::Added => Answer::EnrolmentChanged,
        };
        answer(&hardware, does);
    };
    contract::holds(&hardware, &person).unwrap();
}

#[test]
fn key_and_secret_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let before = hardware(folder.path());
    let (key, keeper) = before.create_key().unwrap();
    assert_eq!(keeper, Keeper::Simulated);
    before.keep(b"secret", &prompt()).unwrap();
    let after = hardware(folder.path());
    assert_eq!(after.key().unwrap(), Some(key));
    assert_eq!(**after.reveal(&prompt()).unwrap(), *b"secret");
    answer(&after, Answer::EnrolmentChanged);
    assert_eq!(after.reveal(&prompt()), Err(Error::EnrolmentChanged));
    assert_eq!(hardware(folder.path()).reveal(&prompt()), Err(Error::Nothing), "gone for good");
}

#[test]
fn a_sensor_without_fingers_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let hardware = hardware(folder.path());
    assert_eq!(hardware.biometry(), Biometry::Finger);
    hardware.keep(b"old", &prompt()).unwrap();
    answer(&hardware, Answer::Absent);
    assert_eq!(hardware.biometry(), Biometry::None);
    assert_eq!(hardware.keep(b"new", &prompt()), Err(Error::Unavailable));
    assert_eq!(hardware.reveal(&prompt()), Err(Error::Unavailable));
    assert!(hardware.create_key().is_ok(), "the key asks for no finger");
    answer(&hardware, Answer::Yes);
    assert_eq!(**hardware.reveal(&prompt()).unwrap(), *b"old");
    answer(&hardware, Answer::Absent);
    hardware.forget().unwrap();
    assert_eq!(hardware.reveal(&prompt()), Err(Error::Nothing));
}

#[test]
fn an_installed_desktop_has_no_hardware() {
    let hardware = SimulatedHardware::default();
    assert_eq!(hardware.create_key(), Err(Error::Unsupported));
    assert_eq!(hardware.key(), Ok(None));
    assert_eq!(hardware.sign(b"message"), Err(Error::Nothing));
    assert_eq!(hardware.biometry(), Biometry::None);
    assert_eq!(hardware.keep(b"secret", &prompt()), Err(Error::Unavailable));
    assert_eq!(hardware.reveal(&prompt()), Err(Error::Nothing));
    assert_eq!((hardware.delete_key(), hardware.forget()), (Ok(()), Ok(())));
}

#[test]
fn a_file_that_is_no_key_is_not_taken_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let hardware = hardware(folder.path());
    hardware.create_key().unwrap();
    std::fs::write(folder.path().join("hardware").join(KEY), [0; 32]).unwrap();
    assert_eq!(hardware.key(), Err(Error::Failed));
    assert_eq!(hardware.sign(b"message"), Err(Error::Failed));
    assert!(hardware.create_key().is_ok());
    assert!(hardware.sign(b"message").is_ok());
}

#[test]
#[cfg(unix)]
fn only_this_user_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let hardware = hardware(folder.path());
    hardware.create_key().unwrap();
    hardware.keep(b"secret", &prompt()).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let home = folder.path().join("hardware");
    assert_eq!(mode(&home), 0o700);
    let files: Vec<_> = std::fs::read_dir(&home).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "nothing unfinished: {files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}
