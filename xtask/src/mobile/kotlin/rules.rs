//! R8's keep rules, as far as the plugins need them: which classes keep their names, and with what members.
//!
//! Knows `-keep` and `-keepclasseswithmembers`, with or without `names`, whatever annotation or superclass they ask for besides;
//! refuses to count a rule that allows to shrink or to rename.

/// Whether a rule names the class (with dots) and, where one is asked for, has a member specification that covers the members.
pub fn keep(rules: &str, class: &str, members: Option<&str>) -> bool {
    let text: String =
        rules.lines().map(|line| line.split('#').next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    text.split(" -").map(|rule| rule.trim().trim_start_matches('-')).any(|rule| {
        let (head, body) = rule.split_once('{').unwrap_or((rule, ""));
        let mut words = head.split_whitespace();
        let option = words.next().unwrap_or_default();
        let (kind, modifiers) = option.split_once(',').unwrap_or((option, ""));
        let names_only = ["keepnames", "keepclasseswithmembernames"].contains(&kind);
        // What only keeps names says nothing of a class that Kotlin does not use itself.
        let counts = ["keep", "keepclasseswithmembers"].contains(&kind) || (names_only && members.is_some());
        let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
        counts
            && !modifiers.contains("allow")
            && named(words, class)
            && members.is_none_or(|wanted| [wanted, "<methods>;", "*;"].iter().any(|covers| has(&body, covers)))
    })
}

/// Whether one of the specifications is this one, whatever its visibility.
fn has(body: &str, specification: &str) -> bool {
    body.split_inclusive(';').map(|part| part.trim().trim_start_matches("public ")).any(|part| part == specification)
}

fn named<'a>(words: impl Iterator<Item = &'a str>, class: &str) -> bool {
    let mut words = words.skip_while(|word| !["class", "interface", "enum"].contains(word)).skip(1);
    words
        .next()
        .is_some_and(|patterns| patterns.split(',').any(|pattern| matches(pattern.as_bytes(), class.as_bytes())))
}

/// `*` stands for anything within a package, `**` for anything, `?` for one letter.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [] => name.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=name.len()).any(|taken| matches(rest, &name[taken..])),
        [b'*', rest @ ..] => {
            let within = name.iter().take_while(|letter| **letter != b'.').count();
            (0..=within).any(|taken| matches(rest, &name[taken..]))
        }
        [letter, rest @ ..] => name
            .first()
            .is_some_and(|own| (letter == own || (*letter == b'?' && *own != b'.')) && matches(rest, &name[1..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NATIVE: Option<&str> = Some("native <methods>;");

    #[test]
    fn a_rule_keeps_what_it_names() {
        let rules =
            "# -keep class a.C\n-keep,includedescriptorclasses class a.B {\n    native <methods>;\n}\n-dontwarn c.**\n";
        assert!(keep(rules, "a.B", NATIVE) && keep(rules, "a.B", None));
        assert!(!keep(rules, "a.C", None) && !keep(rules, "a.Bc", None) && !keep(rules, "c.D", None));
    }

    #[test]
    fn members_are_kept_where_the_rule_says_so() {
        for body in ["{ *; }", "{ <methods>; }", "{ public <methods>; }", "{ <fields>; native <methods>; }"] {
            assert!(keep(&format!("-keep class a.B {body}"), "a.B", NATIVE), "{body}");
        }
        for body in ["", "{ <init>(); }", "{ native <fields>; }"] {
            assert!(!keep(&format!("-keep class a.B {body}"), "a.B", NATIVE), "{body}");
        }
    }

    #[test]
    fn rules_for_names_count_for_native_methods_only() {
        let rule = "-keepclasseswithmembernames class * { native <methods>; }".replace("class *", "class **");
        assert!(keep(&rule, "a.B", NATIVE) && !keep(&rule, "a.B", None));
        assert!(!keep("-keep,allowobfuscation class a.B { *; }", "a.B", NATIVE));
    }

    #[test]
    fn patterns_are_proguards() {
        let matches = |pattern: &str, name: &str| matches(pattern.as_bytes(), name.as_bytes());
        assert!(matches("a.*", "a.B") && !matches("a.*", "a.b.C") && matches("a.**", "a.b.C"));
        assert!(matches("a.?$*", "a.B$C") && !matches("a.?", "a.Bc"));
    }
}
