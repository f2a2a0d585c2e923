//! The phone's connection: the real one, which a story can hold up at a call of its choice.

use axum::{
    body::Bytes,
    http::{Method, Request, header::AUTHORIZATION},
};
use driver::client::{Https, Net, Sending};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};
use tokio::sync::watch;

/// Whether a call with this method and path is held up.
pub type Which = fn(&Method, &str) -> bool;

pub struct Line {
    https: Https,
    held: watch::Sender<Option<Which>>,
    waiting: watch::Sender<bool>,
    /// Credentials that calls carried.
    credentials: Mutex<BTreeSet<String>>,
}

impl Line {
    pub fn new(https: Https) -> Self {
        let credentials = Mutex::default();
        Self { https, held: watch::Sender::new(None), waiting: watch::Sender::new(false), credentials }
    }

    /// Every credential that a call has carried.
    pub fn credentials(&self) -> Vec<String> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// From now on such calls wait; `None` lets all of them go.
    pub fn hold(&self, which: Option<Which>) {
        self.held.send_replace(which);
    }

    /// Waits until a call is held up.
    pub async fn is_held(&self) {
        // An error means that the sender is gone, and that is `self`.
        let _ = self.waiting.subscribe().wait_for(|waiting| *waiting).await;
    }
}

impl Net for Line {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        let credential = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
        if let Some((_, credential)) = credential {
            self.credentials.lock().unwrap_or_else(PoisonError::into_inner).insert(credential.to_owned());
        }
        Box::pin(async move {
            let is_held = |which: &Option<Which>| which.is_some_and(|it| it(request.method(), request.uri().path()));
            if is_held(&self.held.borrow()) {
                let _waiting = Waiting::begin(&self.waiting);
                // As above.
                let _ = self.held.subscribe().wait_for(|which| !is_held(which)).await;
            }
            self.https.send(request).await
        })
    }
}

/// A call is held up; also one whose app is killed meanwhile waits no longer.
struct Waiting<'a>(&'a watch::Sender<bool>);

impl<'a> Waiting<'a> {
    fn begin(waiting: &'a watch::Sender<bool>) -> Self {
        waiting.send_replace(true);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}
