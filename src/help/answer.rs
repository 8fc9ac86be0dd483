//! The answer to a question, made of what is held in memory.

use super::{
    follow::report_url,
    lines::{Body, Known, Line, Office, verified},
    memory::Memory,
    model::{
        EmergencyNumbers, Help, HelpContact, HelpNumber, HelpOffice, HelpOrganization, HelpPlace,
        HelpSource, Open, Sentence,
    },
    question::{Place, Question},
    ranking::{self, Contacts, Ranked, Reach},
    reasons,
    wording::Wording,
};
use crate::values::{
    citation::{self, Citation},
    contact_point::{ContactPoint, ContactPointInput},
    freshness::Freshness,
    hours::{State, Window},
    labels,
    licence::{ATTRIBUTION, LICENCE},
    outcome::Outcome,
};
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;

/// How many offices and organizations an answer holds.
const MOST: usize = 5;

/// Answers a question in the language of its wording; `confirmed_at` is when the memory was last
/// known to be up to date.
pub fn answer(
    memory: &Memory,
    question: &Question,
    wording: &Wording,
    confirmed_at: DateTime<Utc>,
) -> Help {
    let lines = memory.lines_of(question.place.country());
    let contacts = ranking::contacts(lines.into_iter(), question);
    let offices = offices(memory, question, wording);
    let organizations = organizations(memory, question, wording);
    let emergency_numbers = emergency(memory, question, wording);
    let nothing_known = contacts.ranked.is_empty()
        && offices.is_empty()
        && organizations.is_empty()
        && !emergency_numbers.iter().any(|one| one.known);
    Help {
        place: placed(question, wording),
        at: question.at,
        tz: question.zone.map(|zone| zone.name().to_owned()),
        dialable_from: question.called_from().map(str::to_owned),
        reach: contacts.ranked.first().map(|one| one.reach.name()),
        notices: notices(question, wording, &contacts, nothing_known),
        nothing_known,
        more_contacts: contacts.more,
        contacts: contacts
            .ranked
            .iter()
            .map(|one| contact(memory, question, wording, &contacts, one))
            .collect(),
        offices,
        organizations,
        emergency_numbers,
        revision: memory.revision.number,
        confirmed_at,
        licence: LICENCE,
        attribution: ATTRIBUTION,
    }
}

fn placed(question: &Question, wording: &Wording) -> HelpPlace {
    let country = question.place.country();
    let subdivision = question.place.subdivision();
    HelpPlace {
        country: country.map(str::to_owned),
        country_name: country.map(|code| wording.area(code)),
        subdivision: subdivision.map(str::to_owned),
        subdivision_name: subdivision.map(|code| wording.area(code)),
    }
}

/// What to say beside the contacts.
fn notices(
    question: &Question,
    wording: &Wording,
    contacts: &Contacts<'_>,
    nothing_known: bool,
) -> Vec<Sentence> {
    let mut notices = Vec::new();
    if nothing_known {
        notices.push(wording.say("help.nothing_known", &[]));
    }
    let nearest = contacts.ranked.first().map(|one| one.reach);
    let country = question.place.country().map(|code| wording.area(code));
    let country = country.unwrap_or_default();
    let name = question.place.subdivision().map(|code| wording.area(code));
    let name = name.unwrap_or_else(|| country.clone());
    match (&question.place, nearest) {
        (Place::Sea, _) => notices.push(wording.say("help.point_in_the_sea", &[])),
        (_, None) if !contacts.undialled && !nothing_known => {
            notices.push(wording.say("help.no_line", &[("place", &name)]));
        }
        (_, Some(Reach::World)) => {
            notices.push(wording.say("help.fallback_world", &[("place", &name)]));
        }
        (Place::Subdivision(code, _), Some(Reach::Country | Reach::Region)) => {
            let values = [("place", &*wording.area(code)), ("country", &*country)];
            notices.push(wording.say("help.fallback_country", &values));
        }
        _ => {}
    }
    if contacts.undialled
        && contacts.ranked.is_empty()
        && let Some(from) = question.caller()
    {
        let values = [("place", &*name), ("country", &*wording.area(from))];
        notices.push(wording.say("help.not_dialable", &values));
    }
    if contacts.relaxed {
        notices.push(wording.say("help.need_relaxed", &[]));
    }
    notices
}

