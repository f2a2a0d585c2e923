//! What training may rely on: the same seed gives the same bytes, masks and corners agree, a quarter has no page.

use crate::{
    Only,
    assets::Assets,
    canvas::Canvas,
    chance::Chance,
    plain,
    sample::{CURLED, HAS_PAGE, RECORD, SMALL, Sample, TOUCHES},
    scene,
};

fn samples(count: u64) -> Vec<Sample> {
    let assets = Assets::default();
    let mut canvas = Canvas::new();
    (0..count).map(|seed| scene::render(&mut canvas, &assets, seed)).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let assets = Assets::default();
    let record = |seed| scene::render(&mut Canvas::new(), &assets, seed).record();
    for seed in 40..46 {
        assert_eq!(record(seed), record(seed), "{seed}");
        assert_ne!(record(seed), record(seed + 1), "{seed}");
    }
}

#[test]
fn every_record_has_its_size_and_its_corners_are_numbers_where_there_is_a_page() {
    for sample in samples(40) {
        let record = sample.record();
        assert_eq!(record.len(), RECORD);
        let corners = &record[RECORD - 48..RECORD - 16];
        let numbers: Vec<f32> = corners.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
        let page = sample.kind & HAS_PAGE != 0;
        assert!(numbers.iter().all(|v| if page { v.is_finite() } else { v.is_nan() }), "{}", sample.seed);
        assert_eq!(page, sample.mask.iter().any(|&v| v > 0), "{}", sample.seed);
        assert_eq!(record[RECORD - 12..RECORD - 4], sample.seed.to_le_bytes());
    }
}

#[test]
fn about_a_quarter_has_no_page() {
    let without = (0..4000).filter(|&seed| !scene::has_page(&mut Chance::new(seed))).count();
    assert!((900..1100).contains(&without), "{without}");
}

#[test]
fn only_the_samples_asked_for_in_the_order_of_their_seeds() {
    for (only, wanted) in [(Only::Border, HAS_PAGE | TOUCHES), (Only::Empty, 0)] {
        let mut out = Vec::new();
        crate::samples(&Assets::default(), 40, 3, 1, only, &mut out).unwrap();
        assert_eq!(out.len(), 3 * RECORD);
        let word = |record: &[u8], before_end: usize| {
            u64::from_le_bytes(record[RECORD - before_end..][..8].try_into().unwrap())
        };
        let kinds = out.chunks(RECORD).map(|record| word(record, 16) as u32 & (HAS_PAGE | TOUCHES));
        assert!(kinds.into_iter().all(|kind| kind == wanted));
        let seeds: Vec<u64> = out.chunks(RECORD).map(|record| word(record, 12)).collect();
        assert!(seeds.is_sorted() && seeds[0] >= 40, "{seeds:?}");
    }
}

#[test]
fn the_quad_of_a_flat_page_is_its_mask() {
    let mut looked_at = 0;
    for sample in samples(90) {
        let Some(corners) = sample.corners.filter(|_| sample.kind & CURLED == 0) else { continue };
        let inside = |x: f32, y: f32| {
            let sides = (0..4).map(|i| {
                let (a, b) = (corners[i], corners[(i + 1) % 4]);
                (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
            });
            sides.fold(f32::MAX, f32::min) > 0.0
        };
        let (mut common, mut either) = (0.0, 0.0);
        for (i, &share) in sample.mask.iter().enumerate() {
            let (x, y) = ((i % SMALL) as f32, (i / SMALL) as f32);
            let hits = (0..16)
                .filter(|k| {
                    let (dx, dy) = ((k % 4) as f32 / 4.0 + 0.125, (k / 4) as f32 / 4.0 + 0.125);
                    inside((x + dx) / SMALL as f32, (y + dy) / SMALL as f32)
                })
                .count() as f32
                / 16.0;
            let share = f32::from(share) / 255.0;
            common += share.min(hits);
            either += share.max(hits);
        }
        // A page of a hundred pixels is all outline.
        if either > 400.0 {
            assert!(common / either > 0.97, "seed {}: {}", sample.seed, common / either);
            looked_at += 1;
        }
    }
    assert!(looked_at > 12, "{looked_at}");
}

#[test]
fn every_page_can_be_told_from_what_is_around_it() {
    assert!(samples(40).iter().all(plain::can_be_told));
}

#[test]
fn a_page_as_bright_as_its_table_cannot_be_told_and_one_side_is_not_enough() {
    let page = |left: f32, paper: u8| {
        let x = (left * SMALL as f32) as usize;
        let inside = |px: usize, py: usize| px >= x && (20..100).contains(&py);
        let mut sample = samples(1).remove(0);
        sample.mask = (0..SMALL * SMALL).map(|i| if inside(i % SMALL, i / SMALL) { 255 } else { 0 }).collect();
        sample.corners = Some([[left, 0.16], [1.4, 0.16], [1.4, 0.78], [left, 0.78]]);
        for (px, py, pixel) in sample.frame.enumerate_pixels_mut() {
            pixel.0 = [if inside(px as usize / 2, py as usize / 2) { paper } else { 120 }; 3];
        }
        sample
    };
    assert!(plain::can_be_told(&page(0.4, 140)));
    assert!(!plain::can_be_told(&page(0.4, 124)));
    let mut one_side = page(0.4, 140);
    one_side.corners = Some([[0.4, -0.5], [1.4, -0.5], [1.4, 1.5], [0.4, 1.5]]);
    assert!(!plain::can_be_told(&one_side));
}
