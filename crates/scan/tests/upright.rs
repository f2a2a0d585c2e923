//! Pages are turned so that they read upright, where they say clearly enough which way that is; others stay as they are.
//!
//! The full count: `cargo run --release -p scan --example upright`.

mod common;

use common::{
    Blank, Kind,
    turned::{Tally, blanks, printed as turned},
};

const SEED: u64 = 2026;

#[test]
fn prose_is_turned_upright_whichever_way_it_lies() {
    let mut prose = Tally::default();
    for kind in [Kind::Letter, Kind::TwoColumns] {
        prose += turned(kind, 4, SEED);
    }
    assert!(prose.wrong == 0 && prose.decided() >= 0.9, "{prose:?}");
}

#[test]
fn what_is_not_clear_is_not_turned_wrongly() {
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_prose()) {
        let tally = turned(kind, 1, SEED);
        assert_eq!(tally.wrong, 0, "{kind:?}: {tally:?}");
    }
}

#[test]
fn pages_without_print_stay_as_they_are() {
    for kind in Blank::ALL {
        let tally = blanks(kind, 2, SEED);
        assert_eq!(tally.wrong, 0, "{kind:?}: {tally:?}");
    }
}
