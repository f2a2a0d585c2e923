//! Where is the page? A small net draws it, four lines are fitted to the drawing and moved onto the picture's own edges.
//!
//! Knows one picture; refuses to know earlier frames, and how the net came by its weights (`training/`).

use crate::{
    Photo, Quad, Yuv,
    frame::nv21_from,
    net::{self, Input, Net, Work},
    outline::{self, Bend, Outline},
    plane::Plane,
};
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, sync::LazyLock};

/// A page in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Convex, more than 4 % of the picture, angles from 35° to 145°; corners may lie outside the picture.
    pub quad: Quad,
    /// 0.5, just believed, to 1.
    pub confidence: f32,
}

/// The share that the net must give 'there is a page', and how well the outline must explain what it drew.
const LEAST_PRESENCE: f32 = 0.5;
const LEAST_QUALITY: f32 = 0.5;
/// Longer side, in pixels, of a photo where only the net looks.
const NET_SIZE: u32 = 640;

static NET: LazyLock<Net> = LazyLock::new(|| {
    Net::from_bytes(include_bytes!("../model/page.bin")).expect("the committed weights are whole: a test reads them")
});

thread_local! {
    static ROOM: RefCell<Room> = RefCell::new(Room { input: Input::new(), work: Work::new(), likely: Plane::new(net::SIDE, net::SIDE) });
}

/// What every frame needs, used again for the next one.
struct Room {
    input: Input,
    work: Work,
    likely: Plane,
}

/// The page in a live frame, if there is one.
pub fn find(frame: &Yuv) -> Option<Found> {
    ROOM.with_borrow_mut(|room| {
        let presence = look(room, frame);
        let found = page_in(&room.likely, presence, frame.upright_size())?;
        Some(found.refined(&room.input.luma(), &room.likely))
    })
}

/// What the net says about a picture before anything is made of it.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The share of page in each pixel over the whole upright frame, 0 to 1.
    likely: Plane,
    /// How likely there is a page, 0 to 1.
    pub presence: f32,
}

impl Drawing {
    pub fn of(frame: &Yuv) -> Self {
        ROOM.with_borrow_mut(|room| {
            let presence = look(room, frame);
            Drawing { likely: room.likely.clone(), presence }
        })
    }

    /// The share of the frame that is page, 0 to 1.
    pub fn covered(&self) -> f64 {
        self.likely.data.iter().map(|share| f64::from(*share)).sum::<f64>() / self.likely.data.len() as f64
    }
}

impl Photo {
    /// The page in a full photo: found as in a frame, then its sides are moved onto the photo's own edges.
    pub fn find(&self) -> Option<Found> {
        let (width, height) = self.small().dimensions();
        let bytes = nv21_from(self.small());
        let frame = Yuv::nv21(&bytes, width as usize, height as usize).ok()?.turned(self.turn);
        let drawing = self.drawing.get_or_init(|| Drawing::of(&frame));
        let found = page_in(&drawing.likely, drawing.presence, frame.upright_size())?;
        Some(found.refined(&frame.luma(width.max(height) as usize), &drawing.likely))
    }

    /// How the page in `quad` bends, where it does.
    pub(crate) fn bend(&self, quad: &Quad) -> Option<Bend> {
        let drawing = match self.drawing.get() {
            Some(drawing) => drawing,
            None => {
                let small = self.pixels.reduced(NET_SIZE);
                let bytes = nv21_from(&small);
                let (width, height) = small.dimensions();
                let frame = Yuv::nv21(&bytes, width as usize, height as usize).ok()?.turned(self.turn);
                self.drawing.get_or_init(|| Drawing::of(&frame))
            }
        };
        let (width, height) = self.upright_size();
        Bend::of(&drawing.likely, quad, (width as usize, height as usize))
    }
}

impl Found {
    /// Its sides moved onto the picture's edges, or its corners to where the mask's curved sides meet.
    fn refined(self, luma: &Plane, mask: &Plane) -> Self {
        let quad = outline::refine(luma, &self.quad, outline::REACH);
        Found { quad: outline::through_corners(mask, &quad).unwrap_or(quad), ..self }
    }
}

/// The net draws into the room what is likely page, and says how likely it is that there is one.
fn look(Room { input, work, likely }: &mut Room, frame: &Yuv) -> f32 {
    input.take(frame);
    let seen = NET.run(input, work);
    likely.data.iter_mut().zip(&seen.mask.data).for_each(|(share, logit)| *share = net::probability(*logit));
    net::probability(seen.presence)
}

/// The page in what the net drew, four lines.
fn page_in(likely: &Plane, presence: f32, (width, height): (usize, usize)) -> Option<Found> {
    if presence < LEAST_PRESENCE {
        return None;
    }
    let Outline { quad, quality } = outline::quad_of_mask(likely, (width as f32, height as f32))?;
    let above = |value: f32, least: f32| (value - least) / (1.0 - least);
    let confidence = 0.5 + 0.5 * above(presence, LEAST_PRESENCE).min(above(quality, LEAST_QUALITY));
    (quality >= LEAST_QUALITY).then_some(Found { quad, confidence: confidence.clamp(0.5, 1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;
    use proptest::prelude::*;

    fn frame(bytes: &[u8], width: usize, height: usize) -> Option<Found> {
        find(&Yuv::nv21(bytes, width, height).unwrap())
    }

    fn flat_chroma(luma: impl Iterator<Item = u8>, width: usize, height: usize) -> Vec<u8> {
        luma.chain(std::iter::repeat_n(128, width.div_ceil(2) * height.div_ceil(2) * 2)).collect()
    }

    #[test]
    fn a_desk_without_paper_has_no_page() {
        for level in [20u8, 128, 250] {
            let desk = (0..320 * 240usize).map(|i| level ^ ((i * 7919) % 5) as u8);
            assert_eq!(frame(&flat_chroma(desk, 320, 240), 320, 240), None, "level {level}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn whatever_is_seen_a_found_quad_can_be_a_page(
            width in 16usize..90, height in 16usize..90, seed in any::<u64>(), block in 1usize..30,
        ) {
            let level = |x: usize, y: usize| ((x / block * 31 + y / block * 17) as u64).wrapping_mul(seed) as u8;
            let bytes = flat_chroma((0..width * height).map(|i| level(i % width, i / width)), width, height);
            if let Some(found) = frame(&bytes, width, height) {
                prop_assert!(found.quad.is_convex() && found.quad.area() > 0.035, "{found:?}");
                prop_assert!((0.5..=1.0).contains(&found.confidence));
            }
            let photo = RgbImage::from_fn(width as u32, height as u32, |x, y| {
                image::Rgb([level(x as usize, y as usize), seed as u8, level(y as usize, x as usize)])
            });
            let _ = Photo::from(photo).find();
        }
    }
}
