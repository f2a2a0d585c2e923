//! Cleaned pages: white paper, ink as it was, nothing around it.

use super::*;
use image::RgbImage;
use proptest::prelude::*;

/// Paper under light that falls from left to right, black print lines and a red stamp.
fn page() -> RgbImage {
    RgbImage::from_fn(600, 800, |x, y| {
        let light = 1.0 - 0.55 * x as f32 / 600.0;
        let stamp = (300..360).contains(&x) && (700..760).contains(&y);
        let print = y % 24 < 4 && (60..540).contains(&x) && y < 650 && x % 9 < 6;
        let paper = if stamp {
            [210.0, 40.0, 50.0]
        } else if print {
            [30.0; 3]
        } else {
            [240.0, 236.0, 228.0]
        };
        image::Rgb(paper.map(|v| (v * light) as u8))
    })
}

#[test]
fn shadow_becomes_white_paper_and_ink_stays() {
    let Picture::Colour(clean) = enhance(page(), Filter::Colour) else { panic!("colour expected") };
    for (x, y) in [(30, 400), (300, 682), (570, 400), (580, 780)] {
        assert!(clean.get_pixel(x, y).0.iter().all(|&v| v > 235), "paper at {x},{y}: {:?}", clean.get_pixel(x, y));
    }
    for x in [63, 540 - 9] {
        assert!(clean.get_pixel(x, 242)[0] < 60, "print at {x}: {:?}", clean.get_pixel(x, 242));
    }
    let stamp = clean.get_pixel(330, 730).0;
    assert!(stamp[0] > 140 && stamp[1] < 90 && stamp[2] < 100, "stamp {stamp:?}");
}

#[test]
fn black_and_white_is_only_that() {
    let Picture::Grey(clean) = enhance(page(), Filter::BlackAndWhite) else { panic!("grey expected") };
    assert!(clean.as_raw().iter().all(|v| *v == 0 || *v == 255));
    assert_eq!(clean.get_pixel(570, 400)[0], 255, "shadowed paper");
    assert_eq!(clean.get_pixel(63, 242)[0], 0, "print");
}

#[test]
fn tiny_pages_are_fine() {
    for (w, h) in [(1, 1), (3, 200), (200, 2)] {
        for filter in [Filter::Original, Filter::Colour, Filter::Grey, Filter::BlackAndWhite] {
            enhance(RgbImage::from_pixel(w, h, image::Rgb([7, 90, 200])), filter);
        }
    }
}

const PAPER: [f32; 3] = [240.0, 236.0, 228.0];
const STAMP: [f32; 3] = [200.0, 40.0, 52.0];
const PEN: [f32; 3] = [38.0, 62.0, 160.0];

/// Lamps and shadows, as factors for each channel at a share of the page's sides.
type Light = fn(f32, f32) -> [f32; 3];
const LIGHTS: [(&str, Light); 4] = [
    ("even", |_, _| [0.95; 3]),
    ("falling off", |u, v| [1.0 - 0.45 * u - 0.2 * v; 3]),
    ("a shadow", |u, v| {
        let lit = 1.0 / (1.0 + (-(u + 0.4 * v - 0.7) * 25.0).exp());
        [0.40, 0.42, 0.46].map(|dark| dark + (0.95 - dark) * lit)
    }),
    ("a warm lamp", |u, _| [0.85, 0.66, 0.44].map(|c| c * (1.0 - 0.25 * u))),
];

/// Lines of print, a red stamp and a blue signature, every edge two pixels soft.
fn signed(light: Light) -> RgbImage {
    let sharp = RgbImage::from_fn(800, 1000, |x, y| {
        let stamp = ((x as f32 - 600.0).hypot(y as f32 - 850.0) - 70.0).abs() < 12.0;
        let pen = (60..360).contains(&x) && (y as f32 - 850.0 - 40.0 * (x as f32 / 18.0).sin()).abs() < 4.0;
        let print = y % 30 < 9 && (60..740).contains(&x) && (60..720).contains(&y) && x % 14 < 5;
        let ink = if stamp {
            STAMP
        } else if pen {
            PEN
        } else if print {
            [30.0; 3]
        } else {
            PAPER
        };
        image::Rgb(ink.map(|v| v as u8))
    });
    let soft = image::imageops::blur(&sharp, 0.8);
    RgbImage::from_fn(800, 1000, |x, y| {
        let light = light(x as f32 / 800.0, y as f32 / 1000.0);
        image::Rgb(std::array::from_fn(|c| (f32::from(soft.get_pixel(x, y)[c]) * light[c]) as u8))
    })
}

