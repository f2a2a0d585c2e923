//! Frames as they come: the newest only, on a queue of their own, looked at where they lie, given back on every path.

use super::{guarded, rig::Rig};
use crate::{Generation, Next, Planes, Seen, Session, view_port::ViewPort};
use objc2::{
    AnyThread, DefinedClass, define_class, msg_send,
    rc::Retained,
    runtime::{NSObject, NSObjectProtocol},
};
use objc2_av_foundation::{AVCaptureConnection, AVCaptureOutput, AVCaptureVideoDataOutputSampleBufferDelegate};
use objc2_core_media::CMSampleBuffer;
use objc2_core_video::{
    CVPixelBuffer, CVPixelBufferGetBaseAddressOfPlane, CVPixelBufferGetBytesPerRowOfPlane, CVPixelBufferGetHeight,
    CVPixelBufferGetHeightOfPlane, CVPixelBufferGetPixelFormatType, CVPixelBufferGetPlaneCount, CVPixelBufferGetWidth,
    CVPixelBufferGetWidthOfPlane, CVPixelBufferLockBaseAddress, CVPixelBufferLockFlags, CVPixelBufferUnlockBaseAddress,
    kCVPixelFormatType_420YpCbCr8BiPlanarFullRange, kCVReturnSuccess,
};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The view port as the preview last saw it.
pub(super) type Port = Arc<Mutex<ViewPort>>;

/// No notification tells of a turn by half, so the preview is asked again.
const ASK_PREVIEW_MS: u64 = 500;

pub(super) struct Watch {
    rig: Weak<Rig>,
    session: Arc<Session>,
    generation: Generation,
    port: Port,
    asked_preview_ms: Mutex<Option<u64>>,
}

define_class!(
    // SAFETY: NSObject has no requirements for subclasses; `Frames` does not implement `Drop`.
    #[unsafe(super(NSObject))]
    #[ivars = Watch]
    pub(super) struct Frames;

    // SAFETY: NSObjectProtocol has no requirements.
    unsafe impl NSObjectProtocol for Frames {}

    // SAFETY: the signature is that of the protocol.
    unsafe impl AVCaptureVideoDataOutputSampleBufferDelegate for Frames {
        #[unsafe(method(captureOutput:didOutputSampleBuffer:fromConnection:))]
        fn frame(&self, _: &AVCaptureOutput, sample: &CMSampleBuffer, _: &AVCaptureConnection) {
            guarded("a frame", || self.ivars().look(sample));
        }
    }
);

impl Frames {
    pub fn new(rig: &Arc<Rig>, session: Arc<Session>, generation: Generation, port: Port) -> Retained<Self> {
        let watch = Watch { rig: Arc::downgrade(rig), session, generation, port, asked_preview_ms: Mutex::default() };
        let frames = Frames::alloc().set_ivars(watch);
        // SAFETY: NSObject's `init`.
        unsafe { msg_send![super(frames), init] }
    }
}

impl Watch {
    fn look(&self, sample: &CMSampleBuffer) {
        // SAFETY: questions about a sample that lives as long as the call.
        let (pixels, at) = unsafe { (sample.image_buffer(), sample.presentation_time_stamp().seconds()) };
        let (Some(pixels), Some(rig)) = (pixels, self.rig.upgrade()) else { return };
        // The host's clock, which does not go back.
        let at_ms = (at * 1000.0) as u64;
        let port = *self.port.lock().unwrap_or_else(PoisonError::into_inner);
        let size = (CVPixelBufferGetWidth(&pixels), CVPixelBufferGetHeight(&pixels));
        let Seen { next, aim } = {
            let Some(locked) = Locked::new(&pixels) else { return };
            let Some(planes) = locked.planes(&port) else { return };
            // What is wrong with it was logged where it was found.
            let Ok(frame) = planes.frame() else { return };
            self.session.see(self.generation, &frame, at_ms)
        };
        match next {
            Next::Frame => {}
            Next::Still => rig.shoot(self.generation),
            Next::Closed => return rig.close_soon(self.generation),
        }
        // The lens follows the page, the view port follows the preview.
        if let Some(at) = aim {
            let crop = port.crop(size.0, size.1);
            let at = port.on_sensor((f64::from(at.x), f64::from(at.y)), crop, size.0, size.1);
            rig.point_at(self.generation, at);
        }
        let mut asked = self.asked_preview_ms.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_none_or(|asked| at_ms >= asked.saturating_add(ASK_PREVIEW_MS)) {
            *asked = Some(at_ms);
            rig.refresh_preview();
        }
    }
}

/// A pixel buffer that may be read until this is dropped.
struct Locked<'a>(&'a CVPixelBuffer);

impl<'a> Locked<'a> {
    fn new(pixels: &'a CVPixelBuffer) -> Option<Self> {
        // SAFETY: unlocked with the same flags when this is dropped.
        let locked = unsafe { CVPixelBufferLockBaseAddress(pixels, CVPixelBufferLockFlags::ReadOnly) };
        if locked != kCVReturnSuccess {
            tracing::warn!(code = locked, "a frame that cannot be read");
            return None;
        }
        Some(Locked(pixels))
    }

    /// 4:2:0, full range: luma, then blue and red difference in turns. The crop is what the preview shows.
    fn planes(&self, port: &ViewPort) -> Option<Planes<'_>> {
        let format = CVPixelBufferGetPixelFormatType(self.0);
        if format != kCVPixelFormatType_420YpCbCr8BiPlanarFullRange || CVPixelBufferGetPlaneCount(self.0) != 2 {
            tracing::warn!(format, "a frame of another kind");
            return None;
        }
        let (y, y_stride) = self.plane(0, 1)?;
        let (u, uv_stride) = self.plane(1, 2)?;
        let crop = port.crop(CVPixelBufferGetWidth(self.0), CVPixelBufferGetHeight(self.0));
        let v = u.get(1..)?;
        Some(Planes { y, u, v, y_stride, uv_stride, uv_pixel_stride: 2, crop, rotation: port.rotation })
    }

    /// The bytes of a plane whose samples are `step` bytes wide, up to the end of its last row and not of that row's padding.
    fn plane(&self, number: usize, step: usize) -> Option<(&[u8], usize)> {
        let begin = CVPixelBufferGetBaseAddressOfPlane(self.0, number).cast::<u8>();
        let stride = CVPixelBufferGetBytesPerRowOfPlane(self.0, number);
        let row = CVPixelBufferGetWidthOfPlane(self.0, number).checked_mul(step)?;
        let above = CVPixelBufferGetHeightOfPlane(self.0, number).checked_sub(1)?.checked_mul(stride)?;
        let length = above.checked_add(row).filter(|length| stride >= row && *length <= isize::MAX as usize)?;
        if begin.is_null() {
            return None;
        }
        // SAFETY: the buffer is locked for reading as long as `self` lives, and a plane reaches to the end of its last row.
        Some((unsafe { std::slice::from_raw_parts(begin, length) }, stride))
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // SAFETY: locked with the same flags in `new`.
        unsafe { CVPixelBufferUnlockBaseAddress(self.0, CVPixelBufferLockFlags::ReadOnly) };
    }
}
