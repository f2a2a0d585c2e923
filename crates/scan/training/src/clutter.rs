//! What else lies on the table: other sheets beneath and beside, books, cards, screens, keyboards, mugs, pens, things.
//!
//! Refuses to know the page itself; everything here is painted before it.

use crate::{
    assets::Assets,
    canvas::{Canvas, Stroke},
    chance::Chance,
    colour::{Colour, furniture, greyish, scaled, vivid},
    document::Document,
    noise::CLOUD,
    pose::{Camera, Spot},
    slab::{Slab, Sun},
};

/// The table being laid.
pub struct Table<'a, 'b> {
    pub canvas: &'b mut Canvas,
    pub camera: &'b Camera,
    pub assets: &'a Assets,
    pub sun: Sun,
}

impl Table<'_, '_> {
    /// `count` things of any kind at `reach` metres around the middle, none nearer than the page's own half `keep`
    /// more often than not.
    pub fn scatter(&mut self, count: usize, reach: f32, keep: f32, chance: &mut Chance) {
        for _ in 0..count {
            let angle = chance.angle();
            let far = if chance.holds(0.75) { chance.within(keep * 0.9, reach) } else { chance.within(0.0, reach) };
            let centre = [angle.cos() * far, angle.sin() * far];
            // Other paper is either partly beneath the page or cut off by the frame: which sheet is meant must be plain.
            let aside =
                if chance.holds(0.5) { chance.within(0.0, keep * 0.6) } else { chance.within(0.85, 1.15) * reach };
            let elsewhere = [angle.cos() * aside, angle.sin() * aside];
            match chance.weighted(&[4.0, 2.5, 1.5, 1.5, 1.5, 1.5, 1.5, 2.0, 2.0, 1.0]) {
                0 => self.sheet(elsewhere, chance),
                1 => self.book(centre, true, chance),
                2 => self.screen(centre, true, chance),
                3 => self.keyboard(centre, chance),
                4 => self.plain(centre, chance),
                5 => self.mug(centre, chance),
                6 => self.cable(centre, reach, chance),
                7 => self.thing(centre, chance),
                8 => self.pen(centre, chance),
                _ => self.card(elsewhere, chance),
            }
        }
    }

    /// Things of any kind that cannot be taken for a page.
    pub fn scatter_without_paper(&mut self, count: usize, reach: f32, chance: &mut Chance) {
        for _ in 0..count {
            let (angle, far) = (chance.angle(), chance.within(0.0, reach));
            let centre = [angle.cos() * far, angle.sin() * far];
            match chance.weighted(&[1.2, 1.2, 1.5, 1.5, 1.5, 1.5, 2.5, 2.0, 2.0]) {
                0 => self.book(centre, false, chance),
                1 => self.screen(centre, false, chance),
                2 => self.keyboard(centre, chance),
                3 => self.block(centre, chance),
                4 => self.mug(centre, chance),
                5 => self.cable(centre, reach, chance),
                6 => self.thing(centre, chance),
                7 => self.pen(centre, chance),
                // Cut off by the frame, or it would be taken for a card from above.
                _ => self.bulk([angle.cos() * reach, angle.sin() * reach], reach, chance),
            }
        }
    }

    /// Sheets beneath the page, which covers most of them: `size` is the page's.
    pub fn beneath(&mut self, size: Spot, chance: &mut Chance) {
        let longer = size[0].max(size[1]);
        for _ in 0..chance.whole(1, 3) {
            let spread = chance.doubling(0.02, 0.4) * longer;
            let centre = [spread * chance.normal(), spread * chance.normal()];
            self.sheet(centre, chance);
        }
    }

    /// A board, folder or mat larger than the page, right below it.
    pub fn board(&mut self, size: Spot, chance: &mut Chance) {
        let more = chance.doubling(0.01, 0.15);
        let colour = if chance.holds(0.6) { furniture(chance) } else { vivid(chance) };
        let half = [size[0] * 0.5 + more, size[1] * 0.5 + more * chance.within(0.4, 1.8)];
        let centre = [0.3 * more * chance.normal(), 0.3 * more * chance.normal()];
        let turn = 0.05 * chance.normal();
        let slab = Slab {
            centre,
            half,
            turn,
            round: chance.within(0.0, 0.015),
            thick: chance.within(0.001, 0.02),
            side: colour,
        };
        slab.lay(self.canvas, self.camera, &self.sun, |_, _| (colour, 1.0));
    }

