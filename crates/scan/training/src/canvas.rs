//! The picture while it is painted: linear light, and what share of it is page. Triangles, flat shapes and strokes.
//!
//! Refuses to know what is painted. Coordinates are pixels, x right and y down; a pixel's middle is at its half.

use crate::colour::{Colour, mix};

/// Working side in pixels: one and a half times the luma's and three times the mask's.
pub const SIDE: usize = 384;

pub struct Canvas {
    pub light: Vec<Colour>,
    /// Whether the pixel shows page, things lying on it included.
    pub page: Vec<bool>,
    /// Depth of what [`Canvas::triangle`] has painted since [`Canvas::clear_depth`].
    depth: Vec<f32>,
    /// Rows of [`Canvas::fill_coarsely`].
    coarse: Vec<Colour>,
}

/// Points a side of a coarse filling: two for three pixels, and one more at the end.
const COARSE: usize = SIDE * 2 / 3 + 2;

/// A corner of a mesh: place in pixels, depth (any unit, larger is farther), place on the sheet, and a shade factor.
#[derive(Debug, Clone, Copy)]
pub struct Corner {
    pub at: [f32; 2],
    pub depth: f32,
    pub uv: [f32; 2],
    pub shade: f32,
}

impl Canvas {
    pub fn new() -> Self {
        Canvas {
            light: vec![[0.0; 3]; SIDE * SIDE],
            page: vec![false; SIDE * SIDE],
            depth: vec![f32::MAX; SIDE * SIDE],
            coarse: vec![[0.0; 3]; COARSE * COARSE],
        }
    }

    /// As new; its memory is kept.
    pub fn wipe(&mut self) {
        self.light.fill([0.0; 3]);
        self.page.fill(false);
    }

    pub fn clear_depth(&mut self) {
        self.depth.fill(f32::MAX);
    }

    /// Like [`Canvas::fill`] with two points for three pixels, straight between them: for what is costly and soft.
    pub fn fill_coarsely(&mut self, mut colour: impl FnMut(f32, f32) -> Colour) {
        for (i, point) in self.coarse.iter_mut().enumerate() {
            let (x, y) = ((i % COARSE) as f32, (i / COARSE) as f32);
            *point = colour(x * 1.5, y * 1.5);
        }
        let mut line = vec![[0.0; 3]; COARSE];
        for (y, row) in self.light.chunks_exact_mut(SIDE).enumerate() {
            let at = (y as f32 + 0.5) / 1.5;
            let (above, t) = (at as usize, at - at as usize as f32);
            let (upper, lower) = (&self.coarse[above * COARSE..], &self.coarse[(above + 1) * COARSE..]);
            for (point, (a, b)) in line.iter_mut().zip(upper.iter().zip(lower)) {
                *point = mix(*a, *b, t);
            }
            // Middles of three pixels lie 1/3, 1 and 5/3 points from the first of every two.
            for (pixels, points) in row.chunks_exact_mut(3).zip(line.windows(3).step_by(2)) {
                pixels[0] = mix(points[0], points[1], 1.0 / 3.0);
                pixels[1] = points[1];
                pixels[2] = mix(points[1], points[2], 2.0 / 3.0);
            }
        }
    }

