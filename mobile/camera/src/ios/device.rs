//! The back camera: which one, where its lens points, its lamp, and how its picture is turned.

use super::attempt;
use crate::Error;
use objc2::{available, rc::Retained};
use objc2_av_foundation::{
    AVCaptureConnection, AVCaptureDevice, AVCaptureDevicePosition, AVCaptureDeviceTypeBuiltInDualWideCamera,
    AVCaptureDeviceTypeBuiltInUltraWideCamera, AVCaptureDeviceTypeBuiltInWideAngleCamera, AVCaptureExposureMode,
    AVCaptureFocusMode, AVCaptureTorchMode, AVMediaTypeVideo,
};
use objc2_core_foundation::CGPoint;

/// Where a card has to be nearer than the main lens can see, the system changes to the wide lens by itself: taken where that lens can
/// focus too. Elsewhere the main camera alone.
pub(super) fn back() -> Option<Retained<AVCaptureDevice>> {
    // SAFETY: the framework's constants, and questions that any thread may ask.
    unsafe {
        let find = |kind| {
            let position = AVCaptureDevicePosition::Back;
            AVCaptureDevice::defaultDeviceWithDeviceType_mediaType_position(kind, AVMediaTypeVideo, position)
        };
        let both = find(AVCaptureDeviceTypeBuiltInDualWideCamera).filter(|device| focuses_near(device));
        both.or_else(|| find(AVCaptureDeviceTypeBuiltInWideAngleCamera))
    }
}

fn focuses_near(device: &AVCaptureDevice) -> bool {
    // SAFETY: questions only.
    unsafe {
        device.constituentDevices().iter().any(|lens| {
            *lens.deviceType() == *AVCaptureDeviceTypeBuiltInUltraWideCamera
                && lens.isFocusModeSupported(AVCaptureFocusMode::ContinuousAutoFocus)
        })
    }
}

/// The main lens's view, whatever lens the system looks through.
pub(super) fn zoom(device: &AVCaptureDevice) -> Result<(), Error> {
    // SAFETY: questions only.
    let factor = unsafe { device.virtualDeviceSwitchOverVideoZoomFactors().firstObject() };
    let Some(factor) = factor else { return Ok(()) };
    change(device, "zooming", || {
        // SAFETY: a factor that the device itself named, and the device is locked.
        unsafe { device.setVideoZoomFactor(factor.doubleValue()) };
    })
}

/// Points focus and exposure at a place of the sensor (in fractions), and lets both follow from there.
pub(super) fn point_at(device: &AVCaptureDevice, (x, y): (f64, f64)) -> Result<(), Error> {
    change(device, "pointing the lens", || {
        let place = CGPoint { x, y };
        // SAFETY: each is asked for before it is set, and the device is locked.
        unsafe {
            let focus = AVCaptureFocusMode::ContinuousAutoFocus;
            if device.isFocusPointOfInterestSupported() && device.isFocusModeSupported(focus) {
                device.setFocusPointOfInterest(place);
                device.setFocusMode(focus);
            }
            let exposure = AVCaptureExposureMode::ContinuousAutoExposure;
            if device.isExposurePointOfInterestSupported() && device.isExposureModeSupported(exposure) {
                device.setExposurePointOfInterest(place);
                device.setExposureMode(exposure);
            }
        }
    })
}

pub(super) fn light(device: &AVCaptureDevice, on: bool) -> Result<(), Error> {
    let mode = if on { AVCaptureTorchMode::On } else { AVCaptureTorchMode::Off };
    // SAFETY: questions only.
    let there = unsafe { device.hasTorch() && device.isTorchModeSupported(mode) };
    if !there {
        return if on { Err(Error::Unsupported) } else { Ok(()) };
    }
    // SAFETY: a question only. Too hot a lamp is there and does not light.
    if on && !unsafe { device.isTorchAvailable() } {
        return Err(Error::Unavailable);
    }
    // SAFETY: the mode is supported, and the device is locked.
    change(device, "lighting the lamp", || unsafe { device.setTorchMode(mode) })
}

/// Turns what comes through `connection` clockwise by `rotation` degrees. Nothing happens where it cannot be turned.
pub(super) fn turn(connection: &AVCaptureConnection, rotation: i32) {
    let turned = attempt("turning the picture", || {
        if available!(ios = 17.0) {
            let angle = f64::from(rotation);
            // SAFETY: asked for before it is set.
            unsafe {
                if connection.isVideoRotationAngleSupported(angle) {
                    connection.setVideoRotationAngle(angle);
                }
            }
        } else {
            turn_before_ios_17(connection, rotation);
        }
    });
    // Logged; a picture that lies on its side is found and turned later.
    let _ = turned;
}

#[expect(deprecated, reason = "the only way before iOS 17")]
fn turn_before_ios_17(connection: &AVCaptureConnection, rotation: i32) {
    use objc2_av_foundation::AVCaptureVideoOrientation;
    let orientation = match rotation {
        0 => AVCaptureVideoOrientation::LandscapeRight,
        180 => AVCaptureVideoOrientation::LandscapeLeft,
        270 => AVCaptureVideoOrientation::PortraitUpsideDown,
        _ => AVCaptureVideoOrientation::Portrait,
    };
    // SAFETY: asked for before it is set.
    unsafe {
        if connection.isVideoOrientationSupported() {
            connection.setVideoOrientation(orientation);
        }
    }
}

/// Locks the device, changes it and unlocks it, whatever happens.
fn change(device: &AVCaptureDevice, doing: &'static str, change: impl FnOnce()) -> Result<(), Error> {
    // SAFETY: locked here and unlocked below.
    unsafe { device.lockForConfiguration() }.map_err(|error| {
        tracing::warn!(error = %error.localizedDescription(), doing, "the camera does not let itself be changed");
        Error::Unavailable
    })?;
    let changed = attempt(doing, change);
    // SAFETY: it was locked above.
    unsafe { device.unlockForConfiguration() };
    changed
}
