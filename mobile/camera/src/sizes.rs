//! Which sizes are asked of a camera. Pure; refuses to know cameras.

/// What the detector was measured with.
const FRAME: (i32, i32) = (1280, 960);
/// A4 at 300 dots an inch is 8.7 million pixels, and a hand leaves a margin around the page. Sensors with 48 million would cost four
/// times the memory and the time for nothing that a 300 dpi document shows.
const STILL_PIXELS: i64 = 16_000_000;

/// The frame's size where the sensor can be scaled to it: of its shape, and smaller. `None`: take what comes.
pub(crate) fn frame((width, height): (i32, i32)) -> Option<(i32, i32)> {
    let same_shape = i64::from(width) * i64::from(FRAME.1) == i64::from(height) * i64::from(FRAME.0);
    (same_shape && width >= FRAME.0).then_some(FRAME)
}

/// The still's size: the largest that is not needlessly large, or the smallest there is.
pub(crate) fn still(offered: &[(i32, i32)]) -> Option<(i32, i32)> {
    let pixels = |size: &(i32, i32)| i64::from(size.0) * i64::from(size.1);
    let enough = offered.iter().filter(|size| pixels(size) <= STILL_PIXELS).max_by_key(|size| pixels(size));
    enough.or_else(|| offered.iter().min_by_key(|size| pixels(size))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_scaled_from_sensors_of_their_shape_only() {
        assert_eq!(frame((4032, 3024)), Some(FRAME));
        assert_eq!(frame(FRAME), Some(FRAME));
        assert_eq!(frame((1920, 1080)), None, "another shape");
        assert_eq!(frame((640, 480)), None, "too small");
        assert_eq!(frame((1504, 1130)), None, "nearly its shape is another");
        assert_eq!(frame((i32::MAX, i32::MAX)), None);
    }

    #[test]
    fn stills_are_the_largest_that_a_document_needs() {
        let (small, twelve, large, largest) = ((1920, 1440), (4032, 3024), (5712, 4284), (8064, 6048));
        assert_eq!(still(&[small, twelve, large, largest]), Some(twelve));
        assert_eq!(still(&[largest, small]), Some(small));
        assert_eq!(still(&[largest, large]), Some(large), "nothing smaller is there");
        assert_eq!(still(&[]), None);
    }
}
