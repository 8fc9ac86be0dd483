//! A question put to the memory: what `/v1/help` answers from, and the pages that show the same.

use super::{
    answer::answer, follow::Followed, lines::Opening, memory::Memory, model::Help,
    question::Question, wording::Wording,
};
use crate::{
    values::{hours::Interval, labels, translation::Texts},
    web::{
        Problem, Result,
        language::{Spoken, accepted, labelled},
        problem::ErrorDetail,
        pulse::FRESH,
        state::Revision,
        terms::{self, NamedIn},
    },
};
use actix_web::HttpRequest;
use chrono::{DateTime, Days, DurationRound, TimeDelta, Utc};
use chrono_tz::Tz;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// A question, the memory that answers it, and the language that it is answered in.
pub struct Inquiry {
    question: Question,
    memory: Arc<Memory>,
    wording: Wording,
    /// When the memory was last known to be up to date, to the minute.
    pub confirmed_at: DateTime<Utc>,
    /// How long ago that is, where it is longer than usual.
    pub age: Option<Duration>,
}

/// When a hotline answers in the week to come.
pub enum Hours {
    /// At all hours.
    Always,
    /// At these, in its zone.
    Week(Tz, Vec<Interval>),
}

impl Inquiry {
    /// Puts a question; one in a body has its faults told by their place there.
    ///
    /// # Errors
    /// 422 for a topic or population that the directory does not have; 503 as long as it was not
    /// read at all.
    pub fn of(
        followed: &Followed,
        request: &HttpRequest,
        question: Question,
        named: NamedIn,
    ) -> Result<Self> {
        let known = followed.load();
        let Some((asked, memory)) = known.as_deref() else {
            return Err(Problem::Unavailable(
                "the directory was not read yet".into(),
            ));
        };
        let unknown = unknown(memory, &question, named);
        if !unknown.is_empty() {
            return Err(Problem::Unprocessable(unknown));
        }
        let now = Utc::now();
        let age = (now - asked).to_std().unwrap_or_default();
        let confirmed = match age < FRESH {
            true => now,
            false => *asked,
        };
        let prose = question.lang.clone().or_else(|| accepted(request));
        let spoken = question.lang.clone().or_else(|| labelled(request));
        Spoken::note(request, prose.clone());
        Ok(Self {
            wording: Wording {
                lang: labels::given_in(spoken.as_deref().unwrap_or("en")),
                prose,
                at: question.at,
                zone: question.zone,
            },
            memory: Arc::clone(memory),
            question,
            confirmed_at: confirmed
                .duration_trunc(TimeDelta::minutes(1))
                .unwrap_or(confirmed),
            age: (age >= FRESH).then_some(age),
        })
    }

    /// What answers are told apart by. Nothing of one is finer than a minute, so it may be given
    /// again within one.
    pub fn key(&self) -> String {
        let Self {
            question,
            wording,
            memory,
            confirmed_at,
            ..
        } = self;
        format!(
            "{question:?}|{:?}|{}|{}|{confirmed_at}",
            wording.prose, wording.lang, memory.revision.number
        )
    }

    /// The revision of the directory that answers.
    pub fn revision(&self) -> Revision {
        self.memory.revision
    }

    /// The answer.
    pub fn help(&self) -> Help {
        answer(
            &self.memory,
            &self.question,
            &self.wording,
            self.confirmed_at,
        )
    }

    /// The language of its sentences, as texts say theirs.
    pub fn texts(&self) -> Texts {
        self.wording.texts()
    }

    /// The hours of a hotline or an office as they are written, and their zone.
    pub fn written(&self, id: Uuid) -> Option<(&str, Tz)> {
        let memory = &self.memory;
        let line = memory.lines.get(&id).map(|line| &line.opening);
        let opening = line.or_else(|| Some(&memory.offices.get(&id)?.opening));
        match opening? {
            Opening::Hours(schedule) => Some((schedule.written(), schedule.zone())),
            Opening::Always | Opening::Unknown => None,
        }
    }

    /// When a hotline answers in the week from today; `None` where that is not known.
    pub fn hours(&self, id: Uuid) -> Option<Hours> {
        match &self.memory.lines.get(&id)?.opening {
            Opening::Always => Some(Hours::Always),
            Opening::Hours(schedule) => {
                let zone = schedule.zone();
                let today = self.question.at.with_timezone(&zone).date_naive();
                let week = schedule.intervals(today, 7);
                let end = today + Days::new(7);
                let starts = |one: &Interval| one.opens_at.with_timezone(&zone).date_naive() < end;
                Some(Hours::Week(zone, week.into_iter().filter(starts).collect()))
            }
            Opening::Unknown => None,
        }
    }
}

/// The topics and populations asked for that the directory does not have.
fn unknown(memory: &Memory, question: &Question, named: NamedIn) -> Vec<ErrorDetail> {
    let asked = [
        ("topic", &question.topics),
        ("population", &question.populations),
    ];
    let mut faults = Vec::new();
    for (name, slugs) in asked {
        let stands = |slug: &&String| memory.term_slugs().any(|known| known == **slug);
        for slug in slugs.iter().filter(|slug| !stands(slug)) {
            faults.push(terms::unknown(named, name, slug, memory.term_slugs()));
        }
    }
    faults
}
