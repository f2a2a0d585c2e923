//! Which way a flat page is read, told by the shapes of its words.
//!
//! Knows Latin script: words are wider than high, more strokes rise above the small letters than hang below them, and full
//! stops stand on the line. Refuses to guess: a page that does not say so clearly stays as it is.
//!
//! The second rule is Bloomberg's (Leptonica, `pixOrientDetect`), asked of words instead of the whole page: a page need not
//! lie quite straight, and print of several sizes counts alike.

use crate::{Filter, Picture, Turn, enhance::enhance};
use image::{GrayImage, Luma, imageops};
use imageproc::region_labelling::{Connectivity, connected_components};

/// Longer side, in pixels, at which the page is read: small print on A4 has letters five pixels high there.
const SIDE: u32 = 1400;
const INK: u8 = 0;
const PAPER: u8 = 255;

/// A page with fewer marks of a letter's size is no page of print.
const LEAST_MARKS: usize = 40;
/// Marks from this many pixels to this share of the page's longer side may be letters.
const LEAST_MARK: u32 = 4;
const LARGEST_MARK: f32 = 0.08;
/// Gaps up to this share of a letter are within a word.
const GAP: f32 = 0.28;
/// A word is so much longer than high, and its height lies between these multiples of a usual letter's.
const LONG: f32 = 1.8;
const HEIGHTS: (f32, f32) = (0.6, 4.0);
/// So many words, and so many more along one axis than along the other, say where lines run.
const LEAST_WORDS: usize = 12;
const ALONG: f32 = 3.0;
/// How much more must speak for one way up than for the other: so many times as much, and in standard deviations of what
/// chance would give.
const MORE: f32 = 2.0;
const SURE: f32 = 4.0;
/// Parts of the page that must not contradict one another.
const PARTS: usize = 4;

/// The turn after which the flat `page` reads upright; `None` where it does not say so clearly.
pub fn upright(page: &Picture) -> Option<Turn> {
    let print = Print::of(enhance(page.reduced(SIDE).into_owned(), Filter::BlackAndWhite).into_grey())?;
    let words = print.words();
    let size = print.letter;
    let tall = |word: &&Spot| {
        word.height() >= LONG * word.width() && word.width() >= HEIGHTS.0 * size && word.width() <= HEIGHTS.1 * size
    };
    let (lying, standing) =
        (words.spots.iter().filter(|word| word.is_long(size)).count(), words.spots.iter().filter(tall).count());
    if lying >= LEAST_WORDS && lying as f32 >= ALONG * standing as f32 {
        return print.way_up(&words).map(|up| if up { Turn::None } else { Turn::Half });
    }
    if standing >= LEAST_WORDS && standing as f32 >= ALONG * lying as f32 {
        let print = Print::of(imageops::rotate90(&print.ink))?;
        return print.way_up(&print.words()).map(|up| if up { Turn::Right } else { Turn::Left });
    }
    None
}

/// What hangs together, in pixels; right and bottom are outside.
#[derive(Debug, Clone, Copy)]
struct Spot {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

impl Spot {
    fn width(&self) -> f32 {
        (self.right - self.left) as f32
    }

    fn height(&self) -> f32 {
        (self.bottom - self.top) as f32
    }

    fn longer(&self) -> f32 {
        self.width().max(self.height())
    }

