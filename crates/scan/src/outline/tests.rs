use super::{draw::*, *};
use proptest::prelude::*;

const SIDE: usize = 128;

fn plausible(sheet: &Sheet) -> bool {
    let (w, h) = sheet.frame;
    let corners = sheet.corners();
    let scaled = std::array::from_fn(|i| [(corners[i][0] * w) as f32, (corners[i][1] * h) as f32]);
    shape::plausible(&scaled, w as f32, h as f32)
}

pub fn sheets(seed: u64, count: usize, change: impl Fn(&mut Sheet, &mut Chance)) -> Vec<Sheet> {
    let mut chance = Chance(seed);
    let random = std::iter::repeat_with(|| {
        let mut sheet = Sheet::random(&mut chance);
        change(&mut sheet, &mut chance);
        sheet
    });
    random.filter(plausible).take(count).collect()
}

fn found(mask: &Plane, sheet: &Sheet) -> Option<super::Outline> {
    quad_of_mask(mask, (sheet.frame.0 as f32 * 100.0, sheet.frame.1 as f32 * 100.0))
}

struct Tally(Vec<f64>);

impl Tally {
    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::MAX, f64::min)
    }

    /// The share of values from here on.
    fn over(&self, value: f64) -> f64 {
        self.0.iter().filter(|v| **v >= value).count() as f64 / self.0.len() as f64
    }
}

impl std::fmt::Debug for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "mean {:.4}, least {:.4}, over .98: {:.3}", self.mean(), self.least(), self.over(0.98))
    }
}

fn lumps(sheet: &Sheet, chance: &mut Chance) -> Vec<([f64; 2], f64, f64)> {
    let outline = sheet.outline();
    let count = (chance.share() * 4.0) as usize;
    let size = (area(&outline).sqrt() * SIDE as f64 * 0.09).max(2.0);
    let mut out: Vec<_> = (0..count)
        .map(|_| (chance.pick(&outline), chance.between(0.4, 1.0) * size, chance.pick(&[1.0, -1.0])))
        .collect();
    // An island, anywhere.
    out.push(([chance.share(), chance.share()], chance.between(1.0, 4.0), 1.0));
    out
}

#[test]
fn a_clean_mask_gives_its_page() {
    let tally = Tally(
        sheets(1, 300, |_, _| ())
            .iter()
            .map(|sheet| {
                let mask = mask(&sheet.outline(), SIDE, SIDE);
                found(&mask, sheet).map_or(0.0, |o| iou(&of_quad(&o.quad), &sheet.corners()))
            })
            .collect(),
    );
    println!("clean: {tally:?}");
    assert!(tally.mean() >= 0.9997 && tally.least() > 0.998, "{tally:?}");
}

#[test]
fn a_disturbed_mask_gives_its_page() {
    let mut chance = Chance(2);
    let round = |sheet: &mut Sheet, chance: &mut Chance| sheet.round = chance.pick(&[0.0, 0.0, 0.03, 0.06]);
    let tally = Tally(
        sheets(3, 300, round)
            .iter()
            .map(|sheet| {
                let clean = mask(&sheet.outline(), SIDE, SIDE);
                let lumps = lumps(sheet, &mut chance);
                let blur = chance.pick(&[2, 4, 7]);
                let seen = as_a_net_sees_it(&clean, blur, 0.7, &lumps, &mut chance);
                found(&seen, sheet).map_or(0.0, |o| iou(&of_quad(&o.quad), &sheet.corners()))
            })
            .collect(),
    );
    println!("disturbed: {tally:?}");
    // What bulges out counts more than what bulges in, lumps of noise too.
    assert!(tally.mean() >= 0.98 && tally.least() > 0.9, "{tally:?}");
}

#[test]
fn what_the_net_doubts_beside_a_page_is_left_out() {
    let mut chance = Chance(20);
    let tally = Tally(
        sheets(21, 100, |sheet, _| (sheet.size, sheet.middle) = (sheet.size.max(0.4), [0.5, 0.5]))
            .iter()
            .map(|sheet| {
                let page = mask(&sheet.outline(), SIDE, SIDE);
                // Something as bright goes on beyond a part of one side.
                let (from, to) = (chance.between(0.1, 0.3), chance.between(0.6, 0.8));
                let beside = sheet.on_it(&[(0.9, from), (1.6, from - 0.3), (1.6, to), (0.9, to)]);
                let beside = mask(&beside, SIDE, SIDE);
                let doubt = chance.between(0.55, 0.8) as f32;
                let mut seen = page.clone();
                for (v, b) in seen.data.iter_mut().zip(&beside.data) {
                    *v = (0.995 * *v).max(doubt * b);
                }
                found(&seen, sheet).map_or(0.0, |o| iou(&of_quad(&o.quad), &sheet.corners()))
            })
            .collect(),
    );
    println!("doubted: {tally:?}");
    assert!(tally.mean() >= 0.97 && tally.over(0.95) >= 0.9, "{tally:?}");
}

