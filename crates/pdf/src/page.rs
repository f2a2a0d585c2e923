//! What stands on a page, how large the paper is, and where the pictures go.
//!
//! Refuses to know: PDF syntax and what the pictures show.

/// One page of the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageContent<'a> {
    pub layout: Layout<'a>,
    /// [`Layout::Full`]: the paper; `None` takes the picture's own proportions, 297 mm along the longer side.
    /// [`Layout::Card`]: the card itself; `None` is an identity card ([`PaperSize::ID1`]).
    pub paper: Option<PaperSize>,
}

/// What fills the page. Pictures are JPEG files (baseline, extended or progressive; grey or YCbCr/RGB; 8 bit) whose
/// pixels stand upright: PDF readers ignore an EXIF orientation. Their bytes go into the PDF unchanged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Layout<'a> {
    /// One picture fills the paper, turned to portrait or landscape as the picture is.
    Full(&'a [u8]),
    /// One or both faces of a card in their real size on an A4 page, the front above the back.
    Card { front: &'a [u8], back: Option<&'a [u8]> },
}

impl<'a> Layout<'a> {
    /// The pictures, in the order they are read.
    pub fn faces(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (first, second) = match *self {
            Layout::Full(picture) => (picture, None),
            Layout::Card { front, back } => (front, back),
        };
        std::iter::once(first).chain(second)
    }
}

/// Size of paper in millimetres. Which side is which does not matter: the picture decides how the paper is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaperSize {
    pub short_mm: f32,
    pub long_mm: f32,
}

impl PaperSize {
    pub const A4: Self = Self { short_mm: 210.0, long_mm: 297.0 };
    pub const A5: Self = Self { short_mm: 148.0, long_mm: 210.0 };
    pub const LETTER: Self = Self { short_mm: 215.9, long_mm: 279.4 };
    /// An identity card (ISO/IEC 7810).
    pub const ID1: Self = Self { short_mm: 53.98, long_mm: 85.6 };

    /// Shortest side a page may have: 3 PDF units (ISO 32000-1 annex C), rounded up. In millimetres.
    pub const MIN_MM: f32 = 1.1;
    /// Longest side a page may have: 14 400 PDF units (ISO 32000-1 annex C), rounded down. In millimetres.
    pub const MAX_MM: f32 = 5079.0;

    /// Whether a PDF can have a page of this size.
    pub(crate) fn is_possible(self) -> bool {
        let possible = Self::MIN_MM..=Self::MAX_MM;
        possible.contains(&self.short_mm) && possible.contains(&self.long_mm)
    }

    /// `(width, height)` in millimetres, turned as a picture of that many pixels is.
    fn turned(self, pixels: (u32, u32)) -> (f32, f32) {
        let (short, long) = (self.short_mm.min(self.long_mm), self.short_mm.max(self.long_mm));
        if pixels.0 > pixels.1 { (long, short) } else { (short, long) }
    }

    /// The proportions of a picture, 297 mm along its longer side; a strip is kept wide enough for a page.
    fn proportional(pixels: (u32, u32)) -> Self {
        let (short, long) = (pixels.0.min(pixels.1) as f32, pixels.0.max(pixels.1).max(1) as f32);
        let long_mm = Self::A4.long_mm;
        Self { short_mm: (long_mm * short / long).max(Self::MIN_MM), long_mm }
    }
}

/// A rectangle on the page in millimetres; the origin is the lower left corner, as in PDF.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub left: f32,
    pub bottom: f32,
    pub width: f32,
    pub height: f32,
}

/// A page with everything in its place, in millimetres.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arrangement {
    pub width: f32,
    pub height: f32,
    /// In the order of [`Layout::faces`].
    pub places: Vec<Place>,
}

