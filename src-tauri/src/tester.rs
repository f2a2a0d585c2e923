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
use tauri_plugin_device::{Answer, DeviceExt, Simulation};
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
    /// What the simulated sensor answers.
    sensor: Answer,
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
    sensor: Option<Answer>,
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
    let Change { photos, code_picture, files, denied, network, sensor } = change;
    let before = app.camera().table();
    let table = Table {
        photos: photos.map_or(before.photos.clone(), there),
        code_picture: code_picture.map_or(before.code_picture.clone(), there),
        denied: denied.unwrap_or(before.denied),
    };
    if table != before {
        app.camera().set_table(table);
    }
    if let Some(answer) = sensor {
        app.device().set_simulation(Simulation { answer, ..app.device().simulation() });
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
    let folder = launch.data.as_ref().map(|data| data.join("simulated-hardware"));
    app.device().set_simulation(Simulation { folder, ..app.device().simulation() });
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
        sensor: app.device().simulation().answer,
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

#[cfg(test)]
mod tests {
    use super::*;
    use driver::{MAX_FILE_BYTES, PickError, PickedFile};
    use tauri::{http::Response, test::MockRuntime};

    /// Answers everything at once.
    struct Answers;

    impl Net for Answers {
        fn send(&self, _: Request<Bytes>) -> Sending<'_> {
            Box::pin(async { Ok(Response::new(Bytes::from_static(b"answer"))) })
        }
    }

    /// A person who cancels.
    struct Cancels;

    impl Picker for Cancels {
        fn pick(&self, _: Choice) -> Picking<'_> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    fn unsteady(weather: Weather) -> UnsteadyNet {
        UnsteadyNet { net: Arc::new(Answers), weather: Arc::new(Mutex::new(weather)) }
    }

    fn request(bytes: usize) -> Request<Bytes> {
        Request::new(Bytes::from(vec![0; bytes]))
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_network_takes_its_time_for_every_byte() {
        let took = async |weather, bytes| {
            let before = tokio::time::Instant::now();
            unsteady(weather).send(request(bytes)).await.unwrap();
            before.elapsed()
        };
        assert_eq!(took(Weather::Normal, 1 << 20).await, Duration::ZERO);
        assert_eq!(took(Weather::Slow, 0).await, SLOW_ANSWER);
        assert!(took(Weather::Slow, 1 << 20).await > Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cut_reaches_what_is_on_its_way() {
        assert_eq!(unsteady(Weather::Cut).send(request(0)).await.unwrap_err(), NetError::Unreachable);
        let net = unsteady(Weather::Slow);
        let cut = async {
            tokio::time::sleep(SLOW_ANSWER / 2).await;
            *locked(&net.weather) = Weather::Cut;
        };
        let (sent, ()) = tokio::join!(net.send(request(0)), cut);
        assert_eq!(sent.unwrap_err(), NetError::Unreachable);
    }

    #[tokio::test]
    async fn preset_files_answer_one_dialog_and_too_large_ones_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (paper, heap) = (folder.path().join("paper.pdf"), folder.path().join("heap.pdf"));
        std::fs::write(&paper, b"%PDF").unwrap();
        std::fs::File::create(&heap).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
        let app = tauri::test::mock_builder().plugin(tauri_plugin_fs::init());
        let app = app.build(tauri::test::mock_context(tauri::test::noop_assets())).unwrap();
        let preset = |files| PresetPicker::<MockRuntime> {
            app: app.handle().clone(),
            files: Arc::new(Mutex::new(files)),
            picker: Arc::new(Cancels),
        };
        let picker = preset(vec![paper]);
        let picked = PickedFile { name: "paper.pdf".into(), bytes: b"%PDF".to_vec() };
        assert!(picker.pick(Choice::Document).await == Ok(vec![picked]));
        assert!(picker.pick(Choice::Document).await == Ok(Vec::new()), "the next dialog is a real one");
        assert!(preset(vec![heap]).pick(Choice::Document).await == Err(PickError::TooLarge));
        let gone = preset(vec![folder.path().join("gone.pdf")]);
        assert!(gone.pick(Choice::Document).await == Err(PickError::Failed));
    }

    #[test]
    fn a_change_names_only_what_is_there() {
        let change: Change = serde_json::from_str(r#"{"network":"cut","denied":true}"#).unwrap();
        assert_eq!((change.network, change.denied), (Some(Weather::Cut), Some(true)));
        assert!(change.photos.is_none() && change.files.is_none() && change.code_picture.is_none());
        assert!(serde_json::from_str::<Change>(r#"{"photo":"misspelt"}"#).is_err());
    }
}
