//! What a stranger may hand in: honest files pass, others are refused for the right reason, and no bytes at all bring
//! the reader down.

use lopdf::{Document, Object, dictionary};
use pdf::{Limits, Refusal, inspect, render};
use proptest::prelude::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/pdf/", $name)).as_slice()
    };
}

const PLAIN: &[u8] = fixture!("plain.pdf");
const HONEST: &[u8] = fixture!("honest.pdf");
const ACTIVE: &[u8] = fixture!("active.pdf");

fn verdict(bytes: &[u8]) -> Result<u32, Refusal> {
    inspect(bytes, &Limits::default()).map(|facts| facts.pages)
}

#[test]
fn links_views_and_form_fields_are_honest() {
    assert_eq!(verdict(HONEST), Ok(2));
    assert_eq!(verdict(PLAIN), Ok(2));
}

#[test]
fn each_bad_file_is_refused_for_its_own_reason() {
    assert_eq!(verdict(fixture!("empty.pdf")), Err(Refusal::Empty));
    assert_eq!(verdict(fixture!("renamed.pdf")), Err(Refusal::NotPdf));
    assert_eq!(verdict(fixture!("truncated.pdf")), Err(Refusal::Damaged));
    assert_eq!(verdict(fixture!("encrypted.pdf")), Err(Refusal::Encrypted));
    assert_eq!(verdict(ACTIVE), Err(Refusal::ActiveContent("JavaScript")));
}

#[test]
fn an_encrypted_file_that_opens_without_a_password_is_encrypted_all_the_same() {
    let mut document = Document::load_mem(PLAIN).expect("our own PDF");
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).expect("a known method");
    document.encrypt(&state).expect("a plain document");
    assert_eq!(verdict(&save(document)), Err(Refusal::Encrypted));
}

#[test]
fn the_limits_are_kept() {
    let limit = |limits: Limits| inspect(HONEST, &limits).map(|facts| facts.pages);
    assert_eq!(limit(Limits { bytes: HONEST.len(), ..Limits::default() }), Ok(2));
    assert_eq!(limit(Limits { bytes: HONEST.len() - 1, ..Limits::default() }), Err(Refusal::TooLarge));
    assert_eq!(limit(Limits { pages: 1, ..Limits::default() }), Err(Refusal::TooManyPages));
    assert_eq!(limit(Limits { objects: 3, ..Limits::default() }), Err(Refusal::Damaged));
    assert_eq!(limit(Limits { inflated: 16, ..Limits::default() }), Err(Refusal::Damaged));
}

/// Found by a reader that looks for objects, listed in no table: nothing may hide behind it.
#[test]
fn what_unpacks_too_far_is_refused_wherever_it_lies() {
    let with = |size: usize| {
        let mut bomb = lopdf::Stream::new(dictionary! { "Type" => "ObjStm", "N" => 1, "First" => 4 }, vec![b' '; size]);
        bomb.compress().expect("spaces can be compressed");
        let mut bytes = [PLAIN, b"\n99 0 obj\n"].concat();
        lopdf::Writer::write_object(&mut bytes, &bomb.into()).expect("writing to memory");
        let table = PLAIN.windows(9).rposition(|window| window == b"startxref").expect("an offset");
        verdict(&[&bytes[..], b"\nendobj\n", &PLAIN[table..]].concat())
    };
    assert_eq!(with(1 << 20), Ok(2));
    assert_eq!(with(Limits::default().inflated + 1), Err(Refusal::Damaged));
}

#[test]
fn only_a_little_white_space_may_follow_the_end() {
    let with = |tail: &[u8]| verdict(&[PLAIN, tail].concat());
    assert_eq!(with(b"\r\n"), Ok(2));
    assert_eq!(with(&[0; 1024]), Ok(2));
    assert_eq!(with(&[0; 1025]), Err(Refusal::Damaged));
    assert_eq!(with(b"\n<html>"), Err(Refusal::Damaged));
    assert_eq!(verdict(&[b" ", PLAIN].concat()), Err(Refusal::NotPdf));
}

