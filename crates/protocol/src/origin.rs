//! The portals an app trusts (`portals.toml`). Origins are compared parsed, never as text.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// One entry of `portals.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portal {
    /// As a citizen knows it.
    pub name: String,
    /// Where the API lives, for example `https://portal.example`.
    pub origin: Url,
    /// A second host without cookies; QR codes point here.
    pub link_origin: Url,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    #[error("{0} is not https")]
    NotHttps(Url),
    #[error("{0} is more than an origin: scheme, host and port only")]
    NotAnOrigin(Url),
}

impl Portal {
    /// Checks both origins. `loopback_http` (the demo only) allows http to a loopback address.
    pub fn validate(&self, loopback_http: bool) -> Result<(), OriginError> {
        for origin in [&self.origin, &self.link_origin] {
            let secure =
                origin.scheme() == "https" || loopback_http && origin.scheme() == "http" && is_loopback(origin);
            if !secure {
                return Err(OriginError::NotHttps(origin.clone()));
            }
            let bare = origin.path() == "/" && origin.query().is_none() && origin.fragment().is_none();
            if !bare || !origin.username().is_empty() || origin.password().is_some() || has_trailing_dot(origin) {
                return Err(OriginError::NotAnOrigin(origin.clone()));
            }
        }
        Ok(())
    }
}

/// Same scheme, host and port; no user, no trailing dot.
pub fn same_origin(a: &Url, b: &Url) -> bool {
    let plain = |u: &Url| u.username().is_empty() && u.password().is_none() && !has_trailing_dot(u);
    plain(a)
        && plain(b)
        && a.scheme() == b.scheme()
        && a.host() == b.host()
        && a.host().is_some()
        && a.port_or_known_default() == b.port_or_known_default()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn has_trailing_dot(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.ends_with('.'))
}
