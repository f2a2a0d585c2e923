//! The device of an Android phone: what only Kotlin can reach, asked for from here.
//!
//! Kotlin runs on the phone's UI thread and calls wait for it: none of this from there.

mod hardware;

use crate::{Error, Haptic, Hardware};
use hardware::AndroidHardware;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use tauri::{
    AppHandle, Runtime,
    plugin::{
        PluginApi, PluginHandle,
        mobile::{ErrorResponse, PluginInvokeError},
    },
};

/// Package and class in `android/src/main/java`.
const PACKAGE: &str = "lu.folio.device";
const CLASS: &str = "DevicePlugin";

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

    pub fn decode_picture(&self, _bytes: &[u8]) -> Result<Vec<u8>, Error> {
        Err(Error::Unsupported)
    }

    pub fn background_time(&self, _on: bool) -> Result<(), Error> {
        Err(Error::Unsupported)
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
