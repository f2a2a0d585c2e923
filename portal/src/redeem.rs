//! `POST /api/v1/tickets/redeem`: a phone shows a ticket or a typed code and becomes the phone of one upload.

use crate::{
    App,
    body::Json,
    keys,
    possession::{self, ProofBy, Unproven},
    store::uploads::{LinkedProof, Redemption, TicketName, Won},
    tickets,
};
use axum::extract::{ConnectInfo, FromRequestParts, State};
use http::{header, request::Parts};
use protocol::{
    Code,
    api::{Device, Limits, LinkedBy, PortalInfo, Redeem, RedeemBy, Redeemed, UploadId},
    dpop, limits, routes,
};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

/// Longest model that is kept, in characters.
const MODEL: usize = 64;

pub async fn redeem(
    proof: ProofBy,
    State(app): State<App>,
    Address(address): Address,
    version: AppVersion,
    Json(redeem): Json<Redeem>,
) -> Result<axum::Json<Redeemed>, Unproven> {
    version.check(&app)?;
    let linked = redeem.device.linked.as_ref().map(|linked| linked_proof(&app, linked)).transpose()?;
    let credential = app.rng.token();
    let name = match &redeem.by {
        RedeemBy::Ticket(secret) => TicketName::Secret(keys::hash(secret.expose())),
        RedeemBy::Code(code) => TicketName::Typed { digest: tickets::typed_digest(&app.keys, code).to_vec(), address },
    };
    let redemption = Redemption {
        name,
        jkt: proof.jkt,
        jti: proof.jti,
        model: model(&redeem.device),
        now: app.clock.now(),
        upload: UploadId(app.rng.id()),
        digits: format!("{:02}", u32::from_be_bytes(app.rng.bytes()) % 100),
        credential_hash: keys::hash(credential.expose()),
        linked,
    };
    let Won { upload, context, other_account } = app.store.redeem(&redemption).await??;
    app.live.poke(&upload.procedure);
    Ok(axum::Json(Redeemed {
        expires: upload.expires(),
        upload: upload.id,
        credential,
        context,
        limits: limits(),
        digits: upload.digits,
        other_account,
    }))
}

/// What a linked phone says besides, its proof checked for this very call; the token is looked up by the redemption.
fn linked_proof(app: &App, LinkedBy { token, proof }: &LinkedBy) -> Result<LinkedProof, Code> {
    let htu = app.config.address(routes::REDEEM);
    let target = dpop::Target { htm: "POST", htu: &htu, credential: Some(token.expose()) };
    let ProofBy { jkt, jti, .. } = possession::check(app, proof, target)?;
    Ok(LinkedProof { token: keys::hash(token.expose()), jkt, jti })
}

/// A phone's model as it is kept and shown.
pub fn model(device: &Device) -> String {
    device.model.chars().filter(|c| !c.is_control()).take(MODEL).collect()
}

/// `GET /api/v1/portal`: what an app asks before anything else.
pub async fn portal_info(State(app): State<App>) -> axum::Json<PortalInfo> {
    let (name, min_app_version) = (app.config.name.clone(), app.config.min_app_version.clone());
    axum::Json(PortalInfo { name, min_app_version, limits: limits() })
}

/// What a document may weigh.
fn limits() -> Limits {
    Limits { bytes: limits::DOCUMENT_BYTES, pages: limits::DOCUMENT_PAGES }
}

/// Whose failures are counted together: an IPv4 address, or the /64 an IPv6 customer has.
pub struct Address(String);

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map_or_else(String::new, |ConnectInfo(peer)| household(peer.ip()))))
    }
}

fn household(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The app's version out of `User-Agent: Folio/0.1.0`; other clients of the API name none.
pub struct AppVersion(Option<[u32; 3]>);

impl AppVersion {
    pub fn check(&self, app: &App) -> Result<(), Code> {
        let old = self.0.is_some_and(|version| Some(version) < version_of(&app.config.min_app_version));
        if old { Err(Code::AppOutdated) } else { Ok(()) }
    }
}

impl FromRequestParts<App> for AppVersion {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(agent.and_then(|agent| agent.strip_prefix("Folio/")).and_then(version_of)))
    }
}

/// Major, minor, patch; what stands behind (`-beta`) does not count.
fn version_of(text: &str) -> Option<[u32; 3]> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).take(3).map(|number| number.parse().ok());
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version_of("0.9.0") < version_of("0.10.0"));
        assert_eq!(version_of("1.2.3-beta.1"), Some([1, 2, 3]));
        assert_eq!(version_of("1.2"), None);
        assert_eq!(version_of("curl"), None);
    }

    #[test]
    fn a_household_shares_its_failures() {
        let of = |text: &str| household(text.parse().expect("address"));
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