/// Hue in degrees and saturation from 0 to 1 (Smith, Color Gamut Transform Pairs, 1978).
fn hue_and_saturation([r, g, b]: [f32; 3]) -> [f32; 2] {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let sixth = if most == r {
        (g - b) / (most - least)
    } else if most == g {
        2.0 + (b - r) / (most - least)
    } else {
        4.0 + (r - g) / (most - least)
    };
    [(sixth * 60.0).rem_euclid(360.0), (most - least) / most]
}

#[test]
fn stamps_and_signatures_keep_their_colour() {
    const HUE: f32 = 8.0;
    const SATURATION: f32 = 0.12;
    for (name, light) in LIGHTS {
        let Picture::Colour(clean) = enhance(signed(light), Filter::Colour) else { panic!("colour expected") };
        // In the middle of the ring's and the line's strokes.
        let on_pen = |x: u32| (x, (850.0 + 40.0 * (x as f32 / 18.0).sin()) as u32);
        let stamp = [(600, 780), (670, 850), (600, 920), (530, 850)];
        for (ink, places) in [(STAMP, stamp), (PEN, [on_pen(85), on_pen(141), on_pen(255), on_pen(311)])] {
            // On white paper instead of this one.
            let wanted = hue_and_saturation(std::array::from_fn(|c| ink[c] / PAPER[c]));
            for (x, y) in places {
                let seen = hue_and_saturation(clean.get_pixel(x, y).0.map(f32::from));
                let hue = (seen[0] - wanted[0] + 180.0).rem_euclid(360.0) - 180.0;
                assert!(
                    hue.abs() < HUE && (seen[1] - wanted[1]).abs() < SATURATION,
                    "{name}, {x}, {y}: {seen:?} for {wanted:?}"
                );
            }
        }
    }
}

#[test]
fn no_ring_lies_around_print() {
    // Levels between the paper right beside print and white.
    const DARKER: u8 = 3;
    for (name, light) in LIGHTS {
        let Picture::Colour(clean) = enhance(signed(light), Filter::Colour) else { panic!("colour expected") };
        // The middle of the gaps between lines and between letters, three pixels and more from ink.
        for y in (66..700).filter(|y| (13..26).contains(&(y % 30))) {
            for x in (64..736).filter(|x| (9..10).contains(&(x % 14))) {
                let paper = clean.get_pixel(x, y).0;
                assert!(paper.iter().all(|v| *v >= 255 - DARKER), "{name}: {paper:?} beside print at {x}, {y}");
            }
        }
    }
}

#[test]
fn a_tinted_box_has_one_tint_up_to_the_print_in_it() {
    // Levels by which the box may differ from one place to another.
    const APART: u8 = 4;
    let page = RgbImage::from_fn(800, 1000, |x, y| {
        let tinted = (360..424).contains(&x) && (460..524).contains(&y);
        let print = (380..404).contains(&x) && (488..494).contains(&y);
        image::Rgb(if print {
            [30; 3]
        } else if tinted {
            [180, 190, 200]
        } else {
            PAPER.map(|v| v as u8)
        })
    });
    let Picture::Colour(clean) = enhance(page, Filter::Colour) else { panic!("colour expected") };
    let places = [(363, 463), (392, 486), (392, 496), (378, 491), (406, 491), (420, 520)];
    let tints = places.map(|(x, y)| clean.get_pixel(x, y).0);
    for tint in tints {
        let apart = (0..3).map(|c| tint[c].abs_diff(tints[0][c])).max();
        assert!(apart <= Some(APART), "{tints:?}");
    }
}

proptest! {
    #[test]
    fn sixteen_values_at_once_are_one_after_the_other(
        values in any::<[u8; 16]>(), upper in any::<[u16; 16]>(), lower in any::<[u16; 16]>(), below: u16, black in 0u16..600,
    ) {
        // Gains are at most 12.5: two of them weighed do not overflow.
        let (upper, lower) = (upper.map(|gain| gain.min(51_200)), lower.map(|gain| gain.min(51_200)));
        let scale = Scale { below, black };
        let one = std::array::from_fn(|i| scale.one(values[i], upper[i], lower[i]));
        prop_assert_eq!(scale.sixteen(values, &upper, &lower), one);
    }
}
