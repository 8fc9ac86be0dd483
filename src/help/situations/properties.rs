//! What holds for every question and every directory: how rows lie changes nothing, and a record
//! that does not answer a question changes nothing of its answer.

use super::{LINES, answered, complaints, line, line_with, memory, question, slugs};
use crate::{
    help::{lines::Line, memory::Memory, model::Help, question::Question},
    hotlines::HotlineInput,
    values::{access::Visibility, outcome::Outcome},
};
use chrono::{DateTime, Duration, Utc};
use proptest::{
    option::weighted,
    prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest},
    sample::{Index, select},
};
use std::sync::Arc;
use uuid::Uuid;

const PLACES: [&str; 18] = [
    "country=US",
    "subdivision=US-CA",
    "subdivision=US-NV",
    "country=MX",
    "country=PH",
    "country=DE",
    "country=GB",
    "country=FR",
    "country=CH",
    "country=CA",
    "country=AU",
    "country=NZ",
    "country=BE",
    "subdivision=IN-MH",
    "country=IN",
    "country=KE",
    "country=JP",
    "near=-45,-120",
];
const CALLERS: [&str; 5] = ["US", "GB", "LI", "NO", "DE"];
const TOPICS: [&str; 4] = [
    "sex_trafficking",
    "labor_trafficking",
    "legal_aid",
    "policy",
];
const POPULATIONS: [&str; 4] = ["children", "adults", "survivors", "families"];
const TONGUES: [&str; 6] = ["fr", "de", "en", "zh", "nl", "fr-CH"];
const CHANNELS: [&str; 5] = ["phone", "sms", "chat", "tty", "web_form"];

/// A question as its address writes it, and its moment.
type Asked = (String, DateTime<Utc>);

fn asked() -> impl Strategy<Value = Asked> {
    let first: DateTime<Utc> = "2025-12-01T00:00:00Z".parse().unwrap();
    let need = (
        weighted(0.3, select(&TOPICS[..])),
        weighted(0.3, select(&POPULATIONS[..])),
        weighted(0.3, 0..80_u8),
        weighted(0.4, select(&TONGUES[..])),
        weighted(0.3, select(&CHANNELS[..])),
    );
    let rest = (
        weighted(0.3, select(&CALLERS[..])),
        1..30_usize,
        0..600_000_i64,
    );
    (select(&PLACES[..]), need, rest).prop_map(move |(place, need, rest)| {
        let (topic, population, age, language, channel) = need;
        let (from, limit, minutes) = rest;
        let mut query = format!("{place}&limit={limit}");
        for (name, value) in [
            ("topic", topic.map(str::to_owned)),
            ("population", population.map(str::to_owned)),
            ("age", age.map(|age| age.to_string())),
            ("language", language.map(str::to_owned)),
            ("channel", channel.map(str::to_owned)),
            ("dialable_from", from.map(str::to_owned)),
        ] {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={value}"));
            }
        }
        (query, first + Duration::minutes(minutes))
    })
}

fn posed((query, at): &Asked) -> Question {
    question(query, &at.to_rfc3339())
}

/// The same without a limit that cuts.
fn unlimited(asked: &Asked) -> Question {
    let mut question = posed(asked);
    question.limit = LINES.len() + 1;
    question
}

/// A record like one of the lines, under another slug.
fn added(like: &Index) -> HotlineInput {
    let mut input = like.get(&LINES).input.clone();
    input.slug = format!("added-{}", input.slug);
    input
}

fn with(more: Arc<Line>) -> Memory {
    memory(LINES.iter().chain([&more]))
}

fn bytes(memory: &Memory, question: &Question) -> String {
    serde_json::to_string(&answered(memory, question)).unwrap()
}

fn relaxed(help: &Help) -> bool {
    help.notices
        .iter()
        .any(|notice| notice.code == "need_relaxed")
}

fn but(slugs: Vec<&str>, left_out: impl Fn(&str) -> bool) -> Vec<&str> {
    slugs.into_iter().filter(|slug| !left_out(slug)).collect()
}

