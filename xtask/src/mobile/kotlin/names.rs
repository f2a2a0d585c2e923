//! The names by which Kotlin and Rust find each other at run time, compared before: native methods with the functions that
//! carry their symbols, and classes that Rust names with those that there are.
//!
//! Kotlin's side is read from class files, Rust's from its text. Methods that Rust calls by name are not looked for.

use anyhow::{Context, Result};

use super::{
    classes::Class,
    functions::{Function, functions, parts},
    rules,
};
use crate::files::File;

/// Where our own classes are; with slashes or dots.
const OWN: [&str; 2] = ["lu/folio/", "lu.folio."];
const REGISTER: &str = "register_android_plugin(";
const PLUGIN: &str = "Lapp/tauri/annotation/TauriPlugin;";

/// What does not fit, one line each.
pub fn misfits(classes: &[Class], rust: &[&File], rules: &str) -> Result<Vec<String>> {
    let functions: Vec<Function> = rust.iter().flat_map(|file| functions(&file.text)).collect();
    let mut found = natives(classes, &functions);
    found.extend(kept(classes, rules));
    let there = |name: &str| classes.iter().find(|class| class.dotted() == name);
    for name in registered(rust)? {
        match there(&name) {
            None => found.push(format!("Rust registers {name}, which is no class")),
            Some(class) if !class.mentions(PLUGIN) || !class.public => {
                found.push(format!("{name} is not public or no @TauriPlugin: Tauri's rules do not keep it"));
            }
            Some(_) => {}
        }
    }
    for name in looked_up(rust) {
        if there(&name).is_none() {
            found.push(format!("Rust names {name}, which is no class"));
        } else if !rules::keep(rules, &name, None) {
            found.push(format!("Rust names {name}, and no rule keeps it"));
        }
    }
    Ok(found)
}

fn natives(classes: &[Class], functions: &[Function]) -> Vec<String> {
    let mut found = Vec::new();
    let mut symbols = Vec::new();
    for class in classes {
        for method in class.methods.iter().filter(|method| method.native) {
            let symbol = symbol(&class.name, &method.name);
            if symbols.contains(&symbol) {
                found.push(format!("{symbol}: overloaded native methods have longer names, which are not known here"));
            } else if let Some(function) = functions.iter().find(|function| function.symbol == symbol) {
                found.extend(function.misfit(&method.descriptor));
            } else {
                found.push(format!("{}.{} has no {symbol} in Rust", class.dotted(), method.name));
            }
            symbols.push(symbol);
        }
    }
    let called = |function: &&Function| !symbols.contains(&function.symbol);
    found.extend(functions.iter().filter(called).map(|function| format!("{} has no native method", function.symbol)));
    found
}

fn kept(classes: &[Class], rules: &str) -> Vec<String> {
    let native = classes.iter().filter(|class| class.methods.iter().any(|method| method.native));
    let lost = native.filter(|class| !rules::keep(rules, &class.dotted(), Some("native <methods>;")));
    lost.map(|class| format!("no rule keeps the native methods of {}", class.dotted())).collect()
}

/// The JNI specification's 'Resolving Native Method Names', the short form.
fn symbol(class: &str, method: &str) -> String {
    let mangled = |name: &str| -> String {
        name.encode_utf16()
            .map(|unit| match char::from_u32(u32::from(unit)) {
                Some('/') => "_".to_owned(),
                Some('_') => "_1".to_owned(),
                Some(letter) if letter.is_ascii_alphanumeric() => letter.to_string(),
                _ => format!("_0{unit:04x}"),
            })
            .collect()
    };
    format!("Java_{}_{}", mangled(class), mangled(method))
}

/// The classes that Tauri is asked for.
fn registered(rust: &[&File]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in rust {
        for (at, _) in file.text.match_indices(REGISTER) {
            let rest = &file.text[at + REGISTER.len()..];
            let (arguments, _) = rest.split_once(')').context("an open call")?;
            let mut values = Vec::new();
            for argument in parts(arguments) {
                let value = value(rust, argument);
                values.push(value.with_context(|| format!("{}: what is {argument}?", file.path))?);
            }
            found.push(values.join("."));
        }
    }
    Ok(found)
}

/// A literal's, or that of a constant of these files.
fn value(rust: &[&File], argument: &str) -> Option<String> {
    let literal = |text: &str| text.trim().strip_prefix('"')?.split_once('"').map(|(value, _)| value.to_owned());
    literal(argument).or_else(|| {
        let constant = format!("const {argument}: &str =");
        rust.iter().find_map(|file| file.text.split_once(&constant)).and_then(|(_, rest)| literal(rest))
    })
}