    /// Every pixel becomes what `colour` says of its middle.
    pub fn fill(&mut self, mut colour: impl FnMut(f32, f32) -> Colour) {
        for (y, row) in self.light.chunks_exact_mut(SIDE).enumerate() {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = colour(x as f32 + 0.5, y as f32 + 0.5);
            }
        }
    }

    /// Pixels within the bounds `[left, top, right, bottom]` become what `paint` makes of them; `None` leaves them.
    pub fn touch(&mut self, bounds: [f32; 4], mut paint: impl FnMut(f32, f32, Colour) -> Option<Colour>) {
        let [x0, y0, x1, y1] = pixels(bounds);
        for y in y0..y1 {
            for x in x0..x1 {
                let pixel = &mut self.light[y * SIDE + x];
                if let Some(new) = paint(x as f32 + 0.5, y as f32 + 0.5, *pixel) {
                    *pixel = new;
                }
            }
        }
    }

    /// One triangle of a sheet with a depth buffer: `colour(uv, shade)` is its look, `None` a hole.
    pub fn triangle(&mut self, [a, b, c]: [Corner; 3], colour: &impl Fn([f32; 2], f32) -> Option<Colour>) {
        let xs = [a.at[0], b.at[0], c.at[0]];
        let ys = [a.at[1], b.at[1], c.at[1]];
        let area = (xs[1] - xs[0]) * (ys[2] - ys[0]) - (xs[2] - xs[0]) * (ys[1] - ys[0]);
        if area.abs() < 1e-6 || !area.is_finite() {
            return;
        }
        let least = |v: [f32; 3]| v[0].min(v[1]).min(v[2]);
        let most = |v: [f32; 3]| v[0].max(v[1]).max(v[2]);
        let [x0, y0, x1, y1] = pixels([least(xs), least(ys), most(xs), most(ys)]);
        let whole = 1.0 / area;
        for y in y0..y1 {
            let py = y as f32 + 0.5;
            for x in x0..x1 {
                let px = x as f32 + 0.5;
                let wa = ((xs[1] - px) * (ys[2] - py) - (xs[2] - px) * (ys[1] - py)) * whole;
                let wb = ((xs[2] - px) * (ys[0] - py) - (xs[0] - px) * (ys[2] - py)) * whole;
                let wc = 1.0 - wa - wb;
                // A hair of overlap, so that no pixel falls between two triangles.
                if wa < -1e-4 || wb < -1e-4 || wc < -1e-4 {
                    continue;
                }
                let depth = a.depth * wa + b.depth * wb + c.depth * wc;
                let at = y * SIDE + x;
                if depth >= self.depth[at] {
                    continue;
                }
                let uv = [0, 1].map(|i| a.uv[i] * wa + b.uv[i] * wb + c.uv[i] * wc);
                if let Some(seen) = colour(uv, a.shade * wa + b.shade * wb + c.shade * wc) {
                    self.depth[at] = depth;
                    self.light[at] = seen;
                    self.page[at] = true;
                }
            }
        }
    }

    /// A stroke from `a` to `b` with round ends, its radius going from `thick[0]` to `thick[1]`; lit like a cylinder
    /// from direction `sun` (x, y; a unit vector), with a soft shadow of its own.
    pub fn stroke(&mut self, a: [f32; 2], b: [f32; 2], thick: [f32; 2], look: &Stroke) {
        let reach = thick[0].max(thick[1]) + look.shadow * 2.0 + 2.0;
        let bounds = [a[0].min(b[0]) - reach, a[1].min(b[1]) - reach, a[0].max(b[0]) + reach, a[1].max(b[1]) + reach];
        let axis = [b[0] - a[0], b[1] - a[1]];
        let length = (axis[0] * axis[0] + axis[1] * axis[1]).max(1e-6);
        // Distance to the middle line, place beside it, radius there, share of the length; `None` out of reach.
        let near = |x: f32, y: f32, more: f32| {
            let (dx, dy) = (x - a[0], y - a[1]);
            let t = ((dx * axis[0] + dy * axis[1]) / length).clamp(0.0, 1.0);
            let radius = thick[0] + (thick[1] - thick[0]) * t;
            let (ox, oy) = (dx - t * axis[0], dy - t * axis[1]);
            let (square, most) = (ox * ox + oy * oy, radius + more);
            (square < most * most).then(|| (square.sqrt(), ox, oy, radius, t))
        };
        let offset = [-look.sun[0] * look.shadow * 0.7, -look.sun[1] * look.shadow * 0.7];
        if look.shadow > 0.0 {
            self.touch(bounds, |x, y, under| {
                let (away, _, _, radius, _) = near(x - offset[0], y - offset[1], look.shadow)?;
                let dark = crate::noise::smooth((radius + look.shadow - away) / (2.0 * look.shadow)) * look.dark;
                Some(under.map(|v| v * (1.0 - dark)))
            });
        }
        self.touch(bounds, |x, y, under| {
            let (away, ox, oy, radius, t) = near(x, y, 0.5)?;
            let cover = (radius - away + 0.5).min(1.0);
            let part = (away / radius).min(1.0);
            let rise = (1.0 - part * part).sqrt();
            let facing = 0.62 + 0.38 * rise + 0.3 * (ox * look.sun[0] + oy * look.sun[1]) / radius;
            let shine = if look.shine > 0.0 { look.shine * (rise * 0.6 + 0.4 * facing).powi(24) } else { 0.0 };
            let base = if t > look.tip_from { look.tip } else { look.colour };
            let seen = base.map(|v| v * facing.max(0.1) + shine);
            Some(mix(under, seen, cover))
        });
    }
}

/// How a [`Canvas::stroke`] looks.
pub struct Stroke {
    pub colour: Colour,
    /// Colour from the share `tip_from` of the length on.
    pub tip: Colour,
    pub tip_from: f32,
    pub sun: [f32; 2],
    /// Width of the shadow beside it in pixels, and how dark it is, 0 to 1.
    pub shadow: f32,
    pub dark: f32,
    /// Added light where it shines.
    pub shine: f32,
}

fn pixels([left, top, right, bottom]: [f32; 4]) -> [usize; 4] {
    let within = |v: f32| v.clamp(0.0, SIDE as f32) as usize;
    [within(left), within(top), within(right + 1.0), within(bottom + 1.0)]
}
