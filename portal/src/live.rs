//! `GET /procedures/{id}/events`: the page follows the phone.
//!
//! Stored events are read from their table, so a page that was away catches up by number; `page` and `progress` are
//! read from the upload's row. A poke only says 'look now'; a lost one costs at most five seconds.

use crate::{
    App,
    caller::Member,
    error::ApiError,
    procedures,
    store::{
        StoreError,
        uploads::{Event, Progress},
    },
    tickets::Issuer,
};
use axum::{
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{self, KeepAlive},
    },
};
use futures_util::stream;
use http::HeaderMap;
use protocol::Code;
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{broadcast, mpsc},
    time::{Instant, sleep_until},
};

/// Look even when nobody said so.
const LOOK: Duration = Duration::from_secs(5);
/// Progress is told at most this often.
const BREATH: Duration = Duration::from_millis(500);
const HEARTBEAT: Duration = Duration::from_secs(15);
const REAUTHORIZE: Duration = Duration::from_secs(30);
/// Streams one session may have open.
const STREAMS: usize = 6;

/// Who watches, and how they are told to look.
pub struct Live {
    pokes: broadcast::Sender<Arc<str>>,
    streams: Arc<Mutex<HashMap<Vec<u8>, usize>>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { pokes: broadcast::Sender::new(256), streams: Arc::default() }
    }
}

impl Live {
    /// Something changed in this procedure; called after the commit.
    pub fn poke(&self, procedure: &str) {
        // Nobody watching is no error.
        let _ = self.pokes.send(procedure.into());
    }

    /// A place among the session's streams, while there is one.
    fn enter(&self, session: &[u8]) -> Option<Place> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let open = streams.entry(session.to_vec()).or_default();
        if *open >= STREAMS {
            return None;
        }
        *open += 1;
        Some(Place { session: session.to_vec(), streams: self.streams.clone() })
    }
}

/// Given back when dropped.
struct Place {
    session: Vec<u8>,
    streams: Arc<Mutex<HashMap<Vec<u8>, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = streams.get_mut(&self.session) {
            *open -= 1;
            if *open == 0 {
                streams.remove(&self.session);
            }
        }
    }
}

/// What the page has seen already.
#[derive(Debug, Default, Deserialize)]
pub struct Seen {
    /// Number of the last event when the page was made; a reconnecting browser sends its own.
    after: Option<i64>,
}

