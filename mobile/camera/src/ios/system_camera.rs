//! The system's own camera for one photo, where ours cannot be opened. In this process, so no file is written: the photo stays in
//! memory until Rust has its JPEG.

use super::{guarded, main_thread::MainThread};
use crate::Error;
use objc2::{
    DefinedClass, MainThreadMarker, MainThreadOnly, define_class, msg_send,
    rc::{Retained, autoreleasepool},
    runtime::{AnyObject, NSObject, NSObjectProtocol, ProtocolObject},
};
use objc2_foundation::NSDictionary;
use objc2_ui_kit::{
    UIImage, UIImagePickerController, UIImagePickerControllerDelegate, UIImagePickerControllerInfoKey,
    UIImagePickerControllerOriginalImage, UIImagePickerControllerSourceType, UINavigationControllerDelegate, UIView,
    UIViewController,
};
use std::{
    cell::RefCell,
    sync::mpsc::{self, RecvTimeoutError, Sender},
    time::Duration,
};

/// As long as a person may take for a photo.
const TAKING: Duration = Duration::from_secs(600);
/// Print stays legible; the system's own camera keeps about as much.
const QUALITY: f64 = 0.9;

thread_local! {
    /// The main thread's: the sheet does not keep its delegate alive.
    static SHOWN: RefCell<Option<(Retained<UIImagePickerController>, Retained<Picker>)>> = const { RefCell::new(None) };
}

define_class!(
    // SAFETY: NSObject has no requirements for subclasses; `Picker` does not implement `Drop`.
    #[unsafe(super(NSObject))]
    #[thread_kind = MainThreadOnly]
    #[ivars = Sender<Option<Retained<UIImage>>>]
    struct Picker;

    // SAFETY: NSObjectProtocol has no requirements.
    unsafe impl NSObjectProtocol for Picker {}

    // SAFETY: the protocol has no requirements; all its methods are optional.
    unsafe impl UINavigationControllerDelegate for Picker {}

    // SAFETY: the signatures are those of the protocol.
    unsafe impl UIImagePickerControllerDelegate for Picker {
        #[unsafe(method(imagePickerController:didFinishPickingMediaWithInfo:))]
        fn picked(
            &self,
            _: &UIImagePickerController,
            info: &NSDictionary<UIImagePickerControllerInfoKey, AnyObject>,
        ) {
            guarded("taking the system camera's photo over", || {
                // SAFETY: a constant of the framework.
                let image = info.objectForKey(unsafe { UIImagePickerControllerOriginalImage });
                self.end(image.and_then(|image| image.downcast().ok()));
            });
        }

        #[unsafe(method(imagePickerControllerDidCancel:))]
        fn cancelled(&self, _: &UIImagePickerController) {
            guarded("leaving the system's camera", || self.end(None));
        }
    }
);

impl Picker {
    fn new(taken: Sender<Option<Retained<UIImage>>>, main: MainThreadMarker) -> Retained<Self> {
        let picker = Self::alloc(main).set_ivars(taken);
        // SAFETY: NSObject's `init`.
        unsafe { msg_send![super(picker), init] }
    }

    fn end(&self, image: Option<Retained<UIImage>>) {
        // Whoever waited may have given up.
        let _ = self.ivars().send(image);
        dismiss();
    }
}

/// The photo as JPEG; `None` when the person came back without one. Waits as long as a person does.
pub(super) fn photo(main: &MainThread) -> Result<Option<Vec<u8>>, Error> {
    let (taken, told) = mpsc::channel();
    main.ask_web_view("showing the system's camera", move |web_view, main| show(web_view, taken, main))??;
    let image = match told.recv_timeout(TAKING) {
        Ok(image) => image,
        // Its sheet was closed by somebody else.
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            main.post("closing the system's camera", |_| dismiss());
            None
        }
    };
    // Here and not on the main thread: encoding twelve million pixels takes a while. The orientation is in the JPEG's EXIF.
    let jpeg = |image: Retained<UIImage>| {
        autoreleasepool(|_| image.jpeg_representation(QUALITY).map(|jpeg| jpeg.to_vec())).ok_or(Error::NoPicture)
    };
    image.map(jpeg).transpose()
}

fn show(web_view: &UIView, taken: Sender<Option<Retained<UIImage>>>, main: MainThreadMarker) -> Result<(), Error> {
    let camera = UIImagePickerControllerSourceType::Camera;
    if !UIImagePickerController::isSourceTypeAvailable(camera, main) {
        return Err(Error::Unsupported);
    }
    if SHOWN.with_borrow(Option::is_some) {
        return Err(Error::Busy);
    }
    let below = front(web_view).ok_or(Error::Unavailable)?;
    let sheet = UIImagePickerController::new(main);
    sheet.setSourceType(camera);
    let picker = Picker::new(taken, main);
    // Both protocols are asked of one object, which the types can say of each alone.
    let delegate: &ProtocolObject<dyn UIImagePickerControllerDelegate> = ProtocolObject::from_ref(&*picker);
    let _: &ProtocolObject<dyn UINavigationControllerDelegate> = ProtocolObject::from_ref(&*picker);
    // SAFETY: it implements both, and is kept in `SHOWN`.
    unsafe { sheet.setDelegate(Some(delegate.as_ref())) };
    below.presentViewController_animated_completion(&sheet, true, None);
    SHOWN.set(Some((sheet, picker)));
    Ok(())
}

/// The controller that is in front of the window, on which alone another one can be shown.
fn front(web_view: &UIView) -> Option<Retained<UIViewController>> {
    let mut front = web_view.window()?.rootViewController()?;
    while let Some(presented) = front.presentedViewController() {
        front = presented;
    }
    Some(front)
}

fn dismiss() {
    if let Some((sheet, _picker)) = SHOWN.take() {
        sheet.dismissViewControllerAnimated_completion(true, None);
    }
}
