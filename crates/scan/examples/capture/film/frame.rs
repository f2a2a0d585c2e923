//! One frame: what the sensor collects while the shutter is open, out of focus, brightened, with noise, as NV21.

use super::{
    Layer, Moment, Placed,
    desk::Desk,
    pose::{HEIGHT, Pose, WIDTH},
    random::Random,
    sheet::{Library, Sheet},
};

/// Of one film: the sensor in the light that there is.
#[derive(Debug, Clone, Copy)]
pub struct Sensor {
    /// How long the shutter is open, seconds.
    pub exposure: f32,
    /// Standard deviation of the noise of one pixel's luma, of 255.
    pub noise: f32,
}

/// Rays a pixel at most, where it moves: one for every pixel of the way.
const MOST_RAYS: usize = 20;

/// Renders frames; keeps its room between them.
pub struct Camera<'a> {
    library: &'a Library,
    desk: &'a Desk,
    sensor: Sensor,
    random: Random,
    noise: Vec<f32>,
    light: Vec<f32>,
}

impl<'a> Camera<'a> {
    pub fn new(library: &'a Library, desk: &'a Desk, sensor: Sensor, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let noise = (0..1 << 16).map(|_| random.normal() * sensor.noise).collect();
        Camera { library, desk, sensor, random, noise, light: vec![0.0; WIDTH * HEIGHT] }
    }

    /// NV21 of [`WIDTH`] × [`HEIGHT`]: the shutter opens at `at` seconds of the film and stays open for the exposure.
    pub fn expose(&mut self, at: f32, film: impl Fn(f32) -> Moment) -> Vec<u8> {
        let (first, last) = (film(at), film(at + self.sensor.exposure));
        let rays = (moved(&first, &last) * HEIGHT as f32).ceil() as usize + 1;
        let rays = rays.min(MOST_RAYS);
        self.light.fill(0.0);
        for ray in 0..rays {
            let moment = film(at + self.sensor.exposure * (ray as f32 + 0.5) / rays as f32);
            // Rays of one pixel are spread over it.
            let spread = [(ray as f32 + 0.5) / rays as f32, ((ray * 5 + 3) as f32 * 0.618).fract()];
            self.collect(&moment, spread);
        }
        let middle = film(at + self.sensor.exposure * 0.5);
        if middle.defocus * HEIGHT as f32 > 0.3 {
            defocus(&mut self.light, middle.defocus * HEIGHT as f32);
        }
        let mut bytes = Vec::with_capacity(WIDTH * HEIGHT * 3 / 2);
        let gain = middle.light / rays as f32;
        for (y, row) in self.light.chunks_exact(WIDTH).enumerate() {
            let start = (self.random.next() & 0xffff) as usize;
            let down = y as f32 / HEIGHT as f32;
            for (x, value) in row.iter().enumerate() {
                let noise = self.noise[(start + x) & 0xffff];
                // A lamp's fall-off towards one corner.
                let fall = 1.04 - 0.16 * down - 0.1 * x as f32 / WIDTH as f32;
                bytes.push((value * gain * fall + noise + 0.5) as u8);
            }
        }
        self.colour(&middle, &mut bytes);
        bytes
    }

    fn collect(&mut self, moment: &Moment, spread: [f32; 2]) {
        let ground = self.desk.level(moment.pose.pixel());
        let hand = moment.hand.map(|hand| hand.strokes());
        let sheets = self.sheets(moment);
        let map = moment.pose.to_desk();
        for (y, row) in self.light.chunks_exact_mut(WIDTH).enumerate() {
            let mut ray = Ray::new(&map, spread[0], y as f32 + spread[1]);
            for value in row {
                let at = ray.step();
                *value += match hand.as_ref().and_then(|hand| hand.luma(at)) {
                    Some(skin) => skin,
                    None => sheets
                        .iter()
                        .find_map(|(layer, sheet, level)| sheet.luma(*level, layer.within(at)))
                        .unwrap_or_else(|| self.desk.luma(ground, at)),
                };
            }
        }
    }

    /// The uppermost first.
    fn sheets(&self, moment: &Moment) -> Vec<(Layer, &'a Sheet, usize)> {
        let seen = |placed: &Placed| {
            let sheet = self.library.get(placed.sheet);
            (placed.layer(sheet.size), sheet, sheet.level(moment.pose.pixel()))
        };
        moment.sheets.iter().rev().map(seen).collect()
    }

