//! Style sheet, script and icon, built in; their address carries their digest, so a browser may keep them for good.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

pub struct Asset {
    pub address: String,
    kind: &'static str,
    body: &'static [u8],
}

fn asset(name: &str, ext: &str, kind: &'static str, body: &'static [u8]) -> Asset {
    let digest = crate::intake::hex(&Sha256::digest(body)[..6]);
    Asset { address: format!("/assets/{name}-{digest}.{ext}"), kind, body }
}

pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| asset("portal", "css", "text/css; charset=utf-8", include_bytes!("../../assets/portal.css")));
pub static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| asset("portal", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/portal.js")));
pub static OPEN: LazyLock<Asset> =
    LazyLock::new(|| asset("open", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/open.js")));
pub static LINK: LazyLock<Asset> =
    LazyLock::new(|| asset("link", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/link.js")));
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| asset("folio", "svg", "image/svg+xml", include_bytes!("../../assets/folio.svg")));

/// The asset at an address, or nothing.
pub fn find(address: &str) -> Option<Response> {
    let asset = [&*STYLE, &*SCRIPT, &*OPEN, &*LINK, &*ICON].into_iter().find(|asset| asset.address == address)?;
    let mut response = asset.body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Some(response)
}
