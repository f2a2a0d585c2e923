//! Sheets with dots on them that do not lie flat, as a phone sees them, and where the dots are once the page is flattened.
//!
//! A sheet bends as paper does, without being stretched: along one direction it follows a profile, across it stays straight.

use super::Random;
use image::{Rgb, RgbImage};
use scan::{Channels, Filter, Homography, PaperFormat, Photo, Picture, Recipe, Rectified, Turn};
use std::f64::consts::{FRAC_PI_2, PI};

/// How the sheet stands off the table along the direction in which it bends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Flat,
    /// Both ends lie on the table, the middle does not.
    Arch,
    Wave,
    /// One end rises, as that of a sheet that was rolled up.
    Lifted,
}

impl Profile {
    pub const ALL: [Profile; 4] = [Profile::Flat, Profile::Arch, Profile::Wave, Profile::Lifted];

    /// Height at a place from -0.5 to 0.5, as a share of the highest.
    fn height(self, at: f64) -> f64 {
        match self {
            Profile::Flat => 0.0,
            Profile::Arch => (PI * at).cos(),
            Profile::Wave => 0.5 * (2.0 * PI * at).sin(),
            Profile::Lifted => (at + 0.5).powi(3),
        }
    }
}

/// Millimetres, A4.
const SHEET: [f64; 2] = [210.0, 297.0];
/// Pixels.
const PHOTO: [u32; 2] = [720, 960];
const DOTS: [usize; 2] = [6, 9];
/// Millimetres.
const DOT: f64 = 3.5;
/// Steps of the tables along the profile, and how far they reach beyond its ends, in its lengths.
const STEPS: usize = 4000;
const BEYOND: f64 = 1.0;

/// Distances between where dots are on the flat page and where they belong, as shares of its longer side.
#[derive(Debug, Clone, Default)]
pub struct Displaced {
    /// The page as the app flattens it.
    pub flattened: Vec<f64>,
    /// As its four corners alone would have it.
    pub straight: Vec<f64>,
    /// Pages taken for the A4 that they are.
    pub a4: u32,
    /// Pages that were not found, and dots that were not.
    pub lost: u32,
}

impl Displaced {
    /// Found in colour, flattened by the channels that its filter needs.
    pub fn of(profile: Profile, pages: u32, channels: Channels, seed: u64) -> Self {
        let mut displaced = Displaced::default();
        for number in 0..pages {
            let mut random = Random::new(seed + u64::from(number) * 101 + profile as u64 * 7919);
            displaced.add(&Sheet::any(profile, &mut random), channels, &mut random);
        }
        displaced
    }

    fn add(&mut self, sheet: &Sheet, channels: Channels, random: &mut Random) {
        let picture = sheet.seen(random);
        let mut photo = Photo::from(picture.clone());
        let Some(quad) = photo.find().map(|found| found.quad) else {
            self.lost += 1;
            return;
        };
        let corners = quad.0.map(|p| [f64::from(p.x) * f64::from(PHOTO[0]), f64::from(p.y) * f64::from(PHOTO[1])]);
        let to_page = Homography::of_unit_square(corners).and_then(|map| map.inverse()).expect("a convex quad");
        if channels == Channels::Luma {
            photo = Photo::from(Picture::from(picture).into_grey());
        }
        let recipe = Recipe { quad: Some(quad), turn: Turn::None, filter: Filter::Original };
        let Rectified { image, format } = photo.flatten(&recipe, u32::MAX);
        let page = image.into_colour();
        self.a4 += u32::from(format == PaperFormat::A4);
        let off = |[u, v]: [f64; 2], place: [f64; 2]| ((u - place[0]) * SHEET[0] / SHEET[1]).hypot(v - place[1]);
        for place in dots() {
            let [x, y] = sheet.project(place);
            self.straight.push(off(to_page.apply(x, y), place));
            match dot_near(&page, place) {
                Some(found) => self.flattened.push(off(found, place)),
                None => self.lost += 1,
            }
        }
    }
}

pub fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len().max(1) as f64
}

/// Middles of the dots, in shares of the sheet's sides.
fn dots() -> impl Iterator<Item = [f64; 2]> {
    let at = |k: usize, of: usize| (k as f64 + 0.5) / of as f64;
    (0..DOTS[1]).flat_map(move |row| (0..DOTS[0]).map(move |column| [at(column, DOTS[0]), at(row, DOTS[1])]))
}

