//! A screen has one name everywhere: view, folder of the UI, table of flows.

use super::*;
use std::{collections::BTreeSet, fs, path::Path};

/// The name TypeScript sees.
pub fn name_of_view(view: &View) -> String {
    let json = serde_json::to_value(view).unwrap();
    json["screen"].as_str().unwrap().to_owned()
}

fn names() -> BTreeSet<String> {
    // The lock is not on the way anywhere, so it is no view; it has a folder and its rows all the same.
    let views = every_screen().into_iter().map(|world| name_of_view(&world.view()));
    views.chain(["unlock".to_owned()]).collect()
}

#[test]
fn every_screen_has_its_view() {
    for world in every_screen() {
        assert_eq!(name_of_view(&world.view()), world.screen());
    }
    assert_eq!(names().len(), 18);
}

#[test]
fn every_screen_has_its_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/screens");
    let entries = fs::read_dir(&folder).expect("ui/src/screens").map(|entry| entry.unwrap());
    let folders: BTreeSet<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().replace('-', "_"))
        .collect();
    assert_eq!(names(), folders);
}

#[test]
fn every_screen_is_in_the_table_of_flows() {
    let docs = include_str!("../../../../docs/flows/README.md");
    for name in names() {
        assert!(docs.contains(&format!("| `{name}` |")), "{name}");
    }
}
