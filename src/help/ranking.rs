//! The order of contacts. It depends on nothing but the question and each record, so that records
//! that do not answer a question change nothing of its order. docs/ranking.md says it in words.

use super::{
    lines::{Line, Opening, freshness},
    question::{Place, Question, asks_for},
};
use crate::values::{
    contact_point::ContactPointInput,
    freshness::Freshness,
    hours::{Schedule, State, Window},
    language, place,
};
use chrono::{DateTime, Utc};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// How near to the place a coverage is, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The subdivision itself.
    Subdivision,
    /// The whole country.
    Country,
    /// A part of the country, where only the country is known.
    Part,
    /// A region that holds the country.
    Region,
    /// The whole world.
    World,
}

impl Reach {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subdivision => "subdivision",
            Self::Country => "country",
            Self::Part => "part",
            Self::Region => "region",
            Self::World => "world",
        }
    }

    /// The nearest of some areas to a place; `None` when none of them reaches it.
    pub fn of(areas: &[String], place: &Place) -> Option<Self> {
        let of_one = |area: &String| -> Option<Self> {
            if area == place::WORLD {
                return Some(Self::World);
            }
            let country = place.country()?;
            if Some(area.as_str()) == place.subdivision() {
                return Some(Self::Subdivision);
            }
            if area == country {
                return Some(Self::Country);
            }
            if area.contains('-') {
                let part = place.subdivision().is_none() && place::country_of(area) == country;
                return part.then_some(Self::Part);
            }
            place::holds(area, country).then_some(Self::Region)
        };
        areas.iter().filter_map(of_one).min()
    }
}

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

/// A line beside a question.
#[derive(Debug, Clone)]
pub struct Ranked<'a> {
    /// The line.
    pub line: &'a Line,
    /// Its contact points that can be used from where the caller is, those asked for first.
    pub points: Vec<&'a ContactPointInput>,
    /// How near its coverage is.
    pub reach: Reach,
    /// How fresh its contact points are.
    pub freshness: Freshness,
    /// Whether it is open.
    pub window: Window,
    /// For the topics asked for.
    pub topic: Fit,
    /// For the populations asked for.
    pub population: Fit,
    /// For the age asked for.
    pub age: Fit,
    /// For the channels asked for.
    pub channel: Fit,
    /// In the languages asked for.
    pub spoken: Spoken,
}

/// What lines are ordered by, the most important first.
type Order<'a> = (
    Reach,
    bool,
    bool,
    usize,
    Spoken,
    State,
    i32,
    i64,
    bool,
    &'a str,
);

impl<'a> Ranked<'a> {
    /// A line that reaches the place and can be contacted from where the caller is.
    fn of(line: &'a Line, question: &Question, windows: &mut Windows) -> Option<Self> {
        let input = &line.input;
        let reach = Reach::of(&input.coverage, &question.place)?;
        let from = question.called_from();
        let usable = |point: &&ContactPointInput| point.may_be_used() && point.dials_from(from);
        let mut points: Vec<_> = input.contact_points.iter().filter(usable).collect();
        points.sort_by_key(|point| !asks_for(question, point.channel));
        if points.is_empty() || input.is_out() {
            return None;
        }
        let today = question.at.date_naive();
        Some(Self {
            reach,
            freshness: freshness(today, input.verified_at, line.source_date, &points),
            window: windows.of(&line.opening, question.at),
            topic: listed(&question.topics, &input.topics),
            population: listed(&question.populations, &input.populations),
            age: aged(question.age, line),
            channel: match question.channels.is_empty() || asks_for(question, points[0].channel) {
                true => Fit::Fits,
                false => Fit::Other,
            },
            spoken: spoken(&question.languages, line, &points),
            points,
            line,
        })
    }

    fn fits(&self) -> [Fit; 4] {
        [self.topic, self.population, self.age, self.channel]
    }

    /// Whether it is there for what was asked, as far as it says.
    pub fn serves(&self) -> bool {
        !self.fits().contains(&Fit::Other)
    }

    /// Whether nothing confirms it since more than a year.
    pub fn expired(&self) -> bool {
        self.freshness.grade == "expired"
    }

    fn order(&self) -> Order<'a> {
        let unsaid = self.fits().into_iter().filter(|fit| *fit != Fit::Fits);
        let free = |point: &&ContactPointInput| point.toll_free == Some(true);
        (
            self.reach,
            self.expired(),
            self.window.state == State::Closed,
            unsaid.count(),
            self.spoken,
            self.window.state,
            self.line.input.priority.unwrap_or(i32::MAX),
            self.freshness.age_days.unwrap_or(i64::MAX),
            !self.points.iter().any(free),
            &self.line.input.slug,
        )
    }
}

fn listed(asked: &[String], says: &[String]) -> Fit {
    match (asked, says) {
        ([], _) => Fit::Fits,
        (_, []) => Fit::Unknown,
        (asked, says) => match asked.iter().any(|one| says.contains(one)) {
            true => Fit::Fits,
            false => Fit::Other,
        },
    }
}

