//! Every address of the portal in one table: method, path, who may call, how much it may send, which class its rate
//! belongs to.
//!
//! The table builds the router; the tests walk it.

use crate::{
    App, apps,
    auth::login,
    caller::Anyone,
    devices,
    error::{self, Error},
    espaces, headers, linked, links, live, pages,
    pages::assets,
    possession, procedures, redeem,
    texts::Language,
    tickets, uploads,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State, rejection::FormRejection},
    handler::Handler,
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use http::{HeaderValue, Method, StatusCode, header};
use protocol::limits;
use serde::Deserialize;

/// Who a route is for; the handler's first argument holds it to this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anyone,
    SignedIn,
    /// Signed in, in an eSpace that is still theirs.
    Member,
    /// A phone that proves a key.
    Proof,
    /// A phone that proves the key of the upload in the path.
    Upload,
    /// A linked phone that proves the key of its token.
    Linked,
}

/// Routes of one class cost alike, so whoever sheds load asks for the class, never for the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    Page,
    Login,
    Redeem,
    Bytes,
}

pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub caller: Caller,
    /// Bytes of a body.
    pub body: usize,
    pub rate: Rate,
    handler: MethodRouter<App>,
}

const FORM: usize = 16 * 1024;

impl Route {
    fn new<T: 'static>(
        (method, path): (Method, &'static str),
        caller: Caller,
        (body, rate): (usize, Rate),
        handler: impl Handler<T, App>,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        Self { method, path, caller, body, rate, handler: on(filter, handler) }
    }
}

/// All routes.
pub fn table() -> Vec<Route> {
    use Caller::{Anyone, Member, SignedIn};
    let get = |path| (Method::GET, path);
    let post = |path| (Method::POST, path);
    let read = (0, Rate::Page);
    let form = (FORM, Rate::Page);
    // Room for a file that is too large: it is read to its end so that the refusal reaches the citizen.
    let upload = (5 * limits::DOCUMENT_BYTES as usize, Rate::Bytes);
    let mut table = vec![
        Route::new(get("/"), Anyone, read, home),
        Route::new(post("/language"), Anyone, form, language),
        Route::new(get("/login"), Anyone, read, login::page),
        Route::new(post("/login/luxtrust"), Anyone, (FORM, Rate::Login), login::by_luxtrust),
        Route::new(post("/login/eid"), Anyone, (FORM, Rate::Login), login::by_eid),
        Route::new(get("/login/callback"), Anyone, (0, Rate::Login), login::callback),
        Route::new(post("/logout"), SignedIn, form, login::logout),
        Route::new(get("/espaces"), SignedIn, read, espaces::page),
        Route::new(post("/espaces"), SignedIn, form, espaces::choose),
        Route::new(get("/procedures"), Member, read, procedures::list),
        Route::new(get("/procedures/{id}"), Member, read, procedures::show),
        Route::new(get("/procedures/{id}/add"), Member, read, procedures::add),
        Route::new(get("/procedures/{id}/add/by/{by}"), Member, read, procedures::add_by),
        Route::new(get("/procedures/{id}/slots/{slot}"), Member, read, procedures::attach),
        Route::new(get("/procedures/{id}/slots/{slot}/by/{by}"), Member, read, procedures::attach_by),
        Route::new(get("/procedures/{id}/slots/{slot}/history"), Member, read, procedures::history),
        Route::new(post("/procedures/{id}/documents"), Member, upload, procedures::upload),
        Route::new(post("/procedures/{id}/tickets"), Member, form, tickets::make),
        Route::new(get("/procedures/{id}/tickets/{ticket}"), Member, read, tickets::show),
        Route::new(post("/procedures/{id}/tickets/{ticket}/extend"), Member, form, tickets::extend),
        Route::new(post("/procedures/{id}/tickets/{ticket}/renew"), Member, form, tickets::renew),
        Route::new(post("/procedures/{id}/tickets/{ticket}/typed"), Member, form, tickets::typed),
        Route::new(post("/procedures/{id}/tickets/{ticket}/cancel"), Member, form, tickets::cancel),
        Route::new(post("/procedures/{id}/tickets/{ticket}/disconnect"), Member, form, tickets::disconnect),
        Route::new(get("/documents/{id}"), Member, (0, Rate::Bytes), procedures::download),
        Route::new(get("/documents/{id}/receipt"), Member, read, procedures::receipt),
        Route::new(get("/devices"), SignedIn, read, devices::list),
        Route::new(post("/devices/links"), SignedIn, form, devices::make),
        Route::new(get("/devices/links/{id}"), SignedIn, read, devices::show),
        Route::new(post("/devices/links/{id}/pick"), SignedIn, form, devices::pick),
        Route::new(post("/devices/links/{id}/cancel"), SignedIn, form, devices::cancel),
        Route::new(get("/devices/{id}/unlink"), SignedIn, read, devices::ask_unlink),
        Route::new(post("/devices/{id}/unlink"), SignedIn, form, devices::unlink),
        Route::new(post("/devices/{id}/seen"), SignedIn, form, devices::seen),
        Route::new(get("/activity"), Member, read, procedures::activity),
        Route::new(get("/assets/{file}"), Anyone, read, asset),
    ];
    table.extend(phone_routes());
    table
}

