//! Which sheet it is: a stored document's page, a form, a receipt, a card, a note, a flyer, with its size in metres.
//!
//! Refuses to know how it lies and is lit.

use crate::{
    assets::{Assets, any},
    chance::Chance,
    colour::{self, Colour, greyish, hsv, vivid},
    leaflet,
    picture::Picture,
    pose::Spot,
    print::{Area, Print, bytes},
};

/// A sheet's look and size.
pub struct Document<'a> {
    face: Face<'a>,
    /// Metres, width and height.
    pub size: Spot,
    /// Radius of its corners in metres; 0 for paper.
    pub round: f32,
    /// What its paper does to the print's colours.
    pub tint: Colour,
    /// Stiff things do not curl.
    pub stiff: bool,
}

enum Face<'a> {
    Stored(&'a Picture),
    Own(Picture),
    Bare,
}

/// Longer side of a printed sheet's picture in pixels: as large as it is ever seen.
pub const LONGEST: usize = 384;

impl<'a> Document<'a> {
    pub fn any(assets: &'a Assets, chance: &mut Chance) -> Self {
        match chance.weighted(&[28.0, 7.0, 14.0, 17.0, 5.0, 7.0, 11.0, 7.0, 4.0]) {
            0 => stored(assets, chance),
            1 => leaflet::form(assets, chance),
            2 => leaflet::magazine(assets, chance),
            3 => receipt(assets, chance),
            4 => card(assets, chance),
            5 => leaflet::note(chance),
            6 => leaflet::flyer(assets, chance),
            7 => leaflet::newspaper(assets, chance),
            _ => envelope(assets, chance),
        }
    }

    /// Linear light of the face at shares of its sides.
    #[inline]
    pub fn colour(&self, level: usize, u: f32, v: f32) -> Colour {
        match &self.face {
            Face::Stored(picture) => colour::times(picture.at(level, u, v), self.tint),
            Face::Own(picture) => picture.at(level, u, v),
            Face::Bare => self.tint,
        }
    }

    /// The copy of the face to read where a canvas pixel covers `pixel` metres.
    pub fn level(&self, pixel: f32) -> usize {
        let picture = match &self.face {
            Face::Stored(picture) => picture,
            Face::Own(picture) => picture,
            Face::Bare => return 0,
        };
        picture.level(pixel / self.size[0].max(1e-4) * picture.width() as f32)
    }

    /// Whether a point given in shares of the sides is cut away by the round corners.
    pub fn cut(&self, [u, v]: Spot) -> bool {
        if self.round <= 0.0 {
            return false;
        }
        let x = (u.min(1.0 - u) * self.size[0] - self.round).min(0.0);
        let y = (v.min(1.0 - v) * self.size[1] - self.round).min(0.0);
        x.hypot(y) > self.round
    }

    pub fn paper(print: Option<Picture>, size: Spot, tint: Colour) -> Self {
        Document { face: print.map_or(Face::Bare, Face::Own), size, round: 0.0, tint, stiff: false }
    }
}

pub fn a4(chance: &mut Chance) -> Spot {
    let size = match chance.weighted(&[6.0, 2.0, 2.0, 1.0]) {
        0 => [0.210, 0.297],
        1 => [0.216, 0.279],
        2 => [0.148, 0.210],
        _ => [chance.within(0.1, 0.25), chance.within(0.14, 0.32)],
    };
    if chance.holds(0.12) { [size[1], size[0]] } else { size }
}

fn stored<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let Some(picture) = any(&assets.pages, chance) else { return leaflet::note(chance) };
    let tint = if chance.holds(0.92) { pale_paper(chance) } else { colour::paper(chance) };
    let proportion = picture.proportion();
    let long = chance.pick(&[0.297, 0.297, 0.21, 0.28]);
    let size = if proportion < 1.0 { [long * proportion, long] } else { [long, long / proportion] };
    Document { face: Face::Stored(picture), size, round: 0.0, tint, stiff: false }
}

pub fn pale_paper(chance: &mut Chance) -> Colour {
    loop {
        let paper = colour::paper(chance);
        if paper[0].min(paper[1]).min(paper[2]) > 0.55 {
            return paper;
        }
    }
}

pub fn dark_ink(chance: &mut Chance) -> [u8; 3] {
    match chance.weighted(&[6.0, 2.0, 1.0]) {
        0 => bytes(greyish(chance, 0.02, 0.3)),
        1 => bytes(hsv(chance.within(0.55, 0.68), chance.within(0.5, 0.95), chance.within(0.2, 0.6))),
        _ => bytes(vivid(chance)),
    }
}

