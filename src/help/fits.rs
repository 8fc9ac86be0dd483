//! What a line says of a need: whether it is there for it, and in which languages.

use super::{lines::Line, question::Question};
use crate::values::{contact_point::ContactPointInput, language};

/// Whether a line says that it is there for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It says so, or nothing was asked.
    Fits,
    /// It does not say.
    Unknown,
    /// It is there for others.
    Other,
}

/// How a line speaks the languages asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spoken {
    /// By its own people, or nothing was asked.
    Native,
    /// Through interpreters.
    Interpreted,
    /// It does not say what it speaks.
    Unknown,
    /// It lists others.
    NotListed,
}

/// The topics asked for.
pub fn topic(question: &Question, line: &Line) -> Fit {
    let says = &line.input.topics;
    match (&question.topics[..], &says[..]) {
        ([], _) => Fit::Fits,
        (_, []) => Fit::Unknown,
        (asked, says) => match asked.iter().any(|one| says.contains(one)) {
            true => Fit::Fits,
            false => Fit::Other,
        },
    }
}

/// The populations asked for; of several the one that fits best. Survivors, families and the public
/// are of any age, so that a line for them leaves open whether it is there for children or adults.
pub fn population(question: &Question, line: &Line) -> Fit {
    let says = &line.input.populations;
    let of_one = |asked: &String| match asked.as_str() {
        _ if says.is_empty() => Fit::Unknown,
        asked if says.iter().any(|one| one == asked) => Fit::Fits,
        "children" => of_ages(line, 0),
        "adults" => of_ages(line, ADULT),
        _ => Fit::Other,
    };
    let fits = question.populations.iter().map(of_one);
    fits.min().unwrap_or(Fit::Fits)
}

/// The age asked for: by the ages that the line gives; where it gives none, by its populations of
/// children and adults.
pub fn age(question: &Question, line: &Line) -> Fit {
    let Some(age) = question.age else {
        return Fit::Fits;
    };
    let input = &line.input;
    if input.age_min.is_none() && input.age_max.is_none() {
        return of_ages(line, age);
    }
    let from = input.age_min.is_none_or(|min| min <= age);
    match from && input.age_max.is_none_or(|max| age <= max) {
        true => Fit::Fits,
        false => Fit::Other,
    }
}

/// The first age of adults.
const ADULT: i32 = 18;

fn of_ages(line: &Line, age: i32) -> Fit {
    let [own, other] = match age < ADULT {
        true => ["children", "adults"],
        false => ["adults", "children"],
    };
    let says = |population: &str| line.input.populations.iter().any(|one| one == population);
    match (says(own), says(other)) {
        (true, _) => Fit::Fits,
        (false, true) => Fit::Other,
        (false, false) => Fit::Unknown,
    }
}

/// The languages asked for, as they are spoken at the contact points that can be used.
pub fn spoken(question: &Question, line: &Line, points: &[&ContactPointInput]) -> Spoken {
    let input = &line.input;
    let understood = |tags: &[&String]| !understood(&question.languages, tags).is_empty();
    let interpreters: Vec<&String> = input.interpreter_languages.iter().collect();
    if question.languages.is_empty() || understood(&native(line, points)) {
        return Spoken::Native;
    }
    if understood(&interpreters) {
        return Spoken::Interpreted;
    }
    let silent = points.iter().any(|point| point.languages.is_empty());
    match silent && input.languages.is_empty() && interpreters.is_empty() {
        true => Spoken::Unknown,
        false => Spoken::NotListed,
    }
}

/// The languages of these contact points: their own, and those of the line where one names none.
pub fn native<'a>(line: &'a Line, points: &[&'a ContactPointInput]) -> Vec<&'a String> {
    let of_one = |point: &&'a ContactPointInput| match point.languages.is_empty() {
        true => &line.input.languages,
        false => &point.languages,
    };
    points.iter().flat_map(of_one).collect()
}

/// Those of the languages asked for that who speaks these understands: `zh` is found in `zh-Hant`,
/// and `es-MX` in `es`.
pub fn understood<'a>(asked: &'a [String], tags: &[&String]) -> Vec<&'a String> {
    let shorter = |one: &str, other: &str| {
        let other = language::found_by(other);
        other.iter().any(|form| form == one)
    };
    let spoken = |asked: &&String| {
        tags.iter().any(|tag| {
            let canonical = language::canonical(tag).unwrap_or_else(|_| (*tag).clone());
            shorter(asked, tag) || shorter(&canonical, asked)
        })
    };
    asked.iter().filter(spoken).collect()
}