/// Emergency numbers of where the caller is, then of the place.
fn emergency(memory: &Memory, question: &Question, wording: &Wording) -> Vec<EmergencyNumbers> {
    let from = question.called_from();
    let mut countries: Vec<&str> = from.into_iter().chain(question.place.country()).collect();
    countries.dedup();
    let of_one = |country: &str| {
        let known = memory.numbers(country);
        let number = |number: &String| HelpNumber {
            tel_uri: (from == Some(country)).then(|| format!("tel:{number}")),
            number: number.clone(),
            service: "unknown",
        };
        let (key, name) = match known {
            Some(_) => ("help.emergency_service_unknown", String::new()),
            None => ("help.no_emergency_number", wording.area(country)),
        };
        EmergencyNumbers {
            country: country.to_owned(),
            known: known.is_some(),
            label: labels::filled(key, &wording.lang, &[("place", &name)]),
            freshness: known.map(|one| one.freshness(question.today)),
            numbers: known.map_or_else(Vec::new, |one| {
                one.emergency_numbers.iter().map(number).collect()
            }),
            sources: known.map_or_else(Vec::new, |one| sources(memory, &one.sources)),
        }
    };
    countries.into_iter().map(of_one).collect()
}

/// Sources by their titles.
fn sources(memory: &Memory, citations: &[Citation]) -> Vec<HelpSource> {
    let shown = |one: &Citation| {
        let known = memory.source(&one.source);
        HelpSource {
            title: known.map_or_else(|| one.source.clone(), |known| known.title.clone()),
            url: known.map(|known| known.url.clone()),
            source: one.source.clone(),
            locator: one.locator.clone(),
            published_on: one.published_on.clone(),
            retrieved_on: one.retrieved_on,
        }
    };
    citations.iter().map(shown).collect()
}

fn open(wording: &Wording, window: &Window, own: Option<Tz>) -> Open {
    let zone = wording.zone(own);
    let local = |moment: DateTime<Utc>| {
        let local = moment.with_timezone(&zone.unwrap_or(Tz::UTC));
        local.to_rfc3339_opts(SecondsFormat::Secs, true)
    };
    let key = match window.state {
        State::Open => "open_state.open",
        State::Closed => "open_state.closed",
        State::Unknown => "open_state.unknown",
    };
    Open {
        state: window.state,
        label: labels::filled(key, &wording.lang, &[]),
        opens_at: window.opens_at.map(local),
        closes_at: window.closes_at.map(local),
        next_change_at: window.next_change_at,
        zone: zone.map(|zone| zone.name().to_owned()),
        note: window.note.as_deref().map(str::to_owned),
    }
}

fn contact(
    memory: &Memory,
    question: &Question,
    wording: &Wording,
    contacts: &Contacts<'_>,
    one: &Ranked<'_>,
) -> HelpContact {
    let Line {
        id,
        input,
        organization,
        opening,
        source_date,
    } = one.line;
    let today = question.today;
    let from = question.called_from();
    let points = one
        .points
        .iter()
        .map(|point| ContactPoint::called_from(from, today, (*point).clone(), *source_date));
    let names = |tags: &[String]| tags.iter().map(|tag| wording.language(tag)).collect();
    let mut prose = wording.shown(&input.lang, &input.translations);
    HelpContact {
        id: *id,
        slug: input.slug.clone(),
        name: prose.text("name", input.name.clone(), |one| &one.name),
        description: prose.optional("description", input.description.clone(), |one| {
            &one.description
        }),
        notes: prose.optional("notes", input.notes.clone(), |one| &one.notes),
        text: prose.texts(),
        lang: input.lang.clone(),
        organization: organization.clone(),
        reasons: reasons::of(wording, memory, question, one, &contacts.beside(one)),
        reach: one.reach.name(),
        open: open(wording, &one.window, opening.zone()),
        contact_points: points.collect(),
        coverage: input.coverage.clone(),
        language_names: names(&input.languages),
        languages: input.languages.clone(),
        interpreter_language_names: names(&input.interpreter_languages),
        interpreter_languages: input.interpreter_languages.clone(),
        topics: input.topics.clone(),
        populations: input.populations.clone(),
        anonymous: input.anonymous,
        confidential: input.confidential,
        passed_to_police: input.passed_to_police,
        passed_to_immigration: input.passed_to_immigration,
        show_together: input.show_together.clone(),
        verified_at: input.verified_at,
        freshness: one.known.freshness.clone(),
        sources: sources(memory, &input.sources),
    }
}

/// An office beside a question.
struct Near<'a> {
    office: &'a Office,
    reach: Reach,
    window: Window,
    known: Known,
    points: Vec<ContactPoint>,
}

