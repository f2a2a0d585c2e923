//! One view port for preview, frames, focus and the way the still is turned, so that one mapping serves them all.
//!
//! Pure: numbers in, numbers out. Refuses to know the view, the sensor and the system that asks.

use crate::Crop;

/// What the person sees of the camera's picture: a view that it fills, cut where it does not fit (aspect fill).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ViewPort {
    /// Clockwise degrees that make the sensor's picture upright: 0, 90, 180 or 270.
    pub rotation: i32,
    /// The view's size as it is looked at, in any unit.
    pub width: f64,
    pub height: f64,
}

impl ViewPort {
    /// The part of a buffer of `width` × `height` (before the rotation) that the view shows. Even, because chroma has half the
    /// samples; all of the buffer while the view has no size.
    pub fn crop(&self, width: usize, height: usize) -> Crop {
        let whole = Crop { left: 0, top: 0, width, height };
        let sideways = self.rotation.rem_euclid(180) == 90;
        let (across, down) = if sideways { (self.height, self.width) } else { (self.width, self.height) };
        if width == 0 || height == 0 || !(across > 0.0 && down > 0.0 && across.is_finite() && down.is_finite()) {
            return whole;
        }
        let fill = (across / width as f64).max(down / height as f64);
        let (left, wide) = middle(width, across / fill);
        let (top, high) = middle(height, down / fill);
        Crop { left, top, width: wide, height: high }
    }

    /// A point of the view (in fractions) as a point of the whole buffer before the rotation (in fractions).
    pub fn on_sensor(&self, (x, y): (f64, f64), crop: Crop, width: usize, height: usize) -> (f64, f64) {
        let (x, y) = match self.rotation.rem_euclid(360) {
            90 => (y, 1.0 - x),
            180 => (1.0 - x, 1.0 - y),
            270 => (1.0 - y, x),
            _ => (x, y),
        };
        let along = |from: usize, part: usize, of: f64, all: usize| {
            ((from as f64 + of * part as f64) / all.max(1) as f64).clamp(0.0, 1.0)
        };
        (along(crop.left, crop.width, x, width), along(crop.top, crop.height, y, height))
    }
}

/// Where the middle `part` of `all` begins and how long it is, both even where `all` leaves room for that.
fn middle(all: usize, part: f64) -> (usize, usize) {
    if all < 2 {
        return (0, all);
    }
    // An odd `all` is shown whole where nothing is cut.
    let whole = part > all as f64 - 0.5;
    let part = if whole { all } else { ((part / 2.0).round() as usize * 2).clamp(2, all) };
    (((all - part) / 2) & !1, part)
}

