//! Words that the system shows in the app's name, outside of the screens.

use driver::journey::intent::Language;
use std::{collections::HashMap, sync::LazyLock};

type Words = HashMap<String, String>;

static WORDS: LazyLock<[Words; 3]> = LazyLock::new(|| {
    [include_str!("../../texts/en.json"), include_str!("../../texts/fr.json"), include_str!("../../texts/de.json")]
        .map(|json| serde_json::from_str(json).unwrap_or_default())
});

/// The text of a key in a language; `None`: the system's, else English.
pub(crate) fn text(language: Option<Language>, key: &str) -> String {
    let words = match language.or_else(of_the_system).unwrap_or(Language::En) {
        Language::En => &WORDS[0],
        Language::Fr => &WORDS[1],
        Language::De => &WORDS[2],
    };
    // A sheet without words is refused by the system; the app's name is at least true.
    words.get(key).cloned().unwrap_or_else(|| "Folio".to_owned())
}

fn of_the_system() -> Option<Language> {
    sys_locale::get_locales().find_map(|locale| match locale.split(['-', '_']).next() {
        Some("en") => Some(Language::En),
        Some("fr") => Some(Language::Fr),
        Some("de") => Some(Language::De),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_sheets_have_words_in_every_language() {
        for key in ["app.lock.prompt.unlock", "app.lock.prompt.activate", "app.cancel"] {
            for language in [Language::En, Language::Fr, Language::De] {
                assert_ne!(text(Some(language), key), "Folio", "{key}");
            }
        }
        assert_ne!(
            text(Some(Language::Fr), "app.lock.prompt.unlock"),
            text(Some(Language::De), "app.lock.prompt.unlock")
        );
    }
}