pub fn write(print: &mut Print, area: Area, ink: [u8; 3], larger: f32, assets: &Assets, chance: &mut Chance) {
    match any(&assets.pages, chance) {
        Some(page) => print.text(area, page, ink, larger, chance),
        None => print.words(area, ink, 7.0 * larger, chance),
    }
}

fn receipt<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let wide = chance.within(0.055, 0.085);
    let size = [wide, wide * chance.doubling(1.2, 4.5)];
    let paper = if chance.holds(0.8) { greyish(chance, 0.88, 1.0) } else { pale_paper(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let ink = bytes(greyish(chance, 0.05, 0.5));
    let [x, y, w, h] = print.within(chance.within(0.04, 0.12));
    let larger = w / 150.0;
    let mut top = y;
    while top < y + h - 4.0 {
        let tall = (w * chance.within(0.1, 0.9)).min(y + h - top);
        let inset = if chance.holds(0.4) { w * chance.within(0.05, 0.25) } else { 0.0 };
        let area = [x + inset, top, w - 2.0 * inset, tall * 0.92];
        match chance.weighted(&[6.0, 1.5, 1.0, 0.6, 1.0]) {
            0 => write(&mut print, area, ink, (larger * chance.within(1.0, 2.2)).max(0.8), assets, chance),
            1 => write(&mut print, area, ink, (larger * chance.within(2.5, 6.0)).max(1.2), assets, chance),
            2 => print.code([area[0], area[1], area[2], area[3].min(w * 0.25)], ink, false, chance),
            3 => print.code([area[0], area[1], area[3].min(w * 0.5), area[3].min(w * 0.5)], ink, true, chance),
            _ => print.words(area, ink, (w * 0.055).max(3.0), chance),
        }
        top += tall;
    }
    Document::paper(print.done(), size, paper)
}

fn card<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let identity = chance.holds(0.6);
    let size = if identity { [0.0856, 0.054] } else { [chance.within(0.08, 0.095), chance.within(0.045, 0.06)] };
    let upright = chance.holds(0.15);
    let size = if upright { [size[1], size[0]] } else { size };
    let ground = if chance.holds(0.5) { pale_paper(chance) } else { vivid(chance) };
    let mut print = Print::new(size[0] / size[1], 256, ground);
    let ink = if ground[1] < 0.2 { [235; 3] } else { dark_ink(chance) };
    let [x, y, w, h] = print.within(0.05);
    if let (true, Some(pattern)) = (chance.holds(0.4), any(&assets.photos, chance)) {
        print.photo([0.0, 0.0, 999.0, 999.0], pattern, chance);
        print.ink([0.0, 0.0, 999.0, 999.0], bytes(ground), |_, _| 0.6);
    }
    if chance.holds(0.6) {
        print.fill([0.0, 0.0, 999.0, h * chance.within(0.12, 0.35)], bytes(vivid(chance)));
    }
    let mut left = x;
    if let (true, Some(photo)) = (identity && chance.holds(0.8), any(&assets.photos, chance)) {
        print.photo([x, y + h * 0.3, w * 0.28, h * 0.6], photo, chance);
        left = x + w * 0.32;
    }
    write(&mut print, [left, y + h * 0.2, x + w - left, h * 0.7], ink, chance.within(0.9, 2.2), assets, chance);
    let round = if identity { 0.0032 } else { chance.pick(&[0.0, 0.0, 0.002]) };
    Document { round, stiff: true, ..Document::paper(print.done(), size, ground) }
}

fn envelope<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = chance.pick(&[[0.22, 0.11], [0.162, 0.114], [0.15, 0.1], [0.156, 0.066], [0.1, 0.15]]);
    let paper = if chance.holds(0.6) { pale_paper(chance) } else { hsv(chance.within(0.07, 0.12), 0.4, 0.8) };
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let [x, y, w, h] = print.within(0.05);
    let ink = dark_ink(chance);
    if let (true, Some(photo)) = (chance.holds(0.4), any(&assets.photos, chance)) {
        // A photo print or a ticket.
        let inset = print.within(chance.pick(&[0.0, 0.0, 0.04]));
        print.photo(inset, photo, chance);
    } else {
        write(&mut print, [x + w * 0.45, y + h * 0.45, w * 0.45, h * 0.4], ink, 1.2, assets, chance);
        print.fill([x + w * 0.88, y, w * 0.1, h * 0.22], bytes(vivid(chance)));
    }
    Document::paper(print.done(), size, paper)
}
