//! The device of an Android phone: what only Kotlin can reach, asked for from here.
//!
//! Kotlin runs on the phone's UI thread and calls wait for it: none of this from there.

mod hardware;

use crate::{Error, Haptic, Hardware, Work};
use base64::{Engine, engine::general_purpose::STANDARD};
use hardware::AndroidHardware;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use tauri::{
    AppHandle, Runtime,
    ipc::{Channel, InvokeResponseBody},
    plugin::{
        PluginApi, PluginHandle,
        mobile::{ErrorResponse, PluginInvokeError},
    },
};

/// Package and class in `android/src/main/java`.
const PACKAGE: &str = "lu.folio.device";
const CLASS: &str = "DevicePlugin";

/// Bytes. Twice what phones' cameras make of 48 megapixels.
const MAX_PICTURE: usize = 24 << 20;

pub struct Device<R: Runtime> {
    kotlin: Kotlin<R>,
    model: String,
    hardware: Arc<AndroidHardware<R>>,
}

impl<R: Runtime> Device<R> {
    pub(crate) fn new(app: &AppHandle<R>, api: PluginApi<R, ()>) -> Result<Self, Error> {
        let plugin = api.register_android_plugin(PACKAGE, CLASS);
        let kotlin = Kotlin(plugin.map_err(|error| Error::failed("registering the Kotlin plugin", &error))?);
        let Model { model } = kotlin.call("model", ())?;
        let hardware = Arc::new(AndroidHardware::new(app.clone(), kotlin.clone()));
        Ok(Device { kotlin, model, hardware })
    }

    /// Maker and model, as on the box.
    pub fn model(&self) -> String {
        self.model.clone()
    }

    pub fn keep_awake(&self, on: bool) -> Result<(), Error> {
        self.kotlin.call("keepAwake", Switch { on })
    }

    /// Silent where the person has switched touch feedback off.
    pub fn haptic(&self, kind: Haptic) -> Result<(), Error> {
        self.kotlin.call("haptic", kind_of(kind))
    }

    /// Has the page told once more what is covered and how large text shall be; changes it is told of anyway.
    pub fn insets(&self) -> Result<(), Error> {
        self.kotlin.call("insets", ())
    }

    /// Whether the page is dark below the system's bars.
    pub fn appearance(&self, dark: bool) -> Result<(), Error> {
        self.kotlin.call("appearance", Appearance { dark })
    }

    /// Nothing of the screen in screenshots and recordings; the list of recent apps never shows anything of this one.
    pub fn secure_screen(&self, on: bool) -> Result<(), Error> {
        self.kotlin.call("secureScreen", Switch { on })
    }

    /// A picture in any format that the system reads, as an upright JPEG of at most 6000 pixels a side. Blocks as long as decoding
    /// takes. [`Error::Unsupported`] where the system reads no picture in it, and before Android 9.
    ///
    /// Both pictures pass through text in this process's memory, several times their size: none larger than 24 MiB is tried.
    pub fn decode_picture(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        if bytes.len() > MAX_PICTURE {
            return Err(Error::Unsupported);
        }
        let Picture { picture } = self.kotlin.call("decodePicture", Picture { picture: STANDARD.encode(bytes) })?;
        STANDARD.decode(picture).map_err(|error| Error::failed("reading a decoded picture", &error))
    }

    /// Keeps the process running out of sight for as long as there is work. Any number of times: what it is told, it shows.
    pub fn background_time(&self, work: Option<&Work>) -> Result<(), Error> {
        match work {
            Some(work) => self.kotlin.call("keepWorking", work),
            None => self.kotlin.call("stopWorking", ()),
        }
    }

    /// From now on tells the addresses of what other apps share, those that started this app included. They are another app's word:
    /// whoever reads there asks first whether it may.
    pub fn on_shared(&self, told: impl Fn(Vec<String>) + Send + Sync + 'static) -> Result<(), Error> {
        let listener = Channel::new(move |said| {
            if let InvokeResponseBody::Json(said) = said {
                match serde_json::from_str::<Shared>(&said) {
                    Ok(shared) => told(shared.addresses),
                    Err(error) => tracing::error!(%error, "what was shared cannot be understood"),
                }
            }
            Ok(())
        });
        self.kotlin.call("listenForShared", Listener { listener })
    }

    /// Android's Keystore, and `tauri-plugin-biometric`, which the shell installs beside this one.
    pub fn hardware(&self) -> Arc<dyn Hardware> {
        Arc::clone(&self.hardware) as _
    }
}

/// The plugin's native part.
struct Kotlin<R: Runtime>(PluginHandle<R>);

impl<R: Runtime> Clone for Kotlin<R> {
    fn clone(&self) -> Self {
        Kotlin(self.0.clone())
    }
}

impl<R: Runtime> Kotlin<R> {
    fn call<T: DeserializeOwned>(&self, command: &'static str, arguments: impl Serialize) -> Result<T, Error> {
        self.0.run_mobile_plugin(command, arguments).map_err(|error| match &error {
            PluginInvokeError::InvokeRejected(ErrorResponse { code: Some(code), .. }) if code == "unsupported" => {
                Error::Unsupported
            }
            PluginInvokeError::InvokeRejected(ErrorResponse { code: Some(code), .. }) if code == "nothing" => {
                Error::Nothing
            }
            _ => Error::failed(command, &error),
        })
    }
}

#[derive(serde::Deserialize)]
struct Model {
    model: String,
}

#[derive(Serialize, serde::Deserialize)]
struct Picture {
    /// Base64.
    picture: String,
}

#[derive(Serialize)]
struct Listener {
    listener: Channel,
}

#[derive(serde::Deserialize)]
struct Shared {
    addresses: Vec<String>,
}

#[derive(Serialize)]
struct Switch {
    on: bool,
}

#[derive(Serialize)]
struct Appearance {
    dark: bool,
}

#[derive(Serialize)]
struct Kind {
    kind: &'static str,
}

fn kind_of(haptic: Haptic) -> Kind {
    let kind = match haptic {
        Haptic::Tick => "tick",
        Haptic::Success => "success",
        Haptic::Warning => "warning",
    };
    Kind { kind }
}
