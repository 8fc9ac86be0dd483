//! What is held in memory of each record, ready to be ranked.

use crate::{
    hotlines::HotlineInput,
    organizations::OrganizationInput,
    regional_contacts::RegionalContactInput,
    values::{
        citation,
        contact_point::ContactPointInput,
        freshness::Freshness,
        hours::{Schedule, Window, holidays_of, key},
        reference::Reference,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Schedules by what makes them the same.
pub type Schedules = HashMap<String, Arc<Schedule>>;

/// When something is answered.
#[derive(Debug, Clone)]
pub enum Opening {
    /// At all hours.
    Always,
    /// By a schedule.
    Hours(Arc<Schedule>),
    /// Nobody knows.
    Unknown,
}

impl Opening {
    /// The opening of some hours; those that others keep too are read once.
    fn of(
        known: &mut Schedules,
        hours: Option<&str>,
        zone: Option<&str>,
        country: Option<&str>,
    ) -> Self {
        if hours == Some("24/7") {
            return Self::Always;
        }
        let Some(key) = key(hours, zone, country) else {
            return Self::Unknown;
        };
        if let Some(schedule) = known.get(&key) {
            return Self::Hours(Arc::clone(schedule));
        }
        match (hours, zone) {
            (Some(hours), Some(zone)) => match Schedule::new(hours, zone, country) {
                Ok(schedule) => {
                    let schedule = Arc::new(schedule);
                    known.insert(key, Arc::clone(&schedule));
                    Self::Hours(schedule)
                }
                // Written before this version refused it.
                Err(_) => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }

    /// The zone of its hours.
    pub fn zone(&self) -> Option<chrono_tz::Tz> {
        match self {
            Self::Hours(schedule) => Some(schedule.zone()),
            Self::Always | Self::Unknown => None,
        }
    }

    /// What holds at a moment.
    pub fn at(&self, at: DateTime<Utc>) -> Window {
        match self {
            Self::Always => Window::ALWAYS,
            Self::Hours(schedule) => schedule.at(at),
            Self::Unknown => Window::UNKNOWN,
        }
    }
}

/// A hotline.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// Its document.
    pub input: HotlineInput,
    /// Who runs it.
    pub organization: Option<Reference>,
    /// When it is answered.
    pub opening: Opening,
    /// The date of its newest source.
    pub source_date: Option<NaiveDate>,
}

/// A regional contact.
#[derive(Debug, Clone)]
pub struct Office {
    /// Its id.
    pub id: Uuid,
    /// Its document.
    pub input: RegionalContactInput,
    /// To whom it belongs.
    pub organization: Option<Reference>,
    /// When it is open.
    pub opening: Opening,
    /// The date of its newest source.
    pub source_date: Option<NaiveDate>,
}

/// An organization.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its id.
    pub id: Uuid,
    /// Its document.
    pub input: OrganizationInput,
}

impl Line {
    /// A hotline as it is read.
    pub fn of(
        known: &mut Schedules,
        id: Uuid,
        organization: Option<Reference>,
        input: HotlineInput,
    ) -> Self {
        Self {
            id,
            organization,
            opening: Opening::of(
                known,
                input.hours.as_deref(),
                input.timezone.as_deref(),
                holidays_of(&input.coverage),
            ),
            source_date: citation::newest(&input.sources),
            input,
        }
    }
}

impl Office {
    /// A regional contact as it is read.
    pub fn of(
        known: &mut Schedules,
        id: Uuid,
        organization: Option<Reference>,
        input: RegionalContactInput,
    ) -> Self {
        Self {
            id,
            organization,
            opening: Opening::of(
                known,
                input.hours.as_deref(),
                input.timezone.as_deref(),
                Some(&input.country),
            ),
            source_date: citation::newest(&input.sources),
            input,
        }
    }
}

/// When something that is reached by these contact points was last verified: itself, or one of
/// them.
pub fn verified(
    verified_at: Option<DateTime<Utc>>,
    points: &[&ContactPointInput],
) -> Option<DateTime<Utc>> {
    let verified = points.iter().filter_map(|point| point.verified_at);
    verified.chain(verified_at).max()
}

/// What the knowledge of something counts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its age.
    pub freshness: Freshness,
    /// Whether its newest source is newer than its last verification.
    pub source_newer: bool,
}

impl Known {
    /// As of a day.
    pub fn on(
        today: NaiveDate,
        verified: Option<DateTime<Utc>>,
        source_date: Option<NaiveDate>,
    ) -> Self {
        Self {
            freshness: Freshness::on(today, verified, source_date),
            source_newer: verified.is_some_and(|at| Some(at.date_naive()) < source_date),
        }
    }
}
