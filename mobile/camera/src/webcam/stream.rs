//! What passes from the thread that reads a camera to whoever looks: the newest frame, and when it is over.

use super::{Frame, lock};
use crate::Generation;
use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

/// One opened camera, for one session.
pub(super) struct Stream {
    pub session: Generation,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    newest: Option<Arc<Taken>>,
    over: bool,
    released: bool,
}

/// A frame with its place in the stream.
pub(super) struct Taken {
    /// From 1 on.
    pub number: u64,
    pub at_ms: u64,
    pub frame: Frame,
}

impl Stream {
    pub fn new(session: Generation) -> Self {
        Stream { session, state: Mutex::default(), changed: Condvar::new() }
    }

    /// In place of the frame before, whether somebody looked at it or not.
    pub fn put(&self, frame: Frame, at_ms: u64) {
        self.change(|state| {
            let number = state.newest.as_ref().map_or(0, |newest| newest.number) + 1;
            state.newest = Some(Arc::new(Taken { number, at_ms, frame }));
        });
    }

    /// The number of the newest frame; 0 before the first one.
    pub fn newest(&self) -> u64 {
        lock(&self.state).newest.as_ref().map_or(0, |newest| newest.number)
    }

    /// The newest frame once it is another one than `number`; `None` when the stream is over, or `limit` is.
    pub fn after(&self, number: u64, limit: Option<Duration>) -> Option<Arc<Taken>> {
        let waits = |state: &mut State| !state.over && state.newest.as_ref().is_none_or(|taken| taken.number == number);
        let state = lock(&self.state);
        let state = match limit {
            None => self.changed.wait_while(state, waits).unwrap_or_else(PoisonError::into_inner),
            Some(limit) => {
                self.changed.wait_timeout_while(state, limit, waits).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.newest.clone().filter(|taken| !state.over && taken.number != number)
    }

    /// No frame is wanted any more.
    pub fn end(&self) {
        self.change(|state| state.over = true);
    }

    pub fn is_over(&self) -> bool {
        lock(&self.state).over
    }

    /// The camera is free.
    pub fn release(&self) {
        self.change(|state| state.released = true);
    }

    /// Whether the camera is free before `limit` is over.
    pub fn wait_released(&self, limit: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(lock(&self.state), limit, |state| !state.released);
        waited.unwrap_or_else(PoisonError::into_inner).0.released
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.changed.notify_all();
    }
}
