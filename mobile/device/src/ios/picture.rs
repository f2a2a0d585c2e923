//! A picture in whatever format the system reads (HEIC above all), as an upright JPEG. ImageIO decodes; no file is written.

use crate::Error;
use objc2::rc::autoreleasepool;
use objc2_core_foundation::{CFBoolean, CFData, CFDictionary, CFMutableData, CFNumber, CFRetained, CFString, CFType};
use objc2_core_graphics::CGImage;
use objc2_image_io::{
    CGImageDestination, CGImageSource, kCGImageDestinationLossyCompressionQuality,
    kCGImageDestinationOptimizeColorForSharing, kCGImageSourceCreateThumbnailFromImageAlways,
    kCGImageSourceCreateThumbnailWithTransform, kCGImageSourceShouldCache, kCGImageSourceThumbnailMaxPixelSize,
};

/// The longer side. A4 at 500 dots an inch, and at most 144 MB while it is decoded, however large the picture says it is.
const LONGEST: i32 = 6000;
/// Print stays legible.
const QUALITY: f64 = 0.92;
const JPEG: &str = "public.jpeg";

/// [`Error::Unsupported`] where the system reads no picture in `bytes`.
pub(super) fn upright_jpeg(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    autoreleasepool(|_| encode(&*decode(bytes)?))
}

/// A 'thumbnail' is how ImageIO decodes to a size instead of decoding everything first; it turns the picture upright too.
fn decode(bytes: &[u8]) -> Result<CFRetained<CGImage>, Error> {
    let (yes, no) = (CFBoolean::new(true), CFBoolean::new(false));
    let longest = CFNumber::new_i32(LONGEST);
    // SAFETY: the framework's constants, each with the type that its description asks for; the source keeps the data.
    unsafe {
        let options = options(&[
            (kCGImageSourceShouldCache, no),
            (kCGImageSourceCreateThumbnailFromImageAlways, yes),
            (kCGImageSourceCreateThumbnailWithTransform, yes),
            (kCGImageSourceThumbnailMaxPixelSize, &longest),
        ]);
        let source = CGImageSource::with_data(&CFData::from_bytes(bytes), None).ok_or(Error::Unsupported)?;
        if source.count() == 0 {
            return Err(Error::Unsupported);
        }
        source.thumbnail_at_index(source.primary_image_index(), Some(options.as_opaque())).ok_or(Error::Unsupported)
    }
}

fn encode(picture: &CGImage) -> Result<Vec<u8>, Error> {
    let failed = || Error::failed("writing a picture as JPEG", &"ImageIO does not say why");
    let quality = CFNumber::new_f64(QUALITY);
    // SAFETY: the framework's constants, each with the type that its description asks for; the data is read when it is complete.
    unsafe {
        // The portal and our own decoder take colours for sRGB.
        let options = options(&[
            (kCGImageDestinationLossyCompressionQuality, &quality),
            (kCGImageDestinationOptimizeColorForSharing, CFBoolean::new(true)),
        ]);
        let jpeg = CFMutableData::new(None, 0).ok_or_else(failed)?;
        let writer =
            CGImageDestination::with_data(&jpeg, &CFString::from_static_str(JPEG), 1, None).ok_or_else(failed)?;
        writer.add_image(picture, Some(options.as_opaque()));
        if writer.finalize() { Ok(jpeg.to_vec()) } else { Err(failed()) }
    }
}

fn options(pairs: &[(&CFString, &CFType)]) -> CFRetained<CFDictionary<CFString, CFType>> {
    let (keys, values): (Vec<&CFString>, Vec<&CFType>) = pairs.iter().copied().unzip();
    CFDictionary::from_slices(&keys, &values)
}
