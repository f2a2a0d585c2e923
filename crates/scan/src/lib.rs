//! Pixels in, a flat clean page out: find the page, judge the frame, hold still, rectify, enhance.
//!
//! Refuses to know: files, clocks, cameras, screens. Every function is pure; time is an argument in milliseconds.

pub mod automatic;
pub mod code;
mod decode;
mod enhance;
mod find;
mod frame;
mod geometry;
mod homography;
pub mod judge;
mod kernels;
mod net;
mod outline;
mod page;
mod picture;
mod plane;
mod recipe;
mod rectify;
mod upright;

pub use decode::{Channels, DecodeError, MAX_PIXELS, Photo, decode};
pub use enhance::enhance;
pub use find::{Drawing, Found, find};
pub use frame::{FrameError, Yuv, nv21_from_rgb};
pub use geometry::{Point, Quad};
pub use homography::Homography;
pub use judge::{Judgement, judge};
pub use page::{Page, page, preview};
pub use picture::Picture;
pub use recipe::{Filter, PaperFormat, Recipe, Turn};
pub use rectify::Rectified;
pub use upright::upright;
