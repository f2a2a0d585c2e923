//! What is open: AVFoundation's session with its device and outputs, on a serial queue of its own, for one generation at a time.
//!
//! The queue configures, starts and stops, because each of these waits for hardware. Whatever comes for another generation than
//! the open one is ignored.

use super::{
    attempt, device,
    frames::{Frames, Port},
    guarded,
    interruptions::Interruptions,
    main_thread::MainThread,
    preview,
    stills::{self, Answer, Shot},
};
use crate::{Error, Generation, Purpose, Session, sizes, view_port::ViewPort};
use dispatch2::{DispatchQueue, DispatchRetained};
use objc2::{
    available,
    rc::Retained,
    runtime::{AnyObject, ProtocolObject},
};
use objc2_av_foundation::{
    AVCaptureDevice, AVCaptureDeviceInput, AVCapturePhotoOutput, AVCaptureSession, AVCaptureSessionPresetPhoto,
    AVCaptureVideoDataOutput, AVMediaTypeVideo,
};
use objc2_core_foundation::CFString;
use objc2_core_media::CMVideoFormatDescriptionGetDimensions;
use objc2_core_video::{
    kCVPixelBufferHeightKey, kCVPixelBufferPixelFormatTypeKey, kCVPixelBufferWidthKey,
    kCVPixelFormatType_420YpCbCr8BiPlanarFullRange,
};
use objc2_foundation::{NSDictionary, NSNumber, NSString};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc},
    time::Duration,
};

/// Hardware that has not answered by then does not answer.
const HARDWARE: Duration = Duration::from_secs(8);

pub(super) struct Rig {
    me: Weak<Rig>,
    session: Arc<Session>,
    main: MainThread,
    queue: DispatchRetained<DispatchQueue>,
    frames: DispatchRetained<DispatchQueue>,
    /// Locked by the queue's tasks alone.
    open: Mutex<Option<Open>>,
}

struct Open {
    generation: Generation,
    capture: Retained<AVCaptureSession>,
    device: Retained<AVCaptureDevice>,
    frames: Retained<AVCaptureVideoDataOutput>,
    /// Where nothing but codes is read, there are no pictures.
    stills: Option<Retained<AVCapturePhotoOutput>>,
    port: Port,
    /// AVFoundation does not keep its delegates alive.
    _watch: Retained<Frames>,
    shot: Option<Retained<Shot>>,
    _interruptions: Interruptions,
}

// SAFETY: AVFoundation's objects belong to no thread; the queue, which changes threads, uses them one task at a time.
unsafe impl Send for Open {}

/// The session on its way to the preview's layer.
pub(super) struct Capture(Retained<AVCaptureSession>);

// SAFETY: given to the layer on the main thread while no task of the queue uses it.
unsafe impl Send for Capture {}

impl Capture {
    pub fn get(&self) -> &AVCaptureSession {
        &self.0
    }
}

impl Rig {
    pub fn new(session: Arc<Session>, main: MainThread) -> Arc<Self> {
        let serial = |label| DispatchQueue::new(label, None);
        let (queue, frames) = (serial("lu.folio.camera"), serial("lu.folio.camera.frames"));
        Arc::new_cyclic(|me| Rig { me: me.clone(), session, main, queue, frames, open: Mutex::default() })
    }

    /// Whoever calls closes again where this fails.
    pub fn open(&self, generation: Generation, purpose: Purpose) -> Result<(), Error> {
        self.close();
        let port: Port = Arc::new(Mutex::new(ViewPort { rotation: 90, width: 0.0, height: 0.0 }));
        let capture = self.ask("opening the camera", {
            let port = Arc::clone(&port);
            move |rig| rig.build(generation, purpose, port)
        })?;
        // Before the first frame, so that this is cut as the preview is.
        self.main.ask_web_view("showing the preview", move |web_view, main| {
            preview::show(web_view, &capture, generation, port, main)
        })??;
        self.ask("starting the camera", move |rig| rig.run(generation))
    }

    pub fn close(&self) {
        // Both log what they wait for in vain; what they were to do is still done, before anything that is asked for later.
        let _ = self.ask("closing the camera", |rig| {
            rig.shut(None);
            Ok(())
        });
        let _ = self.main.ask("removing the preview", |_| preview::remove(None));
    }

    /// From threads that must not wait.
    pub fn close_soon(&self, generation: Generation) {
        self.post("closing the camera", move |rig| {
            rig.shut(Some(generation));
            rig.main.post("removing the preview", move |_| preview::remove(Some(generation)));
        });
    }

    pub fn interrupt(&self, generation: Generation) {
        self.session.lose(generation);
        self.close_soon(generation);
    }

    pub fn fail(&self, generation: Generation, error: Error) {
        self.session.fail(generation, error);
        self.close_soon(generation);
    }