#[test]
fn a_thumb_a_dog_ear_and_a_strip_of_something_else_move_no_side() {
    let mut chance = Chance(10);
    let tally = Tally(
        sheets(11, 100, |sheet, _| (sheet.size, sheet.middle) = (sheet.size.max(0.6), [0.5, 0.5]))
            .iter()
            .map(|sheet| {
                let page = mask(&sheet.outline(), SIDE, SIDE);
                let at = chance.between(0.15, 0.6);
                let thumb = sheet.on_it(&[(at, -0.1), (at + 0.25, -0.1), (at + 0.25, 0.15), (at, 0.15)]);
                let ear = sheet.on_it(&[(1.1, 0.8), (1.1, 1.1), (0.8, 1.1)]);
                let at = chance.between(0.1, 0.8);
                let strip = sheet.on_it(&[(-0.5, at), (0.1, at), (0.1, at + 0.04), (-0.5, at + 0.04)]);
                let [thumb, ear, strip] = [thumb, ear, strip].map(|o| mask(&o, SIDE, SIDE));
                let seen = page.zip(&thumb, |p, t| p * (1.0 - t)).zip(&ear, |p, e| p * (1.0 - e)).zip(&strip, f32::max);
                let seen = as_a_net_sees_it(&seen, 2, 0.1, &[], &mut chance);
                found(&seen, sheet).map_or(0.0, |o| iou(&of_quad(&o.quad), &sheet.corners()))
            })
            .collect(),
    );
    println!("thumb: {tally:?}");
    assert!(tally.mean() >= 0.994 && tally.least() > 0.9 && tally.over(0.98) > 0.97, "{tally:?}");
}

#[test]
fn a_mask_in_doubt_is_of_little_quality() {
    let sheet = Sheet { turn: 0.2, size: 0.8, middle: [0.5, 0.5], ..Sheet::random(&mut Chance(12)) };
    let page = mask(&sheet.corners(), SIDE, SIDE);
    let quality = |mask: &Plane| found(mask, &sheet).unwrap().quality;
    assert!(quality(&page) > 0.98);
    assert!(quality(&page.map(|v| 0.3 + 0.35 * v)) < 0.4);
    // Another page beside it, not quite as large.
    let beside = mask(&[[0.0, 0.0], [0.35, 0.0], [0.0, 0.35]], SIDE, SIDE);
    assert!(quality(&page.zip(&beside, f32::max)) < quality(&page) - 0.05);
}

/// The best quad for an outline, found slowly: corner by corner, step by step.
fn best_for(outline: &[[f64; 2]], start: Vec<[f64; 2]>) -> f64 {
    let (mut quad, mut step) = (start, 0.02);
    let mut best = iou(&quad, outline);
    while step > 0.001 {
        let mut moved = false;
        for i in 0..4 {
            for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                let mut tried = quad.clone();
                tried[i] = [quad[i][0] + dx * step, quad[i][1] + dy * step];
                let iou = iou(&tried, outline);
                if iou > best + 1e-6 {
                    (quad, best, moved) = (tried, iou, true);
                }
            }
        }
        if !moved {
            step /= 2.0;
        }
    }
    best
}

#[test]
fn a_bent_page_lies_within_a_quad_that_is_hardly_larger() {
    let bend = |sheet: &mut Sheet, chance: &mut Chance| {
        sheet.sag = chance.between(-0.16, 0.16);
        sheet.size = sheet.size.min(0.75);
        sheet.middle = [0.5, 0.5];
    };
    let (mut kept, mut against_best) = (Vec::new(), Vec::new());
    for sheet in sheets(4, 120, bend) {
        let outline = sheet.outline();
        let mask = as_a_net_sees_it(&mask(&outline, SIDE, SIDE), 2, 0.3, &[], &mut Chance(5));
        let quad = found(&mask, &sheet).map_or_else(|| sheet.corners(), |o| of_quad(&o.quad));
        let iou = iou(&quad, &outline);
        let both = iou * (area(&quad) + area(&outline)) / (1.0 + iou);
        kept.push(both / area(&outline));
        against_best.push(1.0 - (best_for(&outline, quad) - iou));
    }
    let (kept, against_best) = (Tally(kept), Tally(against_best));
    println!("bent: kept {kept:?}; against the best quad {against_best:?}");
    assert!(kept.mean() > 0.99 && kept.least() > 0.96, "{kept:?}");
    assert!(against_best.mean() > 0.99 && against_best.least() > 0.96, "{against_best:?}");
}

