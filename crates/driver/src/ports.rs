//! The driver's seams to the world it does not own. Each has a fake and a real implementation under one contract.

use jiff::Timestamp;
use std::{pin::Pin, sync::Arc, time::Duration};

/// Everything outside that the driver reaches through a seam.
#[derive(Clone)]
pub struct Ports {
    pub net: Arc<dyn client::Net>,
    pub secrets: Arc<dyn vault::SecretStore>,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    pub picker: Arc<dyn Picker>,
    pub device: Arc<dyn Device>,
    pub hardware: Arc<dyn crate::Hardware>,
}

/// What time it is. Waiting is tokio's: its clock can be paused in a test.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
    /// Time since the system was started, sleep included: nobody sets it, and it begins anew with a restart.
    fn uptime(&self) -> Duration;
}

/// Chance good enough for keys.
pub trait Rng: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        uptime()
    }
}

/// Linux and Android count sleep in a clock of its own; Apple's monotonic clock does.
#[cfg(unix)]
fn uptime() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    Duration::try_from(rustix::time::clock_gettime(CLOCK)).unwrap_or_default()
}

/// No such clock is read here: time since the app's start. A wait then begins anew with it, so it is never shorter.
#[cfg(not(unix))]
fn uptime() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new({
        #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
        std::time::Instant::now
    });
    START.elapsed()
}

/// The system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    /// Panics where the system has no random numbers: nothing could be sealed then.
    #[expect(clippy::disallowed_methods, reason = "this is the Rng port")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the system has no random numbers: {error}");
        }
    }
}

/// An [`Rng`] port where a crate of the RustCrypto family wants a generator.
pub(crate) struct Chance<'a>(pub &'a dyn Rng);

impl rand_core::TryRng for Chance<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Chance<'_> {}

/// What the citizen is asked to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// One PDF, or one or more pictures.
    Document,
    /// One picture of a QR code.
    CodePicture,
}

/// A file the citizen chose, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct PickedFile {
    /// As the system calls it; shown to nobody and not trusted.
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PickError {
    /// A file of more than [`MAX_FILE_BYTES`]; it was not read.
    #[error("the file is too large")]
    TooLarge,
    #[error("the file could not be read")]
    Failed,
}

/// A picker reads no file larger than this.
pub const MAX_FILE_BYTES: u64 = protocol::limits::DOCUMENT_BYTES;

/// Reads one file that another app shared, when its turn has come: blocking, and one at a time is in memory.
pub type Reading = Box<dyn FnOnce() -> Result<PickedFile, PickError> + Send>;

/// What was picked; nothing when the citizen cancelled.
pub type Picking<'a> = Pin<Box<dyn Future<Output = Result<Vec<PickedFile>, PickError>> + Send + 'a>>;

/// The system's file dialog.
pub trait Picker: Send + Sync {
    fn pick(&self, choice: Choice) -> Picking<'_>;
}

/// The phone itself.
pub trait Device: Send + Sync {
    /// "Pixel 8"; never the owner's name for the phone.
    fn model(&self) -> String;

    /// A picture in a format that only the system reads (HEIC), as a JPEG of a size that fits into memory. Blocks.
    fn decode_picture(&self, _picture: &[u8]) -> Result<Vec<u8>, Undecoded> {
        Err(Undecoded::Unsupported)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undecoded {
    #[error("the system does not read this format")]
    Unsupported,
    #[error("the picture is damaged")]
    Damaged,
}