#[test]
fn a_document_without_pages_is_refused() {
    let mut document = Document::load_mem(PLAIN).expect("our own PDF");
    let tree = document.catalog().and_then(|catalog| catalog.get(b"Pages")).and_then(Object::as_reference);
    let tree = document.get_dictionary_mut(tree.expect("a page tree")).expect("a page tree");
    tree.set("Kids", Vec::<Object>::new());
    tree.set("Count", 0);
    assert_eq!(verdict(&save(document)), Err(Refusal::NoPages));
}

/// Bytes lost in the middle shift what follows; the file still has a beginning and an end.
#[test]
fn a_file_that_lost_what_a_page_shows_is_damaged() {
    let at = HONEST.windows(6).position(|window| window == b"stream").expect("a stream");
    let mut holed = HONEST.to_vec();
    holed[at - 30..at + 6].fill(b' ');
    assert_eq!(verdict(&holed), Err(Refusal::Damaged));
}

fn save(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("writing to memory");
    bytes
}

/// The plain document with something in its catalog.
fn with(key: &str, value: impl Into<Object>) -> Vec<u8> {
    let mut document = Document::load_mem(PLAIN).expect("our own PDF");
    // By reference, as most writers do.
    let value = document.add_object(value);
    document.catalog_mut().expect("a catalog").set(key, value);
    save(document)
}

fn action(kind: &str) -> Object {
    dictionary! { "Type" => "Action", "S" => kind }.into()
}

#[test]
fn everything_that_acts_by_itself_is_found() {
    let file =
        dictionary! { "Type" => "Filespec", "F" => Object::string_literal("a.exe"), "EF" => dictionary! { "F" => 1 } };
    let cases: [(&str, Object, &str); 12] = [
        ("OpenAction", action("JavaScript"), "JavaScript"),
        ("OpenAction", action("Launch"), "Launch"),
        ("OpenAction", action("SubmitForm"), "SubmitForm"),
        ("OpenAction", action("ImportData"), "ImportData"),
        ("OpenAction", action("GoToR"), "GoToR"),
        ("OpenAction", dictionary! { "S" => "URI", "Next" => vec![action("Launch")] }.into(), "Launch"),
        ("Names", dictionary! { "JavaScript" => dictionary! { "Names" => vec![Object::Null] } }.into(), "JavaScript"),
        ("Names", dictionary! { "EmbeddedFiles" => dictionary! { "Names" => vec![Object::string_literal("a"), file.into()] } }.into(), "EmbeddedFile"),
        ("AA", dictionary! { "WC" => action("GoTo") }.into(), "AA"),
        ("AcroForm", dictionary! { "XFA" => vec![Object::string_literal("template"), Object::Reference((1, 0))] }.into(), "XFA"),
        ("Annots", vec![Object::from(dictionary! { "Subtype" => "RichMedia" })].into(), "RichMedia"),
        ("Unused", lopdf::Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"MZ".to_vec()).into(), "EmbeddedFile"),
    ];
    for (key, value, what) in cases {
        assert_eq!(verdict(&with(key, value.clone())), Err(Refusal::ActiveContent(what)), "{key} {value:?}");
    }
}

#[test]
fn a_name_alone_proves_nothing() {
    let cases: [(&str, Object); 5] = [
        ("Names", dictionary! { "EmbeddedFiles" => dictionary! { "Names" => Vec::<Object>::new() } }.into()),
        (
            "Font",
            dictionary! { "AA" => dictionary! { "Type" => "Font" }, "EF" => dictionary! { "Type" => "Font" } }.into(),
        ),
        ("OpenAction", vec![Object::Reference((1, 0)), "Fit".into()].into()),
        ("AA", lopdf::Dictionary::new().into()),
        ("RoleMap", dictionary! { "Launch" => "P" }.into()),
    ];
    for (key, value) in cases {
        assert_eq!(verdict(&with(key, value.clone())), Ok(2), "{key} {value:?}");
    }
}

