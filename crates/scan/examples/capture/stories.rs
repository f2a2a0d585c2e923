//! What happens in the films: a hand approaches, trembles, turns the page, lays the phone down; focus and exposure hunt.
//!
//! Every story is drawn from its seed. Refuses to know the detector.

use crate::film::{
    Moment, Placed, Spot,
    desk::{Desk, GROUNDS},
    frame::Sensor,
    hand::Hand,
    holding::Holding,
    pose::Pose,
    random::Random,
    sheet::{Kind, Library},
};

/// A film: what is seen at a time, trembling or held by a tripod.
type Film = Box<dyn Fn(f32, bool) -> Moment + Send + Sync>;

pub struct Story {
    pub film: Film,
    pub seconds: f32,
    pub sensor: Sensor,
    pub desk: Desk,
    pub seed: u64,
}

/// A kind of story: its name, and how it is told from a seed.
pub type Teller = (&'static str, fn(&Library, &mut Random) -> Told);

/// Everything but the name and the seed.
pub struct Told {
    film: Film,
    seconds: f32,
    sensor: Sensor,
    desk: Desk,
}

pub const WITH_PAPER: [Teller; 10] = [
    ("approaches", approaches),
    ("trembles", trembles),
    ("turns the page", turns_the_page),
    ("lays the phone down", lays_the_phone_down),
    ("focus hunts", focus_hunts),
    ("exposure hunts", exposure_hunts),
    ("swapped in place", swapped_in_place),
    ("untouched for 20 s", untouched),
    ("hand passes over", hand_passes_over),
    ("low light", low_light),
];

/// How long one film of a desk without paper is, seconds.
pub const PAN_SECONDS: f32 = 60.0;
pub const WITHOUT_PAPER: Teller = ("desk without paper", pans);

pub fn tell((name, teller): Teller, library: &Library, seed: u64) -> Story {
    let mixed = name.bytes().fold(seed, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let Told { film, seconds, sensor, desk } = teller(library, &mut Random::new(mixed));
    Story { film, seconds, sensor, desk, seed: mixed }
}

/// 0 before `start`, 1 after `length` seconds more, without a jerk between (Flash & Hogan 1985).
fn moved(t: f32, start: f32, length: f32) -> f32 {
    let t = ((t - start) / length).clamp(0.0, 1.0);
    t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)
}

fn between(a: Spot, b: Spot, t: f32) -> Spot {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// What every story with a page begins with: the hand comes over the page and holds.
#[derive(Clone)]
struct Aim {
    away: Pose,
    held: Pose,
    /// How long the way takes, seconds.
    arrives: f32,
    holding: Holding,
    placed: Placed,
    size: Spot,
    skin: [u8; 3],
}

impl Aim {
    fn new(library: &Library, sheet: usize, tremor: (f32, f32), random: &mut Random) -> Self {
        let size = library.get(sheet).size;
        let placed = Placed { sheet, centre: [0.0; 2], turn: random.normal() * 0.06 };
        let fill = random.within(0.7, 0.86);
        let distance = Pose::distance_for(size[1], fill).max(Pose::distance_for(size[0], fill * 0.75));
        let held = Pose {
            turn: random.normal() * 0.05,
            tilt: random.within(0.0, 0.24),
            lean: random.unit() * std::f32::consts::TAU,
            ..Pose::above([random.normal() * 0.015, random.normal() * 0.015].map(|v| v * distance), distance)
        };
        let away = Pose {
            target: [random.normal() * 0.5, 0.4 + 0.5 * random.unit()].map(|v| v * size[1]),
            distance: distance * random.within(1.3, 2.0),
            turn: held.turn + random.normal() * 0.2,
            tilt: held.tilt + random.within(0.1, 0.35),
            ..held
        };
        let (tremble, drift) = (random.within(tremor.0, tremor.1), random.within(0.001, 0.004));
        Aim {
            away,
            held,
            arrives: random.within(0.7, 1.6),
            holding: Holding::new(tremble, drift, random),
            placed,
            size,
            skin: random.pick(&[[196, 112, 150], [150, 110, 152], [92, 118, 142]]),
        }
    }

    fn pose(&self, t: f32, tremble: bool) -> Pose {
        let way = moved(t, 0.0, self.arrives);
        let mix = |a: f32, b: f32| a + (b - a) * way;
        let (shift, roll) = if tremble { self.holding.at(t) } else { Default::default() };
        Pose {
            target: between(self.away.target, self.held.target, way),
            distance: mix(self.away.distance, self.held.distance),
            turn: mix(self.away.turn, self.held.turn) + roll,
            tilt: mix(self.away.tilt, self.held.tilt),
            lean: self.held.lean,
            shift,
        }
    }

    fn moment(&self, t: f32, tremble: bool) -> Moment {
        Moment { pose: self.pose(t, tremble), sheets: vec![self.placed], hand: None, defocus: 0.0, light: 1.0 }
    }

    /// A hand that comes from `side` to `at` between two times, stays, and leaves between two others.
    fn hand(&self, t: f32, [come, there, go, gone]: [f32; 4], at: Spot, arm: f32) -> Option<Hand> {
        if !(come..gone).contains(&t) {
            return None;
        }
        let reach = self.size[0].max(self.size[1]) * 1.2 + 60.0;
        let outside = [at[0] + arm.cos() * reach, at[1] + arm.sin() * reach];
        let over = moved(t, come, there - come) - moved(t, go, gone - go);
        Some(Hand { tip: between(outside, at, over), arm, skin: self.skin })
    }
}

const TREMOR: (f32, f32) = (0.0003, 0.0014);

fn indoors(random: &mut Random) -> Sensor {
    Sensor { exposure: random.within(0.008, 0.025), noise: random.within(1.2, 3.5) }
}

fn desk(random: &mut Random) -> Desk {
    let ground = random.pick(&GROUNDS);
    if random.unit() < 0.3 { Desk::with_things(ground, random.next()) } else { Desk::bare(ground, random.next()) }
}

fn any_sheet(library: &Library, random: &mut Random) -> usize {
    const KINDS: [Kind; 9] = [
        Kind::Letter,
        Kind::Print,
        Kind::Form,
        Kind::Note,
        Kind::Pencil,
        Kind::Receipt,
        Kind::Card,
        Kind::Photo,
        Kind::Dark,
    ];
    let kind = random.pick(&KINDS);
    random.pick(&library.of(kind))
}

/// Another page of the same kind where there is one.
fn next_sheet(library: &Library, sheet: usize, random: &mut Random) -> usize {
    let others: Vec<usize> = library.of(library.get(sheet).kind).into_iter().filter(|other| *other != sheet).collect();
    if others.is_empty() { (sheet + 1) % library.count() } else { random.pick(&others) }
}

fn told(film: Film, seconds: f32, random: &mut Random) -> Told {
    Told { film, seconds, sensor: indoors(random), desk: desk(random) }
}

fn approaches(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), TREMOR, random);
    let seconds = aim.arrives + 4.5;
    told(Box::new(move |t, tremble| aim.moment(t, tremble)), seconds, random)
}

