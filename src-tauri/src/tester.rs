//! The tester's panel: what lies under the camera, what the file dialog answers, how the network is, and the end without warning.
//!
//! Only in builds with the `demo` feature. It changes the world around the app, never the app.

use crate::{Launch, picker};
use bytes::Bytes;
use driver::{
    Choice, Picker, Picking, Ports,
    client::{Net, NetError, Sending},
};
use serde::{Deserialize, Serialize};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tauri::{AppHandle, Manager, Runtime, State, http::Request};
use tauri_plugin_camera::{CameraExt, Table};
use tauri_plugin_fs::FilePath;

/// What a tester sees and sets. Empty: nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TesterState {
    /// Folder whose photos the simulated camera plays.
    photos: PathBuf,
    /// Picture that the camera sees while a code is looked for.
    code_picture: PathBuf,
    /// Files that the next file dialog is answered with, instead of being shown.
    files: Vec<PathBuf>,
    /// The camera's permission is refused.
    denied: bool,
    network: Weather,
}

/// What is to be set; the rest stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Change {
    photos: Option<PathBuf>,
    code_picture: Option<PathBuf>,
    files: Option<Vec<PathBuf>>,
    denied: Option<bool>,
    network: Option<Weather>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Weather {
    #[default]
    Normal,
    /// As on the edge of a mobile network.
    Slow,
    /// No connection.
    Cut,
}

#[tauri::command]
pub(crate) async fn tester_state<R: Runtime>(app: AppHandle<R>, world: State<'_, World>) -> Result<TesterState, ()> {
    Ok(state(&app, &world))
}

#[tauri::command]
pub(crate) async fn tester_set<R: Runtime>(
    app: AppHandle<R>,
    world: State<'_, World>,
    change: Change,
) -> Result<TesterState, ()> {
    let Change { photos, code_picture, files, denied, network } = change;
    let before = app.camera().table();
    let table = Table {
        photos: photos.map_or(before.photos.clone(), there),
        code_picture: code_picture.map_or(before.code_picture.clone(), there),
        denied: denied.unwrap_or(before.denied),
    };
    if table != before {
        app.camera().set_table(table);
    }
    if let Some(files) = files {
        *locked(&world.files) = files;
    }
    if let Some(network) = network {
        *locked(&world.weather) = network;
    }
    Ok(state(&app, &world))
}

/// Ends the app at once, as the system does when it needs the memory: nothing is put away.
#[tauri::command]
pub(crate) fn tester_kill() {
    std::process::abort();
}

/// The part of the world that is not the camera's.
#[derive(Clone, Default)]
pub(crate) struct World {
    files: Arc<Mutex<Vec<PathBuf>>>,
    weather: Arc<Mutex<Weather>>,
}

/// The same ports in a world that a tester can change.
pub(crate) fn under_test<R: Runtime>(app: &AppHandle<R>, launch: &Launch, ports: Ports) -> Ports {
    let world = World::default();
    app.manage(world.clone());
    app.camera().set_table(Table { photos: launch.photos.clone(), ..Table::default() });
    let net = UnsteadyNet { net: ports.net, weather: Arc::clone(&world.weather) };
    let picker = PresetPicker { app: app.clone(), files: world.files, picker: ports.picker };
    Ports { net: Arc::new(net), picker: Arc::new(picker), ..ports }
}

fn state<R: Runtime>(app: &AppHandle<R>, world: &World) -> TesterState {
    let table = app.camera().table();
    TesterState {
        photos: table.photos.unwrap_or_default(),
        code_picture: table.code_picture.unwrap_or_default(),
        files: locked(&world.files).clone(),
        denied: table.denied,
        network: *locked(&world.weather),
    }
}

fn there(path: PathBuf) -> Option<PathBuf> {
    (!path.as_os_str().is_empty()).then_some(path)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers with the preset files once; otherwise asks like any app.
struct PresetPicker<R: Runtime> {
    app: AppHandle<R>,
    files: Arc<Mutex<Vec<PathBuf>>>,
    picker: Arc<dyn Picker>,
}

impl<R: Runtime> Picker for PresetPicker<R> {
    fn pick(&self, choice: Choice) -> Picking<'_> {
        let files = std::mem::take(&mut *locked(&self.files));
        if files.is_empty() {
            return self.picker.pick(choice);
        }
        Box::pin(async move { files.into_iter().map(|file| picker::read(&self.app, FilePath::Path(file))).collect() })
    }
}

/// The real network behind bad weather.
struct UnsteadyNet {
    net: Arc<dyn Net>,
    weather: Arc<Mutex<Weather>>,
}

const SLOW_ANSWER: Duration = Duration::from_millis(700);
const SLOW_BYTES_A_SECOND: f64 = 96.0 * 1024.0;

impl Net for UnsteadyNet {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(async move {
            let mut weather = *locked(&self.weather);
            if weather == Weather::Slow {
                let bytes = request.body().len() as f64;
                tokio::time::sleep(SLOW_ANSWER + Duration::from_secs_f64(bytes / SLOW_BYTES_A_SECOND)).await;
                // It may have been cut meanwhile.
                weather = *locked(&self.weather);
            }
            if weather == Weather::Cut { Err(NetError::Unreachable) } else { self.net.send(request).await }
        })
    }
}