#[test]
fn a_page_that_leaves_the_frame() {
    let shift = |sheet: &mut Sheet, chance: &mut Chance| {
        sheet.size = chance.between(0.6, 1.15);
        sheet.middle = [chance.between(0.3, 0.7), chance.between(0.3, 0.7)];
    };
    for dim in [false, true] {
        let (mut visible, mut whole) = (Vec::new(), Vec::new());
        for sheet in sheets(6, 400, shift) {
            let corners = sheet.corners();
            let in_view = in_frame(&corners);
            let far = corners.iter().flatten().map(|v| (v - 0.5).abs() - 0.5).fold(0.0, f64::max);
            if far == 0.0 || area(&in_view) < 0.1 {
                continue;
            }
            let mut seen = as_a_net_sees_it(&mask(&corners, SIDE, SIDE), 2, 0.3, &[], &mut Chance(7));
            if dim {
                dim_border(&mut seen);
            }
            let quad = found(&seen, &sheet).map(|o| of_quad(&o.quad));
            let allowed = |v: &f64| (-0.151..1.151).contains(v);
            assert!(quad.iter().flatten().flatten().all(allowed), "{sheet:?}: {quad:?}");
            visible.push(quad.as_ref().map_or(0.0, |q| iou(&in_frame(q), &in_view)));
            let beyond = |p: &[f64; 2]| [p[0] < 0.0, p[0] > 1.0, p[1] < 0.0, p[1] > 1.0];
            let a_side_is_out = (0..4).any(|border| corners.iter().filter(|p| beyond(p)[border]).count() > 1);
            if far < 0.1 && !a_side_is_out {
                whole.push(quad.as_ref().map_or(0.0, |q| iou(q, &corners)));
            }
        }
        let (visible, whole) = (Tally(visible), Tally(whole));
        println!("leaving: visible {} {visible:?}; whole {} {whole:?}", visible.0.len(), whole.0.len());
        assert!(visible.mean() > 0.98 && visible.least() > 0.9, "{visible:?}");
        assert!(whole.mean() > 0.99 && whole.least() > 0.93, "{whole:?}");
    }
}

/// As a net does whose convolutions are padded with nothing.
fn dim_border(mask: &mut Plane) {
    let (w, h) = (mask.width, mask.height);
    for (i, v) in mask.data.iter_mut().enumerate() {
        if i % w == 0 || i % w == w - 1 || i / w == 0 || i / w == h - 1 {
            *v *= 0.45;
        }
    }
}

#[test]
fn corners_come_as_the_page_is_read() {
    for (turn, first) in [(0.3f64, 0), (-0.4, 0), (1.7, 3), (3.3, 2), (-1.6, 1)] {
        let mut sheet = Sheet::random(&mut Chance(8));
        (sheet.ratio, sheet.turn, sheet.tilt) = (1.0, turn, [0.1, -0.1]);
        (sheet.size, sheet.middle) = (0.8, [0.5, 0.5]);
        let corners = sheet.corners();
        let outline = found(&mask(&corners, SIDE, SIDE), &sheet).unwrap();
        for (i, p) in outline.quad.0.iter().enumerate() {
            let truth = corners[(first + i) % 4];
            assert!((f64::from(p.x) - truth[0]).hypot(f64::from(p.y) - truth[1]) < 0.02, "{turn}: {outline:?}");
        }
        assert!(outline.quality > 0.95, "{outline:?}");
    }
}

#[test]
fn nothing_and_everything() {
    let size = (300.0, 400.0);
    assert_eq!(quad_of_mask(&Plane::new(SIDE, SIDE), size), None);
    let full = quad_of_mask(&Plane::new(SIDE, SIDE).map(|_| 1.0), size).unwrap();
    assert!(full.quad.distance(&Quad::FULL) < 0.01 && full.quality > 0.99, "{full:?}");
    // Chance is no page: it is refused or not believed.
    let mut chance = Chance(9);
    for smooth in 0..6 {
        let mut noise = Plane::new(SIDE, SIDE);
        noise.data.iter_mut().for_each(|v| *v = chance.share() as f32);
        let noise = (0..smooth * smooth).fold(noise, |n, _| n.smooth());
        let quality = quad_of_mask(&noise, size).map_or(0.0, |o| o.quality);
        assert!(quality < 0.5, "smoothed {smooth} times: {quality}");
    }
    // Narrow, small, three-cornered.
    for corners in
        [[[0.1, 0.5], [0.9, 0.5], [0.9, 0.52], [0.1, 0.52]], [[0.4, 0.4], [0.5, 0.4], [0.5, 0.5], [0.4, 0.5]]]
    {
        assert_eq!(quad_of_mask(&mask(&corners, SIDE, SIDE), size), None);
    }
    let triangle = quad_of_mask(&mask(&[[0.5, 0.1], [0.9, 0.9], [0.1, 0.9]], SIDE, SIDE), size);
    assert!(triangle.is_none_or(|o| o.quality < 0.9), "{triangle:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_mask_an_outline_can_be_a_page(
        levels in proptest::collection::vec(prop_oneof![Just(0.0f32), Just(1.0), Just(0.5), 0.0f32..1.0, -1e30f32..1e30], 1..400),
        block in 1usize..40, width in 1usize..140, height in 1usize..140, frame in (16f32..4000.0, 16f32..4000.0),
    ) {
        let mut mask = Plane::new(width, height);
        for i in 0..mask.data.len() {
            mask.data[i] = levels[(i % width / block * 7 + i / width / block * 13) % levels.len()];
        }
        if let Some(outline) = quad_of_mask(&mask, frame) {
            prop_assert!(outline.quad.is_convex() && outline.quad.area() > 0.039, "{outline:?}");
            prop_assert!((0.0..=1.0).contains(&outline.quality));
            prop_assert!(outline.quad.0.iter().flat_map(|p| [p.x, p.y]).all(|v| (-0.16..=1.16).contains(&v)));
        }
    }
}
