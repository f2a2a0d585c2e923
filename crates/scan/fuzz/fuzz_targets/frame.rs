//! A live frame in any layout: refused, or looked at from the net to the judgement.

#![no_main]

use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use scan::{Turn, Yuv};

#[derive(Debug, Arbitrary)]
struct Case {
    width: u16,
    height: u16,
    strides: (u16, u16, u8),
    turn: u8,
    /// Length of the planes: what the layout needs, plus or minus this.
    missing: i8,
    pattern: Vec<u8>,
}

fuzz_target!(|case: Case| {
    let (width, height) = (usize::from(case.width % 700), usize::from(case.height % 700));
    let (wider, chroma_wider, step) = case.strides;
    let step = usize::from(step % 4);
    let (stride, chroma_stride) =
        (width + usize::from(wider % 64), width.div_ceil(2) * step + usize::from(chroma_wider % 64));
    let plane = |length: usize, from: usize| -> Vec<u8> {
        let length = length.saturating_add_signed(case.missing.min(0).into());
        let at = |i: usize| case.pattern.get(i % case.pattern.len().max(1)).copied().unwrap_or(90);
        (0..length).map(|i| at(from + i / 5)).collect()
    };
    let y = plane(stride * height, 0);
    let (u, v) = (plane(chroma_stride * height.div_ceil(2), 7), plane(chroma_stride * height.div_ceil(2), 3));
    let turn = [Turn::None, Turn::Right, Turn::Half, Turn::Left][usize::from(case.turn) % 4];
    let Ok(frame) = Yuv::new(&y, stride, &u, &v, chroma_stride, step, width, height, turn) else { return };
    let found = scan::find(&frame);
    if let Some(found) = found {
        assert!(found.quad.is_convex() && (0.5..=1.0).contains(&found.confidence));
    }
    let judgement = scan::judge(&frame, found.as_ref().map(|found| &found.quad));
    assert!((0.0..=1.0).contains(&judgement.light));
});
