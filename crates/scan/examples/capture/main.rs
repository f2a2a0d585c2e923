//! Measures automatic capture on drawn films: how long it takes, and what it takes that it should not.
//!
//! `cargo run --release -p scan --example capture -- [--count N] [--watch STORY [--save DIR]]` plays N films of every
//! story (12 if not said) and ten minutes of desks without paper. The same seeds give the same films.

mod film;
mod stories;
mod tally;

use film::{pose, sheet::Library};
use std::{error::Error, sync::Mutex, thread};
use stories::{PAN_SECONDS, Story, WITH_PAPER, WITHOUT_PAPER, tell};
use tally::{Tally, play};

const SEED: u64 = 1;
const COUNT: u64 = 12;
/// Minutes of desk without paper.
const DESK_MINUTES: f32 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1));
    let count = value("--count").map_or(Ok(COUNT), |n| n.parse())?;
    let library = Library::draw()?;
    if let Some(name) = value("--watch") {
        return watch(&library, name, count, value("--save").map(String::as_str));
    }
    let pans = (DESK_MINUTES * 60.0 / PAN_SECONDS) as u64;
    let jobs: Vec<_> = WITH_PAPER
        .iter()
        .flat_map(|teller| (0..count).map(|i| (*teller, SEED + i)))
        .chain((0..if count == 0 { 0 } else { pans }).map(|i| (WITHOUT_PAPER, SEED + i)))
        .collect();
    let results = Mutex::new(Vec::new());
    let next = Mutex::new(jobs.iter());
    let workers = thread::available_parallelism().map_or(1, |n| n.get());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((teller, seed)) = next.lock().ok().and_then(|mut jobs| jobs.next()) {
                    let tally = play(&tell(*teller, &library, *seed), &library, |_| {});
                    results.lock().map(|mut all| all.push((teller.0, tally))).ok();
                }
            });
        }
    });
    let results = results.into_inner()?;
    println!(
        "{:<22}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}",
        "", "films", "shots", "median", "90 %", "missed", "twice", "blurred", "hidden", "no page"
    );
    let mut all = Tally::default();
    for (name, _) in WITH_PAPER.into_iter().chain([WITHOUT_PAPER]) {
        let mut tally = Tally::default();
        for (_, result) in results.iter().filter(|(of, _)| *of == name) {
            tally.add(result.clone()?);
        }
        print(name, &tally);
        all.add(tally);
    }
    print("all", &all);
    Ok(())
}

fn print(name: &str, tally: &Tally) {
    let seconds = |fraction| tally.wait(fraction).map_or("-".into(), |wait| format!("{wait:.2} s"));
    let shots = tally.waits.len() + tally.duplicates + tally.nothing;
    println!(
        "{name:<22}{:>6}{shots:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>9}",
        tally.stories,
        seconds(0.5),
        seconds(0.9),
        tally.missed,
        tally.duplicates,
        tally.blurred,
        tally.hidden,
        tally.nothing,
    );
}

/// Prints every frame of a story's films, and writes every fifth.
fn watch(library: &Library, name: &str, count: u64, folder: Option<&str>) -> Result<(), Box<dyn Error>> {
    let teller =
        WITH_PAPER.into_iter().chain([WITHOUT_PAPER]).find(|teller| teller.0 == name).ok_or("no such story")?;
    for seed in SEED..SEED + count {
        let story: Story = tell(teller, library, seed);
        let mut number = 0;
        let tally = play(&story, library, |step| {
            let truth = step.truth;
            println!(
                "{:5.2} {:>3} {} blur {:.4} hidden {:.2} | {:?} {:?} {:.2?}{}",
                step.at,
                truth.sheet.map_or("-".into(), |sheet| sheet.to_string()),
                if truth.good { "good" } else { "    " },
                truth.blur,
                truth.hidden,
                step.hint,
                step.seen.judgement,
                step.seen.found.map(|found| found.quad.0.map(|p| [p.x, p.y])),
                if step.shot { " SHOT" } else { "" },
            );
            if let Some(folder) = folder.filter(|_| number % 5 == 0 || step.shot) {
                let luma = &step.frame[..pose::WIDTH * pose::HEIGHT];
                let path = format!("{folder}/{seed}-{number:03}.png");
                image::save_buffer(path, luma, pose::WIDTH as u32, pose::HEIGHT as u32, image::ColorType::L8).ok();
            }
            number += 1;
        })?;
        println!("{tally:?}");
    }
    Ok(())
}
