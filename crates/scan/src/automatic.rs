//! When to take the picture by itself: a pure function of time-stamped observations.
//!
//! Knows milliseconds and fractions; refuses to know clocks, frame rates and pixels. It takes the picture when the
//! page has been whole, bright, sharp and still for a while, and then waits until another page lies there.

use crate::{Found, Judgement, Quad, Yuv, homography::Homography, judge, plane::Plane};
use serde::{Deserialize, Serialize};

/// What the citizen should do, or what is happening: one word for the screen, the voice and the haptics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    AimAtDocument,
    MoveCloser,
    MoveBack,
    HoldStill,
    CutOff,
    TooDark,
    Glare,
    Slanted,
    TakingPicture,
    PageAdded,
    TurnPage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Wait,
    Capture,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How long everything must have been right before the picture is taken, in milliseconds.
    pub steady_ms: u64,
    /// How far a corner may wander meanwhile, as a share of the picture's side.
    pub stillness: f32,
    /// Confidence from which a quad is believed.
    pub confidence: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { steady_ms: 600, stillness: 0.014, confidence: 0.5 }
    }
}

/// Longer without an observation than this and nothing is known about what happened in between.
const GAP_MS: u64 = 500;
/// For so long a page may be blurred or lost while the view stays: one trembling frame does not undo a calm second.
const LAPSE_MS: u64 = 150;
/// How much of the picture's cells may change while it counts as still, and by what share of full scale.
const STILL_CELLS: f32 = 0.02;
const STILL_CHANGE: f32 = 0.12;
/// The same from one frame to the next, from which on something has happened since a picture was taken.
const DISTURBED_CHANGE: f32 = 0.06;
/// For so long after a shot, while nothing happens, the ways in which the page is seen are learned, so many at most.
const LEARNING_MS: u64 = 2500;
const LOOKS: usize = 6;
/// Relative difference of two pages' looks from which they are different pages (unrelated pages are near 1.4).
const ANOTHER_PAGE: f32 = 0.75;
/// How long another page must be seen before it is believed: a hand that turns a page looks like one.
const ANOTHER_PAGE_MS: u64 = 250;
/// What is said after a shot, and for how long.
const TAKING_MS: u64 = 400;
const ADDED_MS: u64 = 1800;

/// One frame, seen: what [`observe`] decides on.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Milliseconds on any clock that does not go back.
    pub at_ms: u64,
    pub found: Option<Found>,
    pub judgement: Judgement,
    view: View,
    look: Option<Look>,
}

impl Observation {
    /// Judges the frame and remembers as little of it as is needed to see whether anything moves.
    pub fn of(at_ms: u64, frame: &Yuv, found: Option<Found>) -> Self {
        let judgement = judge::judge(frame, found.as_ref().map(|f| &f.quad));
        let look = found.as_ref().map(|f| Look::of(&frame.luma(LOOK_SOURCE).smooth(), &f.quad));
        Observation { at_ms, found, judgement, view: View(frame.luma(VIEW_SIZE)), look }
    }
}

/// What is remembered between observations. `State::default()` when the camera starts.
#[derive(Debug, Clone, Default)]
pub struct State {
    last_ms: Option<u64>,
    steady: Option<Steady>,
    shot: Option<Shot>,
}

impl State {
    /// Since when (observation time) the page has been held well, for the outline's progress on the screen.
    pub fn steady_since_ms(&self) -> Option<u64> {
        self.steady.as_ref().map(|s| s.since_ms)
    }

    /// The citizen has pressed the shutter on this view: it is not taken a second time.
    pub fn taken(mut self, seen: &Observation) -> Self {
        self.steady = None;
        self.shot = Some(Shot {
            at_ms: seen.at_ms,
            looks: seen.look.iter().cloned().collect(),
            last: seen.view.clone(),
            disturbed: false,
            other_since_ms: None,
        });
        self
    }
}

/// A view that has not moved since.
#[derive(Debug, Clone)]
struct Steady {
    since_ms: u64,
    /// When it was last seen as it should be.
    good_ms: u64,
    quad: Quad,
    view: View,
}