/// Our classes in Rust's strings, as `find_class` and class loaders take them.
fn looked_up(rust: &[&File]) -> Vec<String> {
    let literals = rust.iter().flat_map(|file| file.text.split('"').skip(1).step_by(2));
    let ours = literals.filter(|text| OWN.iter().any(|own| text.starts_with(own)));
    let names = ours.map(|text| text.replace('/', "."));
    names
        .filter(|name| name.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_uppercase())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mobile::kotlin::classes::tests::class;

    const RUST: &str = r#"
/// `fn Java_of_a_comment()`
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Frames_look_1at<'local>(
    env: JNIEnv<'local>,
    _: JObject<'local>,
    session: jlong,
    y: jni::objects::JByteBuffer<'local>,
) -> jint {
    0
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Frames_miss(_: JNIEnv, _: JObject, session: jlong) {}
"#;
    const RULES: &str = "-keep class lu.folio.camera.Frames { native <methods>; }";

    fn rust(text: &str) -> File {
        File { path: "mobile/camera/src/jvm.rs".to_owned(), text: text.to_owned() }
    }

    fn frames(look_at: &str) -> Class {
        class("lu/folio/camera/Frames", &[("look_at", look_at), ("miss", "(J)V")], &[])
    }

    #[test]
    fn a_native_method_and_its_function_fit() -> Result<()> {
        let found = misfits(&[frames("(JLjava/nio/ByteBuffer;)I")], &[&rust(RUST)], RULES)?;
        assert_eq!(found, Vec::<String>::new());
        Ok(())
    }

    #[test]
    fn a_method_without_a_function_and_a_function_without_a_method_are_found() -> Result<()> {
        let frames = class("lu/folio/camera/Frames", &[("look_at", "(JLjava/nio/ByteBuffer;)I"), ("end", "()V")], &[]);
        let found = misfits(&[frames], &[&rust(RUST)], RULES)?;
        assert_eq!(
            found,
            [
                "lu.folio.camera.Frames.end has no Java_lu_folio_camera_Frames_end in Rust",
                "Java_lu_folio_camera_Frames_miss has no native method"
            ]
        );
        Ok(())
    }

    #[test]
    fn other_types_are_found() -> Result<()> {
        for other in [
            "(ILjava/nio/ByteBuffer;)I",
            "(JLjava/lang/String;)I",
            "(J)I",
            "(JLjava/nio/ByteBuffer;)J",
            "(JLjava/nio/ByteBuffer;)V",
            "(J[B)I",
        ] {
            let found = misfits(&[frames(other)], &[&rust(RUST)], RULES)?;
            let same = other == "(J[B)I";
            assert_eq!(found.is_empty(), same, "{other}: {found:?}");
        }
        Ok(())
    }

    #[test]
    fn a_function_that_the_linker_may_rename_is_found() -> Result<()> {
        let hidden = RUST.replacen("#[unsafe(no_mangle)]\n", "", 1);
        let found = misfits(&[frames("(JLjava/nio/ByteBuffer;)I")], &[&rust(&hidden)], RULES)?;
        assert_eq!(found, ["Java_lu_folio_camera_Frames_look_1at is not `#[unsafe(no_mangle)] extern \"system\"`"]);
        Ok(())
    }

    #[test]
    fn native_methods_that_r8_may_rename_are_found() -> Result<()> {
        let found = misfits(&[frames("(JLjava/nio/ByteBuffer;)I")], &[&rust(RUST)], "")?;
        assert_eq!(found, ["no rule keeps the native methods of lu.folio.camera.Frames"]);
        Ok(())
    }

    #[test]
    fn a_registered_class_is_there_and_a_plugin() -> Result<()> {
        let text = "const PACKAGE: &str = \"lu.folio.a\";\napi.register_android_plugin(PACKAGE, \"APlugin\")";
        let with = |texts: &[&str]| misfits(&[class("lu/folio/a/APlugin", &[], texts)], &[&rust(text)], "");
        assert_eq!(with(&[PLUGIN])?, Vec::<String>::new());
        assert_eq!(with(&[])?.len(), 1);
        assert_eq!(misfits(&[], &[&rust(text)], "")?, ["Rust registers lu.folio.a.APlugin, which is no class"]);
        assert!(misfits(&[], &[&rust("register_android_plugin(WHERE, \"A\")")], "").is_err());
        Ok(())
    }

    #[test]
    fn a_class_that_rust_names_is_there_and_kept() -> Result<()> {
        let text = "env.find_class(\"lu/folio/a/B\"); (\"lu.folio.a\", \"lu/folio/a\")";
        let there = [class("lu/folio/a/B", &[], &[])];
        assert_eq!(misfits(&there, &[&rust(text)], "-keep class lu.folio.a.*")?, Vec::<String>::new());
        assert_eq!(misfits(&there, &[&rust(text)], "")?, ["Rust names lu.folio.a.B, and no rule keeps it"]);
        assert_eq!(misfits(&[], &[&rust(text)], "")?, ["Rust names lu.folio.a.B, which is no class"]);
        Ok(())
    }

    #[test]
    fn symbols_escape_what_c_cannot_say() {
        assert_eq!(symbol("a/B_c$D", "e_ü"), "Java_a_B_1c_00024D_e_1_000fc");
    }
}
