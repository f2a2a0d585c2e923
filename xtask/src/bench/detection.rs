//! The open benchmark: labelled photos, every detector in turn on each of them.
//!
//! Knows the labels' form and which detectors there are; refuses to know how an overlap is computed.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Bench, Outcome, needs,
    report::{Table, figure, share},
    score::{self, Estimate, Spot, area, estimate, mean, median},
    sheet,
};

pub const OURS: &str = "ours";

/// A labelled photo.
pub struct Photo {
    pub image: String,
    pub path: PathBuf,
    /// Pixels.
    pub size: [f64; 2],
    /// The label's, and what its corners say.
    pub tags: Vec<String>,
    /// Convex, in pixels; `None` without a page.
    pub truth: Option<Vec<Spot>>,
}

/// What a detector said about a photo.
pub struct Answer {
    pub corners: Option<Vec<Spot>>,
    /// Overlap with the truth; 0 where a page was missed, `None` where there is none.
    pub iou: Option<f64>,
    ms: Option<f64>,
    cpu_ms: Option<f64>,
}

/// A photo's answers, in the order of the detectors; slow ones are not asked about every photo.
pub struct Asked {
    pub photo: Photo,
    pub answers: Vec<Option<Answer>>,
}

pub fn run(bench: &Bench) -> Result<Outcome> {
    let beside = bench.root.join("../shared/bench");
    let folder = match &bench.options.photos {
        Some(folder) => folder.clone(),
        None if beside.join("labels.jsonl").exists() => beside.canonicalize()?,
        None => {
            let note = "Left out: no photos beside the repository, and --photos DIR names none.".to_owned();
            let table = Table { title: "Detection on photos".to_owned(), note, head: vec![], rows: vec![] };
            return Ok(Outcome { tables: vec![table], json: Value::Null });
        }
    };
    let detectors = detectors(bench)?;
    let names: Vec<&str> = detectors.iter().map(|(name, ..)| *name).collect();
    let asked = ask(bench, labels(&folder)?, &detectors)?;
    let tables = vec![overall(&names, &asked), by_kind(&names, &asked), times(&names, &asked)];
    let mut preview = bench.start("preview", &detectors[0].1)?;
    let page = sheet::html(&tables, &asked, &mut preview, &bench.work)?;
    fs::write(bench.out.join("sheet.html"), page)?;
    let json = json!({ "detectors": names, "photos": asked.iter().map(everything).collect::<Vec<_>>() });
    Ok(Outcome { tables, json })
}

/// Name, command, whether it is asked about every photo; ours comes first.
fn detectors(bench: &Bench) -> Result<Vec<(&'static str, Command, bool)>> {
    let ours = bench.example("detect")?;
    let mut grey = Command::new(ours.get_program());
    grey.arg("--luma-only");
    let peers = needs::node(bench)?;
    let node = |script: &str| {
        let mut node = Command::new("node");
        node.arg(peers.join(script));
        node
    };
    let mut detectors = vec![(OURS, ours, true), ("ours, luma only", grey, true)];
    detectors.push(("scanic, as npm ships it", node("scanic.mjs"), false));
    if let Some(folder) = &bench.options.scanic_ml {
        let mut net = node("scanic.mjs");
        net.arg("--ml").arg(folder.canonicalize()?);
        detectors.push(("scanic's net", net, false));
    }
    detectors.push(("jscanify", node("jscanify.mjs"), false));
    Ok(detectors)
}

fn ask(bench: &Bench, photos: Vec<Photo>, detectors: &[(&str, Command, bool)]) -> Result<Vec<Asked>> {
    let mut peers = Vec::new();
    for (name, command, always) in detectors {
        let file = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let mut peer = bench.start(&file, command)?;
        // Models are loaded and code is compiled before it counts.
        for photo in photos.iter().take(3) {
            peer.ask(&json!({ "image": photo.path }))?;
        }
        peers.push((peer, *always, File::create(bench.out.join(format!("{file}.jsonl")))?));
    }
    let count = photos.len();
    let mut asked = Vec::new();
    for (number, photo) in photos.into_iter().enumerate() {
        let mut answers = Vec::new();
        for (peer, always, file) in &mut peers {
            if !*always && number % bench.options.sample != 0 {
                answers.push(None);
                continue;
            }
            let mut said = peer.ask(&json!({ "image": photo.path }))?;
            answers.push(Some(answer(&photo, &said)));
            said["image"] = json!(photo.image);
            writeln!(file, "{said}")?;
        }
        asked.push(Asked { photo, answers });
        if (number + 1) % 100 == 0 {
            println!("{} of {count}", number + 1);
        }
    }
    Ok(asked)
}

