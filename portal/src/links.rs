//! The calls of a phone that is being linked: it shows a code, the citizen says yes on it and picks its number on the
//! computer, and it comes back with its keys.

use crate::{
    App,
    body::Json,
    error::ApiError,
    keys,
    possession::ProofBy,
    redeem::{self, AppVersion},
    rng::Rng,
    store::links::{LinkRedemption, NewDevice, Numbers},
};
use axum::extract::{Path, State};
use http::StatusCode;
use protocol::{
    Code, PublicKey,
    api::{DeviceId, FinishLink, LinkId, LinkNumber, LinkRedeemed, LinkState, Linked, RedeemLink},
    limits,
};

pub async fn redeem(
    proof: ProofBy,
    State(app): State<App>,
    version: AppVersion,
    Json(redeem): Json<RedeemLink>,
) -> Result<axum::Json<LinkRedeemed>, ApiError> {
    version.check(&app)?;
    let redemption = LinkRedemption {
        code: keys::hash(redeem.code.expose()),
        key: proof.key,
        jkt: proof.jkt,
        jti: proof.jti,
        model: called(&redeem::model(&redeem.device)),
        now: app.clock.now(),
    };
    let asked = app.store.redeem_link(&redemption).await??;
    Ok(axum::Json(LinkRedeemed { link: asked.link, owner: asked.citizen.masked(), espaces: asked.espaces }))
}

pub async fn state(
    proof: ProofBy,
    State(app): State<App>,
    Path(link): Path<LinkId>,
) -> Result<axum::Json<LinkState>, ApiError> {
    let stage = app.store.link_stage(&link, &proof.jkt, app.clock.now()).await?.ok_or(Code::LinkUnknown)?;
    Ok(axum::Json(stage.state()))
}

pub async fn confirm(
    proof: ProofBy,
    State(app): State<App>,
    Path(link): Path<LinkId>,
) -> Result<axum::Json<LinkNumber>, ApiError> {
    let numbers = draw(&*app.rng);
    let (number, expires) = app.store.confirm_link(&link, &proof.jkt, &numbers, app.clock.now()).await??;
    Ok(axum::Json(LinkNumber { number, expires }))
}

pub async fn decline(proof: ProofBy, State(app): State<App>, Path(link): Path<LinkId>) -> Result<StatusCode, ApiError> {
    app.store.decline_link(&link, &proof.jkt, app.clock.now()).await??;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn finish(
    proof: ProofBy,
    State(app): State<App>,
    Path(link): Path<LinkId>,
    Json(finish): Json<FinishLink>,
) -> Result<axum::Json<Linked>, ApiError> {
    let unlock_key = PublicKey::from_text(&finish.unlock_key).ok_or(Code::BadRequest)?;
    // One key twice would make the open vault worth nothing.
    if unlock_key == proof.key {
        return Err(Code::BadRequest.into());
    }
    let name = finish.name.trim();
    if !fits(name) {
        return Err(Code::BadRequest.into());
    }
    let new = NewDevice {
        link,
        jkt: proof.jkt,
        device: DeviceId(app.rng.id()),
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        unlock_key,
        now: app.clock.now(),
    };
    Ok(axum::Json(Linked { device: app.store.finish_link(&new).await?? }))
}

/// A phone's model where a name may come to stand.
fn called(model: &str) -> String {
    let model: String = model.trim().chars().filter(|c| plain(*c)).take(limits::DEVICE_NAME_CHARS).collect();
    if model.is_empty() { "Folio".into() } else { model }
}

fn fits(name: &str) -> bool {
    name.chars().count() <= limits::DEVICE_NAME_CHARS && name.chars().all(plain)
}

/// A name stands in sentences that warn, so it must not be able to break them or turn them around.
fn plain(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !turns
}

/// Three different numbers; any of them may be the phone's.
fn draw(rng: &dyn Rng) -> Numbers {
    let number = || format!("{:02}", u32::from_be_bytes(rng.bytes()) % 100);
    let mut shown = [number(), number(), number()];
    while shown[1] == shown[0] {
        shown[1] = number();
    }
    while shown[2] == shown[0] || shown[2] == shown[1] {
        shown[2] = number();
    }
    let right = shown[u32::from_be_bytes(rng.bytes()) as usize % shown.len()].clone();
    Numbers { right, shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, sync::atomic::AtomicU32};

    /// Says the same number several times in a row.
    struct Stutters(AtomicU32);

    impl Rng for Stutters {
        fn fill(&self, bytes: &mut [u8]) {
            let n = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) / 4;
            bytes.copy_from_slice(&n.to_be_bytes());
        }
    }

    #[test]
    fn three_numbers_differ_and_any_may_be_right() {
        let rng: &dyn Rng = &Stutters(AtomicU32::new(0));
        let mut places = BTreeSet::new();
        for _ in 0..200 {
            let Numbers { right, shown } = draw(rng);
            assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), 3, "{shown:?}");
            assert!(shown.iter().all(|number| number.len() == 2));
            places.insert(shown.iter().position(|number| *number == right).expect("one of them"));
        }
        assert_eq!(places.len(), 3);
    }

    #[test]
    fn a_name_cannot_turn_a_sentence_around() {
        assert!(fits("Mia's phone 📱") && fits("") && fits(&"é".repeat(limits::DEVICE_NAME_CHARS)));
        assert!(!fits(&"é".repeat(limits::DEVICE_NAME_CHARS + 1)));
        for name in ["a\nb", "a\u{0}b", "a\u{85}b", "a\u{202e}b", "\u{2066}a"] {
            assert!(!fits(name), "{name:?}");
            assert!(fits(&called(name)), "{name:?}");
        }
        assert_eq!((&*called(" Pixel\u{202e} 8 "), &*called("\u{202e}")), ("Pixel 8", "Folio"));
    }
}
