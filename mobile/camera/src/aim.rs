//! When the lens is pointed at the page: seldom, because each time it hunts for focus, and only when the page lies elsewhere.
//!
//! Pure; time and place come with the frames. Refuses to know lenses.

/// Pointing again takes at least this long.
const AGAIN_MS: u64 = 1000;
/// A page that moved less than this part of the view is still in focus.
const MOVED: f64 = 0.12;
/// A page that was not seen for this long is gone: the middle of the view is as good a guess as any.
const GONE_MS: u64 = 2000;
const MIDDLE: (f64, f64) = (0.5, 0.5);

/// Where the lens points, in fractions of the view. A camera begins with the middle.
#[derive(Debug, Default)]
pub(crate) struct Aim {
    at: Option<(f64, f64)>,
    aimed_ms: Option<u64>,
    seen_ms: Option<u64>,
}

impl Aim {
    /// Where to point now, if it is time to point anywhere. `page`: the middle of the page in this frame.
    pub fn at(&mut self, now_ms: u64, page: Option<(f64, f64)>) -> Option<(f64, f64)> {
        let wanted = match page {
            Some(page) => {
                self.seen_ms = Some(now_ms);
                page
            }
            None if self.seen_ms.is_some_and(|seen| now_ms >= seen + GONE_MS) => MIDDLE,
            None => return None,
        };
        let at = self.at.unwrap_or(MIDDLE);
        let moved = (wanted.0 - at.0).hypot(wanted.1 - at.1) >= MOVED;
        let rested = self.aimed_ms.is_none_or(|aimed| now_ms >= aimed + AGAIN_MS);
        (moved && rested).then(|| {
            (self.at, self.aimed_ms) = (Some(wanted), Some(now_ms));
            wanted
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: (f64, f64) = (0.3, 0.4);
    const RIGHT: (f64, f64) = (0.7, 0.6);

    #[test]
    fn a_page_in_the_middle_needs_no_pointing() {
        let mut aim = Aim::default();
        assert!((0..5000).step_by(33).all(|now| aim.at(now, Some((0.52, 0.45))).is_none()));
    }

    #[test]
    fn a_page_elsewhere_is_pointed_at_once() {
        let mut aim = Aim::default();
        let aimed: Vec<_> = (0..5000).step_by(33).filter_map(|now| aim.at(now, Some(LEFT))).collect();
        assert_eq!(aimed, [LEFT]);
    }

    #[test]
    fn a_page_that_jumps_about_is_pointed_at_once_a_second() {
        let mut aim = Aim::default();
        let jumps = (0..100).map(|frame| (frame * 50, if frame % 2 == 0 { LEFT } else { RIGHT }));
        let times: Vec<u64> = jumps.filter_map(|(now, page)| aim.at(now, Some(page)).map(|_| now)).collect();
        assert!(times.len() >= 4, "{times:?}");
        assert!(times.windows(2).all(|pair| pair[1] >= pair[0] + AGAIN_MS), "{times:?}");
    }

    #[test]
    fn a_frame_without_the_page_changes_nothing_and_two_seconds_without_it_do() {
        let mut aim = Aim::default();
        assert_eq!(aim.at(0, Some(LEFT)), Some(LEFT));
        assert_eq!(aim.at(1500, None), None);
        assert_eq!(aim.at(1600, Some(LEFT)), None);
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