    fn colour(&self, moment: &Moment, bytes: &mut Vec<u8>) {
        let ground = self.desk.level(moment.pose.pixel());
        let hand = moment.hand.map(|hand| hand.strokes());
        let sheets = self.sheets(moment);
        let map = moment.pose.to_desk();
        // Less light, less colour.
        let strength = moment.light.min(1.2);
        for y in 0..HEIGHT / 2 {
            let mut ray = Ray::new(&map, 0.0, (2 * y + 1) as f32);
            for _ in 0..WIDTH / 2 {
                let (_, at) = (ray.step(), ray.step());
                let seen = match hand.as_ref().filter(|hand| hand.luma(at).is_some()) {
                    Some(hand) => hand.chroma(),
                    None => sheets
                        .iter()
                        .find_map(|(layer, sheet, level)| sheet.chroma(*level, layer.within(at)))
                        .unwrap_or_else(|| self.desk.chroma(ground, at)),
                };
                let [blue, red] = seen.map(|v| ((f32::from(v) - 128.0) * strength + 128.0) as u8);
                bytes.extend([red, blue]);
            }
        }
    }
}

/// Places on the desk along a row of the picture.
struct Ray {
    at: [f32; 3],
    step: [f32; 3],
}

impl Ray {
    fn new(map: &[f32; 9], x: f32, y: f32) -> Self {
        let start = |i: usize| map[i] * x + map[i + 1] * y + map[i + 2];
        Ray { at: [start(0), start(3), start(6)], step: [map[0], map[3], map[6]] }
    }

    fn step(&mut self) -> [f32; 2] {
        let near = 1.0 / self.at[2];
        let seen = [self.at[0] * near, self.at[1] * near];
        self.at.iter_mut().zip(self.step).for_each(|(value, step)| *value += step);
        seen
    }
}

/// How far anything moves in the picture between two moments, a fraction of its longer side.
fn moved(a: &Moment, b: &Moment) -> f32 {
    let apart = |p: [f32; 2], q: [f32; 2]| (p[0] - q[0]).hypot(p[1] - q[1]) / HEIGHT as f32;
    let reach = a.pose.distance * 0.4;
    let camera = [[-reach, -reach], [reach, -reach], [reach, reach], [-reach, reach]].map(|[x, y]| {
        let at = [a.pose.target[0] + x, a.pose.target[1] + y];
        apart(a.pose.project(at), b.pose.project(at))
    });
    let sheets = a.sheets.iter().zip(&b.sheets).map(|(p, q)| apart(a.pose.project(p.centre), b.pose.project(q.centre)));
    let hands = a.hand.iter().zip(&b.hand).map(|(p, q)| apart(a.pose.project(p.tip), b.pose.project(q.tip)));
    camera.into_iter().chain(sheets).chain(hands).fold(0.0, f32::max)
}

/// How far what lies at `at` moves in the picture between two poses, a fraction of its longer side.
pub fn smear(a: &Pose, b: &Pose, at: [f32; 2], then: [f32; 2]) -> f32 {
    let (p, q) = (a.project(at), b.project(then));
    (p[0] - q[0]).hypot(p[1] - q[1]) / HEIGHT as f32
}

/// Two box averages in each direction with the disc's variance: its diameter in pixels.
fn defocus(plane: &mut [f32], diameter: f32) {
    // A disc of diameter d has the variance d²/16 along an axis; a box of width b has b²/12, and there are two.
    let reach = ((diameter * diameter * 0.375 + 1.0).sqrt() - 1.0) * 0.5;
    let mut line = vec![0.0f32; HEIGHT.max(WIDTH)];
    let mut other = line.clone();
    for row in plane.chunks_exact_mut(WIDTH) {
        boxed(row, &mut other[..WIDTH], reach);
        boxed(&other[..WIDTH], row, reach);
    }
    for x in 0..WIDTH {
        line.iter_mut().zip(plane.iter().skip(x).step_by(WIDTH)).for_each(|(to, from)| *to = *from);
        boxed(&line, &mut other, reach);
        boxed(&other, &mut line, reach);
        plane.iter_mut().skip(x).step_by(WIDTH).zip(&line).for_each(|(to, from)| *to = *from);
    }
}

/// The average over `reach` pixels to either side, fractions of pixels included; the ends are repeated.
fn boxed(from: &[f32], to: &mut [f32], reach: f32) {
    let (whole, part) = (reach as usize, reach.fract());
    let last = from.len() - 1;
    let at = |i: isize| from[i.clamp(0, last as isize) as usize];
    let n = whole as isize;
    let mut sum: f32 = (-n..=n).map(at).sum();
    let scale = 1.0 / (2.0 * reach + 1.0);
    for (i, value) in to.iter_mut().enumerate() {
        let i = i as isize;
        *value = (sum + part * (at(i - n - 1) + at(i + n + 1))) * scale;
        sum += at(i + n + 1) - at(i - n);
    }
}
