//! What each platform does with its camera, and nothing else: sessions, verdicts and who is told what are [`Session`]'s.
//!
//! Four implementations under one contract (`contract.rs`): CameraX through Kotlin, AVFoundation, and on the desktop a simulation or a
//! webcam.
//! An implementation holds the session: its frames go to [`Session::analyze`], what interrupts it to [`Session::interrupt`].
//!
//! [`Session`]: crate::Session
//! [`Session::analyze`]: crate::Session::analyze
//! [`Session::interrupt`]: crate::Session::interrupt
//! [`Session::deliver`]: crate::Session::deliver

use crate::{Error, Generation, Permission, Purpose};

/// A platform's camera. Calls may wait and come from a thread that may; `open`, `close` and `set_torch` never two at once.
pub(crate) trait Platform: Send + Sync + 'static {
    /// Whether the camera may be used; asks the person where the system lets us and they were never asked.
    fn permission(&self) -> Result<Permission, Error>;

    /// Opens the camera for `session`, in place of an earlier one; never asks for the permission. Frames may come before this returns.
    fn open(&self, session: Generation, purpose: Purpose) -> Result<(), Error>;

    /// Closes whatever is open, half opened included; nothing happens where nothing is.
    fn close(&self);

    /// Takes a full-size picture and ends in one [`Session::deliver`](crate::Session::deliver), whatever happens.
    fn shoot(&self, session: Generation);

    fn set_torch(&self, on: bool) -> Result<(), Error>;

    /// A photo by the system's own camera app, as JPEG; `None` when the person came back without one.
    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error>;

    /// Where the system lets the person change the permission.
    fn open_settings(&self) -> Result<(), Error>;
}
