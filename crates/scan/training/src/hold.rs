//! Hands, fingers, clips, staples and pens at the page's outline and on it.
//!
//! Knows where the page's outline is in the picture; refuses to know the page. What is painted here hides no page from
//! the mask: the whole sheet is wanted.

use crate::{
    canvas::{Canvas, SIDE, Stroke},
    chance::Chance,
    colour::{self, Colour, furniture, greyish, mix, scaled, vivid},
    pose::Spot,
};

/// A place on the outline and the direction into the page, in canvas pixels.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub at: Spot,
    pub inward: Spot,
}

/// One hand's look.
pub struct Hand {
    skin: Colour,
    sleeve: Colour,
    sun: Spot,
    /// Half a finger's width in canvas pixels.
    finger: f32,
}

impl Hand {
    /// `pixel`: metres a canvas pixel covers at the page.
    pub fn new(pixel: f32, sun: Spot, chance: &mut Chance) -> Self {
        let finger = (chance.within(0.007, 0.011) / pixel).clamp(1.2, 60.0);
        Hand { skin: colour::skin(chance), sleeve: furniture(chance), sun, finger }
    }

    fn stroke(&self, colour: Colour, shadow: f32) -> Stroke {
        Stroke { colour, tip: colour, tip_from: 2.0, sun: self.sun, shadow, dark: 0.35, shine: 0.0 }
    }

    /// What is behind the page: the palm, the fingers' ends, the arm that leaves the picture.
    pub fn behind(&self, canvas: &mut Canvas, edge: Edge, chance: &mut Chance) {
        let f = self.finger;
        let side = [-edge.inward[1], edge.inward[0]];
        let go = |inward: f32, aside: f32| {
            [
                edge.at[0] + edge.inward[0] * inward * f + side[0] * aside * f,
                edge.at[1] + edge.inward[1] * inward * f + side[1] * aside * f,
            ]
        };
        let skew = chance.within(-1.5, 1.5);
        let wrist = go(-9.0, skew * 2.0);
        let out = go(-60.0, skew * 14.0);
        canvas.stroke(wrist, out, [f * 3.4, f * 4.8], &self.stroke(self.sleeve, 0.0));
        let skin = self.stroke(scaled(self.skin, 0.9), f * 0.3);
        canvas.stroke(go(-2.0, skew * 0.3), wrist, [f * 4.0, f * 3.0], &skin);
        for k in 0..4 {
            let aside = (k as f32 - 1.5) * 1.9;
            canvas.stroke(go(-3.0, aside * 0.8), go(2.0, aside), [f, f * 0.85], &skin);
        }
    }

    /// A thumb or fingers over the outline, `deep` finger widths into the page.
    pub fn over(&self, canvas: &mut Canvas, edge: Edge, chance: &mut Chance) {
        let f = self.finger;
        let side = [-edge.inward[1], edge.inward[0]];
        let count = chance.weighted(&[0.0, 6.0, 1.0, 1.5, 1.5]);
        let lean = chance.within(-0.8, 0.8);
        for k in 0..count {
            let aside = (k as f32 - (count - 1) as f32 * 0.5) * 2.1;
            let deep = chance.within(0.8, 4.5);
            let go = |inward: f32, aside: f32| {
                [
                    edge.at[0] + edge.inward[0] * inward * f + side[0] * (aside + lean * inward) * f,
                    edge.at[1] + edge.inward[1] * inward * f + side[1] * (aside + lean * inward) * f,
                ]
            };
            let thick = if count == 1 { f * 1.25 } else { f };
            self.finger_of(canvas, go(-4.0, aside * 0.9), go(deep, aside), thick);
        }
    }

    /// A finger that comes from outside the picture and rests its tip at `to`.
    pub fn point(&self, canvas: &mut Canvas, to: Spot, chance: &mut Chance) {
        let turn = chance.within(0.2, 2.9);
        let away = [turn.cos(), turn.sin()];
        let f = self.finger;
        let far = |k: f32, bend: f32| {
            [to[0] + (away[0] - away[1] * bend) * k * f, to[1] + (away[1] + away[0] * bend) * k * f]
        };
        let bend = chance.within(-0.2, 0.2);
        let knuckle = far(8.0, bend);
        let (palm, out) = (far(16.0, bend * 1.5), far(80.0, bend * 1.5));
        canvas.stroke(palm, out, [f * 3.2, f * 4.5], &self.stroke(self.sleeve, f * 0.8));
        canvas.stroke(knuckle, palm, [f * 2.6, f * 3.4], &self.stroke(self.skin, f * 0.8));
        self.finger_of(canvas, knuckle, to, f);
    }

