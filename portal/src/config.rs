//! What an operator decides. Read once, in `main`; checked before anything listens.

use crate::{apps::Apps, store::model::Means};
use serde::Deserialize;
use std::{net::SocketAddr, path::PathBuf};
use url::Url;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As citizens know this portal.
    pub name: String,
    pub listen: SocketAddr,
    /// Where citizens and phones reach this portal; every link, redirect and proof is built from it.
    pub public_origin: Url,
    /// A second host without cookies; QR codes point here.
    pub link_origin: Url,
    /// Database, documents and keys.
    pub data: PathBuf,
    pub login: Login,
    /// Times are shown in this zone.
    #[serde(default = "Config::default_zone")]
    pub time_zone: String,
    /// Oldest app that may send.
    #[serde(default = "Config::default_app")]
    pub min_app_version: String,
    #[serde(default)]
    pub session: SessionLimits,
    /// The apps that may open this portal's codes from the system's camera.
    #[serde(default)]
    pub apps: Apps,
    /// The demo alone: http, to loopback only.
    #[serde(default)]
    pub loopback_http: bool,
    /// Every page says that citizens and procedures are invented.
    #[serde(default)]
    pub invented: bool,
    /// Program started as `PROGRAM gate` to look at a document; this very program where nothing is said.
    #[serde(default)]
    pub gate_program: Option<PathBuf>,
}

/// What every page says about this portal.
#[derive(Debug, Clone)]
pub struct Site {
    pub name: String,
    pub invented: bool,
}

/// The OpenID Connect provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub issuer: Url,
    pub client_id: String,
    /// File with the client's secret; absent for a public client.
    pub client_secret_file: Option<PathBuf>,
    /// Asked for, and required, by the button 'LuxTrust'.
    pub luxtrust_acr: String,
    /// Asked for, and required, by the button 'eID'.
    pub eid_acr: String,
}

impl Login {
    pub fn acr(&self, means: Means) -> &str {
        match means {
            Means::LuxTrust => &self.luxtrust_acr,
            Means::Eid => &self.eid_acr,
        }
    }

    /// Which button led to this `acr`; none does to one that is not configured any more.
    pub fn means(&self, acr: &str) -> Option<Means> {
        [Means::LuxTrust, Means::Eid].into_iter().find(|means| self.acr(*means) == acr)
    }
}

/// Seconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionLimits {
    pub idle: i64,
    pub absolute: i64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle: 60 * 60, absolute: 10 * 60 * 60 }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0}: {1}")]
    Read(PathBuf, std::io::Error),
    #[error("{0}: {1}")]
    Parse(PathBuf, toml::de::Error),
    #[error("public_origin and link_origin: {0}")]
    Origin(#[from] protocol::origin::OriginError),
    #[error("public_origin and link_origin must be different hosts: the second one has no cookies")]
    SameHost,
    #[error("{0}")]
    Apps(String),
    #[error("time_zone {0} is not known")]
    TimeZone(String),
}

impl Config {
    pub fn read(path: &std::path::Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Read(path.into(), error))?;
        let config: Self = toml::from_str(&text).map_err(|error| ConfigError::Parse(path.into(), error))?;
        config.check()?;
        Ok(config)
    }

    pub fn check(&self) -> Result<(), ConfigError> {
        self.as_portal().validate(self.loopback_http)?;
        if self.public_origin.host() == self.link_origin.host() {
            return Err(ConfigError::SameHost);
        }
        self.apps.check().map_err(ConfigError::Apps)?;
        self.zone().map(drop)
    }

    pub fn zone(&self) -> Result<jiff::tz::TimeZone, ConfigError> {
        jiff::tz::TimeZone::get(&self.time_zone).map_err(|_| ConfigError::TimeZone(self.time_zone.clone()))
    }

    /// This portal as an app's `portals.toml` names it.
    pub fn as_portal(&self) -> protocol::Portal {
        protocol::Portal {
            name: self.name.clone(),
            origin: self.public_origin.clone(),
            link_origin: self.link_origin.clone(),
        }
    }

    pub fn site(&self) -> Site {
        Site { name: self.name.clone(), invented: self.invented }
    }

    /// An address of this portal.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_origin.as_str().trim_end_matches('/'))
    }

    /// Whether cookies can be `Secure`.
    pub fn https(&self) -> bool {
        self.public_origin.scheme() == "https"
    }

    fn default_zone() -> String {
        "Europe/Luxembourg".into()
    }

    fn default_app() -> String {
        "0.1.0".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../example.toml");

    fn with(line: &str, instead: &str) -> Result<(), String> {
        assert!(EXAMPLE.contains(line), "{line} is in the example");
        let config: Config = toml::from_str(&EXAMPLE.replace(line, instead)).map_err(|error| error.to_string())?;
        config.check().map_err(|error| error.to_string())
    }

    #[test]
    fn the_example_is_a_configuration() {
        let config: Config = toml::from_str(EXAMPLE).expect("reads");
        config.check().expect("holds");
        assert_eq!(config.address("/login"), "https://portal.example/login");
        assert!(config.https() && !config.loopback_http && !config.invented);
    }

    #[test]
    fn what_would_be_unsafe_does_not_start() {
        let public = "https://portal.example";
        assert!(with(public, "http://portal.example").is_err_and(|error| error.contains("not https")));
        assert!(with(public, "https://portal.example/app").is_err());
        assert!(with("https://link.portal.example", public).is_err_and(|error| error.contains("no cookies")));
        assert!(with("Europe/Luxembourg", "Europe/Atlantis").is_err_and(|error| error.contains("Atlantis")));
        assert!(with("ABCDE12345", "ABCDE").is_err_and(|error| error.contains("apps.ios.team")));
        assert!(with("listen =", "lisen =").is_err(), "a misspelt line is not passed over");
        assert!(with(public, "https://portal.example:8443").is_ok());
    }
}