#[derive(Debug, Clone)]
struct Shot {
    at_ms: u64,
    /// The page that was taken; none where it was taken by hand while no page was recognised: any page is another one.
    /// More than one where the outline was found in more than one way, at a stripe of a card for instance.
    looks: Vec<Look>,
    /// The view one frame before.
    last: View,
    /// Whether anything has moved since: as long as nothing has, the same page lies there, whatever it looks like.
    disturbed: bool,
    other_since_ms: Option<u64>,
}

/// Takes one observation in and says what to show and whether to take the picture now.
pub fn observe(state: State, seen: &Observation, settings: &Settings) -> (State, Hint, Decision) {
    let State { last_ms, mut steady, mut shot } = state;
    let now = seen.at_ms;
    if last_ms.is_some_and(|last| now < last || now - last > GAP_MS) {
        steady = None;
        shot.iter_mut().for_each(|s| (s.other_since_ms, s.disturbed) = (None, true));
    }
    let next = |steady, shot| State { last_ms: Some(now), steady, shot };
    let page = seen.found.as_ref().filter(|f| f.confidence >= settings.confidence);

    if let Some(taken) = &mut shot
        && !taken.another_page(seen, page.is_some())
    {
        let hint = match now.saturating_sub(taken.at_ms) {
            passed if passed < TAKING_MS => Hint::TakingPicture,
            passed if passed < ADDED_MS => Hint::PageAdded,
            _ if page.is_none() => seen.judgement.obstacle().unwrap_or(Hint::AimAtDocument),
            _ => Hint::TurnPage,
        };
        return (next(None, shot), hint, Decision::Wait);
    }
    steady = steady.filter(|s| s.view.changed(&seen.view, STILL_CHANGE) <= STILL_CELLS);
    let near = |s: &Steady| page.is_some_and(|page| s.quad.distance(&page.quad) <= settings.stillness);
    // An outline that jumps while nothing moves is found anew; one that moves with the view is a hand that moves.
    let jumped = |s: &Steady| !near(s) && s.view.changed(&seen.view, DISTURBED_CHANGE) <= STILL_CELLS;
    let lapse = steady.take_if(|s| {
        now - s.good_ms <= LAPSE_MS && (page.is_none() || seen.judgement.obstacle().is_some() || jumped(s))
    });
    let (Some(page), None) = (page, seen.judgement.obstacle()) else {
        let hint = match page {
            _ if lapse.is_some() => Some(Hint::HoldStill),
            Some(_) => seen.judgement.obstacle(),
            None => seen.judgement.obstacle().filter(|hint| *hint == Hint::TooDark),
        };
        return (next(lapse, shot), hint.unwrap_or(Hint::AimAtDocument), Decision::Wait);
    };
    if lapse.is_some() {
        return (next(lapse, shot), Hint::HoldStill, Decision::Wait);
    }
    // Compared with the first view, not the last: a slow drift adds up.
    let fresh = || Steady { since_ms: now, good_ms: now, quad: page.quad, view: seen.view.clone() };
    let steady = Steady { good_ms: now, ..steady.filter(near).unwrap_or_else(fresh) };
    if now - steady.since_ms < settings.steady_ms {
        return (next(Some(steady), shot), Hint::HoldStill, Decision::Wait);
    }
    (next(None, None).taken(seen), Hint::TakingPicture, Decision::Capture)
}

impl Shot {
    /// Whether what lies there has been another page than the one taken for long enough.
    fn another_page(&mut self, seen: &Observation, page: bool) -> bool {
        let now = seen.at_ms;
        self.disturbed |= self.last.changed(&seen.view, DISTURBED_CHANGE) > STILL_CELLS;
        self.last = seen.view.clone();
        let look = seen.look.as_ref().filter(|_| page);
        let other = look.filter(|look| self.looks.iter().all(|taken| taken.is_another_than(look)));
        if !self.disturbed && !self.looks.is_empty() {
            let learning = now.saturating_sub(self.at_ms) <= LEARNING_MS && self.looks.len() < LOOKS;
            self.looks.extend(other.filter(|_| learning).cloned());
            return false;
        }
        if other.is_none() {
            self.other_since_ms = None;
            return false;
        }
        now - *self.other_since_ms.get_or_insert(now) >= ANOTHER_PAGE_MS
    }
}

