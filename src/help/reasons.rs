//! Why a contact stands where it stands: one sentence for each thing that ranked it.

use super::{
    fits::{Fit, Spoken, native, understood},
    lines::Known,
    memory::Memory,
    model::Sentence,
    question::Question,
    ranking::{Ranked, Reach},
    wording::Wording,
};
use crate::values::hours::{OPEN_END, State, Window};
use chrono_tz::Tz;

/// How near something is.
pub fn of_reach(
    wording: &Wording,
    reach: Reach,
    areas: &[String],
    question: &Question,
) -> Sentence {
    let place = &question.place;
    let names = |wanted: Reach| {
        let reaching = areas
            .iter()
            .filter(|area| Reach::of(std::slice::from_ref(*area), place) == Some(wanted));
        let names: Vec<String> = reaching.map(|area| wording.area(area)).collect();
        names.join(", ")
    };
    let key = match reach {
        Reach::Subdivision => "reason.covers_subdivision",
        Reach::Country => "reason.covers_country",
        Reach::Part => "reason.covers_part",
        Reach::Region => "reason.covers_region",
        Reach::World => return wording.say("reason.worldwide", &[]),
    };
    wording.say(key, &[("place", &names(reach))])
}

/// Whether it is open, and until when.
pub fn of_opening(wording: &Wording, window: &Window, zone: Option<Tz>) -> Sentence {
    let zone = wording.zone(zone).unwrap_or(Tz::UTC);
    let timed = |key, moment| {
        let time = wording.time(moment, zone);
        wording.say(key, &[("time", &time), ("zone", zone.name())])
    };
    match (
        window.state,
        window.closes_at,
        window.opens_at,
        &window.note,
    ) {
        (State::Open, Some(until), ..) => timed("reason.open_until", until),
        (State::Open, None, ..) => wording.say("reason.always_open", &[]),
        (State::Closed, _, Some(opens), _) => timed("reason.opens_at", opens),
        (State::Closed, _, None, _) => wording.say("reason.closed", &[]),
        (State::Unknown, _, _, Some(note)) if **note == *OPEN_END => {
            wording.say("reason.closing_unknown", &[])
        }
        (State::Unknown, _, _, Some(note)) => {
            wording.say("reason.by_arrangement", &[("note", note)])
        }
        (State::Unknown, ..) => wording.say("reason.hours_unknown", &[]),
    }
}

/// How old the knowledge of it is.
pub fn of_freshness(wording: &Wording, known: &Known) -> Sentence {
    let freshness = &known.freshness;
    let days = freshness.age_days.unwrap_or_default().to_string();
    match (freshness.grade, freshness.verified, freshness.age_days) {
        ("expired", ..) => wording.say("reason.not_confirmed", &[]),
        // Nothing that was only read counts as verified.
        _ if known.source_newer => wording.say("reason.source_newer", &[("days", &days)]),
        (_, true, Some(0)) => wording.say("reason.verified_today", &[]),
        (_, true, _) => wording.say("reason.verified", &[("days", &days)]),
        (_, false, _) => wording.say("reason.sourced", &[("days", &days)]),
    }
}

/// All reasons of a contact, the weightiest first; `beside` names those it is shown together with.
pub fn of(
    wording: &Wording,
    memory: &Memory,
    question: &Question,
    one: &Ranked,
    beside: &[&str],
) -> Vec<Sentence> {
    let input = &one.line.input;
    let mut reasons = vec![of_reach(wording, one.reach, &input.coverage, question)];
    if one.expired() {
        reasons.push(of_freshness(wording, &one.known));
    }
    reasons.push(of_opening(wording, &one.window, one.line.opening.zone()));
    reasons.extend(of_need(wording, memory, question, one));
    if let Some(spoken) = of_languages(wording, question, one) {
        reasons.push(spoken);
    }
    if input.priority.is_some() {
        reasons.push(wording.say("reason.priority", &[]));
    }
    if !one.expired() {
        reasons.push(of_freshness(wording, &one.known));
    }
    if one.points.iter().any(|point| point.toll_free == Some(true)) {
        reasons.push(wording.say("reason.toll_free", &[]));
    }
    if input.anonymous == Some(true) {
        reasons.push(wording.say("reason.anonymous", &[]));
    }
    if !beside.is_empty() {
        reasons.push(wording.say("reason.show_together", &[("names", &beside.join(", "))]));
    }
    reasons
}

fn of_need(wording: &Wording, memory: &Memory, question: &Question, one: &Ranked) -> Vec<Sentence> {
    let input = &one.line.input;
    let named = |asked: &[String], says: &[String]| {
        let both = asked.iter().filter(|slug| says.contains(slug));
        let names = both.map(|slug| memory.term(slug, &wording.lang));
        names.collect::<Vec<_>>().join(", ")
    };
    let mut reasons = Vec::new();
    if !question.topics.is_empty() {
        reasons.push(match one.topic {
            Fit::Fits => {
                let topic = named(&question.topics, &input.topics);
                wording.say("reason.serves_topic", &[("topic", &topic)])
            }
            Fit::Unknown => wording.say("reason.topic_unknown", &[]),
            Fit::Other => wording.say("reason.other_topic", &[]),
        });
    }
    if !question.populations.is_empty() {
        reasons.push(match one.population {
            Fit::Fits => {
                let population = named(&question.populations, &input.populations);
                wording.say("reason.serves_population", &[("population", &population)])
            }
            Fit::Unknown => wording.say("reason.population_unknown", &[]),
            Fit::Other => wording.say("reason.other_population", &[]),
        });
    }
    if let Some(age) = question.age {
        reasons.push(match one.age {
            Fit::Fits => wording.say("reason.serves_age", &[("age", &age.to_string())]),
            Fit::Unknown => wording.say("reason.age_unknown", &[]),
            Fit::Other => wording.say("reason.other_population", &[]),
        });
    }
    if !question.channels.is_empty() {
        let has = |name: &&String| {
            one.points
                .iter()
                .any(|point| point.channel.name() == **name)
        };
        let (key, names): (_, Vec<&String>) = match one.channel {
            Fit::Fits => {
                let names = question.channels.iter().filter(has);
                ("reason.has_channel", names.collect())
            }
            _ => ("reason.other_channel", question.channels.iter().collect()),
        };
        let names: Vec<String> = names.iter().map(|name| wording.channel(name)).collect();
        reasons.push(wording.say(key, &[("channel", &names.join(", "))]));
    }
    reasons.dedup();
    reasons
}

fn of_languages(wording: &Wording, question: &Question, one: &Ranked) -> Option<Sentence> {
    if question.languages.is_empty() {
        return None;
    }
    let named = |tags: &[&String]| {
        let names = tags.iter().map(|tag| wording.language(tag));
        names.collect::<Vec<_>>().join(", ")
    };
    let asked = &question.languages;
    let interpreters: Vec<&String> = one.line.input.interpreter_languages.iter().collect();
    let (key, names) = match one.spoken {
        Spoken::Native => {
            let tags = native(one.line, &one.points);
            ("reason.speaks", named(&understood(asked, &tags)))
        }
        Spoken::Interpreted => (
            "reason.interprets",
            named(&understood(asked, &interpreters)),
        ),
        Spoken::Unknown => ("reason.language_unknown", String::new()),
        Spoken::NotListed => {
            let all: Vec<&String> = asked.iter().collect();
            ("reason.language_not_listed", named(&all))
        }
    };
    Some(wording.say(key, &[("language", &names)]))
}
