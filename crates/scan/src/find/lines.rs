//! Hypotheses from straight edges: a Hough transform of the broad edges and the quads its strongest lines span.

use super::{
    cues::Cues,
    shape::{self, Corners, Line},
};

const ANGLES: usize = 120;
/// Strongest lines that are combined.
const LINES: usize = 26;
/// Opposite sides may differ by this much (sine): strong perspective.
const OPPOSITE: f32 = 0.62;

/// A line with the edge support along it, summed, for support of any stretch in constant time.
struct Candidate {
    line: Line,
    /// Where on the line the sums begin, and its direction.
    start: f32,
    sums: Vec<f32>,
}

impl Candidate {
    fn new(cues: &Cues, line: Line) -> Self {
        let (dx, dy) = (-line.ny, line.nx);
        let reach = cues.width.hypot(cues.height);
        let along = |x: f32, y: f32| x * dx + y * dy;
        let mut ends: Vec<f32> = [(0.0, 0.0), (cues.width, 0.0), (0.0, cues.height), (cues.width, cues.height)]
            .map(|(x, y)| along(x, y))
            .into();
        ends.sort_by(f32::total_cmp);
        let (start, end) = (ends[0].max(-reach), ends[3].min(reach));
        let mut sums = vec![0.0];
        let mut total = 0.0;
        for step in 0..(end - start) as usize {
            let t = start + step as f32;
            let (x, y) = (line.nx * line.d + dx * t, line.ny * line.d + dy * t);
            if cues.inside(x, y) {
                total += super::score::support(cues, x, y, line.nx, line.ny).0;
            }
            sums.push(total);
        }
        Candidate { line, start, sums }
    }

    /// Mean support between two points of the line.
    fn between(&self, a: [f32; 2], b: [f32; 2]) -> f32 {
        let along = |p: [f32; 2]| p[1] * self.line.nx - p[0] * self.line.ny - self.start;
        let (low, high) = (along(a).min(along(b)), along(a).max(along(b)));
        let at = |t: f32| self.sums[(t.max(0.0) as usize).min(self.sums.len() - 1)];
        (at(high) - at(low)) / (high - low).max(1.0)
    }
}

/// The most promising quads, best first, at most `most`.
pub fn hypotheses(cues: &Cues, most: usize) -> Vec<Corners> {
    let lines: Vec<Candidate> = strongest(cues).into_iter().map(|line| Candidate::new(cues, line)).collect();
    let pairs: Vec<(usize, usize)> = (0..lines.len())
        .flat_map(|i| (i + 1..lines.len()).map(move |j| (i, j)))
        .filter(|&(i, j)| lines[i].line.sine(&lines[j].line) < OPPOSITE)
        .collect();
    let meets: Vec<Vec<Option<[f32; 2]>>> =
        lines.iter().map(|a| lines.iter().map(|b| a.line.meet(&b.line)).collect()).collect();
    let mut found: Vec<(f32, Corners)> = Vec::new();
    for (n, &(a, b)) in pairs.iter().enumerate() {
        for &(c, d) in &pairs[n + 1..] {
            let order = [a, c, b, d];
            // Corner i is where side i begins: between it and the side before.
            let (Some(p), Some(q), Some(r), Some(s)) = (meets[d][a], meets[a][c], meets[c][b], meets[b][d]) else {
                continue;
            };
            let corners = [p, q, r, s];
            let turned = shape::clockwise(corners);
            if !shape::plausible(&turned, cues.width, cues.height) {
                continue;
            }
            let sides: [f32; 4] = std::array::from_fn(|i| lines[order[i]].between(corners[i], corners[(i + 1) % 4]));
            let weakest = sides.iter().copied().fold(f32::MAX, f32::min);
            let share = (shape::area(&corners).abs() / (cues.width * cues.height)).min(1.0);
            let quick = sides.iter().sum::<f32>() / 4.0 + 0.5 * weakest + 0.15 * share.sqrt();
            found.push((quick, turned));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(most);
    found.into_iter().map(|(_, corners)| corners).collect()
}

fn strongest(cues: &Cues) -> Vec<Line> {
    let (w, h) = (cues.width as usize, cues.height as usize);
    let reach = cues.width.hypot(cues.height);
    let offsets = 2 * reach.ceil() as usize + 3;
    let middle = offsets as f32 / 2.0;
    let turns: Vec<(f32, f32)> =
        (0..ANGLES).map(|i| (i as f32 * std::f32::consts::PI / ANGLES as f32).sin_cos()).map(|(s, c)| (c, s)).collect();
    let mut votes = vec![0.0f32; ANGLES * offsets];
    for y in 2..h - 2 {
        for x in 2..w - 2 {
            let i = y * w + x;
            let (xx, xy, yy) = (cues.broad.xx.data[i], cues.broad.xy.data[i], cues.broad.yy.data[i]);
            let strength = (xx + yy).sqrt();
            if strength < cues.edge * 0.5 {
                continue;
            }
            let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
            let (ny, nx) = angle.sin_cos();
            let at = |s: f32| cues.broad.along(x as f32 + nx * s, y as f32 + ny * s, nx, ny);
            if at(1.0) > strength || at(-1.0) > strength {
                continue;
            }
            let weight = strength / (strength + cues.edge);
            let bin = (angle.rem_euclid(std::f32::consts::PI) * ANGLES as f32 / std::f32::consts::PI).round() as i32;
            for off in -3..=3i32 {
                let turn = (bin + off).rem_euclid(ANGLES as i32) as usize;
                let (c, s) = turns[turn];
                let offset = x as f32 * c + y as f32 * s + middle;
                let cell = offset as usize;
                let part = offset - cell as f32;
                let weight = weight * (1.0 - off.abs() as f32 * 0.15);
                votes[turn * offsets + cell] += weight * (1.0 - part);
                votes[turn * offsets + cell + 1] += weight * part;
            }
        }
    }
    peaks(&mut votes, offsets, &turns, middle, reach)
}

fn peaks(votes: &mut [f32], offsets: usize, turns: &[(f32, f32)], middle: f32, reach: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    let apart = (reach * 0.012).ceil() as i32;
    // Few votes are no side of a page: a fifth of its picture's diagonal, half supported.
    let least = reach * 0.05;
    while lines.len() < LINES {
        let Some((at, &value)) = votes.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) else { break };
        if value < least {
            break;
        }
        let (turn, cell) = (at / offsets, at % offsets);
        let (nx, ny) = turns[turn];
        lines.push(Line { nx, ny, d: cell as f32 - middle });
        for off in -5..=5i32 {
            let raw = turn as i32 + off;
            let wrapped = raw.rem_euclid(ANGLES as i32) as usize;
            // Half a turn further the same line has its offset on the other side.
            let mirrored = raw < 0 || raw >= ANGLES as i32;
            let centre = if mirrored { (2.0 * middle) as i32 - cell as i32 } else { cell as i32 };
            let spread = apart + off.abs() * 2;
            for o in (centre - spread).max(0)..=(centre + spread).min(offsets as i32 - 1) {
                votes[wrapped * offsets + o as usize] = 0.0;
            }
        }
    }
    lines
}
