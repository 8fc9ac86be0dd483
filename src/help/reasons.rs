//! Why a contact stands where it stands: one sentence for each thing that ranked it.

use super::{
    memory::Memory,
    model::Sentence,
    question::Question,
    ranking::{Fit, Ranked, Reach, Spoken},
    wording::Wording,
};
use crate::values::{
    freshness::Freshness,
    hours::{State, Window},
    language,
};
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
        (State::Unknown, _, _, Some(note)) => {
            wording.say("reason.by_arrangement", &[("note", note)])
        }
        (State::Unknown, ..) => wording.say("reason.hours_unknown", &[]),
    }
}

/// How old the knowledge of it is.
pub fn of_freshness(wording: &Wording, freshness: &Freshness) -> Sentence {
    let days = freshness.age_days.unwrap_or_default().to_string();
    match (freshness.grade, freshness.verified, freshness.age_days) {
        ("expired", ..) => wording.say("reason.not_confirmed", &[]),
        (_, true, Some(0)) => wording.say("reason.verified_today", &[]),
        (_, true, _) => wording.say("reason.verified", &[("days", &days)]),
        (_, false, _) => wording.say("reason.sourced", &[("days", &days)]),
    }
}

/// All reasons of a contact, the weightiest first.
pub fn of(wording: &Wording, memory: &Memory, question: &Question, one: &Ranked) -> Vec<Sentence> {
    let input = &one.line.input;
    let mut reasons = vec![of_reach(wording, one.reach, &input.coverage, question)];
    if one.expired() {
        reasons.push(of_freshness(wording, &one.freshness));
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
        reasons.push(of_freshness(wording, &one.freshness));
    }
    if one.points.iter().any(|point| point.toll_free == Some(true)) {
        reasons.push(wording.say("reason.toll_free", &[]));
    }
    if input.anonymous == Some(true) {
        reasons.push(wording.say("reason.anonymous", &[]));
    }
    let others = memory.others_of(one.line);
    if !others.is_empty() {
        reasons.push(wording.say("reason.show_together", &[("names", &others.join(", "))]));
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
            Fit::Unknown => wording.say("reason.population_unknown", &[]),
            Fit::Other => wording.say("reason.other_population", &[]),
        });
    }
    if !question.channels.is_empty() && one.channel == Fit::Fits {
        let asked = one.points.iter().map(|point| point.channel.name());
        let asked = asked.filter(|name| question.channels.iter().any(|one| one == name));
        let mut names: Vec<String> = asked.map(|name| wording.channel(name)).collect();
        names.dedup();
        reasons.push(wording.say("reason.has_channel", &[("channel", &names.join(", "))]));
    }
    reasons.dedup();
    reasons
}

fn of_languages(wording: &Wording, question: &Question, one: &Ranked) -> Option<Sentence> {
    if question.languages.is_empty() {
        return None;
    }
    let input = &one.line.input;
    let own = one.points.iter().flat_map(|point| &point.languages);
    let native: Vec<&String> = input.languages.iter().chain(own).collect();
    let interpreted: Vec<&String> = input.interpreter_languages.iter().collect();
    let names = |tags: &[&String]| {
        let spoken = |asked: &&String| {
            let mut forms = tags.iter().flat_map(|tag| language::found_by(tag));
            forms.any(|form| form == **asked)
        };
        let asked = question.languages.iter().filter(spoken);
        let names: Vec<String> = asked.map(|tag| wording.language(tag)).collect();
        names.join(", ")
    };
    let all: Vec<String> = question
        .languages
        .iter()
        .map(|tag| wording.language(tag))
        .collect();
    let (key, names) = match one.spoken {
        Spoken::Native => ("reason.speaks", names(&native)),
        Spoken::Interpreted => ("reason.interprets", names(&interpreted)),
        Spoken::Unknown => ("reason.language_unknown", String::new()),
        Spoken::NotListed => ("reason.language_not_listed", all.join(", ")),
    };
    Some(wording.say(key, &[("language", &names)]))
}
