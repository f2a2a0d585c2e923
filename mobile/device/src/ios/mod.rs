//! The device of an iPhone or iPad: UIKit on the main thread, what is secret in the Secure Enclave and the keychain.
//!
//! All in Rust. Face ID needs `NSFaceIDUsageDescription` in the app's `Info.plist`.

#[expect(unsafe_code, reason = "UIKit's constants are foreign statics")]
mod background;
#[expect(unsafe_code, reason = "UIKit's notifications are given a block")]
mod cover;
#[expect(unsafe_code, reason = "the Secure Enclave is asked through Core Foundation's names")]
mod enclave;
#[expect(unsafe_code, reason = "ImageIO is asked through Core Foundation's names")]
mod picture;
#[expect(unsafe_code, reason = "LocalAuthentication speaks Objective-C")]
mod sensor;

use crate::{Biometry, Error, Haptic, Hardware, Keeper, Prompt, PublicKey, Work};
use objc2::MainThreadMarker;
use objc2_ui_kit::{
    UIApplication, UIDevice, UINotificationFeedbackGenerator, UINotificationFeedbackType, UISelectionFeedbackGenerator,
};
use sensor::Sensor;
use std::sync::Arc;
use tauri::{AppHandle, Runtime, plugin::PluginApi};
use zeroize::Zeroizing;

/// What the keychain files this plugin's things under, beside those of the app's store.
const SERVICE: &str = "lu.folio.device";

pub struct Device<R: Runtime> {
    app: AppHandle<R>,
    model: String,
    hardware: Arc<AppleHardware>,
}

impl<R: Runtime> Device<R> {
    pub(crate) fn new(app: &AppHandle<R>, _: PluginApi<R, ()>) -> Result<Self, Error> {
        // Plugins are set up on the main thread.
        let main = MainThreadMarker::new();
        if let Some(main) = main {
            cover::while_away(main);
        }
        let model = main.map(|main| UIDevice::currentDevice(main).model().to_string());
        let model = model.unwrap_or_else(|| "iPhone".to_owned());
        Ok(Device { app: app.clone(), model, hardware: Arc::default() })
    }

    /// 'iPhone' or 'iPad': the system tells apps no more that an owner would recognise.
    pub fn model(&self) -> String {
        self.model.clone()
    }

    pub fn keep_awake(&self, on: bool) -> Result<(), Error> {
        self.on_main(move |main| UIApplication::sharedApplication(main).setIdleTimerDisabled(on))
    }

    /// Silent where the person has switched it off.
    pub fn haptic(&self, kind: Haptic) -> Result<(), Error> {
        self.on_main(move |main| {
            let notify = |what| UINotificationFeedbackGenerator::new(main).notificationOccurred(what);
            match kind {
                Haptic::Tick => UISelectionFeedbackGenerator::new(main).selectionChanged(),
                Haptic::Success => notify(UINotificationFeedbackType::Success),
                Haptic::Warning => notify(UINotificationFeedbackType::Warning),
            }
        })
    }

    /// Does nothing: WebKit tells the page what is covered and how large text shall be.
    pub fn insets(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Does nothing: the signs on the status bar follow the system's appearance. To override it for a window would tell the page that
    /// the system is dark, which the page asks for its own.
    pub fn appearance(&self, _dark: bool) -> Result<(), Error> {
        Ok(())
    }

    /// Does nothing: Apple lets no app refuse screenshots, and the app switcher never shows anything of this one.
    pub fn secure_screen(&self, _on: bool) -> Result<(), Error> {
        Ok(())
    }

    /// A picture in any format that the system reads, as an upright JPEG of at most 6000 pixels a side. Works as long as decoding
    /// takes: not on the main thread. [`Error::Unsupported`] where the system reads no picture in it.
    pub fn decode_picture(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        picture::upright_jpeg(bytes)
    }

    /// Asks the system for a while more in the background, while something is being sent; or says that it was sent. Any number of
    /// times; ends by itself when the system takes the time back.
    pub fn background_time(&self, work: Option<&Work>) -> Result<(), Error> {
        let on = work.is_some();
        self.on_main(move |main| background::time(on, main))
    }

    /// The Secure Enclave and the keychain.
    pub fn hardware(&self) -> Arc<dyn Hardware> {
        Arc::clone(&self.hardware) as _
    }

    /// Soon, and whether or not anybody waits.
    fn on_main(&self, task: impl FnOnce(MainThreadMarker) + Send + 'static) -> Result<(), Error> {
        let asked = self.app.run_on_main_thread(move || match MainThreadMarker::new() {
            Some(main) => task(main),
            None => tracing::error!("the main thread is another one"),
        });
        asked.map_err(|error| Error::failed("asking the main thread", &error))
    }
}

/// Keychain items outlive the app: after it was removed and installed again, an old key and secret may be there.
#[derive(Default)]
struct AppleHardware(Sensor);

/// One contract for all three; this one is only compiled here.
const _: fn(&AppleHardware, &dyn Fn(crate::contract::Finger)) -> Result<(), Error> =
    |hardware, person| crate::contract::holds(hardware, person);

impl Hardware for AppleHardware {
    fn key(&self) -> Result<Option<PublicKey>, Error> {
        enclave::key()?.as_ref().map(enclave::public).transpose()
    }

    fn create_key(&self) -> Result<(PublicKey, Keeper), Error> {
        Ok((enclave::public(&enclave::create()?)?, Keeper::SecureElement))
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        enclave::sign(&enclave::key()?.ok_or(Error::Nothing)?, message)
    }

    fn delete_key(&self) -> Result<(), Error> {
        enclave::delete()
    }

    fn biometry(&self) -> Biometry {
        sensor::biometry()
    }

    fn keep(&self, secret: &[u8], _: &Prompt) -> Result<(), Error> {
        self.0.keep(secret)
    }

    fn reveal(&self, prompt: &Prompt) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.0.reveal(prompt)
    }

    fn forget(&self) -> Result<(), Error> {
        self.0.forget()
    }
}

/// The keychain's codes that mean something here (`SecBase.h`).
mod code {
    pub const UNIMPLEMENTED: i32 = -4;
    pub const AUTH_FAILED: i32 = -25293;
    pub const NOT_FOUND: i32 = -25300;
    pub const INTERACTION_NOT_ALLOWED: i32 = -25308;
}

/// Deleting what is not there succeeds.
fn gone(deleted: security_framework::base::Result<()>) -> Result<(), Error> {
    match deleted {
        Err(error) if error.code() != code::NOT_FOUND => Err(Error::failed("deleting from the keychain", &error)),
        _ => Ok(()),
    }
}