    fn is_long(&self, letter: f32) -> bool {
        let heights = HEIGHTS.0 * letter..=HEIGHTS.1 * letter;
        self.width() >= LONG * self.height() && heights.contains(&self.height())
    }
}

/// Everything on a picture that hangs together, and for each pixel its spot's number, counted from 1.
struct Spots {
    spots: Vec<Spot>,
    labels: Vec<u32>,
}

impl Spots {
    fn of(picture: &GrayImage) -> Self {
        let labels = connected_components(picture, Connectivity::Eight, Luma([PAPER])).into_raw();
        let count = labels.iter().max().map_or(0, |most| *most as usize);
        let mut spots = vec![Spot { left: u32::MAX, top: u32::MAX, right: 0, bottom: 0 }; count];
        for (y, row) in (0..).zip(labels.chunks_exact(picture.width().max(1) as usize)) {
            for (x, label) in (0..).zip(row).filter(|(_, label)| **label > 0) {
                let spot = &mut spots[*label as usize - 1];
                (spot.left, spot.right) = (spot.left.min(x), spot.right.max(x + 1));
                (spot.top, spot.bottom) = (spot.top.min(y), spot.bottom.max(y + 1));
            }
        }
        Spots { spots, labels }
    }
}

/// The marks on a page that may be letters or parts of them.
struct Print {
    ink: GrayImage,
    marks: Vec<Spot>,
    /// A usual mark's longer side, in pixels.
    letter: f32,
}

impl Print {
    /// `None` where there is too little.
    fn of(mut page: GrayImage) -> Option<Self> {
        let largest = page.width().max(page.height()) as f32 * LARGEST_MARK;
        let Spots { spots, labels } = Spots::of(&page);
        let mut sizes: Vec<f32> = spots.iter().map(Spot::longer).collect();
        sizes.retain(|size| (LEAST_MARK as f32..=largest).contains(size));
        if sizes.len() < LEAST_MARKS {
            return None;
        }
        let middle = sizes.len() / 2;
        let letter = *sizes.select_nth_unstable_by(middle, f32::total_cmp).1;
        // Lines, frames and pictures are no print.
        let print = |spot: &Spot| spot.longer() <= largest && spot.height().min(spot.width()) <= HEIGHTS.1 * letter;
        for (value, label) in page.iter_mut().zip(&labels).filter(|(_, label)| **label > 0) {
            *value = if print(&spots[*label as usize - 1]) { INK } else { PAPER };
        }
        Some(Print { ink: page, marks: spots.into_iter().filter(print).collect(), letter })
    }

    /// Letters that stand close to one another, in whichever direction.
    fn words(&self) -> Spots {
        let gap = (GAP * self.letter).round().max(1.0) as usize;
        let (width, height) = self.ink.dimensions();
        let mut across = self.ink.clone();
        across.chunks_exact_mut(width as usize).for_each(|row| bridge(row, gap));
        let mut down = imageops::rotate90(&self.ink);
        down.chunks_exact_mut(height as usize).for_each(|row| bridge(row, gap));
        let down = imageops::rotate270(&down);
        across.iter_mut().zip(down.iter()).for_each(|(value, down)| *value = (*value).min(*down));
        Spots::of(&across)
    }

    /// Whether words that lie along the rows stand on their feet.
    fn way_up(&self, words: &Spots) -> Option<bool> {
        let mut votes = [Votes::default(); PARTS];
        let mut bands: Vec<Option<Band>> = vec![None; words.spots.len()];
        let mut used = 0;
        for (number, word) in words.spots.iter().enumerate().filter(|(_, word)| word.is_long(self.letter)) {
            let ink = |x: u32, y: u32| {
                let at = (y * self.ink.width() + x) as usize;
                words.labels[at] as usize == number + 1 && self.ink.as_raw()[at] == INK
            };
            let Some(band) = Band::of(word, ink) else { continue };
            votes[used % PARTS].strokes(word, &band, ink);
            bands[number] = Some(band);
            used += 1;
        }
        for (number, mark) in self.marks.iter().enumerate() {
            let (x, y) = (mark.left, mark.top);
            // A mark's own pixel at its upper edge says which word it is in.
            let row = &words.labels[(y * self.ink.width()) as usize..][..self.ink.width() as usize];
            let word = row[x as usize..mark.right as usize].iter().find(|label| **label > 0);
            if let Some(Some(band)) = word.map(|label| bands[*label as usize - 1]) {
                votes[number % PARTS].stop(mark, &band);
            }
        }
        let all =
            votes.iter().fold(Votes::default(), |sum, part| Votes { up: sum.up + part.up, down: sum.down + part.down });
        let up = all.up > all.down;
        let agreed = votes.iter().all(|part| if up { part.up >= part.down } else { part.down >= part.up });
        (used >= LEAST_WORDS && agreed && all.clear()).then_some(up)
    }
}

/// Fills gaps of at most `gap` between ink.
fn bridge(row: &mut [u8], gap: usize) {
    let mut last = None;
    for x in 0..row.len() {
        if row[x] == INK {
            if let Some(last) = last.filter(|last| x - last <= gap + 1) {
                row[last..x].fill(INK);
            }
            last = Some(x);
        }
    }
}

/// The rows of a word that its small letters fill, from `top` to before `bottom`.
#[derive(Debug, Clone, Copy)]
struct Band {
    top: u32,
    bottom: u32,
}

impl Band {
    /// Rows with at least half of the ink of the fullest one. `None` where they are a small part of the word.
    fn of(word: &Spot, ink: impl Fn(u32, u32) -> bool) -> Option<Self> {
        let row = |y: u32| (word.left..word.right).filter(|x| ink(*x, y)).count();
        let rows: Vec<usize> = (word.top..word.bottom).map(row).collect();
        let most = rows.iter().max()?;
        let full = |count: &usize| 2 * count >= *most;
        let (first, last) = (rows.iter().position(full)? as u32, rows.iter().rposition(full)? as u32);
        let band = Band { top: word.top + first, bottom: word.top + last + 1 };
        (band.height() >= 3.0 && band.height() >= 0.4 * word.height()).then_some(band)
    }

