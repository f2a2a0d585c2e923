//! How good an answer is, and how sure that figure: overlap of outlines, medians, intervals by resampling.
//!
//! Knows points and numbers; refuses to know photos, programs and files.

/// x and y in one unit, whichever it is.
pub type Spot = [f64; 2];

/// Intersection over union of a found quad and a true outline, which is convex; parts outside the picture count.
///
/// The same as shapely's area of intersection by area of union. 0 where either has no area. Of a quad that crosses
/// itself the larger of its two loops counts.
pub fn iou(found: &[Spot], truth: &[Spot]) -> f64 {
    let found = uncrossed(found);
    let common = area(&clipped(&found, truth));
    let union = area(&found) + area(truth) - common;
    if common > 0.0 && union > 0.0 { common / union } else { 0.0 }
}

/// Points along a side of a mask's pixel at which a quad is looked at.
const POINTS: usize = 4;

/// Intersection over union of a convex quad, in fractions of the frame, and a true mask over the frame: a square of shares of
/// 255.
pub fn iou_of_mask(quad: &[Spot], mask: &[u8]) -> f64 {
    let side = mask.len().isqrt();
    let inside = |at: Spot| {
        let sides = (0..4).map(|i| beside(quad[i], quad[(i + 1) % 4], at));
        sides.clone().all(|v| v >= 0.0) || sides.clone().all(|v| v <= 0.0)
    };
    let at = |pixel: usize, point: usize| (pixel as f64 + (point as f64 + 0.5) / POINTS as f64) / side as f64;
    let (mut both, mut either) = (0.0, 0.0);
    for (i, &share) in mask.iter().enumerate() {
        let (x, y) = (i % side, i / side);
        let points = (0..POINTS * POINTS).filter(|k| inside([at(x, k % POINTS), at(y, k / POINTS)])).count();
        let (found, page) = (points as f64 / (POINTS * POINTS) as f64, f64::from(share) / 255.0);
        both += found.min(page);
        either += found.max(page);
    }
    if either > 0.0 { both / either } else { 0.0 }
}

/// Area enclosed by a polygon, whichever way around (the shoelace formula).
pub fn area(polygon: &[Spot]) -> f64 {
    signed_area(polygon).abs()
}

fn signed_area(polygon: &[Spot]) -> f64 {
    sides(polygon).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
}

pub fn sides(polygon: &[Spot]) -> impl Iterator<Item = (Spot, Spot)> + '_ {
    (0..polygon.len()).map(|i| (polygon[i], polygon[(i + 1) % polygon.len()]))
}

/// The part of a simple polygon inside a convex one (Sutherland and Hodgman 1974).
fn clipped(polygon: &[Spot], convex: &[Spot]) -> Vec<Spot> {
    let around = signed_area(convex).signum();
    sides(convex).fold(polygon.to_vec(), |rest, (from, to)| {
        let inside = |p: Spot| around * beside(from, to, p);
        let mut kept = Vec::with_capacity(rest.len() + 1);
        for (a, b) in sides(&rest) {
            let (here, there) = (inside(a), inside(b));
            if here >= 0.0 {
                kept.push(a);
            }
            if here * there < 0.0 {
                kept.push(between(a, b, here / (here - there)));
            }
        }
        kept
    })
}

/// Twice the area of the triangle, positive on the left of the line where y points up.
fn beside(from: Spot, to: Spot, p: Spot) -> f64 {
    (to[0] - from[0]) * (p[1] - from[1]) - (to[1] - from[1]) * (p[0] - from[0])
}

fn between(a: Spot, b: Spot, t: f64) -> Spot {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

fn uncrossed(quad: &[Spot]) -> Vec<Spot> {
    let &[a, b, c, d] = quad else { return quad.to_vec() };
    for [a, b, c, d] in [[a, b, c, d], [b, c, d, a]] {
        let (from, to) = (beside(c, d, a), beside(c, d, b));
        if from * to < 0.0 && beside(a, b, c) * beside(a, b, d) < 0.0 {
            let crossing = between(a, b, from / (from - to));
            let loops = [vec![crossing, b, c], vec![crossing, d, a]];
            return loops.into_iter().max_by(|p, q| area(p).total_cmp(&area(q))).unwrap_or_default();
        }
    }
    quad.to_vec()
}

pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// The middle value, between two where their number is even; NaN of nothing.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 0.5)
}

