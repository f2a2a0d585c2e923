//! A P-256 key in the Secure Enclave: signs after the phone's first unlock, asks for no finger, leaves neither the chip nor
//! the phone.

use super::{SERVICE, code, gone};
use crate::{Error, PublicKey, signature};
use core_foundation::{
    base::{CFType, TCFType},
    boolean::CFBoolean,
    dictionary::CFDictionary,
    number::CFNumber,
    string::{CFString, CFStringRef},
};
use security_framework::{
    access_control::{ProtectionMode, SecAccessControl},
    item::{ItemSearchOptions, KeyClass, Reference, SearchResult},
    key::{Algorithm, SecKey},
    passwords::AccessControlOptions,
};
use security_framework_sys::item::{
    kSecAttrAccessControl, kSecAttrIsPermanent, kSecAttrKeySizeInBits, kSecAttrKeyType,
    kSecAttrKeyTypeECSECPrimeRandom, kSecAttrLabel, kSecAttrTokenID, kSecAttrTokenIDSecureEnclave, kSecPrivateKeyAttrs,
};

pub(super) fn key() -> Result<Option<SecKey>, Error> {
    match search().load_refs(true).search() {
        Ok(found) => Ok(found.into_iter().find_map(|found| match found {
            SearchResult::Ref(Reference::Key(key)) => Some(key),
            _ => None,
        })),
        Err(error) if error.code() == code::NOT_FOUND => Ok(None),
        Err(error) => Err(Error::failed("looking for the device key", &error)),
    }
}

/// The old key goes first: labels are not unique, and two keys would be one too many to choose from.
pub(super) fn create() -> Result<SecKey, Error> {
    delete()?;
    let protection = Some(ProtectionMode::AccessibleAfterFirstUnlockThisDeviceOnly);
    let access = SecAccessControl::create_with_protection(protection, AccessControlOptions::PRIVATE_KEY_USAGE.bits());
    let access = access.map_err(|error| Error::failed("describing the device key", &error))?;
    // `GenerateKeyOptions` leaves the private key's attributes out on iOS: the key would not be kept.
    #[expect(deprecated, reason = "the other way cannot say that the key is to be kept")]
    let made = SecKey::generate(description(access));
    made.map_err(|error| match error.code() {
        unimplemented if unimplemented == code::UNIMPLEMENTED as isize => Error::Unsupported,
        _ => Error::failed("making the device key", &error),
    })
}

pub(super) fn public(key: &SecKey) -> Result<PublicKey, Error> {
    let point = key.public_key().and_then(|public| public.external_representation());
    point
        .and_then(|point| PublicKey::from_sec1(point.bytes()))
        .ok_or_else(|| Error::failed("reading the public key", &"no point of P-256"))
}

pub(super) fn sign(key: &SecKey, message: &[u8]) -> Result<[u8; 64], Error> {
    let der = key.create_signature(Algorithm::ECDSASignatureMessageX962SHA256, message);
    let der = der.map_err(|error| Error::failed("signing", &error))?;
    signature::fixed(&der).ok_or_else(|| Error::failed("signing", &"no signature in DER"))
}

pub(super) fn delete() -> Result<(), Error> {
    gone(search().delete())
}

fn search() -> ItemSearchOptions {
    let mut search = ItemSearchOptions::new();
    search.key_class(KeyClass::private()).label(SERVICE);
    search
}

fn description(access: SecAccessControl) -> CFDictionary {
    // SAFETY: the framework's constants are strings that live as long as the process.
    let name = |name: CFStringRef| unsafe { CFString::wrap_under_get_rule(name) };
    // SAFETY: these are the framework's constants; reading them has no other effect.
    let (private, whole) = unsafe {
        let private = CFDictionary::from_CFType_pairs(&[
            (name(kSecAttrIsPermanent), CFBoolean::true_value().into_CFType()),
            (name(kSecAttrAccessControl), access.into_CFType()),
        ]);
        let whole: [(CFString, CFType); 4] = [
            (name(kSecAttrKeyType), name(kSecAttrKeyTypeECSECPrimeRandom).into_CFType()),
            (name(kSecAttrKeySizeInBits), CFNumber::from(256).into_CFType()),
            (name(kSecAttrTokenID), name(kSecAttrTokenIDSecureEnclave).into_CFType()),
            (name(kSecAttrLabel), CFString::new(SERVICE).into_CFType()),
        ];
        ((name(kSecPrivateKeyAttrs), private.into_CFType()), whole)
    };
    CFDictionary::from_CFType_pairs(&[&whole[..], &[private]].concat()).into_untyped()
}
