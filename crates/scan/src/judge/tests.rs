//! Each fault has its own word; none of them is seen where there is none.

use super::*;
use proptest::prelude::*;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
const PAGE: Quad =
    Quad([Point { x: 0.2, y: 0.1 }, Point { x: 0.8, y: 0.1 }, Point { x: 0.8, y: 0.9 }, Point { x: 0.2, y: 0.9 }]);

/// What is printed on a page, in luma.
#[derive(Debug, Clone, Copy)]
struct Paper {
    paper: f32,
    ink: f32,
    /// Rows of this many pixels; how many of them are printed.
    pitch: usize,
    rows: usize,
    desk: f32,
}

const PRINTED: Paper = Paper { paper: 210.0, ink: 42.0, pitch: 14, rows: 99, desk: 40.0 };
/// One line on an empty page.
const NOTE: Paper = Paper { rows: 1, ..PRINTED };
const PENCIL: Paper = Paper { ink: 170.0, pitch: 40, rows: 3, ..PRINTED };
const DARK: Paper = Paper { paper: 45.0, ink: 225.0, pitch: 30, desk: 120.0, ..PRINTED };
const TINTED: Paper = Paper { paper: 150.0, desk: 205.0, ..PRINTED };
const RECEIPT: Paper = Paper { paper: 232.0, ink: 90.0, pitch: 9, ..PRINTED };
const BLANK: Paper = Paper { rows: 0, ..PRINTED };
const PAPERS: [Paper; 7] = [PRINTED, NOTE, PENCIL, DARK, TINTED, RECEIPT, BLANK];

impl Paper {
    fn luma(&self, x: usize, y: usize) -> f32 {
        let page = (128..512).contains(&x) && (48..432).contains(&y);
        let row = (y.saturating_sub(70)) / self.pitch;
        let inked = (x / 2 + row * 1009).wrapping_mul(0x9e37_79b9) >> 16 & 1 == 0 && (150..490).contains(&x);
        let line = (70..410).contains(&y) && (y - 70) % self.pitch < self.pitch.min(12) / 2 && row < self.rows;
        if page && line && inked {
            self.ink
        } else if page {
            self.paper
        } else {
            self.desk
        }
    }

    /// NV21 of the page on its desk, averaged over `across` × `down` pixels, with some grain.
    fn seen(&self, across: usize, down: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..WIDTH * HEIGHT)
            .map(|i| {
                let (x, y) = (i % WIDTH, i / WIDTH);
                let at = |k: usize| self.luma((x + k % across).min(WIDTH - 1), (y + k / across).min(HEIGHT - 1));
                let grain = ((i * 7919) % 11) as f32 * 0.5 - 2.5;
                ((0..across * down).map(at).sum::<f32>() / (across * down) as f32 + grain).clamp(0.0, 255.0) as u8
            })
            .collect();
        bytes.resize(WIDTH * HEIGHT * 3 / 2, 128);
        bytes
    }
}

fn judged(bytes: &[u8], quad: Option<&Quad>) -> Judgement {
    judge(&Yuv::nv21(bytes, WIDTH, HEIGHT).unwrap(), quad)
}

#[test]
fn a_good_frame_has_nothing_in_its_way() {
    for paper in PAPERS {
        let good = judged(&paper.seen(1, 1), Some(&PAGE));
        assert_eq!(good.obstacle(), None, "{paper:?}: {good:?}");
        assert!(good.blur() < 0.7 * BLUR_TOO_MUCH && (good.area - 0.48).abs() < 0.01, "{paper:?}: {good:?}");
    }
}

#[test]
fn a_page_that_moved_is_blurred_across_one_direction_whatever_is_on_it() {
    for paper in PAPERS {
        for (across, down) in [(5, 1), (1, 5), (9, 1), (1, 9)] {
            let moved = judged(&paper.seen(across, down), Some(&PAGE));
            assert_eq!(moved.obstacle(), Some(Hint::HoldStill), "{paper:?} by {across} x {down}: {moved:?}");
            let extent = across.max(down) as f32 / WIDTH as f32;
            assert!((moved.motion - extent).abs() < 0.3 * extent && moved.focus < 0.0015, "{paper:?}: {moved:?}");
        }
    }
}

