//! The system's cameras through nokhwa: Video4Linux, AVFoundation, Media Foundation. The only lines that touch hardware.
//!
//! Never run with a webcam: no machine that this was tested on had one. Compiled on Linux alone. Workarounds for nokhwa stand here
//! and are told in `docs/decisions/018-webcams-through-nokhwa.md`.

use super::{Cameras, Format, Frame, Source, is_refusal};
use crate::{Error, Permission};
use nokhwa::{
    Camera, NokhwaError, nokhwa_check, nokhwa_initialize, query,
    utils::{ApiBackend, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType},
};
use std::{sync::mpsc, time::Duration};

/// As long as a person may think about the system's question.
const THINKING: Duration = Duration::from_secs(120);
const FORMATS: [FrameFormat; 3] = [FrameFormat::MJPEG, FrameFormat::YUYV, FrameFormat::NV12];
/// The first choice fails where the largest pictures come in another format.
const CHOICES: [RequestedFormatType; 3] = [
    RequestedFormatType::AbsoluteHighestResolution,
    RequestedFormatType::AbsoluteHighestFrameRate,
    RequestedFormatType::None,
];

pub(super) struct Native;

impl Cameras for Native {
    /// Only macOS asks; elsewhere opening tells.
    fn permission(&self) -> Result<Permission, Error> {
        if !nokhwa_check() {
            let (answer, answered) = mpsc::channel();
            nokhwa_initialize(move |_| _ = answer.send(()));
            // However it ended, what holds now is what the system says now.
            let _ = answered.recv_timeout(THINKING);
        }
        Ok(if nokhwa_check() { Permission::Granted } else { Permission::Denied })
    }

    fn open(&self) -> Result<Box<dyn Source>, Error> {
        if !nokhwa_check() {
            return Err(Error::Denied);
        }
        let mut cameras = query(ApiBackend::Auto).map_err(|error| told("looking for webcams", &error))?;
        cameras.sort_by_key(|camera| camera.index().as_index().ok());
        // Linux lists what a camera has beside its pictures as further cameras, which cannot be opened.
        let mut why = Error::Unsupported;
        for camera in cameras {
            match open(camera.index()) {
                Ok(source) => return Ok(Box::new(source)),
                Err(error) if why == Error::Unsupported => why = error,
                Err(_) => {}
            }
        }
        Err(why)
    }
}

struct Opened(Camera);

fn open(index: &CameraIndex) -> Result<Opened, Error> {
    let mut why = Error::Unsupported;
    for choice in CHOICES {
        let opened =
            Camera::new(index.clone(), RequestedFormat::with_formats(choice, &FORMATS)).and_then(|mut camera| {
                camera.open_stream()?;
                Ok(camera)
            });
        match opened {
            Ok(camera) => {
                tracing::info!(name = camera.info().human_name(), format = %camera.camera_format(), "a webcam");
                return Ok(Opened(camera));
            }
            Err(error) => why = told("opening a webcam", &error),
        }
    }
    Err(why)
}

impl Source for Opened {
    /// Without nokhwa's own decoding, and without `Camera::frame`, which asks macOS for the format each time.
    fn frame(&mut self) -> Result<Frame, Error> {
        let form = self.0.camera_format();
        let format = match form.format() {
            FrameFormat::MJPEG => Format::Mjpeg,
            FrameFormat::YUYV => Format::Yuyv,
            FrameFormat::NV12 => Format::Nv12,
            _ => return Err(Error::Unsupported),
        };
        let bytes = self.0.frame_raw().map_err(|error| {
            tracing::warn!(%error, "the webcam is gone");
            Error::Unavailable
        })?;
        Ok(Frame { format, width: form.width() as usize, height: form.height() as usize, bytes: bytes.into_owned() })
    }
}

/// What nokhwa's errors mean here. The system's own reason is in their text alone.
fn told(doing: &'static str, error: &NokhwaError) -> Error {
    tracing::warn!(%error, doing, "a webcam");
    match error {
        error if is_refusal(&error.to_string()) => Error::Denied,
        NokhwaError::OpenDeviceError(..) | NokhwaError::OpenStreamError(_) | NokhwaError::SetPropertyError { .. } => {
            Error::Unavailable
        }
        _ => Error::Unsupported,
    }
}