fn trembles(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), (0.0014, 0.0028), random);
    let seconds = aim.arrives + 6.0;
    told(Box::new(move |t, tremble| aim.moment(t, tremble)), seconds, random)
}

fn untouched(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), TREMOR, random);
    told(Box::new(move |t, tremble| aim.moment(t, tremble)), 22.0, random)
}

/// The hand takes the uppermost page away; the next lies beneath it, or is brought.
fn turns_the_page(library: &Library, random: &mut Random) -> Told {
    let first = any_sheet(library, random);
    let aim = Aim::new(library, first, TREMOR, random);
    let next = Placed {
        sheet: next_sheet(library, first, random),
        centre: [random.normal() * 2.0, random.normal() * 2.0],
        turn: aim.placed.turn + random.normal() * 0.02,
    };
    let beneath = random.unit() < 0.5;
    let (start, pace) = (aim.arrives + random.within(2.6, 3.2), random.within(0.5, 0.9));
    let arm = random.within(-0.4, 0.9);
    let far = [(aim.size[0] + 300.0) * arm.cos(), (aim.size[0] + 300.0) * arm.sin()];
    let grip = [aim.size[0] * 0.3, aim.size[1] * 0.2];
    let brought = start + 2.0 * pace + 0.2;
    let settled = if beneath { start + 2.0 * pace } else { brought + pace };
    let film = move |t: f32, tremble: bool| {
        let mut moment = aim.moment(t, tremble);
        let leaving = moved(t, start + pace, pace);
        let left = Placed { centre: between([0.0; 2], far, leaving), ..aim.placed };
        let arriving = moved(t, brought, pace);
        moment.sheets.clear();
        if beneath || arriving > 0.0 {
            let slide = if beneath { 1.0 } else { arriving };
            moment.sheets.push(Placed { centre: between(far, next.centre, slide), ..next });
        }
        if leaving < 1.0 {
            moment.sheets.push(left);
        }
        // The hand grips the page, goes with it, and comes back with the next.
        let with = |by: Spot| [grip[0] + by[0], grip[1] + by[1]];
        moment.hand = if t < start + pace {
            aim.hand(t, [start, start + pace * 0.8, 1e6, 2e6], grip, arm)
        } else if leaving < 1.0 {
            Some(Hand { tip: with(left.centre), arm, skin: aim.skin })
        } else if !beneath && (brought..brought + pace).contains(&t) {
            Some(Hand { tip: with(between(far, next.centre, arriving)), arm, skin: aim.skin })
        } else if !beneath && t >= brought + pace {
            aim.hand(t, [-1.0, 0.0, brought + pace, brought + pace * 1.8], grip, arm)
        } else {
            None
        };
        moment
    };
    told(Box::new(film), settled + 4.5, random)
}