fn answer(photo: &Photo, said: &Value) -> Answer {
    let corners = spots(&said["corners"]);
    let overlap = |truth: &Vec<Spot>| corners.as_ref().map_or(0.0, |found| score::iou(found, truth));
    let iou = photo.truth.as_ref().map(overlap);
    Answer { iou, ms: said["ms"].as_f64(), cpu_ms: said["cpu_ms"].as_f64(), corners }
}

/// A list of points; `None` for null or anything else.
fn spots(value: &Value) -> Option<Vec<Spot>> {
    value.as_array()?.iter().map(|point| Some([point[0].as_f64()?, point[1].as_f64()?])).collect()
}

fn labels(folder: &Path) -> Result<Vec<Photo>> {
    let file = folder.join("labels.jsonl");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let photo = |line: &str| {
        let label: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let image = label["image"].as_str().context("a label without an image")?.to_owned();
        let size = [&label["width"], &label["height"]].map(|side| side.as_f64().unwrap_or(f64::NAN));
        let truth = spots(&label["corners"]);
        let given = label["tags"].as_array().map_or(&[][..], Vec::as_slice);
        let mut tags: Vec<String> = given.iter().filter_map(|tag| Some(tag.as_str()?.to_owned())).collect();
        tags.extend(truth.iter().flat_map(|corners| seen(corners, size)).map(str::to_owned));
        Ok(Photo { path: folder.join(&image), image, size, tags, truth })
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(photo).collect()
}

/// What the true corners say: below 15 % of the picture; sides 20–70° off the frame's.
fn seen(corners: &[Spot], [width, height]: [f64; 2]) -> Vec<&'static str> {
    let mut tags = Vec::new();
    if area(corners) < 0.15 * width * height {
        tags.push("small");
    }
    let longest = score::sides(corners).map(|(a, b)| [b[0] - a[0], b[1] - a[1]]).max_by(|a, b| {
        let length = |side: &Spot| side[0].hypot(side[1]);
        length(a).total_cmp(&length(b))
    });
    let off = longest.map_or(0.0, |[dx, dy]| dy.atan2(dx).to_degrees().rem_euclid(90.0));
    if (20.0..=70.0).contains(&off) {
        tags.push("turned");
    }
    tags
}

const HEAD: [&str; 9] =
    ["", "detector", "with a page", "mean IoU", "> 0.90", "> 0.95", "no quad", "IoU < 0.5", "false alarms"];

fn overall(names: &[&str], asked: &[Asked]) -> Table {
    let mut rows = Vec::new();
    for (number, name) in names.iter().enumerate() {
        rows.extend(row("all", name, number, asked, |_| true));
    }
    if asked.iter().any(|asked| asked.answers.iter().any(Option::is_none)) {
        let common = |asked: &Asked| asked.answers.iter().all(Option::is_some);
        rows.extend(row("those that every detector saw", OURS, 0, asked, common));
    }
    Table {
        title: "Detection on photos".to_owned(),
        note: "A missing quad counts as IoU 0; a false alarm is a quad where there is no page.".to_owned(),
        head: HEAD.to_vec(),
        rows,
    }
}

fn by_kind(names: &[&str], asked: &[Asked]) -> Table {
    let mut tags: Vec<&String> = asked.iter().flat_map(|asked| &asked.photo.tags).collect();
    tags.sort_by_key(|tag| (std::cmp::Reverse(asked.iter().filter(|a| a.photo.tags.contains(tag)).count()), *tag));
    tags.dedup();
    let mut rows = Vec::new();
    for tag in tags {
        for (number, name) in names.iter().enumerate() {
            rows.extend(row(tag, name, number, asked, |asked| asked.photo.tags.contains(tag)));
        }
    }
    let note =
        "Small: below 15 % of the picture. Turned: its longest side is 20–70° off the frame's. The others as labelled.";
    Table { title: "Detection by kind of photo".to_owned(), note: note.to_owned(), head: HEAD.to_vec(), rows }
}

/// One detector on the photos that are in the group.
fn row(
    group: &str,
    name: &str,
    number: usize,
    asked: &[Asked],
    within: impl Fn(&Asked) -> bool,
) -> Option<Vec<String>> {
    let answers = asked.iter().filter(|asked| within(asked)).filter_map(|asked| asked.answers[number].as_ref());
    let (pages, empty): (Vec<&Answer>, Vec<&Answer>) = answers.partition(|answer| answer.iou.is_some());
    if pages.is_empty() && empty.is_empty() {
        return None;
    }
    let of =
        |rows: &[&Answer], value: fn(&Answer) -> f64| estimate(rows, |rows| mean(rows.iter().map(|row| value(row))));
    let alarms = empty.iter().filter(|answer| answer.corners.is_some()).count();
    let alarms = match empty.len() {
        0 => "–".to_owned(),
        count => format!("{alarms} of {count}: {}", share(of(&empty, |answer| f64::from(answer.corners.is_some())))),
    };
    let overlap = |answer: &Answer| answer.iou.unwrap_or(0.0);
    Some(vec![
        group.to_owned(),
        name.to_owned(),
        pages.len().to_string(),
        figure(of(&pages, overlap), 3),
        share(of(&pages, |answer| f64::from(answer.iou > Some(0.9)))),
        share(of(&pages, |answer| f64::from(answer.iou > Some(0.95)))),
        share(of(&pages, |answer| f64::from(answer.corners.is_none()))),
        share(of(&pages, |answer| f64::from(answer.iou < Some(0.5)))),
        alarms,
    ])
}