/// `/J#61vaScript` is the same name.
#[test]
fn an_escaped_name_is_found() {
    let mut written = Vec::new();
    let mut rest = ACTIVE;
    while let Some(at) = rest.windows(10).position(|window| window == b"JavaScript") {
        written.extend_from_slice(&rest[..at]);
        // The table's offsets no longer fit, and a reader that repairs files opens it all the same.
        written.extend_from_slice(b"J#61vaScript");
        rest = &rest[at + 10..];
    }
    written.extend_from_slice(rest);
    assert_eq!(verdict(&written), Err(Refusal::ActiveContent("JavaScript")));
}

/// A script that a later revision takes away can be brought back by anybody who cuts the file off.
#[test]
fn an_earlier_revision_is_searched() {
    let active = Document::load_mem(ACTIVE).expect("a readable fixture");
    let mut update = lopdf::IncrementalDocument::create_from(ACTIVE.to_vec(), active);
    let previous = update.get_prev_documents();
    let root = previous.trailer.get(b"Root").and_then(Object::as_reference).expect("a catalog");
    let script = previous.catalog().and_then(|catalog| catalog.get(b"OpenAction")).and_then(Object::as_reference);
    let mut catalog = previous.catalog().expect("a catalog").clone();
    catalog.remove(b"OpenAction");
    update.new_document.set_object(root, catalog);
    update.new_document.set_object(script.expect("a script"), Object::Null);
    let mut bytes = Vec::new();
    update.save_to(&mut bytes).expect("writing to memory");
    assert!(bytes.starts_with(ACTIVE) && bytes.len() > ACTIVE.len());
    assert_eq!(verdict(&bytes), Err(Refusal::ActiveContent("JavaScript")));
}

#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Cut(usize, usize),
    Copy(usize, usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => (any::<usize>(), 1usize..200).prop_map(|(at, length)| Change::Cut(at, length)),
        1 => (any::<usize>(), any::<usize>(), 1usize..200).prop_map(|(from, to, length)| Change::Copy(from, to, length)),
    ]
}

fn changed(original: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for change in changes {
        let length = bytes.len().max(1);
        match *change {
            Change::Set(at, byte) => {
                if let Some(place) = bytes.get_mut(at % length) {
                    *place = byte;
                }
            }
            Change::Cut(at, many) => {
                let at = at % length;
                bytes.drain(at.min(bytes.len())..(at + many).min(bytes.len()));
            }
            Change::Copy(from, to, many) => {
                let from = from % length;
                let part = bytes[from.min(bytes.len())..(from + many).min(bytes.len())].to_vec();
                let to = (to % length).min(bytes.len());
                bytes.splice(to..to, part);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn mutated_documents_are_answered(
        which in 0usize..4, changes in proptest::collection::vec(change(), 1..12), draw in 0u8..4,
    ) {
        let original = [PLAIN, HONEST, ACTIVE, fixture!("encrypted.pdf")][which];
        let bytes = changed(original, &changes);
        let _ = inspect(&bytes, &Limits::default());
        // Mutations of the end are refused at once; what lies behind that check is to be reached as well.
        let _ = inspect(&[b"%PDF-1.7\n", &bytes[..], b"\nstartxref\n9\n%%EOF"].concat(), &Limits::default());
        if draw == 0 {
            let _ = render(&bytes, 0, 40);
        }
    }

    #[test]
    fn random_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = inspect(&bytes, &Limits::default());
        let framed = [b"%PDF-1.7\n", &bytes[..], b"\nstartxref\n9\n%%EOF"].concat();
        let _ = inspect(&framed, &Limits::default());
        let _ = render(&framed, 0, 40);
    }
}
