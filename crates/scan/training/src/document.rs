//! Which sheet it is: a stored document's page, a form, a receipt, a card, a note, a flyer, with its size in metres.
//!
//! Refuses to know how it lies and is lit.

use crate::{
    assets::{Assets, any},
    chance::Chance,
    colour::{self, Colour, greyish, hsv, vivid},
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

const LONGEST: usize = 384;

impl<'a> Document<'a> {
    pub fn any(assets: &'a Assets, chance: &mut Chance) -> Self {
        match chance.weighted(&[34.0, 8.0, 8.0, 15.0, 7.0, 9.0, 8.0, 4.0, 3.0]) {
            0 => stored(assets, chance),
            1 => form(assets, chance),
            2 => magazine(assets, chance),
            3 => receipt(assets, chance),
            4 => card(assets, chance),
            5 => note(chance),
            6 => flyer(assets, chance),
            7 => newspaper(assets, chance),
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

    fn paper(print: Option<Picture>, size: Spot, tint: Colour) -> Self {
        Document { face: print.map_or(Face::Bare, Face::Own), size, round: 0.0, tint, stiff: false }
    }
}

fn a4(chance: &mut Chance) -> Spot {
    let size = match chance.weighted(&[6.0, 2.0, 2.0, 1.0]) {
        0 => [0.210, 0.297],
        1 => [0.216, 0.279],
        2 => [0.148, 0.210],
        _ => [chance.within(0.1, 0.25), chance.within(0.14, 0.32)],
    };
    if chance.holds(0.12) { [size[1], size[0]] } else { size }
}

fn stored<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let Some(picture) = any(&assets.pages, chance) else { return note(chance) };
    let tint = if chance.holds(0.92) { pale_paper(chance) } else { colour::paper(chance) };
    let proportion = picture.proportion();
    let long = chance.pick(&[0.297, 0.297, 0.21, 0.28]);
    let size = if proportion < 1.0 { [long * proportion, long] } else { [long, long / proportion] };
    Document { face: Face::Stored(picture), size, round: 0.0, tint, stiff: false }
}

fn pale_paper(chance: &mut Chance) -> Colour {
    loop {
        let paper = colour::paper(chance);
        if paper[0].min(paper[1]).min(paper[2]) > 0.55 {
            return paper;
        }
    }
}

fn dark_ink(chance: &mut Chance) -> [u8; 3] {
    match chance.weighted(&[6.0, 2.0, 1.0]) {
        0 => bytes(greyish(chance, 0.02, 0.3)),
        1 => bytes(hsv(chance.within(0.55, 0.68), chance.within(0.5, 0.95), chance.within(0.2, 0.6))),
        _ => bytes(vivid(chance)),
    }
}

fn write(print: &mut Print, area: Area, ink: [u8; 3], larger: f32, assets: &Assets, chance: &mut Chance) {
    match any(&assets.pages, chance) {
        Some(page) => print.text(area, page, ink, larger, chance),
        None => print.words(area, ink, 7.0 * larger, chance),
    }
}

/// Boxes, tables and frames: what a detector may take for the sheet itself.
fn form<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let paper = pale_paper(chance);
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let ink = dark_ink(chance);
    let margin = chance.within(0.03, 0.12);
    let [x, y, w, h] = print.within(margin);
    if chance.holds(0.5) {
        print.frame([x, y, w, h], ink, chance.within(0.8, 4.0));
    }
    if chance.holds(0.5) {
        print.fill([x, y, w, h * chance.within(0.03, 0.12)], bytes(vivid(chance)));
    }
    let mut top = y + h * chance.within(0.06, 0.15);
    while top < y + h * 0.95 {
        let tall = (h * chance.within(0.06, 0.4)).min(y + h - top);
        let area = [x + w * 0.03, top, w * 0.94, tall * 0.9];
        match chance.whole(0, 3) {
            0 => write(&mut print, area, ink, chance.within(0.8, 1.4), assets, chance),
            1 => {
                let (rows, columns) = (chance.within(9.0, 24.0), chance.whole(1, 6));
                print.rules(area, ink, rows, false, chance.within(0.4, 1.0));
                for column in 0..=columns {
                    let share = column as f32 / columns as f32;
                    print.fill([area[0] + area[2] * share - 1.0, area[1], 1.0, area[3]], ink);
                }
                write(&mut print, area, ink, chance.within(0.8, 1.2), assets, chance);
            }
            2 => {
                print.frame(area, ink, chance.within(0.8, 2.5));
                let inner = [area[0] + 4.0, area[1] + 4.0, area[2] - 8.0, area[3] - 8.0];
                write(&mut print, inner, ink, 1.0, assets, chance);
            }
            _ => {
                let pen = dark_ink(chance);
                print.fill(area, bytes(greyish(chance, 0.75, 0.95)));
                print.scribble([area[0], area[1], area[2] * 0.5, area[3].min(20.0)], pen, 14.0, chance);
            }
        }
        top += tall;
    }
    Document::paper(print.done(), size, paper)
}

fn magazine<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let paper = if chance.holds(0.8) { pale_paper(chance) } else { colour::paper(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let ink = if paper[1] < 0.25 { [235; 3] } else { dark_ink(chance) };
    let [x, y, w, h] = print.within(chance.within(0.03, 0.1));
    let heading = chance.within(0.04, 0.14) * h;
    write(&mut print, [x, y, w, heading], ink, chance.within(2.0, 4.5), assets, chance);
    let columns = chance.whole(1, 3);
    let wide = w / columns as f32;
    for column in 0..columns {
        let mut top = y + heading;
        while top < y + h - 8.0 {
            let tall = (h * chance.within(0.1, 0.5)).min(y + h - top);
            let area = [x + wide * column as f32, top, wide * 0.94, tall * 0.96];
            match (chance.weighted(&[5.0, 3.0, 1.0]), any(&assets.photos, chance)) {
                (1, Some(photo)) => print.photo(area, photo, chance),
                (2, _) => print.fill(area, bytes(vivid(chance))),
                _ => write(&mut print, area, ink, chance.within(0.7, 1.1), assets, chance),
            }
            top += tall;
        }
    }
    if chance.holds(0.35) {
        if let Some(photo) = any(&assets.photos, chance) {
            // A picture to the edge, or nearly.
            let (share, at) = (chance.within(0.3, 0.75), chance.unit());
            let (pw, ph) = (print.width as f32, print.height as f32);
            let inset = if chance.holds(0.5) { 0.0 } else { 0.05 * pw };
            print.photo([inset, at * (1.0 - share) * ph, pw - 2.0 * inset, share * ph], photo, chance);
        }
    }
    Document::paper(print.done(), size, paper)
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

fn note<'a>(chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let paper = if chance.holds(0.85) { pale_paper(chance) } else { colour::paper(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let whole = print.within(0.0);
    let line = chance.within(9.0, 20.0);
    let rule = bytes(hsv(chance.within(0.5, 0.7), chance.within(0.1, 0.6), chance.within(0.5, 0.9)));
    match chance.whole(0, 3) {
        0 | 1 => print.rules(whole, rule, line, false, chance.within(0.2, 0.9)),
        2 => print.rules(whole, rule, line * 0.6, true, chance.within(0.2, 0.8)),
        _ => {}
    }
    if chance.holds(0.3) {
        let at = print.width as f32 * chance.within(0.06, 0.2);
        print.fill([at, 0.0, 1.5, print.height as f32], [210, 90, 90]);
    }
    let pen = if paper[1] < 0.25 { [230; 3] } else { dark_ink(chance) };
    if chance.holds(0.75) {
        let [x, y, w, h] = print.within(chance.within(0.04, 0.15));
        print.scribble([x, y, w, h * chance.within(0.1, 1.0)], pen, line, chance);
    }
    Document::paper(print.done(), size, paper)
}

fn flyer<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let ground = if chance.holds(0.6) { vivid(chance) } else { colour::furniture(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, ground);
    for _ in 0..chance.whole(1, 6) {
        let (w, h) = (print.width as f32, print.height as f32);
        let area = [
            w * chance.within(-0.1, 0.6),
            h * chance.within(-0.1, 0.7),
            w * chance.within(0.2, 1.1),
            h * chance.within(0.1, 0.6),
        ];
        match (chance.whole(0, 2), any(&assets.photos, chance)) {
            (0, _) => print.fill(area, bytes(vivid(chance))),
            (1, Some(photo)) => print.photo(area, photo, chance),
            _ => {
                let ink = if chance.holds(0.5) { [240; 3] } else { bytes(vivid(chance)) };
                write(&mut print, area, ink, chance.within(1.0, 5.0), assets, chance);
            }
        }
    }
    if chance.holds(0.3) {
        let inset = print.within(chance.within(0.02, 0.1));
        let ink = if chance.holds(0.5) { [245; 3] } else { bytes(vivid(chance)) };
        print.frame(inset, ink, chance.within(1.0, 8.0));
    }
    Document::paper(print.done(), size, ground)
}

fn newspaper<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = [chance.within(0.2, 0.3), chance.within(0.28, 0.42)];
    let paper = hsv(chance.within(0.08, 0.14), chance.within(0.03, 0.12), chance.within(0.75, 0.92));
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let [x, y, w, h] = print.within(0.04);
    write(&mut print, [x, y, w, h * 0.1], [30; 3], chance.within(3.0, 6.0), assets, chance);
    let columns = chance.whole(3, 6);
    for column in 0..columns {
        let wide = w / columns as f32;
        let area = [x + wide * column as f32, y + h * 0.12, wide * 0.92, h * 0.88];
        write(&mut print, area, [45; 3], chance.within(0.6, 0.9), assets, chance);
    }
    for _ in 0..chance.whole(0, 3) {
        if let Some(photo) = any(&assets.photos, chance) {
            let wide = w * chance.within(0.2, 0.6);
            let area =
                [x + (w - wide) * chance.unit(), y + h * chance.within(0.1, 0.7), wide, wide * chance.within(0.5, 0.9)];
            print.photo(area, photo, chance);
        }
    }
    Document::paper(print.done(), size, paper)
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
