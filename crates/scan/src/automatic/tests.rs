//! Rendered sequences at 15 frames a second: a hand approaches, trembles, turns the page, lays the phone down.

use super::*;
use crate::Point;

const WIDTH: usize = 320;
const HEIGHT: usize = 240;
const FRAME_MS: u64 = 66;

/// What the camera sees at one moment.
#[derive(Clone, Copy)]
struct Scene {
    /// Seed of the page's print; `None`: an empty desk.
    page: Option<u32>,
    /// Shift and zoom of the whole view, in shares of the picture.
    shift: (f32, f32),
    zoom: f32,
    /// A hand over the page at this share of its width.
    hand: Option<f32>,
    /// Exposure as a factor.
    light: f32,
    /// Horizontal motion blur, share of the width.
    blur: f32,
}

const STILL: Scene = Scene { page: Some(1), shift: (0.0, 0.0), zoom: 1.0, hand: None, light: 1.0, blur: 0.0 };

fn quad(scene: &Scene) -> Quad {
    Quad([(0.25, 0.12), (0.75, 0.12), (0.75, 0.88), (0.25, 0.88)].map(|(x, y)| Point {
        x: 0.5 + (x - 0.5) * scene.zoom + scene.shift.0,
        y: 0.5 + (y - 0.5) * scene.zoom + scene.shift.1,
    }))
}

fn luma(scene: &Scene, x: f32, y: f32) -> f32 {
    if scene.hand.is_some_and(|at| (x - 0.25 - at * 0.5).abs() < 0.12 && y > 0.3) {
        return 110.0;
    }
    let q = quad(scene);
    let (u, v) = ((x - q.0[0].x) / (q.0[1].x - q.0[0].x), (y - q.0[0].y) / (q.0[3].y - q.0[0].y));
    let Some(seed) = scene.page.filter(|_| (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v)) else { return 55.0 };
    // Paragraphs of different length in a layout that the seed decides.
    let (line, word) = ((v * 30.0) as u32, (u * 24.0) as u32);
    let hash = |a: u32| (a.wrapping_add(seed.wrapping_mul(0x9e37_79b9))).wrapping_mul(0x85eb_ca6b) >> 13;
    let inked = (v * 30.0).fract() < 0.55 && (u * 24.0).fract() < 0.8 && (0.08..0.92).contains(&u);
    let set = hash(line) % 4 != 0 && word < 4 + hash(line ^ 77) % 20 && (0.06..0.94).contains(&v);
    if inked && set { 60.0 } else { 215.0 }
}

fn seen(at_ms: u64, scene: &Scene) -> Observation {
    let steps = (scene.blur * WIDTH as f32) as usize + 1;
    let mut bytes: Vec<u8> = (0..WIDTH * HEIGHT)
        .map(|i| {
            let (x, y) = (i % WIDTH, i / WIDTH);
            let grain = ((i * 7919 + at_ms as usize * 131) % 9) as f32 - 4.0;
            let at = |d: usize| luma(scene, (x + d) as f32 / WIDTH as f32, y as f32 / HEIGHT as f32);
            let value = (0..steps).map(at).sum::<f32>() / steps as f32;
            (value * scene.light + grain).clamp(0.0, 255.0) as u8
        })
        .collect();
    bytes.resize(WIDTH * HEIGHT * 3 / 2, 128);
    let found = scene.page.map(|_| Found { quad: quad(scene), confidence: 0.9 });
    Observation::of(at_ms, &Yuv::nv21(&bytes, WIDTH, HEIGHT).unwrap(), found)
}

/// Plays `seconds` of `scene(t in seconds)` from `start_ms` and returns when pictures were taken, and every hint.
fn play(state: &mut State, start_ms: u64, seconds: f32, scene: impl Fn(f32) -> Scene) -> (Vec<u64>, Vec<Hint>) {
    let (mut shots, mut hints) = (vec![], vec![]);
    for frame in 0..(seconds * 1000.0 / FRAME_MS as f32) as u64 {
        let t = frame as f32 * FRAME_MS as f32 / 1000.0;
        let observation = seen(start_ms + frame * FRAME_MS, &scene(t));
        let (next, hint, decision) = observe(std::mem::take(state), &observation, &Settings::default());
        *state = next;
        hints.push(hint);
        if decision == Decision::Capture {
            shots.push(start_ms + frame * FRAME_MS);
        }
    }
    (shots, hints)
}

