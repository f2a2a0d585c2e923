//! Calls of a phone that is being linked, and of one that is.

use crate::{
    Access, Client, ClientError,
    calls::{body, json, path},
    exchange::{As, read},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use protocol::{
    Secret, Signer,
    api::{
        Device, DeviceId, FinishLink, LinkId, LinkNumber, LinkRedeemed, LinkState, Linked, LinkedBy, MakeTicket,
        Overview, RedeemLink, TicketMade, Token,
    },
    assertion::{self, Assertion},
    dpop, routes,
};

impl Client {
    /// Shows a link code. Repeating it with the same key gives the same answer.
    pub async fn redeem_link(
        &self,
        code: &Secret<String>,
        model: &str,
        key: &dyn Signer,
    ) -> Result<LinkRedeemed, ClientError> {
        let device = Device { model: model.to_owned(), linked: None };
        let redeem = body(&RedeemLink { code: code.clone(), device })?;
        read(&self.0.call(As::Key(key), Method::POST, routes::LINK_REDEEM, json(), redeem).await?)
    }

    /// 'Yes, link to this account': the number to show.
    pub async fn confirm_link(&self, link: &LinkId, key: &dyn Signer) -> Result<LinkNumber, ClientError> {
        let path = path(routes::LINK_CONFIRM, &link.0)?;
        read(&self.0.call(As::Key(key), Method::POST, &path, HeaderMap::new(), Bytes::new()).await?)
    }

    pub async fn link_state(&self, link: &LinkId, key: &dyn Signer) -> Result<LinkState, ClientError> {
        let path = path(routes::LINK, &link.0)?;
        read(&self.0.call(As::Key(key), Method::GET, &path, HeaderMap::new(), Bytes::new()).await?)
    }

    /// 'No': the code links nothing any more.
    pub async fn decline_link(&self, link: &LinkId, key: &dyn Signer) -> Result<(), ClientError> {
        let path = path(routes::LINK_DECLINE, &link.0)?;
        self.0.call(As::Key(key), Method::POST, &path, HeaderMap::new(), Bytes::new()).await.map(drop)
    }

    /// Makes the device, once the phone has a lock. Repeating it with the same keys gives the same device.
    pub async fn finish_link(
        &self,
        link: &LinkId,
        key: &dyn Signer,
        finish: &FinishLink,
    ) -> Result<Linked, ClientError> {
        let path = path(routes::LINK_FINISH, &link.0)?;
        read(&self.0.call(As::Key(key), Method::POST, &path, json(), body(finish)?).await?)
    }

    /// Exchanges an assertion by both keys for a token (RFC 7523).
    pub async fn token(&self, device: &DeviceId, key: &dyn Signer, unlock: &dyn Signer) -> Result<Token, ClientError> {
        let audience = self.0.address(routes::TOKEN)?;
        let form = |nonce: &str| {
            let (audience, jti, iat) = (audience.as_str(), &*self.0.jti(), self.0.stamp.iat());
            let form = assertion::sign(key, unlock, Assertion { device, audience, nonce, jti, iat })?;
            let mut encoded = url::form_urlencoded::Serializer::new(String::new());
            encoded.append_pair("grant_type", &form.grant_type);
            encoded.append_pair("assertion", &form.assertion).append_pair("unlock", &form.unlock);
            Ok(Bytes::from(encoded.finish()))
        };
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]);
        read(&self.0.call_with(As::Key(key), Method::POST, routes::TOKEN, headers, &form).await?)
    }

    pub async fn overview(&self, access: &Access) -> Result<Overview, ClientError> {
        read(&self.0.call(As::Linked(access), Method::GET, routes::OVERVIEW, HeaderMap::new(), Bytes::new()).await?)
    }

    /// A ticket without a QR code, to be redeemed like a scanned one.
    pub async fn make_ticket(&self, access: &Access, make: &MakeTicket) -> Result<TicketMade, ClientError> {
        read(&self.0.call(As::Linked(access), Method::POST, routes::TICKETS, json(), body(make)?).await?)
    }

    /// Unlinks; the phone's own key is enough.
    pub async fn unlink(&self, device: &DeviceId, key: &dyn Signer) -> Result<(), ClientError> {
        let path = path(routes::DEVICE, &device.0)?;
        self.0.call(As::Key(key), Method::DELETE, &path, HeaderMap::new(), Bytes::new()).await.map(drop)
    }

    pub(crate) fn linked_by(&self, access: &Access, nonce: &str) -> Result<LinkedBy, ClientError> {
        let address = self.0.address(routes::REDEEM)?;
        let target =
            dpop::Target { htm: "POST", htu: address.as_str(), credential: Some(access.token.expose().as_str()) };
        let proof = dpop::sign(&*access.key, target, &self.0.jti(), Some(nonce), self.0.stamp.iat())?;
        Ok(LinkedBy { token: access.token.clone(), proof })
    }
}
