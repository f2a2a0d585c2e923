//! Single things on a table: books, screens, keyboards, boxes, mugs, furniture, cut-outs.
//!
//! Refuses to know why they lie there.

use crate::{
    assets::any,
    chance::Chance,
    clutter::{Table, turn},
    colour::{furniture, greyish, mix, scaled, vivid},
    noise::{floor, share, smooth},
    pose::Spot,
    slab::{Slab, Sun},
    surface::Surface,
};

impl Table<'_, '_> {
    /// One with a photo on its cover may be taken for a page.
    pub fn book(&mut self, centre: Spot, like_a_page: bool, chance: &mut Chance) {
        let half = [chance.within(0.05, 0.12), chance.within(0.08, 0.17)];
        let (cover, band) = (furniture(chance), vivid(chance));
        let (from, to) = (chance.within(0.05, 0.5), chance.within(0.5, 0.95));
        let photo = if chance.holds(0.15) && like_a_page { any(&self.assets.photos, chance) } else { None };
        let slab = Slab {
            centre,
            half,
            turn: turn(chance),
            round: 0.001,
            thick: chance.within(0.012, 0.045),
            side: if chance.holds(0.7) { greyish(chance, 0.75, 0.95) } else { cover },
        };
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| {
            // The groove beside the spine, and the edge that catches the light.
            let groove = 1.0 - 0.4 * smooth(1.0 - (u - 0.07).abs() / 0.02);
            let seen = match photo {
                Some(photo) => photo.at(photo.level(2.0), u, v),
                None if v > from && v < to && u > 0.18 && u < 0.88 => band,
                None => cover,
            };
            (scaled(seen, groove), 1.0)
        });
    }

    /// A phone, a tablet, a laptop's or a monitor's screen, on or off. What one that is on shows may be taken for a page: a
    /// leaflet, too, is a grid of coloured pictures.
    pub fn screen(&mut self, centre: Spot, like_a_page: bool, chance: &mut Chance) {
        let (long, proportion) = (chance.doubling(0.13, 0.4), chance.pick(&[0.48, 0.5, 0.7, 0.63]));
        let half = [long * 0.5 * proportion, long * 0.5];
        let dark = greyish(chance, 0.02, 0.12);
        let frame = if chance.holds(0.7) { dark } else { greyish(chance, 0.6, 0.95) };
        let bezel = chance.within(0.05, 0.13);
        let (bar, bright) = (vivid(chance), chance.within(6.0, 20.0));
        let lit = chance.holds(0.5) && like_a_page;
        let photo = any(&self.assets.photos, chance);
        let glow = chance.within(0.5, 1.6);
        let white = chance.holds(0.4);
        let slab = Slab { centre, half, turn: turn(chance), round: long * 0.04, thick: 0.008, side: frame };
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| {
            let edge = u.min(1.0 - u).min(v.min(1.0 - v) / proportion);
            let seen = match (edge < bezel, lit, photo) {
                (true, ..) => frame,
                (false, true, Some(photo)) if !white => scaled(photo.at(2, u, v), glow),
                (false, true, _) if v < 0.15 => scaled(bar, glow),
                (false, true, _) => {
                    let line = share(v * bright) < 0.3 && u > 0.2 && u < 0.3 + 0.5 * share(floor(v * bright) * 0.618);
                    if line { [0.2; 3] } else { scaled([0.75, 0.8, 0.9], glow) }
                }
                (false, false, _) => scaled(dark, 1.0 + u + v),
            };
            (seen, 1.0)
        });
    }

    pub fn keyboard(&mut self, centre: Spot, chance: &mut Chance) {
        let half = [chance.within(0.14, 0.22), chance.within(0.05, 0.075)];
        let dark = chance.holds(0.7);
        let body = if dark { greyish(chance, 0.04, 0.25) } else { greyish(chance, 0.7, 0.95) };
        let key = if chance.holds(0.6) { scaled(body, 1.35) } else { greyish(chance, 0.05, 0.95) };
        let slab =
            Slab { centre, half, turn: turn(chance), round: 0.008, thick: chance.within(0.005, 0.02), side: body };
        let rows = half[1] * 2.0 / 0.019;
        let columns = half[0] * 2.0 / 0.019;
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| {
            let (row, x) = (floor(v * rows), u * columns + 0.35 * floor(v * rows));
            let (fx, fy) = (share(x), share(v * rows));
            let on = fx > 0.1 && fx < 0.9 && fy > 0.1 && fy < 0.9 && u > 0.02 && u < 0.98;
            let space = row == (rows - 1.5).floor() && u > 0.25 && u < 0.6;
            (if on || space { scaled(key, 0.8 + 0.4 * (1.0 - fy)) } else { body }, 1.0)
        });
    }

    /// A coaster, a mat, a tray, a box: one colour, perhaps with a rim.
    pub fn plain(&mut self, centre: Spot, chance: &mut Chance) {
        let half = [chance.doubling(0.02, 0.2), chance.doubling(0.02, 0.2)];
        let (colour, rim) = (furniture(chance), furniture(chance));
        let width = if chance.holds(0.4) { chance.within(0.02, 0.12) } else { 0.0 };
        let round = if chance.holds(0.5) { half[0].min(half[1]) * chance.unit() } else { 0.0 };
        let slab = Slab { centre, half, turn: turn(chance), round, thick: chance.doubling(0.001, 0.06), side: colour };
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| {
            let edge = u.min(1.0 - u).min(v).min(1.0 - v);
            (if edge < width { rim } else { colour }, 1.0)
        });
    }

    /// A box, a tin, a lamp's foot: too thick or too round for a page.
    pub fn block(&mut self, centre: Spot, chance: &mut Chance) {
        let half = [chance.doubling(0.02, 0.12), chance.doubling(0.02, 0.12)];
        let (colour, band) = (furniture(chance), furniture(chance));
        let round = half[0].min(half[1]) * if chance.holds(0.5) { chance.within(0.5, 1.0) } else { 0.05 };
        let from = chance.within(0.2, 0.8);
        let slab = Slab { centre, half, turn: turn(chance), round, thick: chance.within(0.02, 0.1), side: colour };
        slab.lay(self.canvas, self.camera, &self.sun, |_, v| (if v < from { colour } else { band }, 1.0));
    }

    /// Furniture, a bag, a wall's corner: large, thick, of any surface.
    pub fn bulk(&mut self, centre: Spot, reach: f32, chance: &mut Chance) {
        let half = [chance.within(0.15, 0.6) * reach, chance.within(0.1, 0.6) * reach];
        let surface = Surface::any(self.assets, chance, self.camera.pixel());
        let thick = chance.within(0.1, 0.5) * reach;
        let round = half[0].min(half[1]) * chance.unit() * chance.unit();
        let slab = Slab { centre, half, turn: turn(chance), round, thick, side: furniture(chance) };
        let wide = half.map(|v| 2.0 * v);
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| (surface.colour(u * wide[0], v * wide[1]), 1.0));
    }

    pub fn mug(&mut self, centre: Spot, chance: &mut Chance) {
        let radius = chance.within(0.03, 0.05);
        let (outside, inside) = (furniture(chance), mix(vivid(chance), [0.02, 0.01, 0.005], 0.7));
        let thick = chance.within(0.005, 0.1);
        let slab = Slab { centre, half: [radius; 2], turn: 0.0, round: radius, thick, side: outside };
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| {
            let r = (u - 0.5).hypot(v - 0.5) * 2.0;
            (if r < 0.86 { scaled(inside, 0.6 + r) } else { scaled(outside, 1.15) }, 1.0)
        });
    }

    pub fn thing(&mut self, centre: Spot, chance: &mut Chance) {
        let Some(picture) = any(&self.assets.things, chance) else { return self.mug(centre, chance) };
        let long = chance.doubling(0.03, 0.25);
        let p = picture.proportion();
        let half = if p < 1.0 { [long * 0.5 * p, long * 0.5] } else { [long * 0.5, long * 0.5 / p] };
        let level = picture.level(self.camera.pixel() / (2.0 * half[0]) * picture.width() as f32);
        let slab = Slab { centre, half, turn: turn(chance), round: 0.0, thick: 0.0, side: [0.0; 3] };
        // No rectangle's shadow: the picture has its own outline.
        let none = Sun { dark: 0.0, ..self.sun };
        let dark = self.sun.dark * 0.7;
        let moved = Slab {
            centre: [centre[0] - self.sun.toward[0] * long * 0.04, centre[1] - self.sun.toward[1] * long * 0.04],
            ..slab
        };
        moved.lay(self.canvas, self.camera, &none, |u, v| ([0.0; 3], picture.alpha(level, u, v) * dark));
        slab.lay(self.canvas, self.camera, &none, |u, v| (picture.at(level, u, v), picture.alpha(level, u, v)));
    }
}
