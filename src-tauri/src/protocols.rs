//! Pictures for the web view. `page://localhost/PATH`: the citizen's, from the driver, never cached.
//! `preview://localhost/frame?n=N`: what the desktop's camera sees.
//!
//! Refuses to know what a path means.

use driver::{Driver, NotServed};
use tauri::{
    AppHandle, Manager, Runtime, UriSchemeContext, UriSchemeResponder,
    http::{Request, Response, StatusCode, header},
};

pub(crate) fn page<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    respond: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move { respond.respond(page_picture(&app, &request).await) });
}

pub(crate) async fn page_picture<R: Runtime>(app: &AppHandle<R>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    // Managed before the window is opened; a request can come no earlier.
    let Some(driver) = app.try_state::<Driver>() else { return nothing(StatusCode::NOT_FOUND) };
    let path = request.uri().path_and_query().map_or("", |path| path.as_str()).trim_start_matches('/');
    match driver.picture(path).await {
        Ok(served) => picture(served.mime, served.bytes.to_vec()),
        Err(NotServed::Locked) => nothing(StatusCode::FORBIDDEN),
        Err(NotServed::NotFound) => nothing(StatusCode::NOT_FOUND),
        Err(NotServed::Failed) => nothing(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

#[cfg(desktop)]
pub(crate) fn preview<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    respond: UriSchemeResponder,
) {
    use tauri_plugin_camera::CameraExt;
    let app = context.app_handle().clone();
    let number = request.uri().query().and_then(|query| query.strip_prefix("n=")).and_then(|n| n.parse().ok());
    tauri::async_runtime::spawn(async move {
        let frame = app.camera().preview(number.unwrap_or(0)).await;
        respond.respond(frame.map_or_else(|| nothing(StatusCode::NOT_FOUND), |jpeg| picture("image/jpeg", jpeg)));
    });
}

fn picture(mime: &'static str, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = nothing(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(mime));
    *response.body_mut() = bytes;
    response
}

fn nothing(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}
