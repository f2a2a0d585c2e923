//! One photo from one seed: which background, which page, how it lies, who holds it, what light; and what is true of it.

use crate::{
    assets::{Assets, any},
    canvas::{Canvas, SIDE},
    chance::Chance,
    clutter::Table,
    colour::{furniture, scaled},
    document::Document,
    hold::{self, Edge, Hand},
    lens,
    light::Light,
    paper::{Paper, Shape},
    pose::{self, Camera, Spot},
    sample::{CURLED, HAS_PAGE, OCCLUDED, Sample, TOUCHES, TURNED, mask},
    sheet::{self, Finish},
    slab::Sun,
    surface::Surface,
};
use std::f32::consts::{FRAC_PI_2, PI};

/// Share of the samples without a page.
const WITHOUT: f32 = 0.25;
/// Share of the pages that nothing but a hand or the air holds.
const HELD: f32 = 0.28;
/// Share of the pages that leave the frame on purpose.
const LEAVES: f32 = 0.2;
/// Farther than this from its quad, in fractions of the frame, an outline counts as curled.
const CURL: f32 = 0.01;

/// The sample of this seed, the same on every machine; the canvas is overwritten.
pub fn render(canvas: &mut Canvas, assets: &Assets, seed: u64) -> Sample {
    let mut chance = Chance::new(seed);
    let page = has_page(&mut chance);
    canvas.wipe();
    let (mut background, mut light, mut camera_chance) = (chance.fork(), chance.fork(), chance.fork());
    let (corners, kind) = if page {
        let (corners, kind) = with_page(canvas, assets, &mut chance, &mut background);
        (Some(corners), kind)
    } else {
        empty(canvas, assets, &mut chance, &mut background);
        (None, 0)
    };
    Light::any(&mut light).fall_on(canvas);
    let frame = lens::expose(canvas, &mut camera_chance);
    Sample { frame, mask: mask(canvas), corners, kind, seed }
}

/// The first thing a seed decides.
pub fn has_page(chance: &mut Chance) -> bool {
    !chance.holds(WITHOUT)
}

fn sun(chance: &mut Chance) -> Sun {
    let turn = chance.angle();
    Sun { toward: [turn.cos(), turn.sin()], dark: chance.within(0.1, 0.65), slant: chance.doubling(0.2, 2.5) }
}

/// Radians: how far the phone leans, mostly little, at most about 50 degrees.
fn tilt(chance: &mut Chance) -> f32 {
    let degrees = if chance.holds(0.75) { chance.within(0.0, 25.0) } else { chance.within(20.0, 50.0) };
    degrees.to_radians()
}

/// Radians: mostly nearly upright, now and then any.
fn turn(chance: &mut Chance) -> f32 {
    match chance.weighted(&[62.0, 8.0, 30.0]) {
        0 => 0.13 * chance.normal(),
        1 => chance.pick(&[FRAC_PI_2, -FRAC_PI_2, PI]) + 0.1 * chance.normal(),
        _ => chance.angle(),
    }
}

/// Radians: which way the phone leans; 0 is away from who holds it.
fn lean(chance: &mut Chance) -> f32 {
    if chance.holds(0.65) { 0.25 * chance.normal() } else { chance.angle() }
}

fn camera(turn: f32, chance: &mut Chance) -> Camera {
    let frame = pose::frame(chance);
    Camera::new(turn, tilt(chance), lean(chance), chance.doubling(0.6, 1.4), frame)
}

fn empty(canvas: &mut Canvas, assets: &Assets, chance: &mut Chance, own: &mut Chance) {
    let mut camera = camera(turn(chance), chance);
    camera.distance = chance.doubling(0.2, 1.6);
    let sun = sun(chance);
    ground(canvas, &camera, assets, own);
    let reach = camera.pixel() * SIDE as f32 * 0.6;
    let count = chance.weighted(&[4.0, 2.0, 2.0, 1.0, 1.0, 0.5]);
    // No sheet and no card lies there: those would be pages.
    let mut table = Table { canvas, camera: &camera, assets, sun };
    table.scatter_without_paper(count, reach, chance);
    if chance.holds(0.08) {
        let hand = Hand::new(camera.pixel(), sun.toward, chance);
        hand.point(canvas, [chance.within(0.1, 0.9), chance.within(0.1, 0.9)].map(|v| v * SIDE as f32), chance);
    }
    if chance.holds(0.15) {
        soften(canvas, chance.whole(2, 6));
    }
}

