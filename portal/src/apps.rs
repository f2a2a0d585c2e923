//! Which apps may open this portal's codes: the two files that the phones' systems fetch from the link host before they trust an app
//! with `https://LINK_ORIGIN/t`.
//!
//! Knows the two formats and what an operator may write; knows nothing about what is behind a code. A link code's path (`/l`) is in
//! neither file: it is only ever scanned inside the app.

use crate::{App, error::Error};
use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

/// <https://developer.android.com/training/app-links/verify-android-applinks>
pub const ANDROID: &str = "/.well-known/assetlinks.json";
/// <https://developer.apple.com/documentation/xcode/supporting-associated-domains>
pub const IOS: &str = "/.well-known/apple-app-site-association";
/// The one path that an app is given.
const TICKET: &str = "/t";

/// The apps built for this portal; without one its file is not there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apps {
    pub android: Option<Android>,
    pub ios: Option<Ios>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Android {
    /// The application id.
    pub package: String,
    /// SHA-256 of each certificate that signs it, as `keytool` and the store print it: 32 pairs of hexadecimal digits with colons.
    pub certificates: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ios {
    /// Ten letters and digits, Apple's name for who signs it.
    pub team: String,
    /// The bundle identifier.
    pub bundle: String,
}

impl Apps {
    /// What the phones would silently not trust, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        if let Some(Android { package, certificates }) = &self.android {
            check_name("apps.android.package", package)?;
            if certificates.is_empty() {
                return Err("apps.android.certificates is empty".into());
            }
            let not = certificates.iter().find(|certificate| !is_fingerprint(certificate));
            if let Some(certificate) = not {
                return Err(format!(
                    "apps.android.certificates: '{certificate}' is not 32 pairs of hexadecimal digits"
                ));
            }
        }
        if let Some(Ios { team, bundle }) = &self.ios {
            check_name("apps.ios.bundle", bundle)?;
            if team.len() != 10 || !team.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
                return Err(format!("apps.ios.team: '{team}' is not ten capital letters and digits"));
            }
        }
        Ok(())
    }
}

/// `lu.folio.app`
fn check_name(key: &str, name: &str) -> Result<(), String> {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let sound = name.contains('.') && name.split('.').all(part);
    if sound { Ok(()) } else { Err(format!("{key}: '{name}' is no app's identifier")) }
}

fn is_fingerprint(text: &str) -> bool {
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(':').count() == 32 && text.split(':').all(pair)
}

pub async fn android(State(app): State<App>) -> Result<Json<Value>, Error> {
    let Android { package, certificates } = app.config.apps.android.as_ref().ok_or(protocol::Code::NotFound)?;
    let certificates: Vec<String> = certificates.iter().map(|certificate| certificate.to_ascii_uppercase()).collect();
    Ok(Json(json!([{
        "relation": ["delegate_permission/common.handle_all_urls"],
        "target": { "namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": certificates },
    }])))
}

pub async fn ios(State(app): State<App>) -> Result<Json<Value>, Error> {
    let Ios { team, bundle } = app.config.apps.ios.as_ref().ok_or(protocol::Code::NotFound)?;
    Ok(Json(json!({ "applinks": { "details": [{
        "appIDs": [format!("{team}.{bundle}")],
        "components": [{ "/": TICKET }],
    }] } })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Apps {
        Apps {
            android: Some(Android { package: "lu.folio.app".into(), certificates: vec!["0a:".repeat(31) + "FF"] }),
            ios: Some(Ios { team: "ABCDE12345".into(), bundle: "lu.folio.app".into() }),
        }
    }

    /// Changed in one place, it must not start.
    fn refused(change: fn(&mut Android, &mut Ios)) -> String {
        let mut apps = both();
        let (Some(android), Some(ios)) = (&mut apps.android, &mut apps.ios) else { return String::new() };
        change(android, ios);
        apps.check().expect_err("is refused")
    }

    #[test]
    fn none_one_and_both_are_a_configuration() {
        assert_eq!(Apps::default().check(), Ok(()));
        assert_eq!(Apps { ios: None, ..both() }.check(), Ok(()));
        assert_eq!(both().check(), Ok(()));
    }

    #[test]
    fn what_a_phone_would_not_trust_is_said_at_the_start() {
        assert!(refused(|android, _| android.certificates.clear()).contains("empty"));
        assert!(refused(|android, _| android.certificates.push("0A:1B".into())).contains("32 pairs"));
        assert!(refused(|android, _| android.certificates[0] = "0A".repeat(32)).contains("32 pairs"));
        assert!(refused(|android, _| android.package = "folio".into()).contains("package"));
        assert!(refused(|_, ios| ios.bundle = "lu..app".into()).contains("bundle"));
        assert!(refused(|_, ios| ios.team = "abcde12345".into()).contains("team"));
        assert!(refused(|_, ios| ios.team = "ABC".into()).contains("team"));
    }
}
