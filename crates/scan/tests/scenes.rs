//! The six rendered scenes: the letter is found, flat and A4, in the frame as in the photo.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use image::{Rgb, RgbImage};
use scan::{Filter, PaperFormat, Photo, Quad, Recipe, Yuv, decode, find, nv21_from_rgb, page};
use serde_json::Value;
use std::{fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/scenes")
}

struct Scene {
    file: String,
    bytes: Vec<u8>,
    /// Fractions of the picture.
    corners: Vec<[f64; 2]>,
}

fn scenes() -> Vec<Scene> {
    let list: Value = serde_json::from_slice(&fs::read(folder().join("scenes.json")).unwrap()).unwrap();
    let scene = |entry: &Value| {
        let (width, height) = (entry["width"].as_f64().unwrap(), entry["height"].as_f64().unwrap());
        let corner = |c: &Value| [c[0].as_f64().unwrap() / width, c[1].as_f64().unwrap() / height];
        let file = entry["file"].as_str().unwrap().to_owned();
        let bytes = fs::read(folder().join(&file)).unwrap();
        Scene { bytes, file, corners: entry["corners"].as_array().unwrap().iter().map(corner).collect() }
    };
    let scenes: Vec<Scene> = list.as_array().unwrap().iter().map(scene).collect();
    assert_eq!(scenes.len(), 6);
    scenes
}

/// Intersection over union by counting a fine grid.
fn overlap(found: &Quad, truth: &[[f64; 2]]) -> f64 {
    const GRID: usize = 400;
    let found: Vec<[f64; 2]> = found.0.iter().map(|p| [f64::from(p.x), f64::from(p.y)]).collect();
    let within = |quad: &[[f64; 2]], x: f64, y: f64| {
        (0..4).all(|i| {
            let (a, b) = (quad[i], quad[(i + 1) % 4]);
            (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0.0
        })
    };
    let (mut both, mut either) = (0.0, 0.0);
    for i in 0..GRID * GRID {
        let (x, y) = ((i % GRID) as f64 / GRID as f64, (i / GRID) as f64 / GRID as f64);
        let (a, b) = (within(&found, x, y), within(truth, x, y));
        both += f64::from(u8::from(a && b));
        either += f64::from(u8::from(a || b));
    }
    both / either
}

#[test]
fn every_scene_is_found_in_the_frame_and_in_the_photo() {
    for scene in scenes() {
        let photo = decode(&scene.bytes, None).unwrap();
        let bytes = nv21_from_rgb(&photo);
        let frame = Yuv::nv21(&bytes, photo.width() as usize, photo.height() as usize).unwrap();
        let live = find(&frame).unwrap_or_else(|| panic!("{}: nothing found in the frame", scene.file));
        let live_overlap = overlap(&live.quad, &scene.corners);
        assert!(live_overlap > 0.9, "{}: {live_overlap:.3} in the frame, {live:?}", scene.file);
        let still = Photo::from(photo).find().unwrap_or_else(|| panic!("{}: nothing found in the photo", scene.file));
        let still_overlap = overlap(&still.quad, &scene.corners);
        assert!(still_overlap > 0.96, "{}: {still_overlap:.3} in the photo, {still:?}", scene.file);
        for (p, truth) in still.quad.0.iter().zip(&scene.corners) {
            let off = (f64::from(p.x) - truth[0]).hypot(f64::from(p.y) - truth[1]);
            assert!(off < 0.04, "{}: a corner is {off:.3} off, or in another place of the order", scene.file);
        }
    }
}

/// A black line all around, an eighth of the page away from its sides.
fn with_a_printed_frame(photo: &RgbImage, corners: &[[f64; 2]]) -> RgbImage {
    let mut photo = photo.clone();
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let at = |u: f64, v: f64| -> [f64; 2] {
        let way = |a: [f64; 2], b: [f64; 2], t: f64| [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
        way(way(corners[0], corners[1], u), way(corners[3], corners[2], u), v)
    };
    let around = [(0.125, 0.125), (0.875, 0.125), (0.875, 0.875), (0.125, 0.875), (0.125, 0.125)];
    let thick = (width / 300.0) as i32;
    for side in around.windows(2) {
        let ([x0, y0], [x1, y1]) = (at(side[0].0, side[0].1), at(side[1].0, side[1].1));
        for step in 0..=4000 {
            let t = f64::from(step) / 4000.0;
            let (x, y) = ((x0 + (x1 - x0) * t) * width, (y0 + (y1 - y0) * t) * height);
            for (dx, dy) in (-thick..=thick).flat_map(|dy| (-thick..=thick).map(move |dx| (dx, dy))) {
                if let Some(pixel) = photo.get_pixel_mut_checked((x as i32 + dx) as u32, (y as i32 + dy) as u32) {
                    *pixel = Rgb([25; 3]);
                }
            }
        }
    }
    photo
}

#[test]
fn a_frame_printed_on_the_page_loses_to_the_page() {
    for scene in scenes() {
        let photo = with_a_printed_frame(&decode(&scene.bytes, None).unwrap(), &scene.corners);
        let found = Photo::from(photo).find().unwrap_or_else(|| panic!("{}: nothing found", scene.file));
        let overlap = overlap(&found.quad, &scene.corners);
        assert!(overlap > 0.93, "{}: {overlap:.3}, {found:?}", scene.file);
    }
}

#[test]
fn every_scene_becomes_a_flat_a4_page_the_right_way_up() {
    for scene in scenes() {
        let photo = decode(&scene.bytes, None).unwrap();
        let photo = Photo::from(photo);
        let recipe = Recipe { quad: Some(photo.find().unwrap().quad), ..Recipe::default() };
        let flat = photo.flatten(&recipe, u32::MAX);
        assert_eq!(flat.format, PaperFormat::A4, "{}", scene.file);
        let (width, height) = flat.image.dimensions();
        assert!(
            (f64::from(height) / f64::from(width) - 297.0 / 210.0).abs() < 0.01,
            "{}: {width} x {height}",
            scene.file
        );
    }
}

#[test]
fn cleaned_pages_are_white_and_keep_the_stamp_red() {
    for scene in scenes() {
        let photo = decode(&scene.bytes, None).unwrap();
        let quad = Some(Photo::from(photo).find().unwrap().quad);
        let recipe = Recipe { quad, filter: Filter::Colour, ..Recipe::default() };
        let page = page(&scene.bytes, &recipe, 85).unwrap();
        let clean = decode(&page.jpeg, None).unwrap();
        let (width, height) = clean.dimensions();
        let at = |u: f32, v: f32| clean.get_pixel((u * width as f32) as u32, (v * height as f32) as u32).0;
        for (u, v) in [(0.05, 0.06), (0.95, 0.06), (0.95, 0.5), (0.05, 0.7)] {
            assert!(at(u, v).iter().all(|c| *c > 225), "{}: paper at {u}, {v} is {:?}", scene.file, at(u, v));
        }
        let reddest = (0..2500)
            .map(|i| at(0.68 + 0.17 * (i % 50) as f32 / 50.0, 0.81 + 0.12 * (i / 50) as f32 / 50.0))
            .map(|[r, g, b]| i32::from(r) - i32::from(g.max(b)))
            .max();
        assert!(reddest > Some(80), "{}: the stamp's red is {reddest:?}", scene.file);
    }
}
