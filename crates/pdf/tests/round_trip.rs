//! What is written can be taken, shows its pictures, and holds their bytes unchanged.

use image::{Rgb, RgbImage};
use pdf::{Layout, Limits, Metadata, PageContent, PaperSize, inspect, render, write};
use proptest::prelude::*;

const METADATA: Metadata<'_> =
    Metadata { title: "Facture d’eau", language: "fr", author: Some("M. Weber"), created: 1_795_515_300 };

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [40, 60, 200];

/// A JPEG whose upper half is `above` and lower half `below`.
fn halves(width: u32, height: u32, above: [u8; 3], below: [u8; 3]) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |_, y| Rgb(if y < height / 2 { above } else { below }));
    encode(&picture.into())
}

fn encode(picture: &image::DynamicImage) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 92);
    picture.write_with_encoder(encoder).expect("a picture can be encoded");
    jpeg
}

fn full(jpeg: &[u8]) -> PageContent<'_> {
    PageContent { layout: Layout::Full(jpeg), paper: Some(PaperSize::A4) }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Mean colour of a part of the drawn page; the part in hundredths of width and height.
fn mean(picture: &pdf::Picture, x: std::ops::Range<u32>, y: std::ops::Range<u32>) -> [f64; 3] {
    let drawn = image::load_from_memory(&picture.jpeg).expect("render gives a JPEG").to_rgb8();
    assert_eq!(drawn.dimensions(), (picture.width.into(), picture.height.into()));
    let (width, height) = drawn.dimensions();
    let (left, right) = (x.start * width / 100, x.end * width / 100);
    let (top, bottom) = (y.start * height / 100, y.end * height / 100);
    let mut sum = [0.0; 3];
    for row in top..bottom {
        for column in left..right {
            for (sum, channel) in sum.iter_mut().zip(drawn.get_pixel(column, row).0) {
                *sum += f64::from(channel);
            }
        }
    }
    sum.map(|sum| sum / f64::from((right - left) * (bottom - top)))
}

fn assert_near(found: [f64; 3], wanted: [u8; 3]) {
    let far = found.iter().zip(wanted).any(|(found, wanted)| (found - f64::from(wanted)).abs() > 8.0);
    assert!(!far, "{found:?} is not {wanted:?}");
}

#[test]
fn a_page_is_taken_and_shows_its_picture() {
    let jpeg = halves(420, 594, RED, BLUE);
    let bytes = write(&[full(&jpeg)], &METADATA).expect("one good page");
    assert!(contains(&bytes, &jpeg));
    let facts = inspect(&bytes, &Limits::default()).expect("our own PDF");
    assert_eq!((facts.pages, facts.bytes, facts.version.as_str()), (1, bytes.len(), "1.7"));
    assert_eq!(facts.title.as_deref(), Some(METADATA.title));
    let picture = render(&bytes, 0, 300).expect("the first page");
    assert_eq!((picture.width, picture.height), (300, 424));
    assert_near(mean(&picture, 5..95, 5..45), RED);
    assert_near(mean(&picture, 5..95, 55..95), BLUE);
    assert!(matches!(render(&bytes, 1, 300), Err(pdf::RenderError::NoSuchPage(1))));
}

#[test]
fn a_grey_landscape_picture_lies_on_a_landscape_page() {
    let grey = encode(&image::DynamicImage::from(RgbImage::from_pixel(594, 420, Rgb([90; 3]))).to_luma8().into());
    let bytes = write(&[full(&grey)], &METADATA).expect("one good page");
    assert!(contains(&bytes, &grey) && contains(&bytes, b"/DeviceGray"));
    let picture = render(&bytes, 0, 297).expect("the first page");
    assert_eq!((picture.width, picture.height), (297, 210));
    assert_near(mean(&picture, 2..98, 2..98), [90; 3]);
}

#[test]
fn both_faces_of_a_card_stand_on_one_page() {
    let (front, back) = (halves(856, 540, RED, RED), halves(856, 540, BLUE, BLUE));
    let card = PageContent { layout: Layout::Card { front: &front, back: Some(&back) }, paper: None };
    let bytes = write(&[card], &METADATA).expect("one good card");
    assert!(contains(&bytes, &front) && contains(&bytes, &back));
    assert_eq!(inspect(&bytes, &Limits::default()).map(|facts| facts.pages), Ok(1));
    let picture = render(&bytes, 0, 420).expect("the first page");
    assert_near(mean(&picture, 35..65, 20..30), RED);
    assert_near(mean(&picture, 35..65, 70..80), BLUE);
    assert_near(mean(&picture, 2..20, 2..98), [255; 3]);
}

#[test]
fn a_picture_of_other_proportions_is_centred_on_white() {
    let square = halves(300, 300, RED, RED);
    let bytes = write(&[full(&square)], &METADATA).expect("one good page");
    let picture = render(&bytes, 0, 300).expect("the first page");
    assert_near(mean(&picture, 5..95, 0..12), [255; 3]);
    assert_near(mean(&picture, 5..95, 20..80), RED);
}

