//! Moves a quad's sides onto the edges they stand for, to fractions of a pixel.

use super::shape::{self, Corners, Line};

/// Places along each side where the edge is looked for.
const PLACES: usize = 40;
const ROUNDS: usize = 6;

/// `strength(x, y, nx, ny)` is the edge strength across a direction; `half` the strength that counts half; the edge is
/// looked for within `reach` pixels. `None` where the sides found no longer make a page.
pub fn fit(
    corners: &Corners,
    reach: f32,
    half: f32,
    size: (f32, f32),
    strength: impl Fn(f32, f32, f32, f32) -> f32,
) -> Option<Corners> {
    let mut sides = [Line { nx: 0.0, ny: 0.0, d: 0.0 }; 4];
    for (i, side) in sides.iter_mut().enumerate() {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let line = Line::through(a, b)?;
        let points = edge_points(a, b, &line, reach, half, size, &strength);
        *side = straight(&line, &points, reach).unwrap_or(line);
    }
    let moved = shape::corners(&sides)?;
    shape::plausible(&moved, size.0, size.1).then_some(moved)
}

/// (x, y, weight) of the strongest edge across the side at each place.
fn edge_points(
    a: [f32; 2],
    b: [f32; 2],
    line: &Line,
    reach: f32,
    half: f32,
    size: (f32, f32),
    strength: &impl Fn(f32, f32, f32, f32) -> f32,
) -> Vec<[f32; 3]> {
    let steps = reach.ceil() as i32;
    let mut points = Vec::with_capacity(PLACES);
    let mut profile = vec![0.0f32; (2 * steps + 1) as usize];
    for k in 0..PLACES {
        let t = 0.03 + 0.94 * k as f32 / (PLACES - 1) as f32;
        let (x, y) = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t);
        if x < 1.0 || y < 1.0 || x > size.0 - 2.0 || y > size.1 - 2.0 {
            continue;
        }
        for (value, s) in profile.iter_mut().zip(-steps..=steps) {
            let s = s as f32;
            // Nearer edges are preferred, gently.
            let near = 1.0 - 0.35 * (s / reach.max(1.0)).powi(2);
            *value = strength(x + line.nx * s, y + line.ny * s, line.nx, line.ny) * near;
        }
        let Some((top, &value)) = profile.iter().enumerate().max_by(|p, q| p.1.total_cmp(q.1)) else { continue };
        let mut at = top as f32;
        if top > 0 && top + 1 < profile.len() {
            let (before, after) = (profile[top - 1], profile[top + 1]);
            let bend = before - 2.0 * value + after;
            if bend < -1e-4 {
                at += (0.5 * (before - after) / bend).clamp(-0.5, 0.5);
            }
        }
        let s = at - steps as f32;
        points.push([x + line.nx * s, y + line.ny * s, value / (value + half)]);
    }
    points
}

/// Weighted total least squares, repeated with Tukey's weights so that fingers and print beside the edge drop out.
fn straight(line: &Line, points: &[[f32; 3]], reach: f32) -> Option<Line> {
    if points.len() < PLACES / 4 {
        return None;
    }
    let mut line = *line;
    for round in 0..ROUNDS {
        let scale = (reach * 1.5 / (1 << round.min(3)) as f32).max(1.2);
        let weighted = points.iter().map(|p| {
            let off = (line.nx * p[0] + line.ny * p[1] - line.d) / scale;
            let tukey = if off.abs() < 1.0 { (1.0 - off * off).powi(2) } else { 0.0 };
            (p[0], p[1], p[2] * tukey)
        });
        let (mut w, mut sx, mut sy) = (0.0f32, 0.0, 0.0);
        for (x, y, weight) in weighted.clone() {
            (w, sx, sy) = (w + weight, sx + weight * x, sy + weight * y);
        }
        if w < 1.0 {
            return None;
        }
        let (mx, my) = (sx / w, sy / w);
        let (mut xx, mut xy, mut yy) = (0.0f32, 0.0, 0.0);
        for (x, y, weight) in weighted {
            let (dx, dy) = (x - mx, y - my);
            (xx, xy, yy) = (xx + weight * dx * dx, xy + weight * dx * dy, yy + weight * dy * dy);
        }
        let along = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (mut nx, mut ny) = (-along.sin(), along.cos());
        if nx * line.nx + ny * line.ny < 0.0 {
            (nx, ny) = (-nx, -ny);
        }
        // A side does not swing away from where it was.
        if nx * line.nx + ny * line.ny < 0.97 {
            return None;
        }
        line = Line { nx, ny, d: nx * mx + ny * my };
    }
    Some(line)
}
