//! Cleaned pages read better than the raw crop and than a plain adaptive threshold of it, in tesseract's eyes.
//!
//! The full count: `cargo run --release -p scan --example legibility`.

mod common;

use common::{
    Light,
    legible::{Given, errors},
};

const SEED: u64 = 2026;

#[test]
fn tesseract_reads_our_pages_at_least_as_well() {
    let mut sums = [0.0; 5];
    for light in Light::ALL {
        for (sum, wrong) in sums.iter_mut().zip(errors(light, SEED)) {
            *sum += wrong / Light::ALL.len() as f64;
        }
    }
    let [raw, threshold, ours @ ..] = sums;
    for (given, wrong) in Given::ALL[2..].iter().zip(ours) {
        assert!(wrong <= raw && wrong <= threshold, "{given:?}: {wrong:.4}; raw {raw:.4}, threshold {threshold:.4}");
    }
}
