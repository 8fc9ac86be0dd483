//! In which order records are reviewed, and why: a pure function of what is known of each.

use crate::{
    ledger::Resource,
    values::{contact_point::Channel, freshness::Freshness, outcome::Outcome},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::cmp::Reverse;
use utoipa::ToSchema;
use uuid::Uuid;

/// The grades by name, the youngest first.
pub const GRADES: [&str; 4] = ["current", "due", "overdue", "expired"];

/// The reasons by name, in the order in which a place gives them.
pub const REASONS: [&str; 8] = [
    "suggested",
    "changed",
    "unreachable",
    "closed",
    "expired",
    "overdue",
    "due",
    "source_unreachable",
];

/// What of a record may be wrong, that which does most harm first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What is dialled or texted.
    Phone,
    /// Other addresses: pages, e-mail, offices, and contact points that help leaves out already.
    Address,
    /// Everything else.
    Prose,
}

impl Part {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        ["phone", "address", "prose"][self as usize]
    }
}

/// A public contact point of a record.
#[derive(Debug, Clone)]
pub struct Point {
    /// Its id.
    pub id: Option<Uuid>,
    /// How it is used.
    pub channel: Channel,
    /// When it was last confirmed.
    pub verified_at: Option<DateTime<Utc>>,
    /// What else came of the last attempt.
    pub outcome: Option<Outcome>,
}

/// What is known of a public record.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Its resource.
    pub resource: Resource,
    /// Its slug.
    pub slug: String,
    /// Its public contact points.
    pub points: Vec<Point>,
    /// Whether it names pages, e-mail addresses or an office of its own.
    pub leads: bool,
    /// When the record was last confirmed.
    pub verified_at: Option<DateTime<Utc>>,
    /// What else came of the last attempt.
    pub outcome: Option<Outcome>,
    /// The date of its newest source.
    pub source_date: Option<NaiveDate>,
    /// How often the public told something that nobody dealt with yet, by contact point.
    pub told: Vec<(Option<Uuid>, i64)>,
    /// Its sources of which the last check found that they do not answer.
    pub unreachable: Vec<String>,
}

/// Why something stands in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// `suggested`, `changed`, `unreachable`, `closed`, `expired`, `overdue`, `due` or `source_unreachable`. New reasons
    /// may be added.
    #[schema(value_type = String, example = "expired")]
    pub code: &'static str,
    /// What it is about: `phone`, `address` or `prose`. New parts may be added.
    #[schema(value_type = String, example = "phone")]
    pub part: &'static str,
    /// The contact point that it is about; `null` for the record.
    pub contact_point: Option<Uuid>,
    /// Of `suggested` how often.
    #[schema(minimum = 1)]
    pub times: Option<i64>,
    /// The age in days of `expired`, `overdue` and `due`; `null` where no date is known.
    #[schema(minimum = 0)]
    pub age_days: Option<i64>,
    /// Of `source_unreachable` the slug of the source.
    pub source: Option<String>,
}

/// What places are sorted by, those first that are reviewed first.
pub type Order = (
    i8,
    u8,
    Reverse<i64>,
    Reverse<usize>,
    bool,
    Reverse<i64>,
    String,
);

/// The place of a record in the queue.
#[derive(Debug, Clone)]
pub struct Risk {
    /// What the queue is sorted by.
    pub order: Order,
    /// What may do most harm of all that is due.
    pub part: Part,
    /// The grade of that part.
    pub grade: &'static str,
    /// Its age; `None` where no date is known.
    pub age_days: Option<i64>,
    /// Why it stands there, that which weighs most first.
    pub reasons: Vec<Reason>,
}

/// The record itself, or one of its contact points.
struct Piece {
    part: Part,
    contact_point: Option<Uuid>,
    freshness: Freshness,
    outcome: Option<Outcome>,
    times: i64,
}

impl Piece {
    fn is_due(&self) -> bool {
        self.freshness.grade != GRADES[0] || self.outcome.is_some() || self.times > 0
    }

    /// Where no date is known it is oldest.
    fn age(&self) -> i64 {
        self.freshness.age_days.unwrap_or(i64::MAX)
    }