/// The routes of the phone and the events of the computer.
fn phone_routes() -> Vec<Route> {
    use Caller::{Anyone, Linked, Member, Proof, Upload};
    use protocol::routes::{
        COMPLETE, DECLINE, DEVICE, FILE, LINK, LINK_CONFIRM, LINK_DECLINE, LINK_FINISH, LINK_REDEEM, OVERVIEW, PAGES,
        PORTAL, REDEEM, SLOT, TICKETS, TOKEN, UPLOAD,
    };
    let read = (0, Rate::Page);
    let json = (limits::JSON_BYTES, Rate::Page);
    let bytes = (limits::DOCUMENT_BYTES as usize, Rate::Bytes);
    let redeem = (limits::JSON_BYTES, Rate::Redeem);
    vec![
        Route::new((Method::GET, PORTAL), Anyone, read, redeem::portal_info),
        Route::new((Method::POST, REDEEM), Proof, redeem, redeem::redeem),
        Route::new((Method::GET, UPLOAD), Upload, read, uploads::state),
        Route::new((Method::POST, DECLINE), Upload, read, uploads::decline),
        Route::new((Method::POST, PAGES), Upload, json, uploads::pages),
        Route::new((Method::OPTIONS, FILE), Anyone, read, uploads::options),
        Route::new((Method::POST, FILE), Upload, bytes, uploads::create),
        Route::new((Method::HEAD, FILE), Upload, read, uploads::head),
        Route::new((Method::PATCH, FILE), Upload, bytes, uploads::patch),
        Route::new((Method::DELETE, FILE), Upload, read, uploads::discard),
        Route::new((Method::POST, COMPLETE), Upload, json, uploads::complete),
        Route::new((Method::POST, SLOT), Upload, json, uploads::slot),
        Route::new((Method::POST, LINK_REDEEM), Proof, redeem, links::redeem),
        Route::new((Method::GET, LINK), Proof, read, links::state),
        Route::new((Method::POST, LINK_CONFIRM), Proof, read, links::confirm),
        Route::new((Method::POST, LINK_DECLINE), Proof, read, links::decline),
        Route::new((Method::POST, LINK_FINISH), Proof, json, links::finish),
        Route::new((Method::POST, TOKEN), Proof, (FORM, Rate::Redeem), linked::token),
        Route::new((Method::GET, OVERVIEW), Linked, read, linked::overview),
        Route::new((Method::POST, TICKETS), Linked, json, linked::make_ticket),
        Route::new((Method::DELETE, DEVICE), Proof, read, linked::unlink),
        Route::new((Method::GET, "/procedures/{id}/events"), Member, read, live::events),
    ]
}