/// Fills the picture with a table, a floor or a wall; behind the table's far edge lies a room.
fn ground(canvas: &mut Canvas, camera: &Camera, assets: &Assets, chance: &mut Chance) {
    let pixel = camera.pixel();
    if chance.holds(0.14) {
        if let Some(photo) = any(&assets.photos, chance) {
            // A photo as it is: anything may be behind a page.
            let zoom = chance.within(0.35, 1.0);
            let (u, v) = (chance.within(0.0, 1.0 - zoom), chance.within(0.0, 1.0 - zoom));
            let level = photo.level(zoom * photo.width() as f32 / SIDE as f32);
            let bright = chance.doubling(0.5, 1.5);
            canvas.fill_coarsely(|x, y| {
                let at = |start: f32, v: f32| start + zoom * v / SIDE as f32;
                scaled(photo.at(level, at(u, x), at(v, y)), bright)
            });
            return;
        }
    }
    let table = match chance.weighted(&[6.0, 1.2, 1.0]) {
        1 => Surface::pale(chance, 0.82, 1.0, pixel),
        2 => Surface::pale(chance, 0.03, 0.2, pixel),
        _ => Surface::any(assets, chance, pixel),
    };
    let Some(map) = camera.plane(0.0) else { return canvas.fill_coarsely(|x, y| table.colour(x * pixel, y * pixel)) };
    let wall = furniture(chance);
    // An edge of the table, or a seam between two floors.
    if chance.holds(0.3) {
        let other = Surface::any(assets, chance, pixel * 1.5);
        let (turn, away) = (chance.angle(), chance.within(0.1, 0.5) * pixel * SIDE as f32);
        let (c, s) = (turn.cos(), turn.sin());
        let (deep, thick) = (chance.within(0.25, 1.0), chance.within(0.0, 0.03));
        let bow = if chance.holds(0.2) { chance.within(0.2, 1.5) / away.max(0.02) } else { 0.0 };
        canvas.fill_coarsely(|x, y| match map.apply(x, y) {
            Some([gx, gy]) => {
                let along = gy * c - gx * s;
                let beyond = gx * c + gy * s - away + 0.5 * bow * along * along;
                if beyond < 0.0 {
                    table.colour(gx, gy)
                } else if beyond < thick {
                    scaled(table.colour(gx, gy), 0.55)
                } else {
                    let near = ((beyond - thick) / 0.08).min(1.0);
                    scaled(other.colour(gx, gy), deep * (0.45 + 0.55 * near))
                }
            }
            None => wall,
        });
    } else {
        canvas.fill_coarsely(|x, y| map.apply(x, y).map_or(wall, |[gx, gy]| table.colour(gx, gy)));
    }
}

fn shape(document: &Document, held: bool, chance: &mut Chance) -> Shape {
    if document.stiff {
        return Shape::Flat;
    }
    let weights = if held { [0.5, 2.0, 4.0, 2.0, 1.0] } else { [3.0, 4.0, 1.8, 1.8, 1.0] };
    [Shape::Flat, Shape::Slight, Shape::Curled, Shape::Folded, Shape::Crumpled][chance.weighted(&weights)]
}

fn area(chance: &mut Chance) -> f32 {
    match chance.weighted(&[10.0, 20.0, 38.0, 22.0, 10.0]) {
        0 => chance.within(0.03, 0.15),
        1 => chance.within(0.15, 0.3),
        2 => chance.within(0.3, 0.6),
        3 => chance.within(0.6, 0.85),
        _ => chance.within(0.85, 1.1),
    }
}

