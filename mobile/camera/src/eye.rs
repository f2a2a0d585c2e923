//! What one frame means: the page on it, what to say, whether now is the moment. Keeps what automatic capture remembers.

use crate::{Purpose, session::Generation};
use scan::{
    Quad, Yuv,
    automatic::{self, Decision, Hint, Observation, Settings},
    code, find, judge,
};

/// What looks at frames. The app has one, [`Eye`]; who measures the way to it brings one that costs nothing.
pub trait Look: Send + 'static {
    fn look(&mut self, session: Generation, glance: Glance) -> Sight;
}

/// One frame, and what its session wants of it.
#[derive(Clone, Copy)]
pub struct Glance<'a> {
    pub frame: &'a Yuv<'a>,
    pub at_ms: u64,
    pub purpose: Purpose,
    pub automatic: bool,
    /// The shutter was pressed on the frame before, whose page is not taken again.
    pub pressed: bool,
}

/// Remembers what earlier frames of the same session showed.
#[derive(Default)]
pub struct Eye {
    session: Option<Generation>,
    state: automatic::State,
    last: Option<Observation>,
}

/// What one frame showed.
#[derive(Debug, Default)]
pub struct Sight {
    pub hint: Option<Hint>,
    pub quad: Option<Quad>,
    pub steady: f32,
    pub capture: bool,
    pub code: Option<String>,
}

impl Look for Eye {
    fn look(&mut self, session: Generation, glance: Glance) -> Sight {
        match glance.purpose {
            Purpose::Page => self.page(session, glance),
            Purpose::Code => read(glance.frame),
        }
    }
}

impl Eye {
    /// Finds and judges the page.
    fn page(&mut self, session: Generation, glance: Glance) -> Sight {
        let Glance { frame, at_ms, automatic, pressed, .. } = glance;
        if self.session != Some(session) {
            *self = Eye { session: Some(session), ..Eye::default() };
        }
        let seen = Observation::of(at_ms, frame, find(frame));
        let mut state = std::mem::take(&mut self.state);
        if pressed {
            state = state.taken(self.last.as_ref().unwrap_or(&seen));
        }
        let settings = Settings::default();
        // Never steady for long enough: the hints and the outline stay, the shutter is the citizen's.
        let never = Settings { steady_ms: u64::MAX, ..settings };
        let (state, hint, decision) = automatic::observe(state, &seen, if automatic { &settings } else { &never });
        let capture = decision == Decision::Capture;
        let held = state.steady_since_ms().map_or(0, |since| at_ms.saturating_sub(since));
        let nothing_wrong = hint == Hint::HoldStill && seen.judgement.obstacle().is_none();
        let sight = Sight {
            // With the shutter in the citizen's hand there is nothing to hold still for.
            hint: (automatic || !nothing_wrong).then_some(hint),
            quad: seen.found.filter(|found| found.confidence >= settings.confidence).map(|found| found.quad),
            steady: match (automatic, capture) {
                (_, true) => 1.0,
                (true, false) => (held as f32 / settings.steady_ms as f32).min(1.0),
                (false, false) => 0.0,
            },
            capture,
            code: None,
        };
        self.state = state;
        self.last = Some(seen);
        sight
    }
}

/// Looks for a QR code; says no more than whether there is light enough to see one.
fn read(frame: &Yuv) -> Sight {
    let code = code::read_yuv(frame);
    let dark = code.is_none() && judge(frame, None).obstacle() == Some(Hint::TooDark);
    Sight { code, hint: dark.then_some(Hint::TooDark), ..Sight::default() }
}
