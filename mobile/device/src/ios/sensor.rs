//! One secret in the keychain that only the fingers or the face enrolled when it was kept open (`biometryCurrentSet`).
//!
//! The person is asked before the keychain is, so that a secret that does not open afterwards can only be one that was kept
//! under another enrolment.

use super::{SERVICE, code, gone};
use crate::{Biometry, Error, MAX_SECRET, Prompt};
use block2::RcBlock;
use core_foundation::base::{CFType, TCFType};
use objc2::{rc::Retained, runtime::Bool};
use objc2_foundation::{NSError, NSString};
use objc2_local_authentication::{LABiometryType, LAContext, LAError, LAPolicy};
use security_framework::{
    access_control::{ProtectionMode, SecAccessControl},
    item::{ItemClass, ItemSearchOptions, SearchResult},
    passwords::{
        AccessControlOptions, PasswordOptions, delete_generic_password, generic_password, set_generic_password_options,
    },
};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use zeroize::Zeroizing;

const SECRET: &str = "kept_secret";
/// Says, where nobody needs to be asked, that there is a secret: an old one is no longer found.
const MARK: &str = "kept";
const BIOMETRICS: LAPolicy = LAPolicy::DeviceOwnerAuthenticationWithBiometrics;

/// Locked for each call as a whole: one person, one prompt.
#[derive(Default)]
pub(super) struct Sensor(Mutex<()>);

impl Sensor {
    /// Asks nobody: the keychain takes what it is given.
    pub fn keep(&self, secret: &[u8]) -> Result<(), Error> {
        if secret.len() > MAX_SECRET {
            return Err(Error::Unsupported);
        }
        let _asking = self.asking();
        if biometry() == Biometry::None {
            return Err(Error::Unavailable);
        }
        // Changing an item would ask for the old finger.
        delete()?;
        let mut item = PasswordOptions::new_generic_password(SERVICE, SECRET);
        item.set_access_control(access(
            ProtectionMode::AccessibleWhenPasscodeSetThisDeviceOnly,
            AccessControlOptions::BIOMETRY_CURRENT_SET,
        )?);
        add(item, secret)?;
        let mut mark = PasswordOptions::new_generic_password(SERVICE, MARK);
        mark.set_access_control(access(
            ProtectionMode::AccessibleAfterFirstUnlockThisDeviceOnly,
            AccessControlOptions::empty(),
        )?);
        add(mark, b"1")
    }

    pub fn reveal(&self, prompt: &Prompt) -> Result<Zeroizing<Vec<u8>>, Error> {
        let _asking = self.asking();
        match generic_password(PasswordOptions::new_generic_password(SERVICE, MARK)) {
            Err(error) if error.code() == code::NOT_FOUND => return Err(Error::Nothing),
            Err(error) => return Err(Error::failed("looking for the secret", &error)),
            Ok(_) => {}
        }
        let context = ask(prompt)?;
        // SAFETY: a property of an object that nobody else has. The person has answered; nothing may ask again.
        unsafe { context.setInteractionNotAllowed(true) };
        // SAFETY: a `LAContext` is an object like those of Core Foundation; it is retained here and released with `CFType`.
        let context = unsafe { CFType::wrap_under_get_rule(Retained::as_ptr(&context).cast()) };
        let mut item = ItemSearchOptions::new();
        item.class(ItemClass::generic_password()).service(SERVICE).account(SECRET).load_data(true);
        match item.local_authentication_context(Some(context)).search() {
            Ok(found) => data(found),
            Err(error) => match error.code() {
                code::NOT_FOUND | code::AUTH_FAILED | code::INTERACTION_NOT_ALLOWED => {
                    delete()?;
                    Err(Error::EnrolmentChanged)
                }
                _ => Err(Error::failed("opening the secret", &error)),
            },
        }
    }

    pub fn forget(&self) -> Result<(), Error> {
        let _asking = self.asking();
        delete()
    }

    fn asking(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What can be asked for now; the system's are all of the strong class.
pub(super) fn biometry() -> Biometry {
    // SAFETY: a new object that stays on this thread. Its type is known once it was asked whether it can be evaluated.
    unsafe {
        let context = LAContext::new();
        if context.canEvaluatePolicy_error(BIOMETRICS).is_err() {
            return Biometry::None;
        }
        match context.biometryType() {
            LABiometryType::None => Biometry::None,
            LABiometryType::TouchID => Biometry::Finger,
            LABiometryType::FaceID => Biometry::Face,
            _ => Biometry::Any,
        }
    }
}

/// Waits for the person; what comes back opens the keychain once.
fn ask(prompt: &Prompt) -> Result<Retained<LAContext>, Error> {
    let (tell, told) = mpsc::channel();
    let reply = RcBlock::new(move |recognised: Bool, error: *mut NSError| {
        let answer = if recognised.as_bool() {
            Ok(())
        } else {
            // SAFETY: LocalAuthentication gives null or an error that lives as long as this call.
            Err(unsafe { error.as_ref() }.map_or(Error::Failed, refusal))
        };
        // Nobody is there any more only when the waiting thread is gone.
        let _ = tell.send(answer);
    });
    // SAFETY: a new object that stays on this thread; the block may run on another one, and what it has may be sent there.
    let context = unsafe {
        let context = LAContext::new();
        context.canEvaluatePolicy_error(BIOMETRICS).map_err(|error| refusal(&error))?;
        context.setLocalizedCancelTitle(Some(&NSString::from_str(&prompt.cancel)));
        // No button that leads to the phone's passcode: it opens nothing here.
        context.setLocalizedFallbackTitle(Some(&NSString::from_str("")));
        context.evaluatePolicy_localizedReason_reply(BIOMETRICS, &NSString::from_str(&prompt.title), &reply);
        context
    };
    told.recv().unwrap_or(Err(Error::Failed))?;
    Ok(context)
}

fn refusal(error: &NSError) -> Error {
    match LAError(error.code()) {
        LAError::UserCancel | LAError::SystemCancel | LAError::AppCancel | LAError::UserFallback => Error::Cancelled,
        LAError::AuthenticationFailed | LAError::BiometryLockout => Error::NotRecognised,
        LAError::BiometryNotAvailable | LAError::BiometryNotEnrolled | LAError::PasscodeNotSet => Error::Unavailable,
        _ => Error::failed("asking for finger or face", &error.localizedDescription()),
    }
}

fn access(protection: ProtectionMode, options: AccessControlOptions) -> Result<SecAccessControl, Error> {
    let access = SecAccessControl::create_with_protection(Some(protection), options.bits());
    access.map_err(|error| Error::failed("describing the secret", &error))
}

fn add(item: PasswordOptions, bytes: &[u8]) -> Result<(), Error> {
    set_generic_password_options(bytes, item).map_err(|error| Error::failed("keeping the secret", &error))
}

fn data(found: Vec<SearchResult>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let data = found.into_iter().find_map(|found| match found {
        SearchResult::Data(bytes) => Some(Zeroizing::new(bytes)),
        _ => None,
    });
    data.ok_or_else(|| Error::failed("opening the secret", &"no data"))
}

/// The mark last: where this stops half-way, the next try says that the secret is gone.
fn delete() -> Result<(), Error> {
    gone(delete_generic_password(SERVICE, SECRET))?;
    gone(delete_generic_password(SERVICE, MARK))
}