/// The middle of what is dark around a place of the page.
fn dot_near(page: &RgbImage, place: [f64; 2]) -> Option<[f64; 2]> {
    let size = [page.width(), page.height()];
    let range = |k: usize| {
        let half = 0.42 / DOTS[k] as f64;
        let pixel = |share: f64| (share.clamp(0.0, 1.0) * f64::from(size[k])) as u32;
        pixel(place[k] - half)..pixel(place[k] + half)
    };
    let levels = || range(1).flat_map(|y| range(0).map(move |x| (x, y, page.get_pixel(x, y)[1])));
    let (darkest, lightest) = (levels().map(|p| p.2).min()?, levels().map(|p| p.2).max()?);
    if lightest - darkest < 60 {
        return None;
    }
    let half = lightest / 2 + darkest / 2;
    let (mut sum, mut count) = ([0.0; 2], 0.0);
    for (x, y, level) in levels() {
        if level < half {
            sum = [sum[0] + f64::from(x) + 0.5, sum[1] + f64::from(y) + 0.5];
            count += 1.0;
        }
    }
    Some([0, 1].map(|k| sum[k] / count / f64::from(size[k])))
}

/// A bent sheet before a camera. Millimetres, the sheet's middle at the origin, heights towards the camera.
struct Sheet {
    /// The direction in which it bends.
    way: [f64; 2],
    /// From end to end along that direction, and the greatest height.
    length: f64,
    height: f64,
    /// Height above the table and length of paper up to each step along the profile.
    heights: Vec<f64>,
    paper: Vec<f64>,
    /// Rows of the rotation that takes the sheet's place to the camera's.
    camera: [[f64; 3]; 3],
    distance: f64,
    /// Pixels.
    focal: f64,
    /// Where the light comes from along `way`.
    light: f64,
}

impl Sheet {
    fn any(profile: Profile, random: &mut Random) -> Self {
        let mut within = |low: f64, high: f64| low + (high - low) * f64::from(random.unit());
        let angle = [0.0, FRAC_PI_2, within(-0.5, 0.5)][within(0.0, 3.0) as usize];
        let way = [angle.cos(), angle.sin()];
        let length = SHEET[0] * way[0].abs() + SHEET[1] * way[1].abs();
        let height = length * within(0.05, 0.12);
        let [tilt, pan, roll] = [within(-0.25, 0.25), within(-0.15, 0.15), within(-0.1, 0.1)];
        // Phones' main cameras, as near as the sheet fits.
        let focal = within(0.65, 0.95) * f64::from(PHOTO[1]);
        let distance = focal * SHEET[1] / f64::from(PHOTO[1]) / within(0.65, 0.8);
        let light = within(-0.5, 0.5);
        let step = (1.0 + 2.0 * BEYOND) * length / STEPS as f64;
        let place = |i: usize| (i as f64 * step / length - 0.5 - BEYOND).clamp(-0.5, 0.5);
        let heights: Vec<f64> = (0..=STEPS).map(|i| height * profile.height(place(i))).collect();
        let mut paper = vec![0.0];
        for rise in heights.windows(2) {
            paper.push(paper[paper.len() - 1] + (rise[1] - rise[0]).hypot(step));
        }
        let middle = paper[STEPS / 2];
        paper.iter_mut().for_each(|paper| *paper -= middle);
        Sheet { way, length, height, heights, paper, camera: turned(tilt, pan, roll), distance, focal, light }
    }

    /// Between the steps of a table.
    fn between(&self, table: &[f64], along: f64) -> f64 {
        let at = ((along / self.length + 0.5 + BEYOND) / (1.0 + 2.0 * BEYOND) * STEPS as f64).clamp(0.0, STEPS as f64);
        let i = (at as usize).min(STEPS - 1);
        table[i] + (table[i + 1] - table[i]) * (at - i as f64)
    }

    fn rise(&self, along: f64) -> f64 {
        self.between(&self.heights, along)
    }

    /// The place along the profile to which so much paper reaches from the middle.
    fn along(&self, paper: f64) -> f64 {
        let i = self.paper.partition_point(|p| *p < paper).clamp(1, STEPS);
        let part = (paper - self.paper[i - 1]) / (self.paper[i] - self.paper[i - 1]);
        ((i as f64 - 1.0 + part) / STEPS as f64 * (1.0 + 2.0 * BEYOND) - 0.5 - BEYOND) * self.length
    }