/// A second page is pushed onto the first, into the same place.
fn swapped_in_place(library: &Library, random: &mut Random) -> Told {
    let first = any_sheet(library, random);
    let aim = Aim::new(library, first, TREMOR, random);
    let next = Placed {
        sheet: next_sheet(library, first, random),
        centre: [random.normal() * 1.5, random.normal() * 1.5],
        turn: aim.placed.turn + random.normal() * 0.01,
    };
    let (start, pace) = (aim.arrives + random.within(2.6, 3.2), random.within(0.4, 0.8));
    let arm = random.within(-0.4, 0.9);
    let far = [(aim.size[0] + 260.0) * arm.cos(), (aim.size[0] + 260.0) * arm.sin()];
    let grip = [aim.size[0] * 0.35, aim.size[1] * 0.25];
    let film = move |t: f32, tremble: bool| {
        let mut moment = aim.moment(t, tremble);
        if t >= start {
            let centre = between(far, next.centre, moved(t, start, pace));
            moment.sheets.push(Placed { centre, ..next });
            let tip = [grip[0] + centre[0], grip[1] + centre[1]];
            moment.hand = if t < start + pace {
                Some(Hand { tip, arm, skin: aim.skin })
            } else {
                aim.hand(t, [-1.0, 0.0, start + pace, start + pace * 2.0], tip, arm)
            };
        }
        moment
    };
    told(Box::new(film), start + 2.0 * pace + 4.5, random)
}

/// Down beside the page, where it is dark; then up again, mostly over the same page.
fn lays_the_phone_down(library: &Library, random: &mut Random) -> Told {
    let sheet = any_sheet(library, random);
    let aim = Aim::new(library, sheet, TREMOR, random);
    let again = Aim { placed: aim.placed, ..Aim::new(library, sheet, TREMOR, random) };
    let another = Placed { sheet: next_sheet(library, sheet, random), ..aim.placed };
    let exchanged = random.unit() < 0.35;
    let (down, pause) = (aim.arrives + random.within(2.4, 3.0), random.within(1.5, 3.0));
    let up = down + 0.8 + pause;
    let film = move |t: f32, tremble: bool| {
        let laid = moved(t, down, 0.8) - moved(t, up, again.arrives);
        let mut moment = if t < up { aim.moment(t, tremble) } else { again.moment(t, tremble) };
        if t >= up {
            moment.pose.shift = if tremble { again.holding.at(t).0 } else { [0.0; 2] };
        }
        let target = [again.size[0] * 0.9, again.size[1] * 0.4];
        moment.pose.target = between(moment.pose.target, target, laid);
        moment.pose.distance += (14.0 - moment.pose.distance) * laid;
        moment.light = 1.0 - 0.97 * laid * laid;
        moment.defocus = 0.03 * laid;
        if exchanged && t > down + 0.8 {
            moment.sheets = vec![another];
        }
        moment
    };
    told(Box::new(film), up + 6.0, random)
}

