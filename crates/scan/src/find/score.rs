//! How much a quad looks like a page's outline: edges all along, other colour outside, standing apart as a whole.

use super::{
    cues::Cues,
    shape::{self, Corners},
};
use crate::plane::Plane;

/// Samples along each side.
const SAMPLES: usize = 36;
/// Where inside and outside are looked at, as shares of the longer side from the edge.
const BAND: [f32; 2] = [0.013, 0.024];
/// Colour difference (levels) that counts half.
const CONTRAST: f32 = 14.0;

/// This near (share of a side) to the picture's border a side may be the border's own; more of the outline than the
/// second share there speaks against a page.
const HUGGING: f32 = 0.03;
const HUGGING_ALLOWED: f32 = 0.4;
/// So many levels more print inside than outside speak fully for a page.
const PRINT: f32 = 8.0;
/// What a stretch of a side counts that lies on or beyond the picture's border: neither seen nor refuted.
const UNSEEN: f32 = 0.22;

#[derive(Debug, Clone, Copy)]
pub struct Score {
    /// What hypotheses are compared by.
    pub total: f32,
    /// Support of the least supported side, 0 to 1.
    pub weakest: f32,
    /// How consistently the inside is brighter than the outside, -1 to 1: paper nearly always is.
    pub brighter: f32,
    /// Whether this is a page at all, 0 to 1.
    pub confidence: f32,
}

/// Edge strength and colour difference across a line at one point, each 0 to 1, as (their mean, edge, difference).
pub fn support(cues: &Cues, x: f32, y: f32, nx: f32, ny: f32) -> (f32, f32, f32) {
    let edge = [-1.0, 0.0, 1.0]
        .map(|s| {
            let (x, y) = (x + nx * s, y + ny * s);
            cues.sharp.along(x, y, nx, ny).max(cues.broad.along(x, y, nx, ny))
        })
        .into_iter()
        .fold(0.0, f32::max);
    let apart = BAND.map(|share| {
        let d = share * cues.longer();
        cues.contrast((x + nx * d, y + ny * d), (x - nx * d, y - ny * d))
    });
    let contrast = (apart[0] + apart[1]) / 2.0;
    let (edge, contrast) = (edge / (edge + cues.edge), contrast / (contrast + CONTRAST));
    ((edge + contrast) / 2.0, edge, contrast)
}

pub fn score(cues: &Cues, corners: &Corners) -> Score {
    let mut sides = [0.0f32; 4];
    let mut edges = [0.0f32; 4];
    let (mut brighter, mut hugging) = (0.0, 0.0f32);
    let (margin_x, margin_y) = (HUGGING * cues.width, HUGGING * cues.height);
    for i in 0..4 {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1.0);
        let (nx, ny) = ((b[1] - a[1]) / length, -(b[0] - a[0]) / length);
        let (mut sum, mut edge_sum, mut seen) = (0.0, 0.0, 0);
        for k in 0..SAMPLES {
            let t = 0.03 + 0.94 * k as f32 / (SAMPLES - 1) as f32;
            let (x, y) = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t);
            if x < margin_x || y < margin_y || x > cues.width - margin_x || y > cues.height - margin_y {
                hugging += 1.0;
            }
            if x < 2.0 || y < 2.0 || x > cues.width - 3.0 || y > cues.height - 3.0 {
                continue;
            }
            let (both, edge, _) = support(cues, x, y, nx, ny);
            // The normal points out of a clockwise quad.
            let (dx, dy) = (nx * BAND[1] * cues.longer(), ny * BAND[1] * cues.longer());
            let step = cues.brighter((x - dx, y - dy), (x + dx, y + dy));
            brighter += step / (step.abs() + CONTRAST);
            sum += both;
            edge_sum += edge;
            seen += 1;
        }
        let unseen = (SAMPLES - seen) as f32;
        sides[i] = (sum + unseen * UNSEEN) / SAMPLES as f32;
        edges[i] = (edge_sum + unseen * UNSEEN) / SAMPLES as f32;
    }
    let mean = sides.iter().sum::<f32>() / 4.0;
    let weakest = sides.iter().copied().fold(f32::MAX, f32::min);
    let weakest_edge = edges.iter().copied().fold(f32::MAX, f32::min);
    let hugging = (hugging / (4 * SAMPLES) as f32 - HUGGING_ALLOWED).max(0.0);
    let brighter = brighter / (4 * SAMPLES) as f32;
    let (inside, outside) = means(&cues.apart, corners);
    let (printed, around) = means(&cues.print, corners);
    let print = ((printed - around) / PRINT).clamp(0.0, 1.0);
    let share = (shape::area(corners) / (cues.width * cues.height)).clamp(0.0, 1.0);
    let total = mean + 0.6 * weakest + 0.6 * (inside - outside) + 0.3 * share.sqrt() + 0.35 * brighter - 0.4 * hugging;
    let confidence = 0.45 * mean
        + 0.35 * weakest
        + 0.2 * weakest_edge
        + 0.25 * (inside - outside - 0.4)
        + 0.1 * brighter
        + 0.12 * print
        - 0.35 * hugging;
    Score { total, weakest, brighter, confidence: confidence.clamp(0.0, 1.0) }
}

/// Means of a half-size plane inside and outside the quad.
fn means(plane: &Plane, corners: &Corners) -> (f32, f32) {
    const STEP: usize = 4;
    let (mut sums, mut counts) = ([0.0f32; 2], [0.0f32; 2]);
    for y in (0..plane.height).step_by(STEP) {
        for x in (0..plane.width).step_by(STEP) {
            let (px, py) = (x as f32 * 2.0, y as f32 * 2.0);
            let within = (0..4).all(|i| {
                let (a, b) = (corners[i], corners[(i + 1) % 4]);
                (b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0]) >= 0.0
            });
            sums[usize::from(within)] += plane.at(x, y);
            counts[usize::from(within)] += 1.0;
        }
    }
    (sums[1] / counts[1].max(1.0), sums[0] / counts[0].max(1.0))
}
