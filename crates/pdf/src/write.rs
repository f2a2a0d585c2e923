//! JPEGs on pages: printpdf lays the pages out, this module carries the pictures' bytes into them unchanged.
//!
//! Refuses to know: what an archive wants besides ([`crate::archive`]), and how a JPEG decodes.

use crate::{
    archive,
    jpeg::{self, Colours, Frame, JpegError},
    metadata::{Metadata, MetadataError, Spelt},
    page::{Arrangement, PageContent, Place, arrange},
};
use printpdf::{
    DictItem, ExternalStream, ExternalXObject, Mm, Op, PdfDocument, PdfPage, PdfSaveOptions, Pt, XObject, XObjectId,
    XObjectTransform,
};
use printpdf_lopdf::{Dictionary, Document, Object, ObjectId, dictionary};
use sha2::{Digest, Sha256};

/// Why no PDF was written. Pages count from 1.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("a document needs a page")]
    NoPages,
    #[error("page {page}: {reason}")]
    Picture { page: usize, reason: JpegError },
    #[error("page {page}: paper must be between 1.1 and 5079 millimetres on each side")]
    Paper { page: usize },
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error("the PDF could not be put together: {0}")]
    Assembly(#[from] printpdf_lopdf::Error),
    #[error("the PDF could not be written out: {0}")]
    Save(#[from] std::io::Error),
}

/// Writes one PDF (1.7, laid out for PDF/A-2b) with a page for each of `pages`.
///
/// Deterministic: the same pages and metadata give the same bytes. Every JPEG stands in the result byte for byte. Costs
/// about twice the size of the pictures in memory, the result included.
pub fn write(pages: &[PageContent<'_>], metadata: &Metadata<'_>) -> Result<Vec<u8>, WriteError> {
    if pages.is_empty() {
        return Err(WriteError::NoPages);
    }
    let metadata = Spelt::new(metadata)?;
    let sheets =
        pages.iter().enumerate().map(|(index, page)| Sheet::new(index + 1, page)).collect::<Result<Vec<_>, _>>()?;

    let mut document = lay_out(&sheets);
    let catalog = document.trailer.get(b"Root").and_then(Object::as_reference)?;
    tidy(&mut document, catalog)?;
    let identity = identity(&sheets, &metadata);
    archive::finish(&mut document, catalog, &metadata, identity)?;
    document.prune_objects();
    document.renumber_objects();
    save(document, &sheets)
}

/// A page with its pictures read and placed.
struct Sheet<'a> {
    arrangement: Arrangement,
    pictures: Vec<(XObjectId, Frame, &'a [u8])>,
}

impl<'a> Sheet<'a> {
    fn new(number: usize, page: &PageContent<'a>) -> Result<Self, WriteError> {
        if page.paper.is_some_and(|paper| !paper.is_possible()) {
            return Err(WriteError::Paper { page: number });
        }
        let pictures = (1..)
            .zip(page.layout.faces())
            .map(|(face, jpeg)| Ok((XObjectId(format!("P{number}F{face}")), jpeg::frame(jpeg)?, jpeg)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|reason| WriteError::Picture { page: number, reason })?;
        let pixels: Vec<_> =
            pictures.iter().map(|(_, frame, _)| (u32::from(frame.width), u32::from(frame.height))).collect();
        Ok(Self { arrangement: arrange(page, &pixels), pictures })
    }
}

/// The document as printpdf sees it, its pictures still empty: printpdf copies every stream it is given, so the JPEGs
/// are put in afterwards.
fn lay_out(sheets: &[Sheet<'_>]) -> Document {
    let mut document = PdfDocument::new("");
    for sheet in sheets {
        let mut ops = Vec::with_capacity(sheet.pictures.len());
        for ((id, frame, _), place) in sheet.pictures.iter().zip(&sheet.arrangement.places) {
            document.resources.xobjects.map.insert(id.clone(), XObject::External(picture(*frame)));
            ops.push(Op::UseXobject { id: id.clone(), transform: transform(*place) });
        }
        document.pages.push(PdfPage::new(Mm(sheet.arrangement.width), Mm(sheet.arrangement.height), ops));
    }
    let options = PdfSaveOptions { optimize: false, image_optimization: None, ..PdfSaveOptions::default() };
    // The operations are our own; there is nothing printpdf could warn about.
    document.to_lopdf_document(&options, &mut Vec::new())
}

fn picture(frame: Frame) -> ExternalXObject {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let colours = match frame.colours {
        Colours::Grey => "DeviceGray",
        Colours::Rgb => "DeviceRGB",
    };
    let dict = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(frame.width.into())),
        ("Height", DictItem::Int(frame.height.into())),
        ("ColorSpace", name(colours)),
        ("BitsPerComponent", DictItem::Int(8)),
        ("Filter", name("DCTDecode")),
    ];
    ExternalXObject {
        stream: ExternalStream {
            dict: dict.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            content: Vec::new(),
            compress: false,
        },
        width: None,
        height: None,
        dpi: None,
    }
}

/// An image fills the unit square; this moves it to its place.
fn transform(place: Place) -> XObjectTransform {
    let points = |millimetres: f32| Pt::from(Mm(millimetres));
    XObjectTransform {
        translate_x: Some(points(place.left)),
        translate_y: Some(points(place.bottom)),
        scale_x: Some(points(place.width).0),
        scale_y: Some(points(place.height).0),
        no_auto_scale: true,
        ..XObjectTransform::default()
    }
}

/// printpdf gives every page one list of all pictures, empty lists of fonts and shadings and no annotations at all;
/// afterwards a page names what stands on it and nothing else, so it can be taken out of the document.
fn tidy(document: &mut Document, catalog: ObjectId) -> Result<(), WriteError> {
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let all = document.get_dictionary(pages[0]).and_then(|page| page.get(b"Resources"))?.clone();
    let all = document.dereference(&all)?.1.as_dict()?.get(b"XObject")?.clone();
    let all: Vec<(Vec<u8>, Object)> =
        document.dereference(&all)?.1.as_dict()?.iter().map(|(name, id)| (name.clone(), id.clone())).collect();
    for (number, page) in (1..).zip(pages) {
        let prefix = format!("P{number}F");
        let own: Dictionary = all.iter().filter(|(name, _)| name.starts_with(prefix.as_bytes())).cloned().collect();
        let page = document.get_dictionary_mut(page)?;
        page.set("Resources", dictionary! { "XObject" => own });
        page.remove(b"Annots");
    }
    let catalog = document.get_dictionary_mut(catalog)?;
    catalog.remove(b"PageLayout");
    catalog.remove(b"PageMode");
    Ok(())
}

/// Puts every JPEG into its stream and writes the document out.
fn save(mut document: Document, sheets: &[Sheet<'_>]) -> Result<Vec<u8>, WriteError> {
    let mut size = 8192;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    for (page, sheet) in pages.into_iter().zip(sheets) {
        for (name, _, jpeg) in &sheet.pictures {
            let resources = document.get_dictionary(page)?.get(b"Resources")?.as_dict()?;
            let id = resources.get(b"XObject")?.as_dict()?.get(name.0.as_bytes())?.as_reference()?;
            document.get_object_mut(id)?.as_stream_mut()?.set_content(jpeg.to_vec());
            size += jpeg.len() + 1024;
        }
    }
    let mut bytes = Vec::with_capacity(size);
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// From everything the document says, so that two documents differ in it wherever they differ at all.
fn identity(sheets: &[Sheet<'_>], metadata: &Spelt) -> [u8; 16] {
    let mut hash = Sha256::new();
    for text in [&metadata.title, &metadata.language, &metadata.pdf_date(), metadata.author.as_deref().unwrap_or("")] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    for sheet in sheets {
        hash.update(sheet.arrangement.width.to_be_bytes());
        hash.update(sheet.arrangement.height.to_be_bytes());
        for (_, _, jpeg) in &sheet.pictures {
            hash.update((jpeg.len() as u64).to_be_bytes());
            hash.update(jpeg);
        }
    }
    let digest: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|index| digest[index])
}
