//! Every call of the phone: method, path, who may call, bodies and codes. The portal's router is held to it by a test.

use crate::{Code, api::UploadId};
use http::Method;

/// What a call must prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anyone,
    /// A DPoP proof by the phone's key.
    Proof,
    /// A credential bound to the key of the proof, for the upload in the path.
    Upload,
}

#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    /// axum's notation, `{id}` is an [`UploadId`].
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

/// Where a path names an upload.
pub fn path(template: &str, id: &UploadId) -> String {
    template.replace("{id}", &id.0)
}

const ENDED: &[Code] = &[Code::UploadEnded, Code::Disconnected, Code::RightLost, Code::TicketCancelled];

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
        ],
    },
    Route { method: Method::GET, path: UPLOAD, caller: Caller::Upload, codes: &[] },
    Route { method: Method::POST, path: DECLINE, caller: Caller::Upload, codes: ENDED },
    Route { method: Method::POST, path: PAGES, caller: Caller::Upload, codes: ENDED },
    Route {
        method: Method::POST,
        path: FILE,
        caller: Caller::Upload,
        codes: &[Code::TooLarge, Code::UploadEnded, Code::Disconnected, Code::RightLost],
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
        ],
    },
    Route { method: Method::DELETE, path: FILE, caller: Caller::Upload, codes: ENDED },
    Route {
        method: Method::POST,
        path: COMPLETE,
        caller: Caller::Upload,
        codes: &[Code::Incomplete, Code::UploadEnded, Code::Disconnected, Code::RightLost],
    },
    Route {
        method: Method::POST,
        path: SLOT,
        caller: Caller::Upload,
        codes: &[Code::SlotChanged, Code::UploadEnded, Code::RightLost],
    },
];
