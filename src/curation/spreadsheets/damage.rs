//! What spreadsheet programs make of text that they take for something else, and which text they
//! would.

use super::cells::Cell;
use crate::values::Invalid;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Those that begin otherwise in German, French, Spanish, Italian, Portuguese, Dutch and Polish.
const MONTHS_ELSEWHERE: [&str; 23] = [
    "mrz", "mär", "mai", "mei", "maj", "maa", "okt", "dez", "fév", "fev", "avr", "aoû", "déc",
    "ene", "abr", "ago", "dic", "gen", "giu", "jui", "lug", "lip", "set",
];
/// Longer text is prose.
const LONGEST: usize = 40;

/// What sort of value a text looks like. An error names it instead of the value, which may be
/// nobody's business.
pub fn class(text: &str) -> &'static str {
    let text = text.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let signed = text.strip_prefix(['-', '+']).unwrap_or(text);
    let fraction = signed.split_once(['.', ',']);
    match text {
        "" => "empty",
        _ if is_error(text) => "spreadsheet_error",
        _ if text.starts_with('=') => "formula",
        _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => "boolean",
        _ if is_scientific(text) => "scientific_number",
        _ if digits(signed) => "whole_number",
        _ if fraction.is_some_and(|(whole, rest)| digits(whole) && digits(rest)) => {
            "decimal_number"
        }
        _ if is_date(text) || names_a_month(text) => "date",
        _ if text.starts_with("https://") || text.starts_with("http://") => "web_address",
        _ if text.contains('@') && !text.contains(' ') => "email_address",
        _ => "text",
    }
}

/// `#REF!` and its like, and the signs of a column too narrow.
fn is_error(text: &str) -> bool {
    let known = [
        "#REF!",
        "#NAME?",
        "#VALUE!",
        "#DIV/0!",
        "#N/A",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#GETTING_DATA",
    ];
    let narrow = text.len() >= 3 && text.bytes().all(|byte| byte == b'#');
    known.contains(&text) || narrow || text.starts_with("Err:5")
}

/// `1.88837E+10`.
fn is_scientific(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let number = number.strip_prefix(['+', '-']).unwrap_or(number);
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !power.is_empty()
        && digits(power)
        && !whole.is_empty()
        && digits(whole)
        && digits(fraction)
        && power.len() <= 3
}

/// A month by name with a number: `01-Feb`, `Feb-26`, `1 February 2026`, `MAR1`.
fn names_a_month(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let letters: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    let month = MONTHS.iter().any(|month| {
        letters.starts_with(month)
            && [
                "", "t", "e", "y", "h", "il", "ch", "uary", "ruary", "ust", "tember", "ober",
                "ember",
            ]
            .contains(&&letters[3..])
    });
    let rest = lower
        .chars()
        .filter(|one| !one.is_ascii_alphabetic())
        .collect::<String>();
    let numbered = rest.bytes().any(|byte| byte.is_ascii_digit());
    month
        && numbered
        && lower.len() <= LONGEST
        && rest
            .chars()
            .all(|one| one.is_ascii_digit() || " -/.,:".contains(one))
}

