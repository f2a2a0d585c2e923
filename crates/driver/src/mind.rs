//! The one owner of the state: an event is applied, saved and shown, in this order, and then its effects start.

use crate::{StillError, ports::Chance, send, teller::Teller, trouble, works::Works};
use journey::{App, DraftId, Effect, Event, Frame, Outcome, PhotoId, step, view};
use std::{collections::BTreeMap, sync::Arc};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::{AbortHandle, JoinSet},
};
use vault::VaultError;

/// What reaches the mind.
pub(crate) enum Said {
    Event(Event),
    /// A photo that is sealed; whoever took it waits to hear that it is remembered.
    Photo {
        outcome: Outcome,
        kept: oneshot::Sender<Result<PhotoId, StillError>>,
    },
    Stop {
        stopped: oneshot::Sender<()>,
    },
}

pub(crate) struct Mind {
    app: App,
    works: Arc<Works>,
    /// The state as it is on disk, serialised.
    saved: Vec<u8>,
    /// Effects that wait for a state that could not be saved.
    held: Vec<Effect>,
    frames: watch::Sender<Frame>,
    state: watch::Sender<Arc<App>>,
    tasks: JoinSet<()>,
    sending: BTreeMap<DraftId, AbortHandle>,
    teller: Teller,
}

impl Mind {
    pub fn new(app: App, works: Arc<Works>) -> (Self, watch::Receiver<Frame>, watch::Receiver<Arc<App>>) {
        let (frames, sees) = watch::channel(frame(&app, 0));
        let (state, knows) = watch::channel(Arc::new(app.clone()));
        let mut tasks = JoinSet::new();
        let teller = Teller::start(&mut tasks, works.clone());
        let (saved, held, sending) = (Vec::new(), Vec::new(), BTreeMap::new());
        (Self { app, works, saved, held, frames, state, tasks, sending, teller }, sees, knows)
    }

    /// Goes on with what a kill interrupted, before anybody sees or says anything.
    pub async fn begin(&mut self) {
        // The error is on the screen.
        let _ = self.apply(Event::Started).await;
    }

    pub async fn run(mut self, mut hears: mpsc::UnboundedReceiver<Said>) {
        loop {
            let said = tokio::select! {
                said = hears.recv() => said,
                Some(ended) = self.tasks.join_next() => {
                    if let Err(error) = ended && error.is_panic() {
                        tracing::error!("an effect panicked");
                    }
                    continue;
                }
            };
            match said {
                Some(Said::Event(event)) => {
                    // The error is on the screen.
                    let _ = self.apply(event).await;
                }
                Some(Said::Photo { outcome, kept }) => {
                    let answer = self.photo(outcome).await;
                    let _ = kept.send(answer);
                }
                Some(Said::Stop { stopped }) => {
                    self.tasks.shutdown().await;
                    // Whoever hears it may start another app on the same vault.
                    drop(self);
                    let _ = stopped.send(());
                    return;
                }
                None => return,
            }
        }
    }

    async fn photo(&mut self, outcome: Outcome) -> Result<PhotoId, StillError> {
        let Outcome::Captured { photo, .. } = outcome else { return Err(StillError::Failed) };
        match self.apply(Event::Outcome(outcome)).await {
            Ok(()) if self.app.photo(photo.id).is_some() => Ok(photo.id),
            Ok(()) => Err(StillError::NotWanted),
            Err(error) => {
                self.works.forget(&[journey::Sealed::Photo(photo.id)]).await;
                Err(if matches!(error, VaultError::Full) { StillError::Full } else { StillError::Failed })
            }
        }
    }

    /// What the citizen does is undone where it cannot be saved; what has happened in the world is remembered all the
    /// same, and what it leads to waits until it is saved.
    async fn apply(&mut self, event: Event) -> Result<(), VaultError> {
        let is_undone = matches!(event, Event::Intent(_) | Event::Outcome(Outcome::Captured { .. }));
        let (app, effects) = self.step(self.app.clone(), event);
        if app == self.app && effects.is_empty() {
            return Ok(());
        }
        if effects.contains(&Effect::ForgetEverything) {
            self.stop_everything();
        }
        if let Err(error) = self.save(&app, &effects).await {
            let trouble = trouble::of_vault(&error);
            let (before, held) = if is_undone { (self.app.clone(), Vec::new()) } else { (app, effects) };
            self.held.extend(held);
            let (app, _) = self.step(before, Event::Outcome(Outcome::NotSaved { trouble }));
            self.show(app);
            return Err(error);
        }
        self.show(app);
        for effect in std::mem::take(&mut self.held).into_iter().chain(effects) {
            self.start(effect).await;
        }
        Ok(())
    }

    fn step(&self, app: App, event: Event) -> (App, Vec<Effect>) {
        step(app, event, self.works.ports.clock.now(), &mut Chance(&*self.works.ports.rng))
    }

    async fn save(&mut self, app: &App, effects: &[Effect]) -> Result<(), VaultError> {
        if effects.contains(&Effect::ForgetEverything) {
            self.saved.clear();
            self.works.forget_everything().await?;
        }
        let bytes = serde_json::to_vec(app).map_err(|error| VaultError::Io(error.into()))?;
        if bytes != self.saved {
            self.works.save(bytes.clone()).await?;
            self.saved = bytes;
        }
        Ok(())
    }

    fn show(&mut self, app: App) {
        self.app = app;
        self.state.send_replace(Arc::new(self.app.clone()));
        let revision = self.frames.borrow().revision + 1;
        self.frames.send_replace(frame(&self.app, revision));
    }

    async fn start(&mut self, effect: Effect) {
        let works = self.works.clone();
        match effect {
            Effect::Redeem { ticket, portal, by } => {
                self.tasks.spawn(async move { works.redeem(ticket, portal, by).await });
            }
            Effect::ReadCodePicture { effect } => {
                self.tasks.spawn(async move { works.read_code_picture(effect).await });
            }
            Effect::Decline { ticket } => {
                self.tasks.spawn(async move { works.decline(ticket).await });
            }
            Effect::TellPages { ticket, count } => self.teller.tell(ticket, count),
            Effect::PickFiles { effect, draft, limits } => {
                self.tasks.spawn(async move { works.pick(effect, draft, limits).await });
            }
            Effect::MakePdf { effect, draft, pages, title, language, at, limit } => {
                let order = crate::paper::Order { pages, title, language, at, limit };
                self.tasks.spawn(async move { works.make_pdf(effect, draft, order).await });
            }
            Effect::Send { effect, draft, ticket, document, answer } => {
                self.stop_sending(draft);
                let send = send::Send { effect, draft, ticket, document, answer };
                let task = self.tasks.spawn(async move { works.send(send).await });
                self.sending.insert(draft, task);
            }
            Effect::StopSending { draft } => self.stop_sending(draft),
            Effect::Forget(sealed) => works.forget(&sealed).await,
            Effect::ForgetEverything => {}
        }
    }

    fn stop_everything(&mut self) {
        self.sending.clear();
        self.held.clear();
        self.tasks.abort_all();
        self.teller = Teller::start(&mut self.tasks, self.works.clone());
    }

    fn stop_sending(&mut self, draft: DraftId) {
        if let Some(task) = self.sending.remove(&draft) {
            task.abort();
        }
    }
}

fn frame(app: &App, revision: u64) -> Frame {
    Frame { revision, shown: view(app), settings: app.settings }
}