/// How an iPhone's back camera has to be turned for an interface in `orientation` (`UIInterfaceOrientation`'s number). Its sensor
/// is upright while the home button, or where it was, is on the right.
pub(crate) fn rotation_of(orientation: isize) -> i32 {
    match orientation {
        3 => 0,
        2 => 270,
        4 => 180,
        // Upright, and where the system does not know.
        _ => 90,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Planes;
    use scan::{Point, Quad, judge};

    const FRAME: (usize, usize) = (1280, 960);

    fn port(rotation: i32, width: f64, height: f64) -> ViewPort {
        ViewPort { rotation, width, height }
    }

    #[test]
    fn a_view_of_the_same_shape_shows_everything() {
        for (rotation, width, height) in [(90, 300.0, 400.0), (270, 3.0, 4.0), (0, 4000.0, 3000.0), (180, 4.0, 3.0)] {
            let crop = port(rotation, width, height).crop(FRAME.0, FRAME.1);
            assert_eq!(crop, Crop { left: 0, top: 0, width: 1280, height: 960 }, "{rotation}");
        }
    }

    #[test]
    fn a_long_view_cuts_both_long_sides_alike() {
        // A phone of 390 × 844 points held upright: the picture is 960 wide and 1280 high.
        let crop = port(90, 390.0, 844.0).crop(FRAME.0, FRAME.1);
        assert_eq!(crop, Crop { left: 0, top: 184, width: 1280, height: 592 });
        // The same phone lying on its side.
        let crop = port(0, 844.0, 390.0).crop(FRAME.0, FRAME.1);
        assert_eq!(crop, Crop { left: 0, top: 184, width: 1280, height: 592 });
        // A wide strip above other things.
        let crop = port(90, 400.0, 200.0).crop(FRAME.0, FRAME.1);
        assert_eq!(crop, Crop { left: 400, top: 0, width: 480, height: 960 });
    }

    #[test]
    fn a_crop_is_even_lies_inside_and_has_the_shape_of_the_view() {
        for rotation in [0, 90, 180, 270] {
            for (width, height) in [(1.0, 9.0), (9.0, 1.0), (375.3, 667.7), (1024.0, 768.0), (0.001, 5000.0)] {
                for (across, down) in [FRAME, (1504, 1128), (1079, 811), (2, 2), (1, 1)] {
                    let crop = port(rotation, width, height).crop(across, down);
                    assert!(crop.left + crop.width <= across && crop.top + crop.height <= down, "{crop:?}");
                    assert!(crop.width > 0 && crop.height > 0);
                    assert!(crop.left.is_multiple_of(2) && crop.top.is_multiple_of(2));
                    assert!(crop.width == across || crop.height == down, "as much as fits: {crop:?}");
                }
            }
        }
        let crop = port(90, 390.0, 844.0).crop(FRAME.0, FRAME.1);
        assert!((crop.height as f64 / crop.width as f64 - 390.0 / 844.0).abs() < 0.005);
    }

    #[test]
    fn a_view_without_a_size_cuts_nothing() {
        for (width, height) in [(0.0, 0.0), (0.0, 5.0), (5.0, 0.0), (f64::NAN, 5.0), (-5.0, 5.0), (f64::INFINITY, 5.0)]
        {
            let crop = port(90, width, height).crop(FRAME.0, FRAME.1);
            assert_eq!(crop, Crop { left: 0, top: 0, width: 1280, height: 960 }, "{width} × {height}");
        }
    }

    #[test]
    fn the_interface_turns_the_sensor() {
        let turned: Vec<_> = (0..=5).map(rotation_of).collect();
        assert_eq!(turned, [90, 90, 270, 0, 180, 90]);
    }

    /// Against the frame that is judged, not against the same formula: light falls on one place of the sensor alone.
    #[test]
    fn a_point_of_the_view_is_the_same_point_on_the_sensor() {
        let (width, height) = (384, 256);
        for (rotation, size) in [(0, (96.0, 40.0)), (90, (40.0, 96.0)), (180, (60.0, 64.0)), (270, (64.0, 60.0))] {
            let view = port(rotation, size.0, size.1);
            let crop = view.crop(width, height);
            for at in [(0.25, 0.3), (0.75, 0.3), (0.4, 0.8)] {
                let (x, y) = view.on_sensor(at, crop, width, height);
                let (column, row) = ((x * width as f64) as usize, (y * height as f64) as usize);
                let lit = |i: usize| (i % width).abs_diff(column) <= 16 && (i / width).abs_diff(row) <= 16;
                let luma: Vec<u8> = (0..width * height).map(|i| if lit(i) { 255 } else { 0 }).collect();
                let chroma = vec![128; luma.len() / 2];
                let (u, v) = (&chroma[..], &chroma[1..]);
                let (y_stride, uv_stride, uv_pixel_stride) = (width, width, 2);
                let planes = Planes { y: &luma, u, v, y_stride, uv_stride, uv_pixel_stride, crop, rotation };
                let frame = planes.frame().unwrap();
                let light = |(x, y): (f64, f64)| {
                    let corner = |dx, dy| Point { x: x as f32 + dx, y: y as f32 + dy };
                    let place = [corner(-0.03, -0.03), corner(0.03, -0.03), corner(0.03, 0.03), corner(-0.03, 0.03)];
                    judge(&frame, Some(&Quad(place))).light
                };
                assert!(light(at) > 0.9, "{rotation}: {at:?} is ({x}, {y})");
                let elsewhere = [(1.0 - at.0, at.1), (at.0, 1.0 - at.1), (1.0 - at.0, 1.0 - at.1)];
                assert!(elsewhere.into_iter().all(|place| light(place) < 0.1), "only there");
            }
        }
    }
}
