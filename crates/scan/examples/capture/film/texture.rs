//! A drawn surface as luma and colour difference, in halves of its size: so that far away it is averaged and not sampled.

use image::RgbImage;

/// Row-major bytes.
struct Level {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

/// Level 0 of luma has the drawing's size, of the colour differences half of it.
pub struct Texture {
    luma: Vec<Level>,
    blue: Vec<Level>,
    red: Vec<Level>,
}

/// Full-range BT.601, as the frames of the camera.
fn yuv([r, g, b]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [f32::from(r), f32::from(g), f32::from(b)];
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    [y, 128.0 + 0.564 * (b - y), 128.0 + 0.713 * (r - y)].map(|v| (v + 0.5).clamp(0.0, 255.0) as u8)
}

impl Texture {
    pub fn of(drawing: &RgbImage) -> Self {
        let (width, height) = (drawing.width() as usize, drawing.height() as usize);
        let mut planes = [0; 3].map(|_| Vec::with_capacity(width * height));
        for pixel in drawing.pixels() {
            planes.iter_mut().zip(yuv(pixel.0)).for_each(|(plane, value)| plane.push(value));
        }
        let [luma, blue, red] = planes.map(|bytes| pyramid(Level { width, height, bytes }));
        let halved = |levels: Vec<Level>| levels.into_iter().skip(1).collect();
        Texture { luma, blue: halved(blue), red: halved(red) }
    }

    /// The level whose texels are about as large as a pixel that covers `texels` of level 0.
    pub fn level(&self, texels: f32) -> usize {
        (texels.max(1.0).log2().round() as usize).min(self.luma.len() - 1)
    }

    /// Between the four nearest; `u` and `v` are fractions of the surface, clamped to it.
    pub fn luma(&self, level: usize, u: f32, v: f32) -> f32 {
        self.luma[level].bilinear(u, v)
    }

    /// Blue and red difference around 128, nearest texel.
    pub fn chroma(&self, level: usize, u: f32, v: f32) -> [u8; 2] {
        let level = level.min(self.blue.len() - 1);
        [self.blue[level].nearest(u, v), self.red[level].nearest(u, v)]
    }
}

fn pyramid(first: Level) -> Vec<Level> {
    let mut levels = vec![first];
    while let Some(last) = levels.last().filter(|level| level.width.min(level.height) >= 8) {
        let (width, height) = (last.width / 2, last.height / 2);
        let mut bytes = Vec::with_capacity(width * height);
        for y in 0..height {
            let (upper, lower) = (&last.bytes[2 * y * last.width..], &last.bytes[(2 * y + 1) * last.width..]);
            let four = |x: usize| [upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]];
            bytes.extend((0..width).map(|x| ((four(x).iter().map(|v| u32::from(*v)).sum::<u32>() + 2) / 4) as u8));
        }
        levels.push(Level { width, height, bytes });
    }
    levels
}

impl Level {
    fn bilinear(&self, u: f32, v: f32) -> f32 {
        let x = (u * self.width as f32 - 0.5).clamp(0.0, self.width as f32 - 1.001);
        let y = (v * self.height as f32 - 0.5).clamp(0.0, self.height as f32 - 1.001);
        let (x0, y0) = (x as usize, y as usize);
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let rows = &self.bytes[y0 * self.width + x0..];
        let value = |i: usize| f32::from(rows[i]);
        let upper = value(0) + (value(1) - value(0)) * fx;
        let lower = value(self.width) + (value(self.width + 1) - value(self.width)) * fx;
        upper + (lower - upper) * fy
    }

    fn nearest(&self, u: f32, v: f32) -> u8 {
        let x = (u * self.width as f32).clamp(0.0, self.width as f32 - 1.0) as usize;
        let y = (v * self.height as f32).clamp(0.0, self.height as f32 - 1.0) as usize;
        self.bytes[y * self.width + x]
    }
}