pub async fn events(
    member: Member,
    State(app): State<App>,
    Path(procedure): Path<String>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    procedures::readable(&app, Issuer::of(&member), &procedure).await?;
    let place = app.live.enter(&member.who.session.id).ok_or(Code::RateLimited)?;
    let pokes = app.live.pokes.subscribe();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let after = match last.or(seen.after) {
        Some(number) => number,
        None => app.store.last_event(&procedure).await?,
    };
    let (told, page) = mpsc::channel(16);
    let watch = Watch {
        session: member.who.session.id.clone(),
        espace: member.espace.id.clone(),
        app,
        procedure,
        after,
        progress: HashMap::new(),
        told,
    };
    tokio::spawn(watch.run(pokes, place));
    let stream =
        stream::unfold(
            page,
            |mut page| async move { page.recv().await.map(|event| (Ok::<_, Infallible>(event), page)) },
        );
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

/// One page's stream.
struct Watch {
    app: App,
    session: Vec<u8>,
    espace: String,
    procedure: String,
    after: i64,
    progress: HashMap<String, Progress>,
    told: mpsc::Sender<sse::Event>,
}

/// The page went away, or may not watch any more.
struct Gone;

impl Watch {
    async fn run(mut self, mut pokes: broadcast::Receiver<Arc<str>>, _place: Place) {
        let mut authorized = Instant::now();
        let mut breath = Instant::now();
        loop {
            if authorized.elapsed() >= REAUTHORIZE {
                match self.may_watch().await {
                    Ok(true) => authorized = Instant::now(),
                    Ok(false) => return,
                    Err(error) => return tracing::error!(%error, "a stream of events ends"),
                }
            }
            let due = breath <= Instant::now();
            match self.tell(due).await {
                Ok(Ok(())) => {}
                Ok(Err(Gone)) => return,
                // The browser comes back with the last number it saw.
                Err(error) => return tracing::error!(%error, "a stream of events ends"),
            }
            let next = if due {
                breath = Instant::now() + BREATH;
                Instant::now() + LOOK
            } else {
                breath
            };
            tokio::select! {
                () = poked(&mut pokes, &self.procedure) => {}
                () = sleep_until(next.min(authorized + REAUTHORIZE)) => {}
                () = self.told.closed() => return,
            }
        }
    }

    async fn tell(&mut self, progress: bool) -> Result<Result<(), Gone>, StoreError> {
        let events = self.app.store.events_after(&self.procedure, self.after).await?;
        // News is told to nobody whose session or right has just ended.
        if !events.is_empty() && !self.may_watch().await? {
            return Ok(Err(Gone));
        }
        for event in events {
            self.after = event.number;
            if self.told.send(stored(&event)).await.is_err() {
                return Ok(Err(Gone));
            }
        }
        if !progress {
            return Ok(Ok(()));
        }
        let now = self.app.store.progress(&self.procedure).await?;
        for progress in &now {
            let before = self.progress.get(&progress.ticket);
            for event in derived(before, progress) {
                if self.told.send(event).await.is_err() {
                    return Ok(Err(Gone));
                }
            }
        }
        self.progress = now.into_iter().map(|progress| (progress.ticket.clone(), progress)).collect();
        Ok(Ok(()))
    }

    /// Whether the session lives and the citizen still is a member; watching alone keeps no session alive.
    async fn may_watch(&self) -> Result<bool, StoreError> {
        let limits = self.app.config.session;
        let now = self.app.clock.now();
        let store = &self.app.store;
        store.may_watch(&self.session, &self.espace, &self.procedure, now, limits.idle, limits.absolute).await
    }
}

/// Returns when this procedure was meant, or when so much happened that it may have been.
async fn poked(pokes: &mut broadcast::Receiver<Arc<str>>, procedure: &str) {
    loop {
        match pokes.recv().await {
            Ok(poked) if *poked == *procedure => return,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Lagged(_)) => return,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn stored(event: &Event) -> sse::Event {
    let mut data = event.data.clone();
    if let Some(object) = data.as_object_mut() {
        object.insert("ticket".into(), event.ticket.clone().into());
    }
    sse::Event::default().id(event.number.to_string()).event(event.kind.key()).data(data.to_string())
}

/// `page` and `progress`, where they changed. They carry no number: they are read anew, never caught up.
fn derived(before: Option<&Progress>, now: &Progress) -> Vec<sse::Event> {
    let mut events = Vec::new();
    if before.map_or(0, |before| before.pages) != now.pages {
        let data = json!({ "ticket": now.ticket, "pages": now.pages });
        events.push(sse::Event::default().event("page").data(data.to_string()));
    }
    let bytes = |progress: &Progress| (progress.offset, progress.length);
    if before.map_or((0, None), bytes) != bytes(now) {
        let data = json!({ "ticket": now.ticket, "offset": now.offset, "length": now.length });
        events.push(sse::Event::default().event("progress").data(data.to_string()));
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_six_streams_and_gets_them_back() {
        let live = Live::default();
        let mut open: Vec<_> = (0..STREAMS).map(|_| live.enter(b"session").expect("a place")).collect();
        assert!(live.enter(b"session").is_none());
        assert!(live.enter(b"another").is_some());
        open.pop();
        assert!(live.enter(b"session").is_some());
    }

    #[test]
    fn only_changes_are_told() {
        let open = Progress { ticket: "t".into(), pages: 0, offset: 0, length: None };
        let paged = Progress { pages: 2, ..open.clone() };
        let sending = Progress { offset: 5, length: Some(9), ..paged.clone() };
        assert_eq!(derived(None, &open).len(), 0);
        assert_eq!(derived(Some(&open), &paged).len(), 1);
        assert_eq!(derived(Some(&paged), &sending).len(), 1);
        assert_eq!(derived(None, &sending).len(), 2);
        assert_eq!(derived(Some(&sending), &sending).len(), 0);
    }
}
