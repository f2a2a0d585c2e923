//! Cameras that do what a test says, when it says so.

use super::{Cameras, Format, Frame, Source, lock};
use crate::{Error, Permission};
use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

/// What `opening` and `frame` do.
#[derive(Default, Clone)]
pub(crate) enum Trouble {
    #[default]
    None,
    Refuses(Error),
    /// Every frame is torn.
    Tears,
    Panics,
    /// Letting go of the camera panics.
    Clings,
}

#[derive(Default)]
pub(crate) struct Script {
    trouble: Mutex<Trouble>,
    slow: Mutex<bool>,
    going: Condvar,
    /// A JPEG that lies before the camera; without one, grey.
    paper: Mutex<Option<Vec<u8>>>,
    opened: AtomicUsize,
    /// Cameras that were opened up to this one are unplugged.
    unplugged: AtomicUsize,
    open: AtomicUsize,
    most: AtomicUsize,
}

impl Script {
    pub fn trouble(&self, trouble: Trouble) {
        *lock(&self.trouble) = trouble;
    }

    pub fn deny(&self, denied: bool) {
        self.trouble(if denied { Trouble::Refuses(Error::Denied) } else { Trouble::None });
    }

    /// Opening takes until it is no longer slow.
    pub fn slow(&self, slow: bool) {
        *lock(&self.slow) = slow;
        self.going.notify_all();
    }

    pub fn lay(&self, paper: Vec<u8>) {
        *lock(&self.paper) = Some(paper);
    }

    pub fn unplug(&self) {
        self.unplugged.store(self.opened.load(SeqCst), SeqCst);
    }

    /// How many cameras are open.
    pub fn open_now(&self) -> usize {
        self.open.load(SeqCst)
    }

    /// How many ever were open at once.
    pub fn most(&self) -> usize {
        self.most.load(SeqCst)
    }
}

impl Cameras for Arc<Script> {
    fn permission(&self) -> Result<Permission, Error> {
        let denied = matches!(*lock(&self.trouble), Trouble::Refuses(Error::Denied));
        Ok(if denied { Permission::Denied } else { Permission::Granted })
    }

    fn open(&self) -> Result<Box<dyn Source>, Error> {
        let slow = lock(&self.slow);
        drop(self.going.wait_while(slow, |slow| *slow).unwrap_or_else(PoisonError::into_inner));
        if let Trouble::Refuses(error) = *lock(&self.trouble) {
            return Err(error);
        }
        self.most.fetch_max(self.open.fetch_add(1, SeqCst) + 1, SeqCst);
        let number = self.opened.fetch_add(1, SeqCst) + 1;
        Ok(Box::new(Playing { script: Arc::clone(self), number, frames: 0 }))
    }
}

struct Playing {
    script: Arc<Script>,
    number: usize,
    frames: usize,
}

impl Source for Playing {
    fn frame(&mut self) -> Result<Frame, Error> {
        // As often as a fast camera.
        thread::park_timeout(Duration::from_millis(2));
        if self.script.unplugged.load(SeqCst) >= self.number {
            return Err(Error::Unavailable);
        }
        self.frames += 1;
        let trouble = lock(&self.script.trouble).clone();
        // Also where there is no trouble, one is torn now and then.
        let torn = matches!(trouble, Trouble::Tears) || self.frames % 5 == 1;
        assert!(!matches!(trouble, Trouble::Panics), "on purpose");
        let whole = match &*lock(&self.script.paper) {
            Some(paper) => Frame { format: Format::Mjpeg, width: 0, height: 0, bytes: paper.clone() },
            None => Frame { format: Format::Yuyv, width: 64, height: 48, bytes: vec![128; 64 * 48 * 2] },
        };
        Ok(if torn { Frame { bytes: whole.bytes[..100].to_vec(), ..whole } } else { whole })
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.script.open.fetch_sub(1, SeqCst);
        let clings = matches!(*lock(&self.script.trouble), Trouble::Clings);
        assert!(!clings || thread::panicking(), "on purpose");
    }
}
