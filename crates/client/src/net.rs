//! The seam to the network: a whole request in, a whole bounded reply out.
//!
//! Refuses to know what the bytes mean. Redirects are not followed: a 3xx reply is returned like any other.

use bytes::Bytes;
use http::{Request, Response};
use std::pin::Pin;

/// A request on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, NetError>> + Send + 'a>>;

/// Dropping the future abandons the request.
pub trait Net: Send + Sync {
    fn send(&self, request: Request<Bytes>) -> Sending<'_>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// No connection, a refused certificate, or a connection that broke before the reply was whole.
    #[error("the portal could not be reached")]
    Unreachable,
    #[error("the portal did not answer in time")]
    TimedOut,
    #[error("the reply is larger than any reply of the protocol")]
    TooLarge,
    /// The address is not one this client may talk to.
    #[error("the address is not https")]
    Insecure,
}
