//! A citizen links a phone: the computer's pages in one hand, the real client in the other.

use super::{
    Phone, Seeded,
    desk::{Answer, Browser, Desk},
};
use client::{Access, ClientError, ProofKey, Stamp};
use http::StatusCode;
use protocol::{
    Code, Secret, Signer,
    api::{DeviceId, FinishLink, LinkId, LinkState},
};
use std::sync::Arc;

/// A code as the page shows it, and where.
pub struct LinkCode {
    pub window: String,
    pub secret: Secret<String>,
}

/// 'Link your device'.
pub async fn code(browser: &Browser<'_>) -> LinkCode {
    let made = browser.post("/devices/links", &[]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let window = made.location().to_owned();
    let secret = shown(&browser.get(&window).await).expect("a code");
    LinkCode { window, secret: Secret::new(secret) }
}

/// The secret in the QR code of a page, where there is one.
pub fn shown(page: &Answer) -> Option<String> {
    page.between("data-code=\"http://localhost:7000/l#", "\"")
}

pub fn state(page: &Answer) -> String {
    page.between("data-state=\"", "\"").expect("a state")
}

/// The numbers to pick from.
pub fn numbers(page: &Answer) -> Vec<String> {
    let text = page.text();
    text.split("data-number=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(n, _)| n.to_owned()).collect()
}

pub async fn pick(browser: &Browser<'_>, window: &str, number: &str) -> Answer {
    browser.post(&format!("{window}/pick"), &[("number", number)]).await
}

/// A phone with what it needs to be linked.
pub struct Linking {
    pub phone: Phone,
    pub unlock: ProofKey,
    pub link: LinkId,
}

impl Linking {
    /// Shows the code.
    pub async fn redeem(phone: Phone, code: &LinkCode) -> Result<Self, ClientError> {
        let link = phone.client.redeem_link(&code.secret, "Pixel 8", &phone.key).await?.link;
        let (seed, _) = phone.stamp.jti().split_first_chunk().map(|(seed, rest)| (*seed, rest)).expect("bytes");
        let unlock = ProofKey::draw(&mut Seeded(u64::from_be_bytes(seed)));
        Ok(Self { phone, unlock, link })
    }

    /// 'Yes' on the phone, then the right number on the computer.
    pub async fn matched(&self, browser: &Browser<'_>, code: &LinkCode) {
        let number = self.phone.client.confirm_link(&self.link, &self.phone.key).await.expect("confirms").number;
        assert_eq!(pick(browser, &code.window, &number).await.location(), code.window);
    }

    pub async fn state(&self) -> Result<LinkState, ClientError> {
        self.phone.client.link_state(&self.link, &self.phone.key).await
    }

    pub fn keys(&self, name: &str) -> FinishLink {
        FinishLink { name: name.to_owned(), unlock_key: self.unlock.public_key().to_text() }
    }

    pub async fn finish(&self, name: &str) -> Result<DeviceId, ClientError> {
        let finish = self.keys(name);
        Ok(self.phone.client.finish_link(&self.link, &self.phone.key, &finish).await?.device)
    }
}

/// A phone that is linked and unlocked.
pub struct LinkedPhone {
    pub phone: Phone,
    pub unlock: ProofKey,
    pub device: DeviceId,
    pub access: Access,
}

impl LinkedPhone {
    /// Links a phone to the account of whoever sits at this browser, all the way to a token.
    pub async fn of(desk: &Desk, browser: &Browser<'_>, seed: u64, name: &str) -> Self {
        let code = code(browser).await;
        let linking = Linking::redeem(desk.phone(seed), &code).await.expect("redeems");
        linking.matched(browser, &code).await;
        let device = linking.finish(name).await.expect("finishes");
        let Linking { phone, unlock, .. } = linking;
        let access = Self::token(&phone, &device, &unlock).await.expect("a token");
        Self { phone, unlock, device, access }
    }

    pub async fn token(phone: &Phone, device: &DeviceId, unlock: &ProofKey) -> Result<Access, ClientError> {
        let token = phone.client.token(device, &phone.key, unlock).await?.access_token;
        Ok(Access { token, key: Arc::new(phone.key.clone()) })
    }

    pub async fn renewed(&self) -> Result<Access, ClientError> {
        Self::token(&self.phone, &self.device, &self.unlock).await
    }
}

pub fn refusal<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Code {
    result.expect_err("refused").code().expect("a code")
}
