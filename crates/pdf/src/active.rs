//! Looks through every object of a document for what acts by itself: scripts, started programs, embedded files, forms
//! that send data away.
//!
//! An honest link (`/S /URI`), an opening view (`/OpenAction` with `/GoTo`) and form fields are no such thing. Names
//! alone prove nothing, since a font may be called /AA; what counts is a name in the place where a reader would act on
//! it. Refuses to know: what a reader then would do.

use lopdf::{Dictionary, Document, Object};

/// What a dictionary's `/S` (an action's kind, ISO 32000-1 table 198) must not be.
const ACTIONS: [&str; 8] =
    ["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "RichMediaExecute"];

/// PDF's own word for the first active content found in any object of the document, whether or not the pages reach it.
pub(crate) fn find(document: &Document) -> Option<&'static str> {
    document.objects.values().find_map(|object| in_object(document, object)).or_else(|| {
        // The trailer may hold its catalog directly.
        in_dictionary(document, &document.trailer)
    })
}

/// lopdf nests no deeper than 100, so recursion ends.
fn in_object(document: &Document, object: &Object) -> Option<&'static str> {
    match object {
        Object::Array(items) => items.iter().find_map(|item| in_object(document, item)),
        Object::Dictionary(dictionary) => in_dictionary(document, dictionary),
        Object::Stream(stream) => in_dictionary(document, &stream.dict),
        _ => None,
    }
}

fn in_dictionary(document: &Document, dictionary: &Dictionary) -> Option<&'static str> {
    let name = |key: &[u8]| dictionary.get_deref(key, document).and_then(Object::as_name).ok();
    if let Some(action) = name(b"S").and_then(|kind| ACTIONS.into_iter().find(|action| action.as_bytes() == kind)) {
        return Some(action);
    }
    if name(b"Type") == Some(b"EmbeddedFile") || name(b"Subtype") == Some(b"FileAttachment") {
        return Some("EmbeddedFile");
    }
    if name(b"Subtype") == Some(b"RichMedia") {
        return Some("RichMedia");
    }
    dictionary.iter().find_map(|(key, value)| {
        let value_of = || document.dereference(value).map(|(_, value)| value).ok();
        let found = match key.as_slice() {
            // The scripts' name tree, and a script by itself.
            b"JavaScript" => value_of()?.as_dict().is_ok_and(|tree| !tree.is_empty()).then_some("JavaScript"),
            b"JS" => matches!(value_of()?, Object::String(..)).then_some("JavaScript"),
            b"EF" => has_any(value_of()?, &["F", "UF", "DOS", "Mac", "Unix"]).then_some("EmbeddedFile"),
            b"EmbeddedFiles" => has_any(value_of()?, &["Kids"]).then_some("EmbeddedFile"),
            b"RichMediaContent" | b"RichMediaSettings" => Some("RichMedia"),
            b"XFA" => is_something(value_of()?).then_some("XFA"),
            b"AA" => has_triggers(document, value_of()?).then_some("AA"),
            _ => None,
        };
        found.or_else(|| in_object(document, value))
    })
}

fn has_any(object: &Object, keys: &[&str]) -> bool {
    object.as_dict().is_ok_and(|dictionary| keys.iter().any(|key| dictionary.has(key.as_bytes())))
}

fn is_something(object: &Object) -> bool {
    match object {
        Object::Stream(_) => true,
        Object::Array(parts) => !parts.is_empty(),
        _ => false,
    }
}

/// Additional actions (ISO 32000-1, 12.6.3) are a dictionary from trigger to action; an action has an `/S`.
fn has_triggers(document: &Document, object: &Object) -> bool {
    let is_action = |value: &Object| {
        document.dereference(value).is_ok_and(|(_, value)| value.as_dict().is_ok_and(|action| action.has(b"S")))
    };
    object.as_dict().is_ok_and(|triggers| triggers.iter().any(|(_, value)| is_action(value)))
}
