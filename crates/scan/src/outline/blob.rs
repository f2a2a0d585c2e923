//! The page among what a mask shows: the heaviest connected patch of pixels that are rather page than not.
//!
//! Knows which pixels touch; refuses to know what shape they have.

use crate::plane::Plane;

/// From here on a pixel is rather page than not.
pub const HALF: f32 = 0.5;

/// Neighbouring pixels of one row, `from..to`, with the patch they belong to: a run that stands for all of it.
struct Run {
    row: usize,
    from: usize,
    to: usize,
    patch: usize,
    /// How much more page than not, summed.
    weight: f32,
}

/// The mask without all patches but the heaviest; `None` where no pixel is rather page. Values below one half stay, so
/// that the patch's boundary can be placed between pixels.
pub fn heaviest(mask: &Plane) -> Option<Plane> {
    let mut runs: Vec<Run> = Vec::with_capacity(4 * mask.height);
    let (mut above, mut here) = (0, 0);
    for (row, values) in mask.data.chunks_exact(mask.width).enumerate() {
        let mut x = 0;
        while let Some(start) = values[x..].iter().position(|v| *v >= HALF) {
            let from = x + start;
            let length = values[from..].iter().take_while(|v| **v >= HALF).count();
            let weight = values[from..from + length].iter().map(|v| 2.0 * v - 1.0).sum();
            runs.push(Run { row, from, to: from + length, patch: runs.len(), weight });
            x = from + length;
        }
        let end = runs.len();
        join(&mut runs, above, here, end);
        (above, here) = (here, end);
    }
    let mut weights = vec![0.0f32; runs.len()];
    for i in 0..runs.len() {
        weights[root(&mut runs, i)] += runs[i].weight;
    }
    let (heaviest, _) = weights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let mut out = mask.clone();
    for i in 0..runs.len() {
        if root(&mut runs, i) != heaviest {
            out.data[runs[i].row * mask.width..][runs[i].from..runs[i].to].fill(0.0);
        }
    }
    Some(out)
}

/// The patch without what is thinner than 2·`radius` + 1 pixels, fingers and bridges to other things: opened by a square
/// (Serra 1982). `None` for masks wider than 128 pixels: a row is held in the bits of one number.
pub fn opened(patch: &Plane, radius: usize) -> Option<Plane> {
    let (w, h) = (patch.width, patch.height);
    if w > 128 {
        return None;
    }
    let beyond = if w < 128 { u128::MAX << w } else { 0 };
    let bits = |row: &[f32]| row.iter().rev().fold(0, |bits, v| bits << 1 | u128::from(*v >= HALF));
    // Outside the picture nothing is eroded: a page that leaves it is not thin there.
    let across = |row: u128| {
        (1..=radius).fold(row, |kept, k| kept & (row << k | ((1 << k) - 1)) & (row >> k | u128::MAX << (128 - k)))
    };
    let eroded = |rows: &mut dyn Iterator<Item = u128>| -> Vec<u128> {
        let rows: Vec<u128> = rows.map(|row| across(row | beyond)).collect();
        let near = |y: usize| &rows[y.saturating_sub(radius)..=(y + radius).min(h - 1)];
        (0..h).map(|y| near(y).iter().fold(u128::MAX, |a, b| a & b)).collect()
    };
    let page = eroded(&mut patch.data.chunks_exact(w).map(bits));
    // Growing again is eroding what is not page.
    let other = eroded(&mut page.into_iter().map(|row| !row));
    let mut out = patch.clone();
    for (row, other) in out.data.chunks_exact_mut(w).zip(&other) {
        row.iter_mut().enumerate().filter(|(x, _)| other >> x & 1 == 1).for_each(|(_, v)| *v = v.min(HALF - 0.01));
    }
    Some(out)
}

/// Joins the runs `here..end` of one row with those they touch in the row above, `above..here`.
fn join(runs: &mut [Run], above: usize, here: usize, end: usize) {
    let (mut up, mut down) = (above, here);
    while up < here && down < end {
        if runs[up].from < runs[down].to && runs[down].from < runs[up].to {
            let (a, b) = (root(runs, up), root(runs, down));
            runs[a.max(b)].patch = a.min(b);
        }
        if runs[up].to < runs[down].to {
            up += 1;
        } else {
            down += 1;
        }
    }
}

fn root(runs: &mut [Run], mut at: usize) -> usize {
    while runs[at].patch != at {
        runs[at].patch = runs[runs[at].patch].patch;
        at = runs[at].patch;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: &[&str]) -> Plane {
        let data = rows.iter().flat_map(|r| r.bytes().map(|b| f32::from(b - b'0') / 9.0)).collect();
        Plane { width: rows[0].len(), height: rows.len(), data }
    }

    #[test]
    fn the_heaviest_patch_stays_with_its_soft_rim_and_all_its_arms() {
        let seen = mask(&["9003009", "9099309", "9390909", "9999009", "0003390"]);
        let kept = mask(&["9003000", "9099300", "9390000", "9999000", "0003300"]);
        assert_eq!(heaviest(&seen).unwrap().data, kept.data);
    }

    #[test]
    fn opening_cuts_a_thread_and_keeps_what_the_frame_cuts() {
        let seen = mask(&["999000", "999999", "999000", "000099", "000099"]);
        let kept = mask(&["999000", "999444", "999000", "000099", "000099"]);
        let out = opened(&seen, 1).unwrap();
        assert!(out.data.iter().zip(&kept.data).all(|(a, b)| (a - b).abs() < 0.05), "{:?}", out.data);
        assert!(opened(&Plane::new(129, 2), 1).is_none());
    }

    #[test]
    fn nothing_that_is_rather_page_is_no_patch() {
        assert!(heaviest(&mask(&["0440", "0340"])).is_none());
    }
}
