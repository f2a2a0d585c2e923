//! What is true of a frame, from what was drawn.

use super::{
    Moment,
    frame::smear,
    pose::{HEIGHT, WIDTH},
    sheet::Library,
};

/// From this on a frame counts as blurred: the extent of the blur, a fraction of the picture's longer side. On an A4
/// page that fills four fifths of the picture it is 1.2 mm, the width of a 10-point letter's hollow.
pub const BLURRED: f32 = 1.0 / 320.0;

/// The uppermost whole page, and how well it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Number of the sheet in the middle of the picture.
    pub sheet: Option<usize>,
    /// Extent of the motion and of the circle of confusion on the page, root of the sum of squares.
    pub blur: f32,
    /// Share of the page that a hand or another sheet hides.
    pub hidden: f32,
    /// All four corners in the picture, large enough, not slanted, nothing on it, lit, in focus, still.
    pub good: bool,
}

/// Less of the page than this hidden is no harm: a thumb that holds it.
const HIDDEN: f32 = 0.01;
/// Corners nearer to the border than this, a fraction of the side, are not well inside.
const INSIDE: f32 = 0.01;
/// A page that covers less of the picture than this is too far away.
const LARGE: f32 = 0.2;
/// Luma of the paper, 0 to 1, that is lit.
const LIT: std::ops::Range<f32> = 0.27..1.06;

/// Faster than this, fractions of the longer side in a second and trembling aside, the phone or the page still moves.
const MOVES: f32 = 0.025;

/// Of the frame at `at` seconds; `film` says what is there at a time, trembling or not.
pub fn of(library: &Library, at: f32, exposure: f32, film: impl Fn(f32, bool) -> Moment) -> Truth {
    const SPAN: f32 = 0.05;
    let (before, after) = (film(at - SPAN, false), film(at + SPAN, false));
    let exact = exposed(library, &film(at, true), &film(at + exposure, true));
    let moves = match (corners(library, &before), corners(library, &after)) {
        (Some(p), Some(q)) => (0..4).map(|i| smear(&before.pose, &after.pose, p[i], q[i])).fold(0.0, f32::max),
        _ => f32::MAX,
    };
    Truth { good: exact.good && moves <= MOVES * 2.0 * SPAN, ..exact }
}

fn corners(library: &Library, moment: &Moment) -> Option<[[f32; 2]; 4]> {
    moment.sheets.last().map(|placed| placed.corners(library.get(placed.sheet).size))
}

/// `open` and `shut`: when the shutter opens and when it closes.
fn exposed(library: &Library, open: &Moment, shut: &Moment) -> Truth {
    let nothing = Truth { sheet: None, blur: 0.0, hidden: 0.0, good: false };
    let (Some(placed), Some(later)) = (open.sheets.last(), shut.sheets.last()) else { return nothing };
    let sheet = library.get(placed.sheet);
    let (now, then) = (placed.corners(sheet.size), later.corners(sheet.size));
    let smeared = (0..4).map(|i| smear(&open.pose, &shut.pose, now[i], then[i])).fold(0.0, f32::max);
    let blur = smeared.hypot(open.defocus);
    let seen = now.map(|corner| {
        let [x, y] = open.pose.project(corner);
        [x / WIDTH as f32, y / HEIGHT as f32]
    });
    let whole = seen.iter().flatten().all(|v| (INSIDE..=1.0 - INSIDE).contains(v));
    let area = (0..4).map(|i| (seen[i], seen[(i + 1) % 4])).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>() / 2.0;
    let middle = seen.iter().any(|p| (-0.5..1.5).contains(&p[0]) && (-0.5..1.5).contains(&p[1]));
    if !middle {
        return nothing;
    }
    let hand = open.hand.map(|hand| hand.strokes());
    let covered = (0..24 * 24).filter(|i| {
        let (u, v) = ((i % 24) as f32 / 24.0 - 0.48, (i / 24) as f32 / 24.0 - 0.48);
        let (s, c) = placed.turn.sin_cos();
        let (x, y) = (u * sheet.size[0], v * sheet.size[1]);
        let at = [placed.centre[0] + x * c - y * s, placed.centre[1] + x * s + y * c];
        hand.as_ref().is_some_and(|hand| hand.luma(at).is_some())
    });
    let hidden = covered.count() as f32 / (24.0 * 24.0);
    let lit = LIT.contains(&(sheet.paper.max(110.0) / 255.0 * open.light));
    let good = whole && area >= LARGE && hidden < HIDDEN && lit && blur <= BLURRED;
    Truth { sheet: Some(placed.sheet), blur, hidden, good }
}
