//! What every [`Hardware`] keeps to: run on the simulation, compiled against the phones' own.
//!
//! On a phone somebody has to stand in for `person`, with a finger.

use crate::{Biometry, Error, Hardware, MAX_SECRET, Prompt, PublicKey};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};

/// What the person does when they are asked next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finger {
    Right,
    /// As often as it takes.
    Wrong,
    /// Closes the prompt.
    Cancels,
    /// Adds a finger to the phone first, then gives the right one.
    Added,
}

/// Fails where `hardware` breaks the contract; it is left with nothing kept. `person` is told what to do next.
pub(crate) fn holds(hardware: &dyn Hardware, person: &dyn Fn(Finger)) -> Result<(), Error> {
    hardware.delete_key()?;
    hardware.forget()?;
    the_key_signs(hardware)?;
    person(Finger::Right);
    the_secret_comes_back(hardware)?;
    no_touch_no_secret(hardware, person)?;
    a_new_finger_ends_it(hardware, person)
}

fn the_key_signs(hardware: &dyn Hardware) -> Result<(), Error> {
    assert_eq!(hardware.key()?, None, "a deleted key is gone");
    assert_eq!(hardware.sign(b"message"), Err(Error::Nothing));
    let (first, keeper) = hardware.create_key()?;
    assert_eq!(hardware.key()?, Some(first));
    for message in [&b""[..], b"message", &[0xff; 5000]] {
        let signature = hardware.sign(message)?;
        assert!(verifies(&first, message, &signature), "{} bytes signed by the {keeper:?}", message.len());
        assert!(!verifies(&first, b"another", &signature));
    }
    let (second, again) = hardware.create_key()?;
    assert_ne!(first, second, "a new key is another key");
    assert_eq!(keeper, again);
    assert_eq!(hardware.key()?, Some(second));
    let signature = hardware.sign(b"message")?;
    assert!(verifies(&second, b"message", &signature) && !verifies(&first, b"message", &signature));
    hardware.delete_key()?;
    assert_eq!(hardware.key()?, None);
    hardware.delete_key()
}

fn the_secret_comes_back(hardware: &dyn Hardware) -> Result<(), Error> {
    let prompt = prompt();
    assert_ne!(hardware.biometry(), Biometry::None, "somebody is enrolled");
    assert_eq!(hardware.reveal(&prompt), Err(Error::Nothing));
    for secret in [&[7; 32][..], &[0x00, 0x80, 0xff], &[1; MAX_SECRET]] {
        hardware.keep(secret, &prompt)?;
        assert_eq!(**hardware.reveal(&prompt)?, *secret, "the last one that was kept");
        assert_eq!(**hardware.reveal(&prompt)?, *secret, "and it stays");
    }
    assert_eq!(hardware.keep(&[1; MAX_SECRET + 1], &prompt), Err(Error::Unsupported));
    hardware.create_key()?;
    hardware.delete_key()?;
    assert_eq!(**hardware.reveal(&prompt)?, [1; MAX_SECRET], "the key is another matter");
    hardware.forget()?;
    assert_eq!(hardware.reveal(&prompt), Err(Error::Nothing));
    hardware.forget()
}

fn no_touch_no_secret(hardware: &dyn Hardware, person: &dyn Fn(Finger)) -> Result<(), Error> {
    let prompt = prompt();
    hardware.keep(b"old", &prompt)?;
    for (finger, error) in [(Finger::Cancels, Error::Cancelled), (Finger::Wrong, Error::NotRecognised)] {
        person(finger);
        assert_eq!(hardware.reveal(&prompt), Err(error));
        person(finger);
        // Not every platform asks before it keeps.
        let (kept, there) = match hardware.keep(b"new", &prompt) {
            Ok(()) => (Ok(()), b"new"),
            Err(error) => (Err(error), b"old"),
        };
        assert!(kept == Ok(()) || kept == Err(error), "{kept:?}");
        person(Finger::Right);
        assert_eq!(**hardware.reveal(&prompt)?, *there, "after {finger:?}");
        hardware.keep(b"old", &prompt)?;
    }
    Ok(())
}

fn a_new_finger_ends_it(hardware: &dyn Hardware, person: &dyn Fn(Finger)) -> Result<(), Error> {
    let prompt = prompt();
    let (key, _) = hardware.create_key()?;
    person(Finger::Added);
    assert_eq!(hardware.reveal(&prompt), Err(Error::EnrolmentChanged));
    person(Finger::Right);
    assert_eq!(hardware.reveal(&prompt), Err(Error::Nothing), "said once");
    assert_eq!(hardware.key()?, Some(key), "the device key asks for no finger");
    hardware.keep(b"again", &prompt)?;
    assert_eq!(**hardware.reveal(&prompt)?, *b"again", "kept under the fingers of now");
    person(Finger::Added);
    hardware.keep(b"later", &prompt)?;
    person(Finger::Right);
    assert_eq!(**hardware.reveal(&prompt)?, *b"later");
    hardware.forget()?;
    hardware.delete_key()
}

fn verifies(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(key.as_sec1());
    let signature = Signature::from_slice(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
}

fn prompt() -> Prompt {
    Prompt { title: "Contract".into(), cancel: "Cancel".into() }
}
