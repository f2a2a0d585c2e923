//! How a photo becomes a page. The photo itself is never altered; a recipe can always be changed.

use crate::{Channels, Quad};
use serde::{Deserialize, Serialize};

/// Applied in this order: rectify `quad`, turn, filter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Recipe {
    /// `None`: the whole picture.
    pub quad: Option<Quad>,
    pub turn: Turn,
    pub filter: Filter,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { quad: None, turn: Turn::None, filter: Filter::Colour }
    }
}

/// Quarter turns, clockwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    #[default]
    None,
    Right,
    Half,
    Left,
}

impl Turn {
    pub fn right(self) -> Self {
        match self {
            Turn::None => Turn::Right,
            Turn::Right => Turn::Half,
            Turn::Half => Turn::Left,
            Turn::Left => Turn::None,
        }
    }

    pub fn left(self) -> Self {
        self.right().right().right()
    }

    /// This turn and then another.
    pub(crate) fn then(self, other: Self) -> Self {
        match other {
            Turn::None => self,
            Turn::Right => self.right(),
            Turn::Half => self.right().right(),
            Turn::Left => self.left(),
        }
    }

    /// Where a point of the turned picture lay before, both in shares of the sides.
    pub(crate) fn undo(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Turn::None => [x, y],
            Turn::Right => [y, 1.0 - x],
            Turn::Half => [1.0 - x, 1.0 - y],
            Turn::Left => [1.0 - y, x],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// The photo's own colours.
    Original,
    /// Light and shadow evened out; stamps and signatures keep their colour.
    Colour,
    Grey,
    BlackAndWhite,
}

impl Filter {
    /// What it makes its page of.
    pub fn needs(self) -> Channels {
        match self {
            Filter::Original | Filter::Colour => Channels::Colour,
            Filter::Grey | Filter::BlackAndWhite => Channels::Luma,
        }
    }
}

/// What the paper is, as far as its proportions tell. Sizes in millimetres, portrait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PaperFormat {
    A4,
    A5,
    Letter,
    /// Identity card, 85.6 × 54.0 mm.
    Id1,
    /// Anything else; printed at A4's longer side at most.
    Free,
}

impl PaperFormat {
    /// Short and long side in millimetres; `None` for [`PaperFormat::Free`].
    pub fn millimetres(self) -> Option<(f32, f32)> {
        match self {
            PaperFormat::A4 => Some((210.0, 297.0)),
            PaperFormat::A5 => Some((148.0, 210.0)),
            PaperFormat::Letter => Some((215.9, 279.4)),
            PaperFormat::Id1 => Some((53.98, 85.6)),
            PaperFormat::Free => None,
        }
    }
}