/// The value below which `share` of them lie, linear between two neighbours.
pub fn percentile(values: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let at = share * last as f64;
    let (below, above) = (values[at.floor() as usize], values[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// A figure and the interval that holds it in 95 of 100 such samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

const RESAMPLES: usize = 2000;
const SEED: u64 = 2026;

/// The figure of all rows, with its percentile interval by resampling whole rows (Efron 1979); always the same one.
pub fn estimate<T>(rows: &[T], figure: impl Fn(&[&T]) -> f64) -> Estimate {
    let value = figure(&rows.iter().collect::<Vec<_>>());
    let mut state = SEED;
    let mut drawn = Vec::with_capacity(RESAMPLES);
    for _ in 0..if rows.is_empty() { 0 } else { RESAMPLES } {
        let sample: Vec<&T> = rows.iter().map(|_| &rows[below(&mut state, rows.len())]).collect();
        drawn.push(figure(&sample));
    }
    drawn.retain(|value| value.is_finite());
    Estimate { value, low: percentile(drawn.iter().copied(), 0.025), high: percentile(drawn, 0.975) }
}

/// SplitMix64 (Steele et al. 2014), scaled to 0..`end`.
fn below(state: &mut u64, end: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((u128::from(z ^ (z >> 31)) * end as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Spot; 4] = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-12, "{value}, not {expected}");
    }

    fn moved(quad: &[Spot], dx: f64, dy: f64) -> Vec<Spot> {
        quad.iter().map(|[x, y]| [x + dx, y + dy]).collect()
    }

    #[test]
    fn a_quad_is_scored_against_the_mask_in_the_frame() {
        let left_half: Vec<u8> = (0..64 * 64).map(|i| if i % 64 < 32 { 255 } else { 0 }).collect();
        // It leaves the frame, as the page does.
        let quad = |right: f64| [[-0.5, -0.2], [right, -0.2], [right, 1.2], [-0.5, 1.2]];
        assert!((iou_of_mask(&quad(0.5), &left_half) - 1.0).abs() < 1e-9);
        assert!((iou_of_mask(&quad(0.25), &left_half) - 0.5).abs() < 1e-9);
        assert!((iou_of_mask(&quad(1.0), &left_half) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn half_of_a_square_beside_it_counts_as_a_third_whichever_way_around() {
        let beside = moved(&SQUARE, -5.0, 0.0);
        let reversed: Vec<Spot> = beside.iter().rev().copied().collect();
        for (found, truth) in [(&beside[..], &SQUARE[..]), (&reversed, &SQUARE), (&SQUARE, &reversed)] {
            close(iou(found, truth), 1.0 / 3.0);
        }
        close(iou(&SQUARE, &SQUARE), 1.0);
    }

    #[test]
    fn a_diamond_in_a_square_is_half_of_it() {
        close(iou(&[[5.0, 0.0], [10.0, 5.0], [5.0, 10.0], [0.0, 5.0]], &SQUARE), 0.5);
    }

    /// The dent lies outside: what is left are two triangles, and a line between them that has no area.
    #[test]
    fn a_quad_with_a_dent_outside() {
        let dented = [[1.0, 5.0], [5.0, -10.0], [9.0, 5.0], [5.0, -5.0]];
        close(area(&clipped(&dented, &SQUARE)), 10.0 / 3.0);
    }

    #[test]
    fn a_quad_without_area_or_elsewhere_overlaps_nothing() {
        assert_eq!(iou(&moved(&SQUARE, 20.0, 0.0), &SQUARE), 0.0);
        assert_eq!(iou(&[[1.0, 1.0]; 4], &SQUARE), 0.0);
        assert_eq!(iou(&[], &SQUARE), 0.0);
        assert_eq!(iou(&SQUARE, &[[3.0, 3.0]; 4]), 0.0);
    }

    #[test]
    fn of_crossing_sides_the_larger_loop_counts() {
        // Two opposite sides cross at (7.5, 5.625).
        let crossed = [[0.0, 0.0], [10.0, 7.5], [10.0, 2.5], [0.0, 15.0]];
        let left = [[0.0, 0.0], [7.5, 5.625], [0.0, 15.0]];
        close(area(&uncrossed(&crossed)), area(&left));
        let turned: Vec<Spot> = (0..4).map(|i| crossed[(i + 1) % 4]).collect();
        close(iou(&turned, &SQUARE), iou(&left, &SQUARE));
    }

    #[test]
    fn medians_lie_between_two_where_their_number_is_even() {
        close(median([4.0, 1.0, 3.0]), 3.0);
        close(median([4.0, 1.0, 3.0, 2.0]), 2.5);
        close(percentile((0..=100).map(f64::from), 0.025), 2.5);
        assert!(median([]).is_nan());
    }

    #[test]
    fn the_interval_of_a_share_is_the_binomial_one_and_always_the_same() {
        let rows: Vec<f64> = (0..400).map(|i| f64::from(i % 4 == 0)).collect();
        let share = || estimate(&rows, |rows| mean(rows.iter().map(|row| **row)));
        let (found, error) = (share(), 1.96 * (0.25f64 * 0.75 / 400.0).sqrt());
        close(found.value, 0.25);
        assert!((found.low - (0.25 - error)).abs() < 0.005 && (found.high - (0.25 + error)).abs() < 0.005, "{found:?}");
        assert_eq!(found, share());
    }

    #[test]
    fn pairs_stay_together_when_resampled() {
        let rows: Vec<(f64, f64)> = (1..50).map(|i| (f64::from(i), f64::from(2 * i))).collect();
        let ratio = |rows: &[&(f64, f64)]| median(rows.iter().map(|r| r.0)) / median(rows.iter().map(|r| r.1));
        let found = estimate(&rows, ratio);
        close(found.low, 0.5);
        close(found.high, 0.5);
    }
}
