//! Query parameters: read by name, parsed once, every fault reported with its place.
//!
//! A list of known names is not kept: the names that a filter asks for are the known ones, and
//! whatever is left over is refused with the nearest of them.

use super::identity::Identity;
use super::parse;
use super::problem::{ErrorDetail, Problem};
use crate::values::{
    Invalid,
    access::{Asked, Status, Visibility},
    role::Role,
    text,
};
use serde_json::{Map, Value};

/// The longest query that is read, in bytes.
const LONGEST_QUERY: usize = 8 * 1024;
/// The most values that one parameter may repeat.
const MOST_VALUES: usize = 50;

/// Something that is read from query parameters.
pub trait FromParams: Sized {
    /// Takes its parameters; faults are noted in `params` and make the request fail.
    fn from_params(params: &mut Params) -> Self;
}

/// The parameters of one request while they are being read.
#[derive(Debug, Default)]
pub struct Params {
    given: Vec<(String, String)>,
    asked: Vec<&'static str>,
    malformed: Vec<ErrorDetail>,
    missing: Vec<ErrorDetail>,
    unprocessable: Vec<ErrorDetail>,
    unauthenticated: Vec<ErrorDetail>,
    identity: Option<Identity>,
    in_body: bool,
    accepted: Option<String>,
    spoken: Option<Option<String>>,
}

impl Params {
    /// Decodes a query string.
    ///
    /// # Errors
    /// When it is too long or does not decode to UTF-8.
    pub fn decode(query: &str) -> Result<Self, Problem> {
        let refuse = |name: &str, code, reason: &str, remedy: &str| {
            Err(Problem::Malformed(vec![ErrorDetail::parameter(
                name,
                Invalid::new(code, reason, remedy),
            )]))
        };
        if query.len() > LONGEST_QUERY {
            return refuse(
                "query",
                "too_long",
                "the query is longer than 8 KiB",
                "ask for less at a time",
            );
        }
        let mut params = Self {
            asked: Vec::with_capacity(16),
            ..Self::default()
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (parse::percent_decoded(name), parse::percent_decoded(value)) {
                (Some(name), Some(value)) => params.given.push((name, value)),
                (name, _) => {
                    return refuse(
                        name.as_deref()
                            .filter(|n| text::clean(n).is_ok())
                            .unwrap_or("query"),
                        "encoding",
                        "it does not decode to UTF-8",
                        "percent-encode the bytes of UTF-8 text",
                    );
                }
            }
        }
        Ok(params)
    }

