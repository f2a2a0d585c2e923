//! From a photo of 12 megapixels to a clean JPEG page: ours beside the same steps with OpenCV, one thread each.
//!
//! Refuses to know what the steps are; both programs are asked for the same page and say what it cost.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::process::Command;

use super::{
    Bench, Outcome,
    detection::ratio,
    needs,
    report::{Table, figure},
    score::{estimate, median},
};

const REPEATS: usize = 15;
const QUALITY: u8 = 85;
/// What the page may cost: memory in MB, and time as a multiple of OpenCV's.
const GOAL: &str = "The goal: at most 1.0 times OpenCV's time, at most 150 MB.";

pub fn run(bench: &Bench) -> Result<Outcome> {
    let photo = bench.work.join("photo.jpg");
    crate::command::run(Command::new(bench.example("scenes")?.get_program()).arg("--photo").arg(&photo))?;
    let (ours, theirs) = (bench.example("page")?, needs::python(bench, "page.py")?);
    let mut rows = Vec::new();
    let mut runs = serde_json::Map::new();
    for filter in ["colour", "black_and_white"] {
        // Fresh processes, so that the peak of memory is this filter's.
        let mut ours = bench.start(&format!("page-{filter}"), &ours)?;
        let mut theirs = bench.start(&format!("page-{filter}-opencv"), &theirs)?;
        let request =
            |name: &str| json!({ "image": photo, "filter": filter, "quality": QUALITY, "out": bench.out.join(name) });
        let mut pairs: Vec<[Value; 2]> = Vec::new();
        for _ in 0..=REPEATS {
            let mine = ours.ask(&request(&format!("page-{filter}.jpg")))?;
            let mut same = request(&format!("page-{filter}-opencv.jpg"));
            same["size"] = mine["size"].clone();
            same["corners"] = in_pixels(&mine["corners"]).context("ours found no page on the photo")?;
            pairs.push([mine, theirs.ask(&same)?]);
        }
        // The first one warms both up.
        pairs.remove(0);
        let of = |key: &str| -> Vec<[f64; 2]> {
            pairs.iter().map(|pair| [0, 1].map(|i| pair[i][key].as_f64().unwrap_or(f64::NAN))).collect()
        };
        let (wall, cpu, peak) = (of("ms"), of("cpu_ms"), of("peak_mb"));
        let middle =
            |pairs: &[[f64; 2]], i: usize| figure(estimate(pairs, |rows| median(rows.iter().map(|row| row[i]))), 0);
        let largest = |i: usize| format!("{:.0}", peak.iter().map(|row| row[i]).fold(0.0, f64::max));
        let found = pairs.iter().filter(|pair| pair[1]["found"] == true).count();
        rows.push(vec![
            filter.replace('_', " "),
            middle(&wall, 0),
            middle(&wall, 1),
            figure(ratio(&wall), 2),
            middle(&cpu, 0),
            middle(&cpu, 1),
            figure(ratio(&cpu), 2),
            largest(0),
            largest(1),
            format!("{found} of {REPEATS}"),
        ]);
        runs.insert(filter.to_owned(), json!(pairs));
    }
    let note = format!(
        "Decode, find, rectify, clean and encode at quality {QUALITY} to the same size, {REPEATS} times in turns, one thread each; \
         a drawn letter in shadow, 3000 × 4000. Where OpenCV's contours find no page it is given ours. {GOAL}"
    );
    let head = vec![
        "page",
        "ours, ms",
        "OpenCV, ms",
        "ours ÷ OpenCV",
        "ours, processor's ms",
        "OpenCV's",
        "ratio of these",
        "ours, MB at most",
        "OpenCV's",
        "OpenCV found the page",
    ];
    let table = Table { title: "Photo of 12 megapixels to a clean page".to_owned(), note, head, rows };
    Ok(Outcome { tables: vec![table], json: Value::Object(runs) })
}

/// Corners as fractions of the photo to its pixels.
fn in_pixels(corners: &Value) -> Option<Value> {
    const SIZE: [f64; 2] = [3000.0, 4000.0];
    let corner = |corner: &Value| Some([corner[0].as_f64()? * SIZE[0], corner[1].as_f64()? * SIZE[1]]);
    let corners: Vec<[f64; 2]> = corners.as_array()?.iter().map(corner).collect::<Option<_>>()?;
    Some(json!(corners))
}