impl<'a> Near<'a> {
    fn of(office: &'a Office, question: &Question) -> Option<Self> {
        let input = &office.input;
        // What serves the whole world is no office near anybody.
        let reach =
            Reach::of(&input.serves, &question.place).filter(|reach| *reach < Reach::World)?;
        let (from, today) = (question.called_from(), question.today);
        let points = input.contact_points.iter();
        let points: Vec<_> = points.filter(|point| question.can_use(point)).collect();
        if Outcome::is_out(input.outcome) || (points.is_empty() && input.website.is_none()) {
            return None;
        }
        let shown = |point: &&ContactPointInput| {
            ContactPoint::called_from(from, today, (*point).clone(), office.source_date)
        };
        Some(Self {
            reach,
            window: office.opening.at(question.at),
            known: Known::on(
                today,
                verified(input.verified_at, &points),
                office.source_date,
            ),
            points: points.iter().map(shown).collect(),
            office,
        })
    }

    fn order(&self) -> (Reach, bool, bool, i64, &str) {
        (
            self.reach,
            self.known.freshness.grade == "expired",
            self.window.state == State::Closed,
            self.known.freshness.age_days.unwrap_or(i64::MAX),
            &self.office.input.slug,
        )
    }
}

fn offices(memory: &Memory, question: &Question, wording: &Wording) -> Vec<HelpOffice> {
    let offices = memory.offices.values();
    let mut near: Vec<Near<'_>> = offices.filter_map(|one| Near::of(one, question)).collect();
    near.sort_by(|one, other| one.order().cmp(&other.order()));
    near.truncate(MOST);
    let shown = |one: Near<'_>| {
        let Office {
            id,
            input,
            organization,
            opening,
            ..
        } = one.office;
        let mut prose = wording.shown(&input.lang, &input.translations);
        HelpOffice {
            id: *id,
            slug: input.slug.clone(),
            name: prose.text("name", input.name.clone(), |one| &one.name),
            text: prose.texts(),
            lang: input.lang.clone(),
            role: input.role,
            role_label: labels::filled(&format!("role.{}", input.role.name()), &wording.lang, &[]),
            organization: organization.clone(),
            reasons: vec![
                reasons::of_reach(wording, one.reach, &input.serves, question),
                reasons::of_opening(wording, &one.window, opening.zone()),
                reasons::of_freshness(wording, &one.known),
            ],
            reach: one.reach.name(),
            open: open(wording, &one.window, opening.zone()),
            contact_points: one.points,
            website: input.website.clone(),
            city: input.city.clone(),
            serves: input.serves.clone(),
            freshness: one.known.freshness,
            sources: sources(memory, &input.sources),
        }
    };
    near.into_iter().map(shown).collect()
}

/// Organizations that take reports from everywhere and are not known to lead nowhere: those for the topic first, then
/// those that are not expired.
fn organizations(memory: &Memory, question: &Question, wording: &Wording) -> Vec<HelpOrganization> {
    let today = question.today;
    let other = |one: &Body| {
        let asks = |topic: &String| question.topics.contains(topic);
        !question.topics.is_empty() && !one.input.topics.iter().any(asks)
    };
    let known = |one: &Body| {
        let source_date = citation::newest(&one.input.sources);
        Freshness::on(today, one.input.verified_at, source_date)
    };
    let bodies = memory.organizations.values().map(|one| &**one);
    let mut bodies: Vec<&Body> = bodies
        .filter(|one| !Outcome::is_out(one.input.outcome))
        .collect();
    bodies.sort_by_cached_key(|one| {
        let expired = known(one).grade == "expired";
        (other(one), expired, one.input.slug.clone())
    });
    bodies.truncate(MOST);
    let shown = |one: &Body| {
        let input = &one.input;
        let mut prose = wording.shown(&input.lang, &input.translations);
        Some(HelpOrganization {
            id: one.id,
            slug: input.slug.clone(),
            name: prose.text("name", input.name.clone(), |one| &one.name),
            description: prose.text("description", input.description.clone(), |one| {
                &one.description
            }),
            text: prose.texts(),
            lang: input.lang.clone(),
            report_url: report_url(input)?.to_owned(),
            website: input.website.clone(),
            topics: input.topics.clone(),
            freshness: known(one),
            sources: sources(memory, &input.sources),
        })
    };
    bodies.into_iter().filter_map(shown).collect()
}
