//! `cargo xtask texts`: the one source of every word, checked, and the screens' typed record of it.
//!
//! Knows keys, placeholders and where keys are named; knows no language's grammar. The portal compiles `texts/*.json` in.

use anyhow::{Context, Result, ensure};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::{committed, files, phone_texts};

const LANGUAGES: [&str; 3] = ["en", "fr", "de"];
const RECORD: &str = "ui/src/bindings/texts.ts";
/// Where keys are named, apart from tests.
const NAMED_IN: &[&str] = &["ui/src/", "portal/src/", "portal/templates/", "src-tauri/src/"];
const NOT_NAMED_IN: &[&str] = &["ui/src/bindings/", "ui/src/tests/"];
/// Files of the portal's data folder, whose names look like keys.
const FILE_NAMES: &[&str] = &["portal.key", "portal.sqlite"];
const FAMILIES: &[&str] = &["label.", "app.", "portal.", "problem.", "reason."];

/// The help article's labels, to the letter, with their translations; screens and portal name them by these keys.
#[rustfmt::skip]
const LABELS: &[(&str, [&str; 3])] = &[
    ("label.my_procedures", ["My procedures", "Mes démarches", "Meine Vorgänge"]),
    ("label.add_supporting_document", ["Add a supporting document", "Ajouter un justificatif", "Einen Beleg hinzufügen"]),
    ("label.attach_supporting_document", ["Attach a supporting document", "Joindre un justificatif", "Einen Beleg anhängen"]),
    ("label.attach", ["Attach", "Joindre", "Anhängen"]),
    ("label.replace", ["Replace", "Remplacer", "Ersetzen"]),
    ("label.my_mobile_app", ["My mobile app", "Mon application mobile", "Meine mobile App"]),
    ("label.generate", ["Generate", "Générer", "Generieren"]),
    ("label.add_document", ["Add a document", "Ajouter un document", "Dokument hinzufügen"]),
    ("label.continue", ["Continue", "Continuer", "Weiter"]),
    ("label.take_picture", ["Take a picture", "Prendre une photo", "Foto aufnehmen"]),
    ("label.select_file", ["Select a file", "Sélectionner un fichier", "Datei auswählen"]),
    ("label.add_picture", ["Add a picture", "Ajouter une photo", "Foto hinzufügen"]),
    ("label.end", ["End", "Terminer", "Beenden"]),
    ("label.confirm", ["Confirm", "Confirmer", "Bestätigen"]),
    ("label.return_home", ["Return to home screen", "Retour à l'écran d'accueil", "Zurück zum Startbildschirm"]),
    ("label.link_device", ["Link your device", "Coupler votre appareil", "Gerät koppeln"]),
    ("label.activate_biometrics", ["Activate biometrics", "Activer la biométrie", "Biometrie aktivieren"]),
    ("label.skip_step", ["Skip this step", "Passer cette étape", "Schritt überspringen"]),
    ("label.in_preparation", ["In preparation", "En préparation", "Wird vorbereitet"]),
];

type Words = BTreeMap<String, String>;

/// Checks the texts and writes the screens' record, or with `check` compares it.
pub fn generate(root: &Path, check: bool) -> Result<()> {
    let mut all = Vec::new();
    for language in LANGUAGES {
        let name = format!("texts/{language}.json");
        let json = fs::read_to_string(root.join(&name)).with_context(|| name.clone())?;
        all.push(read(&json).with_context(|| name)?);
    }
    let mut names = Names::default();
    for file in files::tracked(root)? {
        if named_in(&file.path) {
            names.collect(&file.text);
        }
    }
    let mut problems = compare(&all);
    problems.extend(wrong_labels(&all));
    problems.extend(names.compare(&all[0]));
    ensure!(problems.is_empty(), "texts/*.json:\n  {}", problems.join("\n  "));
    committed::write_or_compare(&root.join(RECORD), &record(&all)?, check)?;
    phone_texts::generate(root, check)
}

fn named_in(path: &str) -> bool {
    NAMED_IN.iter().any(|folder| path.starts_with(folder))
        && !NOT_NAMED_IN.iter().any(|folder| path.starts_with(folder))
}

