//! Full sheets made up here: forms, magazines, notes, flyers, newspapers.
//!
//! Refuses to know how they lie and are lit.

use crate::{
    assets::{Assets, any},
    chance::Chance,
    colour::{self, greyish, hsv, vivid},
    document::{Document, LONGEST, a4, dark_ink, pale_paper, write},
    print::{Print, bytes},
};

/// Boxes, tables and frames: what a detector may take for the sheet itself.
pub fn form<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let paper = pale_paper(chance);
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let ink = dark_ink(chance);
    let margin = chance.within(0.03, 0.12);
    let [x, y, w, h] = print.within(margin);
    if chance.holds(0.5) {
        print.frame([x, y, w, h], ink, chance.within(0.8, 4.0));
    }
    if chance.holds(0.5) {
        print.fill([x, y, w, h * chance.within(0.03, 0.12)], bytes(vivid(chance)));
    }
    let mut top = y + h * chance.within(0.06, 0.15);
    while top < y + h * 0.95 {
        let tall = (h * chance.within(0.06, 0.4)).min(y + h - top);
        let area = [x + w * 0.03, top, w * 0.94, tall * 0.9];
        match chance.whole(0, 3) {
            0 => write(&mut print, area, ink, chance.within(0.8, 1.4), assets, chance),
            1 => {
                let (rows, columns) = (chance.within(9.0, 24.0), chance.whole(1, 6));
                print.rules(area, ink, rows, false, chance.within(0.4, 1.0));
                for column in 0..=columns {
                    let share = column as f32 / columns as f32;
                    print.fill([area[0] + area[2] * share - 1.0, area[1], 1.0, area[3]], ink);
                }
                write(&mut print, area, ink, chance.within(0.8, 1.2), assets, chance);
            }
            2 => {
                print.frame(area, ink, chance.within(0.8, 2.5));
                let inner = [area[0] + 4.0, area[1] + 4.0, area[2] - 8.0, area[3] - 8.0];
                write(&mut print, inner, ink, 1.0, assets, chance);
            }
            _ => {
                let pen = dark_ink(chance);
                print.fill(area, bytes(greyish(chance, 0.75, 0.95)));
                print.scribble([area[0], area[1], area[2] * 0.5, area[3].min(20.0)], pen, 14.0, chance);
            }
        }
        top += tall;
    }
    Document::paper(print.done(), size, paper)
}

pub fn magazine<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let paper = if chance.holds(0.8) { pale_paper(chance) } else { colour::paper(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let ink = if paper[1] < 0.25 { [235; 3] } else { dark_ink(chance) };
    let [x, y, w, h] = print.within(chance.within(0.03, 0.1));
    let heading = chance.within(0.04, 0.14) * h;
    write(&mut print, [x, y, w, heading], ink, chance.within(2.0, 4.5), assets, chance);
    let columns = chance.whole(1, 3);
    let wide = w / columns as f32;
    for column in 0..columns {
        let mut top = y + heading;
        while top < y + h - 8.0 {
            let tall = (h * chance.within(0.1, 0.5)).min(y + h - top);
            let area = [x + wide * column as f32, top, wide * 0.94, tall * 0.96];
            match (chance.weighted(&[5.0, 3.0, 1.0]), any(&assets.photos, chance)) {
                (1, Some(photo)) => print.photo(area, photo, chance),
                (2, _) => print.fill(area, bytes(vivid(chance))),
                _ => write(&mut print, area, ink, chance.within(0.7, 1.1), assets, chance),
            }
            top += tall;
        }
    }
    if chance.holds(0.35)
        && let Some(photo) = any(&assets.photos, chance)
    {
        // A picture to the edge, or nearly.
        let (share, at) = (chance.within(0.3, 0.75), chance.unit());
        let (pw, ph) = (print.width as f32, print.height as f32);
        let inset = if chance.holds(0.5) { 0.0 } else { 0.05 * pw };
        print.photo([inset, at * (1.0 - share) * ph, pw - 2.0 * inset, share * ph], photo, chance);
    }
    Document::paper(print.done(), size, paper)
}

pub fn note<'a>(chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let paper = if chance.holds(0.85) { pale_paper(chance) } else { colour::paper(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let whole = print.within(0.0);
    let line = chance.within(9.0, 20.0);
    let rule = bytes(hsv(chance.within(0.5, 0.7), chance.within(0.1, 0.6), chance.within(0.5, 0.9)));
    match chance.whole(0, 3) {
        0 | 1 => print.rules(whole, rule, line, false, chance.within(0.2, 0.9)),
        2 => print.rules(whole, rule, line * 0.6, true, chance.within(0.2, 0.8)),
        _ => {}
    }
    if chance.holds(0.3) {
        let at = print.width as f32 * chance.within(0.06, 0.2);
        print.fill([at, 0.0, 1.5, print.height as f32], [210, 90, 90]);
    }
    let pen = if paper[1] < 0.25 { [230; 3] } else { dark_ink(chance) };
    if chance.holds(0.75) {
        let [x, y, w, h] = print.within(chance.within(0.04, 0.15));
        print.scribble([x, y, w, h * chance.within(0.1, 1.0)], pen, line, chance);
    }
    Document::paper(print.done(), size, paper)
}

