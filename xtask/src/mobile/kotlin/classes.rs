//! Class files as far as names go: what a class is called, its methods, and every text in it.
//!
//! Chapter 4 of the JVM specification. Refuses to know what the code in them does.

use anyhow::{Context, Result, ensure};
use std::{collections::BTreeSet, fs, path::Path};

const PUBLIC: u16 = 0x0001;
const NATIVE: u16 = 0x0100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// With slashes: `lu/folio/camera/Frames`.
    pub name: String,
    pub public: bool,
    pub methods: Vec<Method>,
    /// Every string of the constant pool; annotations are among them as `Lorg/junit/Test;`.
    texts: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    pub name: String,
    /// `(JLjava/nio/ByteBuffer;)I`
    pub descriptor: String,
    pub native: bool,
}

impl Class {
    pub fn mentions(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// With dots, as Kotlin and ProGuard's rules write it.
    pub fn dotted(&self) -> String {
        self.name.replace('/', ".")
    }
}

/// Every class below `folder`, in the order of the names.
pub fn read(folder: &Path) -> Result<Vec<Class>> {
    let mut classes = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            classes.extend(read(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "class") {
            classes.push(parsed(&fs::read(&path)?).with_context(|| format!("{} is no class file", path.display()))?);
        }
    }
    classes.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(classes)
}

fn parsed(bytes: &[u8]) -> Result<Class> {
    let mut bytes = Bytes(bytes);
    ensure!(bytes.u32()? == 0xCAFE_BABE, "its magic number");
    bytes.skip(4)?;
    let pool = Pool::read(&mut bytes)?;
    let access = bytes.u16()?;
    let name = pool.class(bytes.u16()?)?.to_owned();
    bytes.skip(2)?;
    let interfaces = bytes.u16()?;
    bytes.skip(2 * usize::from(interfaces))?;
    members(&mut bytes, &pool)?;
    let methods = members(&mut bytes, &pool)?;
    let texts = pool.0.into_iter().filter_map(|entry| if let Entry::Text(text) = entry { Some(text) } else { None });
    Ok(Class { name, public: access & PUBLIC != 0, methods, texts: texts.collect() })
}

/// Fields or methods.
fn members(bytes: &mut Bytes, pool: &Pool) -> Result<Vec<Method>> {
    let mut found = Vec::new();
    for _ in 0..bytes.u16()? {
        let access = bytes.u16()?;
        let (name, descriptor) = (pool.text(bytes.u16()?)?.to_owned(), pool.text(bytes.u16()?)?.to_owned());
        for _ in 0..bytes.u16()? {
            bytes.skip(2)?;
            let length = bytes.u32()?;
            bytes.skip(usize::try_from(length)?)?;
        }
        found.push(Method { name, descriptor, native: access & NATIVE != 0 });
    }
    Ok(found)
}

enum Entry {
    Text(String),
    /// Where its name is.
    Class(u16),
    Other,
}

/// The constants; the first has the number 1.
struct Pool(Vec<Entry>);

impl Pool {
    fn read(bytes: &mut Bytes) -> Result<Self> {
        let count = usize::from(bytes.u16()?);
        let mut entries = vec![Entry::Other];
        while entries.len() < count {
            match bytes.u8()? {
                1 => {
                    let length = bytes.u16()?;
                    let text = bytes.take(usize::from(length))?;
                    // Its UTF-8 is a little different, but not for names.
                    entries.push(Entry::Text(String::from_utf8_lossy(text).into_owned()));
                }
                7 => entries.push(Entry::Class(bytes.u16()?)),
                tag => {
                    let (length, places) = match tag {
                        3 | 4 | 9..=12 | 17 | 18 => (4, 1),
                        // These take two places.
                        5 | 6 => (8, 2),
                        8 | 16 | 19 | 20 => (2, 1),
                        15 => (3, 1),
                        _ => anyhow::bail!("a constant of the kind {tag}"),
                    };
                    bytes.skip(length)?;
                    entries.extend((0..places).map(|_| Entry::Other));
                }
            }
        }
        Ok(Pool(entries))
    }

    fn text(&self, at: u16) -> Result<&str> {
        match self.0.get(usize::from(at)) {
            Some(Entry::Text(text)) => Ok(text),
            _ => anyhow::bail!("constant {at} is no text"),
        }
    }

    fn class(&self, at: u16) -> Result<&str> {
        match self.0.get(usize::from(at)) {
            Some(Entry::Class(name)) => self.text(*name),
            _ => anyhow::bail!("constant {at} is no class"),
        }
    }
}

/// What is left to read, big-endian.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).context("it ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn skip(&mut self, count: usize) -> Result<()> {
        self.take(count).map(drop)
    }

    fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.take(2)?.try_into()?))
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.take(4)?.try_into()?))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A class that a test makes up.
    pub fn class(name: &str, natives: &[(&str, &str)], texts: &[&str]) -> Class {
        let method = |(name, descriptor): &(&str, &str)| Method {
            name: (*name).to_owned(),
            descriptor: (*descriptor).to_owned(),
            native: true,
        };
        Class {
            name: name.to_owned(),
            public: true,
            methods: natives.iter().map(method).collect(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    /// `public class a/B { native int c(long); }`, with a `long` constant that takes two places.
    fn sample() -> Vec<u8> {
        let text = |text: &str| [&[1, 0, u8::try_from(text.len()).expect("short")], text.as_bytes()].concat();
        [
            &[0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52, 0, 7][..],
            &text("a/B"),
            &[7, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 9],
            &text("c"),
            &text("(J)I"),
            &[0, 0x21, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0x01, 0x01, 0, 5, 0, 6, 0, 1, 0, 5, 0, 0, 0, 2, 9, 9, 0, 0],
        ]
        .concat()
    }

    #[test]
    fn a_class_says_its_name_and_its_native_methods() -> Result<()> {
        let class = parsed(&sample())?;
        assert_eq!((class.dotted().as_str(), class.public), ("a.B", true));
        let native = Method { name: "c".to_owned(), descriptor: "(J)I".to_owned(), native: true };
        assert_eq!(class.methods, [native]);
        assert!(class.mentions("(J)I") && !class.mentions("J"));
        Ok(())
    }

    #[test]
    fn a_class_that_ends_early_is_refused_wherever_it_ends() {
        let whole = sample();
        // Nothing after the methods is read.
        let read = whole.len() - 2;
        assert!((0..read).all(|length| parsed(&whole[..length]).is_err()));
        assert!(parsed(&whole[..read]).is_ok());
    }
}