    fn height(&self) -> f32 {
        (self.bottom - self.top) as f32
    }
}

/// What speaks for standing and what for standing on one's head.
#[derive(Debug, Clone, Copy, Default)]
struct Votes {
    up: f32,
    down: f32,
}

impl Votes {
    /// Strokes that leave the band.
    fn strokes(&mut self, word: &Spot, band: &Band, ink: impl Fn(u32, u32) -> bool) {
        let reach = (0.3 * band.height()).round().max(2.0) as u32;
        let above = word.top..(band.top + 1).saturating_sub(reach).max(word.top);
        let below = (band.bottom + reach - 1).min(word.bottom)..word.bottom;
        let runs = |rows: std::ops::Range<u32>| {
            let mut before = false;
            let begins = |x: &u32| {
                let now = rows.clone().any(|y| ink(*x, y));
                now && !std::mem::replace(&mut before, now)
            };
            (word.left..word.right).filter(begins).count() as f32
        };
        self.up += runs(above);
        self.down += runs(below);
    }

    /// A full stop or a comma: small, and at one edge of the band.
    fn stop(&mut self, mark: &Spot, band: &Band) {
        if mark.width() > 0.5 * band.height() || mark.height() > 0.6 * band.height() {
            return;
        }
        let middle = 0.5 * (mark.top + mark.bottom) as f32;
        let place = (middle - band.top as f32) / band.height();
        if (0.7..1.1).contains(&place) {
            self.up += 1.0;
        } else if (-0.1..0.3).contains(&place) {
            self.down += 1.0;
        }
    }

    fn clear(&self) -> bool {
        let (more, less) = (self.up.max(self.down), self.up.min(self.down));
        // Nothing at all is not clear either.
        more >= MORE * less && more - less > SURE * (more + less).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    #[test]
    fn even_bars_have_no_way_up() {
        // As many and as long as words are, and nothing rises above them or hangs below.
        let page = RgbImage::from_fn(700, 900, |x, y| {
            let (line, word) = (y / 30, (x + y / 30 * 37) / 90);
            let bar = y % 30 < 12 && (x + line * 37) % 90 < 50 + word % 3 * 10;
            image::Rgb([if bar && (50..650).contains(&x) && (50..850).contains(&y) { 30 } else { 240 }; 3])
        });
        assert_eq!(upright(&page.into()), None);
    }

    #[test]
    fn gaps_within_words_are_bridged_and_those_between_are_not() {
        let mut row = [INK, PAPER, PAPER, INK, PAPER, PAPER, PAPER, INK];
        bridge(&mut row, 2);
        assert_eq!(row, [INK, INK, INK, INK, PAPER, PAPER, PAPER, INK]);
    }

    #[test]
    fn tiny_pages_say_nothing() {
        for (width, height) in [(1, 1), (3, 200), (200, 2)] {
            let page = RgbImage::from_pixel(width, height, image::Rgb([9, 90, 200]));
            assert_eq!(upright(&page.into()), None);
        }
    }
}
