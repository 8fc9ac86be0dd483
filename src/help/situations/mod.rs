//! Situations, and the order that docs/ranking.md promises for each, among lines that nobody runs.
//!
//! `lines.json` holds the lines as they are written, `situations.csv` a question, its moment, the
//! lines expected in their order, the notices beside them, and why. Both are written by hand from
//! the document. Moments are fixed, so that the table stays true for years.

mod properties;
mod sentences;

use super::{
    answer::answer,
    lines::{Line, Schedules},
    memory::{Memory, Term},
    model::{Help, HelpContact},
    question::Question,
    wording::Wording,
};
use crate::{
    hotlines::HotlineInput,
    values::{access::Visibility, contact_point::ContactPointInput, hours::State},
    web::{FromParams, Params, state::Revision},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};
use uuid::Uuid;
use validator::Validate;

/// The lines of all situations.
static LINES: LazyLock<Vec<Arc<Line>>> = LazyLock::new(|| {
    let inputs: Vec<HotlineInput> = serde_json::from_str(include_str!("lines.json")).unwrap();
    inputs.into_iter().map(line).collect()
});

/// A row of the table.
#[derive(Debug, Deserialize)]
struct Situation {
    question: String,
    at: String,
    expected: String,
    notices: String,
    why: String,
}

fn situations() -> Vec<Situation> {
    let mut table = csv::Reader::from_reader(include_str!("situations.csv").as_bytes());
    table.deserialize().map(Result::unwrap).collect()
}

/// A line with an id that follows from its slug.
fn line(input: HotlineInput) -> Arc<Line> {
    let digest = Sha256::digest(&input.slug);
    line_with(Uuid::from_slice(&digest[..16]).unwrap(), input)
}

fn line_with(id: Uuid, input: HotlineInput) -> Arc<Line> {
    Arc::new(Line::of(&mut Schedules::new(), id, None, input))
}

fn memory<'a>(lines: impl IntoIterator<Item = &'a Arc<Line>>) -> Memory {
    let mut memory = Memory::empty(Revision {
        number: 1,
        at: DateTime::UNIX_EPOCH,
    });
    for line in lines {
        memory.lines.insert(line.id, Arc::clone(line));
    }
    for (slug, name) in [
        ("sex_trafficking", "Sex trafficking"),
        ("children", "Children"),
        ("adults", "Adults"),
        ("survivors", "Survivors"),
    ] {
        let (slug, name) = (slug.to_owned(), name.to_owned());
        memory.terms.insert(
            Uuid::now_v7(),
            Term {
                slug,
                name,
                translations: vec![],
            },
        );
    }
    memory.index();
    memory
}

/// A question at a moment. The moment is set behind the parser, which takes those within a year
/// of today alone.
fn question(query: &str, at: &str) -> Question {
    let mut params = Params::decode(query).unwrap();
    let mut question = Question::from_params(&mut params);
    params.finish().unwrap();
    question.at = at.parse::<DateTime<Utc>>().unwrap();
    question.today = question.at.date_naive();
    if !query.contains("limit=") {
        // The table is about the order of all.
        question.limit = usize::MAX;
    }
    question
}

fn answered(memory: &Memory, question: &Question) -> Help {
    let wording = Wording {
        lang: question.lang.clone().unwrap_or_else(|| "en".to_owned()),
        prose: question.lang.clone(),
        at: question.at,
        zone: question.zone,
    };
    answer(memory, question, &wording, question.at)
}

fn slugs(help: &Help) -> Vec<&str> {
    help.contacts.iter().map(|one| &*one.slug).collect()
}

/// The lines of which something is in an answer, as they are written.
fn written(slug: &str) -> &'static HotlineInput {
    let line = LINES.iter().find(|line| line.input.slug == slug);
    &line.unwrap().input
}

#[test]
fn lines_are_fictional_and_valid() {
    let mut seen = BTreeSet::new();
    for line in LINES.iter() {
        let input = &line.input;
        assert!(seen.insert(&input.slug), "{} stands twice", input.slug);
        // Before a short code had to name the countries in which it is dialled, some stood without.
        let is_old = input.slug == "ca-short";
        assert_eq!(input.validate().is_err(), is_old, "{}", input.slug);
        for point in &input.contact_points {
            assert!(seen.insert(&point.value), "{} stands twice", point.value);
            assert!(is_fictional(point), "{}", point.value);
        }
    }
}

/// Whether it is of what is kept for examples: no call, message or visit reaches anybody.
fn is_fictional(point: &ContactPointInput) -> bool {
    let kept = ["+120255501", "+441632960"];
    match (&point.e164, &point.short_code) {
        (Some(number), _) => kept.iter().any(|start| number.starts_with(start)),
        (_, Some(code)) => code.starts_with("555"),
        _ => point.value.trim_end_matches('/').ends_with(".example"),
    }
}