/// A hand's tremor: smaller than the stillness asked for.
fn trembling(t: f32) -> (f32, f32) {
    ((t * 11.0).sin() * 0.003, (t * 7.3).cos() * 0.003)
}

#[test]
fn a_page_held_still_is_taken_once_within_a_second() {
    let mut state = State::default();
    let (shots, hints) = play(&mut state, 0, 6.0, |t| Scene { shift: trembling(t), ..STILL });
    assert_eq!(shots.len(), 1, "{shots:?}");
    assert!((600..=800).contains(&shots[0]), "{shots:?} {hints:?}");
    assert_eq!((hints[0], hints[hints.len() - 1]), (Hint::HoldStill, Hint::TurnPage));
    assert!(hints.contains(&Hint::TakingPicture) && hints.contains(&Hint::PageAdded));
}

#[test]
fn nothing_is_taken_while_the_hand_approaches() {
    let mut state = State::default();
    let approach = |t: f32| Scene { zoom: 0.4 + 0.3 * t, shift: (0.1 - 0.05 * t, 0.0), ..STILL };
    let (shots, hints) = play(&mut state, 0, 2.0, approach);
    assert_eq!(shots, Vec::<u64>::new());
    assert_eq!(hints[0], Hint::MoveCloser);
    let (shots, _) = play(&mut state, 2000, 1.5, |_| Scene { zoom: 1.0, ..STILL });
    assert_eq!(shots.len(), 1);
}

#[test]
fn a_strong_tremor_and_a_slow_drift_are_waited_out() {
    let mut state = State::default();
    let (shots, _) = play(&mut state, 0, 3.0, |t| Scene { shift: ((t * 13.0).sin() * 0.03, 0.0), ..STILL });
    assert_eq!(shots, Vec::<u64>::new());
    let (shots, _) = play(&mut state, 3000, 3.0, |t| Scene { shift: (t * 0.04 - 0.06, 0.0), ..STILL });
    assert_eq!(shots, Vec::<u64>::new(), "4 % of the picture a second");
}

#[test]
fn blurred_frames_are_never_taken() {
    let mut state = State::default();
    let (shots, hints) = play(&mut state, 0, 3.0, |_| Scene { blur: 0.04, ..STILL });
    assert_eq!(shots, Vec::<u64>::new());
    assert!(hints.iter().all(|hint| *hint == Hint::HoldStill));
}

#[test]
fn a_hand_moving_over_the_page_is_not_taken() {
    let mut state = State::default();
    let (shots, _) = play(&mut state, 0, 3.0, |t| Scene { hand: Some((t * 1.5).sin() * 0.5 + 0.5), ..STILL });
    assert_eq!(shots, Vec::<u64>::new());
}

#[test]
fn turning_the_page_gives_exactly_one_more() {
    let mut state = State::default();
    let (first, _) = play(&mut state, 0, 2.5, |t| Scene { shift: trembling(t), ..STILL });
    let turning = |t: f32| Scene { hand: Some(1.0 - t), page: Some(if t < 0.5 { 1 } else { 2 }), ..STILL };
    let (while_turning, _) = play(&mut state, 2500, 1.0, turning);
    let (second, hints) = play(&mut state, 3500, 5.0, |t| Scene { page: Some(2), shift: trembling(t), ..STILL });
    assert_eq!((first.len(), while_turning.len(), second.len()), (1, 0, 1));
    assert!(second[0] < 4700, "{second:?}");
    assert_eq!(hints.last(), Some(&Hint::TurnPage));
}

#[test]
fn the_same_page_is_not_taken_again_after_the_phone_was_laid_down() {
    let mut state = State::default();
    let (first, _) = play(&mut state, 0, 2.0, |_| STILL);
    let (dark, hints) = play(&mut state, 2000, 4.0, |_| Scene { page: None, light: 0.1, ..STILL });
    assert_eq!(hints.last(), Some(&Hint::TooDark));
    let back = |t: f32| Scene { shift: (0.03, -0.02), zoom: 0.92, light: 0.8 + 0.1 * (t * 3.0).sin(), ..STILL };
    let (again, _) = play(&mut state, 6000, 4.0, back);
    assert_eq!((first.len(), dark.len(), again.len()), (1, 0, 0));
}

