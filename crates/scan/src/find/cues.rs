//! What the detector sees in a small picture: colour, edges, and how much each pixel stands apart from the border.

use crate::plane::Plane;

/// Chroma differences are small numbers between clearly different colours.
const CHROMA_WEIGHT: f32 = 1.6;
/// Print thinner than this share of the longer side is filled before edges of paper are looked for.
const PRINT: f32 = 0.014;
/// The saturating scale of edge strength: this share of the picture's strong edges, within levels per pixel.
const EDGE_SHARE: f32 = 0.35;
const EDGE_RANGE: (f32, f32) = (1.6, 9.0);

/// Squared gradient over all channels as a 2×2 matrix per pixel (Di Zenzo 1986): strength in any direction, any colour.
pub struct Tensor {
    pub xx: Plane,
    pub xy: Plane,
    pub yy: Plane,
}

impl Tensor {
    fn of(channels: &[Plane; 3]) -> Self {
        let (w, h) = (channels[0].width, channels[0].height);
        let mut tensor = Tensor { xx: Plane::new(w, h), xy: Plane::new(w, h), yy: Plane::new(w, h) };
        for plane in channels {
            for y in 1..h - 1 {
                let row = |y: usize| &plane.data[y * w..][..w];
                let inner = y * w + 1..(y + 1) * w - 1;
                let (xx, xy, yy) = (
                    &mut tensor.xx.data[inner.clone()],
                    &mut tensor.xy.data[inner.clone()],
                    &mut tensor.yy.data[inner],
                );
                let (above, here, below) = (&row(y - 1)[1..w - 1], row(y), &row(y + 1)[1..w - 1]);
                let (left, right) = (&here[..w - 2], &here[2..]);
                for i in 0..w - 2 {
                    let (dx, dy) = ((right[i] - left[i]) * 0.5, (below[i] - above[i]) * 0.5);
                    xx[i] += dx * dx;
                    xy[i] += dx * dy;
                    yy[i] += dy * dy;
                }
            }
        }
        tensor
    }

    /// Gradient in direction (nx, ny), levels per pixel, at the nearest pixel; 0 outside.
    pub fn along(&self, x: f32, y: f32, nx: f32, ny: f32) -> f32 {
        let (px, py) = (x + 0.5, y + 0.5);
        if px < 0.0 || py < 0.0 || px >= self.xx.width as f32 || py >= self.xx.height as f32 {
            return 0.0;
        }
        let i = py as usize * self.xx.width + px as usize;
        let squared = self.xx.data[i] * nx * nx + 2.0 * self.xy.data[i] * nx * ny + self.yy.data[i] * ny * ny;
        squared.max(0.0).sqrt()
    }
}

pub struct Cues {
    pub width: f32,
    pub height: f32,
    /// Print filled, slightly smoothed: luma, then both chroma channels, weighted.
    pub paper: [Plane; 3],
    /// The same, pixel by pixel, for colour differences at single points.
    colours: Vec<[f32; 3]>,
    /// Edges of the picture as it is.
    pub sharp: Tensor,
    /// Edges once print is filled.
    pub broad: Tensor,
    /// Edge strength that counts half.
    pub edge: f32,
    /// How much darker print is than the paper it was filled with, half size.
    pub print: Plane,
    /// How far each pixel stands apart from the border, 0 to 1.
    pub apart: Plane,
}

