//! Pages laid before the camera whichever way round, and how many of them are turned back.

use super::{Blank, Kind, Language, Light, Printed, Random, blank, page, seen};
use scan::{Filter, Photo, Recipe, Turn, upright};
use std::ops::AddAssign;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub right: u32,
    pub wrong: u32,
    pub undecided: u32,
}

impl Tally {
    pub fn pages(self) -> u32 {
        self.right + self.wrong + self.undecided
    }

    pub fn decided(self) -> f32 {
        (self.right + self.wrong) as f32 / self.pages().max(1) as f32
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.undecided += other.undecided;
    }
}

pub const LANGUAGES: [Language; 3] = [Language::English, Language::French, Language::German];

/// Printed pages of one kind, as many in each of the three languages.
pub fn printed(kind: Kind, of_each: u32, seed: u64) -> Tally {
    let mut tally = Tally::default();
    for (number, language) in (0..of_each).flat_map(|number| LANGUAGES.map(|language| (number, language))) {
        let mut random = Random::new(seed + u64::from(number) * 101 + kind as u64 * 7919 + language as u64 * 104_729);
        let lies = random.pick(&[Turn::None, Turn::Right, Turn::Half, Turn::Left]);
        let Printed { picture, .. } = page(kind, language, &mut random);
        let answer = look(&picture, lies, &mut random);
        let wanted = match lies {
            Turn::Right => Turn::Left,
            Turn::Left => Turn::Right,
            Turn::None | Turn::Half => lies,
        };
        match answer {
            None => tally.undecided += 1,
            Some(turn) if turn == wanted => tally.right += 1,
            Some(_) => tally.wrong += 1,
        }
    }
    tally
}

/// Pages without any way up: whatever is said is wrong, except that they may stay as they are.
pub fn blanks(kind: Blank, pages: u32, seed: u64) -> Tally {
    let mut tally = Tally::default();
    for number in 0..pages {
        let mut random = Random::new(seed + u64::from(number) * 101 + kind as u64 * 7919);
        let picture = blank(kind, &mut random).picture;
        match look(&picture, Turn::None, &mut random) {
            None => tally.undecided += 1,
            Some(_) => tally.wrong += 1,
        }
    }
    tally
}

/// A page that lies turned by `lies`, photographed, flattened and read.
fn look(page: &image::RgbImage, lies: Turn, random: &mut Random) -> Option<Turn> {
    let page = match lies {
        Turn::None => page.clone(),
        Turn::Right => image::imageops::rotate90(page),
        Turn::Half => image::imageops::rotate180(page),
        Turn::Left => image::imageops::rotate270(page),
    };
    let light = random.pick(&Light::ALL);
    let scale = random.within(0.75, 1.0);
    let (photo, quad) = seen(&page, light, scale, random);
    let recipe = Recipe { quad: Some(quad), turn: Turn::None, filter: Filter::Original };
    upright(&Photo::from(photo).flatten(&recipe, u32::MAX).image)
}