/// Ages as the line gives them; where it gives none, by the populations of children and adults.
fn aged(age: Option<i32>, line: &Line) -> Fit {
    let Some(age) = age else { return Fit::Fits };
    let input = &line.input;
    if input.age_min.is_some() || input.age_max.is_some() {
        let from = input.age_min.is_none_or(|min| min <= age);
        return match from && input.age_max.is_none_or(|max| age <= max) {
            true => Fit::Fits,
            false => Fit::Other,
        };
    }
    let [own, other] = match age < 18 {
        true => ["children", "adults"],
        false => ["adults", "children"],
    };
    let says = |population: &str| input.populations.iter().any(|one| one == population);
    match (says(own), says(other)) {
        (true, _) => Fit::Fits,
        (false, true) => Fit::Other,
        (false, false) => Fit::Unknown,
    }
}

fn spoken(asked: &[String], line: &Line, points: &[&ContactPointInput]) -> Spoken {
    let input = &line.input;
    let speaks = |tags: &[String]| {
        let mut found = tags.iter().flat_map(|tag| language::found_by(tag));
        found.any(|tag| asked.contains(&tag))
    };
    let own = points.iter().any(|point| speaks(&point.languages));
    if asked.is_empty() || own || speaks(&input.languages) {
        return Spoken::Native;
    }
    if speaks(&input.interpreter_languages) {
        return Spoken::Interpreted;
    }
    match input.languages.is_empty() && input.interpreter_languages.is_empty() {
        true => Spoken::Unknown,
        false => Spoken::NotListed,
    }
}

/// What holds at one moment, by schedule: many lines keep the same hours.
#[derive(Default)]
struct Windows(HashMap<*const Schedule, Window>);

impl Windows {
    fn of(&mut self, opening: &Opening, at: DateTime<Utc>) -> Window {
        match opening {
            Opening::Hours(schedule) => {
                let known = self.0.entry(Arc::as_ptr(schedule));
                known.or_insert_with(|| schedule.at(at)).clone()
            }
            Opening::Always | Opening::Unknown => opening.at(at),
        }
    }
}

/// The contacts of an answer.
#[derive(Debug)]
pub struct Contacts<'a> {
    /// In their order, groups whole.
    pub ranked: Vec<Ranked<'a>>,
    /// How many more there are.
    pub more: usize,
    /// Whether none of them is there for what was asked.
    pub relaxed: bool,
    /// Whether others reach the place and cannot be dialled from where the caller is.
    pub undialled: bool,
}

/// Ranks the lines that may answer a question. Those that are there for other needs are left out
/// as long as one is there for this need.
pub fn contacts<'a>(lines: impl Iterator<Item = &'a Line>, question: &Question) -> Contacts<'a> {
    let mut groups: BTreeMap<(bool, &str), Vec<Ranked<'a>>> = BTreeMap::new();
    let mut windows = Windows::default();
    let mut undialled = false;
    for line in lines {
        undialled |= is_undialled(line, question);
        if let Some(ranked) = Ranked::of(line, question, &mut windows) {
            // A line that is shown alone is a group of one.
            let group = match line.input.show_together.as_deref() {
                Some(group) => (true, group),
                None => (false, line.input.slug.as_str()),
            };
            groups.entry(group).or_default().push(ranked);
        }
    }
    let mut groups: Vec<Vec<Ranked<'a>>> = groups.into_values().collect();
    let serves = |group: &Vec<Ranked<'a>>| group.iter().any(Ranked::serves);
    let relaxed = !groups.is_empty() && !groups.iter().any(serves);
    if !relaxed {
        groups.retain(serves);
    }
    for group in &mut groups {
        // A group stands where its best member that serves the need stands, and begins with it.
        group.sort_by(|one, other| {
            (!one.serves(), one.order()).cmp(&(!other.serves(), other.order()))
        });
    }
    groups.sort_by(|one, other| one[0].order().cmp(&other[0].order()));
    let all: usize = groups.iter().map(Vec::len).sum();
    let mut ranked = Vec::new();
    for group in groups {
        if ranked.len() >= question.limit {
            break;
        }
        ranked.extend(group);
    }
    Contacts {
        more: all - ranked.len(),
        ranked,
        relaxed,
        undialled,
    }
}

/// Whether a line reaches the place and works, only not from where the caller is.
fn is_undialled(line: &Line, question: &Question) -> bool {
    let input = &line.input;
    let works = || {
        input
            .contact_points
            .iter()
            .any(ContactPointInput::may_be_used)
    };
    let dials =
        |point: &ContactPointInput| point.may_be_used() && point.dials_from(question.called_from());
    !input.contact_points.iter().any(dials)
        && !input.is_out()
        && works()
        && Reach::of(&input.coverage, &question.place).is_some()
}