    /// The photo's pixel of a place on the sheet, in shares of its sides.
    fn project(&self, [u, v]: [f64; 2]) -> [f64; 2] {
        let (x, y) = ((u - 0.5) * SHEET[0], (v - 0.5) * SHEET[1]);
        let [c, s] = self.way;
        let (along, across) = (self.along(x * c + y * s), y * c - x * s);
        let place = [along * c - across * s, along * s + across * c, -self.rise(along)];
        let [x, y, z] = self.camera.map(|row| dot(row, place));
        let depth = z + self.distance;
        [f64::from(PHOTO[0]) / 2.0 + self.focal * x / depth, f64::from(PHOTO[1]) / 2.0 + self.focal * y / depth]
    }

    /// The sheet's place, in shares of its sides, and its light under a pixel; `None` where there is table.
    fn under(&self, [x, y]: [f64; 2]) -> Option<([f64; 2], f64)> {
        let ray = [(x - f64::from(PHOTO[0]) / 2.0) / self.focal, (y - f64::from(PHOTO[1]) / 2.0) / self.focal, 1.0];
        // The way back of a rotation is its transpose.
        let back =
            |v: [f64; 3]| -> [f64; 3] { std::array::from_fn(|k| (0..3).map(|row| self.camera[row][k] * v[row]).sum()) };
        let (eye, ray) = (back([0.0, 0.0, -self.distance]), back(ray));
        let [c, s] = self.way;
        let along = |v: [f64; 3]| v[0] * c + v[1] * s;
        // From the highest that the sheet can be down to the table, then nearer by halving: the first time the ray is below.
        let at_height = |height: f64| (-height - eye[2]) / ray[2];
        let below = |t: f64| -(eye[2] + t * ray[2]) < self.rise(along(eye) + t * along(ray));
        let (top, table) = (at_height(self.height * 1.01), at_height(-1e-6 - 0.51 * self.height));
        let pieces = 12;
        let piece = |i: usize| top + (table - top) * i as f64 / pieces as f64;
        let first = (1..=pieces).find(|i| below(piece(*i)))?;
        let (mut over, mut under) = (piece(first - 1), piece(first));
        for _ in 0..14 {
            let middle = (over + under) / 2.0;
            if below(middle) { under = middle } else { over = middle }
        }
        let here = along(eye) + under * along(ray);
        let across = (eye[1] + under * ray[1]) * c - (eye[0] + under * ray[0]) * s;
        let paper = self.between(&self.paper, here);
        let (u, v) = ((paper * c - across * s) / SHEET[0] + 0.5, (paper * s + across * c) / SHEET[1] + 0.5);
        let slope = (self.rise(here + 0.5) - self.rise(here - 0.5)).atan();
        let on_sheet = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        on_sheet.then_some(([u, v], (slope - self.light).cos()))
    }

    fn seen(&self, random: &mut Random) -> RgbImage {
        RgbImage::from_fn(PHOTO[0], PHOTO[1], |x, y| {
            let mut sum = [0.0; 3];
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let colour = match self.under([f64::from(x) + dx, f64::from(y) + dy]) {
                    Some((place, light)) => [if on_dot(place) { 40.0 } else { 235.0 } * light; 3],
                    None => [104.0, 78.0, 58.0],
                };
                (0..3).for_each(|c| sum[c] += colour[c] / 4.0);
            }
            let noise = f64::from(random.normal()) * 2.0;
            Rgb(sum.map(|v| (v + noise).clamp(0.0, 255.0) as u8))
        })
    }
}

fn on_dot(place: [f64; 2]) -> bool {
    let off = |k: usize| {
        let share = place[k] * DOTS[k] as f64;
        (share - share.floor() - 0.5) * SHEET[k] / DOTS[k] as f64
    };
    off(0).hypot(off(1)) < DOT
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Rows of a rotation: about the camera's axis, then its upright one, then its level one.
fn turned(tilt: f64, pan: f64, roll: f64) -> [[f64; 3]; 3] {
    let rotate = |[x, y, z]: [f64; 3]| {
        let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
        let (x, z) = (x * pan.cos() - z * pan.sin(), x * pan.sin() + z * pan.cos());
        [x, y * tilt.cos() - z * tilt.sin(), y * tilt.sin() + z * tilt.cos()]
    };
    let columns = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(rotate);
    std::array::from_fn(|row| std::array::from_fn(|column| columns[column][row]))
}