    /// Does not wait; the answer goes to the session.
    pub fn shoot(&self, generation: Generation) {
        let answer = Answer::new(Arc::clone(&self.session), generation);
        self.post("taking a picture", move |rig| {
            let mut open = rig.opened();
            let Some(open) = open.as_mut().filter(|open| open.generation == generation) else { return };
            let Some(stills) = &open.stills else { return };
            let rotation = open.port.lock().unwrap_or_else(PoisonError::into_inner).rotation;
            // Where it fails, the answer has told so.
            open.shot = stills::take(stills, rotation, answer).ok();
        });
    }

    pub fn set_torch(&self, on: bool) -> Result<(), Error> {
        self.ask("lighting the lamp", move |rig| match &*rig.opened() {
            Some(open) => device::light(&open.device, on),
            None => Err(Error::NotRunning),
        })
    }

    /// Focus and exposure, at a place of the sensor. Where the lens cannot be pointed it stays as it is.
    pub fn point_at(&self, generation: Generation, place: (f64, f64)) {
        self.post("pointing the lens", move |rig| {
            if let Some(open) = rig.opened().as_ref().filter(|open| open.generation == generation) {
                let _ = device::point_at(&open.device, place);
            }
        });
    }

    pub fn refresh_preview(&self) {
        self.main.post("looking at the preview", |_| preview::refresh());
    }

    /// On the queue.
    fn build(&self, generation: Generation, purpose: Purpose, port: Port) -> Result<Capture, Error> {
        let me = self.me.upgrade().ok_or(Error::Stopped)?;
        let device = device::back().ok_or(Error::Unsupported)?;
        // SAFETY: a new session, which nobody else has yet.
        let capture = unsafe { AVCaptureSession::new() };
        let watch = Frames::new(&me, Arc::clone(&self.session), generation, Arc::clone(&port));
        let frames = configure(&capture, "connecting the camera", || connect(&capture, &device))?;
        let stills = match purpose {
            Purpose::Page => Some(configure(&capture, "connecting the pictures", || add_stills(&capture))?),
            Purpose::Code => None,
        };
        // After the first configuration is committed, because only then the device's format is the preset's.
        size_frames(&capture, &device, &frames)?;
        if let Some(stills) = &stills {
            stills::prepare(stills, &device)?;
        }
        // A zoom that cannot be set shows more around the page.
        let _ = device::zoom(&device);
        // SAFETY: the delegate is kept as long as the output; the queue is serial, as the output demands.
        unsafe {
            frames.setSampleBufferDelegate_queue(Some(ProtocolObject::from_ref(&*watch)), Some(&self.frames));
        }
        let interruptions = Interruptions::of(&me, &capture, generation);
        let shared = Capture(capture.clone());
        let open = Open {
            generation,
            capture,
            device,
            frames,
            stills,
            port,
            _watch: watch,
            shot: None,
            _interruptions: interruptions,
        };
        *self.opened() = Some(open);
        Ok(shared)
    }

    /// On the queue. Waits until the camera runs.
    fn run(&self, generation: Generation) -> Result<(), Error> {
        let open = self.opened();
        let open = open.as_ref().filter(|open| open.generation == generation).ok_or(Error::Stopped)?;
        attempt("starting the camera", || {
            // SAFETY: outside of any configuration.
            unsafe { open.capture.startRunning() };
            // SAFETY: a question. An app that shares the screen, or a call, has a session that is started and does not run.
            unsafe { open.capture.isRunning() && !open.capture.isInterrupted() }
        })?
        .then_some(())
        .ok_or(Error::Unavailable)
    }

    /// On the queue. Closes what is open, or only if it is `generation`'s.
    fn shut(&self, generation: Option<Generation>) {
        let open = self.opened().take_if(|open| generation.is_none_or(|generation| open.generation == generation));
        let Some(open) = open else { return };
        // SAFETY: no frame comes for a delegate that is gone.
        unsafe { open.frames.setSampleBufferDelegate_queue(None, None) };
        // Logged; there is nothing more to be done about a camera that does not stop. The lamp goes out with it.
        // SAFETY: outside of any configuration.
        let _ = attempt("stopping the camera", || unsafe { open.capture.stopRunning() });
    }

    fn opened(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, doing: &'static str, task: impl FnOnce(&Rig) + Send + 'static) {
        let me = self.me.clone();
        self.queue.exec_async(move || {
            guarded(doing, || {
                if let Some(rig) = me.upgrade() {
                    task(&rig);
                }
            });
        });
    }

    /// Waits for the queue, never on the main thread. A task that was given up still runs, before everything that is asked later.
    fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        task: impl FnOnce(&Rig) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.post(doing, move |rig| drop(answer.send(task(rig))));
        answered.recv_timeout(HARDWARE).unwrap_or_else(|error| {
            tracing::error!(%error, doing, "no answer from the camera");
            Err(Error::Unavailable)
        })
    }
}

