//! A stored picture with its halved copies, read between pixels as linear light.

use crate::{
    colour::{Colour, linear_table},
    noise::share,
};

/// 8-bit sRGB, with or without alpha, and its halves down to 8 pixels.
pub struct Picture {
    levels: Vec<Level>,
    channels: usize,
}

struct Level {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Picture {
    /// `bytes` row by row, `channels` (3 or 4) a pixel; `None` where the lengths disagree or a side is empty.
    pub fn new(width: usize, height: usize, channels: usize, bytes: Vec<u8>) -> Option<Self> {
        if width == 0 || height == 0 || !(3..=4).contains(&channels) || bytes.len() != width * height * channels {
            return None;
        }
        let mut levels = vec![Level { width, height, bytes }];
        while let Some(next) = levels.last().filter(|l| l.width.min(l.height) >= 16).map(|l| l.halved(channels)) {
            levels.push(next);
        }
        Some(Picture { levels, channels })
    }

    /// Width divided by height.
    pub fn proportion(&self) -> f32 {
        self.levels[0].width as f32 / self.levels[0].height as f32
    }

    pub fn width(&self) -> usize {
        self.levels[0].width
    }

    pub fn height(&self) -> usize {
        self.levels[0].height
    }

    /// The copy to read when one output pixel covers `texels` pixels of the largest.
    pub fn level(&self, texels: f32) -> usize {
        (texels.max(1.0).log2() + 0.25).floor().min((self.levels.len() - 1) as f32) as usize
    }

    /// Colour at shares of the sides, clamped to the picture.
    pub fn at(&self, level: usize, u: f32, v: f32) -> Colour {
        let l = &self.levels[level];
        let x = (u * l.width as f32 - 0.5).clamp(0.0, (l.width - 1) as f32);
        let y = (v * l.height as f32 - 0.5).clamp(0.0, (l.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(l.width - 1), (y0 + 1).min(l.height - 1));
        self.between(l, [x0, x1, y0, y1], x - x0 as f32, y - y0 as f32)
    }

    /// Like [`Picture::at`], repeated beyond the sides.
    pub fn repeated(&self, level: usize, u: f32, v: f32) -> Colour {
        let l = &self.levels[level];
        let x = share(u) * l.width as f32;
        let y = share(v) * l.height as f32;
        let (x0, y0) = ((x as usize).min(l.width - 1), (y as usize).min(l.height - 1));
        let (x1, y1) = ((x0 + 1) % l.width, (y0 + 1) % l.height);
        self.between(l, [x0, x1, y0, y1], x - x0 as f32, y - y0 as f32)
    }

    /// How dark the largest copy is at shares of the sides, 0 white to 1 black, in the steps of its bytes.
    pub fn darkness(&self, u: f32, v: f32) -> f32 {
        let l = &self.levels[0];
        let x = (u * l.width as f32 - 0.5).clamp(0.0, (l.width - 1) as f32);
        let y = (v * l.height as f32 - 0.5).clamp(0.0, (l.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(l.width - 1), (y0 + 1).min(l.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let grey = |x: usize, y: usize| {
            let p = &l.bytes[(y * l.width + x) * self.channels..][..3];
            (u32::from(p[0]) + 2 * u32::from(p[1]) + u32::from(p[2])) as f32
        };
        let top = grey(x0, y0) * (1.0 - fx) + grey(x1, y0) * fx;
        let bottom = grey(x0, y1) * (1.0 - fx) + grey(x1, y1) * fx;
        1.0 - (top * (1.0 - fy) + bottom * fy) / 1020.0
    }

    /// How opaque the nearest pixel is, 0 to 1.
    pub fn alpha(&self, level: usize, u: f32, v: f32) -> f32 {
        if self.channels < 4 {
            return 1.0;
        }
        let l = &self.levels[level];
        let x = ((u * l.width as f32) as usize).min(l.width - 1);
        let y = ((v * l.height as f32) as usize).min(l.height - 1);
        f32::from(l.bytes[(y * l.width + x) * 4 + 3]) / 255.0
    }

    #[inline]
    fn between(&self, l: &Level, [x0, x1, y0, y1]: [usize; 4], fx: f32, fy: f32) -> Colour {
        let table = linear_table();
        let n = self.channels;
        let texel = |x: usize, y: usize| {
            let at = (y * l.width + x) * n;
            let p = &l.bytes[at..at + 3];
            [table[p[0] as usize], table[p[1] as usize], table[p[2] as usize]]
        };
        let (a, b, c, d) = (texel(x0, y0), texel(x1, y0), texel(x0, y1), texel(x1, y1));
        let (wa, wb, wc, wd) = ((1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy);
        std::array::from_fn(|i| a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd)
    }
}

impl Level {
    fn halved(&self, channels: usize) -> Level {
        let (width, height) = (self.width / 2, self.height / 2);
        let stride = self.width * channels;
        let mut bytes = Vec::with_capacity(width * height * channels);
        for y in 0..height {
            for x in 0..width {
                let at = 2 * y * stride + 2 * x * channels;
                for c in at..at + channels {
                    let sum = [c, c + channels, c + stride, c + stride + channels].map(|i| u32::from(self.bytes[i]));
                    bytes.push(((sum.iter().sum::<u32>() + 2) / 4) as u8);
                }
            }
        }
        Level { width, height, bytes }
    }
}