    fn finger_of(&self, canvas: &mut Canvas, from: Spot, to: Spot, thick: f32) {
        canvas.stroke(from, to, [thick * 1.12, thick * 0.88], &self.stroke(self.skin, thick * 0.7));
        // Nail.
        let back = [to[0] - from[0], to[1] - from[1]];
        let long = back[0].hypot(back[1]).max(1.0);
        let step = |k: f32| [to[0] + back[0] / long * k * thick, to[1] + back[1] / long * k * thick];
        let nail = mix(self.skin, [0.85, 0.6, 0.55], 0.45);
        let look = Stroke { shine: 0.12, ..self.stroke(nail, 0.0) };
        canvas.stroke(step(-0.45), step(0.25), [thick * 0.5, thick * 0.5], &look);
    }
}

/// A paper clip, a binder clip, a clipboard's clamp, a staple, tape or a peg at the outline.
pub fn clip(canvas: &mut Canvas, edge: Edge, pixel: f32, sun: Spot, chance: &mut Chance) {
    let m = |metres: f32| metres / pixel;
    let side = [-edge.inward[1], edge.inward[0]];
    let go = |inward: f32, aside: f32| {
        [
            edge.at[0] + edge.inward[0] * m(inward) + side[0] * m(aside),
            edge.at[1] + edge.inward[1] * m(inward) + side[1] * m(aside),
        ]
    };
    let metal = if chance.holds(0.6) { greyish(chance, 0.55, 0.85) } else { vivid(chance) };
    let look = |colour: Colour, shadow: f32, shine: f32| Stroke {
        colour,
        tip: colour,
        tip_from: 2.0,
        sun,
        shadow: m(shadow),
        dark: 0.35,
        shine,
    };
    match chance.whole(0, 4) {
        0 => {
            let wire = look(metal, 0.001, 0.3);
            for aside in [-0.003, 0.0, 0.003] {
                canvas.stroke(go(-0.002, aside), go(0.024, aside), [m(0.0006).max(0.5); 2], &wire);
            }
        }
        1 => {
            let wide = chance.within(0.007, 0.022);
            let dark = if chance.holds(0.7) { greyish(chance, 0.03, 0.2) } else { vivid(chance) };
            canvas.stroke(go(0.002, -wide), go(0.002, wide), [m(0.009); 2], &look(dark, 0.004, 0.2));
            canvas.stroke(go(0.01, 0.0), go(0.03, 0.0), [m(0.004); 2], &look(metal, 0.002, 0.4));
        }
        2 => {
            let wide = chance.within(0.03, 0.07);
            canvas.stroke(go(-0.012, -wide), go(-0.012, wide), [m(0.016); 2], &look(metal, 0.006, 0.5));
            canvas.stroke(go(-0.025, -wide * 0.4), go(-0.025, wide * 0.4), [m(0.014); 2], &look(metal, 0.0, 0.5));
        }
        3 => {
            let wire = look(greyish(chance, 0.4, 0.8), 0.0006, 0.2);
            canvas.stroke(go(0.012, 0.01), go(0.018, 0.018), [m(0.0006).max(0.45); 2], &wire);
        }
        _ => {
            // Tape: a pale veil.
            let (a, b) = (go(-0.02, 0.0), go(0.02, 0.0));
            let half = m(0.009);
            let axis = [b[0] - a[0], b[1] - a[1]];
            let long = axis[0].hypot(axis[1]).max(1.0);
            let bounds = [a[0].min(b[0]) - half, a[1].min(b[1]) - half, a[0].max(b[0]) + half, a[1].max(b[1]) + half];
            let veil = if chance.holds(0.6) { [0.8; 3] } else { [0.6, 0.5, 0.3] };
            let strength = chance.within(0.15, 0.8);
            canvas.touch(bounds, |x, y, under| {
                let (dx, dy) = (x - a[0], y - a[1]);
                let along = (dx * axis[0] + dy * axis[1]) / long;
                let across = (dy * axis[0] - dx * axis[1]) / long;
                (along > 0.0 && along < long && across.abs() < half).then(|| mix(under, veil, strength))
            });
        }
    }
}

/// A pen lying anywhere near `at`.
pub fn pen(canvas: &mut Canvas, at: Spot, pixel: f32, sun: Spot, chance: &mut Chance) {
    let (turn, long) = (chance.angle(), chance.within(0.055, 0.085) / pixel);
    let radius = (chance.within(0.003, 0.0055) / pixel).max(0.7);
    let end = |k: f32| [at[0] + turn.cos() * long * k, at[1] + turn.sin() * long * k];
    let colour = furniture(chance);
    let look = Stroke {
        colour,
        tip: if chance.holds(0.5) { vivid(chance) } else { scaled(colour, 0.5) },
        tip_from: chance.within(0.5, 1.0),
        sun,
        shadow: radius,
        dark: 0.45,
        shine: chance.within(0.0, 0.8),
    };
    canvas.stroke(end(-1.0), end(1.0), [radius, radius * chance.within(0.5, 1.0)], &look);
}

/// Whether a place is in the picture.
pub fn inside([x, y]: Spot) -> bool {
    (0.0..SIDE as f32).contains(&x) && (0.0..SIDE as f32).contains(&y)
}
