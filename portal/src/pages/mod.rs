//! What a browser shows: the templates and the words, sizes and times they need. Decides nothing.

pub mod assets;
pub mod devices;
mod frame;
pub mod window;

use crate::{
    App,
    caller::{Anyone, Member, SignedIn},
    config::{Config, Site},
    error::Error,
    store::model::*,
    texts::Language,
    tickets::Issuer,
};
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use frame::{Frame, Tab};
use http::{HeaderValue, header};
use protocol::typed_code::TypedCode;
use window::{Shown, Window};

/// Holds the state of the login under way, so that it returns to the browser that left.
pub const LOGIN_COOKIE: &str = "login";

fn html(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
}

pub fn login(anyone: &Anyone) -> Result<Response, Error> {
    html(&LoginPage { frame: Frame::anyone(anyone, "portal.login.title") })
}

/// Remembers in this browser alone that a login has left for the provider.
pub fn bound_to_browser(config: &Config, state: &str, response: Response) -> Response {
    with_login_cookie(config, &format!("{state}; Max-Age=900"), response)
}

/// Forgets it again.
pub fn unbound(config: &Config, response: Response) -> Response {
    with_login_cookie(config, "; Max-Age=0", response)
}

fn with_login_cookie(config: &Config, value: &str, mut response: Response) -> Response {
    let secure = if config.https() { "; Secure" } else { "" };
    let cookie = format!("{LOGIN_COOKIE}={value}; Path=/login; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Template)]
#[template(path = "espaces.html")]
struct EspacesPage {
    frame: Frame,
    espaces: Vec<Espace>,
}

pub fn espaces(app: &App, who: &SignedIn, espaces: Vec<Espace>) -> Result<Response, Error> {
    html(&EspacesPage { frame: Frame::signed_in(app, who, "portal.espaces.title"), espaces })
}

#[derive(Template)]
#[template(path = "procedures.html")]
struct ProceduresPage {
    frame: Frame,
    procedures: Vec<Procedure>,
}

pub fn procedures(app: &App, member: &Member, procedures: Vec<Procedure>) -> Result<Response, Error> {
    html(&ProceduresPage { frame: Frame::member(app, member, "label.my_procedures", Tab::Procedures), procedures })
}

#[derive(Template)]
#[template(path = "procedure.html")]
struct ProcedurePage {
    frame: Frame,
    procedure: Procedure,
    slots: Vec<Slot>,
    editable: bool,
    shown: Shown,
}

/// A procedure with its documents and, beside them, the window.
pub async fn procedure(app: &App, member: &Member, id: &str, window: Window) -> Result<Response, Error> {
    let (procedure, right) = crate::procedures::readable(app, Issuer::of(member), id).await?;
    let slots = app.store.slots(id).await?;
    let types = app.store.document_types(id).await?;
    let mut frame = Frame::member(app, member, "", Tab::Procedures);
    frame.heading = procedure.title.clone();
    // A page that answers a form cannot be asked for again under the form's address.
    frame.path = window.address(id);
    let editable = procedure.active && right == Right::Edit;
    let shown = Shown::new(window, &frame, types, &slots);
    html(&ProcedurePage { frame, procedure, slots, editable, shown })
}

/// The same with the code; `typed` is shown this once.
pub async fn code(app: &App, member: &Member, ticket: &Ticket, typed: Option<&TypedCode>) -> Result<Response, Error> {
    let window = window::code(app, ticket, typed)?;
    procedure(app, member, &ticket.place.procedure, Window::Code(Box::new(window))).await
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    document: Document,
}

pub fn receipt(app: &App, member: &Member, document: Document) -> Result<Response, Error> {
    html(&ReceiptPage { frame: Frame::member(app, member, "portal.receipt.title", Tab::Procedures), document })
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    procedure: Procedure,
    slot: Slot,
    documents: Vec<Document>,
}

pub fn history(
    app: &App,
    member: &Member,
    procedure: Procedure,
    slot: Slot,
    documents: Vec<Document>,
) -> Result<Response, Error> {
    let frame = Frame::member(app, member, "portal.history.title", Tab::Procedures);
    html(&HistoryPage { frame, procedure, slot, documents })
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    frame: Frame,
    entries: Vec<ActivityEntry>,
}

pub fn activity(app: &App, member: &Member, entries: Vec<ActivityEntry>) -> Result<Response, Error> {
    html(&ActivityPage { frame: Frame::member(app, member, "portal.activity.title", Tab::Activity), entries })
}

#[derive(Template)]
#[template(path = "open.html")]
struct OpenPage {
    frame: Frame,
    link: bool,
}

/// What a phone's own camera app opens from a code: takes the secret out of the history and offers the app.
pub fn open_app(language: Language, site: &Site, link: bool) -> Result<Response, Error> {
    html(&OpenPage { frame: Frame::bare(language, site, "portal.open.title"), link })
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    frame: Frame,
    next: &'static str,
    login: bool,
    reference: Option<String>,
}

/// A page for what went wrong, with the next step; never a bare code.
pub fn trouble(site: &Site, language: Language, key: &str, reference: Option<String>) -> String {
    let frame = Frame::bare(language, site, &format!("portal.trouble.{key}.title"));
    let next = language.text(&format!("portal.trouble.{key}.next"));
    TroublePage { frame, next, login: key == "login", reference }.render().unwrap_or_default()
}
