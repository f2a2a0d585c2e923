//! When the lens is pointed at the page: seldom, because each time it hunts for focus, and only when the page lies elsewhere.
//!
//! Pure; time and place come with the frames. Refuses to know lenses.

use scan::{Point, Quad};

/// Pointing again takes at least this long.
const AGAIN_MS: u64 = 1000;
/// A page that moved less than this part of the view is still in focus.
const MOVED: f32 = 0.12;
/// A page that was not seen for this long is gone: the middle of the view is as good a guess as any.
const GONE_MS: u64 = 2000;
const MIDDLE: Point = Point { x: 0.5, y: 0.5 };

/// Where the lens points, in fractions of the view. A camera begins with the middle.
#[derive(Debug, Default)]
pub(crate) struct Aim {
    at: Option<Point>,
    aimed_ms: Option<u64>,
    seen_ms: Option<u64>,
}

impl Aim {
    /// Where to point now, if it is time to point anywhere. `page`: the page in this frame.
    pub fn at(&mut self, now_ms: u64, page: Option<&Quad>) -> Option<Point> {
        let wanted = match page {
            Some(page) => {
                self.seen_ms = Some(now_ms);
                middle(page)
            }
            None if self.seen_ms.is_some_and(|seen| now_ms >= seen + GONE_MS) => MIDDLE,
            None => return None,
        };
        let at = self.at.unwrap_or(MIDDLE);
        let moved = (wanted.x - at.x).hypot(wanted.y - at.y) >= MOVED;
        let rested = self.aimed_ms.is_none_or(|aimed| now_ms >= aimed + AGAIN_MS);
        (moved && rested).then(|| {
            (self.at, self.aimed_ms) = (Some(wanted), Some(now_ms));
            wanted
        })
    }
}

/// A page may reach beyond the view, a lens may not.
fn middle(page: &Quad) -> Point {
    let mean = |along: fn(&Point) -> f32| (page.0.iter().map(along).sum::<f32>() / 4.0).clamp(0.0, 1.0);
    Point { x: mean(|corner| corner.x), y: mean(|corner| corner.y) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Point = Point { x: 0.3, y: 0.4 };
    const RIGHT: Point = Point { x: 0.7, y: 0.6 };

    fn around(Point { x, y }: Point) -> Quad {
        Quad([(-0.2, -0.3), (0.2, -0.3), (0.2, 0.3), (-0.2, 0.3)].map(|(dx, dy)| Point { x: x + dx, y: y + dy }))
    }

    fn near(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < 1e-5 && (a.y - b.y).abs() < 1e-5
    }

    #[test]
    fn a_page_beyond_the_view_is_pointed_at_on_the_border() {
        let at = Aim::default().at(0, Some(&around(Point { x: 1.4, y: 0.4 }))).unwrap();
        assert!(near(at, Point { x: 1.0, y: 0.4 }), "{at:?}");
    }

    #[test]
    fn a_page_in_the_middle_needs_no_pointing() {
        let mut aim = Aim::default();
        assert!((0..5000).step_by(33).all(|now| aim.at(now, Some(&around(Point { x: 0.52, y: 0.45 }))).is_none()));
    }

    #[test]
    fn a_page_elsewhere_is_pointed_at_once() {
        let mut aim = Aim::default();
        let aimed: Vec<_> = (0..5000).step_by(33).filter_map(|now| aim.at(now, Some(&around(LEFT)))).collect();
        assert!(aimed.len() == 1 && near(aimed[0], LEFT), "{aimed:?}");
    }

    #[test]
    fn a_page_that_jumps_about_is_pointed_at_once_a_second() {
        let mut aim = Aim::default();
        let jumps = (0..100).map(|frame| (frame * 50, around(if frame % 2 == 0 { LEFT } else { RIGHT })));
        let times: Vec<u64> = jumps.filter_map(|(now, page)| aim.at(now, Some(&page)).map(|_| now)).collect();
        assert!(times.len() >= 4, "{times:?}");
        assert!(times.windows(2).all(|pair| pair[1] >= pair[0] + AGAIN_MS), "{times:?}");
    }

    #[test]
    fn a_frame_without_the_page_changes_nothing_and_two_seconds_without_it_do() {
        let mut aim = Aim::default();
        assert!(aim.at(0, Some(&around(LEFT))).is_some());
        assert_eq!(aim.at(1500, None), None);
        assert_eq!(aim.at(1600, Some(&around(LEFT))), None);
        assert_eq!(aim.at(3599, None), None);
        assert_eq!(aim.at(3600, None), Some(MIDDLE));
        assert_eq!(aim.at(9000, None), None, "once");
    }

    #[test]
    fn where_no_page_was_seen_nothing_is_pointed_at() {
        let mut aim = Aim::default();
        assert!((0..9000).step_by(100).all(|now| aim.at(now, None).is_none()));
    }
}