    /// The fields of a JSON body as the same parameters: a list repeats one, `null` leaves it out.
    pub fn of_body(fields: &Map<String, Value>) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let given = fields.iter().flat_map(|(name, value)| {
            let values = match value {
                Value::Null => Vec::new(),
                Value::Array(values) => values.iter().map(text).collect(),
                one => vec![text(one)],
            };
            values.into_iter().map(|value| (name.clone(), value))
        });
        Self {
            given: given.collect(),
            in_body: true,
            ..Self::default()
        }
    }

    /// What is wrong with a parameter, at its place.
    fn detail(&self, name: &str, invalid: Invalid) -> ErrorDetail {
        match self.in_body {
            true => ErrorDetail::pointer(&format!("/{name}"), invalid),
            false => ErrorDetail::parameter(name, invalid),
        }
    }

    /// All values of a parameter that may be repeated.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Vec<T> {
        self.asked.push(name);
        // Lent while faults are noted.
        let given = std::mem::take(&mut self.given);
        let values = given.iter().filter(|(given, _)| given == name);
        let fits = values.clone().count() <= MOST_VALUES;
        if !fits {
            let invalid = Invalid::new(
                "too_many",
                "it is repeated more than 50 times",
                "repeat it at most 50 times",
            );
            self.refuse(name, invalid);
        }
        let parsed = values
            .filter(|_| fits)
            .filter_map(|(_, value)| self.parsed(name, value, &parse))
            .collect();
        self.given = given;
        parsed
    }

    /// The value of a parameter that may be given once.
    pub fn one<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let mut values = self.list(name, parse);
        if self.given.iter().filter(|(given, _)| given == name).count() > 1 {
            let invalid = Invalid::new("repeated", "it is given more than once", "give it once");
            self.refuse(name, invalid);
        }
        values.pop()
    }

    /// Notes that a parameter cannot be read.
    fn refuse(&mut self, name: &str, invalid: Invalid) {
        let detail = self.detail(name, invalid);
        self.malformed.push(detail);
    }

    /// Notes a fault that only two parameters together, or a code table, can show.
    pub fn misfit(&mut self, name: &str, code: &'static str, reason: &str, remedy: &str) {
        let detail = self.detail(name, Invalid::new(code, reason, remedy));
        self.unprocessable.push(detail);
    }

    /// Notes that a parameter is missing that is always needed.
    pub fn missing(&mut self, name: &str, remedy: &str) {
        let invalid = Invalid::new("missing", "it is missing", remedy);
        let detail = self.detail(name, invalid);
        self.missing.push(detail);
    }

    /// As pages read them: without what says nothing, as forms send what was left open, and without
    /// what needs a key.
    pub fn of_page(mut self) -> Self {
        let keyed = |name: &str| ["status", "visibility"].contains(&name);
        self.given
            .retain(|(name, value)| !value.is_empty() && !keyed(name));
        self
    }

    /// The first value of a parameter as it was given, whatever it is.
    pub fn raw(&self, name: &str) -> Option<&str> {
        let first = self.given.iter().find(|(given, _)| given == name);
        first.map(|(_, value)| value.as_str())
    }

    /// Those of these names that were given, in this order.
    pub fn known(&self, names: &[&str]) -> Vec<(String, String)> {
        let of = |name| self.given.iter().filter(move |(given, _)| given == name);
        names.iter().flat_map(of).cloned().collect()
    }

    /// Whether a parameter was given.
    pub fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| given == name)
    }

    /// What a reader with a key asks for by `status` and `visibility`, from editor up; `None` for
    /// what everybody may see. Without a key neither may be asked.
    pub fn access(&mut self) -> Option<Asked> {
        let status = self.list("status", parse::one_of(&Status::NAMES));
        let visibility = self.list("visibility", parse::one_of(&Visibility::NAMES));
        if self.identity.is_none() {
            for name in ["status", "visibility"] {
                if self.has(name) {
                    let invalid = Invalid::new(
                        "key_needed",
                        "it needs a key",
                        "send a key of your role, or leave it out",
                    );
                    let detail = ErrorDetail::parameter(name, invalid);
                    self.unauthenticated.push(detail);
                }
            }
            return None;
        }
        // Without asking, everybody sees what is public, from the public side.
        let asks = !(status.is_empty() && visibility.is_empty());
        let may = self
            .identity
            .as_ref()
            .is_some_and(|one| one.role >= Role::Editor);
        if !asks || !may {
            return None;
        }
        let (mut status, mut visibility) = (status, visibility);
        if status.is_empty() {
            status.push(Status::Published);
        }
        if visibility.is_empty() {
            visibility.push(Visibility::Public);
        }
        Some(Asked { status, visibility })
    }

    /// The language of the answer: `lang`, else the one that the reader's browser prefers.
    pub fn lang(&mut self) -> Option<String> {
        let asked = self.one("lang", parse::language);
        let lang = asked.or_else(|| self.accepted.clone());
        self.spoken = Some(lang.clone());
        lang
    }

    /// The language that was asked for, if the answer has one at all.
    pub fn spoken(&self) -> Option<Option<String>> {
        self.spoken.clone()
    }

    /// Reads on behalf of a browser that prefers a language.
    pub fn accepting(mut self, lang: Option<String>) -> Self {
        self.accepted = lang;
        self
    }

    /// Reads on behalf of somebody with a key.
    pub fn by(mut self, identity: Option<Identity>) -> Self {
        self.identity = identity;
        self
    }

    /// The parameters in one order and one spelling: what an answer is kept under.
    pub fn canonical(&self) -> String {
        let mut given: Vec<_> = self.given.iter().collect();
        given.sort();
        given.dedup();
        let length = given.iter().map(|(one, two)| one.len() + two.len() + 2);
        form_urlencoded::Serializer::new(String::with_capacity(length.sum()))
            .extend_pairs(given)
            .finish()
    }

    /// Ends the reading of a page, which ignores what nobody asked for: others add parameters of
    /// their own to addresses.
    ///
    /// # Errors
    /// With every fault noted.
    pub fn finish_page(mut self) -> Result<(), Problem> {
        let asked = &self.asked;
        self.given
            .retain(|(name, _)| asked.contains(&name.as_str()));
        self.finish()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// With every fault noted, and every parameter that nobody asked for.
    pub fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in &self.given {
            if !self.asked.contains(&name.as_str()) {
                self.malformed.push(unknown(name, &self.asked));
            }
        }
        self.malformed.append(&mut self.missing);
        if (self.has("status") || self.has("visibility"))
            && self.asked.contains(&"status")
            && let Some(identity) = &self.identity
        {
            identity.at_least(Role::Editor)?;
        }
        match (self.unauthenticated, self.malformed, self.unprocessable) {
            (keys, _, _) if !keys.is_empty() => Err(Problem::Unauthenticated(keys)),
            (_, malformed, misfits) if !malformed.is_empty() => Err(Problem::Malformed(
                malformed.into_iter().chain(misfits).collect(),
            )),
            (_, _, misfits) if !misfits.is_empty() => Err(Problem::Unprocessable(misfits)),
            _ => Ok(()),
        }
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        value: &str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        if let Err(invalid) = text::clean(value) {
            let detail = self.detail(name, invalid);
            self.unprocessable.push(detail);
            return None;
        }
        if value.is_empty() {
            let invalid = Invalid::new("empty", "it has no value", "give a value or leave it out");
            self.refuse(name, invalid);
            return None;
        }
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err(invalid) => {
                let code = invalid.code;
                let detail = self.detail(name, invalid);
                // Code tables are more than a schema can say.
                let noted = match code {
                    "subdivision" | "area" | "geography" | "language" | "date" | "coordinate"
                    | "moment" | "timezone" | "ahead" | "age_band" | "dissolved" => {
                        &mut self.unprocessable
                    }
                    _ => &mut self.malformed,
                };
                noted.push(detail);
                None
            }
        }
    }
}

fn unknown(name: &str, asked: &[&'static str]) -> ErrorDetail {
    let shown = match text::clean(name).is_ok() && name.len() <= 60 {
        true => name,
        false => "query",
    };
    let nearest = asked
        .iter()
        .filter(|_| shown == name)
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= known.len() / 2)
        .min();
    let remedy = match nearest {
        Some((_, known)) => format!("did you mean {known}?"),
        None if asked.is_empty() => "this address takes no parameters".to_owned(),
        None => format!("use one of {}", asked.join(", ")),
    };
    ErrorDetail::parameter(
        shown,
        Invalid::new(
            "unknown_parameter",
            "there is no such parameter here",
            remedy,
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest_parameter() {
        let mut params = Params::decode("contry=PH&x=1").expect("decodes");
        params.list("country", parse::reference);
        let Err(Problem::Malformed(errors)) = params.finish() else {
            panic!("accepted");
        };
        assert_eq!(errors[0].remedy, "did you mean country?");
        assert_eq!(errors[1].remedy, "use one of country");
    }

    #[test]
    fn refuses_what_does_not_decode() {
        assert!(Params::decode("search=%ff").is_err());
        assert!(Params::decode(&format!("search={}", "a".repeat(9000))).is_err());
    }
}
