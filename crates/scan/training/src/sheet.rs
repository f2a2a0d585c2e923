//! Paints a document on a bent sheet into the picture, with the shade of its bends and the shadow it casts.
//!
//! Refuses to know what lies around it and what lies on it.

use crate::{
    canvas::{Canvas, Corner, SIDE},
    chance::Chance,
    colour::{scaled, times},
    document::Document,
    noise::smooth,
    paper::{CELLS, Paper},
    pose::{Camera, Place, Spot},
    slab::Sun,
};

/// A side of the shadow's picture in pixels: half the canvas's.
const HALF: usize = SIDE / 2;
const SHADOW_CELLS: usize = 14;

/// How the sheet takes light.
#[derive(Debug, Clone, Copy)]
pub struct Finish {
    /// Light that reaches it from everywhere, 0 to 1.
    pub ambient: f32,
    /// How much stronger than true its bends are shaded.
    pub relief: f32,
    /// Brightness of the whole sheet.
    pub bright: f32,
    /// How strongly it mirrors the light, as coated paper does.
    pub gloss: f32,
}

impl Finish {
    pub fn any(chance: &mut Chance) -> Self {
        Finish {
            ambient: chance.within(0.15, 0.8),
            relief: chance.within(0.8, 2.6),
            bright: chance.within(0.8, 1.0),
            gloss: if chance.holds(0.15) { chance.within(0.1, 0.9) } else { 0.0 },
        }
    }
}

/// Paints the sheet; every pixel it covers is marked as page.
pub fn paint(canvas: &mut Canvas, camera: &Camera, paper: &Paper, document: &Document, sun: &Sun, finish: &Finish) {
    let places: Vec<Place> = paper.samples(CELLS).collect();
    let light = unit([sun.toward[0] * sun.slant, sun.toward[1] * sun.slant, 1.0]);
    let side = CELLS + 1;
    let corners: Vec<Corner> = (0..side * side)
        .map(|i| {
            let (column, row) = (i % side, i / side);
            let (at, depth) = camera.project(places[i]);
            let along = minus(places[row * side + (column + 1).min(CELLS)], places[row * side + column.max(1) - 1]);
            let down = minus(places[(row + 1).min(CELLS) * side + column], places[(row.max(1) - 1) * side + column]);
            let n = unit(cross(along, down));
            let n = unit([n[0] * finish.relief, n[1] * finish.relief, n[2]]);
            let facing = dot(n, light).max(0.0) / light[2];
            let gloss = finish.gloss * dot(n, unit([light[0], light[1], light[2] + 1.0])).max(0.0).powi(60);
            let shade = finish.bright * (finish.ambient + (1.0 - finish.ambient) * facing.min(1.6)) + gloss;
            let uv = [column as f32 / CELLS as f32, row as f32 / CELLS as f32];
            Corner { at, depth, uv, shade }
        })
        .collect();
    let level = document.level(camera.pixel());
    let look = |uv: Spot, shade: f32| {
        let [u, v] = uv;
        if paper.gone(uv) || document.cut(uv) { None } else { Some(scaled(document.colour(level, u, v), shade)) }
    };
    canvas.clear_depth();
    for row in 0..CELLS {
        for column in 0..CELLS {
            let at = row * side + column;
            let [a, b, c, d] = [at, at + 1, at + side + 1, at + side].map(|i| corners[i]);
            canvas.triangle([a, b, c], &look);
            canvas.triangle([a, c, d], &look);
        }
    }
    flap(canvas, camera, paper, document, finish);
}

/// The corner that is folded over: the paper's back, lit a little differently, with a line of shade at its foot.
fn flap(canvas: &mut Canvas, camera: &Camera, paper: &Paper, document: &Document, finish: &Finish) {
    let Some(ends) = paper.flap() else { return };
    let project = |[u, v]: Spot, lift: f32| {
        let [x, y, z] = paper.place(u.clamp(0.0, 1.0), v.clamp(0.0, 1.0));
        let (at, depth) = camera.project([x, y, z + lift]);
        Corner { at, depth, uv: [u, v], shade: 1.0 }
    };
    let lift = 0.03 * paper.size[0];
    let back = times(document.tint, [finish.bright * (0.7 + 0.3 * finish.ambient); 3]);
    let corners = [project(ends[0], 0.0), project(ends[1], 0.0), project(ends[2], lift)];
    canvas.clear_depth();
    let shadow = [corners[0], corners[1], project(ends[2], 0.0)].map(|c| {
        let middle = [0, 1].map(|i| (corners[0].at[i] + corners[1].at[i]) * 0.5);
        Corner { at: [0, 1].map(|i| middle[i] + (c.at[i] - middle[i]) * 1.15), ..c }
    });
    canvas.triangle(shadow, &|_, _| Some(scaled(back, 0.55)));
    canvas.clear_depth();
    canvas.triangle(corners, &|_, _| Some(back));
}

