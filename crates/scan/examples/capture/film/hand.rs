//! A hand over the desk: a palm, four fingers, a thumb and a forearm, as thick strokes.

use super::Spot;

/// Where the middle finger's tip is, and where the arm comes from.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    pub tip: Spot,
    /// Direction of the arm from the tip, radians.
    pub arm: f32,
    /// Luma and colour differences of the skin.
    pub skin: [u8; 3],
}

/// Strokes in the hand's own millimetres: the tip at the origin, the arm along +x. Start, end, radius.
const STROKES: [(Spot, Spot, f32); 7] = [
    ([8.0, 0.0], [80.0, 4.0], 9.0),
    ([16.0, -20.0], [82.0, -12.0], 8.5),
    ([16.0, 20.0], [84.0, 18.0], 8.5),
    ([38.0, 38.0], [92.0, 30.0], 7.5),
    ([58.0, -52.0], [106.0, -26.0], 10.5),
    ([96.0, -8.0], [118.0, 14.0], 38.0),
    ([140.0, 0.0], [600.0, 20.0], 36.0),
];

/// A hand laid out for many questions.
pub struct Strokes {
    strokes: [Stroke; 7],
    skin: [u8; 3],
}

struct Stroke {
    from: Spot,
    axis: Spot,
    /// One over the squared length and the squared radius.
    length: f32,
    radius: f32,
}

impl Hand {
    pub fn strokes(&self) -> Strokes {
        let (s, c) = self.arm.sin_cos();
        let place = |[x, y]: Spot| [self.tip[0] + x * c - y * s, self.tip[1] + x * s + y * c];
        let strokes = STROKES.map(|(a, b, radius)| {
            let (from, to) = (place(a), place(b));
            let axis = [to[0] - from[0], to[1] - from[1]];
            let length = 1.0 / (axis[0] * axis[0] + axis[1] * axis[1]);
            Stroke { from, axis, length, radius: 1.0 / (radius * radius) }
        });
        Strokes { strokes, skin: self.skin }
    }
}

impl Strokes {
    /// Luma at a place on the desk, where the hand is: round, brightest in the middle.
    pub fn luma(&self, at: Spot) -> Option<f32> {
        let mut most = 0.0f32;
        for Stroke { from, axis, length, radius } in &self.strokes {
            let (x, y) = (at[0] - from[0], at[1] - from[1]);
            let t = ((x * axis[0] + y * axis[1]) * length).clamp(0.0, 1.0);
            let (x, y) = (x - t * axis[0], y - t * axis[1]);
            most = most.max(1.0 - (x * x + y * y) * radius);
        }
        (most > 0.0).then(|| f32::from(self.skin[0]) * (0.55 + 0.45 * most.sqrt()))
    }

    pub fn chroma(&self) -> [u8; 2] {
        [self.skin[1], self.skin[2]]
    }
}
