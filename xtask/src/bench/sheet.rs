//! One HTML file with every photo, what was found and what is true, the worst first.
//!
//! Knows how it looks; refuses to know how it was scored. It contains the benchmark's photos: not for the repository.

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use std::{fmt::Write, fs, path::Path};

use super::{
    detection::{Answer, Asked},
    peer::Peer,
    report::{Table, escaped},
    score::Spot,
};

/// Longer side of a thumbnail in pixels.
const THUMBNAIL: u32 = 240;

const STYLE: &str = "\
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; --found: #d9480f; --true: #0b7285; }
@media (prefers-color-scheme: dark) { :root { --found: #ff922b; --true: #3bc9db; } }
body { margin: 1rem; background: Canvas; color: CanvasText; }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
figure { margin: 0; } figcaption { font-size: .85rem; overflow-wrap: anywhere; }
figure > div { position: relative; overflow: hidden; } img { display: block; width: 100%; }
svg { position: absolute; inset: 0; width: 100%; height: 100%; }
polygon { fill: none; stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.found { stroke: var(--found); } .true { stroke: var(--true); stroke-dasharray: 7 4; }
b.found { color: var(--found); } b.true { color: var(--true); }
.wide { overflow-x: auto; } table { border-collapse: collapse; white-space: nowrap; font-size: .85rem; }
td, th { padding: .2rem .5rem; border-bottom: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); text-align: left; }
";

/// `ours` answers a request for a preview of a photo by writing it; `work` is a folder for that file.
pub fn html(tables: &[Table], asked: &[Asked], ours: &mut Peer, work: &Path) -> Result<String> {
    let mut cards: Vec<(f64, &Asked, &Answer)> = Vec::new();
    for asked in asked {
        let answer = asked.answers.first().and_then(Option::as_ref).context("a photo that ours was not asked about")?;
        cards.push((worth(answer), asked, answer));
    }
    cards.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = format!(
        "<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\n\
         <title>Page detection</title>\n<style>\n{STYLE}</style>\n<h1>Page detection</h1>\n\
         <p><b class=found>found</b>, <b class=true>true</b>; the worst first.</p>\n<main>\n"
    );
    let file = work.join("preview.jpg");
    for (_, asked, answer) in cards {
        ours.ask(&json!({ "image": asked.photo.path, "preview": file, "longest": THUMBNAIL }))?;
        card(&mut out, asked, answer, &STANDARD.encode(fs::read(&file)?))?;
    }
    out.push_str("</main>\n");
    tables.iter().for_each(|table| out.push_str(&table.html()));
    Ok(out)
}

/// False alarms before pages, pages by their overlap, then what is rightly empty.
fn worth(answer: &Answer) -> f64 {
    match (answer.iou, &answer.corners) {
        (Some(iou), _) => iou,
        (None, Some(_)) => -1.0,
        (None, None) => 2.0,
    }
}

fn card(out: &mut String, asked: &Asked, answer: &Answer, jpeg: &str) -> Result<()> {
    let photo = &asked.photo;
    let [width, height] = photo.size;
    let verdict = match (answer.iou, &answer.corners) {
        (Some(_), None) => "not found".to_owned(),
        (Some(iou), Some(_)) => format!("IoU {iou:.3}"),
        (None, Some(_)) => "false alarm".to_owned(),
        (None, None) => "rightly nothing".to_owned(),
    };
    writeln!(
        out,
        "<figure><div><img loading=lazy alt='' src='data:image/jpeg;base64,{jpeg}'><svg viewBox='0 0 {width} {height}' \
         preserveAspectRatio=none>{}{}</svg></div><figcaption><strong>{verdict}</strong> {}<br>{}</figcaption></figure>",
        outline(photo.truth.as_deref(), "true"),
        outline(answer.corners.as_deref(), "found"),
        escaped(&photo.tags.join(", ")),
        escaped(&photo.image),
    )?;
    Ok(())
}

fn outline(corners: Option<&[Spot]>, class: &str) -> String {
    let Some(corners) = corners else { return String::new() };
    let points: Vec<String> = corners.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
    format!("<polygon class={class} points='{}'/>", points.join(" "))
}