    fn reasons(&self) -> impl Iterator<Item = Reason> {
        let reason = |code| Reason {
            code,
            part: self.part.name(),
            contact_point: self.contact_point,
            times: None,
            age_days: None,
            source: None,
        };
        let told = (self.times > 0).then(|| Reason {
            times: Some(self.times),
            ..reason("suggested")
        });
        let outcome = match self.outcome {
            Some(Outcome::Changed) => Some(reason("changed")),
            Some(Outcome::Unreachable) => Some(reason("unreachable")),
            Some(Outcome::Closed) => Some(reason("closed")),
            Some(Outcome::Confirmed) | None => None,
        };
        let aged = (self.freshness.grade != GRADES[0]).then(|| Reason {
            age_days: self.freshness.age_days,
            ..reason(self.freshness.grade)
        });
        [told, outcome, aged].into_iter().flatten()
    }
}

impl Situation {
    /// The record and its contact points. What is told of the record may be about any of them, and so
    /// may a change, so that it counts for what may do most harm.
    fn pieces(&self, today: NaiveDate) -> Vec<Piece> {
        let times = |id: Option<Uuid>| {
            let told = self.told.iter().filter(|(about, _)| *about == id);
            told.map(|(_, times)| times).sum()
        };
        let points = self.points.iter().map(|point| {
            let out = Outcome::is_out(point.outcome) || Outcome::is_out(self.outcome);
            Piece {
                part: match point.channel.is_dialled() && !out {
                    true => Part::Phone,
                    false => Part::Address,
                },
                contact_point: point.id,
                freshness: Freshness::on(today, point.verified_at, self.source_date),
                outcome: point.outcome,
                times: point.id.map_or(0, |id| times(Some(id))),
            }
        });
        let mut pieces: Vec<Piece> = points.collect();
        let own = match self.leads || Outcome::is_out(self.outcome) {
            true => Part::Address,
            false => Part::Prose,
        };
        let times = times(None);
        let signal = times > 0 || self.outcome == Some(Outcome::Changed);
        let riskiest = pieces.iter().map(|piece| piece.part).min();
        pieces.push(Piece {
            part: riskiest
                .filter(|_| signal)
                .map_or(own, |part| part.min(own)),
            contact_point: None,
            freshness: Freshness::on(today, self.verified_at, self.source_date),
            outcome: self.outcome,
            times,
        });
        pieces
    }

    /// Its place in the queue on a day; `None` where nothing of it is due.
    ///
    /// The level comes first: what may do harm, from phones to prose, one higher for what the public told and
    /// one for a correction that is awaited. Then the resource, how often it was told, the grade, whether a source
    /// is gone, the age in days, and the slug.
    pub fn risk(&self, today: NaiveDate) -> Option<Risk> {
        let pieces = self.pieces(today);
        let due: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_due()).collect();
        if due.is_empty() && self.unreachable.is_empty() {
            return None;
        }
        let part = due.iter().map(|piece| piece.part).min();
        let part = part.unwrap_or(Part::Prose);
        // A record of which only a source is gone is as old as it is itself.
        let of_part = due.iter().copied().filter(|piece| piece.part == part);
        let oldest = of_part.max_by_key(|piece| piece.age()).or(pieces.last())?;
        let times: i64 = due.iter().map(|piece| piece.times).sum();
        let changed = due
            .iter()
            .any(|piece| piece.outcome == Some(Outcome::Changed));
        let grade = GRADES
            .iter()
            .position(|grade| *grade == oldest.freshness.grade);
        let level = part as i8 - i8::from(times > 0) - i8::from(changed);
        let order = (
            level,
            rank(self.resource),
            Reverse(times),
            Reverse(grade.unwrap_or(GRADES.len())),
            self.unreachable.is_empty(),
            Reverse(oldest.age()),
            self.slug.clone(),
        );
        let gone = self.unreachable.iter().map(|source| Reason {
            code: "source_unreachable",
            part: Part::Prose.name(),
            contact_point: None,
            times: None,
            age_days: None,
            source: Some(source.clone()),
        });
        let mut reasons: Vec<(Part, Reason)> = due
            .iter()
            .flat_map(|piece| piece.reasons().map(|reason| (piece.part, reason)))
            .chain(gone.map(|reason| (Part::Prose, reason)))
            .collect();
        reasons.sort_by_key(|(part, reason)| {
            (REASONS.iter().position(|code| *code == reason.code), *part)
        });
        Some(Risk {
            order,
            part,
            grade: oldest.freshness.grade,
            age_days: oldest.freshness.age_days,
            reasons: reasons.into_iter().map(|(_, reason)| reason).collect(),
        })
    }
}

/// Whom a wrong record hurts first: those who call, then those who go there.
fn rank(resource: Resource) -> u8 {
    match resource {
        Resource::Hotlines => 0,
        Resource::RegionalContacts => 1,
        Resource::Organizations => 2,
        _ => 3,
    }
}
