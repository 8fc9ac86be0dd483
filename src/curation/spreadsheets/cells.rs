//! What stands in a cell: a value, a text that is guarded from spreadsheet programs, or what such a
//! program made of one.

use super::damage::{alterable, damaged};
use crate::values::Invalid;
use serde_json::{Map, Value};

/// How a cell holds its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// As it stands; empty is unknown.
    Text,
    /// A date, of which day and month may lack; empty is unknown.
    Date,
    /// Opening hours, in which a date alone makes no sense; empty is unknown.
    Hours,
    /// An international number, with its plus sign; empty is unknown.
    E164,
    /// Codes joined by `;`.
    Codes,
    /// `true` or `false`; empty is unknown.
    Flag,
    /// A whole number; empty is unknown.
    Whole,
}

/// How exports write cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As they are.
    Raw,
    /// Guarded where a spreadsheet program would compute, or take for something else.
    Spreadsheet,
}

/// The sign that marks a cell as text. Spreadsheet programs show it and leave the rest alone.
const GUARD: char = '\'';

/// Whether a spreadsheet program takes a text for a formula.
fn computes(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Whether a text that follows a guard is what guards are for. Any other text that begins with that
/// sign is itself.
fn is_guarded(rest: &str) -> bool {
    rest.starts_with(GUARD) || computes(rest) || alterable(rest)
}

/// The text behind a guard, where there is one.
pub fn unguarded(text: &str) -> Option<&str> {
    text.strip_prefix(GUARD).filter(|rest| is_guarded(rest))
}

/// A text as it is written into a cell that holds text.
pub fn guarded(profile: Profile, text: String) -> String {
    let looks_guarded = unguarded(&text).is_some();
    let altered = match profile {
        // What reading would take for damage is told apart from it.
        Profile::Raw => damaged(Cell::Text, &text).is_some(),
        Profile::Spreadsheet => computes(&text) || alterable(&text),
    };
    match looks_guarded || altered {
        true => format!("{GUARD}{text}"),
        false => text,
    }
}

impl Cell {
    /// The JSON value of a cell.
    ///
    /// # Errors
    /// When the text is none of its values, or what a spreadsheet program made of one.
    pub fn read(self, text: &str) -> Result<Value, Invalid> {
        let text = match unguarded(text) {
            Some(text) => text,
            None => match damaged(self, text) {
                Some(invalid) => return Err(invalid),
                None => text,
            },
        };
        let refused = |reason: &str| Invalid::new("cell", reason, "correct the cell");
        match self {
            Self::Codes if text.is_empty() => Ok(Value::Array(Vec::new())),
            Self::Codes => Ok(text
                .split(';')
                .map(|code| Value::String(code.to_owned()))
                .collect()),
            _ if text.is_empty() => Ok(Value::Null),
            Self::Text | Self::Date | Self::Hours | Self::E164 => {
                Ok(Value::String(text.to_owned()))
            }
            // Spreadsheet programs write it in capitals.
            Self::Flag => match text.to_ascii_lowercase().as_str() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(refused("it is neither true nor false; empty means unknown")),
            },
            Self::Whole => text
                .parse::<i32>()
                .map(Value::from)
                .map_err(|_| refused("it is no whole number")),
        }
    }

    /// The text of a JSON value, as a profile writes it.
    pub fn write(self, profile: Profile, value: &Value) -> String {
        match self {
            // No text: a program may show it otherwise and keeps what it is.
            Self::Flag => plain(value),
            _ => guarded(profile, plain(value)),
        }
    }
}

/// The text of a JSON value.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(codes) => codes.iter().map(plain).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

/// The cells of an object.
pub fn cells<'a>(
    columns: &'a [super::sheets::Column],
    object: &'a Map<String, Value>,
    profile: Profile,
) -> impl Iterator<Item = String> + 'a {
    columns.iter().map(move |(name, cell)| {
        let value = object.get(*name);
        value.map_or_else(String::new, |value| cell.write(profile, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_program_would_alter_is_guarded_and_the_rest_is_not() {
        for (text, written) in [
            ("+18883737888", "'+18883737888"),
            ("=1+1", "'=1+1"),
            ("@here", "'@here"),
            ("-", "'-"),
            ("24/7", "'24/7"),
            ("2026-11-23", "'2026-11-23"),
            ("016", "'016"),
            ("12.50", "'12.50"),
            ("1 Feb", "'1 Feb"),
            ("MAR1", "'MAR1"),
            ("True", "'True"),
            ("#N/A", "'#N/A"),
            ("1234567890123456", "'1234567890123456"),
            ("'=x", "''=x"),
            ("''", "'''"),
            ("116123", "116123"),
            ("2026", "2026"),
            ("0", "0"),
            ("'Ndrangheta", "'Ndrangheta"),
            ("'90s children", "'90s children"),
            ("Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00"),
            ("1-800-THE-LOST", "1-800-THE-LOST"),
            ("", ""),
        ] {
            assert_eq!(guarded(Profile::Spreadsheet, text.to_owned()), written);
        }
        for (text, written) in [
            ("+18883737888", "+18883737888"),
            ("2026-11-23", "2026-11-23"),
            ("'+1", "''+1"),
            ("#REF!", "'#REF!"),
        ] {
            assert_eq!(guarded(Profile::Raw, text.to_owned()), written);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn whatever_is_written_is_read_again(text in r#"['=+\-@#0-9eE./: A-Fa-fJan\t\r\n";,]{0,12}|\PC{1,30}"#) {
            for profile in [Profile::Raw, Profile::Spreadsheet] {
                let written = Cell::Text.write(profile, &Value::String(text.clone()));
                let wanted = match text.is_empty() {
                    true => Value::Null,
                    false => Value::String(text.clone()),
                };
                prop_assert_eq!(Cell::Text.read(&written), Ok(wanted), "{:?}", written);
                if profile == Profile::Spreadsheet {
                    prop_assert!(!computes(&written), "{:?}", written);
                }
            }
        }
    }
}
