//! A photo to a clean JPEG page behind the benchmark's line protocol, as the app does it: decoded, the page found,
//! flattened, cleaned, encoded.
//!
//! `{"image": PATH, "filter": "colour", "quality": 85, "out": FILE}`; the time runs from the photo's bytes in memory to the
//! page's. `phases` is what each step takes of it, in milliseconds.

use scan::{Filter, Photo, Recipe, enhance};
use serde_json::{Map, Value, json};
use std::{
    error::Error,
    fs,
    io::{BufRead, Write, stdin, stdout},
    time::Instant,
};

fn main() -> Result<(), Box<dyn Error>> {
    for line in stdin().lock().lines() {
        println!("{}", answer(&serde_json::from_str(&line?)?)?);
        stdout().flush()?;
    }
    Ok(())
}

fn answer(request: &Value) -> Result<Value, Box<dyn Error>> {
    let filter: Filter = serde_json::from_value(request["filter"].clone())?;
    let quality = request["quality"].as_u64().ok_or("which quality?")? as u8;
    let photo = fs::read(request["image"].as_str().ok_or("which image?")?)?;
    #[expect(clippy::disallowed_methods, reason = "the benchmark measures time; the crate itself reads no clock")]
    let (clock, cpu) = (Instant::now(), processor_ms()?);
    let (mut phases, mut last) = (Map::new(), 0.0);
    let mut lap = |phase: &str| {
        let now = clock.elapsed().as_secs_f64() * 1000.0;
        phases.insert(phase.to_owned(), json!(now - last));
        last = now;
    };
    let photo = Photo::decode(&photo, None, filter.needs())?;
    lap("decode");
    let quad = photo.find().map(|found| found.quad);
    lap("find");
    let flat = photo.flatten(&Recipe { quad, filter, ..Recipe::default() }, u32::MAX).image;
    lap("rectify");
    let size = flat.dimensions();
    let clean = enhance(flat, filter);
    lap("clean");
    let jpeg = clean.encode(quality)?;
    lap("encode");
    let (ms, cpu_ms) = (clock.elapsed().as_secs_f64() * 1000.0, processor_ms()? - cpu);
    fs::write(request["out"].as_str().ok_or("out where?")?, &jpeg)?;
    Ok(json!({
        "ms": ms, "cpu_ms": cpu_ms, "phases": phases, "peak_mb": peak_mb()?, "bytes": jpeg.len(),
        "size": [size.0, size.1], "corners": quad.map(|quad| quad.0.map(|p| [p.x, p.y])),
    }))
}

/// Time this thread, the only one, has run on a processor, from Linux's scheduler.
fn processor_ms() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    Ok(text.split_whitespace().next().ok_or("schedstat")?.parse::<f64>()? / 1e6)
}

/// The most memory this process has had, in MiB.
fn peak_mb() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