fn read(json: &str) -> Result<Words> {
    let words: Words = serde_json::from_str(json)?;
    let lines = json.lines().filter(|line| line.trim_start().starts_with('"')).count();
    ensure!(lines == words.len(), "{lines} lines make {} keys: one stands twice, or shares a line", words.len());
    Ok(words)
}

/// Same keys, same placeholders, no empty text.
fn compare(all: &[Words]) -> Vec<String> {
    let mut problems = Vec::new();
    let keys: BTreeSet<&String> = all.iter().flat_map(Words::keys).collect();
    for key in keys {
        let texts: Vec<Option<&String>> = all.iter().map(|words| words.get(key)).collect();
        for (language, text) in LANGUAGES.iter().zip(&texts) {
            match text {
                None => problems.push(format!("{key} is missing in {language}")),
                Some(text) if text.trim().is_empty() => problems.push(format!("{key} is empty in {language}")),
                Some(_) => {}
            }
        }
        let holes: BTreeSet<_> = texts.iter().flatten().map(|text| placeholders(text)).collect();
        // "One page" may leave the number out where "{n} pages" has it, in some languages only.
        if holes.len() > 1 && !key.ends_with(".one") {
            problems.push(format!("{key} has other placeholders in another language: {holes:?}"));
        }
        if let Some(stem) = key.strip_suffix(".one")
            && !all[0].contains_key(&format!("{stem}.other"))
        {
            problems.push(format!("{key} has no {stem}.other"));
        }
    }
    problems
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn wrong_labels(all: &[Words]) -> Vec<String> {
    let mut problems = Vec::new();
    for (key, labels) in LABELS {
        for ((language, words), label) in LANGUAGES.iter().zip(all).zip(labels) {
            if words.get(*key).map(String::as_str) != Some(label) {
                problems.push(format!("{key} is not '{label}' in {language}"));
            }
        }
    }
    problems
}

/// The keys that code and templates name.
#[derive(Default)]
struct Names {
    whole: BTreeSet<String>,
    /// What stands before and after a computed part: `problem.${kind}.title`.
    computed: BTreeSet<(String, String)>,
}

impl Names {
    /// Takes every literal that starts like a key.
    fn collect(&mut self, source: &str) {
        for (start, quote) in source.match_indices(['"', '\'', '`']) {
            let rest = &source[start + 1..];
            if !FAMILIES.iter().any(|family| rest.starts_with(family)) {
                continue;
            }
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if FILE_NAMES.contains(&name) {
                continue;
            }
            if after.starts_with(quote) {
                self.whole.insert(name.to_owned());
            } else if let Some(literal) = computed(after, quote) {
                self.computed.insert((name.to_owned(), literal.to_owned()));
            }
        }
    }

    fn compare(&self, words: &Words) -> Vec<String> {
        let exists = |name: &str| words.contains_key(name) || words.contains_key(&format!("{name}.other"));
        let unknown =
            self.whole.iter().filter(|name| !exists(name)).map(|name| format!("{name} is named but does not exist"));
        let unused = words.keys().filter(|key| !self.names(key)).map(|key| format!("{key} is named nowhere"));
        unknown.chain(unused).collect()
    }

    fn names(&self, key: &str) -> bool {
        let stem = key.strip_suffix(".one").or_else(|| key.strip_suffix(".other")).unwrap_or(key);
        let computed = |(before, after): &(String, String)| {
            [key, stem].iter().any(|name| name.strip_prefix(before.as_str()).is_some_and(|rest| rest.ends_with(after)))
        };
        // The article's labels stay even before the screen that shows one.
        key.starts_with("label.")
            || self.whole.contains(key)
            || self.whole.contains(stem)
            || self.computed.iter().any(computed)
    }
}

/// What follows the computed part up to the closing quote, where there is exactly one such part.
fn computed<'a>(after: &'a str, quote: &str) -> Option<&'a str> {
    let (part, _) = after.split_once(quote).filter(|_| after.starts_with("${") || after.starts_with('{'))?;
    Some(part.rsplit_once('}')?.1)
}

