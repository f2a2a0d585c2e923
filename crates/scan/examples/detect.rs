//! The detector behind the benchmark's line protocol: one JSON object a line in (`{"image": PATH}`), one out.
//!
//! A photo goes through JPEG to NV21 first, as the phones give it; the time runs from that frame in memory to corners.

use scan::{Yuv, decode, find, nv21_from_rgb};
use serde_json::{Value, json};
use std::{
    error::Error,
    fs,
    io::{BufRead, Write, stdin, stdout},
    time::Instant,
};

fn main() -> Result<(), Box<dyn Error>> {
    for line in stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let request: Value = serde_json::from_str(&line)?;
        let path = request["image"].as_str().ok_or("a request needs an image")?;
        let answer = detect(path).unwrap_or_else(|error| {
            eprintln!("{path}: {error}");
            json!({ "corners": null, "score": null, "ms": null, "cpu_ms": null })
        });
        println!("{answer}");
        stdout().flush()?;
    }
    Ok(())
}

fn detect(path: &str) -> Result<Value, Box<dyn Error>> {
    let picture = decode(&fs::read(path)?, None)?;
    let (width, height) = picture.dimensions();
    let bytes = nv21_from_rgb(&picture);
    let frame = Yuv::nv21(&bytes, width as usize, height as usize)?;
    #[expect(clippy::disallowed_methods, reason = "the benchmark measures time; the crate itself reads no clock")]
    let (clock, cpu) = (Instant::now(), cpu_ms());
    let found = find(&frame);
    let (ms, cpu) = (clock.elapsed().as_secs_f64() * 1000.0, cpu_ms().zip(cpu).map(|(after, before)| after - before));
    let pixels = |f: scan::Found| f.quad.0.map(|p| [p.x * width as f32, p.y * height as f32]);
    Ok(json!({ "corners": found.map(pixels), "score": found.map(|f| f.confidence), "ms": ms, "cpu_ms": cpu }))
}

/// Time this process has run on a processor, from Linux's scheduler; `None` elsewhere.
fn cpu_ms() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e6)
}
