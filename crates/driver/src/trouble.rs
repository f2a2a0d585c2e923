//! Errors of the parts as a citizen meets them.

use crate::ports::Undecoded;
use client::ClientError;
use journey::Trouble;
use protocol::{Code, Reason};
use scan::DecodeError;
use vault::VaultError;

pub(crate) fn of_client(error: &ClientError) -> Trouble {
    match error {
        ClientError::Key => Trouble::KeyLost,
        ClientError::Unreachable | ClientError::TimedOut => Trouble::Unreachable,
        ClientError::Redirected | ClientError::Garbage | ClientError::TooLarge | ClientError::Insecure => {
            Trouble::NotAPortal
        }
        ClientError::Refused { code, reference } => {
            tracing::info!(?code, ?reference, "the portal refused");
            of_code(*code)
        }
    }
}

pub(crate) fn of_code(code: Code) -> Trouble {
    match code {
        Code::TicketUnknown => Trouble::TicketUnknown,
        Code::TicketExpired => Trouble::TicketExpired,
        Code::TicketUsed => Trouble::TicketUsed,
        Code::TicketCancelled => Trouble::TicketCancelled,
        Code::RightLost => Trouble::RightLost,
        Code::Disconnected => Trouble::Disconnected,
        Code::UploadEnded | Code::CredentialInvalid => Trouble::UploadEnded,
        Code::LinkUnknown => Trouble::LinkUnknown,
        Code::LinkExpired => Trouble::LinkExpired,
        Code::LinkUsed => Trouble::LinkUsed,
        Code::LinkEnded => Trouble::LinkEnded,
        Code::DeviceRevoked => Trouble::DeviceRevoked,
        Code::RateLimited => Trouble::TooManyTries,
        Code::AppOutdated => Trouble::AppOutdated,
        Code::TooLarge => Trouble::Refused { reason: Reason::TooLarge },
        Code::DigestMismatch => Trouble::Refused { reason: Reason::DigestMismatch },
        Code::Unavailable => Trouble::Unreachable,
        Code::UseDpopNonce
        | Code::ProofInvalid
        | Code::OffsetMismatch
        | Code::Incomplete
        | Code::SlotChanged
        | Code::BadRequest
        | Code::NotFound
        | Code::Internal => Trouble::PortalError,
    }
}

/// Whether the portal has ended what this credential was for.
pub(crate) fn ends_ticket(error: &ClientError) -> bool {
    matches!(
        error.code(),
        Some(
            Code::RightLost
                | Code::Disconnected
                | Code::UploadEnded
                | Code::CredentialInvalid
                | Code::TicketCancelled
                | Code::AppOutdated
                | Code::DeviceRevoked
        )
    )
}

pub(crate) fn of_vault(error: &VaultError) -> Trouble {
    match error {
        VaultError::Full => Trouble::StorageFull,
        other => {
            tracing::error!(error = %other, "the vault failed");
            Trouble::StorageFailed
        }
    }
}

pub(crate) fn of_device(undecoded: Undecoded) -> Trouble {
    match undecoded {
        Undecoded::Unsupported => Trouble::PictureUnsupported,
        Undecoded::Damaged => Trouble::PictureDamaged,
    }
}

pub(crate) fn of_picture(error: &DecodeError) -> Trouble {
    match error {
        DecodeError::Unsupported => Trouble::PictureUnsupported,
        DecodeError::Damaged(_) => Trouble::PictureDamaged,
        DecodeError::TooLarge { .. } => Trouble::PictureTooLarge,
    }
}
