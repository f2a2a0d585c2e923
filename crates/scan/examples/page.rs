//! A photo to a clean page, and what it costs: `page --filter colour --quality 85 IN.jpg OUT.jpg` prints one line of JSON.
//!
//! `ms` is the time from the photo's bytes to the page's, `cpu_ms` what a processor spent on it and `phases` on its parts;
//! `peak_kb` is the most memory that the process has had.

use scan::{Filter, Photo, Recipe, enhance, find_in_photo};
use serde_json::{Map, json};
use std::{error::Error, fs, time::Instant};

/// Longer side at which the page's edges are refined: looking at more would be thrown away.
const LOOKED_AT: u32 = 1600;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let filter = match option(&mut words, "--filter").as_deref() {
        None | Some("colour") => Filter::Colour,
        Some("grey") => Filter::Grey,
        Some("black-and-white") => Filter::BlackAndWhite,
        Some("original") => Filter::Original,
        Some(other) => return Err(format!("{other} is no filter").into()),
    };
    let quality = option(&mut words, "--quality").map_or(Ok(85), |text| text.parse())?;
    let [from, to] = &words[..] else {
        return Err("usage: page [--filter colour|grey|black-and-white|original] [--quality 1…100] IN OUT".into());
    };
    let bytes = fs::read(from)?;

    #[expect(clippy::disallowed_methods, reason = "an example that measures; the crate itself reads no clock")]
    let start = Instant::now();
    let mut laps = Laps { last: cpu_ms(), phases: Map::new() };
    let photo = Photo::decode(&bytes, None)?;
    laps.lap("decode");
    let quad = find_in_photo(&photo.reduced(LOOKED_AT)).map(|found| found.quad);
    laps.lap("find");
    let recipe = Recipe { quad, filter, ..Recipe::default() };
    let flat = photo.flatten(&recipe, u32::MAX).image;
    laps.lap("rectify");
    let (width, height) = flat.dimensions();
    let clean = enhance(flat, filter);
    laps.lap("enhance");
    let jpeg = clean.encode(quality)?;
    laps.lap("encode");
    let ms = start.elapsed().as_secs_f64() * 1000.0;

    let spent: f64 = laps.phases.values().filter_map(serde_json::Value::as_f64).sum();
    fs::write(to, &jpeg)?;
    let line = json!({
        "ms": ms, "cpu_ms": spent, "phases": laps.phases, "found": quad.is_some(), "width": width, "height": height,
        "bytes": jpeg.len(), "peak_kb": peak_kb(),
    });
    println!("{line}");
    Ok(())
}

fn option(words: &mut Vec<String>, name: &str) -> Option<String> {
    let at = words.iter().position(|word| word == name).filter(|at| at + 1 < words.len())?;
    words.drain(at..at + 2).nth(1)
}

struct Laps {
    last: f64,
    phases: Map<String, serde_json::Value>,
}

impl Laps {
    fn lap(&mut self, phase: &str) {
        let now = cpu_ms();
        self.phases.insert(phase.to_owned(), json!(now - self.last));
        self.last = now;
    }
}

/// Time this process has run on a processor, from Linux's scheduler; 0 elsewhere.
fn cpu_ms() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

/// The process's largest resident set, from Linux; `None` elsewhere.
fn peak_kb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}
