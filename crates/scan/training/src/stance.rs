//! How the phone is held and where in its frame the page ends up; the page's outline there.
//!
//! Angles in radians. Refuses to know what is printed and what lies around.

use crate::{
    canvas::SIDE,
    chance::Chance,
    hold::{self, Edge},
    paper::Paper,
    pose::{self, Camera, Spot},
};
use std::f32::consts::{FRAC_PI_2, PI};

pub fn camera(turn: f32, chance: &mut Chance) -> Camera {
    let frame = pose::frame(chance);
    Camera::new(turn, tilt(chance), lean(chance), chance.doubling(0.6, 1.4), frame)
}

/// Radians: mostly nearly upright, now and then any.
pub fn turn(chance: &mut Chance) -> f32 {
    match chance.weighted(&[62.0, 8.0, 30.0]) {
        0 => 0.13 * chance.normal(),
        1 => chance.pick(&[FRAC_PI_2, -FRAC_PI_2, PI]) + 0.1 * chance.normal(),
        _ => chance.angle(),
    }
}

/// Radians: how far the phone leans, mostly little, at most about 50 degrees.
fn tilt(chance: &mut Chance) -> f32 {
    let degrees = if chance.holds(0.75) { chance.within(0.0, 25.0) } else { chance.within(20.0, 50.0) };
    degrees.to_radians()
}

/// Radians: which way the phone leans; 0 is away from who holds it.
fn lean(chance: &mut Chance) -> f32 {
    if chance.holds(0.65) { 0.25 * chance.normal() } else { chance.angle() }
}

pub fn area(chance: &mut Chance) -> f32 {
    match chance.weighted(&[7.0, 18.0, 38.0, 26.0, 11.0]) {
        0 => chance.within(0.04, 0.15),
        1 => chance.within(0.15, 0.3),
        2 => chance.within(0.3, 0.6),
        3 => chance.within(0.6, 0.85),
        _ => chance.within(0.85, 1.1),
    }
}

/// Sets distance and middle so that the page covers `area` of the frame, inside it unless it `leaves`.
pub fn place(camera: &mut Camera, paper: &Paper, leaves: bool, area: f32, chance: &mut Chance) {
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
    // Over one side of the frame, or over two: what is left is still a page.
    let over = chance.pick(&[[0.25, 0.0], [0.0, 0.25], [0.15, 0.15]]);
    for i in 0..2 {
        let (low, high) = (bounds[i], bounds[i + 2]);
        let room = 1.0 - (high - low);
        let start = if leaves && room < 0.0 {
            // It covers this side of the frame from end to end, or nearly.
            room * chance.within(-0.2, 1.2)
        } else if leaves && over[i] > 0.0 {
            let over = (high - low) * chance.within(0.0, over[i]);
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
pub fn edges(camera: &Camera, paper: &Paper) -> Vec<Edge> {
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
pub fn grip(edges: &[Edge], number: usize, chance: &mut Chance) -> Option<Edge> {
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

/// Distance of a point to the nearest side of a quad, in the same units.
pub fn off_quad(p: Spot, quad: &[Spot; 4]) -> f32 {
    (0..4)
        .map(|i| {
            let (a, b) = (quad[i], quad[(i + 1) % 4]);
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let t = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
            (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
        })
        .fold(f32::MAX, f32::min)
}
