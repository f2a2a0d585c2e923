//! The calls of a linked phone: a token, what it shows, a ticket without a QR code, and the end of the link.

use crate::{
    App,
    body::Json,
    error::{ApiError, Error},
    keys,
    possession::{LinkedBy, ProofBy, Unproven, nonce_holds},
    redeem::AppVersion,
    store::{
        devices::{NewToken, Unlinker},
        model::{Maker, NewTicket},
    },
    tickets::{self, Issuer, PlaceForm, after},
};
use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
};
use http::StatusCode;
use protocol::{
    Code,
    api::{DeviceId, LinkedDevice, MakeTicket, Overview, TicketMade, TicketPlace, Token},
    assertion, limits, routes,
};

/// The newest procedures an overview has at most; fewer where they would not fit a reply.
const PROCEDURES: u32 = 200;
/// A phone redeems its own ticket at once.
const TICKET_SECONDS: i64 = 10 * 60;

/// RFC 7523: an assertion by the phone's two keys for a token.
pub async fn token(
    proof: ProofBy,
    State(app): State<App>,
    version: AppVersion,
    form: Result<Form<assertion::Form>, FormRejection>,
) -> Result<axum::Json<Token>, Unproven> {
    version.check(&app)?;
    let Form(form) = form.map_err(|_| Code::BadRequest)?;
    let (audience, now) = (app.config.address(routes::TOKEN), app.clock.now());
    let asserted = assertion::read(&form, &audience).map_err(|_| Code::BadRequest)?;
    if !nonce_holds(&app.keys, &asserted.nonce, now) {
        return Err(Code::UseDpopNonce.into());
    }
    let device = app.store.device(&asserted.device).await?.ok_or(Code::DeviceRevoked)?;
    if device.jkt != proof.jkt || asserted.verify(&device.key, &device.unlock_key).is_err() {
        return Err(Code::CredentialInvalid.into());
    }
    let access_token = app.rng.token();
    let new = NewToken {
        device: device.id,
        jkt: proof.jkt,
        jtis: [proof.jti, format!("assertion {}", asserted.jti)],
        hash: keys::hash(access_token.expose()),
        expires: after(now, limits::TOKEN_SECONDS),
        now,
    };
    app.store.issue_token(&new).await??;
    Ok(axum::Json(Token { access_token, token_type: "DPoP".into(), expires_in: limits::TOKEN_SECONDS }))
}

pub async fn overview(by: LinkedBy, State(app): State<App>) -> Result<axum::Json<Overview>, ApiError> {
    let citizen = &by.holder.citizen;
    let linked = app.store.devices(&citizen.id).await?.into_iter();
    let devices: Vec<_> =
        linked.map(|device| LinkedDevice { id: device.id, name: device.name, linked_at: device.linked_at }).collect();
    let mut most = PROCEDURES;
    loop {
        let espaces = app.store.overview(&citizen.id, most).await?;
        let overview = Overview { owner: citizen.masked(), espaces, devices: devices.clone() };
        let size = serde_json::to_vec(&overview).map_or(usize::MAX, |json| json.len());
        if size <= limits::REPLY_BYTES {
            return Ok(axum::Json(overview));
        }
        if most == 0 {
            return Err(Error::Internal("the overview does not fit a reply").into());
        }
        most /= 2;
    }
}

/// 'Attach', 'Replace' or 'Add a supporting document' on the phone.
pub async fn make_ticket(
    by: LinkedBy,
    State(app): State<App>,
    Json(make): Json<MakeTicket>,
) -> Result<axum::Json<TicketMade>, Unproven> {
    let LinkedBy { holder, proof } = by;
    let mut form = PlaceForm { slot: String::new(), document_type: String::new(), name: make.name.unwrap_or_default() };
    match make.place {
        TicketPlace::Slot(slot) => form.slot = slot,
        TicketPlace::DocumentType(title) => form.document_type = title,
    }
    let issuer = Issuer { citizen: &holder.citizen.id, espace: None };
    let place = tickets::place(&app, issuer, &make.procedure, &form).await?;
    let (secret, now) = (app.rng.token(), app.clock.now());
    let ticket = NewTicket {
        id: app.rng.id(),
        secret: keys::hash(secret.expose()),
        sealed: None,
        citizen: holder.citizen.id.clone(),
        maker: Maker::Device(holder.device),
        place,
        created: now,
        expires: after(now, TICKET_SECONDS),
    };
    app.store.make_linked_ticket(&ticket, &proof.jkt, &proof.jti).await??;
    Ok(axum::Json(TicketMade { ticket: secret }))
}

/// By the phone's key alone: a phone whose lock is lost can still do it.
pub async fn unlink(
    proof: ProofBy,
    State(app): State<App>,
    Path(device): Path<DeviceId>,
) -> Result<StatusCode, Unproven> {
    for procedure in app.store.unlink(&device, Unlinker::Phone(&proof.jkt), app.clock.now()).await?? {
        app.live.poke(&procedure);
    }
    Ok(StatusCode::NO_CONTENT)
}
