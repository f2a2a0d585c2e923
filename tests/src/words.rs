//! What screens and pages say, looked up as they do it: in `texts/`, the one source of every word.

use anyhow::{Context, Result, ensure};
use driver::journey::{LockTrouble, Trouble, view::Notice};
use std::{collections::HashMap, sync::LazyLock};

type Words = HashMap<String, String>;

static LANGUAGES: LazyLock<[(&str, Words); 3]> = LazyLock::new(|| {
    let read = |json| serde_json::from_str(json).unwrap_or_default();
    [
        ("en", read(include_str!("../../texts/en.json"))),
        ("fr", read(include_str!("../../texts/fr.json"))),
        ("de", read(include_str!("../../texts/de.json"))),
    ]
});

/// The English text of a key.
pub fn english(key: &str) -> Result<&'static str> {
    let (_, words) = &LANGUAGES[0];
    Ok(words.get(key).with_context(|| format!("{key} has no words"))?)
}

/// What happened, why and what to do has words in every language: the keys of `explain` in `ui/src/words.svelte.ts`.
pub fn explain(trouble: Trouble) -> Result<()> {
    let trouble = serde_json::to_value(trouble)?;
    let kind = trouble["kind"].as_str().context("a trouble has a kind")?;
    said(&format!("problem.{kind}.title"))?;
    said(&format!("problem.{kind}.next"))?;
    trouble["reason"].as_str().map_or(Ok(()), |reason| said(&format!("reason.{reason}")))
}

/// The same for what lies on top of a screen, as `ui/src/components/Toast.svelte` says it.
pub fn tell(notice: &Notice) -> Result<()> {
    if let Notice::Trouble { trouble } = notice {
        return explain(*trouble);
    }
    let notice = serde_json::to_value(notice)?;
    said(&format!("app.notice.{}", notice["kind"].as_str().context("a notice has a kind")?))
}

/// Why the lock does not open has words too.
pub fn refuse(trouble: LockTrouble) -> Result<()> {
    let trouble = serde_json::to_value(trouble)?;
    let name = trouble.as_str().context("a trouble has a name")?;
    said(&format!("app.lock.trouble.{name}.title"))?;
    said(&format!("app.lock.trouble.{name}.next"))
}

fn said(key: &str) -> Result<()> {
    for (language, words) in &*LANGUAGES {
        let text = words.get(key).with_context(|| format!("{key} is missing in {language}"))?;
        ensure!(!text.trim().is_empty(), "{key} is empty in {language}");
    }
    Ok(())
}
