//! How a sheet is made of an answer.

use super::{Age, Card, Emergency, More, Number, Opening, Section, Sheet, Source, Stand, Way, day};
use crate::values::said::Said;
use crate::{
    embed::pages::{
        asked::{Asked, query},
        links::{is_web, linkable},
        speech::Speech,
    },
    help::{Help, HelpContact, HelpOffice, HelpOrganization, HelpSource, Inquiry, Open, Sentence},
    values::{
        contact_point::{Channel, ContactPoint},
        freshness::Freshness,
        hours::State,
        translation::Texts,
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// How many contacts "more" shows.
const MOST: u8 = 100;

/// Whether a reason says if something is open.
fn opens(code: &str) -> bool {
    let codes = [
        "open_until",
        "always_open",
        "opens_at",
        "closed",
        "closing_unknown",
        "hours_unknown",
        "by_arrangement",
    ];
    codes.contains(&code)
}

/// Whether a reason says how old the knowledge is.
fn ages(code: &str) -> bool {
    let codes = [
        "verified",
        "verified_today",
        "sourced",
        "source_newer",
        "not_confirmed",
    ];
    codes.contains(&code)
}

fn said(sentence: &Sentence) -> Said {
    Said::new(&*sentence.text, sentence.lang)
}

/// A word as it stands on a button.
fn titled(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Makes the sheets of one answer.
pub struct Composer<'a> {
    pub inquiry: &'a Inquiry,
    pub asked: &'a Asked,
    /// The question as a query, for links that lead on with it; where it shall stand in no address, without its place and need.
    pub known: &'a str,
    pub stand: Stand,
    /// The level of its headings.
    pub level: u8,
    /// Before the addresses of this service: nothing on its own pages.
    pub base: &'a str,
    /// Where more contacts are shown, if not by the form of the page.
    pub more: Option<String>,
}

impl Composer<'_> {
    fn speech(&self) -> Speech {
        self.asked.speech
    }

    /// The sheet.
    pub fn sheet(&self, help: &Help) -> Sheet {
        let speech = self.speech();
        let emergencies = help.emergency_numbers.iter().map(|one| Emergency {
            label: Said::new(&*one.label.text, one.label.lang),
            numbers: one
                .numbers
                .iter()
                .map(|number| Number {
                    text: number.number.clone(),
                    href: number
                        .tel_uri
                        .as_deref()
                        .and_then(linkable)
                        .map(str::to_owned),
                })
                .collect(),
        });
        let mut hotlines: Vec<Card> = Vec::new();
        let mut group: Option<&str> = None;
        for one in &help.contacts {
            let own = one.show_together.as_deref();
            hotlines.push(Card {
                joined: own.is_some() && own == group,
                ..self.contact(one)
            });
            group = own;
        }
        let more = (help.more_contacts > 0 && self.stand != Stand::Fixed).then(|| More {
            word: speech.say("more"),
            href: self.more.clone(),
            limit: MOST,
        });
        let section = |key, cards: Vec<Card>, more| Section {
            title: speech.say(key),
            cards,
            more,
        };
        let offices = help.offices.iter().map(|one| self.office(one)).collect();
        let bodies = help.organizations.iter();
        let bodies = bodies.map(|one| self.organization(one)).collect();
        let sections = [
            section("kind.hotlines", hotlines, more),
            section("kind.regional_contacts", offices, None),
            section("kind.organizations", bodies, None),
        ];
        Sheet {
            level: self.level,
            apart: self.stand == Stand::Frame,
            emergencies: emergencies.collect(),
            notices: help.notices.iter().map(said).collect(),
            sections: sections
                .into_iter()
                .filter(|section| !section.cards.is_empty())
                .collect(),
            call: speech.say("call"),
            your_time: speech.say("your_time"),
            sources: speech.say("kind.sources"),
            report: speech.say("report"),
        }
    }

    fn contact(&self, one: &HelpContact) -> Card {
        let speech = self.speech();
        let names = |key, names: &[String]| {
            let said = speech.with(key, &[("names", &names.join(", "))]);
            (!names.is_empty()).then(|| Said::new(said, speech.0))
        };
        let prose = Prose(&one.lang, &one.text);
        let spoken = names("languages", &one.language_names);
        let interpreted = names("interpreters", &one.interpreter_language_names);
        let texts = [("description", &one.description), ("notes", &one.notes)];
        Card {
            joined: false,
            runner: one.organization.as_ref().map(|one| one.name.clone()),
            role: None,
            ways: self.ways(&one.contact_points, &one.freshness, None),
            state: self.opening(one.id, &one.open, &one.reasons),
            age: self.age(&one.reasons, &one.freshness, one.verified_at),
            texts: texts
                .into_iter()
                .filter_map(|(field, text)| Some(prose.said(field, text.as_deref()?)))
                .collect(),
            facts: self
                .facts(&one.reasons)
                .chain(spoken)
                .chain(interpreted)
                .collect(),
            sources: Self::sources(&one.sources),
            report: self.report("hotlines", &one.slug),
            name: prose.said("name", &one.name),
        }
        .without_echo()
    }

    fn office(&self, one: &HelpOffice) -> Card {
        let prose = Prose(&one.lang, &one.text);
        let city = one.city.as_ref().map(|city| Said::new(&**city, &*one.lang));
        let known = one.open.state != State::Unknown;
        Card {
            joined: false,
            runner: one.organization.as_ref().map(|one| one.name.clone()),
            role: Some(Said::new(&*one.role_label.text, one.role_label.lang)),
            ways: self.ways(&one.contact_points, &one.freshness, one.website.as_deref()),
            state: self
                .opening(one.id, &one.open, &one.reasons)
                .filter(|_| known),
            age: self.age(&one.reasons, &one.freshness, None),
            texts: Vec::new(),
            facts: self.facts(&one.reasons).chain(city).collect(),
            sources: Self::sources(&one.sources),
            report: self.report("regional_contacts", &one.slug),
            name: prose.said("name", &one.name),
        }
        .without_echo()
    }

    fn organization(&self, one: &HelpOrganization) -> Card {
        let prose = Prose(&one.lang, &one.text);
        Card {
            joined: false,
            runner: None,
            role: None,
            ways: self.ways(&[], &one.freshness, Some(&one.report_url)),
            state: None,
            age: self.age(&[], &one.freshness, None),
            texts: vec![prose.said("description", &one.description)],
            facts: Vec::new(),
            sources: Self::sources(&one.sources),
            report: self.report("organizations", &one.slug),
            name: prose.said("name", &one.name),
        }
    }

    /// The ways to reach somebody; where there is none but a website, that.
    fn ways(&self, points: &[ContactPoint], of: &Freshness, site: Option<&str>) -> Vec<Way> {
        let ways = points.iter().map(|point| self.way(point, of));
        let site = site.filter(|_| points.is_empty()).map(|site| Way {
            word: titled(&self.speech().say("channel.web_form")),
            href: linkable(site).map(str::to_owned),
            web: true,
            shown: site.to_owned(),
            dialled: false,
            more: Vec::new(),
            expired: None,
        });
        ways.chain(site).collect()
    }

    fn way(&self, point: &ContactPoint, of: &Freshness) -> Way {
        let speech = self.speech();
        let (word, uri) = match point.channel {
            Channel::Phone => ("call", &point.tel_uri),
            Channel::Tty => ("channel.tty", &point.tel_uri),
            Channel::Sms => ("send_text", &point.sms_uri),
            Channel::Whatsapp => ("channel.whatsapp", &point.url),
            Channel::Chat => ("channel.chat", &point.url),
            Channel::WebForm => ("channel.web_form", &point.url),
            Channel::Email => ("write_to", &point.url),
            Channel::VideoRelay => ("channel.video_relay", &point.url),
        };
        let href = uri.as_deref().and_then(linkable);
        let extension = point.extension.as_deref();
        let extension = extension.map(|digits| speech.with("extension", &[("digits", digits)]));
        let expired = point.freshness.grade == "expired" && of.grade != "expired";
        Way {
            word: titled(&speech.say(word)),
            web: href.is_some_and(is_web),
            href: href.map(str::to_owned),
            shown: point.display.clone(),
            dialled: point.channel.is_dialled(),
            more: extension.into_iter().chain(point.note.clone()).collect(),
            expired: expired.then(|| speech.say("reason.not_confirmed")),
        }
    }

    /// Whether it is open and until when. What was copied says only what holds at all hours, and the hours of the week.
    fn opening(&self, id: Uuid, open: &Open, reasons: &[Sentence]) -> Option<Opening> {
        let reason = reasons.iter().find(|one| opens(one.code));
        let name = match open.state {
            State::Open => "open",
            State::Closed => "closed",
            State::Unknown => "unknown",
        };
        let lasting = ["always_open", "by_arrangement", "hours_unknown"];
        if self.stand == Stand::Fixed {
            let reason = reason.filter(|one| lasting.contains(&one.code)).map(said);
            let written = || Some(self.week(self.inquiry.written(id)?));
            return Some(Opening {
                name: "hours",
                said: reason.or_else(written)?,
                moment: None,
            });
        }
        let label = Said::new(&*open.label.text, open.label.lang);
        Some(Opening {
            name,
            said: reason.map_or(label, said),
            moment: open.closes_at.clone().or_else(|| open.opens_at.clone()),
        })
    }

    /// Hours of a week: their notation, with the names of days in the language of the page.
    fn week(&self, (hours, zone): (&str, Tz)) -> Said {
        let names = self.speech().say("weekdays");
        let days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
            .into_iter()
            .zip(names.split(' '));
        let hours = hours.split_inclusive(|c: char| !c.is_alphabetic());
        let told = hours.map(|part| {
            let letters = part.trim_end_matches(|c: char| !c.is_alphabetic());
            let day = days.clone().find(|(day, _)| *day == letters);
            day.map_or(part.to_owned(), |(day, name)| part.replacen(day, name, 1))
        });
        let told: String = told.collect();
        Said::new(format!("{told} ({zone})"), self.speech().0)
    }

    /// How long ago it was verified. What was copied says on which day.
    fn age(
        &self,
        reasons: &[Sentence],
        freshness: &Freshness,
        verified_at: Option<DateTime<Utc>>,
    ) -> Option<Age> {
        let speech = self.speech();
        let own = |text: String| Said::new(text, speech.0);
        let reason = reasons.iter().find(|one| ages(one.code));
        let (said, date) = match (reason, verified_at) {
            _ if freshness.grade == "expired" => {
                (own(speech.say("reason.not_confirmed")), verified_at)
            }
            (_, Some(at)) if self.stand == Stand::Fixed => {
                (own(speech.with("verified_on", &[("date", &day(at))])), None)
            }
            (Some(reason), _) if self.stand != Stand::Fixed => (said(reason), verified_at),
            _ if freshness.verified => return None,
            _ => (own(speech.say("never_verified")), None),
        };
        Some(Age {
            grade: freshness.grade,
            said,
            date: date.map(day),
        })
    }

    fn facts<'a>(&self, reasons: &'a [Sentence]) -> impl Iterator<Item = Said> + use<'a> {
        let told = |one: &&Sentence| {
            let unsaid = ["priority", "show_together"];
            !opens(one.code) && !ages(one.code) && !unsaid.contains(&one.code)
        };
        reasons.iter().filter(told).map(said)
    }

    /// Sources by their titles.
    fn sources(sources: &[HelpSource]) -> Vec<Source> {
        let known = sources.iter().map(|source| {
            let read = source.retrieved_on.map(|date| date.to_string());
            let url = source.url.as_deref().and_then(linkable);
            Source {
                title: source.title.clone(),
                href: url.map(str::to_owned),
                date: source.published_on.clone().or(read),
            }
        });
        known.collect()
    }

    fn report(&self, resource: &str, record: &str) -> String {
        let about = query([("resource", resource), ("record", record)]);
        let known = match self.known.split('&').any(|one| one.starts_with("lang=")) {
            true => self.known.to_owned(),
            false => format!("{}&lang={}", self.known, self.speech().0),
        };
        let known = known.trim_start_matches('&');
        format!("{}/embed/report?{about}&{known}", self.base)
    }
}

/// The texts of a record in the languages that they have.
struct Prose<'a>(&'a str, &'a Texts);

impl Prose<'_> {
    fn said(&self, field: &str, text: &str) -> Said {
        let lang = self.1.get(field).map_or(self.0, |one| one.lang.as_str());
        Said::new(text, lang)
    }
}
