//! The one owner of the state: an event is applied, saved and shown, in this order, and then its effects start.

use crate::{StillError, ports::Chance, send, teller::Teller, trouble, works::Works};
use jiff::Timestamp;
use journey::{App, DraftId, Effect, Event, Frame, Outcome, PhotoId, step, view, wakes_at};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
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
    /// When the journey wants to be woken.
    wakes: Option<(Timestamp, Instant)>,
}

impl Mind {
    pub fn new(app: App, works: Arc<Works>) -> (Self, watch::Receiver<Frame>, watch::Receiver<Arc<App>>) {
        let (frames, sees) = watch::channel(frame(&app, 0));
        let (state, knows) = watch::channel(Arc::new(app.clone()));
        let mut tasks = JoinSet::new();
        let teller = Teller::start(&mut tasks, works.clone());
        let (saved, held, sending) = (Vec::new(), Vec::new(), BTreeMap::new());
        (Self { app, works, saved, held, frames, state, tasks, sending, teller, wakes: None }, sees, knows)
    }

    /// Goes on with what a kill interrupted, before anybody sees or says anything.
    pub async fn begin(&mut self) {
        // The error is on the screen.
        let _ = self.apply(Event::Started).await;
        let there = self.works.has_sensor().await;
        let _ = self.apply(Event::Outcome(Outcome::Sensor { there })).await;
        if let Some(lockout) = self.works.lockout().await {
            let _ = self.apply(Event::Outcome(Outcome::Waits { lockout })).await;
        }
    }

    pub async fn run(mut self, mut hears: mpsc::UnboundedReceiver<Said>) {
        loop {
            let wakes = self.wakes;
            let said = tokio::select! {
                said = hears.recv() => said,
                at = woken(wakes) => {
                    self.wakes = None;
                    // The error is on the screen.
                    let _ = self.apply(Event::Woken(at)).await;
                    continue;
                }
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
        // Before the state: a receipt that moves into the account must not be lost between the two.
        if let Some(account) = app.account.as_ref().filter(|account| self.app.account.as_ref() != Some(account)) {
            self.works.save_account(account).await?;
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
        *self.works.language.lock().unwrap_or_else(PoisonError::into_inner) = self.app.settings.language;
        self.arm();
        self.state.send_replace(Arc::new(self.app.clone()));
        let revision = self.frames.borrow().revision + 1;
        self.frames.send_replace(frame(&self.app, revision));
    }

    /// Waits for the moment the journey wants to be woken at, by a clock that nobody sets.
    fn arm(&mut self) {
        let at = wakes_at(&self.app);
        if self.wakes.map(|(at, _)| at) != at {
            let wait = |at: Timestamp| Duration::try_from(at - self.works.ports.clock.now()).unwrap_or_default();
            self.wakes = at.map(|at| (at, Instant::now() + wait(at)));
        }
    }

    async fn start(&mut self, effect: Effect) {
        let works = self.works.clone();
        match effect {
            Effect::Redeem { ticket, portal, by, link } => {
                self.tasks.spawn(async move { works.redeem(ticket, portal, by, link).await });
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
            Effect::TakeShared { effect, limits } => {
                // Taken out at once, so that the next effect finds the next files.
                let files = works.take_shared();
                self.tasks.spawn(async move { works.look_at_shared(effect, files, limits).await });
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
            Effect::Lock => works.lock().await,
            Effect::ForgetAccount { link, tell } => {
                let key = works.destroy_account().await.filter(|_| tell);
                self.tasks.spawn(async move { works.tell_forgotten(link, key).await });
            }
            Effect::RedeemLink { linking, portal, code } => {
                self.tasks.spawn(async move { works.redeem_link(linking, portal, code).await });
            }
            Effect::ConfirmLink { linking } => {
                self.tasks.spawn(async move { works.confirm_link(linking).await });
            }
            Effect::DeclineLink { linking } => {
                self.tasks.spawn(async move { works.decline_link(linking).await });
            }
            Effect::JudgePassword { effect, password } => {
                self.tasks.spawn(async move { works.judge_password(effect, password).await });
            }
            Effect::FinishLink { linking, name, password } => {
                self.tasks.spawn(async move { works.finish_link(linking, name, password).await });
            }
            Effect::SetBiometrics { effect, on } => {
                self.tasks.spawn(async move { works.set_biometrics(effect, on).await });
            }
            Effect::Unlock { effect, by } => {
                self.tasks.spawn(async move { works.unlock(effect, by).await });
            }
            Effect::ChangePassword { effect, old, new } => {
                self.tasks.spawn(async move { works.change_password(effect, old, new).await });
            }
            Effect::FetchOverview { effect, link } => {
                self.tasks.spawn(async move { works.fetch_overview(effect, link).await });
            }
            Effect::MakeTicket { ticket, link, make } => {
                self.tasks.spawn(async move { works.make_ticket(ticket, make, link).await });
            }
            Effect::Unlink { effect, link } => {
                self.tasks.spawn(async move { works.unlink(effect, link).await });
            }
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

/// The moment, when it has come; never where there is none.
async fn woken(wakes: Option<(Timestamp, Instant)>) -> Timestamp {
    match wakes {
        Some((at, when)) => {
            sleep_until(when).await;
            at
        }
        None => std::future::pending().await,
    }
}

fn frame(app: &App, revision: u64) -> Frame {
    Frame { revision, shown: view(app), settings: app.settings }
}