fn times(names: &[&str], asked: &[Asked]) -> Table {
    let both = |number: usize, time: fn(&Answer) -> Option<f64>| {
        let pair = |asked: &Asked| Some([time(asked.answers[0].as_ref()?)?, time(asked.answers[number].as_ref()?)?]);
        asked.iter().filter_map(pair).collect::<Vec<[f64; 2]>>()
    };
    let theirs = |pairs: &[[f64; 2]]| estimate(pairs, |rows| median(rows.iter().map(|row| row[1])));
    let rows = names.iter().enumerate().map(|(number, name)| {
        let (wall, cpu) = (both(number, |answer| answer.ms), both(number, |answer| answer.cpu_ms));
        let mut row =
            vec![(*name).to_owned(), wall.len().to_string(), figure(theirs(&wall), 1), figure(theirs(&cpu), 1)];
        row.extend([figure(ratio(&wall), 2), figure(ratio(&cpu), 2)]);
        row
    });
    Table {
        title: "Time a photo".to_owned(),
        note: "From the decoded picture in memory to corners, each detector's own resizing included; one core. Linux may count a \
               processor's time in steps of 4 ms."
            .to_owned(),
        head: vec!["detector", "photos", "ms", "processor's ms", "ours ÷ it", "of processor's time"],
        rows: rows.collect(),
    }
}

/// The median of the first by the median of the second.
pub fn ratio(pairs: &[[f64; 2]]) -> Estimate {
    estimate(pairs, |rows| median(rows.iter().map(|row| row[0])) / median(rows.iter().map(|row| row[1])))
}

fn everything(asked: &Asked) -> Value {
    let answers = asked.answers.iter().map(|answer| {
        let answer = answer.as_ref()?;
        Some(json!({ "corners": answer.corners, "iou": answer.iou, "ms": answer.ms, "cpu_ms": answer.cpu_ms }))
    });
    json!({ "image": asked.photo.image, "tags": asked.photo.tags, "answers": answers.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(truth: Option<Vec<Spot>>) -> Photo {
        let tags = vec!["flat".to_owned()];
        Photo { image: "a.jpg".to_owned(), path: "a.jpg".into(), size: [100.0, 100.0], tags, truth }
    }

    fn square(side: f64) -> Vec<Spot> {
        vec![[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]]
    }

    #[test]
    fn a_missed_page_counts_and_a_quad_without_a_page_is_an_alarm() {
        let said = |corners: Option<Vec<Spot>>| json!({ "corners": corners, "ms": 2.0, "cpu_ms": null });
        let pages = [Some(square(10.0)), Some(square(9.0)), None, Some(square(1.0))];
        let mut asked: Vec<Asked> = Vec::new();
        for (truth, corners) in pages
            .into_iter()
            .map(|corners| (Some(square(10.0)), corners))
            .chain([(None, None), (None, Some(square(5.0)))])
        {
            let photo = photo(truth);
            let answers = vec![Some(answer(&photo, &said(corners)))];
            asked.push(Asked { photo, answers });
        }
        let row = row("all", OURS, 0, &asked, |_| true).unwrap();
        let starts = ["all", OURS, "4", "0.455 (", "25.0 % (", "25.0 % (", "25.0 % (", "50.0 % (", "1 of 2: 50.0 %"];
        assert!(row.iter().zip(starts).all(|(cell, start)| cell.starts_with(start)), "{row:?}");
    }

    #[test]
    fn kinds_that_corners_tell() {
        assert_eq!(seen(&square(30.0), [100.0, 100.0]), ["small"]);
        assert_eq!(seen(&[[50.0, 0.0], [100.0, 60.0], [50.0, 100.0], [0.0, 40.0]], [100.0, 100.0]), ["turned"]);
        assert_eq!(seen(&[[0.0, 5.0], [95.0, 0.0], [100.0, 95.0], [5.0, 100.0]], [100.0, 100.0]), [""; 0]);
    }

    #[test]
    fn the_ratio_is_of_medians() {
        assert_eq!(ratio(&[[1.0, 10.0], [2.0, 4.0], [3.0, 1.0]]).value, 0.5);
    }
}