    fn sheet(&mut self, centre: Spot, chance: &mut Chance) {
        let document = Document::any(self.assets, chance);
        let level = document.level(self.camera.pixel());
        let half = document.size.map(|v| v * 0.5);
        let turn = turn(chance);
        let bare = chance.holds(0.3);
        let shade = chance.within(0.8, 1.0);
        let slab = Slab { centre, half, turn, round: document.round, thick: 0.0005, side: document.tint };
        slab.lay(self.canvas, self.camera, &self.sun, |u, v| {
            (scaled(if bare { document.tint } else { document.colour(level, u, v) }, shade), 1.0)
        });
    }

    fn card(&mut self, centre: Spot, chance: &mut Chance) {
        let (ground, stripe) = (vivid(chance), vivid(chance));
        let slab =
            Slab { centre, half: [0.0428, 0.027], turn: turn(chance), round: 0.0032, thick: 0.0008, side: ground };
        slab.lay(self.canvas, self.camera, &self.sun, |_, v| (if v > 0.15 && v < 0.35 { stripe } else { ground }, 1.0));
    }

    pub fn pen(&mut self, centre: Spot, chance: &mut Chance) {
        let (turn, half) = (chance.angle(), chance.within(0.06, 0.09));
        let end = |k: f32| [centre[0] + turn.cos() * half * k, centre[1] + turn.sin() * half * k, 0.004];
        let ((a, da), (b, db)) = (self.camera.project(end(-1.0)), self.camera.project(end(1.0)));
        if da.min(db) < 0.05 {
            return;
        }
        let radius = chance.within(0.003, 0.006) / self.camera.pixel();
        let colour = furniture(chance);
        let look = Stroke {
            colour,
            tip: if chance.holds(0.5) { vivid(chance) } else { scaled(colour, 0.4) },
            tip_from: chance.within(0.6, 1.0),
            sun: self.sun.toward,
            shadow: radius * 0.9,
            dark: self.sun.dark,
            shine: chance.within(0.0, 0.8),
        };
        self.canvas.stroke(a, b, [radius, radius * chance.within(0.5, 1.0)], &look);
    }

    fn cable(&mut self, centre: Spot, reach: f32, chance: &mut Chance) {
        let colour: Colour = if chance.holds(0.6) { greyish(chance, 0.02, 0.2) } else { greyish(chance, 0.7, 1.0) };
        let (turn, start) = (chance.angle(), chance.within(0.0, 9.0));
        let radius = (chance.within(0.0015, 0.003) / self.camera.pixel()).max(0.6);
        let look = Stroke {
            colour,
            tip: colour,
            tip_from: 2.0,
            sun: self.sun.toward,
            shadow: radius * 0.8,
            dark: self.sun.dark,
            shine: 0.1,
        };
        let at = |i: usize| {
            let t = (i as f32 / 14.0 - 0.5) * 2.0 * reach;
            let off = (CLOUD.at(start + t * 0.3, start) - 0.5) * reach * 0.8;
            let (s, c) = turn.sin_cos();
            self.camera.project([centre[0] + t * c - off * s, centre[1] + t * s + off * c, 0.0])
        };
        for i in 0..14 {
            let ((a, da), (b, db)) = (at(i), at(i + 1));
            if da.min(db) > 0.05 {
                self.canvas.stroke(a, b, [radius; 2], &look);
            }
        }
    }
}

/// Things on a desk mostly lie along it.
pub fn turn(chance: &mut Chance) -> f32 {
    match chance.whole(0, 2) {
        0 => 0.12 * chance.normal(),
        1 => std::f32::consts::FRAC_PI_2 + 0.12 * chance.normal(),
        _ => chance.angle(),
    }
}
