//! Text as people read it: no characters that hide, reorder or break what stands there.

use super::Invalid;
use validator::ValidationError;

/// Refuses NUL and other control characters, bidi controls, zero-width and tag characters, what
/// Unicode keeps free of characters and the replacement character. ZWJ and ZWNJ stay: Persian, Hindi and others need them.
///
/// # Errors
/// Names the place (counted in characters from 1) and the kind of the first such character.
pub fn clean(text: &str) -> Result<(), Invalid> {
    for (place, character) in text.chars().enumerate() {
        if let Some(kind) = harmful(character) {
            return Err(Invalid::new(
                "character",
                format!(
                    "character {} is {kind} (U+{:04X})",
                    place + 1,
                    u32::from(character)
                ),
                "remove it and send plain text",
            ));
        }
    }
    Ok(())
}

fn harmful(character: char) -> Option<&'static str> {
    match character {
        '\u{0}' => Some("a NUL character"),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}' => {
            Some("a direction control character")
        }
        '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}' => {
            Some("an invisible character")
        }
        '\u{E0000}'..='\u{E007F}' => Some("a tag character"),
        '\u{FFFD}' => Some("the replacement character, a sign of broken encoding"),
        '\u{2028}' | '\u{2029}' => Some("a line separator"),
        // XML with U+FFFE or U+FFFF is taken by no parser; the others of their kind are no text either.
        '\u{FDD0}'..='\u{FDEF}' => Some("no character"),
        c if u32::from(c) & 0xFFFE == 0xFFFE => Some("no character"),
        c if c.is_control() => Some("a control character"),
        _ => None,
    }
}

/// The validator's form of [`clean`], which also refuses blank ends and text without content.
///
/// # Errors
/// As [`clean`].
pub fn valid(text: &str) -> Result<(), ValidationError> {
    clean(text)?;
    if text.trim().is_empty() {
        return Err(Invalid::new("blank", "the text is empty", "write it or leave it out").into());
    }
    if text.trim() != text {
        return Err(Invalid::new("blank", "there is a blank at an end", "trim the text").into());
    }
    Ok(())
}

/// The form in which text is searched: lower case, accents dropped, words of letters and digits
/// with blanks between them. What is stored and what is asked go through it alike.
pub fn folded(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            // The same letter at the end of a word.
            'ς' => 'σ',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect()
}

/// A folded word in Latin letters without accents, if it has others; letter by letter, as tables
/// give it (`børns` is `borns`, `европол` is `evropol`).
pub fn latin(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let latin = deunicode::deunicode(word).to_lowercase();
    let latin: String = latin.chars().filter(char::is_ascii_alphanumeric).collect();
    (!latin.is_empty()).then_some(latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_hides_or_reorders() {
        for bad in [
            "a\u{0}b",
            "a\u{202E}b",
            "\u{FEFF}a",
            "a\nb",
            "a\u{E0041}",
            "\u{FFFD}",
            "\u{FFFE}",
            "\u{FFFF}",
            "\u{FDD0}",
            "\u{FDEF}",
            "\u{1FFFE}",
            "\u{10FFFF}",
        ] {
            assert!(clean(bad).is_err(), "{bad:?}");
        }
        for good in [
            "\u{FDCF}\u{FDF0}\u{FFFC}\u{10000}\u{1FFFD}",
            "Línea Azul",
            "تلفن\u{200C}ها",
            "भारत",
            "1-800-THE-LOST",
        ] {
            assert!(clean(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn folding_drops_accents_and_operators() {
        assert_eq!(
            folded("Línea | AZUL!")
                .split_whitespace()
                .collect::<Vec<_>>(),
            ["linea", "azul"]
        );
        assert_eq!(folded("ΚΥΠΡΟΣ"), folded("Κύπρος"));
        assert_eq!(latin("børns").as_deref(), Some("borns"));
        assert_eq!(latin("европол").as_deref(), Some("evropol"));
        assert_eq!(latin("plain"), None);
    }
}
