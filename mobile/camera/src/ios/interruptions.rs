//! What takes the camera away: the app goes to the background, a call comes, another app shares the screen, the phone is too hot.
//!
//! Each ends the session and gives the camera back to the system; the screen begins another when it is there again. So the
//! system's own 'interruption ended' is not listened to: by then there is nothing left to resume.

use super::{guarded, rig::Rig};
use crate::{Error, Generation};
use block2::RcBlock;
use objc2::{
    rc::Retained,
    runtime::{AnyObject, NSObjectProtocol, ProtocolObject},
};
use objc2_av_foundation::{
    AVCaptureSession, AVCaptureSessionErrorKey, AVCaptureSessionInterruptionReason,
    AVCaptureSessionInterruptionReasonKey, AVCaptureSessionRuntimeErrorNotification,
    AVCaptureSessionWasInterruptedNotification,
};
use objc2_foundation::{NSError, NSNotification, NSNotificationCenter, NSNotificationName, NSNumber, NSString};
use objc2_ui_kit::UIApplicationDidEnterBackgroundNotification;
use std::{
    ptr::NonNull,
    sync::{Arc, Weak},
};

/// Listens as long as it lives.
pub(super) struct Interruptions(Vec<Retained<ProtocolObject<dyn NSObjectProtocol>>>);

impl Interruptions {
    /// `WillResignActive` is not among them: the control centre and the system's own questions resign an app that is still seen.
    pub fn of(rig: &Arc<Rig>, capture: &AVCaptureSession, generation: Generation) -> Self {
        // SAFETY: the framework's constants; reading them has no other effect.
        let (background, interrupted, broken) = unsafe {
            (
                UIApplicationDidEnterBackgroundNotification,
                AVCaptureSessionWasInterruptedNotification,
                AVCaptureSessionRuntimeErrorNotification,
            )
        };
        Interruptions(vec![
            observe(rig, background, None, move |rig, _| rig.interrupt(generation)),
            observe(rig, interrupted, Some(capture), move |rig, notification| match reason(notification) {
                // No event tells when these are over: the screen says that the camera cannot be used.
                Some(
                    AVCaptureSessionInterruptionReason::VideoDeviceNotAvailableWithMultipleForegroundApps
                    | AVCaptureSessionInterruptionReason::VideoDeviceNotAvailableDueToSystemPressure,
                ) => rig.fail(generation, Error::Unavailable),
                _ => rig.interrupt(generation),
            }),
            observe(rig, broken, Some(capture), move |rig, notification| {
                tracing::error!(error = %error(notification), "the system's camera broke down");
                rig.fail(generation, Error::Unavailable);
            }),
        ])
    }
}

impl Drop for Interruptions {
    fn drop(&mut self) {
        for observer in self.0.drain(..) {
            // SAFETY: it is one that the same center gave out.
            unsafe { NSNotificationCenter::defaultCenter().removeObserver((*observer).as_ref()) };
        }
    }
}

/// `then` runs on whatever thread the system tells it on, and must not wait.
fn observe(
    rig: &Arc<Rig>,
    name: &NSNotificationName,
    of: Option<&AVCaptureSession>,
    then: impl Fn(&Arc<Rig>, &NSNotification) + Send + Sync + 'static,
) -> Retained<ProtocolObject<dyn NSObjectProtocol>> {
    let rig: Weak<Rig> = Arc::downgrade(rig);
    let block = RcBlock::new(move |notification: NonNull<NSNotification>| {
        let Some(rig) = rig.upgrade() else { return };
        // SAFETY: the center gives a notification that lives as long as this call.
        let notification = unsafe { notification.as_ref() };
        guarded("hearing of an interruption", || then(&rig, notification));
    });
    let of: Option<&AnyObject> = of.map(|capture| capture.as_ref());
    // SAFETY: no queue is asked for; the block holds what may be sent anywhere.
    unsafe {
        NSNotificationCenter::defaultCenter().addObserverForName_object_queue_usingBlock(Some(name), of, None, &block)
    }
}

fn reason(notification: &NSNotification) -> Option<AVCaptureSessionInterruptionReason> {
    // SAFETY: a constant of the framework.
    let number = about(notification, unsafe { AVCaptureSessionInterruptionReasonKey })?.downcast::<NSNumber>().ok()?;
    Some(AVCaptureSessionInterruptionReason(number.integerValue()))
}

fn error(notification: &NSNotification) -> String {
    // SAFETY: a constant of the framework.
    let error = about(notification, unsafe { AVCaptureSessionErrorKey });
    let error = error.and_then(|error| error.downcast::<NSError>().ok());
    error.map_or_else(|| "unnamed".to_owned(), |error| format!("{} {}", error.domain(), error.code()))
}

fn about(notification: &NSNotification, key: &NSString) -> Option<Retained<AnyObject>> {
    notification.userInfo()?.objectForKey(key)
}
