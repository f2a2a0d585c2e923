//! The app put together without a display: what reaches the driver, and what leaves it.

use crate::{Launch, portals, protocols, shell};
use driver::Driver;
use tauri::{
    Manager, WebviewWindow,
    http::{Request, StatusCode, header},
    ipc::{CallbackFn, InvokeBody, InvokeResponseBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets},
    webview::InvokeRequest,
};

struct Stage {
    app: tauri::App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
    _data: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let launch = || Launch { data: Some(data.path().to_owned()), ..Launch::default() };
        let trusted = portals::parse(portals::BUILT_IN).unwrap();
        let sink = Default::default();
        let app = shell::plugged(mock_builder(), &sink).build(mock_context(noop_assets())).unwrap();
        shell::open(app.handle(), &launch(), trusted, &sink).unwrap();
        let window = tauri::WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
        Stage { app, window, _data: data }
    }

    fn invoke(&self, command: &str, payload: serde_json::Value) -> Result<InvokeResponseBody, serde_json::Value> {
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(payload),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.into(),
        };
        get_ipc_response(&self.window, request)
    }

    fn page(&self, path: &str) -> tauri::http::Response<Vec<u8>> {
        let request = Request::builder().uri(format!("page://localhost/{path}")).body(Vec::new()).unwrap();
        tauri::async_runtime::block_on(protocols::page_picture(self.app.handle(), &request))
    }
}

#[test]
fn an_intent_reaches_the_driver_and_what_is_none_is_refused() {
    let stage = Stage::new();
    let intent = |intent| stage.invoke("dispatch", serde_json::json!({ "intent": intent }));
    assert!(intent(serde_json::json!({ "type": "add_document" })).is_ok());
    assert!(intent(serde_json::json!({ "type": "format_disk" })).is_err());
    assert!(stage.app.try_state::<Driver>().is_some());
}

#[test]
fn a_picture_that_does_not_exist_is_not_found_and_nothing_is_cached() {
    let stage = Stage::new();
    for path in ["photo/0000000000000000?side=400", "", "../secrets", "photo/%2e%2e"] {
        let response = stage.page(path);
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(response.body().is_empty());
    }
}

#[test]
fn a_released_app_has_no_panel_for_testers() {
    let panel = Stage::new().invoke("tester_state", serde_json::json!({}));
    assert_eq!(panel.is_ok(), cfg!(feature = "demo"));
}
