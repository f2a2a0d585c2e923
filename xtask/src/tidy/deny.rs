//! What `deny.toml` asks for, as far as it can be seen without cargo-deny: licences and banned crates.
//!
//! Knows how licences are written down (SPDX expressions); knows no licence and no crate by name.

use anyhow::{Context, Result};
use serde_json::Value;
use std::iter::Peekable;
use toml::Table;

/// The parts of `deny.toml` that are looked at.
pub struct Policy {
    allowed: Vec<String>,
    /// A crate, and what it alone may be under.
    exceptions: Vec<(String, Vec<String>)>,
    banned: Vec<String>,
}

impl Policy {
    pub fn read(text: &str) -> Result<Self> {
        let table: Table = text.parse()?;
        let licences = table.get("licenses").context("[licenses]")?;
        let exception =
            |entry: &toml::Value| Some((entry.get("crate")?.as_str()?.to_owned(), entry.get("allow").and_then(names)?));
        let exceptions = licences.get("exceptions").and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
        let banned = table.get("bans").and_then(|bans| bans.get("deny")?.as_array()).context("[bans] deny")?;
        let banned = banned.iter().map(|entry| Some(entry.get("crate")?.as_str()?.to_owned()));
        Ok(Self {
            allowed: licences.get("allow").and_then(names).context("[licenses] allow")?,
            exceptions: exceptions.iter().map(exception).collect::<Option<_>>().context("[licenses] exceptions")?,
            banned: banned.collect::<Option<_>>().context("[bans] deny: each as { crate = … }")?,
        })
    }

    /// Banned crates in `Cargo.lock`, for whatever platform they are there.
    pub fn banned(&self, lock: &str) -> Vec<String> {
        let there = self.banned.iter().filter(|name| lock.contains(&format!("name = \"{name}\"\n")));
        there.map(|name| format!("Cargo.lock: {name} is banned in deny.toml")).collect()
    }

    /// Packages in the output of `cargo metadata` that may not be used under any licence that `deny.toml` allows.
    pub fn unlicensed(&self, metadata: &Value) -> Vec<String> {
        let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
        let unlicensed = packages.iter().filter_map(|package| {
            let name = package["name"].as_str().unwrap_or_default();
            let licence = package["license"].as_str().unwrap_or("no named licence");
            let excepted = self.exceptions.iter().filter(|(excepted, _)| excepted == name).flat_map(|(_, more)| more);
            let allowed: Vec<&str> = self.allowed.iter().chain(excepted).map(String::as_str).collect();
            (!satisfied(licence, &allowed)).then(|| format!("{name}: deny.toml does not allow {licence}"))
        });
        unlicensed.collect()
    }
}

fn names(value: &toml::Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|name| Some(name.as_str()?.to_owned())).collect()
}

/// Whether an SPDX expression can be met with these licences; one that cannot be read is not met. Old crates write `/`
/// for OR.
fn satisfied(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words, allowed) && words.next().is_none()
}

fn any<'a>(words: &mut Peekable<impl Iterator<Item = &'a str>>, allowed: &[&str]) -> bool {
    let mut met = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all(words, allowed);
    }
    met
}

fn all<'a>(words: &mut Peekable<impl Iterator<Item = &'a str>>, allowed: &[&str]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one<'a>(words: &mut Peekable<impl Iterator<Item = &'a str>>, allowed: &[&str]) -> bool {
    match words.next() {
        Some("(") => {
            let met = any(words, allowed);
            words.next() == Some(")") && met
        }
        Some(licence) if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next().unwrap_or_default();
            allowed.contains(&format!("{licence} WITH {exception}").as_str())
        }
        Some(licence) => allowed.contains(&licence),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const POLICY: &str = "[licenses]\nallow = [\"MIT\", \"ISC\", \"Apache-2.0 WITH LLVM-exception\"]\n\
                          exceptions = [{ crate = \"letters\", allow = [\"OFL-1.1\"] }]\n\
                          [bans]\ndeny = [{ crate = \"openssl-sys\" }]\n";

    fn unlicensed(name: &str, licence: &Value) -> usize {
        let metadata = json!({ "packages": [{ "name": name, "license": licence }] });
        Policy::read(POLICY).unwrap().unlicensed(&metadata).len()
    }

    #[test]
    fn another_tls() {
        let policy = Policy::read(POLICY).unwrap();
        assert_eq!(policy.banned("[[package]]\nname = \"openssl-sys\"\nversion = \"1.0.0\"\n").len(), 1);
        assert!(policy.banned("[[package]]\nname = \"ring\"\nversion = \"1.0.0\"\n").is_empty());
    }

    #[test]
    fn a_crate_under_another_licence_or_under_none() {
        assert_eq!(unlicensed("a", &json!("MIT")), 0);
        assert_eq!(unlicensed("a", &json!("GPL-3.0-only")), 1);
        assert_eq!(unlicensed("a", &Value::Null), 1);
    }

    #[test]
    fn an_exception_holds_for_its_crate() {
        assert_eq!(unlicensed("letters", &json!("MIT AND OFL-1.1")), 0);
        assert_eq!(unlicensed("others", &json!("MIT AND OFL-1.1")), 1);
    }

    #[test]
    fn one_side_of_an_or_is_enough_and_both_of_an_and_are_needed() {
        let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
        for met in
            ["GPL-2.0/MIT", "GPL-2.0 OR (MIT AND ISC)", "(GPL-2.0 OR MIT) AND ISC", "Apache-2.0 WITH LLVM-exception"]
        {
            assert!(satisfied(met, &allowed), "{met}");
        }
        for not in
            ["MIT AND GPL-2.0", "(MIT OR ISC) AND GPL-2.0", "Apache-2.0", "Apache-2.0 WITH", "(MIT", "MIT ISC", ""]
        {
            assert!(!satisfied(not, &allowed), "{not}");
        }
    }

    #[test]
    fn a_policy_without_its_parts_is_no_policy() {
        assert!(Policy::read("[licenses]\nallow = []\n").is_err());
        assert!(Policy::read("[bans]\ndeny = []\n").is_err());
        assert!(Policy::read(&POLICY.replace("{ crate = \"openssl-sys\" }", "\"openssl-sys\"")).is_err());
    }
}
