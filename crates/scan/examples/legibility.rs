//! Tesseract's character errors on drawn pages under bad light: `legibility [PAGES UNDER EACH LIGHT]`.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{
    Light,
    legible::{Given, errors},
};
use std::error::Error;

const SEED: u64 = 2026;

fn main() -> Result<(), Box<dyn Error>> {
    let pages: u32 = std::env::args().nth(1).map_or(Ok(25), |text| text.parse())?;
    print!("| light | pages |");
    Given::ALL.iter().for_each(|given| print!(" {given:?} |"));
    println!("\n|---|---|---|---|---|---|---|");
    let mut all = [0.0; 5];
    for light in Light::ALL {
        let mut sums = [0.0; 5];
        for page in 0..pages {
            let errors = errors(light, SEED + u64::from(page) * 7);
            sums.iter_mut().zip(errors).for_each(|(sum, wrong)| *sum += wrong / f64::from(pages));
        }
        line(&format!("{light:?}"), pages, sums);
        all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum / Light::ALL.len() as f64);
    }
    line("all", pages * Light::ALL.len() as u32, all);
    Ok(())
}

fn line(name: &str, pages: u32, errors: [f64; 5]) {
    print!("| {name} | {pages} |");
    errors.iter().for_each(|wrong| print!(" {:.2} % |", 100.0 * wrong));
    println!();
}
