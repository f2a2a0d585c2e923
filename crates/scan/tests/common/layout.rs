//! What pages look like: letters, forms, tables, receipts; and pages without any print.

use super::{Face, Language, Paper, Printed, Random};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Letter,
    TwoColumns,
    Form,
    Table,
    Receipt,
    /// Items without names.
    Digits,
    Capitals,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Letter, Kind::TwoColumns, Kind::Form, Kind::Table, Kind::Receipt, Kind::Digits, Kind::Capitals];

    pub fn is_prose(self) -> bool {
        matches!(self, Kind::Letter | Kind::TwoColumns)
    }
}

/// A4 at 150 dpi, receipts 80 mm wide; print of 8 to 14 points.
pub fn page(kind: Kind, language: Language, random: &mut Random) -> Printed {
    let colour = random.pick(&[[246, 245, 241], [250, 250, 250], [238, 233, 220], [240, 240, 232]]);
    let (width, height) = match kind {
        Kind::Receipt | Kind::Digits => (472, 900 + random.below(500) as u32),
        _ => (1240, 1754),
    };
    let mut paper = Paper::new(width, height, colour);
    let face = if random.unit() < 0.65 { Face::Sans } else { Face::Mono };
    let size = random.within(8.0, 14.0) * 150.0 / 72.0 * 1.15;
    match kind {
        Kind::Letter => letter(&mut paper, face, size, language, random),
        Kind::TwoColumns => two_columns(&mut paper, face, size.min(24.0), language, random),
        Kind::Form => form(&mut paper, face, size, language, random),
        Kind::Table => table(&mut paper, face, size.min(26.0), language, random),
        Kind::Receipt | Kind::Digits => receipt(&mut paper, kind == Kind::Digits, language, random),
        Kind::Capitals => capitals(&mut paper, face, size, language, random),
    }
    Printed { picture: paper.picture, text: paper.text }
}

fn letter(paper: &mut Paper, face: Face, size: f32, language: Language, random: &mut Random) {
    let (left, lead) = (random.within(100.0, 180.0), size * random.within(1.15, 1.5));
    let width = paper.width() - left - random.within(100.0, 200.0);
    let mut y = random.within(160.0, 260.0);
    let title = language.words(random, 4);
    paper.write(face, size * random.within(1.0, 1.8), left, y, &title);
    y += 2.0 * lead;
    for line in ["Alex Example", "27 Mill Lane", "2300 Bergfeld"] {
        paper.write(face, size, left, y, line);
        y += lead;
    }
    y += lead;
    let end = random.within(700.0, 1500.0);
    while y < end {
        let sentences = 2 + random.below(4);
        y = paper.flow(face, size, left, y, width, lead, &language.paragraph(random, sentences)) + lead * 0.7;
    }
    let sign = random.unit() < 0.6;
    if sign {
        paper.sign([left + 30.0, (y + 60.0).min(1660.0)], 260.0, [38, 62, 160], random);
    }
    if random.unit() < 0.4 {
        paper.stamp([paper.width() - 280.0, 1560.0], 100.0, [196, 38, 52]);
    }
}

fn two_columns(paper: &mut Paper, face: Face, size: f32, language: Language, random: &mut Random) {
    let lead = size * random.within(1.15, 1.4);
    for left in [90.0, 650.0] {
        let mut y = 180.0;
        while y < 1500.0 {
            y = paper.flow(face, size, left, y, 500.0, lead, &language.paragraph(random, 4)) + lead * 0.7;
        }
    }
}

fn form(paper: &mut Paper, face: Face, size: f32, language: Language, random: &mut Random) {
    let mut y = 200.0;
    paper.write(face, size * 1.5, 110.0, y, &language.words(random, 4));
    y += 90.0;
    while y < 1600.0 {
        paper.write(face, size, 120.0, y, &language.words(random, 3));
        if random.unit() < 0.5 {
            paper.frame(560.0, y - size, 560.0, size * 1.5, 2.0);
        } else {
            paper.fill(560.0, y + 6.0, 560.0, 2.0, [60; 3]);
        }
        if random.unit() < 0.6 {
            paper.write(face, size, 580.0, y, &language.words(random, 3));
        }
        y += size * 2.4;
    }
}

fn table(paper: &mut Paper, face: Face, size: f32, language: Language, random: &mut Random) {
    let (rows, high) = (12 + random.below(16), size * 1.8);
    let columns = [110.0, 560.0, 760.0, 960.0, 1140.0];
    let rules = random.unit() < 0.7;
    for row in 0..=rows {
        let y = 220.0 + row as f32 * high;
        if rules {
            paper.fill(columns[0], y, columns[4] - columns[0], 2.0, [50; 3]);
        }
        if row < rows {
            paper.write(face, size, columns[0] + 10.0, y + high * 0.7, &language.words(random, 3));
            for column in &columns[1..4] {
                paper.write(face, size, column + 14.0, y + high * 0.7, &amount(random));
            }
        }
    }
    if rules {
        columns.iter().for_each(|x| paper.fill(*x, 220.0, 2.0, rows as f32 * high, [50; 3]));
    }
}

