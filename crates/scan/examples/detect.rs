//! The detector behind the benchmark's line protocol: one JSON object a line in, one out.
//!
//! - `{"image": PATH}`: the page in a photo, which goes through JPEG to NV21 first, as the phones give it; the time runs
//!   from that frame in memory to corners in pixels. With `--luma-only` the frame has no colours.
//! - `{"records": FILE, "at": N}`: the page in the N-th record of `generate samples`; corners as fractions of the frame.
//!   With `"net": true` only what the net says: presence and the mean share of page.
//! - `{"image": PATH, "preview": FILE, "longest": N}`: writes the photo as a small JPEG.

use scan::{Drawing, Filter, Found, Recipe, Turn, Yuv, decode, find, nv21_from_rgb, preview};
use serde_json::{Value, json};
use std::{
    error::Error,
    fs::{self, File},
    io::{BufRead, Read, Seek, SeekFrom, Write, stdin, stdout},
    time::Instant,
};

/// Of a record of `generate samples` and of its luma and one chroma plane, which stand at its beginning.
const RECORD: usize = 114_736;
const LUMA: usize = 256 * 256;
const CHROMA: usize = 128 * 128;

fn main() -> Result<(), Box<dyn Error>> {
    let luma_only = std::env::args().any(|argument| argument == "--luma-only");
    for line in stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let request: Value = serde_json::from_str(&line)?;
        let answer = answer(&request, luma_only).unwrap_or_else(|error| {
            eprintln!("{line}: {error}");
            json!({ "corners": null, "score": null, "ms": null, "cpu_ms": null })
        });
        println!("{answer}");
        stdout().flush()?;
    }
    Ok(())
}

fn answer(request: &Value, luma_only: bool) -> Result<Value, Box<dyn Error>> {
    if let Some(records) = request["records"].as_str() {
        let mut record = vec![0; RECORD];
        let mut file = File::open(records)?;
        file.seek(SeekFrom::Start(request["at"].as_u64().ok_or("which record?")? * RECORD as u64))?;
        file.read_exact(&mut record)?;
        let (luma, chroma) = record.split_at(LUMA);
        let frame = Yuv::new(luma, 256, chroma, &chroma[CHROMA..], 128, 1, 256, 256, Turn::None)?;
        if request["net"] == true {
            let (drawing, mut said) = timed(|| Drawing::of(&frame));
            said["presence"] = json!(drawing.presence);
            said["covered"] = json!(drawing.covered());
            return Ok(said);
        }
        return Ok(found(&frame, 1.0, 1.0));
    }
    let path = request["image"].as_str().ok_or("a request needs an image or records")?;
    let bytes = fs::read(path)?;
    if let (Some(out), Some(longest)) = (request["preview"].as_str(), request["longest"].as_u64()) {
        let as_it_is = Recipe { filter: Filter::Original, ..Recipe::default() };
        fs::write(out, preview(&bytes, &as_it_is, longest as u32)?.jpeg)?;
        return Ok(json!({}));
    }
    let picture = decode(&bytes, None)?;
    let (width, height) = picture.dimensions();
    let mut bytes = nv21_from_rgb(&picture);
    if luma_only {
        bytes[(width * height) as usize..].fill(128);
    }
    let frame = Yuv::nv21(&bytes, width as usize, height as usize)?;
    Ok(found(&frame, width as f32, height as f32))
}

fn found(frame: &Yuv, width: f32, height: f32) -> Value {
    let (found, mut said) = timed(|| find(frame));
    let corners = |found: Found| found.quad.0.map(|p| [p.x * width, p.y * height]);
    said["corners"] = json!(found.map(corners));
    said["score"] = json!(found.map(|found| found.confidence));
    said
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Value) {
    #[expect(clippy::disallowed_methods, reason = "the benchmark measures time; the crate itself reads no clock")]
    let (clock, cpu) = (Instant::now(), cpu_ms());
    let done = work();
    let ms = clock.elapsed().as_secs_f64() * 1000.0;
    (done, json!({ "ms": ms, "cpu_ms": cpu_ms().zip(cpu).map(|(after, before)| after - before) }))
}

/// Time this process has run on a processor, from Linux's scheduler; `None` elsewhere.
fn cpu_ms() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e6)
}