#[test]
fn a_hunting_exposure_does_not_keep_the_picture_from_being_taken() {
    let mut state = State::default();
    let (shots, _) = play(&mut state, 0, 2.0, |t| Scene { light: 0.9 + 0.1 * (t * 4.0).sin(), ..STILL });
    assert_eq!(shots.len(), 1);
}

#[test]
fn frames_that_stopped_coming_are_no_proof_of_stillness() {
    let settings = Settings::default();
    let (state, _, _) = observe(State::default(), &seen(0, &STILL), &settings);
    let (state, _, decision) = observe(state, &seen(2000, &STILL), &settings);
    assert_eq!(decision, Decision::Wait);
    let (_, _, decision) = observe(state, &seen(1000, &STILL), &settings);
    assert_eq!(decision, Decision::Wait, "a clock that goes back");
}

#[test]
fn a_picture_taken_by_hand_is_not_taken_again() {
    let settings = Settings::default();
    let first = seen(0, &STILL);
    let (state, _, _) = observe(State::default(), &first, &settings);
    let mut state = state.taken(&first);
    let (shots, _) = play(&mut state, 66, 3.0, |t| Scene { shift: trembling(t), ..STILL });
    assert_eq!(shots, Vec::<u64>::new());
}

#[test]
fn an_empty_desk_is_never_taken() {
    let mut state = State::default();
    let (shots, hints) = play(&mut state, 0, 3.0, |_| Scene { page: None, ..STILL });
    assert_eq!(shots, Vec::<u64>::new());
    assert_eq!(hints.last(), Some(&Hint::AimAtDocument));
}

/// As [`seen`], but the outline is found along a stripe of the page and not along its upper side.
fn seen_along_a_stripe(at_ms: u64, scene: &Scene) -> Observation {
    let mut quad = quad(scene);
    (quad.0[0].y, quad.0[1].y) = (quad.0[0].y + 0.14, quad.0[1].y + 0.14);
    let Observation { view, judgement, .. } = seen(at_ms, scene);
    let look = Some(Look::of(&picture(scene), &quad));
    Observation { at_ms, found: Some(Found { quad, confidence: 0.9 }), judgement, view, look }
}

/// The scene's luma as [`Observation::of`] looks at it.
fn picture(scene: &Scene) -> Plane {
    let (width, height) = (LOOK_SOURCE, LOOK_SOURCE * HEIGHT / WIDTH);
    let mut plane = Plane::new(width, height);
    for (i, value) in plane.data.iter_mut().enumerate() {
        *value = luma(scene, (i % width) as f32 / width as f32, (i / width) as f32 / height as f32);
    }
    plane.smooth()
}

#[test]
fn a_page_whose_outline_is_found_in_two_ways_is_taken_once() {
    let settings = Settings::default();
    let mut state = State::default();
    let mut shots = 0;
    let mut show = |state: &mut State, observation: Observation| {
        let (next, _, decision) = observe(std::mem::take(state), &observation, &settings);
        *state = next;
        shots += usize::from(decision == Decision::Capture);
    };
    for frame in 0..20 {
        show(&mut state, seen(frame * FRAME_MS, &STILL));
    }
    for frame in 20..60 {
        show(&mut state, seen_along_a_stripe(frame * FRAME_MS, &STILL));
    }
    // Something passes over it, and the outline is still found in the other way.
    for frame in 60..70 {
        let hand = Some((frame - 60) as f32 / 10.0);
        show(&mut state, seen_along_a_stripe(frame * FRAME_MS, &Scene { hand, ..STILL }));
    }
    for frame in 70..100 {
        show(&mut state, seen_along_a_stripe(frame * FRAME_MS, &STILL));
    }
    assert_eq!(shots, 1);
}

#[test]
fn one_blurred_frame_does_not_undo_a_calm_moment() {
    let mut state = State::default();
    let trembles = |t: f32| Scene { blur: if (0.38..0.42).contains(&t) { 0.012 } else { 0.0 }, ..STILL };
    let (shots, _) = play(&mut state, 0, 1.0, trembles);
    assert_eq!(shots.len(), 1, "taken after 0.6 s, the one frame included");
}