pub fn flyer<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = a4(chance);
    let ground = if chance.holds(0.6) { vivid(chance) } else { colour::furniture(chance) };
    let mut print = Print::new(size[0] / size[1], LONGEST, ground);
    for _ in 0..chance.whole(1, 6) {
        let (w, h) = (print.width as f32, print.height as f32);
        let area = [
            w * chance.within(-0.1, 0.6),
            h * chance.within(-0.1, 0.7),
            w * chance.within(0.2, 1.1),
            h * chance.within(0.1, 0.6),
        ];
        match (chance.whole(0, 2), any(&assets.photos, chance)) {
            (0, _) => print.fill(area, bytes(vivid(chance))),
            (1, Some(photo)) => print.photo(area, photo, chance),
            _ => {
                let ink = if chance.holds(0.5) { [240; 3] } else { bytes(vivid(chance)) };
                write(&mut print, area, ink, chance.within(1.0, 5.0), assets, chance);
            }
        }
    }
    if chance.holds(0.3) {
        let inset = print.within(chance.within(0.02, 0.1));
        let ink = if chance.holds(0.5) { [245; 3] } else { bytes(vivid(chance)) };
        print.frame(inset, ink, chance.within(1.0, 8.0));
    }
    Document::paper(print.done(), size, ground)
}

pub fn newspaper<'a>(assets: &'a Assets, chance: &mut Chance) -> Document<'a> {
    let size = [chance.within(0.2, 0.3), chance.within(0.28, 0.42)];
    let paper = hsv(chance.within(0.08, 0.14), chance.within(0.03, 0.12), chance.within(0.75, 0.92));
    let mut print = Print::new(size[0] / size[1], LONGEST, paper);
    let [x, y, w, h] = print.within(0.04);
    write(&mut print, [x, y, w, h * 0.1], [30; 3], chance.within(3.0, 6.0), assets, chance);
    let columns = chance.whole(3, 6);
    for column in 0..columns {
        let wide = w / columns as f32;
        let area = [x + wide * column as f32, y + h * 0.12, wide * 0.92, h * 0.88];
        write(&mut print, area, [45; 3], chance.within(0.6, 0.9), assets, chance);
    }
    for _ in 0..chance.whole(0, 3) {
        if let Some(photo) = any(&assets.photos, chance) {
            let wide = w * chance.within(0.2, 0.6);
            let area =
                [x + (w - wide) * chance.unit(), y + h * chance.within(0.1, 0.7), wide, wide * chance.within(0.5, 0.9)];
            print.photo(area, photo, chance);
        }
    }
    Document::paper(print.done(), size, paper)
}
