//! A camera's frames of paper on a desk, drawn: what lies there, how a hand holds the phone, what the lens makes of it.
//!
//! Lengths on the desk are millimetres, in the picture fractions of its longer side, times seconds. Refuses to know
//! what is made of the frames: the truth that it tells about each is its own and not the detector's.

pub mod desk;
pub mod frame;
pub mod hand;
pub mod holding;
#[path = "../../scenes/letter.rs"]
mod letter;
pub mod pose;
#[path = "../../scenes/random.rs"]
pub mod random;
pub mod sheet;
pub mod texture;
pub mod truth;

/// A place on the desk, millimetres.
pub type Spot = [f32; 2];

/// What the camera sees at one moment.
#[derive(Clone)]
pub struct Moment {
    pub pose: pose::Pose,
    /// Sheets on the desk, the uppermost last.
    pub sheets: Vec<Placed>,
    pub hand: Option<hand::Hand>,
    /// Diameter of the circle of confusion, a fraction of the picture's longer side.
    pub defocus: f32,
    /// What full light is multiplied with: the light there is, times the exposure's error.
    pub light: f32,
}

/// A sheet that lies somewhere.
#[derive(Clone, Copy)]
pub struct Placed {
    /// Its number in the [`sheet::Library`]; two places of one number are the same page.
    pub sheet: usize,
    pub centre: Spot,
    /// Radians, clockwise.
    pub turn: f32,
}

impl Placed {
    /// Corners on the desk: top left, top right, bottom right, bottom left as the page is read.
    pub fn corners(&self, size: Spot) -> [Spot; 4] {
        let (s, c) = self.turn.sin_cos();
        [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]].map(|[u, v]: Spot| {
            let (x, y) = (u * size[0], v * size[1]);
            [self.centre[0] + x * c - y * s, self.centre[1] + x * s + y * c]
        })
    }

    /// From places on the desk to places on the sheet, both 0 to 1 inside.
    pub fn layer(&self, size: Spot) -> Layer {
        let (s, c) = self.turn.sin_cos();
        let rows = [[c / size[0], s / size[0]], [-s / size[1], c / size[1]]];
        let shift = rows.map(|[a, b]| 0.5 - a * self.centre[0] - b * self.centre[1]);
        Layer { rows, shift }
    }
}

/// The map of [`Placed::layer`].
pub struct Layer {
    rows: [[f32; 2]; 2],
    shift: Spot,
}

impl Layer {
    pub fn within(&self, [x, y]: Spot) -> Spot {
        [0, 1].map(|i| self.rows[i][0] * x + self.rows[i][1] * y + self.shift[i])
    }
}
