//! A sheet that bends one way only, as paper does, unrolled.
//!
//! Two opposite sides of its outline are curves, the other two and all lines between them are straight and parallel on the
//! paper: rulings, all of one length. How long a ruling looks says how far away it is, so that the curve stands in space
//! and its length can be measured (after Meng et al., Metric rectification of curved document images, 2012, without their
//! text lines).

use super::bend::{Curve, NODES};
use crate::homography::Homography;

/// A ruling must not be nearer than this share of the mean or farther than its inverse: no page bends so much.
const NEAREST: f64 = 0.4;
/// The curve lies in a plane across the rulings; it may leave it by this share of a ruling's length.
const LEAST_PLANAR: f64 = 0.08;

/// Rulings in the order of the paper.
#[derive(Debug, Clone)]
pub(crate) struct Roll {
    rulings: [Ruling; NODES],
    /// Length of the curve, in lengths of a ruling.
    pub(super) proportion: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Ruling {
    /// Share of the paper before it.
    paper: f64,
    /// Where it stands in the unit square of the quad, and its two ends along it.
    at: f64,
    ends: [f64; 2],
    /// Distances of the ends from the camera, as weights in the unit square.
    weights: [f64; 2],
}

impl Roll {
    /// `map` takes the quad's unit square to rays: places on a picture plane at distance 1, the camera's axis at the
    /// origin. The curves are `first` along its upper and `second` along its lower side.
    pub(super) fn of(map: &Homography, first: &Curve, second: &Curve) -> Option<Roll> {
        let m = &map.0;
        // Where rulings meet is their direction.
        let way = unit([m[1], m[4], m[7]])?;
        let ray = |x: f64, y: f64| {
            let [px, py] = map.apply(x, y);
            [px, py, 1.0]
        };
        let mut rulings = [Ruling::default(); NODES];
        let mut curve = [[0.0; 3]; NODES];
        for (i, (ruling, place)) in rulings.iter_mut().zip(&mut curve).enumerate() {
            let at = i as f64 / (NODES - 1) as f64;
            let ends = [first.at(at), 1.0 + second.at(at)];
            let [a, b] = ends.map(|end| ray(at, end));
            let way = if dot(way, minus(b, a)) < 0.0 { way.map(|v| -v) } else { way };
            // Distances along the two rays between which the ruling has length 1: least squares.
            let (aa, ab, bb, ad, bd) = (dot(a, a), dot(a, b), dot(b, b), dot(a, way), dot(b, way));
            let det = aa * bb - ab * ab;
            let away = [(ab * bd - bb * ad) / det, (aa * bd - ab * ad) / det];
            if !away.iter().all(|v| v.is_finite() && *v > 0.0) {
                return None;
            }
            let scale = |end: f64| m[6] * at + m[7] * end + m[8];
            *ruling = Ruling { paper: 0.0, at, ends, weights: [0, 1].map(|k| away[k] / scale(ends[k])) };
            *place = a.map(|v| v * away[0]);
        }
        let mean = |of: &dyn Fn(&[f64; 3]) -> f64| curve.iter().map(of).sum::<f64>() / NODES as f64;
        let (plane, far) = (mean(&|p| dot(*p, way)), mean(&|p| p[2]));
        let possible = curve
            .iter()
            .all(|p| (dot(*p, way) - plane).abs() < LEAST_PLANAR && (NEAREST * far..far / NEAREST).contains(&p[2]));
        let mut length = 0.0;
        for i in 1..NODES {
            let step = minus(curve[i], curve[i - 1]);
            // Across the rulings.
            let along = dot(step, way);
            length += (dot(step, step) - along * along).max(0.0).sqrt();
            rulings[i].paper = length;
        }
        rulings.iter_mut().for_each(|ruling| ruling.paper /= length);
        (possible && length.is_finite() && length > 0.0).then_some(Roll { rulings, proportion: length })
    }

    /// Where the flat page's point lies in the unit square of the quad.
    pub(super) fn apply(&self, u: f64, v: f64) -> [f64; 2] {
        let next = self.rulings.partition_point(|ruling| ruling.paper < u).clamp(1, NODES - 1);
        let [a, b] = [self.rulings[next - 1], self.rulings[next]];
        let part = (u - a.paper) / (b.paper - a.paper).max(1e-9);
        let mix = |a: f64, b: f64| a + (b - a) * part;
        let [first, second] = [0, 1].map(|k| (mix(a.ends[k], b.ends[k]), mix(a.weights[k], b.weights[k])));
        let (near, far) = ((1.0 - v) * first.1, v * second.1);
        [mix(a.at, b.at), (near * first.0 + far * second.0) / (near + far)]
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| a[i] - b[i])
}

fn unit(v: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(v, v).sqrt();
    (length > 1e-12).then(|| v.map(|c| c / length))
}
