//! Puts the app together: plugins, protocols, ports, the driver, one window.

use crate::{background, commands, hardware::AppHardware, picker, portals, ports, protocols, screen, sink::DriverSink};
use anyhow::Context;
use driver::{Driver, Ports, SystemClock, SystemRng, protocol::Portal};
use std::{path::PathBuf, sync::Arc};
use tauri::{AppHandle, Builder, Manager, RunEvent, Runtime, Wry, async_runtime, plugin::TauriPlugin};

/// What an app is started with; nothing of it in a released app.
#[derive(Debug, Default)]
pub struct Launch {
    /// The folder for everything the app keeps, instead of the system's.
    pub data: Option<PathBuf>,
    /// The text of a `portals.toml` instead of the built-in one.
    pub portals: Option<String>,
    /// The folder of the simulated camera.
    pub photos: Option<PathBuf>,
    /// The machine's own camera instead of the simulated one, in a desktop build with the feature `webcam`.
    pub webcam: bool,
}

/// Runs the app until its window is closed.
pub fn run_with(launch: Launch) -> anyhow::Result<()> {
    let portals = portals::parse(launch.portals.as_deref().unwrap_or(portals::BUILT_IN))?;
    let context = tauri::generate_context!();
    let app = builder(launch, portals).build(context).context("the app's window")?;
    app.run(|app, event| match event {
        RunEvent::Exit => {
            if let Some(driver) = app.try_state::<Driver>() {
                async_runtime::block_on(driver.inner().clone().shutdown());
            }
        }
        #[cfg(target_os = "ios")]
        RunEvent::Opened { urls } => crate::shared::opened(app, urls),
        _ => {}
    });
    Ok(())
}

/// The app with its start: once it runs, the driver does, and the window opens.
fn builder(launch: Launch, portals: Vec<Portal>) -> Builder<Wry> {
    let sink = Arc::new(DriverSink::default());
    plugged(Builder::new(), &launch, &sink).setup(move |app| {
        // An error returned from here would be a panic, on a phone across a foreign boundary.
        if let Err(error) = open(app.handle(), &launch, portals, &sink) {
            tracing::error!("Folio cannot start: {error:#}");
            app.handle().exit(1);
        }
        Ok(())
    })
}

/// Plugins, protocols and commands: everything that needs no display and no driver.
pub(crate) fn plugged<R: Runtime>(builder: Builder<R>, launch: &Launch, sink: &Arc<DriverSink>) -> Builder<R> {
    let builder = builder
        .plugin(camera(launch, sink))
        .plugin(tauri_plugin_device::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_fs::init())
        .manage(commands::Listener::default())
        .register_asynchronous_uri_scheme_protocol("page", protocols::page);
    #[cfg(desktop)]
    let builder = builder.register_asynchronous_uri_scheme_protocol("preview", protocols::preview);
    // The system may end the process that draws; what it drew is asked for again. On Android: `Renderer.kt` of the device plugin.
    #[cfg(target_os = "ios")]
    let builder = builder.on_web_content_process_terminate(|web_view| {
        tracing::warn!("the web view's process is gone");
        if let Err(error) = web_view.reload() {
            tracing::error!(%error, "the screens cannot be loaded again");
        }
    });
    #[cfg(mobile)]
    let builder = builder.plugin(tauri_plugin_barcode_scanner::init()).plugin(tauri_plugin_deep_link::init());
    // No screen may call it: it holds the device plugin's sensor.
    #[cfg(target_os = "android")]
    let builder = builder.plugin(tauri_plugin_biometric::init());
    #[cfg(not(feature = "demo"))]
    let builder = builder.invoke_handler(tauri::generate_handler![commands::dispatch, commands::subscribe]);
    #[cfg(feature = "demo")]
    let builder = builder.invoke_handler(tauri::generate_handler![
        commands::dispatch,
        commands::subscribe,
        crate::tester::tester_state,
        crate::tester::tester_set,
        crate::tester::tester_kill,
    ]);
    builder
}

fn camera<R: Runtime>(launch: &Launch, sink: &Arc<DriverSink>) -> TauriPlugin<R> {
    let (sink, clock) = (Arc::clone(sink) as _, ports::camera_clock());
    match launch.webcam {
        #[cfg(all(desktop, feature = "webcam"))]
        true => tauri_plugin_camera::init_webcam(sink, clock),
        _ => tauri_plugin_camera::init(sink, clock),
    }
}

/// Starts the driver, then opens what shows it.
pub(crate) fn open<R: Runtime>(
    app: &AppHandle<R>,
    launch: &Launch,
    portals: Vec<Portal>,
    sink: &DriverSink,
) -> anyhow::Result<()> {
    let driver = start(app, launch, portals)?;
    sink.connect(driver.clone());
    screen::guard(app, &driver);
    background::keep(app, &driver);
    // Before the window: what started the app is told when its web view is there.
    #[cfg(mobile)]
    crate::links::follow(app, &driver);
    #[cfg(target_os = "android")]
    crate::shared::follow(app, &driver);
    app.manage(driver);
    // Only now, so that no screen asks before there is somebody to answer.
    for window in &app.config().app.windows {
        tauri::WebviewWindowBuilder::from_config(app, window)?.build()?;
    }
    Ok(())
}

fn start<R: Runtime>(app: &AppHandle<R>, launch: &Launch, portals: Vec<Portal>) -> anyhow::Result<Driver> {
    let data = launch.data.clone().map_or_else(|| app.path().app_data_dir(), Ok)?;
    let ports = Ports {
        net: ports::net()?,
        secrets: ports::secrets(app, launch, &data)?,
        clock: Arc::new(SystemClock),
        rng: Arc::new(SystemRng),
        picker: Arc::new(picker::SystemPicker(app.clone())),
        device: Arc::new(ports::AppDevice(app.clone())),
        hardware: Arc::new(AppHardware(app.clone())),
    };
    #[cfg(feature = "demo")]
    let ports = crate::tester::under_test(app, launch, ports);
    Ok(async_runtime::block_on(driver::start(&data, portals, ports))?)
}
