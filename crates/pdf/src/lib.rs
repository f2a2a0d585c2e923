//! Pages in, one PDF out; is this PDF safe to take; a page as a picture.
//!
//! [`write`] puts JPEGs on pages without touching a byte of them, [`inspect`] says what a PDF is or why it must not be
//! taken, [`render`] shows a page. All three are pure: the same input gives the same output, no clock, no files, no
//! chance. Refuses to know: photos, quads and filters (what a page shows is settled before), tickets, uploads, and the
//! words a citizen reads about a refusal.

mod active;
mod archive;
mod inspect;
mod jpeg;
mod metadata;
mod page;
mod render;
mod srgb;
mod write;

pub use inspect::{Facts, Limits, Refusal, inspect};
pub use jpeg::JpegError;
pub use metadata::{Metadata, MetadataError};
pub use page::{Layout, PageContent, PaperSize};
pub use render::{MAX_SIDE, Picture, RenderError, render};
pub use write::{WriteError, write};
