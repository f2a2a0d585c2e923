//! Which portals this build trusts. Knows the file's shape; what an origin may be is the protocol's to say.

use driver::protocol::{Portal, origin::OriginError};
use serde::Deserialize;

/// The list a release is built with.
pub const BUILT_IN: &str = include_str!("../portals.toml");

#[derive(Debug, thiserror::Error)]
pub enum PortalsError {
    #[error("portals.toml: {0}")]
    Shape(#[from] toml::de::Error),
    #[error("portals.toml: {name}: {reason}")]
    Origin { name: String, reason: OriginError },
    #[error("portals.toml names no portal")]
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    portal: Vec<Portal>,
}

/// Reads and checks a list. Only a build for testers lets plain http to a loopback address through.
pub fn parse(text: &str) -> Result<Vec<Portal>, PortalsError> {
    let File { portal } = toml::from_str(text)?;
    for portal in &portal {
        let checked = portal.validate(cfg!(feature = "demo"));
        checked.map_err(|reason| PortalsError::Origin { name: portal.name.clone(), reason })?;
    }
    if portal.is_empty() { Err(PortalsError::Empty) } else { Ok(portal) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(origin: &str) -> String {
        format!("[[portal]]\nname = \"P\"\norigin = \"{origin}\"\nlink_origin = \"https://link.example\"\n")
    }

    #[test]
    fn the_built_in_list_is_sound_and_resolves_to_nobody_until_it_is_filled_in() {
        let portals = parse(BUILT_IN).unwrap();
        assert_eq!(portals.len(), 1);
        assert!(portals[0].origin.as_str().ends_with(".example/"));
    }

    #[test]
    fn an_origin_that_is_more_or_less_than_one_is_refused() {
        assert!(parse(&one("https://portal.example")).is_ok());
        for origin in ["https://portal.example/api", "https://user@portal.example", "http://portal.example"] {
            assert!(matches!(parse(&one(origin)), Err(PortalsError::Origin { .. })), "{origin}");
        }
    }

    #[test]
    fn loopback_http_is_for_testers_only() {
        assert_eq!(parse(&one("http://127.0.0.1:4000")).is_ok(), cfg!(feature = "demo"));
    }

    #[test]
    fn an_empty_list_and_a_misspelt_key_are_refused() {
        assert!(matches!(parse(""), Err(PortalsError::Empty)));
        assert!(matches!(parse("[[portals]]\nname = \"x\"\n"), Err(PortalsError::Shape(_))));
    }
}
