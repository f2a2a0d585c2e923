//! Rendered pictures on backgrounds and with documents that training never saw: pages at the frame's border, and none.
//!
//! Knows the layout of a training record as far as the truth in it; how they are drawn stands in `crates/scan/training`.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Bench, Outcome, needs,
    peer::Peer,
    report::{Table, figure, share},
    score::{self, Spot, estimate, mean},
};

/// By their `/usr/share/doc/*/copyright`: landscapes and paintings (GPL-2+), PDFs of Spanish TeX packages (the packages' own,
/// mostly LPPL), reference cards in many languages (GPL-3+ and LPPL-1.3+). None is among the assets of training.
const UNSEEN: [&str; 3] = ["plasma-workspace-wallpapers", "texlive-lang-spanish", "debian-refcard"];

const COUNT: usize = 500;
/// Far from the seeds of training and of its held-out samples.
const SEED: u64 = 77_000_000;

/// Bytes of a record, and where its mask, a square of shares of 255, and its corners, eight floats, stand in it.
const RECORD: usize = 114_736;
const MASK: usize = 98_304;
const CORNERS: usize = 114_688;

pub fn run(bench: &Bench) -> Result<Outcome> {
    let border = records(bench, "border")?;
    let empty = records(bench, "empty")?;
    let mut ours = bench.start("rendered", &bench.example("detect")?)?;
    let overlaps = ask(&mut ours, &border, |said, record| {
        ensure!(has_page(record), "a record without a page among those that have one");
        let found = said["corners"].as_array().map(|corners| corners.iter().map(spot).collect::<Vec<Spot>>());
        Ok(found.map_or(0.0, |found| score::iou_of_mask(&found, &record[MASK..CORNERS])))
    })?;
    let alarms = ask(&mut ours, &empty, |said, record| {
        ensure!(!has_page(record), "a record with a page among those that have none");
        Ok(f64::from(!said["corners"].is_null()))
    })?;
    let of =
        |rows: &[f64], value: &dyn Fn(f64) -> f64| estimate(rows, |rows| mean(rows.iter().map(|row| value(**row))));
    let above = |least: f64| share(of(&overlaps, &|iou| f64::from(iou > least)));
    let row = vec![
        figure(of(&overlaps, &|iou| iou), 3),
        above(0.9),
        above(0.95),
        share(of(&overlaps, &|iou| f64::from(iou == 0.0))),
        share(of(&alarms, &|alarm| alarm)),
    ];
    let table = Table {
        title: "Rendered pictures, unseen backgrounds and documents".to_owned(),
        note: format!(
            "{COUNT} pages that touch or leave the frame, {COUNT} pictures without a page; made of {} with seeds from {SEED}. The \
             frames are squashed to a square, as training has them; a found quad is scored against the page's true mask in the \
             frame, which no quad is for a bent page.",
            UNSEEN.join(", ")
        ),
        head: vec!["mean IoU at the border", "> 0.90", "> 0.95", "missed", "false alarms without a page"],
        rows: vec![row],
    };
    Ok(Outcome { tables: vec![table], json: json!({ "overlaps": overlaps, "alarms": alarms }) })
}

/// Renders the samples of one kind, the same ones every time.
pub fn records(bench: &Bench, kind: &str) -> Result<PathBuf> {
    let generate = bench.built("scan-training", &["--bin", "generate"])?.join("generate");
    let assets = bench.work.join("unseen-assets");
    if !assets.join("assets.bin").exists() {
        let unpacked = needs::debian(bench, &UNSEEN)?;
        crate::command::run(Command::new(&generate).args(["prepare", "--out"]).arg(&assets).arg(unpacked))?;
    }
    let out = bench.work.join(format!("{kind}.bin"));
    let mut samples = Command::new(generate);
    samples.arg("samples").arg("--assets").arg(assets).args(["--only", kind, "--threads", "2"]);
    samples.args(["--seed", &SEED.to_string(), "--count", &COUNT.to_string(), "--out"]).arg(&out);
    crate::command::run(&mut samples)?;
    Ok(out)
}

fn ask(ours: &mut Peer, file: &Path, score: impl Fn(&Value, &[u8]) -> Result<f64>) -> Result<Vec<f64>> {
    let bytes = fs::read(file)?;
    ensure!(bytes.len() == COUNT * RECORD, "{}: not {COUNT} records", file.display());
    let numbered = bytes.chunks_exact(RECORD).enumerate();
    numbered.map(|(at, record)| score(&ours.ask(&json!({ "records": file, "at": at }))?, record)).collect()
}

fn spot(point: &Value) -> Spot {
    [0, 1].map(|i| point[i].as_f64().unwrap_or(f64::NAN))
}

/// Without one the corners are no numbers.
fn has_page(record: &[u8]) -> bool {
    let (floats, _) = record[CORNERS..CORNERS + 32].as_chunks::<4>();
    floats.iter().all(|bytes| f32::from_le_bytes(*bytes).is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_a_page_when_its_corners_are_numbers() {
        let record = |first: f32| {
            let mut record = vec![0u8; RECORD];
            record[CORNERS..CORNERS + 4].copy_from_slice(&first.to_le_bytes());
            record
        };
        assert!(has_page(&record(-0.5)));
        assert!(!has_page(&record(f32::NAN)));
    }
}
