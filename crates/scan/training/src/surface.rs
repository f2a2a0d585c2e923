//! What tables, floors, cloths and walls are made of: colour at a place, in metres. Refuses to know what lies on them.

use crate::{
    assets::{Assets, any},
    chance::Chance,
    colour::{Colour, furniture, greyish, hsv, mix, scaled, vivid},
    noise::{CELLS, CLOUD, CREASE, GRAIN, floor, share, smooth},
    picture::Picture,
};

/// A surface without end.
pub struct Surface<'a> {
    kind: Kind<'a>,
    /// Turn and start of its own coordinates, so that grain runs in any direction.
    turn: [f32; 2],
    start: [f32; 2],
    /// Slow change of brightness over about half a metre: its depth, 0 to 1.
    mottle: f32,
    /// Fine irregular grain, its depth and its size in metres.
    grain: f32,
    fine: f32,
}

enum Kind<'a> {
    Plain { base: Colour },
    Wood { light: Colour, dark: Colour, rings: f32, board: f32, joint: f32 },
    Marble { base: Colour, vein: Colour, size: f32, thin: f32 },
    Weave { warp: Colour, weft: Colour, thread: f32 },
    Carpet { deep: Colour, high: Colour, size: f32 },
    Cells { hollow: Colour, top: Colour, size: f32, sharp: f32 },
    Tiles { face: Colour, grout: Colour, size: [f32; 2], gap: f32, differ: f32, shifted: bool },
    Stripes { colours: [Colour; 3], width: f32, crossed: bool },
    Dots { ground: Colour, dot: Colour, size: f32 },
    Haze { colours: [Colour; 3], size: f32 },
    Pattern { picture: &'a Picture, level: usize, size: f32, tint: Colour },
    Photo { picture: &'a Picture, level: usize, size: f32 },
}

impl<'a> Surface<'a> {
    /// Any surface; `pixel` is what one pixel of the canvas covers of it, in metres.
    pub fn any(assets: &'a Assets, chance: &mut Chance, pixel: f32) -> Self {
        let kind = match chance.weighted(&[3.0, 3.5, 1.2, 1.2, 1.2, 1.0, 1.2, 0.8, 0.3, 7.0, 2.5, 0.4]) {
            1 => wood(chance),
            2 => marble(chance),
            3 => {
                let warp = furniture(chance);
                let weft = if chance.holds(0.6) { scaled(warp, chance.within(0.55, 0.95)) } else { furniture(chance) };
                Kind::Weave { warp, weft, thread: chance.doubling(0.0006, 0.006).max(pixel * 1.5) }
            }
            4 => {
                let high = furniture(chance);
                Kind::Carpet { deep: scaled(high, chance.within(0.15, 0.7)), high, size: chance.doubling(0.05, 0.6) }
            }
            5 => {
                let top = furniture(chance);
                let hollow = if chance.holds(0.7) { scaled(top, chance.within(0.3, 0.9)) } else { furniture(chance) };
                let size = chance.doubling(0.08, 0.8).max(pixel * 60.0);
                Kind::Cells { hollow, top, size, sharp: chance.within(1.0, 4.0) }
            }
            6 => {
                let face = furniture(chance);
                let grout = if chance.holds(0.5) { greyish(chance, 0.2, 0.9) } else { scaled(face, 0.6) };
                let tall = chance.doubling(0.03, 0.45);
                let long = tall * chance.pick(&[1.0, 1.0, 2.0, 2.7]);
                let shifted = chance.holds(0.4);
                let gap = (chance.within(0.01, 0.05) * tall).max(pixel * 0.8);
                Kind::Tiles { face, grout, size: [long, tall], gap, differ: chance.within(0.0, 0.15), shifted }
            }
            7 => {
                let base = furniture(chance);
                let colours = [base, vivid(chance), if chance.holds(0.5) { base } else { vivid(chance) }];
                let width = chance.doubling(0.004, 0.06).max(pixel * 2.0);
                Kind::Stripes { colours, width, crossed: chance.holds(0.5) }
            }
            8 => Kind::Dots { ground: furniture(chance), dot: vivid(chance), size: chance.doubling(0.01, 0.08) },
            9 => match any(&assets.patterns, chance) {
                Some(picture) => {
                    let size = chance.doubling(0.12, 1.2).max(pixel * 70.0);
                    let level = picture.level(pixel / size * picture.width() as f32);
                    let tint = if chance.holds(0.5) { [1.0; 3] } else { mix([1.0; 3], vivid(chance), 0.5) };
                    Kind::Pattern { picture, level, size, tint: scaled(tint, chance.doubling(0.5, 1.6)) }
                }
                None => wood(chance),
            },
            10 => match any(&assets.photos, chance) {
                Some(picture) => {
                    let size = chance.doubling(0.6, 2.5);
                    Kind::Photo { picture, level: picture.level(pixel / size * picture.width() as f32), size }
                }
                None => marble(chance),
            },
            11 => {
                let colours = [vivid(chance), vivid(chance), furniture(chance)];
                Kind::Haze { colours, size: pixel * chance.doubling(1500.0, 6000.0) }
            }
            _ => Kind::Plain { base: furniture(chance) },
        };
        Surface::of(kind, chance, pixel)
    }

    /// A table or wall in one colour, `low` to `high` bright (sRGB, 0 to 1): what paper hardly stands out from.
    pub fn pale(chance: &mut Chance, low: f32, high: f32, pixel: f32) -> Self {
        let base = greyish(chance, low, high);
        Surface::of(Kind::Plain { base }, chance, pixel)
    }

    fn of(kind: Kind<'a>, chance: &mut Chance, pixel: f32) -> Self {
        let turn = if chance.holds(0.5) {
            chance.pick(&[0.0, std::f32::consts::FRAC_PI_2]) + 0.1 * chance.normal()
        } else {
            chance.angle()
        };
        // What has a texture of its own seldom needs another.
        let bare = matches!(kind, Kind::Plain { .. } | Kind::Tiles { .. } | Kind::Stripes { .. } | Kind::Dots { .. });
        Surface {
            kind,
            turn: [turn.cos(), turn.sin()],
            start: [chance.within(0.0, 50.0), chance.within(0.0, 50.0)],
            mottle: if bare || chance.holds(0.15) { chance.within(0.0, 0.25) * chance.unit() } else { 0.0 },
            grain: if bare || chance.holds(0.25) { chance.within(0.0, 0.22) * chance.unit() } else { 0.0 },
            fine: chance.doubling(0.0006, 0.003).max(pixel),
        }
    }

    /// Linear light at a place, in metres.
    #[inline]
    pub fn colour(&self, x: f32, y: f32) -> Colour {
        let [c, s] = self.turn;
        let (x, y) = (x * c - y * s + self.start[0], x * s + y * c + self.start[1]);
        let seen = self.kind.colour(x, y);
        let mut tone = 1.0;
        if self.mottle > 0.01 {
            tone += self.mottle * (CLOUD.at(x * 0.9, y * 0.9) - 0.5) * 2.0;
        }
        if self.grain > 0.01 {
            let size = self.fine * 256.0;
            tone += self.grain * (GRAIN.at(x / size, y / size) - 0.5) * 2.0;
        }
        scaled(seen, tone.max(0.0))
    }
}

fn wood<'a>(chance: &mut Chance) -> Kind<'a> {
    let hue = chance.within(0.035, 0.115);
    let value = chance.within(0.18, 0.92);
    let light = hsv(hue, chance.within(0.15, 0.75), value);
    let dark = scaled(light, chance.within(0.4, 0.9));
    let board = if chance.holds(0.5) { chance.doubling(0.05, 0.25) } else { f32::MAX };
    Kind::Wood { light, dark, rings: chance.doubling(8.0, 120.0), board, joint: chance.within(0.3, 0.95) }
}

fn marble<'a>(chance: &mut Chance) -> Kind<'a> {
    let base = greyish(chance, 0.1, 0.97);
    let vein = if chance.holds(0.6) { scaled(base, chance.within(0.3, 0.85)) } else { greyish(chance, 0.1, 0.95) };
    Kind::Marble { base, vein, size: chance.doubling(0.15, 1.5), thin: chance.within(2.0, 14.0) }
}

impl Kind<'_> {
    #[inline]
    fn colour(&self, x: f32, y: f32) -> Colour {
        match *self {
            Kind::Plain { base } => base,
            Kind::Wood { light, dark, rings, board, joint } => {
                let (number, seam) = if board < 10.0 {
                    let number = floor(y / board);
                    let within = y / board - number;
                    (number, if within < 0.002 / board { joint } else { 1.0 })
                } else {
                    (0.0, 1.0)
                };
                let along = x + number * 7.31;
                let warp = CLOUD.at(along * 0.35, y * 1.3 + number * 0.37);
                let ring = smooth((share((y * rings + warp * 9.0) * 0.159) - 0.5).abs() * 2.0) * 0.6;
                let fibre = CLOUD.at(along * 0.9, y * 14.0) * 0.7;
                let shade = seam * (0.92 + 0.16 * share(number * 0.618));
                scaled(mix(light, dark, (ring + fibre - 0.15).clamp(0.0, 1.0)), shade)
            }
            Kind::Marble { base, vein, size, thin } => {
                let bend = CLOUD.at(x / size * 0.5, y / size * 0.5) * 0.35;
                let crease = CREASE.at(x / size + bend, y / size * 0.7 - bend);
                mix(base, vein, ((crease - 1.0) * thin * 0.5 + 1.0).max(0.0).powi(2))
            }
            Kind::Weave { warp, weft, thread } => {
                let (u, v) = (x / thread, y / thread);
                let over = ((floor(u) + floor(v)) as i32 & 1) == 0;
                let (a, b) = (share(u) - 0.5, share(v) - 0.5);
                let round = if over { 1.0 - 2.2 * a * a } else { 1.0 - 2.2 * b * b };
                scaled(if over { warp } else { weft }, round)
            }
            Kind::Carpet { deep, high, size } => {
                let t = CLOUD.at(x / size, y / size) * 0.5 + CREASE.at(y / size * 2.3, x / size * 2.3) * 0.5;
                mix(deep, high, smooth(t * 1.6 - 0.3))
            }
            Kind::Cells { hollow, top, size, sharp } => {
                let t = CELLS.at(x / size, y / size);
                mix(top, hollow, (t * sharp - (sharp - 1.0) * 0.5).clamp(0.0, 1.0))
            }
            Kind::Tiles { face, grout, size, gap, differ, shifted } => {
                let row = floor(y / size[1]);
                let x = if shifted { x + 0.5 * size[0] * (row as i32 & 1) as f32 } else { x };
                let column = floor(x / size[0]);
                let (dx, dy) = (x - column * size[0], y - row * size[1]);
                let edge = dx.min(dy).min(size[0] - dx).min(size[1] - dy);
                let own = GRAIN.at((column * 7.0 + row * 13.0) / 256.0, row * 31.0 / 256.0) - 0.5;
                mix(grout, scaled(face, 1.0 + differ * own * 2.0), smooth(edge / gap))
            }
            Kind::Stripes { colours, width, crossed } => {
                let band = |v: f32| {
                    let at = 8.0 * share(v / width * 0.125);
                    if at < 3.0 {
                        0
                    } else if at < 4.0 {
                        1
                    } else if at < 7.0 {
                        0
                    } else {
                        2
                    }
                };
                let a = colours[band(x)];
                if crossed { mix(a, colours[band(y)], 0.5) } else { a }
            }
            Kind::Dots { ground, dot, size } => {
                let (u, v) = (share(x / size) - 0.5, share(y / size) - 0.5);
                mix(dot, ground, smooth((u.hypot(v) - 0.25) * 12.0))
            }
            Kind::Haze { colours, size } => {
                let t = CLOUD.at(x / size, y / size);
                let first = mix(colours[0], colours[1], smooth(t * 2.0 - 0.5));
                mix(first, colours[2], smooth(CLOUD.at(y / size + 0.4, x / size) * 2.5 - 1.0))
            }
            Kind::Pattern { picture, level, size, tint } => {
                let seen = picture.repeated(level, x / size, y / size * picture.proportion());
                [seen[0] * tint[0], seen[1] * tint[1], seen[2] * tint[2]]
            }
            Kind::Photo { picture, level, size } => {
                // Mirrored at its edges, so that it has no seam.
                let fold = |v: f32| 1.0 - (share(v * 0.5) * 2.0 - 1.0).abs();
                picture.at(level, fold(x / size), fold(y / size * picture.proportion()))
            }
        }
    }
}