/// Same pixels, other coding: a progressive JPEG as `jpegtran -progressive` makes it.
#[test]
fn a_progressive_jpeg_is_carried_and_shown() {
    let jpeg = include_bytes!("progressive.jpg");
    let bytes = write(&[full(jpeg)], &METADATA).expect("one good page");
    assert!(contains(&bytes, jpeg));
    assert_near(mean(&render(&bytes, 0, 200).expect("the first page"), 10..90, 30..45), RED);
}

#[test]
fn the_same_input_gives_the_same_bytes_and_another_input_another_identity() {
    let (red, blue) = (halves(40, 60, RED, RED), halves(40, 60, BLUE, BLUE));
    let once = write(&[full(&red), full(&blue)], &METADATA).expect("good pages");
    assert_eq!(once, write(&[full(&red), full(&blue)], &METADATA).expect("good pages"));
    let id = |bytes: &[u8]| {
        let at = bytes.windows(3).rposition(|window| window == b"/ID").expect("an identity");
        bytes[at..at + 40].to_vec()
    };
    let turned = write(&[full(&blue), full(&red)], &METADATA).expect("good pages");
    let later = Metadata { created: METADATA.created + 1, ..METADATA };
    let later = write(&[full(&red), full(&blue)], &later).expect("good pages");
    assert_ne!(id(&once), id(&turned));
    assert_ne!(id(&once), id(&later));
}

#[test]
fn what_cannot_be_written_says_where_and_why() {
    use pdf::{JpegError, MetadataError, WriteError};
    let jpeg = halves(40, 60, RED, RED);
    assert!(matches!(write(&[], &METADATA), Err(WriteError::NoPages)));
    let png = PageContent { layout: Layout::Full(b"\x89PNG\r\n\x1a\n"), paper: None };
    let error = write(&[full(&jpeg), png], &METADATA);
    assert!(matches!(error, Err(WriteError::Picture { page: 2, reason: JpegError::NotJpeg })), "{error:?}");
    for side in [0.0, -3.0, f32::NAN, f32::INFINITY, 6000.0] {
        let paper = Some(PaperSize { short_mm: side, long_mm: 297.0 });
        let error = write(&[PageContent { paper, ..full(&jpeg) }], &METADATA);
        assert!(matches!(error, Err(WriteError::Paper { page: 1 })), "{side}: {error:?}");
    }
    let error = write(&[full(&jpeg)], &Metadata { language: "fr_LU", ..METADATA });
    assert!(matches!(error, Err(WriteError::Metadata(MetadataError::Language))), "{error:?}");
}

/// The metadata packet is well-formed XML whatever the title says, and both places say the same.
#[test]
fn a_title_with_markup_is_escaped() {
    let jpeg = halves(40, 60, RED, RED);
    let title = "R&D <a> \"b\" 'c' ]]> \u{0}\u{7}";
    let bytes = write(&[full(&jpeg)], &Metadata { title, ..METADATA }).expect("one good page");
    assert!(contains(&bytes, b"R&amp;D &lt;a&gt; &quot;b&quot; &apos;c&apos; ]]&gt; </rdf:li>"));
    let facts = inspect(&bytes, &Limits::default()).expect("our own PDF");
    assert_eq!(facts.title.as_deref(), Some("R&D <a> \"b\" 'c' ]]> "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_document_of_ours_is_taken(
        sizes in proptest::collection::vec((1u32..400, 1u32..400), 1..=100),
        paper in proptest::option::of((1.2f32..5000.0, 1.2f32..5000.0)),
        card: bool,
        title in "\\PC{0,80}",
        author in proptest::option::of("\\PC{0,20}"),
        created in -62_000_000_000i64..250_000_000_000,
    ) {
        let jpegs: Vec<_> = sizes.iter().map(|&(width, height)| halves(width, height, RED, BLUE)).collect();
        let paper = paper.map(|(short_mm, long_mm)| PaperSize { short_mm, long_mm });
        let pages: Vec<_> = jpegs.iter().map(|jpeg| {
            let layout = if card { Layout::Card { front: jpeg, back: Some(jpeg) } } else { Layout::Full(jpeg) };
            PageContent { layout, paper }
        }).collect();
        let metadata = Metadata { title: &title, author: author.as_deref(), created, ..METADATA };
        let bytes = write(&pages, &metadata).expect("good pages");
        let facts = inspect(&bytes, &Limits::default()).expect("our own PDF");
        prop_assert_eq!(facts.pages as usize, pages.len());
        let found = facts.title.unwrap_or_default();
        prop_assert_eq!(found.trim(), title.trim());
        for jpeg in &jpegs {
            prop_assert!(contains(&bytes, jpeg));
        }
        prop_assert!(render(&bytes, pages.len() - 1, 60).is_ok());
    }
}