/// Where the pictures go; `pixels` are the sizes of [`Layout::faces`].
pub(crate) fn arrange(content: &PageContent<'_>, pixels: &[(u32, u32)]) -> Arrangement {
    match content.layout {
        Layout::Full(_) => {
            let pixels = pixels.first().copied().unwrap_or((1, 1));
            let paper = content.paper.unwrap_or_else(|| PaperSize::proportional(pixels));
            let (width, height) = paper.turned(pixels);
            let whole = Place { left: 0.0, bottom: 0.0, width, height };
            Arrangement { width, height, places: vec![fit(pixels, whole)] }
        }
        Layout::Card { .. } => {
            let PaperSize { short_mm: width, long_mm: height } = PaperSize::A4;
            let share = height / pixels.len().max(1) as f32;
            let place = |(index, &pixels): (usize, &(u32, u32))| {
                let room = Place { left: 0.0, bottom: height - share * (index + 1) as f32, width, height: share };
                let card = content.paper.unwrap_or(PaperSize::ID1).turned(pixels);
                // A card larger than its share of the page is made smaller; one that fits keeps its real size.
                let scale = (room.width * 0.9 / card.0).min(room.height * 0.9 / card.1).min(1.0);
                fit(pixels, centred(card.0 * scale, card.1 * scale, room))
            };
            Arrangement { width, height, places: pixels.iter().enumerate().map(place).collect() }
        }
    }
}

/// The picture in `room`, its proportions kept. A difference that rounding or a loose corner explains (2 %) is
/// stretched away, which nobody sees; a white hairline along the edge everybody does.
fn fit(pixels: (u32, u32), room: Place) -> Place {
    let picture = pixels.0.max(1) as f32 / pixels.1.max(1) as f32;
    let paper = room.width / room.height;
    if (picture / paper - 1.0).abs() <= 0.02 {
        room
    } else if picture > paper {
        centred(room.width, room.width / picture, room)
    } else {
        centred(room.height * picture, room.height, room)
    }
}

fn centred(width: f32, height: f32, room: Place) -> Place {
    Place {
        left: room.left + (room.width - width) / 2.0,
        bottom: room.bottom + (room.height - height) / 2.0,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_landscape_picture_turns_the_paper() {
        let page = PageContent { layout: Layout::Full(&[]), paper: Some(PaperSize::A4) };
        let upright = arrange(&page, &[(2100, 2970)]);
        assert_eq!((upright.width, upright.height), (210.0, 297.0));
        let lying = arrange(&page, &[(2970, 2100)]);
        assert_eq!((lying.width, lying.height), (297.0, 210.0));
        assert_eq!(lying.places, [Place { left: 0.0, bottom: 0.0, width: 297.0, height: 210.0 }]);
    }

    #[test]
    fn both_faces_of_a_card_stand_in_real_size_front_above_back() {
        let page = PageContent { layout: Layout::Card { front: &[], back: Some(&[]) }, paper: None };
        let Arrangement { width, height, places } = arrange(&page, &[(856, 540), (540, 856)]);
        assert_eq!((width, height), (210.0, 297.0));
        assert!((places[0].width - 85.6).abs() < 0.1 && (places[0].height - 53.98).abs() < 0.1, "{places:?}");
        assert!((places[1].width - 53.98).abs() < 0.1 && (places[1].height - 85.6).abs() < 0.1, "{places:?}");
        assert!(places[0].bottom > 148.5 && places[1].bottom + places[1].height < 148.5, "{places:?}");
    }

    proptest! {
        #[test]
        fn every_picture_lies_inside_its_page_and_keeps_its_proportions(
            front in (1u32..20_000, 1u32..20_000), back in proptest::option::of((1u32..20_000, 1u32..20_000)),
            card: bool, paper in proptest::option::of((20.0f32..900.0, 20.0f32..900.0)),
        ) {
            let layout = if card { Layout::Card { front: &[], back: back.map(|_| &[][..]) } } else { Layout::Full(&[]) };
            let pixels: Vec<_> = std::iter::once(front).chain(back.filter(|_| card)).collect();
            let paper = paper.map(|(short_mm, long_mm)| PaperSize { short_mm, long_mm });
            let page = arrange(&PageContent { layout, paper }, &pixels);
            prop_assert_eq!(page.places.len(), pixels.len());
            for (place, pixels) in page.places.iter().zip(pixels) {
                prop_assert!(place.left >= -0.01 && place.left + place.width <= page.width + 0.01);
                prop_assert!(place.bottom >= -0.01 && place.bottom + place.height <= page.height + 0.01);
                let stretch = (place.width / place.height) / (pixels.0 as f32 / pixels.1 as f32);
                let strip = pixels.0.max(pixels.1) / pixels.0.min(pixels.1) > 200;
                prop_assert!(strip || (stretch - 1.0).abs() < 0.021, "stretched by {}", stretch);
            }
        }
    }
}
