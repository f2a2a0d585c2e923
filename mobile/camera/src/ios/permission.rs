//! Whether the system lets us use the camera, and where the person changes that. Opens no camera.

use super::{guarded, main_thread::MainThread};
use crate::{Error, Permission};
use block2::RcBlock;
use objc2::runtime::Bool;
use objc2_av_foundation::{AVAuthorizationStatus, AVCaptureDevice, AVMediaTypeVideo};
use objc2_foundation::{NSDictionary, NSURL};
use objc2_ui_kit::{UIApplication, UIApplicationOpenSettingsURLString};
use std::{sync::mpsc, time::Duration};

/// As long as a person may think about the system's question.
const THINKING: Duration = Duration::from_secs(120);
const OPENING_SETTINGS: Duration = Duration::from_secs(5);

/// Without asking anybody.
pub(super) fn now() -> Permission {
    // SAFETY: a constant of the framework, and a question about this app that may be put on any thread.
    let status = unsafe { AVMediaTypeVideo.map(|video| AVCaptureDevice::authorizationStatusForMediaType(video)) };
    match status {
        Some(AVAuthorizationStatus::Authorized) => Permission::Granted,
        Some(AVAuthorizationStatus::NotDetermined) => Permission::Prompt,
        // Forbidden by the person, or by whoever looks after the phone.
        _ => Permission::Denied,
    }
}

/// Asks where nobody was asked yet; `Prompt` when the question is still open after a while.
pub(super) fn ask() -> Result<Permission, Error> {
    let before = now();
    if before != Permission::Prompt {
        return Ok(before);
    }
    let (answer, answered) = mpsc::channel();
    let block = RcBlock::new(move |_: Bool| guarded("hearing the answer about the camera", || _ = answer.send(())));
    // SAFETY: a constant of the framework; the block may be called on any thread, once.
    unsafe {
        let video = AVMediaTypeVideo.ok_or(Error::Unsupported)?;
        AVCaptureDevice::requestAccessForMediaType_completionHandler(video, &block);
    }
    // However it ended, what holds now is what the system says now.
    let _ = answered.recv_timeout(THINKING);
    Ok(now())
}

pub(super) fn open_settings(main: &MainThread) -> Result<(), Error> {
    let (opened, told) = mpsc::channel();
    main.ask("opening the settings", move |main| -> Result<(), Error> {
        // SAFETY: a constant of the framework.
        let url = NSURL::URLWithString(unsafe { UIApplicationOpenSettingsURLString }).ok_or(Error::Unsupported)?;
        let block = RcBlock::new(move |done: Bool| {
            guarded("hearing about the settings", || _ = opened.send(done.as_bool()));
        });
        // SAFETY: no options are given, so none of a wrong type; the block is called on the main thread, once.
        unsafe {
            UIApplication::sharedApplication(main).openURL_options_completionHandler(
                &url,
                &NSDictionary::new(),
                Some(&block),
            );
        }
        Ok(())
    })??;
    match told.recv_timeout(OPENING_SETTINGS) {
        Ok(true) => Ok(()),
        _ => Err(Error::Unsupported),
    }
}
