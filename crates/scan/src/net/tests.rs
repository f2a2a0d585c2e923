//! The net against `training/reference.py`, on weights and an input that both of them invent.

use super::*;
use crate::{Turn, frame::Yuv};
use proptest::prelude::*;

/// Logits of the mask, then the presence's, as `reference.py` writes them.
const EXPECTED: &[u8] = include_bytes!("../../tests/net/expected.bin");

/// The layers in the order of the file: name, side of the window, input and output channels.
const LAYERS: [(&str, usize, usize, usize); 22] = [
    ("stem", 3, 6, 16),
    ("e1", 3, 16, 16),
    ("d2", 3, 16, 32),
    ("e2a", 3, 32, 32),
    ("e2b", 3, 32, 32),
    ("d3", 3, 32, 64),
    ("e3a", 3, 64, 64),
    ("e3b", 3, 64, 64),
    ("d4", 3, 64, 96),
    ("e4a", 3, 96, 96),
    ("e4b", 3, 96, 96),
    ("e4c", 3, 96, 96),
    ("presence", 1, 96, 1),
    ("u3", 1, 96, 64),
    ("f3", 3, 64, 64),
    ("u2", 1, 64, 32),
    ("f2a", 3, 32, 32),
    ("f2b", 3, 32, 32),
    ("u1", 1, 32, 16),
    ("f1a", 3, 16, 16),
    ("f1b", 3, 16, 16),
    ("head", 3, 16, 4),
];

/// splitmix64 of the number.
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `whole` · 2^-`exponent` in half precision, which has room for all 11 bits of it.
fn half(whole: i32, exponent: u32) -> u16 {
    let sign = u16::from(whole < 0) << 15;
    let size = whole.unsigned_abs();
    // The power of two of the leading bit, counted from the smallest normal half, 2^-14.
    let normal = (size.max(1).ilog2() + 14).checked_sub(exponent);
    let bits = match normal {
        Some(power) => ((power + 1) << 10) + ((size << 11 >> size.max(1).ilog2() >> 1) & 1023),
        None => size << (24 - exponent),
    };
    sign | if size == 0 { 0 } else { bits as u16 }
}

fn invented_weights() -> Vec<u8> {
    let mut file = b"PAGENET1".to_vec();
    for (number, (_, side, from, to)) in LAYERS.into_iter().enumerate() {
        let taps = side * side * from;
        for i in 0..(taps + 1) * to {
            let exponent = if i < taps * to { 9 + taps.ilog2().div_ceil(2) } else { 12 };
            let whole = (scattered(((number as u64) << 32) + i as u64) >> 53) as i32 - 1024;
            file.extend(half(whole, exponent).to_le_bytes());
        }
    }
    file
}

fn invented_input() -> Input {
    let mut input = Input::new();
    for y in 0..SIDE {
        for (i, value) in input.map_mut().row_mut(y).iter_mut().enumerate() {
            let (x, channel) = (i / INPUT_CHANNELS, i % INPUT_CHANNELS);
            let block = (y / 8 * 16 + x / 8) * INPUT_CHANNELS + channel;
            let block = scattered((77 << 32) + block as u64) >> 57;
            let noise = scattered((78 << 32) + (y * SIDE * INPUT_CHANNELS + i) as u64) >> 58;
            *value = (64.0 + (block + noise) as f32 - 128.0) / 64.0;
        }
    }
    input
}

/// The largest difference from what the reference says of the mask, as a share of the mask's scale, and of the presence.
fn differences(net: &Net, input: &Input, work: &mut Work) -> (f32, f32) {
    let (floats, _) = EXPECTED.as_chunks::<4>();
    let (presence, mask) = floats.split_last().unwrap();
    let mask: Vec<f32> = mask.iter().map(|&value| f32::from_le_bytes(value)).collect();
    let scale = mask.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    let output = net.run(input, work);
    assert_eq!(output.mask.data.len(), mask.len());
    assert!(output.presence.is_finite() && output.mask.data.iter().all(|logit| logit.is_finite()));
    let differences = output.mask.data.iter().zip(&mask).map(|(got, wanted)| (got - wanted).abs());
    (differences.fold(0.0, f32::max) / scale, (output.presence - f32::from_le_bytes(*presence)).abs())
}

