//! The order of contacts. It depends on nothing but the question and each record, so that records
//! that do not answer a question change nothing of its order. docs/ranking.md says it in words.

use super::{
    fits::{self, Fit, Spoken},
    lines::{Known, Line, Opening, verified},
    question::{Place, Question, asks_for},
};
use crate::values::{
    contact_point::ContactPointInput,
    hours::{Schedule, State, Window},
    place,
};
use chrono::{DateTime, Utc};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
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

/// A line beside a question.
#[derive(Debug, Clone)]
pub struct Ranked<'a> {
    /// The line.
    pub line: &'a Line,
    /// Its contact points that can be used from where the caller is, those asked for first.
    pub points: Vec<&'a ContactPointInput>,
    /// How near its coverage is.
    pub reach: Reach,
    /// How fresh it is: as the freshest of its contact points.
    pub known: Known,
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
        let points = input.contact_points.iter();
        let mut points: Vec<_> = points.filter(|point| question.can_use(point)).collect();
        points.sort_by_key(|point| !asks_for(question, point.channel));
        if points.is_empty() || input.is_out() {
            return None;
        }
        let today = question.today;
        Some(Self {
            reach,
            known: Known::on(
                today,
                verified(input.verified_at, &points),
                line.source_date,
            ),
            window: windows.of(&line.opening, question.at),
            topic: fits::topic(question, line),
            population: fits::population(question, line),
            age: fits::age(question, line),
            channel: match question.channels.is_empty() || asks_for(question, points[0].channel) {
                true => Fit::Fits,
                false => Fit::Other,
            },
            spoken: fits::spoken(question, line, &points),
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

    /// The group that it is shown together with.
    pub fn group(&self) -> Option<&'a str> {
        self.line.input.show_together.as_deref()
    }

    /// Whether nothing confirms it since more than a year.
    pub fn expired(&self) -> bool {
        self.known.freshness.grade == "expired"
    }

    fn order(&self) -> Order<'a> {
        // What is there for others in one thing comes after what leaves all of them open.
        let unsaid = self.fits().map(|fit| match fit {
            Fit::Fits => 0,
            Fit::Unknown => 1,
            Fit::Other => 5,
        });
        let free = |point: &&ContactPointInput| point.toll_free == Some(true);
        (
            self.reach,
            self.expired(),
            self.window.state == State::Closed,
            unsaid.into_iter().sum(),
            self.spoken,
            self.window.state,
            self.line.input.priority.unwrap_or(i32::MAX),
            self.known.freshness.age_days.unwrap_or(i64::MAX),
            !self.points.iter().any(free),
            &self.line.input.slug,
        )
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

impl<'a> Contacts<'a> {
    /// The names of those that are shown together with one.
    pub fn beside(&self, one: &Ranked<'_>) -> Vec<&'a str> {
        let group = one.group();
        let beside = |other: &&Ranked<'a>| {
            group.is_some() && other.group() == group && other.line.id != one.line.id
        };
        let others = self.ranked.iter().filter(beside);
        others.map(|other| other.line.input.name.as_str()).collect()
    }
}

/// Ranks the lines that may answer a question. Those that are there for other needs are left out
/// as long as one is there for this need, unless they are shown together with it.
pub fn contacts<'a>(lines: impl Iterator<Item = &'a Line>, question: &Question) -> Contacts<'a> {
    let mut windows = Windows::default();
    let mut undialled = false;
    let mut ranked: Vec<Ranked<'a>> = lines
        .inspect(|line| undialled |= is_undialled(line, question))
        .filter_map(|line| Ranked::of(line, question, &mut windows))
        .collect();
    let relaxed = !ranked.is_empty() && !ranked.iter().any(Ranked::serves);
    if !relaxed {
        let serving = ranked.iter().filter(|one| one.serves());
        let groups: BTreeSet<&str> = serving.filter_map(Ranked::group).collect();
        let beside = |one: &Ranked<'a>| one.group().is_some_and(|group| groups.contains(group));
        ranked.retain(|one| one.serves() || beside(one));
    }
    let all = ranked.len();
    let units = units(ranked);
    let (mut count, mut first) = (0, 0);
    while first < units.len() && count < question.limit {
        count += units[first].len();
        first += 1;
    }
    // Whose group is among the first comes too, wherever it stands.
    let shown = units[..first].iter().flatten();
    let groups: BTreeSet<&str> = shown.filter_map(Ranked::group).collect();
    let ranked: Vec<Ranked<'a>> = units
        .into_iter()
        .enumerate()
        .flat_map(|(place, unit)| unit.into_iter().map(move |one| (place, one)))
        .filter(|(place, one)| {
            *place < first || one.group().is_some_and(|group| groups.contains(group))
        })
        .map(|(_, one)| one)
        .collect();
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
    let points = &input.contact_points;
    points.iter().any(ContactPointInput::may_be_used)
        && !points.iter().any(|point| question.can_use(point))
        && !input.is_out()
        && Reach::of(&input.coverage, &question.place).is_some()
}

/// Lines that stand together, in the order of the first of each: those of a group that are equally
/// near and not expired. The others stand alone, so that nothing expired, and nothing far, comes
/// before what is not because of its company.
fn units(ranked: Vec<Ranked<'_>>) -> Vec<Vec<Ranked<'_>>> {
    let mut units: BTreeMap<(Reach, Result<&str, &str>), Vec<Ranked<'_>>> = BTreeMap::new();
    for one in ranked {
        let unit = match one.group().filter(|_| !one.expired()) {
            Some(group) => Ok(group),
            None => Err(one.line.input.slug.as_str()),
        };
        units.entry((one.reach, unit)).or_default().push(one);
    }
    let mut units: Vec<Vec<Ranked<'_>>> = units.into_values().collect();
    for unit in &mut units {
        // It stands where the best that is there for the need stands, and begins with it.
        unit.sort_by(|one, other| {
            (!one.serves(), one.order()).cmp(&(!other.serves(), other.order()))
        });
    }
    units.sort_by(|one, other| one[0].order().cmp(&other[0].order()));
    units
}
