//! The app put together without a display: what reaches the driver, and what leaves it.

use crate::{Launch, commands::Listener, portals, protocols, shared, shell};
use driver::{
    Driver,
    journey::{Frame, Intent, Shown, Trouble, View, view::Notice},
    protocol::Reason,
};
use std::sync::mpsc;
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
        let app = shell::plugged(mock_builder(), &launch(), &sink).build(mock_context(noop_assets())).unwrap();
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

/// The system ended the process that draws: the page is loaded again and asks again.
#[test]
fn screens_that_are_loaded_again_begin_where_they_were() {
    let stage = Stage::new();
    let (driver, listener) = (stage.app.state::<Driver>(), stage.app.state::<Listener>());
    let listen = || {
        let (said, hears) = mpsc::channel();
        listener.listen(&driver, move |frame| said.send(frame).is_ok());
        hears
    };
    let first = listen();
    driver.dispatch(Intent::AddDocument);
    let intro = |frame: &Frame| matches!(frame.shown, Shown::Open { view: View::Intro, .. });
    let shown = first.iter().find(intro).expect("told before it ends");
    let second = listen();
    assert_eq!(second.recv().unwrap(), shown, "at once, without anything that happens");
    driver.dispatch(Intent::Back);
    let home = second.iter().find(|frame| !intro(frame)).expect("told before it ends");
    assert!(home.revision > shown.revision);
    assert!(first.iter().all(|frame| frame.revision <= shown.revision), "nobody tells the page that is gone");
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

#[test]
fn a_shared_file_reaches_the_driver_and_the_systems_copy_of_it_is_deleted() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("Documents/Inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let copy = inbox.join("letter.pdf");
    std::fs::write(&copy, b"no PDF").unwrap();
    let driver = stage.app.state::<Driver>();
    let (said, hears) = mpsc::channel();
    stage.app.state::<Listener>().listen(&driver, move |frame| said.send(frame).is_ok());
    let urls = ["https://link.folio.example/t#secret".to_owned(), format!("file://{}", copy.display())];
    shared::opened(stage.app.handle(), urls.iter().map(|url| url.parse().unwrap()).collect());
    let told = hears.iter().find_map(|frame| match frame.shown {
        Shown::Open { notice: Some(Notice::Trouble { trouble }), .. } => Some(trouble),
        _ => None,
    });
    assert_eq!(told, Some(Trouble::File { reason: Reason::NotPdf }));
    assert!(!copy.exists());
}