/// Ten times what rounding does to sums in another order.
const TOLERANCE: f32 = 1e-4;

#[test]
fn the_net_agrees_with_the_reference() {
    let mut net = Net::from_bytes(&invented_weights()).unwrap();
    let (input, mut work) = (invented_input(), Work::new());
    for instructions in Instructions::available() {
        net.instructions = instructions;
        // Twice: what the first frame left behind is not seen.
        for _ in 0..2 {
            let (mask, presence) = differences(&net, &input, &mut work);
            assert!(mask < TOLERANCE && presence < TOLERANCE, "{instructions:?}: mask {mask}, presence {presence}");
        }
    }
}

/// The control: the comparison sees every window tap of every layer.
#[test]
fn one_wrong_tap_of_any_layer_is_seen() {
    let right = invented_weights();
    let (input, mut work) = (invented_input(), Work::new());
    let mut at = 8;
    for (name, side, from, to) in LAYERS {
        for tap in 0..side * side {
            let mut wrong = right.clone();
            for weight in wrong[at + 2 * tap * from * to..][..2 * from * to].chunks_exact_mut(2) {
                weight[1] ^= 0x80;
            }
            let (mask, presence) = differences(&Net::from_bytes(&wrong).unwrap(), &input, &mut work);
            let seen = if name == "presence" { presence } else { mask };
            assert!(seen > 10.0 * TOLERANCE, "{name}'s tap {tap} makes a difference of {seen} only");
        }
        let bias = at + 2 * side * side * from * to;
        let mut wrong = right.clone();
        wrong[bias..bias + 2 * to].fill(0);
        let (mask, presence) = differences(&Net::from_bytes(&wrong).unwrap(), &input, &mut work);
        assert!(
            mask.max(presence) > 10.0 * TOLERANCE,
            "{name}'s biases make a difference of {mask} and {presence} only"
        );
        at = bias + 2 * to;
    }
    assert_eq!(at, right.len());
}

#[test]
fn a_byte_more_or_less_is_another_net() {
    let file = invented_weights();
    let length = |bytes: &[u8]| Net::from_bytes(bytes).err();
    let expected = file.len();
    assert_eq!(length(&file), None);
    assert_eq!(length(&file[..expected - 2]), Some(NetError::Length { expected, found: expected - 2 }));
    assert_eq!(length(&[&file[..], &[0; 2]].concat()), Some(NetError::Length { expected, found: expected + 2 }));
    assert_eq!(length(b"GIF89a"), Some(NetError::Magic));
}

#[test]
fn a_logit_of_nothing_is_one_half() {
    assert_eq!(probability(0.0), 0.5);
    assert!(probability(-200.0) >= 0.0 && probability(200.0) <= 1.0 && probability(2.0) > 0.88);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_frame_gives_finite_logits(
        (width, height) in (16usize..600, 16usize..600),
        quarters in 0usize..4,
        (planar, gap) in (any::<bool>(), 0usize..40),
        seed in any::<u64>(),
    ) {
        let byte = |i: usize| (scattered(seed.wrapping_add(i as u64)) >> 56) as u8;
        let turn = (0..quarters).fold(Turn::None, |turn, _| turn.right());
        let (step, chroma) = (if planar { 1 } else { 2 }, width.div_ceil(2));
        let y: Vec<u8> = (0..(width + gap) * height).map(byte).collect();
        let c: Vec<u8> = (0..(chroma * step + gap) * height.div_ceil(2)).map(byte).collect();
        let (u, v) = (&c[step - 1..], &c[..]);
        let frame = Yuv::new(&y, width + gap, u, v, chroma * step + gap, step, width, height, turn).unwrap();
        let (mut input, mut work) = (Input::new(), Work::new());
        input.take(&frame);
        let output = Net::from_bytes(&invented_weights()).unwrap().run(&input, &mut work).presence;
        prop_assert!(output.is_finite() && work.mask.data.iter().all(|logit| logit.is_finite()));
    }
}