#[test]
fn a_page_out_of_focus_is_blurred_across_both() {
    for paper in PAPERS {
        let soft = judged(&paper.seen(5, 5), Some(&PAGE));
        assert_eq!(soft.obstacle(), Some(Hint::HoldStill), "{paper:?}: {soft:?}");
        assert!(soft.focus > 2.0 * soft.motion && (soft.focus - 5.0 / 640.0).abs() < 0.002, "{paper:?}: {soft:?}");
    }
}

#[test]
fn without_a_page_the_picture_itself_is_judged() {
    let sharp = judged(&PRINTED.seen(1, 1), None);
    assert!(sharp.blur() < BLUR_TOO_MUCH && sharp.light > 0.8, "{sharp:?}");
    let even = Paper { desk: 210.0, ..BLANK };
    assert_eq!(judged(&even.seen(1, 1), None).blur(), 0.0, "nothing there that could be sharp");
}

#[test]
fn each_fault_has_its_own_word() {
    let dim = Paper { paper: 45.0, ink: 12.0, desk: 14.0, ..PRINTED };
    assert_eq!(judged(&dim.seen(1, 1), Some(&PAGE)).obstacle(), Some(Hint::TooDark));
    let printed = PRINTED.seen(1, 1);
    assert_eq!(judged(&printed, None).obstacle(), Some(Hint::AimAtDocument));
    let far = Quad(PAGE.0.map(|p| Point { x: 0.5 + (p.x - 0.5) * 0.4, y: 0.5 + (p.y - 0.5) * 0.4 }));
    assert_eq!(judged(&printed, Some(&far)).obstacle(), Some(Hint::MoveCloser));
    let beyond = Quad(PAGE.0.map(|p| Point { x: p.x, y: p.y + 0.25 }));
    assert_eq!(judged(&printed, Some(&beyond)).obstacle(), Some(Hint::CutOff));
    assert_eq!(judged(&printed, Some(&Quad::FULL)).obstacle(), Some(Hint::MoveBack));
    let mut askew = PAGE;
    (askew.0[0].x, askew.0[1].x) = (0.38, 0.62);
    assert_eq!(judged(&printed, Some(&askew)).obstacle(), Some(Hint::Slanted));
}

#[test]
fn a_reflection_is_glare_and_bright_paper_or_white_print_is_not() {
    let mut glare = Paper { paper: 180.0, ..PRINTED }.seen(1, 1);
    for y in 100..180 {
        glare[y * WIDTH + 200..y * WIDTH + 330].fill(255);
    }
    assert_eq!(judged(&glare, Some(&PAGE)).obstacle(), Some(Hint::Glare));
    assert_eq!(judged(&Paper { paper: 255.0, ..PRINTED }.seen(1, 1), Some(&PAGE)).glare, 0.0);
    assert_eq!(judged(&Paper { ink: 255.0, ..DARK }.seen(1, 1), Some(&PAGE)).obstacle(), None);
}

proptest! {
    #[test]
    fn any_quad_gives_shares(xs in proptest::collection::vec(-2.0f32..3.0, 8), seed in any::<u8>()) {
        let bytes: Vec<u8> = (0..64 * 48 * 3 / 2).map(|i| (i * 31) as u8 ^ seed).collect();
        let quad = Quad(std::array::from_fn(|i| Point { x: xs[2 * i], y: xs[2 * i + 1] }));
        let j = judge(&Yuv::nv21(&bytes, 64, 48).unwrap(), Some(&quad));
        for share in [j.motion, j.focus, j.light, j.glare, j.cut_off, j.area, j.slant] {
            prop_assert!((0.0..=1.0).contains(&share), "{j:?}");
        }
    }
}