/// The slugs of a group in the directory.
fn members(group: Option<&str>) -> Vec<&'static str> {
    let of_group =
        |line: &&Arc<Line>| group.is_some() && line.input.show_together.as_deref() == group;
    let members = LINES.iter().filter(of_group);
    members.map(|line| &*line.input.slug).collect()
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_answer_keeps_its_promises(asked in asked()) {
        let question = posed(&asked);
        let help = answered(&memory(LINES.iter()), &question);
        let complaints = complaints(&question, &help);
        prop_assert!(complaints.is_empty(), "{complaints:?}");
    }

    #[test]
    fn equal_questions_have_equal_answers(asked in asked()) {
        let (one, other) = (posed(&asked), posed(&asked));
        prop_assert_eq!(&one, &other);
        let memories = [memory(LINES.iter()), memory(LINES.iter())];
        prop_assert_eq!(bytes(&memories[0], &one), bytes(&memories[1], &other));
    }

    #[test]
    fn shuffled_rows_give_the_same_bytes(
        asked in asked(),
        lines in Just(LINES.clone()).prop_shuffle(),
    ) {
        let question = posed(&asked);
        let shuffled = bytes(&memory(&lines), &question);
        prop_assert_eq!(shuffled, bytes(&memory(LINES.iter()), &question));
        // Also where the order of their ids is another one.
        let numbered = lines.iter().zip(1_u128..);
        let renamed: Vec<Arc<Line>> = numbered
            .map(|(line, id)| line_with(Uuid::from_u128(id), line.input.clone()))
            .collect();
        let [one, other] = [memory(&renamed), memory(LINES.iter())];
        let [one, other] = [one, other].map(|memory| answered(&memory, &question));
        prop_assert_eq!(slugs(&one), slugs(&other));
        let reasons = |help: &Help| -> Vec<_> {
            help.contacts.iter().map(|one| one.reasons.clone()).collect()
        };
        prop_assert_eq!(reasons(&one), reasons(&other));
    }

    #[test]
    fn a_record_that_cannot_answer_changes_nothing(
        asked in asked(),
        like in any::<Index>(),
        kind in 0..4_u8,
    ) {
        let mut input = added(&like);
        match kind {
            // Of its areas none is asked for, nor lies around what is.
            0 => input.coverage = vec!["TV".to_owned(), "054".to_owned()],
            1 => input.outcome = Some(Outcome::Unreachable),
            2 => for point in &mut input.contact_points {
                point.visibility = Visibility::Hidden;
            },
            _ => for point in &mut input.contact_points {
                point.outcome = Some(Outcome::Closed);
            },
        }
        let question = posed(&asked);
        let before = bytes(&memory(LINES.iter()), &question);
        prop_assert_eq!(bytes(&with(line(input)), &question), before);
    }

    /// Without a limit that cuts, and unless it is the first for a need that was relaxed, a record
    /// that joins no group leaves all others where they are.
    #[test]
    fn a_record_more_moves_none_of_the_others(asked in asked(), like in any::<Index>()) {
        let mut input = added(&like);
        input.show_together = None;
        let slug = input.slug.clone();
        let question = unlimited(&asked);
        let [before, after] = [memory(LINES.iter()), with(line(input))];
        let [before, after] = [before, after].map(|memory| answered(&memory, &question));
        let others = but(slugs(&after), |one| one == slug);
        match relaxed(&before) && !relaxed(&after) {
            true => prop_assert!(others.is_empty(), "{others:?}"),
            false => prop_assert_eq!(others, slugs(&before)),
        }
        // The limit may cut one that stood there; it lets none in, and changes no order.
        let question = posed(&asked);
        let mut input = added(&like);
        input.show_together = None;
        let [before, after] = [memory(LINES.iter()), with(line(input))];
        let [before, after] = [before, after].map(|memory| answered(&memory, &question));
        let others = but(slugs(&after), |one| one == slug);
        let (stay, all) = (slugs(&after), slugs(&before));
        let stood = but(all, |one| !stay.contains(&one));
        prop_assert_eq!(others, stood);
    }

    /// One that joins a group may bring or move the members of that group, and moves no others.
    #[test]
    fn a_member_more_moves_its_group_alone(asked in asked(), like in any::<Index>(), group in 0..3_usize) {
        let mut input = added(&like);
        let group = ["nz-lines", "be-line", "in-lines"][group];
        input.show_together = Some(group.to_owned());
        let (slug, members) = (input.slug.clone(), members(Some(group)));
        let question = unlimited(&asked);
        let [before, after] = [memory(LINES.iter()), with(line(input))];
        let [before, after] = [before, after].map(|memory| answered(&memory, &question));
        let apart = |one: &str| one == slug || members.contains(&one);
        let [stood, stand] = [slugs(&before), slugs(&after)].map(|slugs| but(slugs, apart));
        match relaxed(&before) && !relaxed(&after) {
            true => prop_assert!(stand.is_empty(), "{stand:?}"),
            false => prop_assert_eq!(stand, stood),
        }
    }

    /// As for one more, the other way round.
    #[test]
    fn a_record_less_moves_none_of_the_others(asked in asked(), left in any::<Index>()) {
        let left = left.get(&LINES);
        let question = unlimited(&asked);
        let fewer = memory(LINES.iter().filter(|line| line.id != left.id));
        let [before, after] = [memory(LINES.iter()), fewer];
        let [before, after] = [before, after].map(|memory| answered(&memory, &question));
        let members = members(left.input.show_together.as_deref());
        let apart = |one: &str| one == left.input.slug || members.contains(&one);
        let [stood, stand] = [slugs(&before), slugs(&after)].map(|slugs| but(slugs, apart));
        match relaxed(&after) && !relaxed(&before) {
            true => prop_assert!(stood.is_empty(), "{stood:?}"),
            false => prop_assert_eq!(stand, stood),
        }
    }
}
