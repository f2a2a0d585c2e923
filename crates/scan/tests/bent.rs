//! A page that does not lie flat is flattened so that its print lies nearly where the printer put it; one that lies flat is
//! left alone.
//!
//! The full count: `cargo run --release -p scan --example bent`.

mod common;

use common::bent::{Displaced, Profile, mean};
use scan::Channels;

const SEED: u64 = 2026;
const BOTH: [Channels; 2] = [Channels::Colour, Channels::Luma];

#[test]
fn print_on_a_bent_page_lies_nearly_where_it_belongs() {
    for (profile, channels) in
        [Profile::Arch, Profile::Wave, Profile::Lifted].into_iter().flat_map(|p| BOTH.map(|c| (p, c)))
    {
        let Displaced { flattened, straight, lost, .. } = Displaced::of(profile, 3, channels, SEED);
        let (flattened, straight) = (mean(&flattened), mean(&straight));
        assert!(
            lost == 0 && flattened < 0.007,
            "{profile:?}, {channels:?}: off by {flattened:.4} of the page, {lost} lost"
        );
        assert!(flattened < 0.7 * straight, "{profile:?}, {channels:?}: {flattened:.4} instead of {straight:.4}");
    }
}

#[test]
fn a_page_that_lies_flat_is_left_alone() {
    for channels in BOTH {
        let Displaced { flattened, a4, lost, .. } = Displaced::of(Profile::Flat, 3, channels, SEED);
        assert!(lost == 0 && a4 == 3 && mean(&flattened) < 0.001, "{:.4}, {a4} A4, {lost} lost", mean(&flattened));
    }
}
