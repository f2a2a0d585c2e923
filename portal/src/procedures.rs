//! 'My procedures', one procedure with its documents, and the window where a document is added.

use crate::{
    App,
    auth::session,
    caller::Member,
    error::Error,
    intake, pages,
    pages::window::Window,
    store::model::*,
    tickets::{self, Issuer, PlaceForm},
};
use axum::{
    extract::{
        Multipart, Path, State,
        multipart::{Field, MultipartError},
    },
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header};
use protocol::{Code, Reason, limits};

pub async fn list(member: Member, State(app): State<App>) -> Result<Response, Error> {
    let procedures = app.store.procedures(&member.espace.id).await?;
    pages::procedures(&app, &member, procedures)
}

pub async fn show(member: Member, State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    pages::procedure(&app, &member, &id, Window::Closed).await
}

/// 'Add a supporting document': from the computer or by the app?
pub async fn add(member: Member, State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    open_window(&app, &member, &id, None, |slot| Window::Choose { slot }).await
}

/// 'Attach' or 'Replace'.
pub async fn attach(
    member: Member,
    State(app): State<App>,
    Path((id, slot)): Path<(String, String)>,
) -> Result<Response, Error> {
    open_window(&app, &member, &id, Some(slot), |slot| Window::Choose { slot }).await
}

/// 'My mobile app' or 'My computer'.
pub async fn add_by(
    member: Member,
    State(app): State<App>,
    Path((id, by)): Path<(String, String)>,
) -> Result<Response, Error> {
    open_window(&app, &member, &id, None, |slot| Window::details(&by, slot)).await
}

pub async fn attach_by(
    member: Member,
    State(app): State<App>,
    Path((id, slot, by)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    open_window(&app, &member, &id, Some(slot), |slot| Window::details(&by, slot)).await
}

async fn open_window(
    app: &App,
    member: &Member,
    id: &str,
    slot: Option<String>,
    window: impl FnOnce(Option<Slot>) -> Window,
) -> Result<Response, Error> {
    let (_, right) = active(app, Issuer::of(member), id).await?;
    if right != Right::Edit {
        return Err(Code::RightLost.into());
    }
    let slot = match slot {
        None => None,
        Some(wanted) => {
            let slots = app.store.slots(id).await?;
            Some(slots.into_iter().find(|slot| slot.id == wanted).ok_or(Code::NotFound)?)
        }
    };
    pages::procedure(app, member, id, window(slot)).await
}

/// 'My computer': the same intake as a phone's document.
pub async fn upload(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    mut fields: Multipart,
) -> Result<Response, Error> {
    let mut form = PlaceForm { slot: String::new(), document_type: String::new(), name: String::new() };
    let mut allowed = false;
    let mut file = None;
    while let Some(mut field) = fields.next_field().await.map_err(too_large)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            // The token stands before the file, so nothing of a forged form is read.
            if !allowed {
                return Err(Error::Csrf);
            }
            file = Some(read_document(&mut field).await?);
            continue;
        }
        let text = field.text().await.map_err(too_large)?;
        match &*name {
            "csrf" => {
                session::check_token(&member.who.session, &text)?;
                allowed = true;
            }
            "slot" => form.slot = text,
            "document_type" => form.document_type = text,
            "name" => form.name = text,
            _ => {}
        }
    }
    let file = file.ok_or(Code::BadRequest)?;
    if file.len() as u64 > limits::DOCUMENT_BYTES {
        return pages::procedure(&app, &member, &id, Window::Refused { reason: Reason::TooLarge, form }).await;
    }
    let place = tickets::place(&app, Issuer::of(&member), &id, &form).await?;
    let (citizen, now) = (&member.who.citizen.id, app.clock.now());
    let about = serde_json::json!({ "procedure": id, "document": place.document_type });
    match intake::receive_from_computer(&app, citizen, place, file.into()).await? {
        Ok(_) => {
            app.store.note(citizen, now, Activity::DocumentReceived, about).await?;
            Ok(Redirect::to(&format!("/procedures/{id}")).into_response())
        }
        Err(reason) => {
            app.store.note(citizen, now, Activity::DocumentRefused, about).await?;
            pages::procedure(&app, &member, &id, Window::Refused { reason, form }).await
        }
    }
}

/// Keeps one byte more than a document may have, so that a larger one shows. The rest is read and dropped: a browser
/// whose connection breaks in the middle of sending would show its own error instead of ours.
async fn read_document(field: &mut Field<'_>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(too_large)? {
        let room = (limits::DOCUMENT_BYTES as usize + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(bytes)
}

fn too_large(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Code::TooLarge.into() } else { Code::BadRequest.into() }
}

/// The document as a download, never opened inside the portal's own origin.
pub async fn download(member: Member, State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    let document = document(&app, &member, &id).await?;
    let bytes = app.files.get(&document.object).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    if let Ok(disposition) = HeaderValue::from_str(&disposition(&document)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

pub async fn receipt(member: Member, State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    let document = document(&app, &member, &id).await?;
    pages::receipt(&app, &member, document)
}

pub async fn history(
    member: Member,
    State(app): State<App>,
    Path((id, slot)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (procedure, _) = readable(&app, Issuer::of(&member), &id).await?;
    let slots = app.store.slots(&id).await?;
    let slot = slots.into_iter().find(|wanted| wanted.id == slot).ok_or(Code::NotFound)?;
    let documents = app.store.history(&slot.id).await?;
    pages::history(&app, &member, procedure, slot, documents)
}

pub async fn activity(member: Member, State(app): State<App>) -> Result<Response, Error> {
    let entries = app.store.activity(&member.who.citizen.id, 100).await?;
    pages::activity(&app, &member, entries)
}

/// A procedure the citizen is a member for.
pub async fn readable(app: &App, issuer: Issuer<'_>, id: &str) -> Result<(Procedure, Right), Error> {
    Ok(app.store.procedure(id, issuer.espace, issuer.citizen).await?.ok_or(Code::NotFound)?)
}

/// The same, and still active.
pub async fn active(app: &App, issuer: Issuer<'_>, id: &str) -> Result<(Procedure, Right), Error> {
    let (procedure, right) = readable(app, issuer, id).await?;
    if !procedure.active {
        return Err(Code::RightLost.into());
    }
    Ok((procedure, right))
}

async fn document(app: &App, member: &Member, id: &str) -> Result<Document, Error> {
    Ok(app.store.document(id, &member.espace.id, &member.who.citizen.id).await?.ok_or(Code::NotFound)?)
}

/// RFC 6266: a plain name for every browser, the true one in UTF-8 beside it.
fn disposition(document: &Document) -> String {
    let name = document.name.as_deref().unwrap_or(&document.document_type);
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(byte as char);
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}.pdf\"; filename*=UTF-8''{encoded}.pdf")
}
