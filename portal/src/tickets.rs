//! Making a code and looking after it, on the computer.

use crate::{App, auth::session::Form, caller::Member, error::Error, keys, pages, procedures, store::model::*};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};
use protocol::{Code, Secret, api::Action, limits, typed_code::TypedCode};
use serde::Deserialize;

/// Where a new document shall go, as the window's form says.
#[derive(Debug, Deserialize)]
pub struct PlaceForm {
    /// The slot for 'Attach' and 'Replace'; empty for 'Add a supporting document'.
    #[serde(default)]
    pub slot: String,
    /// The type chosen from the list, for 'Add a supporting document'.
    #[serde(default)]
    pub document_type: String,
    #[serde(default)]
    pub name: String,
}

/// 'Generate'.
pub async fn make(
    member: Member,
    State(app): State<App>,
    Path(procedure): Path<String>,
    Form(form): Form<PlaceForm>,
) -> Result<Response, Error> {
    let now = app.clock.now();
    let place = place(&app, Issuer::of(&member), &procedure, &form).await?;
    let (id, session) = (app.rng.id(), &member.who.session);
    let (secret, sealed) = draw(&app, &id);
    let session_ends = session_ends(&app, session);
    let ticket = NewTicket {
        secret,
        sealed: Some(sealed),
        citizen: member.who.citizen.id.clone(),
        maker: Maker::Session { id: session.id.clone(), ends: session_ends },
        created: now,
        expires: after(now, limits::TICKET_SECONDS).min(session_ends),
        place,
        id: id.clone(),
    };
    let note = serde_json::json!({ "procedure": procedure, "document": ticket.place.document_type });
    app.store.make_ticket(&ticket).await?;
    app.store.note(&ticket.citizen, now, Activity::CodeMade, note).await?;
    Ok(Redirect::to(&format!("/procedures/{procedure}/tickets/{id}#window")).into_response())
}

/// Who wants to add a document: in the eSpace a browser has chosen, or in any from a linked phone.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    pub citizen: &'a str,
    pub espace: Option<&'a str>,
}

impl<'a> Issuer<'a> {
    pub fn of(member: &'a Member) -> Self {
        Self { citizen: &member.who.citizen.id, espace: Some(&member.espace.id) }
    }
}

/// Checks the form against the procedure: it is active, the citizen may edit it, and the place exists.
pub async fn place(app: &App, issuer: Issuer<'_>, procedure: &str, form: &PlaceForm) -> Result<Place, Error> {
    let (_, right) = procedures::active(app, issuer, procedure).await?;
    if right != Right::Edit {
        return Err(Code::RightLost.into());
    }
    let name = Some(form.name.trim()).filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > limits::DOCUMENT_NAME_CHARS || name.chars().any(char::is_control))
    {
        return Err(Code::BadRequest.into());
    }
    let (action, document_type, slot) = if form.slot.is_empty() {
        let types = app.store.document_types(procedure).await?;
        let chosen = types.into_iter().find(|title| *title == form.document_type).ok_or(Code::BadRequest)?;
        (Action::Add, chosen, None)
    } else {
        let slots = app.store.slots(procedure).await?;
        let slot = slots.into_iter().find(|slot| slot.id == form.slot).ok_or(Code::NotFound)?;
        let action = if slot.document.is_some() { Action::Replace } else { Action::Attach };
        (action, slot.document_type, Some((slot.id, slot.version)))
    };
    Ok(Place { procedure: procedure.to_owned(), action, document_type, slot, name: name.map(str::to_owned) })
}

/// The window with the code and its live state.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Path((procedure, ticket)): Path<(String, String)>,
) -> Result<Response, Error> {
    let ticket = own(&app, &member, &procedure, &ticket).await?;
    pages::code(&app, &member, &ticket, None).await
}

