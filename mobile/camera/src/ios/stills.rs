//! One full-size picture as JPEG: asked for, waited for, copied out of native memory once, delivered once.

use super::{attempt, device, guarded};
use crate::{Error, Generation, Session, sizes};
use objc2::{
    AnyThread, DefinedClass, available, define_class, msg_send,
    rc::Retained,
    runtime::{AnyObject, NSObject, NSObjectProtocol, ProtocolObject},
};
use objc2_av_foundation::{
    AVCaptureDevice, AVCapturePhoto, AVCapturePhotoCaptureDelegate, AVCapturePhotoOutput,
    AVCapturePhotoQualityPrioritization, AVCapturePhotoSettings, AVCaptureResolvedPhotoSettings, AVMediaTypeVideo,
    AVVideoCodecKey, AVVideoCodecTypeJPEG, NSValueCMVideoDimensionsExtensions,
};
use objc2_core_media::CMVideoDimensions;
use objc2_foundation::{NSDictionary, NSError};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Balanced: 'quality' merges many exposures, takes up to seconds, and a hand moves meanwhile; 'speed' leaves the noise in, which
/// reads badly where print is small.
const QUALITY: AVCapturePhotoQualityPrioritization = AVCapturePhotoQualityPrioritization::Balanced;

/// The answer that a session waits for: given once, and where nobody gives it, its end is the answer.
pub(super) struct Answer {
    session: Arc<Session>,
    generation: Generation,
    given: AtomicBool,
}

impl Answer {
    pub fn new(session: Arc<Session>, generation: Generation) -> Self {
        Answer { session, generation, given: AtomicBool::new(false) }
    }

    fn give(&self, photo: Result<Vec<u8>, Error>) {
        if !self.given.swap(true, Ordering::AcqRel) {
            self.session.deliver(self.generation, photo);
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        guarded("giving up a picture", || self.give(Err(Error::NoPicture)));
    }
}

define_class!(
    // SAFETY: NSObject has no requirements for subclasses; `Shot` does not implement `Drop`.
    #[unsafe(super(NSObject))]
    #[ivars = Answer]
    pub(super) struct Shot;

    // SAFETY: NSObjectProtocol has no requirements.
    unsafe impl NSObjectProtocol for Shot {}

    // SAFETY: the signatures are those of the protocol.
    unsafe impl AVCapturePhotoCaptureDelegate for Shot {
        /// On a queue of AVFoundation's own: frames go on meanwhile on ours.
        #[unsafe(method(captureOutput:didFinishProcessingPhoto:error:))]
        fn processed(&self, _: &AVCapturePhotoOutput, photo: &AVCapturePhoto, error: Option<&NSError>) {
            guarded("taking a picture over", || self.ivars().give(jpeg(photo, error)));
        }

        /// Comes last, also where no picture came.
        #[unsafe(method(captureOutput:didFinishCaptureForResolvedSettings:error:))]
        fn finished(&self, _: &AVCapturePhotoOutput, _: &AVCaptureResolvedPhotoSettings, error: Option<&NSError>) {
            if let Some(error) = error {
                tracing::warn!(error = %error.localizedDescription(), "the picture failed");
            }
            guarded("ending a picture", || self.ivars().give(Err(Error::NoPicture)));
        }
    }
);

fn jpeg(photo: &AVCapturePhoto, error: Option<&NSError>) -> Result<Vec<u8>, Error> {
    if let Some(error) = error {
        tracing::warn!(error = %error.localizedDescription(), "the picture failed");
        return Err(Error::NoPicture);
    }
    // SAFETY: the photo is whole while its delegate is told of it. The copy is the only one.
    let data = unsafe { photo.fileDataRepresentation() };
    data.map(|data| data.to_vec()).ok_or(Error::NoPicture)
}

/// Before the session runs: a change of these while it does costs its pictures.
pub(super) fn prepare(output: &AVCapturePhotoOutput, device: &AVCaptureDevice) -> Result<(), Error> {
    attempt("preparing for pictures", || {
        // SAFETY: the size is one that the device's format offers; the output belongs to its session already.
        unsafe {
            output.setMaxPhotoQualityPrioritization(QUALITY);
            if available!(ios = 16.0) {
                if let Some(size) = largest(device) {
                    output.setMaxPhotoDimensions(size);
                }
            } else {
                allow_full_size_before_ios_16(output);
            }
        }
    })
}

/// Takes a picture turned by `rotation`. Who holds the result keeps the answer alive: AVFoundation does not.
pub(super) fn take(output: &AVCapturePhotoOutput, rotation: i32, answer: Answer) -> Result<Retained<Shot>, Error> {
    let shot: Retained<Shot> = {
        let shot = Shot::alloc().set_ivars(answer);
        // SAFETY: NSObject's `init`.
        unsafe { msg_send![super(shot), init] }
    };
    attempt("taking a picture", || -> Result<(), Error> {
        // SAFETY: constants of the framework; the settings are new, as each picture demands; sizes and quality are the output's own.
        unsafe {
            if let Some(connection) = AVMediaTypeVideo.and_then(|video| output.connectionWithMediaType(video)) {
                device::turn(&connection, rotation);
            }
            let settings = settings(output)?;
            settings.setPhotoQualityPrioritization(QUALITY);
            if available!(ios = 16.0) {
                settings.setMaxPhotoDimensions(output.maxPhotoDimensions());
            } else {
                ask_for_full_size_before_ios_16(&settings);
            }
            output.capturePhotoWithSettings_delegate(&settings, ProtocolObject::from_ref(&*shot));
            Ok(())
        }
    })??;
    Ok(shot)
}

/// JPEG: what the system would take by itself, HEIC, nothing on the way to the portal reads.
fn settings(output: &AVCapturePhotoOutput) -> Result<Retained<AVCapturePhotoSettings>, Error> {
    // SAFETY: constants of the framework, and a codec that the output offers.
    unsafe {
        let (Some(key), Some(codec)) = (AVVideoCodecKey, AVVideoCodecTypeJPEG) else { return Err(Error::Unsupported) };
        if !output.availablePhotoCodecTypes().containsObject(codec) {
            return Err(Error::Unsupported);
        }
        let format = NSDictionary::<_, AnyObject>::from_slices(&[key], &[codec.as_ref()]);
        Ok(AVCapturePhotoSettings::photoSettingsWithFormat(Some(&format)))
    }
}

fn largest(device: &AVCaptureDevice) -> Option<CMVideoDimensions> {
    // SAFETY: questions only; the values are sizes by the property's description.
    let offered: Vec<_> = unsafe {
        let sizes = device.activeFormat().supportedMaxPhotoDimensions();
        sizes.iter().map(|size| size.CMVideoDimensionsValue()).map(|size| (size.width, size.height)).collect()
    };
    sizes::still(&offered).map(|(width, height)| CMVideoDimensions { width, height })
}

#[expect(deprecated, reason = "the only way before iOS 16")]
fn allow_full_size_before_ios_16(output: &AVCapturePhotoOutput) {
    // SAFETY: the output belongs to its session.
    unsafe { output.setHighResolutionCaptureEnabled(true) };
}

#[expect(deprecated, reason = "the only way before iOS 16")]
fn ask_for_full_size_before_ios_16(settings: &AVCapturePhotoSettings) {
    // SAFETY: the output was told to allow it.
    unsafe { settings.setHighResolutionPhotoEnabled(true) };
}
