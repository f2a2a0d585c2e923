//! Plays stories through the detector, the judgement and automatic capture, and counts what came of it.

use crate::{
    film::{
        frame::Camera,
        pose::{HEIGHT, WIDTH},
        sheet::Library,
        truth::{self, BLURRED, Truth},
    },
    stories::Story,
};
use scan::{
    FrameError, Yuv,
    automatic::{Decision, Hint, Observation, Settings, State, observe},
    find,
};
use std::collections::BTreeMap;

const FRAMES_PER_SECOND: f32 = 15.0;
/// More of the page than this hidden by a hand when the picture was taken.
const HIDDEN: f32 = 0.02;
/// A page that was in good view for this long, seconds, and not taken was missed.
const MISSED: f32 = 3.0;

/// What came of one or more stories.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub stories: usize,
    pub seconds: f32,
    /// Seconds in good view before each page's first picture; what is not good view does not count.
    pub waits: Vec<f32>,
    /// Pages that were in good view for long and not taken.
    pub missed: usize,
    pub duplicates: usize,
    pub blurred: usize,
    pub hidden: usize,
    /// Pictures of no page.
    pub nothing: usize,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.stories += other.stories;
        self.seconds += other.seconds;
        self.waits.extend(other.waits);
        self.missed += other.missed;
        self.duplicates += other.duplicates;
        self.blurred += other.blurred;
        self.hidden += other.hidden;
        self.nothing += other.nothing;
    }

    /// Seconds below which the share `fraction` of the waits lies.
    pub fn wait(&self, fraction: f32) -> Option<f32> {
        let mut sorted = self.waits.clone();
        sorted.sort_by(f32::total_cmp);
        sorted.get(((sorted.len().saturating_sub(1)) as f32 * fraction).round() as usize).copied()
    }
}

/// What was seen and decided at one frame.
pub struct Step<'a> {
    pub at: f32,
    pub frame: &'a [u8],
    pub truth: Truth,
    pub seen: &'a Observation,
    pub hint: Hint,
    pub shot: bool,
}

/// Plays a story to its end, and shows every frame to `watch`.
pub fn play(story: &Story, library: &Library, mut watch: impl FnMut(&Step)) -> Result<Tally, FrameError> {
    let mut tally = Tally { stories: 1, seconds: story.seconds, ..Tally::default() };
    let mut camera = Camera::new(library, &story.desk, story.sensor, story.seed);
    let settings = Settings::default();
    let mut state = State::default();
    let mut waits = BTreeMap::<usize, f32>::new();
    let mut taken = Vec::new();
    for number in 0..(story.seconds * FRAMES_PER_SECOND) as u64 {
        // Frames come when they come: by up to 8 ms early or late.
        let late = ((number * 7919 + story.seed % 997) % 17) as f32 * 0.001 - 0.008;
        let at = (number as f32 / FRAMES_PER_SECOND + late).max(0.0);
        let frame = camera.expose(at, |t| (story.film)(t, true));
        let yuv = Yuv::nv21(&frame, WIDTH, HEIGHT)?;
        let seen = Observation::of((at * 1000.0) as u64, &yuv, find(&yuv));
        let (next, hint, decision) = observe(state, &seen, &settings);
        state = next;
        let truth = truth::of(library, at, story.sensor.exposure, &story.film);
        let shot = decision == Decision::Capture;
        if let Some(sheet) = truth.sheet.filter(|_| truth.good) {
            *waits.entry(sheet).or_default() += 1.0 / FRAMES_PER_SECOND;
        }
        if shot {
            tally.blurred += usize::from(truth.blur > BLURRED);
            tally.hidden += usize::from(truth.hidden > HIDDEN);
            match truth.sheet {
                None => tally.nothing += 1,
                Some(sheet) if taken.contains(&sheet) => tally.duplicates += 1,
                Some(sheet) => {
                    tally.waits.push(waits.get(&sheet).copied().unwrap_or(0.0));
                    taken.push(sheet);
                }
            }
        }
        watch(&Step { at, frame: &frame, truth, seen: &seen, hint, shot });
    }
    tally.missed = waits.iter().filter(|(sheet, wait)| **wait >= MISSED && !taken.contains(sheet)).count();
    Ok(tally)
}