/// The whole portal: this host's pages and API, the link host's one page and what makes phones trust an app with it, nothing for any other host.
pub fn router(app: App) -> Router {
    let mut pages = Router::new();
    for route in table() {
        let mut handler = route.handler.layer(DefaultBodyLimit::max(route.body));
        if matches!(route.caller, Caller::Proof | Caller::Upload | Caller::Linked) {
            handler = handler.layer(middleware::from_fn_with_state(app.clone(), possession::hand_out_nonce));
        }
        pages = pages.route(route.path, handler);
    }
    let pages = pages.fallback(nothing).method_not_allowed_fallback(nothing).with_state(app.clone());
    let links = Router::new()
        .route(
            "/t",
            on(MethodFilter::GET, async |anyone: Anyone| pages::open_app(anyone.language, &anyone.site, false)),
        )
        .route("/l", on(MethodFilter::GET, async |anyone: Anyone| pages::open_app(anyone.language, &anyone.site, true)))
        .route("/assets/{file}", on(MethodFilter::GET, asset))
        .route(apps::ANDROID, on(MethodFilter::GET, apps::android))
        .route(apps::IOS, on(MethodFilter::GET, apps::ios))
        .fallback(nothing)
        .with_state(app.clone());
    let by_host = move |State(app): State<App>, request: Request| {
        let (pages, links) = (pages.clone(), links.clone());
        async move {
            let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
            let host = named.to_ascii_lowercase();
            if host == authority(&app.config.public_origin) {
                call(pages, request).await
            } else if host == authority(&app.config.link_origin) {
                call(links, request).await
            } else {
                StatusCode::MISDIRECTED_REQUEST.into_response()
            }
        }
    };
    Router::new()
        .fallback(by_host)
        .with_state(app.clone())
        .layer(middleware::from_fn_with_state(app.clone(), error::tell))
        .layer(middleware::from_fn_with_state(app, headers::secure))
}

async fn call(router: Router, request: Request) -> Response {
    use tower::ServiceExt;
    router.oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// Host and port as a browser's `Host` header writes them.
fn authority(origin: &url::Url) -> String {
    let host = origin.host_str().unwrap_or_default();
    origin.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// An address or method we do not have.
async fn nothing(request: Request) -> Response {
    let nothing = Error::from(protocol::Code::NotFound);
    if request.uri().path().starts_with("/api/") {
        error::ApiError(nothing).into_response()
    } else {
        nothing.into_response()
    }
}

async fn home(anyone: Anyone) -> Redirect {
    Redirect::to(match anyone.session {
        None => "/login",
        Some(session) if session.espace.is_none() => "/espaces",
        Some(_) => "/procedures",
    })
}

async fn asset(_: Anyone, request: Request) -> Result<Response, Error> {
    Ok(assets::find(request.uri().path()).ok_or(protocol::Code::NotFound)?)
}

#[derive(Deserialize)]
struct LanguageForm {
    language: String,
    back: String,
}

/// A path of ours, without a second slash that would name another host; else the beginning.
pub fn ours(back: &str) -> &str {
    if back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') { back } else { "/" }
}

/// Harmless without a token: it changes nothing but a cookie about the page's language.
async fn language(
    _: Anyone,
    State(app): State<App>,
    form: Result<axum::Form<LanguageForm>, FormRejection>,
) -> Result<Response, Error> {
    let axum::Form(form) = form.map_err(|_| protocol::Code::BadRequest)?;
    let language = Language::from_tag(&form.language).ok_or(protocol::Code::BadRequest)?;
    let mut response = Redirect::to(ours(&form.back)).into_response();
    let secure = if app.config.https() { "; Secure" } else { "" };
    let cookie = format!("language={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", language.tag());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
