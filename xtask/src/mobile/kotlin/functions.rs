//! Functions of Rust that Java calls by their symbols: found in a source's text, their types compared with a method descriptor.
//!
//! Reads what rustfmt writes; refuses to know where the files are and which class a symbol means.

/// A function that carries a native method's symbol.
#[derive(Debug, PartialEq)]
pub struct Function {
    pub symbol: String,
    /// Their types by the last name, without the two that every native method has.
    parameters: Vec<String>,
    result: Option<String>,
    /// The linker keeps its name, and Java's calling convention is its own.
    exported: bool,
}

impl Function {
    /// What does not fit a method of this descriptor.
    pub fn misfit(&self, descriptor: &str) -> Option<String> {
        if !self.exported {
            return Some(format!("{} is not `#[unsafe(no_mangle)] extern \"system\"`", self.symbol));
        }
        let (parameters, result) = types(descriptor)?;
        let same = parameters.len() == self.parameters.len()
            && parameters.iter().zip(&self.parameters).all(|(java, rust)| fits(java, rust));
        let result_fits = match &self.result {
            None => result == "V",
            Some(rust) => fits(result, rust),
        };
        (!same || !result_fits).then(|| format!("{} has other types than {descriptor}", self.symbol))
    }
}

/// Those of a source file.
pub fn functions(text: &str) -> Vec<Function> {
    let starts = text.match_indices("fn Java_").filter(|(at, _)| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        !line.contains("//")
    });
    starts.filter_map(|(at, _)| function(text, at)).collect()
}

fn function(text: &str, at: usize) -> Option<Function> {
    let rest = &text[at + "fn ".len()..];
    let (symbol, _) = rest.split_once(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
    let (_, rest) = rest.split_once('(')?;
    let end = closing(rest)?;
    let typed =
        parts(&rest[..end]).into_iter().map(|parameter| last_name(parameter.split_once(':').map_or("", |(_, of)| of)));
    let parameters: Vec<String> = typed.skip(2).collect();
    let result = rest[end + 1..].split('{').next()?.trim().strip_prefix("->").map(last_name);
    // From the end of what stands before it.
    let before = &text[..at];
    let own = before.rfind(['}', ';']).map_or(before, |end| &before[end..]);
    let exported = own.contains("no_mangle") && own.contains("extern \"system\"");
    Some(Function { symbol: symbol.to_owned(), parameters, result, exported })
}

/// Where the parenthesis closes that was opened before.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, letter)| {
        match letter {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

/// Separated by commas that no bracket holds.
pub fn parts(text: &str) -> Vec<&str> {
    let mut open = 0;
    let commas = text.split(|letter| {
        match letter {
            '(' | '<' | '[' => open += 1,
            ')' | '>' | ']' => open -= 1,
            _ => {}
        }
        letter == ',' && open == 0
    });
    commas.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// `jni::objects::JObject<'_>` is `JObject`.
fn last_name(of: &str) -> String {
    let plain = of.split('<').next().unwrap_or_default();
    plain.rsplit("::").next().unwrap_or_default().trim().to_owned()
}

/// A method descriptor's parameters and its result.
fn types(descriptor: &str) -> Option<(Vec<&str>, &str)> {
    let (mut rest, result) = descriptor.strip_prefix('(')?.split_once(')')?;
    let mut parameters = Vec::new();
    while !rest.is_empty() {
        let name = rest.trim_start_matches('[');
        let length = if name.starts_with('L') { name.find(';')? + 1 } else { 1 };
        let (parameter, after) = rest.split_at_checked(rest.len() - name.len() + length)?;
        parameters.push(parameter);
        rest = after;
    }
    Some((parameters, result))
}

/// Whether Java's type arrives as Rust's.
fn fits(java: &str, rust: &str) -> bool {
    const PRIMITIVES: [(&str, &str); 8] = [
        ("Z", "jboolean"),
        ("B", "jbyte"),
        ("C", "jchar"),
        ("S", "jshort"),
        ("I", "jint"),
        ("J", "jlong"),
        ("F", "jfloat"),
        ("D", "jdouble"),
    ];
    if let Some((_, own)) = PRIMITIVES.iter().find(|(name, _)| *name == java) {
        return rust == *own;
    }
    match java {
        "V" => false,
        "Ljava/nio/ByteBuffer;" => ["JByteBuffer", "JObject", "jobject"].contains(&rust),
        "Ljava/lang/String;" => ["JString", "JObject", "jstring", "jobject"].contains(&rust),
        // Of other objects only that they are some.
        _ => !PRIMITIVES.iter().any(|(_, own)| *own == rust) && rust.to_ascii_lowercase().starts_with('j'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_its_last_names_only() {
        let text = "#[unsafe(no_mangle)]\nextern \"system\" fn Java_a_B_c<'l>(_: JNIEnv<'l>, _: JObject, f: &mut (jint, jint), g: jni::sys::jlong) -> jint {";
        let Some(found) = functions(text).pop() else { panic!("nothing is found") };
        assert_eq!(
            (found.symbol.as_str(), found.result.as_deref(), found.exported),
            ("Java_a_B_c", Some("jint"), true)
        );
        assert_eq!(found.parameters.last().map(String::as_str), Some("jlong"));
        assert_eq!(found.parameters.len(), 2);
    }

    #[test]
    fn a_descriptor_has_its_parts() {
        assert_eq!(types("([[JLa/B;I[La/B;)V"), Some((vec!["[[J", "La/B;", "I", "[La/B;"], "V")));
        assert_eq!(types("()Z"), Some((vec![], "Z")));
        assert!(types("(La/B)V").is_none() && types("([)V").is_none());
    }
}
