//! Flat things with a thickness on the table: sheets, books, cards, screens, keyboards; and their shadows.
//!
//! Refuses to know which lie where ([`crate::clutter`]).

use crate::{
    canvas::{Canvas, SIDE},
    colour::{Colour, mix, scaled},
    noise::smooth,
    pose::{Camera, Map, Spot},
};

/// A rectangle on the table; metres and radians.
#[derive(Debug, Clone, Copy)]
pub struct Slab {
    pub centre: Spot,
    /// Half its width and height.
    pub half: Spot,
    pub turn: f32,
    /// Radius of its corners.
    pub round: f32,
    pub thick: f32,
    /// Colour of its sides.
    pub side: Colour,
}

/// Where light comes from: the direction towards it in the table's plane, and how dark shadows are, 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Sun {
    pub toward: Spot,
    pub dark: f32,
    /// Length of a shadow of something one metre high, in metres.
    pub slant: f32,
}

impl Slab {
    /// Its own coordinates in metres, from its middle; sine and cosine of its turn are worked out once.
    #[inline]
    fn own(&self, (s, c): (f32, f32), [x, y]: Spot) -> Spot {
        let (dx, dy) = (x - self.centre[0], y - self.centre[1]);
        [dx * c + dy * s, dy * c - dx * s]
    }

    /// Distance to its outline in metres, negative inside.
    #[inline]
    fn away(&self, [x, y]: Spot) -> f32 {
        let (dx, dy) = (x.abs() - self.half[0] + self.round, y.abs() - self.half[1] + self.round);
        let (ox, oy) = (dx.max(0.0), dy.max(0.0));
        (ox * ox + oy * oy).sqrt() + dx.max(dy).min(0.0) - self.round
    }

    /// Pixels it may touch, `reach` metres around it included.
    fn bounds(&self, camera: &Camera, reach: f32, heights: [f32; 2]) -> Option<[f32; 4]> {
        let (s, c) = self.turn.sin_cos();
        let (w, h) = (self.half[0] + reach, self.half[1] + reach);
        let mut bounds = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for [x, y] in [[-w, -h], [w, -h], [w, h], [-w, h]] {
            for z in heights {
                let (at, depth) = camera.project([self.centre[0] + x * c - y * s, self.centre[1] + x * s + y * c, z]);
                if depth < 0.05 {
                    return None;
                }
                bounds = [bounds[0].min(at[0]), bounds[1].min(at[1]), bounds[2].max(at[0]), bounds[3].max(at[1])];
            }
        }
        let side = SIDE as f32;
        (bounds[0] < side && bounds[1] < side && bounds[2] > 0.0 && bounds[3] > 0.0).then_some(bounds)
    }

    /// Lays it on the table. `face(u, v)` is its colour and how opaque it is at shares of its sides.
    pub fn lay(&self, canvas: &mut Canvas, camera: &Camera, sun: &Sun, face: impl Fn(f32, f32) -> (Colour, f32)) {
        let Some(table) = camera.plane(0.0) else { return };
        self.cast(canvas, camera, &table, sun);
        let pixel = camera.pixel();
        // As many as its side is wide in pixels, seen from here.
        let [x, y] = self.centre;
        let (foot, top) = (camera.project([x, y, 0.0]).0, camera.project([x, y, self.thick]).0);
        let seen = (foot[0] - top[0]).abs().max((foot[1] - top[1]).abs()) + self.thick / pixel * 0.2;
        // Coarser where it is as large as the picture: that is background.
        let most = if self.half[0] * self.half[1] > 1e4 * pixel * pixel { 5 } else { 9 };
        let slices = if self.thick > pixel { ((seen / 1.5) as usize).clamp(1, most) } else { 0 };
        if slices > 0 {
            self.sides(canvas, camera, slices);
        }
        self.top(canvas, camera, face);
    }

    /// Its sides as a pile of outlines, looked through from the top down: the first that covers a pixel is seen.
    fn sides(&self, canvas: &mut Canvas, camera: &Camera, count: usize) {
        let height = |k: usize| self.thick * k as f32 / count as f32;
        let planes: Option<Vec<Map>> = (0..=count).map(|k| camera.plane(height(k))).collect();
        let (Some(planes), Some(bounds)) = (planes, self.bounds(camera, 0.0, [0.0, self.thick])) else { return };
        let axis = self.turn.sin_cos();
        canvas.touch(bounds, |x, y, _| {
            let covers = |k: &usize| planes[*k].apply(x, y).is_some_and(|at| self.away(self.own(axis, at)) < 0.0);
            // What the top hides needs no side.
            if covers(&count) {
                return None;
            }
            let seen = (0..count).rev().find(covers)?;
            Some(scaled(self.side, 0.45 + 0.35 * seen as f32 / count as f32))
        });
    }

    fn top(&self, canvas: &mut Canvas, camera: &Camera, face: impl Fn(f32, f32) -> (Colour, f32)) {
        let pixel = camera.pixel();
        let Some(plane) = camera.plane(self.thick) else { return };
        let Some(bounds) = self.bounds(camera, pixel, [self.thick; 2]) else { return };
        let axis = self.turn.sin_cos();
        let whole = [0.5 / self.half[0], 0.5 / self.half[1]];
        canvas.touch(bounds, |x, y, under| {
            let own = self.own(axis, plane.apply(x, y)?);
            let cover = 0.5 - self.away(own) / pixel;
            if cover <= 0.0 {
                return None;
            }
            let (u, v) = (own[0] * whole[0] + 0.5, own[1] * whole[1] + 0.5);
            let (colour, opaque) = face(u.clamp(0.0, 1.0), v.clamp(0.0, 1.0));
            Some(mix(under, colour, cover.min(1.0) * opaque))
        });
    }

    /// A thin dark line where it touches the table, and the softer shadow its height throws.
    fn cast(&self, canvas: &mut Canvas, camera: &Camera, table: &Map, sun: &Sun) {
        let pixel = camera.pixel();
        let contact = 1.5 * pixel + 0.001;
        // A longer shadow is too soft to be seen.
        let long = (self.thick * sun.slant).min(60.0 * pixel);
        let soft = contact + 0.5 * long;
        let Some(bounds) = self.bounds(camera, contact + soft + long, [0.0; 2]) else { return };
        let shift = [-sun.toward[0] * long, -sun.toward[1] * long];
        let axis = self.turn.sin_cos();
        canvas.touch(bounds, |x, y, under| {
            let at = table.apply(x, y)?;
            let away = self.away(self.own(axis, at));
            // It hides that itself.
            if away < -2.0 * self.thick - contact {
                return None;
            }
            let near = smooth(1.0 - away / contact) * 0.5;
            let far = smooth(0.5 - self.away(self.own(axis, [at[0] - shift[0], at[1] - shift[1]])) / (2.0 * soft));
            let dark = (near.max(far)) * sun.dark;
            (dark > 0.004).then(|| scaled(under, 1.0 - dark))
        });
    }
}
