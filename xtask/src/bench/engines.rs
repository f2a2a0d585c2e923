//! The net in the crate's own kernels beside onnxruntime, frame by frame in turns; they must also say the same.
//!
//! Refuses to know the net: `onnx_of_net.py` makes the graph of `training/net.py` and the committed weights.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{
    Bench, Outcome,
    detection::ratio,
    needs, rendered,
    report::{Table, figure},
    score::{estimate, median},
};

const FRAMES: usize = 200;
/// How far apart two engines' probabilities may lie by rounding.
const ROUNDING: f64 = 1e-3;

pub fn run(bench: &Bench) -> Result<Outcome> {
    let (model, records) = (bench.work.join("page.onnx"), rendered::records(bench, "border")?);
    let scan = bench.root.join("crates/scan");
    let mut export = needs::python(bench, "onnx_of_net.py")?;
    crate::command::run(export.args([scan.join("training/net.py"), scan.join("model/page.bin"), model.clone()]))?;
    let mut theirs = needs::python(bench, "engine.py")?;
    theirs.arg(&model).arg(&records);
    let mut ours = bench.start("net", &bench.example("detect")?)?;
    let mut theirs = bench.start("net-onnxruntime", &theirs)?;
    // By the clock alone: a frame is shorter than what Linux's scheduler counts in.
    let (mut wall, mut apart) = (Vec::new(), 0.0f64);
    for at in 0..FRAMES {
        let said =
            [ours.ask(&json!({ "records": records, "at": at, "net": true }))?, theirs.ask(&json!({ "at": at }))?];
        let both = |key: &str| [0, 1].map(|i| said[i][key].as_f64().unwrap_or(f64::NAN));
        wall.push(both("ms"));
        for [mine, other] in [both("presence"), both("covered")] {
            ensure!((mine - other).abs() < ROUNDING, "frame {at}: ours says {mine}, onnxruntime {other}");
            apart = apart.max((mine - other).abs());
        }
    }
    let middle =
        |pairs: &[[f64; 2]], i: usize| figure(estimate(pairs, |rows| median(rows.iter().map(|row| row[i]))), 2);
    let table = Table {
        title: "The net in two engines".to_owned(),
        note: format!(
            "One frame of 256 × 256, one thread, {FRAMES} frames in turns; ours takes the frame's bytes, onnxruntime the ready \
             tensor. Presence and the mean of the mask differ by {apart:.1e} at most."
        ),
        head: vec!["ours, ms", "onnxruntime, ms", "ours ÷ onnxruntime"],
        rows: vec![vec![middle(&wall, 0), middle(&wall, 1), figure(ratio(&wall), 2)]],
    };
    Ok(Outcome { tables: vec![table], json: json!({ "ms": wall, "apart": apart }) })
}