fn with_page(canvas: &mut Canvas, assets: &Assets, chance: &mut Chance, own: &mut Chance) -> ([Spot; 4], u32) {
    let held = chance.holds(HELD);
    let document = Document::any(assets, chance);
    let shape = shape(&document, held, chance);
    let paper = Paper::new(document.size, shape, chance);
    let turn = turn(chance);
    let mut camera = camera(turn, chance);
    let leaves = chance.holds(LEAVES);
    place(&mut camera, &paper, leaves, area(chance), chance);
    let mut sun = sun(chance);
    let mut finish = Finish::any(chance);
    if matches!(shape, Shape::Folded | Shape::Crumpled) && chance.holds(0.7) {
        // Light from the side, which shows every crease.
        sun.slant = sun.slant.max(chance.within(0.6, 2.0));
        finish.ambient = finish.ambient.min(0.45);
    }
    let mut kind = HAS_PAGE;

    let lift = if held {
        let mut behind = self::camera(own.angle(), own);
        behind.distance = own.doubling(0.4, 2.5);
        ground(canvas, &behind, assets, own);
        let reach = behind.pixel() * SIDE as f32 * 0.6;
        let count = own.weighted(&[2.0, 1.0, 1.0, 1.0, 1.0]);
        Table { canvas, camera: &behind, assets, sun }.scatter_without_paper(count, reach, own);
        if own.holds(0.6) {
            soften(canvas, own.whole(2, 6));
        }
        let bright = own.doubling(0.35, 1.6);
        canvas.light.iter_mut().for_each(|pixel| *pixel = scaled(*pixel, bright));
        own.holds(0.3).then(|| own.doubling(0.01, 0.2))
    } else {
        ground(canvas, &camera, assets, own);
        let view = camera.pixel() * SIDE as f32;
        let longer = document.size[0].max(document.size[1]);
        let mut table = Table { canvas, camera: &camera, assets, sun };
        let count = own.weighted(&[4.0, 2.0, 1.5, 1.0, 1.0, 0.7, 0.5]);
        table.scatter(count, (view * 0.7).max(longer * 0.6), longer * 0.5, own);
        if own.holds(0.1) {
            table.board(document.size, own);
        }
        if own.holds(0.16) {
            table.beneath(document.size, own);
        }
        Some(if own.holds(0.1) { own.doubling(0.001, 0.03) } else { 0.0 })
    };

    let edges = edges(&camera, &paper);
    let hand = Hand::new(camera.pixel(), sun.toward, chance);
    let hands = if held { chance.weighted(&[1.5, 5.0, 2.0]) } else { chance.weighted(&[86.0, 10.0, 4.0]) };
    let mut grips = Vec::new();
    for number in 0..hands {
        if let Some(edge) = grip(&edges, number, chance) {
            grips.push(edge);
            if held {
                hand.behind(canvas, edge, chance);
            }
        }
    }
    sheet::paint(canvas, &camera, &paper, &document, &sun, &finish);
    if let Some(lift) = lift {
        sheet::cast(canvas, &camera, &paper, &sun, lift);
    }
    for edge in &grips {
        hand.over(canvas, *edge, chance);
        kind |= OCCLUDED;
    }
    if on_the_page(canvas, &camera, &hand, &edges, sun, chance) {
        kind |= OCCLUDED;
    }

    let corners = paper.corners().map(|corner| camera.project(corner).0);
    let fractions = corners.map(|at| at.map(|v| v / SIDE as f32));
    if edges.iter().any(|edge| off_quad(edge.at, &corners) > CURL * SIDE as f32) || paper.dog_ear.is_some() {
        kind |= CURLED;
    }
    if edges.iter().any(|edge| edge.at.iter().any(|&v| !(1.0..SIDE as f32 - 1.0).contains(&v))) {
        kind |= TOUCHES;
    }
    let quarter = turn.to_degrees().rem_euclid(90.0);
    if (20.0..=70.0).contains(&quarter) {
        kind |= TURNED;
    }
    (fractions, kind)
}

/// Sets distance and middle so that the page covers `area` of the frame, inside it unless it `leaves`.
fn place(camera: &mut Camera, paper: &Paper, leaves: bool, area: f32, chance: &mut Chance) {
    let corners = paper.corners();
    let outline: Vec<_> = paper.samples(8).collect();
    let mut area = area;
    let mut bounds = [0.0; 4];
    for _ in 0..3 {
        camera.frame_area(&corners, area);
        bounds = outline.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |b, &p| {
            let [x, y] = camera.project(p).0.map(|v| v / SIDE as f32);
            [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)]
        });
        let widest = (bounds[2] - bounds[0]).max(bounds[3] - bounds[1]);
        if leaves || widest < 0.97 {
            break;
        }
        area *= (0.96 / widest).powi(2);
    }
    for i in 0..2 {
        let (low, high) = (bounds[i], bounds[i + 2]);
        let room = 1.0 - (high - low);
        let start = if leaves && (chance.holds(0.6) || room < 0.02) {
            let over = (high - low) * chance.within(0.0, 0.3);
            if chance.holds(0.5) { -over } else { room + over }
        } else if chance.holds(0.5) {
            room * 0.5 + room * 0.12 * chance.normal()
        } else {
            room * chance.unit()
        };
        let start = if leaves || room < 0.0 { start } else { start.clamp(0.004, (room - 0.004).max(0.004)) };
        camera.centre[i] += start - low;
    }
}

