//! A photo to a clean JPEG page behind the benchmark's line protocol, as the app does it: the page is found in the photo,
//! then the photo and its recipe become a page.
//!
//! `{"image": PATH, "filter": "colour", "quality": 85, "out": FILE}`; the time runs from the photo's bytes in memory to the
//! page's.

use scan::{Filter, Recipe, decode, find_in_photo, page};
use serde_json::{Value, json};
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
    let quad = find_in_photo(&decode(&photo, None)?).map(|found| found.quad);
    let find_ms = clock.elapsed().as_secs_f64() * 1000.0;
    let page = page(&photo, &Recipe { quad, filter, ..Recipe::default() }, quality)?;
    let (ms, cpu_ms) = (clock.elapsed().as_secs_f64() * 1000.0, processor_ms()? - cpu);
    fs::write(request["out"].as_str().ok_or("out where?")?, &page.jpeg)?;
    Ok(json!({
        "ms": ms, "cpu_ms": cpu_ms, "find_ms": find_ms, "peak_mb": peak_mb()?, "bytes": page.jpeg.len(),
        "size": [page.width, page.height], "corners": quad.map(|quad| quad.0.map(|p| [p.x, p.y])),
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
