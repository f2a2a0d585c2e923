//! The camera of an Android phone: CameraX, reached through the Kotlin plugin beside this.
//!
//! Commands go there as Tauri's plugin calls; frames and stills come from there through [`crate::jvm`]. Kotlin runs on the phone's
//! UI thread and calls wait for it: none of this from there.

use crate::{
    Camera, Clock, Error, Generation, Permission, Purpose, Session, camera::Controls, handed, jvm, platform::Platform,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{path::PathBuf, sync::Arc};
use tauri::{
    AppHandle, Runtime,
    plugin::{
        PluginApi, PluginHandle,
        mobile::{ErrorResponse, PluginInvokeError},
    },
};

/// Package and class in `android/src/main/java`.
const PACKAGE: &str = "lu.folio.camera";
const CLASS: &str = "CameraPlugin";

impl Camera {
    /// Frames of native cameras carry the sensor's own time, so the clock is not asked.
    pub(crate) fn new<R: Runtime>(
        _: &AppHandle<R>,
        api: PluginApi<R, ()>,
        session: Arc<Session>,
        _: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        // Before Kotlin is there to call.
        if !jvm::serve(Arc::clone(&session)) {
            tracing::error!("a second camera plugin: frames go to the first");
            return Err(Error::Unsupported);
        }
        let plugin = api.register_android_plugin(PACKAGE, CLASS).map_err(|error| {
            tracing::error!(%error, "registering the Kotlin plugin");
            Error::Unsupported
        })?;
        let native = CameraX { kotlin: plugin, session: Arc::clone(&session) };
        Ok(Camera { controls: Controls::new(session, Arc::new(native)) })
    }
}

struct CameraX<R: Runtime> {
    kotlin: PluginHandle<R>,
    session: Arc<Session>,
}

impl<R: Runtime> CameraX<R> {
    fn call<T: DeserializeOwned>(&self, command: &'static str, arguments: impl Serialize) -> Result<T, Error> {
        self.kotlin.run_mobile_plugin(command, arguments).map_err(|error| {
            let refused = match &error {
                PluginInvokeError::InvokeRejected(ErrorResponse { code, .. }) => code.as_deref(),
                _ => None,
            };
            match refused {
                Some("denied") => Error::Denied,
                Some("unsupported") => Error::Unsupported,
                Some("unavailable") => Error::Unavailable,
                Some("stopped") => Error::Stopped,
                Some("not_running") => Error::NotRunning,
                Some("busy") => Error::Busy,
                _ => {
                    tracing::warn!(%error, command, "the Kotlin plugin");
                    Error::NoPicture
                }
            }
        })
    }
}

impl<R: Runtime> Platform for CameraX<R> {
    fn permission(&self) -> Result<Permission, Error> {
        let Answer { permission } = self.call("permission", ())?;
        Ok(permission)
    }

    fn open(&self, session: Generation, purpose: Purpose) -> Result<(), Error> {
        self.call("open", Opening { session: session.number(), page: purpose == Purpose::Page })
    }

    fn close(&self) {
        // The log has said why; there is nothing more to be closed.
        let _ = self.call::<()>("close", ());
    }

    /// Kotlin answers through [`crate::jvm`] once it has accepted the order.
    fn shoot(&self, session: Generation) {
        if let Err(error) = self.call::<()>("shoot", Shot { session: session.number() }) {
            self.session.deliver(session, Err(error));
        }
    }

    fn set_torch(&self, on: bool) -> Result<(), Error> {
        self.call("torch", Switch { on })
    }

    /// The app writes into a file in our private cache, which other apps reach through this one permission alone.
    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error> {
        let Handed { path } = self.call("systemCamera", ())?;
        path.map(|path| handed::take(&path)).transpose()
    }

    fn open_settings(&self) -> Result<(), Error> {
        self.call("openSettings", ())
    }
}

#[derive(Deserialize)]
struct Answer {
    permission: Permission,
}

#[derive(Serialize)]
struct Opening {
    session: u64,
    page: bool,
}

#[derive(Serialize)]
struct Shot {
    session: u64,
}

#[derive(Serialize)]
struct Switch {
    on: bool,
}

/// Nothing in it when the person came back without a photo.
#[derive(Deserialize)]
struct Handed {
    path: Option<PathBuf>,
}
