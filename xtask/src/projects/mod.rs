//! The phones' projects without a phone: what stands in several files says the same in all of them. Part of `check-mobile`.
//!
//! Every rule is a function from the repository's text to sentences about what is wrong, and brings mutations of that text which it
//! must find, so that a rule that has gone blind fails too. Knows the files' formats; knows nothing about what the app does.

mod android;
mod apple;
mod bridge;
mod identity;
mod permissions;
mod words;

use anyhow::{Context, Result, ensure};
use std::{collections::BTreeMap, path::Path};

use crate::files;

/// What is wrong, in sentences; an error where a file cannot be read as what it is.
type Find = fn(&Files) -> Result<Vec<String>>;

struct Rule {
    name: &'static str,
    find: Find,
    controls: &'static [Control],
}

/// The negative control: with `wrong` in the place of `right`, the rule must find something.
struct Control {
    path: &'static str,
    right: &'static str,
    wrong: &'static str,
}

/// The repository's texts by their paths.
#[derive(Clone)]
struct Files(BTreeMap<String, String>);

impl Files {
    fn read(root: &Path) -> Result<Self> {
        Ok(Self(files::tracked(root)?.into_iter().map(|file| (file.path, file.text)).collect()))
    }

    fn text(&self, path: &str) -> Result<&str> {
        self.0.get(path).map(String::as_str).with_context(|| format!("{path} is not there"))
    }

    /// Those below a folder whose names end so.
    fn below<'a>(&'a self, folder: &'a str, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let found = self.0.iter().filter(move |(path, _)| path.starts_with(folder) && path.ends_with(end));
        found.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The same with one text changed.
    fn with(&self, control: &Control) -> Result<Self> {
        let text = self.text(control.path)?;
        ensure!(text.contains(control.right), "{} has no '{}' to mutate", control.path, control.right);
        let mut changed = self.clone();
        changed.0.insert(control.path.to_owned(), text.replacen(control.right, control.wrong, 1));
        Ok(changed)
    }
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    [identity::RULES, android::RULES, permissions::RULES, apple::RULES, words::RULES, bridge::RULES]
        .into_iter()
        .flatten()
}

/// Holds the projects together, then makes sure that every rule still sees.
pub fn check(root: &Path) -> Result<()> {
    let files = Files::read(root)?;
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = (rule.find)(&files).with_context(|| rule.name)?;
        wrong.extend(found.into_iter().map(|sentence| format!("{}: {sentence}", rule.name)));
    }
    ensure!(wrong.is_empty(), "the phones' projects:\n  {}", wrong.join("\n  "));
    for rule in rules() {
        blind(rule, &files)?;
    }
    println!("check-mobile: {} rules of the phones' projects, each with its controls", rules().count());
    Ok(())
}

/// A rule that does not find its own mutations checks nothing.
fn blind(rule: &Rule, files: &Files) -> Result<()> {
    ensure!(!rule.controls.is_empty(), "{}: no control", rule.name);
    for control in rule.controls {
        let found = (rule.find)(&files.with(control)?).with_context(|| format!("with '{}'", control.wrong))?;
        ensure!(!found.is_empty(), "{} does not see '{}' in {}", rule.name, control.wrong, control.path);
    }
    Ok(())
}

/// Says so when two places differ.
fn differ(what: &str, here: &str, said: &str, there: &str, expected: &str) -> Option<String> {
    (said != expected).then(|| format!("{what} is '{said}' in {here}, but '{expected}' in {there}"))
}

/// The first text between the two.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> Files {
        Files::read(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).unwrap()
    }

    #[test]
    fn the_repository_holds_every_rule_and_every_rule_sees_its_controls() {
        let files = repository();
        for rule in rules() {
            assert_eq!((rule.find)(&files).unwrap(), Vec::<String>::new(), "{}", rule.name);
            blind(rule, &files).unwrap();
        }
    }

    #[test]
    fn a_rule_that_sees_nothing_is_found() {
        let control = Control { path: "src-tauri/portals.toml", right: "link.folio.example", wrong: "other.example" };
        let controls = std::slice::from_ref(Box::leak(Box::new(control)));
        assert!(blind(&Rule { name: "blind", find: |_| Ok(Vec::new()), controls }, &repository()).is_err());
        assert!(blind(&Rule { name: "without", find: |_| Ok(Vec::new()), controls: &[] }, &repository()).is_err());
    }

    #[test]
    fn a_control_that_changes_nothing_is_found() {
        let control = Control { path: "src-tauri/portals.toml", right: "not there", wrong: "" };
        assert!(repository().with(&control).is_err());
    }
}
