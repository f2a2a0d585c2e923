//! The desktop's stand-in for a phone's hardware: plain files, and a sensor that answers what a tester says.
//!
//! It simulates the contract and protects nothing: whoever reads the folder has the key and the secret. Without a folder,
//! as in every installed app, there is no hardware at all. Knows files; refuses to know who looks at the screen.

#[cfg(test)]
mod tests;

use crate::{Biometry, Error, Hardware, Keeper, MAX_SECRET, Prompt, PublicKey, files::Folder};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde::{Deserialize, Serialize};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};
use zeroize::Zeroizing;

/// What a tester gives the desktop to stand in for a phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Simulation {
    /// Where key and secret are kept, across restarts. `None`: this device has no such hardware.
    pub folder: Option<PathBuf>,
    pub answer: Answer,
}

/// How the person at the sensor answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// With an enrolled finger.
    #[default]
    Yes,
    /// With wrong ones, until the sensor locks.
    No,
    /// By closing the prompt.
    Cancelled,
    /// A finger was added since the secret was kept. The sensor says so once and then answers [`Answer::Yes`].
    EnrolmentChanged,
    /// Nobody is enrolled.
    Absent,
}

const KEY: &str = "device_key";
const SECRET: &str = "kept_secret";

/// Locked for each call as a whole: a sensor asks one person at a time.
#[derive(Default)]
pub(crate) struct SimulatedHardware(Mutex<Simulation>);

impl SimulatedHardware {
    pub fn simulation(&self) -> Simulation {
        self.now().clone()
    }

    pub fn set_simulation(&self, simulation: Simulation) {
        *self.now() = simulation;
    }

    fn now(&self) -> MutexGuard<'_, Simulation> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulation {
    fn files(&self) -> Option<Folder<'_>> {
        self.folder.as_deref().map(Folder)
    }

    fn key(&self) -> Result<Option<SigningKey>, Error> {
        let Some(bytes) = self.files().map(|files| files.read(KEY)).transpose()?.flatten() else { return Ok(None) };
        let key = SigningKey::from_slice(&bytes);
        key.map(Some).map_err(|error| Error::failed("reading the simulated key", &error))
    }

    /// What the person does with the prompt.
    fn touch(&self) -> Result<(), Error> {
        match self.answer {
            Answer::Yes | Answer::EnrolmentChanged => Ok(()),
            Answer::No => Err(Error::NotRecognised),
            Answer::Cancelled => Err(Error::Cancelled),
            Answer::Absent => Err(Error::Unavailable),
        }
    }
}

impl Hardware for SimulatedHardware {
    fn key(&self) -> Result<Option<PublicKey>, Error> {
        Ok(self.now().key()?.map(|key| key.verifying_key().into()))
    }

    fn create_key(&self) -> Result<(PublicKey, Keeper), Error> {
        let now = self.now();
        let files = now.files().ok_or(Error::Unsupported)?;
        let key = draw()?;
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(key.to_bytes().into());
        files.write(KEY, &*bytes)?;
        Ok((key.verifying_key().into(), Keeper::Simulated))
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        let key = self.now().key()?.ok_or(Error::Nothing)?;
        let signature: Signature = key.sign(message);
        Ok(signature.to_bytes().into())
    }

    fn delete_key(&self) -> Result<(), Error> {
        self.now().files().map_or(Ok(()), |files| files.remove(KEY))
    }

    fn biometry(&self) -> Biometry {
        let now = self.now();
        if now.folder.is_none() || now.answer == Answer::Absent { Biometry::None } else { Biometry::Finger }
    }

    fn keep(&self, secret: &[u8], _: &Prompt) -> Result<(), Error> {
        let mut now = self.now();
        let files = now.files().ok_or(Error::Unavailable)?;
        if secret.len() > MAX_SECRET {
            return Err(Error::Unsupported);
        }
        now.touch()?;
        files.write(SECRET, secret)?;
        // Kept under the fingers that are enrolled now.
        if now.answer == Answer::EnrolmentChanged {
            now.answer = Answer::Yes;
        }
        Ok(())
    }

    fn reveal(&self, _: &Prompt) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut now = self.now();
        let files = now.files().ok_or(Error::Nothing)?;
        let secret = files.read(SECRET)?.ok_or(Error::Nothing)?;
        if now.answer == Answer::EnrolmentChanged {
            files.remove(SECRET)?;
            now.answer = Answer::Yes;
            return Err(Error::EnrolmentChanged);
        }
        now.touch()?;
        Ok(secret)
    }

    fn forget(&self) -> Result<(), Error> {
        self.now().files().map_or(Ok(()), |files| files.remove(SECRET))
    }
}

/// Draws candidates until one is a scalar of the curve: the first, but for one draw in 2³².
fn draw() -> Result<SigningKey, Error> {
    #[expect(clippy::disallowed_methods, reason = "a phone's hardware draws its keys itself; this stands in for it")]
    let fill = getrandom::fill;
    loop {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(&mut *bytes).map_err(|error| Error::failed("drawing the simulated key", &error))?;
        if let Ok(key) = SigningKey::from_slice(&*bytes) {
            return Ok(key);
        }
    }
}
