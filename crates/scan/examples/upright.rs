//! How many drawn pages are turned upright, turned wrongly, or left as they are: `upright [PAGES OF EACH KIND]`.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{
    Blank, Kind,
    turned::{Tally, blanks, printed as turned},
};
use std::error::Error;

const SEED: u64 = 2026;

fn main() -> Result<(), Box<dyn Error>> {
    let pages: u32 = std::env::args().nth(1).map_or(Ok(100), |text| text.parse())?;
    println!("| pages | of | upright | wrong | as they are |\n|---|---|---|---|---|");
    let line = |name: &str, tally: Tally| {
        let share = |count: u32| format!("{:.1} %", 100.0 * count as f32 / tally.pages().max(1) as f32);
        let [right, wrong, left] = [tally.right, tally.wrong, tally.undecided].map(share);
        println!("| {name} | {} | {right} | {wrong} | {left} |", tally.pages());
    };
    let mut prose = Tally::default();
    for kind in Kind::ALL {
        let tally = turned(kind, pages.div_ceil(3), SEED);
        line(&format!("{kind:?}"), tally);
        if kind.is_prose() {
            prose += tally;
        }
    }
    line("prose together", prose);
    for kind in Blank::ALL {
        line(&format!("{kind:?}"), blanks(kind, pages, SEED));
    }
    Ok(())
}
