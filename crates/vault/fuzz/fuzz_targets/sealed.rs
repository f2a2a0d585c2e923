//! What a folder and a store of secrets may be made to hold: sealed files, the file of wraps, the tries on record.
//!
//! Most sealed files are made here and then damaged: bytes by chance never get past the first look.

#![no_main]

use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use rand_core::{TryCryptoRng, TryRng};
use std::{convert::Infallible, time::Duration};
use vault::fuzzing;

#[derive(Debug, Arbitrary)]
enum Case {
    /// A file as it is.
    File {
        bytes: Vec<u8>,
        range: Option<(u64, u64)>,
    },
    Damaged(Damaged),
    /// What opens under the work key.
    Wraps {
        bytes: Vec<u8>,
        version: bool,
        fill: Option<u8>,
    },
    Tries {
        record: Vec<u8>,
        version: bool,
        uptime: u64,
    },
}

#[derive(Debug, Arbitrary)]
struct Damaged {
    place: String,
    /// Repeated up to `length`, so that files have several chunks.
    content: Vec<u8>,
    length: u32,
    range: Option<(u64, u64)>,
    damage: Vec<(u32, u8)>,
    cut: Option<u32>,
    chance: u8,
}

/// Every nonce the same: nothing here is secret.
struct Chance(u8);

impl TryRng for Chance {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.into())
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.into())
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(self.0);
        Ok(())
    }
}
impl TryCryptoRng for Chance {}

const KEY: [u8; 32] = [7; 32];
/// Length of a file of wraps.
const WRAPS: usize = 235;

fuzz_target!(|case: Case| match case {
    Case::File { bytes, range } => {
        let opened = fuzzing::open(&KEY, "photo/1", &bytes, range.map(|(from, to)| from..to));
        assert!(opened.is_none(), "nobody seals by chance");
    }
    Case::Damaged(case) => damaged(case),
    Case::Wraps { mut bytes, version, fill } => {
        if let Some(fill) = fill {
            bytes.resize(WRAPS, fill);
        }
        if let Some(first) = bytes.first_mut().filter(|_| version) {
            *first = 1;
        }
        fuzzing::wraps(&bytes, &KEY);
    }
    Case::Tries { mut record, version, uptime } => {
        if version {
            record.resize(21, 0);
            record[0] = 1;
        }
        fuzzing::tries(&record, Duration::from_millis(uptime));
    }
});

fn damaged(case: Damaged) {
    let length = case.length as usize % (3 * 64 * 1024);
    let content: Vec<u8> = case.content.iter().copied().cycle().take(length).collect();
    let range = || case.range.map(|(from, to)| from..to);
    let Some(whole) = fuzzing::seal(&KEY, &case.place, &content, &mut Chance(case.chance)) else { return };
    let opened = fuzzing::open(&KEY, &case.place, &whole, range()).expect("what was sealed opens");
    let end = content.len() as u64;
    let (from, to) = case.range.map_or((0, end), |(from, to)| (from.min(end), to.min(end)));
    assert_eq!(opened, content.get(from as usize..to as usize).unwrap_or_default());
    let mut file = whole.clone();
    for (at, bits) in case.damage.iter().take(8) {
        let at = *at as usize % file.len();
        file[at] ^= bits;
    }
    file.truncate(case.cut.map_or(whole.len(), |cut| cut as usize % (whole.len() + 1)));
    let opened = fuzzing::open(&KEY, &case.place, &file, None);
    assert_eq!(opened.is_some(), file == whole, "all or nothing");
}