fn focus_hunts(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), TREMOR, random);
    let (most, hertz) = (random.within(0.008, 0.022), random.within(0.8, 1.6));
    // Once while it arrives, and once more when it has been calm for a moment.
    let (first, second) = (aim.arrives + random.within(0.2, 1.2), aim.arrives + random.within(1.4, 2.0));
    let seconds = aim.arrives + 6.5;
    let film = move |t: f32, tremble: bool| {
        let hunt = |from: f32, to: f32| {
            let inside = (from..to).contains(&t);
            if inside { most * (std::f32::consts::PI * hertz * (to - t)).sin().abs() } else { 0.0 }
        };
        Moment { defocus: hunt(-1.0, first) + hunt(second, second + 1.0 / hertz), ..aim.moment(t, tremble) }
    };
    told(Box::new(film), seconds, random)
}

fn exposure_hunts(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), TREMOR, random);
    let (first, hertz) = (random.within(0.3, 0.6), random.within(0.7, 1.6));
    let (stays, sign) = (random.within(0.02, 0.07), if random.unit() < 0.5 { 1.0 } else { -1.0 });
    let seconds = aim.arrives + 5.5;
    let film = move |t: f32, tremble: bool| {
        let wave = (std::f32::consts::TAU * hertz * t).cos() * sign;
        let light = 0.94 + wave * (stays + first * (-(t - aim.arrives).max(0.0) * 2.0).exp());
        Moment { light, ..aim.moment(t, tremble) }
    };
    told(Box::new(film), seconds, random)
}

/// Once before the first picture or once after it.
fn hand_passes_over(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), TREMOR, random);
    let early = random.unit() < 0.4;
    let start = aim.arrives + if early { random.within(-0.3, 0.4) } else { random.within(2.4, 3.0) };
    let (pace, rest) = (random.within(0.4, 0.9), random.within(0.0, 0.5));
    let arm = random.within(-0.5, 1.6);
    let at = [random.normal() * 0.15 * aim.size[0], random.normal() * 0.15 * aim.size[1]];
    let film = move |t: f32, tremble: bool| {
        let times = [start, start + pace, start + pace + rest, start + 2.0 * pace + rest];
        Moment { hand: aim.hand(t, times, at, arm), ..aim.moment(t, tremble) }
    };
    told(Box::new(film), start + 2.0 * pace + rest + 4.5, random)
}

/// The shutter stays open for long, and there is noise: the hand must be calm.
fn low_light(library: &Library, random: &mut Random) -> Told {
    let aim = Aim::new(library, any_sheet(library, random), (0.0002, 0.0006), random);
    let light = random.within(0.36, 0.55);
    let seconds = aim.arrives + 5.0;
    let film = move |t: f32, tremble: bool| Moment { light, ..aim.moment(t, tremble) };
    let sensor = Sensor { exposure: random.within(0.04, 0.06), noise: random.within(5.0, 8.0) };
    Told { film: Box::new(film), seconds, sensor, desk: desk(random) }
}

/// From place to place over a desk with things on it, with pauses as somebody makes who aims.
fn pans(_: &Library, random: &mut Random) -> Told {
    let stops: Vec<(Spot, f32, f32)> = (0..24)
        .map(|_| {
            let place = [random.normal() * 260.0, random.normal() * 260.0];
            (place, random.within(200.0, 600.0), random.normal() * 0.4)
        })
        .collect();
    let holding = Holding::new(random.within(TREMOR.0, TREMOR.1), 0.003, random);
    let (tilt, lean) = (random.within(0.0, 0.4), random.unit() * std::f32::consts::TAU);
    let film = move |t: f32, tremble: bool| {
        const EACH: f32 = 2.5;
        let number = (t.max(0.0) / EACH) as usize;
        let (a, b) = (stops[number % stops.len()], stops[(number + 1) % stops.len()]);
        let way = moved(t - number as f32 * EACH, 1.4, 1.1);
        let (shift, roll) = if tremble { holding.at(t) } else { Default::default() };
        let pose = Pose {
            target: between(a.0, b.0, way),
            distance: a.1 + (b.1 - a.1) * way,
            turn: a.2 + (b.2 - a.2) * way + roll,
            tilt,
            lean,
            shift,
        };
        Moment { pose, sheets: vec![], hand: None, defocus: 0.0, light: 1.0 }
    };
    let things = Desk::with_things(random.pick(&GROUNDS), random.next());
    Told { film: Box::new(film), seconds: PAN_SECONDS, sensor: indoors(random), desk: things }
}