pub async fn extend(
    member: Member,
    State(app): State<App>,
    Path((procedure, id)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    own(&app, &member, &procedure, &id).await?;
    let now = app.clock.now();
    // Too often or too late shows as what it is: the page offers only what is still possible.
    app.store.extend_ticket(&id, now, after(now, limits::TICKET_SECONDS), limits::TICKET_EXTENSIONS).await?;
    back(&procedure, &id)
}

/// 'New code': a new secret for the same settings.
pub async fn renew(
    member: Member,
    State(app): State<App>,
    Path((procedure, id)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    let ticket = own(&app, &member, &procedure, &id).await?;
    let form = PlaceForm {
        slot: ticket.place.slot.as_ref().map(|(slot, _)| slot.clone()).unwrap_or_default(),
        document_type: ticket.place.document_type.clone(),
        name: ticket.place.name.clone().unwrap_or_default(),
    };
    if ticket.state == TicketState::Redeemed {
        // A phone has it; the same settings need a ticket of their own.
        return make(member, State(app), Path(procedure), Form(form)).await;
    }
    place(&app, Issuer::of(&member), &procedure, &form).await?;
    let (secret, sealed) = draw(&app, &id);
    let session = &member.who.session;
    let session_ends = session_ends(&app, session);
    let expires = after(app.clock.now(), limits::TICKET_SECONDS).min(session_ends);
    let renewal = Renewal { secret, sealed, session: session.id.clone(), session_ends, expires };
    app.store.renew_ticket(&id, &renewal).await?;
    back(&procedure, &id)
}

/// 'Enter a code instead': shown once, stored only as a digest.
pub async fn typed(
    member: Member,
    State(app): State<App>,
    Path((procedure, id)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    own(&app, &member, &procedure, &id).await?;
    let now = app.clock.now();
    let code = TypedCode::from_bytes(app.rng.bytes());
    let digest = typed_digest(&app.keys, &code);
    let typed = app.store.type_ticket(&id, now, &digest, after(now, limits::TYPED_CODE_SECONDS)).await?;
    let ticket = own(&app, &member, &procedure, &id).await?;
    pages::code(&app, &member, &ticket, typed.then_some(&code)).await
}

pub async fn cancel(
    member: Member,
    State(app): State<App>,
    Path((procedure, id)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    own(&app, &member, &procedure, &id).await?;
    app.store.cancel_ticket(&id).await?;
    Ok(Redirect::to(&format!("/procedures/{procedure}")).into_response())
}

/// 'Not my phone: disconnect'.
pub async fn disconnect(
    member: Member,
    State(app): State<App>,
    Path((procedure, id)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    own(&app, &member, &procedure, &id).await?;
    if app.store.disconnect(&id).await? {
        let note = serde_json::json!({ "procedure": procedure });
        app.store.note(&member.who.citizen.id, app.clock.now(), Activity::Disconnected, note).await?;
    }
    back(&procedure, &id)
}

#[derive(Deserialize)]
pub struct Nothing {}

/// The digest under which a typed code is stored and looked up.
pub fn typed_digest(keys: &keys::Keys, code: &TypedCode) -> [u8; 32] {
    keys.digest("typed code", code.as_str().as_bytes())
}

/// Text of the ticket's QR code, as long as it can be redeemed.
pub fn qr_text(app: &App, ticket: &Ticket) -> Option<Secret<String>> {
    if ticket.state != TicketState::New || ticket.expires <= app.clock.now() {
        return None;
    }
    let secret = app.keys.open_sealed(&ticket.id, ticket.sealed.as_deref()?)?;
    Some(Secret::new(protocol::qr::ticket_text(&app.config.link_origin, &secret)))
}

/// A new secret for a ticket: its digest, and itself sealed for that row.
fn draw(app: &App, id: &str) -> (Vec<u8>, Vec<u8>) {
    let secret = app.rng.token();
    (keys::hash(secret.expose()), app.keys.seal(id, &secret, app.rng.bytes()))
}

/// No code outlives the browser session that made it.
fn session_ends(app: &App, session: &Session) -> Timestamp {
    after(session.created, app.config.session.absolute)
}

async fn own(app: &App, member: &Member, procedure: &str, id: &str) -> Result<Ticket, Error> {
    procedures::readable(app, Issuer::of(member), procedure).await?;
    let ticket = app.store.ticket(id, &member.who.citizen.id).await?;
    Ok(ticket.filter(|ticket| ticket.place.procedure == procedure).ok_or(Code::NotFound)?)
}

fn back(procedure: &str, ticket: &str) -> Result<Response, Error> {
    Ok(Redirect::to(&format!("/procedures/{procedure}/tickets/{ticket}#window")).into_response())
}

pub fn after(from: Timestamp, seconds: i64) -> Timestamp {
    from.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