#[test]
fn each_situation_has_the_order_that_is_documented() {
    let memory = memory(LINES.iter());
    let mut wrong = Vec::new();
    let table = situations();
    for one in &table {
        let question = question(&one.question, &one.at);
        let help = answered(&memory, &question);
        let notices: Vec<&str> = help.notices.iter().map(|notice| notice.code).collect();
        let (found, notices) = (slugs(&help).join(";"), notices.join(";"));
        let told = format!("{} at {}: {}", one.question, one.at, one.why);
        if found != one.expected {
            wrong.push(format!("{told}\n  not {found}\n  but {}", one.expected));
        }
        if notices != one.notices {
            wrong.push(format!("{told}\n  notices {notices}, not {}", one.notices));
        }
        let complaints = complaints(&question, &help);
        wrong.extend(complaints.iter().map(|words| format!("{told}\n  {words}")));
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(table.len() >= 60, "{} situations", table.len());
}

#[test]
fn every_line_is_expected_somewhere_unless_it_is_out() {
    let expected: BTreeSet<String> = situations()
        .iter()
        .flat_map(|one| one.expected.split(';').map(str::to_owned))
        .collect();
    let never: Vec<&str> = LINES
        .iter()
        .map(|line| &*line.input.slug)
        .filter(|slug| !expected.contains(*slug))
        .collect();
    let out = ["be-de", "ke-unreachable", "ke-closed"];
    let out = [&out[..], &["ke-point-unreachable", "ke-hidden"]].concat();
    assert_eq!(never, out);
}

/// What of an answer breaks the promises that hold for every question.
fn complaints(question: &Question, help: &Help) -> Vec<String> {
    let mut found = Vec::new();
    let places = ["subdivision", "country", "part", "region", "world"];
    let near = |one: &HelpContact| places.iter().position(|name| *name == one.reach);
    let key = |one: &HelpContact| (near(one), one.freshness.grade == "expired");
    for pair in help.contacts.windows(2) {
        if key(&pair[0]) > key(&pair[1]) {
            let [first, second] = [&pair[0].slug, &pair[1].slug];
            found.push(format!("{second} is nearer or less old than {first}"));
        }
    }
    let relaxed = help.notices.iter().any(|one| one.code == "need_relaxed");
    for one in &help.contacts {
        let codes: Vec<&str> = one.reasons.iter().map(|reason| reason.code).collect();
        let mut expect = |holds: bool, words: &str| {
            if !holds {
                found.push(format!("{} {words}: {codes:?}", one.slug));
            }
        };
        let input = written(&one.slug);
        let has = |code: &str| codes.contains(&code);
        let one_of = |asked: bool, names: &[&str]| {
            let count = names.iter().filter(|name| has(name)).count();
            count == usize::from(asked)
        };
        expect(codes.first() == Some(&nearness(one.reach)), "says its area");
        let expired = one.freshness.grade == "expired";
        expect(has("not_confirmed") == expired, "says if it is expired");
        let known = ["verified_today", "verified", "sourced", "source_newer"];
        expect(one_of(!expired, &known), "says how old it is");
        let verified = one.verified_at.into_iter();
        let points = one.contact_points.iter();
        let verified = verified.chain(points.filter_map(|point| point.verified_at));
        expect(
            verified.count() > 0 || !codes.iter().any(|code| code.starts_with("verified")),
            "claims no verification",
        );
        expect(one_of(true, opening(one.open.state)), "says if it is open");
        let topics = ["serves_topic", "topic_unknown", "other_topic"];
        expect(one_of(!question.topics.is_empty(), &topics), "says topics");
        let channels = ["has_channel", "other_channel"];
        expect(
            one_of(!question.channels.is_empty(), &channels),
            "says channels",
        );
        let languages = [
            "speaks",
            "interprets",
            "language_unknown",
            "language_not_listed",
        ];
        expect(
            one_of(!question.languages.is_empty(), &languages),
            "says languages",
        );
        let ages = ["serves_age", "age_unknown", "other_population"];
        let says_age = ages.iter().any(|name| has(name));
        expect(question.age.is_none() || says_age, "says ages");
        let people = [
            "serves_population",
            "population_unknown",
            "other_population",
        ];
        let says_people = people.iter().any(|name| has(name));
        expect(
            question.populations.is_empty() || says_people,
            "says for whom",
        );
        let group = input.show_together.as_ref();
        let others = help.contacts.iter().filter(|other| other.slug != one.slug);
        let beside = group.is_some() && others.clone().any(|o| o.show_together.as_ref() == group);
        expect(has("show_together") == beside, "names its group");
        let other = codes.iter().any(|code| code.starts_with("other_"));
        expect(other || !relaxed, "says what it is not for");
        expect(!other || relaxed || beside, "is there for the need");
        expect(has("priority") == input.priority.is_some(), "says priority");
        let mut free = one.contact_points.iter().map(|point| point.toll_free);
        expect(
            has("toll_free") == free.any(|one| one == Some(true)),
            "says if it is free",
        );
        let shown = |point: &ContactPointInput| {
            let same = |shown: &&_| point_is(shown, point);
            one.contact_points.iter().any(|shown| same(&shown))
        };
        let usable = |point: &&ContactPointInput| shown(point);
        for point in input.contact_points.iter().filter(usable) {
            let public = point.visibility == Visibility::Public && point.may_be_used();
            expect(public, "shows what is out");
        }
        expect(!one.contact_points.is_empty(), "has a way to reach it");
        let mut texts = one.reasons.iter().map(|reason| &reason.text);
        expect(
            texts.all(|text| !text.contains(['{', '}']) && !text.ends_with([' ', ':'])),
            "has whole sentences",
        );
    }
    found
}

fn point_is(shown: &crate::values::contact_point::ContactPoint, point: &ContactPointInput) -> bool {
    (shown.channel, &shown.value) == (point.channel, &point.value)
}

fn nearness(reach: &str) -> &'static str {
    match reach {
        "subdivision" => "covers_subdivision",
        "country" => "covers_country",
        "part" => "covers_part",
        "region" => "covers_region",
        _ => "worldwide",
    }
}

fn opening(state: State) -> &'static [&'static str] {
    match state {
        State::Open => &["always_open", "open_until"],
        State::Closed => &["opens_at", "closed"],
        State::Unknown => &["hours_unknown", "by_arrangement", "closing_unknown"],
    }
}
