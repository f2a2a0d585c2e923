//! The finishing step: what an archive asks of a PDF beyond its pages (PDF/A-2b, ISO 19005-2).
//!
//! printpdf's own conformance setting writes a print profile and XMP that breaks on `&`, so it stays off and this step
//! adds the sRGB output intent, XMP in step with the information dictionary, /ID, language and title. Refuses to know:
//! pictures and where they stand.

use crate::{
    metadata::{Spelt, escape_xml, text_string},
    srgb,
};
use printpdf_lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

/// PDF/A-2 builds on ISO 32000-1.
const VERSION: &str = "1.7";
const PRODUCER: &str = concat!("Folio ", env!("CARGO_PKG_VERSION"));

/// Puts everything on `document` that its catalog and trailer must say. `identity` goes into /ID: 16 bytes that differ
/// wherever documents do.
pub(crate) fn finish(
    document: &mut Document,
    catalog: ObjectId,
    metadata: &Spelt,
    identity: [u8; 16],
) -> Result<(), printpdf_lopdf::Error> {
    document.version = VERSION.to_owned();
    let profile = document.add_object(profile());
    let packet = document
        .add_object(Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp(metadata).into_bytes()));
    let info = document.add_object(info(metadata));

    let catalog = document.get_dictionary_mut(catalog)?;
    catalog.set("Lang", literal(metadata.language.as_bytes()));
    catalog.set("Metadata", packet);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set(
        "OutputIntents",
        vec![Object::Dictionary(dictionary! {
            "Type" => "OutputIntent",
            "S" => "GTS_PDFA1",
            "OutputConditionIdentifier" => literal(b"sRGB"),
            "RegistryName" => literal(b"http://www.color.org"),
            "Info" => literal(b"sRGB IEC61966-2.1"),
            "DestOutputProfile" => profile,
        })],
    );
    document.trailer.set("Info", info);
    let id = Object::String(identity.to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(())
}

fn profile() -> Stream {
    let mut stream = Stream::new(dictionary! { "N" => 3 }, srgb::profile());
    // Compression that fails leaves the stream as it is, which is as good.
    let _ = stream.compress();
    stream
}

fn info(metadata: &Spelt) -> Dictionary {
    let date = literal(metadata.pdf_date().as_bytes());
    let mut info = dictionary! {
        "Title" => text(&metadata.title),
        "Creator" => text(PRODUCER),
        "Producer" => text(PRODUCER),
        "CreationDate" => date.clone(),
        "ModDate" => date,
    };
    if let Some(author) = &metadata.author {
        info.set("Author", text(author));
    }
    info
}

fn literal(bytes: &[u8]) -> Object {
    Object::String(bytes.to_vec(), StringFormat::Literal)
}

fn text(text: &str) -> Object {
    Object::String(text_string(text), StringFormat::Hexadecimal)
}

fn xmp(metadata: &Spelt) -> String {
    let title = escape_xml(&metadata.title);
    let language = escape_xml(&metadata.language);
    let date = metadata.xmp_date();
    let author = metadata.author.as_deref().map_or_else(String::new, |author| {
        format!("   <dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\n", escape_xml(author))
    });
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
{author}   <xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <pdf:Producer>{PRODUCER}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{FEFF}',
    )
}