/// Longer side, in cells, of the picture that motion is seen in.
const VIEW_SIZE: usize = 24;
/// Longer side, in pixels, of the picture that pages are looked at in.
const LOOK_SOURCE: usize = 192;
const LOOK_CELLS: usize = 28;
/// A page's look is compared around each cell's neighbourhood of this radius: light and shadow drop out.
const LOOK_RADIUS: usize = 3;
/// Looks weaker than this (share of the paper's brightness) are blank paper and alike.
const LOOK_FLOOR: f32 = 0.012;

/// The whole picture in few cells, to see motion.
#[derive(Debug, Clone)]
struct View(Plane);

impl View {
    /// The share of the cells that differ by more than `by` of full scale; the exposure as a whole may hunt.
    fn changed(&self, other: &View, by: f32) -> f32 {
        let (before, after) = (&self.0.data, &other.0.data);
        if before.len() != after.len() {
            return 1.0;
        }
        let mean = |v: &[f32]| (v.iter().sum::<f32>() / v.len() as f32).max(1.0);
        let gain = mean(before) / mean(after);
        let changed = before.iter().zip(after).filter(|(a, b)| (*a - *b * gain).abs() > by * 255.0);
        changed.count() as f32 / before.len() as f32
    }
}

/// What is printed on the page in few cells of the flattened page, light taken out.
#[derive(Debug, Clone)]
struct Look(Vec<f32>);

impl Look {
    fn of(luma: &Plane, quad: &Quad) -> Self {
        const TAPS: usize = 3;
        let (w, h) = (f64::from(luma.width as u32), f64::from(luma.height as u32));
        let corners = quad.0.map(|p| [f64::from(p.x) * w, f64::from(p.y) * h]);
        let Some(map) = Homography::of_unit_square(corners) else { return Look(vec![0.0; LOOK_CELLS * LOOK_CELLS]) };
        let mut cells = Plane::new(LOOK_CELLS, LOOK_CELLS);
        for (i, cell) in cells.data.iter_mut().enumerate() {
            for tap in 0..TAPS * TAPS {
                // The outermost part is left out: a corner a little off must not look like print.
                let along =
                    |c: usize, t: usize| 0.04 + 0.92 * (c as f64 + (t as f64 + 0.5) / TAPS as f64) / LOOK_CELLS as f64;
                let [x, y] = map.apply(along(i % LOOK_CELLS, tap % TAPS), along(i / LOOK_CELLS, tap / TAPS));
                *cell += luma.sample(x as f32 - 0.5, y as f32 - 0.5) / (TAPS * TAPS) as f32;
            }
        }
        let paper = cells.quantile(0.85).max(16.0);
        let local = |x: usize, y: usize| {
            let span = |c: usize| c.saturating_sub(LOOK_RADIUS)..(c + LOOK_RADIUS + 1).min(LOOK_CELLS);
            let around: Vec<f32> =
                span(y).flat_map(|v| span(x).map(move |u| (u, v))).map(|(u, v)| cells.at(u, v)).collect();
            around.iter().sum::<f32>() / around.len() as f32
        };
        let print = |i: usize| (cells.data[i] - local(i % LOOK_CELLS, i / LOOK_CELLS)) / paper;
        Look((0..LOOK_CELLS * LOOK_CELLS).map(print).collect())
    }

    /// Whether this cannot be the page that `other` shows, whichever of the four ways it is turned.
    fn is_another_than(&self, other: &Look) -> bool {
        let scale = strength(&self.0).max(strength(&other.0)).max(LOOK_FLOOR);
        let mut turned = Plane { width: LOOK_CELLS, height: LOOK_CELLS, data: other.0.clone() };
        for _ in 0..4 {
            let apart: Vec<f32> = self.0.iter().zip(&turned.data).map(|(a, b)| a - b).collect();
            if strength(&apart) / scale <= ANOTHER_PAGE {
                return false;
            }
            turned = turned.turned_right();
        }
        true
    }
}

/// Root of the mean square.
fn strength(values: &[f32]) -> f32 {
    (values.iter().map(|x| x * x).sum::<f32>() / values.len() as f32).sqrt()
}

#[cfg(test)]
mod tests;