/// Device and frames. The preset 'photo' has the sensor's whole picture, 4:3, for frames and stills alike.
fn connect(capture: &AVCaptureSession, device: &AVCaptureDevice) -> Result<Retained<AVCaptureVideoDataOutput>, Error> {
    // SAFETY: constants of the framework; each part is asked for before it is added.
    unsafe {
        let input = AVCaptureDeviceInput::deviceInputWithDevice_error(device).map_err(|error| {
            tracing::error!(error = %error.localizedDescription(), "the camera cannot be opened");
            Error::Unavailable
        })?;
        let frames = AVCaptureVideoDataOutput::new();
        frames.setAlwaysDiscardsLateVideoFrames(true);
        if !capture.canSetSessionPreset(AVCaptureSessionPresetPhoto) || !capture.canAddInput(&input) {
            return Err(Error::Unsupported);
        }
        capture.setSessionPreset(AVCaptureSessionPresetPhoto);
        capture.addInput(&input);
        if !capture.canAddOutput(&frames) {
            return Err(Error::Unsupported);
        }
        capture.addOutput(&frames);
        frames.setVideoSettings(Some(&frame_settings(None)));
        // An iPad that shares its screen keeps its camera where it can.
        if available!(ios = 16.0) && capture.isMultitaskingCameraAccessSupported() {
            capture.setMultitaskingCameraAccessEnabled(true);
        }
        Ok(frames)
    }
}

fn add_stills(capture: &AVCaptureSession) -> Result<Retained<AVCapturePhotoOutput>, Error> {
    // SAFETY: asked for before it is added.
    unsafe {
        let stills = AVCapturePhotoOutput::new();
        if !capture.canAddOutput(&stills) {
            return Err(Error::Unsupported);
        }
        capture.addOutput(&stills);
        Ok(stills)
    }
}

/// From iOS 16 on the system scales frames to the size that was measured; before, the preset gives them the size of the screen, more
/// or less, and the detector samples what comes. Frames are not turned: the sensor's picture and a number are cheaper.
fn size_frames(
    capture: &AVCaptureSession,
    device: &AVCaptureDevice,
    frames: &AVCaptureVideoDataOutput,
) -> Result<(), Error> {
    configure(capture, "turning the frames", || {
        // SAFETY: a question.
        let connection = unsafe { AVMediaTypeVideo }.and_then(|video| unsafe { frames.connectionWithMediaType(video) });
        if let Some(connection) = connection {
            device::turn(&connection, 0);
        }
        Ok(())
    })?;
    if !available!(ios = 16.0) {
        return Ok(());
    }
    // SAFETY: questions.
    let sensor = unsafe { CMVideoFormatDescriptionGetDimensions(&device.activeFormat().formatDescription()) };
    let Some(size) = sizes::frame((sensor.width, sensor.height)) else { return Ok(()) };
    let sized = configure(capture, "sizing the frames", || {
        // SAFETY: the size has the format's shape, is no larger, and is the output's own and not the preview's, as it demands.
        unsafe {
            frames.setAutomaticallyConfiguresOutputBufferDimensions(false);
            frames.setDeliversPreviewSizedOutputBuffers(false);
            frames.setVideoSettings(Some(&frame_settings(Some(size))));
        }
        Ok(())
    });
    sized.or_else(|_| {
        configure(capture, "leaving the frames' size to the system", || {
            // SAFETY: what it was before.
            unsafe { frames.setAutomaticallyConfiguresOutputBufferDimensions(true) };
            Ok(())
        })
    })
}

fn frame_settings(size: Option<(i32, i32)>) -> Retained<NSDictionary<NSString, AnyObject>> {
    // SAFETY: the framework's constants.
    let (format, width, height) =
        unsafe { (kCVPixelBufferPixelFormatTypeKey, kCVPixelBufferWidthKey, kCVPixelBufferHeightKey) };
    let mut settings = vec![(format, NSNumber::new_u32(kCVPixelFormatType_420YpCbCr8BiPlanarFullRange))];
    if let Some(size) = size {
        settings.extend([(width, NSNumber::new_i32(size.0)), (height, NSNumber::new_i32(size.1))]);
    }
    let keys: Vec<&NSString> = settings.iter().map(|(key, _)| bridged(key)).collect();
    let values: Vec<&AnyObject> = settings.iter().map(|(_, value)| -> &AnyObject { value.as_ref() }).collect();
    NSDictionary::from_slices(&keys, &values)
}

fn bridged(string: &'static CFString) -> &'static NSString {
    // SAFETY: Core Foundation's string is Foundation's (toll-free bridging).
    unsafe { &*std::ptr::from_ref(string).cast::<NSString>() }
}

/// One change of the session, committed also where it fails: no exception passes through what is open.
fn configure<T>(
    capture: &AVCaptureSession,
    doing: &'static str,
    change: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    // SAFETY: committed below.
    unsafe { capture.beginConfiguration() };
    let changed = attempt(doing, change);
    // SAFETY: begun above.
    attempt(doing, || unsafe { capture.commitConfiguration() })?;
    changed?
}