/// The outline in steps, clockwise as the page is read.
fn edges(camera: &Camera, paper: &Paper) -> Vec<Edge> {
    const STEPS: usize = 16;
    let middle = camera.project(paper.place(0.5, 0.5)).0;
    let at = |u: f32, v: f32| {
        let at = camera.project(paper.place(u, v)).0;
        let (iu, iv) = (u + (0.5 - u) * 0.2, v + (0.5 - v) * 0.2);
        let (iu, iv) = if u == 0.0 || u == 1.0 { (iu, v) } else { (u, iv) };
        let inner = camera.project(paper.place(iu, iv)).0;
        let (dx, dy) = (inner[0] - at[0], inner[1] - at[1]);
        let long = dx.hypot(dy);
        let fallback = [middle[0] - at[0], middle[1] - at[1]];
        let inward = if long > 0.01 { [dx / long, dy / long] } else { fallback.map(|v| v / SIDE as f32) };
        Edge { at, inward }
    };
    (0..4 * STEPS)
        .map(|i| {
            let t = (i % STEPS) as f32 / STEPS as f32;
            match i / STEPS {
                0 => at(t, 0.0),
                1 => at(1.0, t),
                2 => at(1.0 - t, 1.0),
                _ => at(0.0, 1.0 - t),
            }
        })
        .collect()
}

/// Where a hand takes the sheet: seldom at what is the upper part of the picture.
fn grip(edges: &[Edge], number: usize, chance: &mut Chance) -> Option<Edge> {
    for _ in 0..12 {
        let edge = chance.pick(edges);
        let low = edge.inward[1] < 0.5;
        let sided = match number {
            0 => true,
            _ => edge.at[0] < SIDE as f32 * 0.5,
        };
        if hold::inside(edge.at) && sided && (low || chance.holds(0.15)) {
            return Some(edge);
        }
    }
    None
}

/// Fingers, pens, clips and things on the sheet; whether there are any.
fn on_the_page(
    canvas: &mut Canvas,
    camera: &Camera,
    hand: &Hand,
    edges: &[Edge],
    sun: Sun,
    chance: &mut Chance,
) -> bool {
    let pixel = camera.pixel();
    let mut any = false;
    if chance.holds(0.1) {
        hold::clip(canvas, chance.pick(edges), pixel, sun.toward, chance);
        any = true;
    }
    let spot = |chance: &mut Chance| {
        let edge = chance.pick(edges);
        let deep = chance.within(0.0, 0.4) * SIDE as f32;
        [edge.at[0] + edge.inward[0] * deep, edge.at[1] + edge.inward[1] * deep]
    };
    if chance.holds(0.07) {
        hold::pen(canvas, spot(chance), pixel, sun.toward, chance);
        any = true;
    }
    if chance.holds(0.06) {
        hand.point(canvas, spot(chance), chance);
        any = true;
    }
    any
}

/// Distance of a point to the nearest side of a quad, in the same units.
fn off_quad(p: Spot, quad: &[Spot; 4]) -> f32 {
    (0..4)
        .map(|i| {
            let (a, b) = (quad[i], quad[(i + 1) % 4]);
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let t = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
            (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
        })
        .fold(f32::MAX, f32::min)
}

/// Out of focus: averages of `times` × `times` pixels, drawn smoothly again.
fn soften(canvas: &mut Canvas, times: usize) {
    let n = SIDE / times;
    let mut small = vec![[0.0f32; 3]; n * n];
    for (i, mean) in small.iter_mut().enumerate() {
        let (x, y) = (i % n * times, i / n * times);
        for k in 0..times * times {
            let p = canvas.light[(y + k / times) * SIDE + x + k % times];
            (0..3).for_each(|c| mean[c] += p[c] / (times * times) as f32);
        }
    }
    // Once more, so that no squares remain.
    let before = small.clone();
    for y in 0..n {
        for x in 0..n {
            let at = |dx: isize, dy: isize| {
                let clamp = |v: usize, d: isize| (v as isize + d).clamp(0, n as isize - 1) as usize;
                before[clamp(y, dy) * n + clamp(x, dx)]
            };
            let parts = [at(0, 0), at(0, 0), at(-1, 0), at(1, 0), at(0, -1), at(0, 1)];
            small[y * n + x] = std::array::from_fn(|c| parts.iter().map(|p| p[c]).sum::<f32>() / 6.0);
        }
    }
    let scale = 1.0 / times as f32;
    canvas.fill(|x, y| {
        let (x, y) = ((x * scale - 0.5).clamp(0.0, (n - 1) as f32), (y * scale - 0.5).clamp(0.0, (n - 1) as f32));
        let (i, j) = (x as usize, y as usize);
        let (i1, j1) = ((i + 1).min(n - 1), (j + 1).min(n - 1));
        let (tx, ty) = (x - i as f32, y - j as f32);
        let (a, b, c, d) = (small[j * n + i], small[j * n + i1], small[j1 * n + i], small[j1 * n + i1]);
        std::array::from_fn(|k| {
            let (top, bottom) = (a[k] + (b[k] - a[k]) * tx, c[k] + (d[k] - c[k]) * tx);
            top + (bottom - top) * ty
        })
    });
}