fn receipt(paper: &mut Paper, digits: bool, language: Language, random: &mut Random) {
    let (size, lead) = (random.within(20.0, 27.0), 30.0);
    let mut y = 70.0;
    if !digits {
        paper.write(Face::Mono, size * 1.3, 60.0, y, &language.words(random, 2));
        y += 2.0 * lead;
    }
    while y < paper.height() - 80.0 {
        let name = if digits { format!("{:05}", random.below(100_000)) } else { language.words(random, 2) };
        let name: String = name.chars().take(20).collect();
        paper.write(Face::Mono, size, 24.0, y, &name);
        let price = amount(random);
        let right = paper.width() - 24.0 - Paper::width_of(Face::Mono, size, &price);
        paper.write(Face::Mono, size, right, y, &price);
        y += lead;
    }
}

fn capitals(paper: &mut Paper, face: Face, size: f32, language: Language, random: &mut Random) {
    let lead = size * 1.5;
    let mut y = 220.0;
    while y < 1300.0 {
        let text = language.paragraph(random, 3).to_uppercase();
        y = paper.flow(face, size, 120.0, y, 1000.0, lead, &text) + lead;
    }
}

fn amount(random: &mut Random) -> String {
    format!("{}{}{:02}", random.below(900) + 1, random.pick(&[".", ","]), random.below(100))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    Empty,
    /// Light and dark without edges, as on a photo.
    Clouds,
    Drawing,
    Squared,
    FewWords,
    /// Blots of a letter's size, anywhere.
    Blots,
}

impl Blank {
    pub const ALL: [Blank; 6] =
        [Blank::Empty, Blank::Clouds, Blank::Drawing, Blank::Squared, Blank::FewWords, Blank::Blots];
}

/// A page from which nobody could tell which way is up.
pub fn blank(kind: Blank, random: &mut Random) -> Printed {
    let mut paper = Paper::new(1240, 1754, [244, 243, 240]);
    let anywhere = |random: &mut Random| [random.within(60.0, 1180.0), random.within(60.0, 1690.0)];
    match kind {
        Blank::Empty => {}
        Blank::Clouds => clouds(&mut paper, random),
        Blank::Drawing => {
            let mut from = anywhere(random);
            for _ in 0..60 + random.below(200) {
                let to = if random.unit() < 0.3 {
                    anywhere(random)
                } else {
                    [from[0] + 90.0 * random.normal(), from[1] + 90.0 * random.normal()]
                };
                paper.stroke(from, to, random.within(2.0, 7.0), [40, 40, 60]);
                from = to;
            }
        }
        Blank::Squared => {
            let step = random.within(24.0, 40.0);
            (1..70).for_each(|k| paper.fill(0.0, k as f32 * step, 1240.0, 2.0, [150, 170, 200]));
            (1..50).for_each(|k| paper.fill(k as f32 * step, 0.0, 2.0, 1754.0, [150, 170, 200]));
        }
        Blank::FewWords => {
            let [x, y] = anywhere(random);
            paper.write(Face::Sans, 34.0, x.min(900.0), y, &Language::English.words(random, 4));
        }
        Blank::Blots => {
            for _ in 0..200 + random.below(900) {
                let from = anywhere(random);
                let to = [from[0] + 9.0 * random.normal(), from[1] + 9.0 * random.normal()];
                paper.stroke(from, to, random.within(3.0, 9.0), [50; 3]);
            }
        }
    }
    Printed { picture: paper.picture, text: String::new() }
}

fn clouds(paper: &mut Paper, random: &mut Random) {
    let waves: Vec<[f32; 4]> = (0..40)
        .map(|_| {
            let long = random.within(0.004, 0.12);
            let way = random.within(0.0, 6.3);
            [long * way.cos(), long * way.sin(), random.within(0.0, 6.3), 0.06 / long.sqrt()]
        })
        .collect();
    for (x, y, pixel) in paper.picture.enumerate_pixels_mut() {
        let sum: f32 = waves.iter().map(|[a, b, phase, high]| high * (a * x as f32 + b * y as f32 + phase).sin()).sum();
        let grey = 128.0 + 45.0 * sum;
        pixel.0 = [grey * 1.02, grey, grey * 0.95].map(|v| v.clamp(0.0, 255.0) as u8);
    }
}
