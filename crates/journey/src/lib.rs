//! The app's mind: where the citizen is, what may happen next, and what to do about it.
//!
//! Pure: `step(app, event, now, rng) -> (app, effects)`. Refuses to know: Tauri, sockets, files, clocks, pixels.
//! Credentials never enter it: the driver keeps them in the vault under the draft's id.

mod id;
pub mod intent;
pub mod trouble;
pub mod view;

pub use id::{DraftId, EffectId, PageId, PhotoId};
pub use intent::Intent;
pub use trouble::Trouble;
pub use view::{Frame, Settings, Shown, View};
