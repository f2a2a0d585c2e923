//! Every call of the phone: method, path, who may call, bodies and codes. The portal's router is held to it by a test.

use crate::{
    Code,
    api::{DeviceId, LinkId, UploadId},
};
use http::Method;

/// What a call must prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anyone,
    /// A DPoP proof by the phone's key.
    Proof,
    /// A credential bound to the key of the proof, for the upload in the path.
    Upload,
    /// A token of a linked phone, bound to the key of the proof.
    Linked,
}

#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    /// axum's notation, `{id}` is an [`UploadId`], a [`LinkId`] or a [`DeviceId`].
    pub path: &'static str,
    pub caller: Caller,
    /// Codes this call may answer with beyond those every call has.
    pub codes: &'static [Code],
}

pub const PORTAL: &str = "/api/v1/portal";
pub const REDEEM: &str = "/api/v1/tickets/redeem";
pub const UPLOAD: &str = "/api/v1/uploads/{id}";
pub const DECLINE: &str = "/api/v1/uploads/{id}/decline";
pub const PAGES: &str = "/api/v1/uploads/{id}/pages";
/// The tus resource: POST creates it (`Upload-Length`), HEAD, PATCH and DELETE work on it.
pub const FILE: &str = "/api/v1/uploads/{id}/file";
pub const COMPLETE: &str = "/api/v1/uploads/{id}/complete";
pub const SLOT: &str = "/api/v1/uploads/{id}/slot";

pub const LINK_REDEEM: &str = "/api/v1/links/redeem";
/// GET asks how it stands.
pub const LINK: &str = "/api/v1/links/{id}";
/// The citizen said yes on the phone; answers the number to show.
pub const LINK_CONFIRM: &str = "/api/v1/links/{id}/confirm";
/// The citizen said no on the phone.
pub const LINK_DECLINE: &str = "/api/v1/links/{id}/decline";
/// The phone has a lock now; makes the device.
pub const LINK_FINISH: &str = "/api/v1/links/{id}/finish";
/// RFC 7523: an assertion for a token.
pub const TOKEN: &str = "/api/v1/token";
/// What a linked phone shows.
pub const OVERVIEW: &str = "/api/v1/overview";
/// A ticket without a QR code.
pub const TICKETS: &str = "/api/v1/tickets";
/// DELETE unlinks; proven by the phone's own key alone, so that a phone whose lock is lost can still do it.
pub const DEVICE: &str = "/api/v1/devices/{id}";

/// A path that names an upload, a link or a device.
pub fn path(template: &str, id: impl AsRef<str>) -> String {
    template.replace("{id}", id.as_ref())
}

macro_rules! named {
    ($($id:ty),*) => {$(
        impl AsRef<str> for $id {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )*};
}
named!(UploadId, LinkId, DeviceId);

const LINK_ENDED: &[Code] = &[Code::LinkUnknown, Code::LinkExpired, Code::LinkEnded];
const ENDED: &[Code] =
    &[Code::UploadEnded, Code::Disconnected, Code::RightLost, Code::TicketCancelled, Code::DeviceRevoked];

pub const TABLE: &[Route] = &[
    Route { method: Method::GET, path: PORTAL, caller: Caller::Anyone, codes: &[] },
    Route {
        method: Method::POST,
        path: REDEEM,
        caller: Caller::Proof,
        codes: &[
            Code::TicketUnknown,
            Code::TicketExpired,
            Code::TicketUsed,
            Code::TicketCancelled,
            Code::RateLimited,
            Code::AppOutdated,
            Code::RightLost,
            Code::DeviceRevoked,
        ],
    },
    Route { method: Method::GET, path: UPLOAD, caller: Caller::Upload, codes: &[] },
    Route { method: Method::POST, path: DECLINE, caller: Caller::Upload, codes: ENDED },
    Route { method: Method::POST, path: PAGES, caller: Caller::Upload, codes: ENDED },
    Route {
        method: Method::POST,
        path: FILE,
        caller: Caller::Upload,
        codes: &[Code::TooLarge, Code::UploadEnded, Code::Disconnected, Code::RightLost, Code::DeviceRevoked],
    },
    Route { method: Method::HEAD, path: FILE, caller: Caller::Upload, codes: ENDED },
    Route {
        method: Method::PATCH,
        path: FILE,
        caller: Caller::Upload,
        codes: &[
            Code::OffsetMismatch,
            Code::TooLarge,
            Code::DigestMismatch,
            Code::UploadEnded,
            Code::Disconnected,
            Code::RightLost,
            Code::DeviceRevoked,
        ],
    },
    Route { method: Method::DELETE, path: FILE, caller: Caller::Upload, codes: ENDED },
    Route {
        method: Method::POST,
        path: COMPLETE,
        caller: Caller::Upload,
        codes: &[Code::Incomplete, Code::UploadEnded, Code::Disconnected, Code::RightLost, Code::DeviceRevoked],
    },
    Route {
        method: Method::POST,
        path: SLOT,
        caller: Caller::Upload,
        codes: &[Code::SlotChanged, Code::UploadEnded, Code::RightLost, Code::DeviceRevoked],
    },
    Route {
        method: Method::POST,
        path: LINK_REDEEM,
        caller: Caller::Proof,
        codes: &[Code::LinkUnknown, Code::LinkExpired, Code::LinkUsed, Code::LinkEnded, Code::AppOutdated],
    },
    Route { method: Method::GET, path: LINK, caller: Caller::Proof, codes: &[Code::LinkUnknown] },
    Route { method: Method::POST, path: LINK_CONFIRM, caller: Caller::Proof, codes: LINK_ENDED },
    Route { method: Method::POST, path: LINK_DECLINE, caller: Caller::Proof, codes: &[Code::LinkUnknown] },
    Route { method: Method::POST, path: LINK_FINISH, caller: Caller::Proof, codes: LINK_ENDED },
    Route {
        method: Method::POST,
        path: TOKEN,
        caller: Caller::Proof,
        codes: &[Code::DeviceRevoked, Code::AppOutdated],
    },
    Route { method: Method::GET, path: OVERVIEW, caller: Caller::Linked, codes: &[Code::DeviceRevoked] },
    Route {
        method: Method::POST,
        path: TICKETS,
        caller: Caller::Linked,
        codes: &[Code::DeviceRevoked, Code::RightLost, Code::NotFound],
    },
    Route { method: Method::DELETE, path: DEVICE, caller: Caller::Proof, codes: &[Code::DeviceRevoked] },
];
