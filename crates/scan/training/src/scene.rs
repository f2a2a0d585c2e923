//! One photo from one seed: which background, which page, how it lies, who holds it, what light; and what is true of it.

use crate::{
    assets::Assets,
    canvas::{Canvas, SIDE},
    chance::Chance,
    clutter::Table,
    colour::scaled,
    document::Document,
    ground::{ground, placard, soften},
    hold::{self, Edge, Hand},
    lens,
    light::Light,
    paper::{Paper, Shape},
    plain,
    pose::{Camera, Spot, shoelace},
    sample::{CURLED, HAS_PAGE, OCCLUDED, Sample, TOUCHES, TURNED, mask},
    sheet::{self, Finish},
    slab::Sun,
    stance,
};

/// Share of the samples without a page.
const WITHOUT: f32 = 0.25;
/// Share of the pages that nothing but a hand or the air holds.
const HELD: f32 = 0.28;
/// Share of the pages that leave the frame on purpose.
const LEAVES: f32 = 0.13;
/// Share of the pages held, and of those that lie, with other print behind them all over the frame.
const PRINT_BEHIND: [f32; 2] = [0.15, 0.06];
/// Larger than this share of the frame no page fits.
const FITS: f32 = 0.8;
/// Farther than this from its quad, in shares of the page's mean side, an outline counts as curled.
const CURL: f32 = 0.01;

/// Drawn at most so often until a page can be told from what is around it; the last one is taken as it is.
const TRIES: usize = 6;

/// The sample of this seed, the same on every machine; the canvas is overwritten.
pub fn render(canvas: &mut Canvas, assets: &Assets, seed: u64) -> Sample {
    let mut chance = Chance::new(seed);
    let page = has_page(&mut chance);
    let mut sample = shot(canvas, assets, page, &mut chance, seed);
    for _ in 1..TRIES {
        if plain::can_be_told(&sample) {
            break;
        }
        sample = shot(canvas, assets, page, &mut chance, seed);
    }
    sample
}

fn shot(canvas: &mut Canvas, assets: &Assets, page: bool, chance: &mut Chance, seed: u64) -> Sample {
    canvas.wipe();
    let (mut background, mut light, mut camera_chance) = (chance.fork(), chance.fork(), chance.fork());
    let (corners, kind) = if page {
        let (corners, kind) = with_page(canvas, assets, chance, &mut background);
        (Some(corners), kind)
    } else {
        empty(canvas, assets, chance, &mut background);
        (None, 0)
    };
    Light::any(&mut light).fall_on(canvas);
    let frame = lens::expose(canvas, &mut camera_chance);
    Sample { frame, mask: mask(canvas), corners, kind, seed }
}

/// The first thing a seed decides.
pub fn has_page(chance: &mut Chance) -> bool {
    !chance.holds(WITHOUT)
}

fn sun(chance: &mut Chance) -> Sun {
    let turn = chance.angle();
    Sun { toward: [turn.cos(), turn.sin()], dark: chance.within(0.1, 0.65), slant: chance.doubling(0.2, 2.5) }
}

fn empty(canvas: &mut Canvas, assets: &Assets, chance: &mut Chance, own: &mut Chance) {
    let mut camera = stance::camera(stance::turn(chance), chance);
    camera.distance = chance.doubling(0.2, 1.6);
    let sun = sun(chance);
    ground(canvas, &camera, assets, 0.3, own);
    let reach = camera.pixel() * SIDE as f32 * 0.6;
    let count = chance.weighted(&[4.0, 2.0, 2.0, 1.0, 1.0, 0.5]);
    // No sheet and no card lies there: those would be pages.
    let mut table = Table { canvas, camera: &camera, assets, sun };
    table.scatter_without_paper(count, reach, chance);
    if chance.holds(0.08) {
        let hand = Hand::new(camera.pixel(), sun.toward, chance);
        hand.point(canvas, [chance.within(0.1, 0.9), chance.within(0.1, 0.9)].map(|v| v * SIDE as f32), chance);
    }
    if chance.holds(0.15) {
        soften(canvas, chance.whole(2, 6));
    }
}

fn shape(document: &Document, held: bool, chance: &mut Chance) -> Shape {
    if document.stiff {
        return Shape::Flat;
    }
    let weights = if held { [0.5, 2.0, 4.0, 2.8, 1.2] } else { [2.4, 3.6, 2.0, 2.4, 1.2] };
    [Shape::Flat, Shape::Slight, Shape::Curled, Shape::Folded, Shape::Crumpled][chance.weighted(&weights)]
}

