//! A password as it was typed, and whether it is good enough to be taken.
//!
//! Refuses to know what a password opens and how often it was tried.

use std::fmt;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// A password: the same one however a keyboard composes its letters. Zeroed on drop, printed as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Spaces of other scripts become U+0020, then Unicode's normal form C: the OpaqueString profile of RFC 8265, section
    /// 4.2, without its refusal of control characters, which would only make somebody's password impossible.
    pub fn new(typed: &str) -> Self {
        // Form C is at most three times as long in UTF-8 (UAX 15), so that nothing is moved and left behind in memory.
        let mut text = Zeroizing::new(String::with_capacity(3 * typed.len()));
        text.extend(typed.chars().map(plain_space).nfc());
        Self(text)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Unicode's space separators (Zs) other than U+0020.
fn plain_space(letter: char) -> char {
    match letter {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        other => other,
    }
}

/// What is asked of a password, by which store keeps the secret that a copied folder lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// The platform's: whoever guesses has to do it here, try by try. At least 8 characters, or 6 digits.
    Hardware,
    /// Files beside the data: whoever copies them guesses as fast as they can. At least 10 characters, not digits only.
    File,
}

impl Rules {
    /// Least number of guesses a password has to withstand. 10⁵ leaves out every date, run, repetition and common password
    /// but keeps six digits drawn by chance (10⁶); without hardware, where guessing costs what argon2id costs, ten times that.
    fn guesses(self) -> u64 {
        match self {
            Self::Hardware => 100_000,
            Self::File => 1_000_000,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    Weak,
    Fair,
    Good,
    Strong,
}

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    TooShort,
    OnlyDigits,
    /// Among the first that anybody would guess: a common password, a date, a run of keys, a repetition.
    TooSimple,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub strength: Strength,
    /// `None` where the password may be taken.
    pub unfit: Option<Unfit>,
}

/// Characters that the strength is estimated from; the estimate's time grows fast with them.
const ESTIMATED: usize = 64;

/// Judges by length, and by zxcvbn's number of guesses (Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", 2016).
pub fn judge(password: &Password, rules: Rules) -> Judgement {
    let text = password.expose();
    let estimated = text.char_indices().nth(ESTIMATED).map_or(text, |(end, _)| &text[..end]);
    let estimate = zxcvbn(estimated, &[]);
    let strength = match estimate.score() {
        Score::Two => Strength::Fair,
        Score::Three => Strength::Good,
        Score::Four => Strength::Strong,
        _ => Strength::Weak,
    };
    let length = text.chars().count();
    // Digits of every script: they are as few.
    let digits = length > 0 && text.chars().all(char::is_numeric);
    let least = match rules {
        Rules::Hardware if digits => 6,
        Rules::Hardware => 8,
        Rules::File => 10,
    };
    let unfit = if digits && rules == Rules::File {
        Some(Unfit::OnlyDigits)
    } else if length < least {
        Some(Unfit::TooShort)
    } else if estimate.guesses() < rules.guesses() {
        Some(Unfit::TooSimple)
    } else {
        None
    };
    Judgement { strength, unfit }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unfit(typed: &str, rules: Rules) -> Option<Unfit> {
        judge(&Password::new(typed), rules).unfit
    }

    #[test]
    fn what_anybody_would_guess_is_not_taken() {
        let simple = [
            "123456",
            "654321",
            "111111",
            "000000",
            "121212",
            "123123",
            "112233",
            "234567",
            "987654",
            "12345678",
            "130585",
            "13051985",
            "19850513",
            "01011990",
            "31121999",
            "password",
            "Passwort",
            "passw0rd",
            "iloveyou",
            "sunshine",
            "qwertyuiop",
            "qwertzuiop",
            "azertyuiop",
            "aaaaaaaa",
            "abcdefgh",
            "abcabcabc",
            "password1",
            "password123",
            "football1",
            "\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}",
        ];
        for typed in simple {
            for rules in [Rules::Hardware, Rules::File] {
                assert!(unfit(typed, rules).is_some(), "{typed} by {rules:?}");
            }
            assert_eq!(unfit(typed, Rules::Hardware), Some(Unfit::TooSimple), "{typed}");
            assert_eq!(judge(&Password::new(typed), Rules::Hardware).strength, Strength::Weak, "{typed}");
        }
        assert_eq!(unfit("passwordpassword", Rules::File), Some(Unfit::TooSimple));
    }

    #[test]
    fn length_is_asked_for_by_where_the_secret_is() {
        let cases = [
            ("", Some(Unfit::TooShort), Some(Unfit::TooShort)),
            ("73926", Some(Unfit::TooShort), Some(Unfit::OnlyDigits)),
            ("739264", None, Some(Unfit::OnlyDigits)),
            ("7392648150", None, Some(Unfit::OnlyDigits)),
            ("\u{667}\u{663}\u{669}\u{662}\u{666}\u{664}\u{668}\u{661}\u{665}\u{660}", None, Some(Unfit::OnlyDigits)),
            ("xK9#wq2", Some(Unfit::TooShort), Some(Unfit::TooShort)),
            ("xK9#wq2v", None, Some(Unfit::TooShort)),
            ("xK9#wq2vL", None, Some(Unfit::TooShort)),
            ("xK9#wq2vLp", None, None),
            ("k\u{e9}iskuch mat gromper", None, None),
            ("\u{1f40e}\u{1f50b}\u{1f4ce}\u{2705}\u{1f308}\u{1f355}\u{1f3b8}\u{1f6b2}", None, Some(Unfit::TooShort)),
        ];
        for (typed, hardware, file) in cases {
            assert_eq!((unfit(typed, Rules::Hardware), unfit(typed, Rules::File)), (hardware, file), "{typed}");
        }
    }

    #[test]
    fn strength_grows() {
        let typed = ["739264", "xK9#wq2", "xK9#wq2vL", "xK9#wq2vLpT4"];
        let strengths = typed.map(|typed| judge(&Password::new(typed), Rules::Hardware).strength);
        assert_eq!(strengths, [Strength::Weak, Strength::Fair, Strength::Good, Strength::Strong]);
        let long = "correct horse ".repeat(10_000);
        assert_eq!(judge(&Password::new(&long), Rules::File).unfit, None);
    }

    #[test]
    fn the_same_password_however_it_is_composed() {
        assert_eq!(Password::new("Mu\u{308}ller\u{3000}x"), Password::new("M\u{fc}ller x"));
        assert_ne!(Password::new("ﬁ"), Password::new("fi"), "form C, not KC: what looks alike may differ");
        assert_ne!(Password::new("a "), Password::new("a"), "nothing is trimmed");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_password_can_be_judged(typed in any::<String>()) {
            let password = Password::new(&typed);
            prop_assert_eq!(&Password::new(password.expose()), &password);
            prop_assert!(password.0.capacity() == 3 * typed.len(), "nothing was moved while it was written");
            let (hardware, file) = (judge(&password, Rules::Hardware), judge(&password, Rules::File));
            prop_assert_eq!(hardware.strength, file.strength);
            prop_assert!(hardware.unfit.is_none() || file.unfit.is_some(), "files ask for more");
        }
    }
}