/// TypeScript: the app's words in every language; a key that does not exist does not compile.
fn record(all: &[Words]) -> Result<String> {
    let mut record = String::from(
        "// This file was generated by `cargo xtask texts` from texts/*.json. Do not edit this file manually.\n\
         import type { Language } from \"./Language\";\n",
    );
    for (language, words) in LANGUAGES.iter().zip(all) {
        let shape = if *language == "en" { "" } else { ": Record<TextKey, string>" };
        record += &format!("\nconst {language}{shape} = {{\n");
        for (key, text) in words.iter().filter(|(key, _)| !key.starts_with("portal.")) {
            record += &format!("  {}: {},\n", serde_json::to_string(key)?, serde_json::to_string(text)?);
        }
        record += "};\n";
        if *language == "en" {
            record += "\nexport type TextKey = keyof typeof en;\n";
        }
    }
    record += "\nexport const words: Record<Language, Record<TextKey, string>> = { en, fr, de };\n";
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pairs: &[(&str, &str)]) -> Words {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_missing_key_an_empty_text_and_another_placeholder_are_found() {
        let en = words(&[("app.a", "{n} of {total}"), ("app.b", "B"), ("app.c", "C")]);
        let fr = words(&[("app.a", "{n} sur {totale}"), ("app.b", " "), ("app.c", "C")]);
        let de = words(&[("app.a", "{n} von {total}"), ("app.b", "B")]);
        let problems = compare(&[en.clone(), fr, de]);
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(compare(&[en.clone(), en.clone(), en]).is_empty());
    }

    #[test]
    fn a_plural_needs_both_forms() {
        let en = words(&[("app.pages.one", "One page")]);
        assert_eq!(compare(&[en.clone(), en.clone(), en]), ["app.pages.one has no app.pages.other"]);
    }

    #[test]
    fn a_key_that_stands_twice_is_found() {
        assert!(read("{\n  \"app.a\": \"A\",\n  \"app.a\": \"B\"\n}\n").is_err());
    }

    #[test]
    fn a_changed_label_is_found() {
        let mut en: Words = LABELS.iter().map(|(key, texts)| ((*key).to_owned(), texts[0].to_owned())).collect();
        let of = |language: usize| {
            LABELS.iter().map(|(key, texts)| ((*key).to_owned(), texts[language].to_owned())).collect()
        };
        assert!(wrong_labels(&[en.clone(), of(1), of(2)]).is_empty());
        en.insert("label.end".to_owned(), "Finish".to_owned());
        assert_eq!(wrong_labels(&[en, of(1), of(2)]), ["label.end is not 'End' in en"]);
    }

    #[test]
    fn keys_are_found_in_code_and_templates_and_computed_ones_by_their_ends() {
        let mut names = Names::default();
        names.collect("say('app.a'); count('app.pages', 3); say(`problem.${kind}.title`); {{ t(\"portal.b\") }}");
        names.collect("language.text(&format!(\"portal.trouble.{}.next\", self.key)); `app.hint.${hint}`");
        let known = words(&[
            ("app.a", ""),
            ("app.pages.one", ""),
            ("app.pages.other", ""),
            ("problem.file.title", ""),
            ("portal.b", ""),
            ("portal.trouble.lost.next", ""),
            ("app.hint.glare", ""),
            ("label.later", ""),
        ]);
        assert!(names.compare(&known).is_empty(), "{:?}", names.compare(&known));
        let mut fewer = known.clone();
        fewer.remove("app.a");
        fewer.insert("problem.file.reason".to_owned(), String::new());
        assert_eq!(
            names.compare(&fewer),
            ["app.a is named but does not exist", "problem.file.reason is named nowhere"]
        );
    }

    #[test]
    fn the_record_holds_the_apps_words_only() {
        let en = words(&[("app.a", "It's “A”"), ("portal.b", "B")]);
        let record = record(&[en.clone(), en.clone(), en]).unwrap();
        assert!(record.contains("  \"app.a\": \"It's “A”\",\n"));
        assert!(!record.contains("portal"));
    }
}
