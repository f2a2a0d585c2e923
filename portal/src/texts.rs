//! Every word a person reads, from the one source in `texts/`.

use std::{collections::HashMap, sync::LazyLock};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    En,
    Fr,
    De,
}

type Words = HashMap<String, String>;

static EN: LazyLock<Words> = LazyLock::new(|| parse(include_str!("../../texts/en.json")));
static FR: LazyLock<Words> = LazyLock::new(|| parse(include_str!("../../texts/fr.json")));
static DE: LazyLock<Words> = LazyLock::new(|| parse(include_str!("../../texts/de.json")));

fn parse(json: &str) -> Words {
    // The files are compiled in and checked by a test; an empty table would show keys instead of words.
    serde_json::from_str(json).unwrap_or_default()
}

impl Language {
    pub const ALL: [Language; 3] = [Language::En, Language::Fr, Language::De];

    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Fr => "fr",
            Language::De => "de",
        }
    }

    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(language.tag())))
    }

    /// First of an `Accept-Language` list that we have; English otherwise. Weights are taken as sorted, as browsers send them.
    pub fn negotiate(accepted: &str) -> Self {
        accepted.split(',').find_map(|part| Self::from_tag(part.trim())).unwrap_or(Language::En)
    }

    /// The text of a key; the key itself where it is missing, which a test forbids.
    pub fn text(self, key: &str) -> &'static str {
        let words: &'static Words = match self {
            Language::En => &EN,
            Language::Fr => &FR,
            Language::De => &DE,
        };
        words.get(key).map_or_else(|| missing(key), String::as_str)
    }

    /// Text with `{name}` placeholders filled.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.text(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// `key.one` or `key.other`, with `{count}` and the other placeholders filled. French counts 0 as one (CLDR).
    pub fn count(self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        let one = count == 1 || self == Language::Fr && count == 0;
        let text = self.fill(&format!("{key}.{}", if one { "one" } else { "other" }), values);
        text.replace("{count}", &count.to_string())
    }
}

fn missing(key: &str) -> &'static str {
    tracing::error!(key, "a text is missing");
    "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_known_language_wins() {
        assert_eq!(Language::negotiate("lb,fr-LU;q=0.9,en;q=0.8"), Language::Fr);
        assert_eq!(Language::negotiate("de-DE"), Language::De);
        assert_eq!(Language::negotiate("é"), Language::En);
    }

    #[test]
    fn every_language_has_the_same_keys() {
        assert!(!EN.is_empty());
        for words in [&*FR, &*DE] {
            let mut missing: Vec<_> = EN.keys().filter(|key| !words.contains_key(*key)).collect();
            missing.sort();
            assert!(missing.is_empty(), "{missing:?}");
            assert_eq!(words.len(), EN.len());
        }
    }
}
