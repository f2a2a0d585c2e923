//! How far print lies from where it belongs on flattened pages that were not flat: `bent [PAGES OF EACH PROFILE]`.

#[path = "../tests/common/mod.rs"]
mod common;

use common::bent::{Displaced, Profile, mean};
use scan::Channels;
use std::error::Error;

const SEED: u64 = 2026;

fn main() -> Result<(), Box<dyn Error>> {
    let pages: u32 = std::env::args().nth(1).map_or(Ok(30), |text| text.parse())?;
    println!(
        "| sheet | pages | mean, flattened | 95th percentile | mean by four corners | 95th percentile | taken for A4 | lost |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (profile, channels) in Profile::ALL.into_iter().flat_map(|p| [Channels::Colour, Channels::Luma].map(|c| (p, c)))
    {
        let Displaced { mut flattened, mut straight, a4, lost } = Displaced::of(profile, pages, channels, SEED);
        let of = |values: &mut Vec<f64>| {
            values.sort_by(f64::total_cmp);
            let high = values.get(values.len() * 95 / 100).copied().unwrap_or_default();
            format!("{:.2} % | {:.2} %", 100.0 * mean(values), 100.0 * high)
        };
        println!(
            "| {profile:?}, {channels:?} | {pages} | {} | {} | {a4} | {lost} |",
            of(&mut flattened),
            of(&mut straight)
        );
    }
    Ok(())
}
