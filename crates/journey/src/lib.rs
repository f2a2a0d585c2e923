//! The app's mind: where the citizen is, what may happen next, and what to do about it.
//!
//! Pure: [`step`]`(app, event, now, rng) -> (app, effects)`. Refuses to know: Tauri, sockets, files, clocks, pixels.
//! Credentials never enter it: the driver keeps them in the vault under the ticket's id.

mod account;
pub mod app;
mod event;
mod id;
pub mod intent;
mod show;
mod step;
pub mod trouble;
pub mod view;

pub use account::{
    Account, AutoLock, Changing, Judged, Kept, Link, LinkStage, Linking, Lock, LockTrouble, Locked, Strength, Typed,
    Unfit, Watch,
};
pub use app::{Aim, App, Asking, Claim, Document, Draft, Entry, Page, Photo, Place, Screen, Sealed, Stage, Ticket};
pub use event::{Effect, Event, LockOut, NewPhoto, Outcome, Picked, Shutter, UnlockBy};
pub use id::{DraftId, EffectId, PageId, PhotoId, TicketId};
pub use intent::Intent;
pub use show::{Sending, sending, view};
pub use step::{step, wakes_at};
pub use trouble::Trouble;
pub use view::{Frame, Settings, Shown, View};

#[cfg(test)]
mod tests;