fn with_page(canvas: &mut Canvas, assets: &Assets, chance: &mut Chance, own: &mut Chance) -> ([Spot; 4], u32) {
    let held = chance.holds(HELD);
    let document = Document::any(assets, chance);
    let shape = shape(&document, held, chance);
    let paper = Paper::new(document.size, shape, chance);
    let turn = stance::turn(chance);
    let mut camera = stance::camera(turn, chance);
    let area = stance::area(chance);
    let leaves = chance.holds(LEAVES) || area > FITS;
    stance::place(&mut camera, &paper, leaves, area, chance);
    let mut sun = sun(chance);
    let mut finish = Finish::any(chance);
    if matches!(shape, Shape::Folded | Shape::Crumpled) && chance.holds(0.7) {
        // Light from the side, which shows every crease: of a folded sheet one half may lie in the dark.
        sun.slant = sun.slant.max(chance.within(0.6, 2.5));
        finish.ambient = finish.ambient.min(chance.within(0.1, 0.45));
    }
    let mut kind = HAS_PAGE;

    let lift = if held {
        let mut behind = stance::camera(own.angle(), own);
        behind.distance = own.doubling(0.4, 2.5);
        if own.holds(PRINT_BEHIND[0]) {
            placard(canvas, assets, own);
        } else {
            ground(canvas, &behind, assets, 0.3, own);
        }
        let reach = behind.pixel() * SIDE as f32 * 0.6;
        let count = own.weighted(&[2.0, 1.0, 1.0, 1.0, 1.0]);
        Table { canvas, camera: &behind, assets, sun }.scatter_without_paper(count, reach, own);
        if own.holds(0.6) {
            soften(canvas, own.whole(2, 6));
        }
        let bright = own.doubling(0.35, 1.6);
        canvas.light.iter_mut().for_each(|pixel| *pixel = scaled(*pixel, bright));
        own.holds(0.3).then(|| own.doubling(0.01, 0.2))
    } else {
        if own.holds(PRINT_BEHIND[1]) {
            placard(canvas, assets, own);
        } else {
            ground(canvas, &camera, assets, 0.06, own);
        }
        let view = camera.pixel() * SIDE as f32;
        let longer = document.size[0].max(document.size[1]);
        let mut table = Table { canvas, camera: &camera, assets, sun };
        let count = own.weighted(&[4.0, 2.0, 1.5, 1.0, 1.0, 0.7, 0.5]);
        table.scatter(count, (view * 0.7).max(longer * 0.6), longer * 0.5, own);
        if own.holds(0.16) {
            table.board(document.size, own);
        }
        if own.holds(0.16) {
            table.beneath(document.size, own);
        }
        Some(if own.holds(0.1) { own.doubling(0.001, 0.03) } else { 0.0 })
    };

    let edges = stance::edges(&camera, &paper);
    let hand = Hand::new(camera.pixel(), sun.toward, chance);
    let hands = if held { chance.weighted(&[1.5, 5.0, 2.0]) } else { chance.weighted(&[90.0, 7.0, 3.0]) };
    let mut grips = Vec::new();
    for number in 0..hands {
        if let Some(edge) = stance::grip(&edges, number, chance) {
            grips.push(edge);
            if held {
                hand.behind(canvas, edge, chance);
            }
        }
    }
    sheet::paint(canvas, &camera, &paper, &document, &sun, &finish);
    if let Some(lift) = lift {
        sheet::cast(canvas, &camera, &paper, &sun, lift);
    }
    for edge in &grips {
        hand.over(canvas, *edge, chance);
        kind |= OCCLUDED;
    }
    if on_the_page(canvas, &camera, &hand, &edges, sun, chance) {
        kind |= OCCLUDED;
    }

    let corners = paper.corners().map(|corner| camera.project(corner).0);
    let fractions = corners.map(|at| at.map(|v| v / SIDE as f32));
    let side = shoelace(&corners).abs().sqrt();
    if edges.iter().any(|edge| stance::off_quad(edge.at, &corners) > CURL * side) || paper.dog_ear.is_some() {
        kind |= CURLED;
    }
    if edges.iter().any(|edge| edge.at.iter().any(|&v| !(1.0..SIDE as f32 - 1.0).contains(&v))) {
        kind |= TOUCHES;
    }
    let quarter = turn.to_degrees().rem_euclid(90.0);
    if (20.0..=70.0).contains(&quarter) {
        kind |= TURNED;
    }
    (fractions, kind)
}

/// Fingers, pens, clips and things on the sheet; whether there are any.
fn on_the_page(
    canvas: &mut Canvas,
    camera: &Camera,
    hand: &Hand,
    edges: &[Edge],
    sun: Sun,
    chance: &mut Chance,
) -> bool {
    let pixel = camera.pixel();
    let mut any = false;
    if chance.holds(0.08) {
        hold::clip(canvas, chance.pick(edges), pixel, sun.toward, chance);
        any = true;
    }
    let spot = |chance: &mut Chance| {
        let edge = chance.pick(edges);
        let deep = chance.within(0.0, 0.4) * SIDE as f32;
        [edge.at[0] + edge.inward[0] * deep, edge.at[1] + edge.inward[1] * deep]
    };
    if chance.holds(0.05) {
        hold::pen(canvas, spot(chance), pixel, sun.toward, chance);
        any = true;
    }
    if chance.holds(0.04) {
        hand.point(canvas, spot(chance), chance);
        any = true;
    }
    any
}
