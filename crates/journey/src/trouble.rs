//! Everything that can go wrong in front of a citizen. Each variant has a title and a next step under `problem.*` in the texts.

use protocol::Reason;
use serde::{Deserialize, Serialize};

/// What a screen says when something did not work. The texts' key is `problem.<kind>`; cancelling is not trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// The picture or text is no code of any portal.
    NotACode,
    /// A code of a portal this app does not know, or of a look-alike.
    OtherPortal,
    /// A link code where an upload ticket is wanted.
    LinkCode,
    /// A link code in a link that was opened from outside.
    LinkFromOutside,
    /// An upload ticket where a link code is wanted.
    TicketCode,
    LinkUnknown,
    LinkExpired,
    LinkUsed,
    LinkEnded,
    /// The account no longer knows this phone.
    DeviceRevoked,
    BiometricsFailed,
    BiometricsUnavailable,
    /// Too short or too simple; the screen says which.
    PasswordUnfit,
    /// The phone's own key does not sign any more: it must be linked anew.
    KeyLost,
    TicketUnknown,
    TicketExpired,
    TicketUsed,
    TicketCancelled,
    /// The eight characters are incomplete or have one that no code has.
    TypedCodeShape,
    TooManyTries,
    AppOutdated,
    RightLost,
    Disconnected,
    UploadEnded,
    /// No answer: no network, or the portal is down.
    Unreachable,
    /// The portal answered with something that is no answer of a portal (a redirect, a login page of a hotspot, garbage).
    NotAPortal,
    /// The portal had an error of its own; `reference` finds it in its log.
    PortalError,
    PermissionDenied,
    CameraFailed,
    /// No code found in the chosen picture.
    NoCodeInPicture,
    PictureUnsupported,
    /// A PDF goes as it is, so it cannot be joined to pages, pictures or another PDF.
    PdfAlone,
    PictureDamaged,
    PictureTooLarge,
    /// A file that would be refused, found before sending.
    File {
        reason: Reason,
    },
    /// The portal refused the document after checking it.
    Refused {
        reason: Reason,
    },
    TooManyPages,
    /// The phone's storage is full; what was saved before is safe.
    StorageFull,
    StorageFailed,
    /// A page could not be made into a PDF page.
    PageFailed,
}