/// The shadow of a painted sheet on what is not page: dark and thin where it touches, long and soft where it is raised by `lift` metres.
pub fn cast(canvas: &mut Canvas, camera: &Camera, paper: &Paper, sun: &Sun, lift: f32) {
    let pixel = camera.pixel();
    let places: Vec<Place> = paper.samples(SHADOW_CELLS).collect();
    let highest = places.iter().map(|p| p[2]).fold(0.0, f32::max) + lift;
    let below = silhouette(camera, paper, &places, [0.0; 2], 0.0);
    let contact = blurred(below, (0.8 + 0.0006 / pixel).min(6.0));
    let reach = (highest + 0.002) * sun.slant.min(2.5);
    let thrown =
        silhouette(camera, paper, &places, [-sun.toward[0] * sun.slant, -sun.toward[1] * sun.slant], lift + 0.001);
    let thrown = blurred(thrown, (0.3 * reach / pixel * 0.5).clamp(0.7, 12.0));
    let between = |of: &[f32], x: f32, y: f32| {
        let (x, y) = ((x * 0.5 - 0.5).clamp(0.0, (HALF - 2) as f32), (y * 0.5 - 0.5).clamp(0.0, (HALF - 2) as f32));
        let (i, j, tx, ty) = (x as usize, y as usize, x - x as usize as f32, y - y as usize as f32);
        let at = j * HALF + i;
        let top = of[at] + (of[at + 1] - of[at]) * tx;
        let bottom = of[at + HALF] + (of[at + HALF + 1] - of[at + HALF]) * tx;
        top + (bottom - top) * ty
    };
    let [x0, y0, x1, y1] = bounds(&contact, &thrown);
    for y in y0..y1 {
        for x in x0..x1 {
            let pixel = y * SIDE + x;
            if canvas.page[pixel] {
                continue;
            }
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let near = smooth(between(&contact, px, py)) * 0.6;
            let far = between(&thrown, px, py);
            canvas.light[pixel] = scaled(canvas.light[pixel], 1.0 - sun.dark * near.max(far));
        }
    }
}

/// Canvas pixels where either shadow is.
fn bounds(a: &[f32], b: &[f32]) -> [usize; 4] {
    let mut bounds = [HALF, HALF, 0, 0];
    for (i, _) in a.iter().zip(b).enumerate().filter(|(_, (a, b))| **a > 0.005 || **b > 0.005) {
        let (x, y) = (i % HALF, i / HALF);
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x + 1), bounds[3].max(y + 1)];
    }
    let [x0, y0, x1, y1] = bounds.map(|v| 2 * v);
    [x0.saturating_sub(2), y0.saturating_sub(2), (x1 + 2).min(SIDE), (y1 + 2).min(SIDE)]
}

/// 1 where the sheet, moved by `slant` per metre of height, hides the table.
fn silhouette(camera: &Camera, paper: &Paper, places: &[Place], slant: Spot, lift: f32) -> Vec<f32> {
    let spots: Vec<Spot> = places
        .iter()
        .map(|[x, y, z]| {
            let h = z + lift;
            camera.project([x + slant[0] * h, y + slant[1] * h, 0.0]).0.map(|v| v * 0.5)
        })
        .collect();
    let mut out = vec![0.0; HALF * HALF];
    let side = SHADOW_CELLS + 1;
    for cell in 0..SHADOW_CELLS * SHADOW_CELLS {
        let (column, row) = (cell % SHADOW_CELLS, cell / SHADOW_CELLS);
        if paper.gone([column, row].map(|v| (v as f32 + 0.5) / SHADOW_CELLS as f32)) {
            continue;
        }
        let at = row * side + column;
        let quad = [at, at + 1, at + side + 1, at + side].map(|i| spots[i]);
        for [a, b, c] in [[quad[0], quad[1], quad[2]], [quad[0], quad[2], quad[3]]] {
            fill(&mut out, a, b, c);
        }
    }
    out
}

fn fill(out: &mut [f32], a: Spot, b: Spot, c: Spot) {
    let side = |p: Spot, q: Spot, x: f32, y: f32| (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
    let area = side(a, b, c[0], c[1]);
    let within = |v: f32| v.clamp(0.0, HALF as f32) as usize;
    let (x0, x1) = (within(a[0].min(b[0]).min(c[0])), within(a[0].max(b[0]).max(c[0]) + 1.0));
    let (y0, y1) = (within(a[1].min(b[1]).min(c[1])), within(a[1].max(b[1]).max(c[1]) + 1.0));
    for y in y0..y1 {
        for x in x0..x1 {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let sides = [side(a, b, px, py), side(b, c, px, py), side(c, a, px, py)];
            if sides.iter().all(|s| s * area >= 0.0) {
                out[y * HALF + x] = 1.0;
            }
        }
    }
}

/// Two box averages both ways, `radius` pixels.
fn blurred(mut plane: Vec<f32>, radius: f32) -> Vec<f32> {
    let r = radius.round().max(1.0) as usize;
    let share = 1.0 / (2 * r + 1) as f32;
    let mut line = vec![0.0f32; HALF];
    for pass in 0..4 {
        let (step, stride) = if pass % 2 == 0 { (1, HALF) } else { (HALF, 1) };
        for row in 0..HALF {
            let start = row * stride;
            (0..HALF).for_each(|i| line[i] = plane[start + i * step]);
            let clamp = |i: isize| line[i.clamp(0, HALF as isize - 1) as usize];
            let mut sum: f32 = (-(r as isize)..=r as isize).map(clamp).sum();
            for i in 0..HALF {
                plane[start + i * step] = sum * share;
                sum += clamp((i + r + 1) as isize) - clamp(i as isize - r as isize);
            }
        }
    }
    plane
}

fn minus(a: Place, b: Place) -> Place {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: Place, b: Place) -> Place {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: Place, b: Place) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(a: Place) -> Place {
    let long = dot(a, a).sqrt().max(1e-9);
    a.map(|v| v / long)
}