impl Cues {
    pub fn of(planes: [Plane; 3]) -> Self {
        let [y, u, v] = planes;
        let (u, v) = (u.map(|c| c * CHROMA_WEIGHT).smooth(), v.map(|c| c * CHROMA_WEIGHT).smooth());
        let radius = ((y.width.max(y.height) as f32 * PRINT).round() as usize).max(1);
        let paper = [y.close(radius).smooth(), u.clone(), v.clone()];
        let sharp = Tensor::of(&[y.smooth(), u, v]);
        let broad = Tensor::of(&paper);
        let strong = broad.xx.zip(&broad.yy, |a, b| (a + b).sqrt()).quantile(0.96);
        let edge = (strong * EDGE_SHARE).clamp(EDGE_RANGE.0, EDGE_RANGE.1);
        let apart = apart_from_border(&paper);
        let print = halved(&paper[0].zip(&y, |filled, raw| (filled - raw).max(0.0)), apart.width, apart.height);
        let colours = (0..y.data.len()).map(|i| std::array::from_fn(|c| paper[c].data[i])).collect();
        Cues { width: y.width as f32, height: y.height as f32, paper, colours, sharp, broad, edge, print, apart }
    }

    /// Distance of two colours, print filled.
    pub fn contrast(&self, a: (f32, f32), b: (f32, f32)) -> f32 {
        let (a, b) = (self.colour(a), self.colour(b));
        ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt()
    }

    /// How much brighter the first point is, print filled.
    pub fn brighter(&self, a: (f32, f32), b: (f32, f32)) -> f32 {
        self.colour(a)[0] - self.colour(b)[0]
    }

    fn colour(&self, (x, y): (f32, f32)) -> [f32; 3] {
        let (x, y) = (x.clamp(0.0, self.width - 1.0) + 0.5, y.clamp(0.0, self.height - 1.0) + 0.5);
        self.colours[y as usize * self.width as usize + x as usize]
    }

    pub fn inside(&self, x: f32, y: f32) -> bool {
        (0.0..self.width).contains(&x) && (0.0..self.height).contains(&y)
    }

    pub fn longer(&self) -> f32 {
        self.width.max(self.height)
    }
}

/// Minimum barrier distance to the picture's border, summed over the channels and scaled to its maximum
/// (Zhang et al., Minimum Barrier Salient Object Detection at 80 FPS, 2015): what is enclosed by an edge stands apart,
/// whatever gradient of light runs over it.
fn apart_from_border(paper: &[Plane; 3]) -> Plane {
    let (w, h) = (paper[0].width.div_ceil(2), paper[0].height.div_ceil(2));
    let mut sum = Plane::new(w, h);
    for plane in paper {
        let half = halved(plane, w, h);
        let distance = barrier(&half);
        sum.data.iter_mut().zip(&distance).for_each(|(s, d)| *s += d);
    }
    // Not all of the most is asked for: paper must not pale beside a dark photo printed on it.
    let top = (sum.quantile(0.98) * 0.7).max(12.0);
    sum.map(|v| (v / top).min(1.0))
}

fn halved(plane: &Plane, w: usize, h: usize) -> Plane {
    let mut half = Plane::new(w, h);
    for y in 0..h {
        for x in 0..w {
            half.data[y * w + x] = plane.at(x * 2, y * 2);
        }
    }
    half
}

fn barrier(plane: &Plane) -> Vec<f32> {
    let (w, h) = (plane.width, plane.height);
    let mut distance = vec![f32::MAX; w * h];
    let (mut high, mut low) = (plane.data.clone(), plane.data.clone());
    for y in 0..h {
        for x in 0..w {
            if x == 0 || y == 0 || x == w - 1 || y == h - 1 {
                distance[y * w + x] = 0.0;
            }
        }
    }
    let mut relax = |at: usize, from: usize| {
        let value = plane.data[at];
        let (up, down) = (high[from].max(value), low[from].min(value));
        if distance[from] < f32::MAX && up - down < distance[at] {
            (distance[at], high[at], low[at]) = (up - down, up, down);
        }
    };
    for pass in 0..3 {
        for row in 1..h.saturating_sub(1) {
            for column in 1..w.saturating_sub(1) {
                if pass % 2 == 0 {
                    let at = row * w + column;
                    relax(at, at - 1);
                    relax(at, at - w);
                } else {
                    let at = (h - 1 - row) * w + (w - 1 - column);
                    relax(at, at + 1);
                    relax(at, at + w);
                }
            }
        }
    }
    distance
}