/// `02/03/2025`, `2.3.25`, `2025-03-02 00:00:00`.
fn is_date(text: &str) -> bool {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let Some(sign) = day.chars().find(|one| !one.is_ascii_digit()) else {
        return false;
    };
    let parts: Vec<&str> = day.split(sign).collect();
    "/.-".contains(sign)
        && parts.len() == 3
        && parts.iter().all(|part| {
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// What a spreadsheet program made of what somebody wrote into a cell that is not marked as text.
pub fn damaged(cell: Cell, text: &str) -> Option<Invalid> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let found = |code, reason: &str, remedy: &str| Some(Invalid::new(code, reason, remedy));
    if is_error(text) {
        return found(
            "spreadsheet_error",
            "the spreadsheet program could not compute or show it",
            "write the value itself, not a formula, and make the column wide enough",
        );
    }
    if is_scientific(text) {
        return found(
            "scientific_number",
            "the spreadsheet program shortened a long number, and digits of it are lost",
            "format the column as text, and write the number anew from its source, with its plus sign or after an apostrophe",
        );
    }
    // Written by hand it has its year first, or no day.
    let written = |text: &str| text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    let serial = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let dated = match cell {
        Cell::Date => names_a_month(text) || (is_date(text) && !written(text)) || serial,
        Cell::Hours => is_date(text) || is_month(text) || serial,
        _ => is_made_of_text(text),
    };
    if dated {
        return found(
            "spreadsheet_date",
            "the spreadsheet program made a date of it",
            match cell {
                Cell::Date => {
                    "format the column as text, and write the date as YYYY-MM-DD, YYYY-MM or YYYY, after an apostrophe"
                }
                _ => {
                    "format the column as text, and write anew what stood there, after an apostrophe"
                }
            },
        );
    }
    let bare = text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_digit());
    if cell == Cell::E164 && bare {
        return found(
            "lost_digits",
            "the number lost its plus sign, or zeros that it began with",
            "write it with plus sign and country code after an apostrophe, such as '+441632960999",
        );
    }
    None
}

/// A day with a month by name, in the languages of whoever wrote `24/7`: `24.Jul`, `24. Juli`, `24-juil.`, `lug-24`.
fn is_month(text: &str) -> bool {
    let lower = text.to_lowercase();
    let word: String = lower.chars().filter(|one| one.is_alphabetic()).collect();
    let day: String = lower.chars().filter(char::is_ascii_digit).collect();
    let signs = lower
        .chars()
        .all(|one| one.is_alphanumeric() || " .-/".contains(one));
    let starts = |month: &&&str| word.starts_with(**month);
    let known = MONTHS
        .iter()
        .chain(&MONTHS_ELSEWHERE)
        .find(starts)
        .is_some();
    signs && known && word.chars().count() <= 9 && (1..=4).contains(&day.len())
}

/// A day and a month, or a month and a year, as programs show what they took for a date: `24-Jul`,
/// `Jul-24`.
fn is_made_of_text(text: &str) -> bool {
    let Some((one, other)) = text.split_once('-') else {
        return false;
    };
    let month =
        |text: &str| text.len() == 3 && MONTHS.contains(&text.to_ascii_lowercase().as_str());
    let number = |text: &str| {
        (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    (number(one) && month(other)) || (month(one) && number(other))
}

/// Whether a spreadsheet program that opens a text would take it for something else than text, and
/// write something else when it saves.
pub fn alterable(text: &str) -> bool {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.len() > LONGEST {
        return false;
    }
    let digits = trimmed.bytes().all(|byte| byte.is_ascii_digit());
    if digits && trimmed == text {
        // Plain whole numbers come out as they went in.
        return text.len() > 15 || (text.len() > 1 && text.starts_with('0'));
    }
    let lower = trimmed.to_ascii_lowercase();
    let hours = lower.trim_end_matches(['a', 'p', 'm', ' ']);
    let signs = "0123456789.,:/-+%e$£€¥() ";
    let numeric = hours.chars().all(|one| signs.contains(one))
        && hours.bytes().any(|byte| byte.is_ascii_digit());
    numeric
        || names_a_month(trimmed)
        || is_error(trimmed)
        || matches!(lower.as_str(), "true" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_by_its_class_and_healthy_cells_are_left_alone() {
        for (cell, text, code) in [
            (Cell::E164, "1.88837E+10", "scientific_number"),
            (Cell::Text, "1.88837E+10", "scientific_number"),
            (Cell::Text, "1,88837E+10", "scientific_number"),
            (Cell::E164, "18883737888", "lost_digits"),
            (Cell::E164, "1632960001", "lost_digits"),
            (Cell::Date, "01-Feb", "spreadsheet_date"),
            (Cell::Text, "24-Jul", "spreadsheet_date"),
            (Cell::Hours, "24-Jul", "spreadsheet_date"),
            (Cell::Hours, "24.Jul", "spreadsheet_date"),
            (Cell::Hours, "24. Juli", "spreadsheet_date"),
            (Cell::Hours, "24-juil.", "spreadsheet_date"),
            (Cell::Hours, "Jul 24", "spreadsheet_date"),
            (Cell::Hours, "24/07/2026", "spreadsheet_date"),
            (Cell::Hours, "24.07.26", "spreadsheet_date"),
            (Cell::Hours, "46227", "spreadsheet_date"),
            (Cell::Date, "Feb-26", "spreadsheet_date"),
            (Cell::Date, "45321", "spreadsheet_date"),
            (Cell::Date, "02/03/2025", "spreadsheet_date"),
            (Cell::Date, "2.3.2025", "spreadsheet_date"),
            (Cell::Date, "2025-03-02 00:00:00", "spreadsheet_date"),
            (Cell::Text, "#REF!", "spreadsheet_error"),
            (Cell::Text, "#NAME?", "spreadsheet_error"),
            (Cell::Whole, "#####", "spreadsheet_error"),
        ] {
            let found = damaged(cell, text).map(|invalid| invalid.code);
            assert_eq!(found, Some(code), "{text}");
        }
        for (cell, text) in [
            (Cell::E164, "+18883737888"),
            (Cell::Date, "2026-11-23"),
            (Cell::Date, "2026-11"),
            (Cell::Date, "2026"),
            (Cell::Text, "116123"),
            (Cell::Text, "45321"),
            (Cell::Text, "24/7"),
            (Cell::Hours, "24/7"),
            (Cell::Hours, "Mo-Fr 09:00-17:00"),
            (Cell::Hours, "Jul-Aug Mo-Fr 09:00-17:00"),
            (Cell::Hours, "24 hours"),
            (Cell::Text, "March for Freedom 2026"),
            (Cell::Text, "#stoptrafficking"),
            (Cell::Text, "1e"),
            (Cell::Text, "E5"),
        ] {
            assert_eq!(damaged(cell, text), None, "{text}");
        }
    }

    #[test]
    fn classes_name_no_value() {
        for (text, wanted) in [
            ("", "empty"),
            ("12", "whole_number"),
            ("-1.5", "decimal_number"),
            ("1.88837E+10", "scientific_number"),
            ("02/03/2025", "date"),
            ("01-Feb", "date"),
            ("TRUE", "boolean"),
            ("#REF!", "spreadsheet_error"),
            ("=1+1", "formula"),
            ("https://one.example/", "web_address"),
            ("help@one.example", "email_address"),
            ("Somebody", "text"),
        ] {
            assert_eq!(class(text), wanted, "{text}");
        }
    }
}
