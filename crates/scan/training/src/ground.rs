//! What fills the picture before anything lies in it: tables, floors, rooms, photos; and how it goes out of focus.
//!
//! Refuses to know what is laid on it.

use crate::{
    assets::{Assets, any},
    canvas::{Canvas, SIDE},
    chance::Chance,
    colour::{furniture, scaled},
    document::Document,
    pose::Camera,
    surface::Surface,
};

/// Fills the picture with a table, a floor or a wall; behind the table's far edge lies a room. The share
/// `photos` is a photo as it is instead.
pub fn ground(canvas: &mut Canvas, camera: &Camera, assets: &Assets, photos: f32, chance: &mut Chance) {
    let pixel = camera.pixel();
    if chance.holds(photos)
        && let Some(photo) = any(&assets.photos, chance)
    {
        // A photo as it is: anything may be behind a page.
        let zoom = chance.within(0.35, 1.0);
        let (u, v) = (chance.within(0.0, 1.0 - zoom), chance.within(0.0, 1.0 - zoom));
        let level = photo.level(zoom * photo.width() as f32 / SIDE as f32);
        let bright = chance.doubling(0.5, 1.5);
        canvas.fill_coarsely(|x, y| {
            let at = |start: f32, v: f32| start + zoom * v / SIDE as f32;
            scaled(photo.at(level, at(u, x), at(v, y)), bright)
        });
        return;
    }
    let table = match chance.weighted(&[6.0, 1.2, 1.0]) {
        1 => Surface::pale(chance, 0.82, 1.0, pixel),
        2 => Surface::pale(chance, 0.03, 0.2, pixel),
        _ => Surface::any(assets, chance, pixel),
    };
    let Some(map) = camera.plane(0.0) else { return canvas.fill_coarsely(|x, y| table.colour(x * pixel, y * pixel)) };
    let wall = furniture(chance);
    // An edge of the table, or a seam between two floors.
    if chance.holds(0.3) {
        let other = Surface::any(assets, chance, pixel * 1.5);
        let (turn, away) = (chance.angle(), chance.within(0.1, 0.5) * pixel * SIDE as f32);
        let (c, s) = (turn.cos(), turn.sin());
        let (deep, thick) = (chance.within(0.25, 1.0), chance.within(0.0, 0.03));
        let bow = if chance.holds(0.2) { chance.within(0.2, 1.5) / away.max(0.02) } else { 0.0 };
        canvas.fill_coarsely(|x, y| match map.apply(x, y) {
            Some([gx, gy]) => {
                let along = gy * c - gx * s;
                let beyond = gx * c + gy * s - away + 0.5 * bow * along * along;
                if beyond < 0.0 {
                    table.colour(gx, gy)
                } else if beyond < thick {
                    scaled(table.colour(gx, gy), 0.55)
                } else {
                    let near = ((beyond - thick) / 0.08).min(1.0);
                    scaled(other.colour(gx, gy), deep * (0.45 + 0.55 * near))
                }
            }
            None => wall,
        });
    } else {
        canvas.fill_coarsely(|x, y| map.apply(x, y).map_or(wall, |[gx, gy]| table.colour(gx, gy)));
    }
}

/// Fills the picture with a sign, a menu, a placard: print so large that no side of it is seen is not the page, where there is
/// one before it.
pub fn placard(canvas: &mut Canvas, assets: &Assets, chance: &mut Chance) {
    let document = Document::any(assets, chance);
    let [width, height] = document.size;
    let pixel = chance.within(0.25, 0.8) * width.min(height) / SIDE as f32;
    let level = document.level(pixel);
    let (sin, cos) = (0.2 * chance.normal()).sin_cos();
    let centre = [chance.within(0.3, 0.7) * width, chance.within(0.3, 0.7) * height];
    let bright = chance.doubling(0.4, 1.3);
    // Mirrored where the sheet ends.
    let within = |share: f32| 1.0 - (share.rem_euclid(2.0) - 1.0).abs();
    canvas.fill_coarsely(|x, y| {
        let (x, y) = ((x - SIDE as f32 * 0.5) * pixel, (y - SIDE as f32 * 0.5) * pixel);
        let (u, v) = ((centre[0] + x * cos - y * sin) / width, (centre[1] + x * sin + y * cos) / height);
        scaled(document.colour(level, within(u), within(v)), bright)
    });
}

/// Out of focus: averages of `times` × `times` pixels, drawn smoothly again.
pub fn soften(canvas: &mut Canvas, times: usize) {
    let n = SIDE / times;
    let mut small = vec![[0.0f32; 3]; n * n];
    for (i, mean) in small.iter_mut().enumerate() {
        let (x, y) = (i % n * times, i / n * times);
        for k in 0..times * times {
            let p = canvas.light[(y + k / times) * SIDE + x + k % times];
            (0..3).for_each(|c| mean[c] += p[c] / (times * times) as f32);
        }
    }
    // Once more, so that no squares remain.
    let before = small.clone();
    for y in 0..n {
        for x in 0..n {
            let at = |dx: isize, dy: isize| {
                let clamp = |v: usize, d: isize| (v as isize + d).clamp(0, n as isize - 1) as usize;
                before[clamp(y, dy) * n + clamp(x, dx)]
            };
            let parts = [at(0, 0), at(0, 0), at(-1, 0), at(1, 0), at(0, -1), at(0, 1)];
            small[y * n + x] = std::array::from_fn(|c| parts.iter().map(|p| p[c]).sum::<f32>() / 6.0);
        }
    }
    let scale = 1.0 / times as f32;
    canvas.fill(|x, y| {
        let (x, y) = ((x * scale - 0.5).clamp(0.0, (n - 1) as f32), (y * scale - 0.5).clamp(0.0, (n - 1) as f32));
        let (i, j) = (x as usize, y as usize);
        let (i1, j1) = ((i + 1).min(n - 1), (j + 1).min(n - 1));
        let (tx, ty) = (x - i as f32, y - j as f32);
        let (a, b, c, d) = (small[j * n + i], small[j * n + i1], small[j1 * n + i], small[j1 * n + i1]);
        std::array::from_fn(|k| {
            let (top, bottom) = (a[k] + (b[k] - a[k]) * tx, c[k] + (d[k] - c[k]) * tx);
            top + (bottom - top) * ty
        })
    });
}
