//! What every implementation of a port keeps to: the fakes of these tests and the real ones alike.

use super::{CountingRng, FixedClock, ScriptedPicker, TestPhone, file};
use crate::{Choice, Clock, Device, MAX_FILE_BYTES, Picker, Rng, SystemClock, SystemRng};

fn clock(clock: &dyn Clock) {
    let (first, second) = (clock.now(), clock.now());
    assert!(second >= first);
    assert!(first.as_second() > 1_700_000_000, "after this was written");
}

fn rng(rng: &dyn Rng) {
    let (mut first, mut second) = ([0u8; 64], [0u8; 64]);
    rng.fill(&mut first);
    rng.fill(&mut second);
    assert_ne!(first, second);
    assert!(first.iter().any(|byte| *byte != first[0]), "not one byte over and over");
    rng.fill(&mut []);
}

#[test]
fn clocks() {
    clock(&FixedClock);
    clock(&SystemClock);
}

#[test]
fn chance() {
    rng(&CountingRng::default());
    rng(&SystemRng);
}

#[test]
fn devices() {
    let model = TestPhone.model();
    assert!(!model.is_empty() && model.len() <= 100);
}

#[tokio::test]
async fn pickers() {
    let picker = ScriptedPicker::default();
    picker.next(Ok(vec![file("a.pdf", vec![1])]));
    let picked = picker.pick(Choice::Document).await.unwrap();
    assert!(picked.len() == 1 && picked.iter().all(|file| file.bytes.len() as u64 <= MAX_FILE_BYTES));
    assert!(picker.pick(Choice::CodePicture).await.unwrap().is_empty(), "cancelled is nothing, not an error");
}
