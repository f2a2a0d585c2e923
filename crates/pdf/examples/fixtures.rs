//! Makes the PDFs under `tests/fixtures/pdf`: `cargo run -p pdf --example fixtures -- tests/fixtures/pdf`.
//!
//! Running it again changes nothing but the encrypted one, whose keys lopdf draws anew.

use lopdf::{Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};
use pdf::{Layout, Metadata, PageContent, PaperSize};
use std::{error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("where to? name a folder")?);
    fs::create_dir_all(&folder)?;
    let jpeg = picture()?;
    let plain = plain(&jpeg)?;
    let files = [
        ("plain.pdf", plain.clone()),
        ("honest.pdf", honest()?),
        ("active.pdf", active()?),
        ("encrypted.pdf", encrypted()?),
        ("truncated.pdf", plain[..plain.len() * 2 / 3].to_vec()),
        ("empty.pdf", Vec::new()),
        ("renamed.pdf", jpeg),
    ];
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// A picture with something on it: a sheet with a dark heading and lines.
fn picture() -> Result<Vec<u8>, Box<dyn Error>> {
    let is_ink = |x: u32, y: u32| {
        let heading = (40..260).contains(&x) && (40..70).contains(&y);
        let line = (40..380).contains(&x) && (110..540).contains(&y) && y % 20 < 4;
        heading || line
    };
    let sheet = image::RgbImage::from_fn(420, 594, |x, y| {
        image::Rgb(if is_ink(x, y) { [40, 45, 60] } else { [250, 249, 244] })
    });
    let mut jpeg = Vec::new();
    image::DynamicImage::from(sheet)
        .write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85))?;
    Ok(jpeg)
}

/// One of ours.
fn plain(jpeg: &[u8]) -> Result<Vec<u8>, pdf::WriteError> {
    let page = PageContent { layout: Layout::Full(jpeg), paper: Some(PaperSize::A4) };
    let metadata = Metadata { title: "Facture", language: "fr", author: None, created: 1_795_515_300 };
    pdf::write(&[page, page], &metadata)
}

/// Two pages of text as an office program writes them, by object streams: with a link to the web, an opening view and
/// a form field that does nothing. All of it may be taken.
fn honest() -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut document, pages) = text(&["A bill", "Page two"]);
    let link = document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => vec![50.into(), 700.into(), 200.into(), 720.into()],
        "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.org/bill") },
    });
    document.get_dictionary_mut(pages[0])?.set("Annots", vec![Object::Reference(link)]);
    let catalog = document.catalog_mut()?;
    catalog.set(
        "OpenAction",
        dictionary! {
            "S" => "GoTo",
            "D" => vec![Object::Reference(pages[0]), "Fit".into()],
        },
    );
    catalog.set(
        "AcroForm",
        dictionary! {
            "Fields" => vec![Object::Dictionary(dictionary! { "FT" => "Tx", "T" => Object::string_literal("name") })],
        },
    );
    let mut bytes = Vec::new();
    document.save_modern(&mut bytes)?;
    Ok(bytes)
}

/// The same, and a script that runs when it is opened.
fn active() -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut document, _) = text(&["A bill"]);
    let script = document.add_object(dictionary! {
        "S" => "JavaScript",
        "JS" => Object::string_literal("app.alert('hello')"),
    });
    document.catalog_mut()?.set("OpenAction", script);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// Opens with the password `secret` only.
fn encrypted() -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut document, _) = text(&["A secret bill"]);
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "secret",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version)?;
    document.encrypt(&state)?;
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

fn text(lines: &[&str]) -> (Document, Vec<lopdf::ObjectId>) {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let pages: Vec<_> = lines
        .iter()
        .map(|line| {
            let content = format!("BT /F1 24 Tf 50 700 Td ({line}) Tj ET").into_bytes();
            let content = document.add_object(Stream::new(Dictionary::new(), content));
            document.add_object(dictionary! {
                "Type" => "Page",
                "Parent" => tree,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
                "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
                "Contents" => content,
            })
        })
        .collect();
    let kids: Vec<Object> = pages.iter().copied().map(Object::Reference).collect();
    document.set_object(tree, dictionary! { "Type" => "Pages", "Count" => kids.len() as i64, "Kids" => kids });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    (document, pages)
}
