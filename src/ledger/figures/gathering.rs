//! Which figures a transaction concerns.

use super::{Figure, Figures, Kind, Passing};
use crate::{
    ledger::{
        apply::{Access, ApplyError, Change},
        document::{Document, Resource},
        queries::{self, Hold, Standing},
        references::name,
    },
    statistics::StatisticInput,
    values::access::Status,
    vocabularies::{IndicatorInput, IndicatorKind},
};
use diesel_async::AsyncPgConnection;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// What is written, and what stands beside it: the other rows of its distributions, the levels that changes are measured between,
/// what replaces it, its indicators.
///
/// # Errors
/// Those of the database.
pub async fn gather(
    connection: &mut AsyncPgConnection,
    changes: &[Change],
    standing: &[Option<Standing>],
    hold: Hold,
) -> Result<Figures, ApplyError> {
    let mut figures = Figures::default();
    for (place, (change, before)) in changes.iter().zip(standing).enumerate() {
        let before = before.as_ref();
        match &change.document {
            Document::Statistic(input) => {
                figures.write(place, change, input, before);
            }
            Document::Indicator(input) => {
                let known = before.and_then(|one| one.read().ok());
                if measures_otherwise(known.as_ref(), input) {
                    figures.redefined.insert(input.slug.clone(), place);
                }
                figures.kinds.insert(input.slug.clone(), kind(input));
            }
            _ => {}
        }
    }
    if figures.moved.is_empty() && figures.redefined.is_empty() {
        return Ok(figures);
    }
    let own: HashSet<Uuid> = standing.iter().flatten().map(|one| one.id).collect();
    let baselines: Vec<&str> = figures.moved.keys().map(String::as_str).collect();
    let distributions: Vec<&str> = figures.groups.keys().map(String::as_str).collect();
    let mut beside = queries::related(connection, &baselines, &distributions, hold).await?;
    if !figures.redefined.is_empty() {
        let indicators = figures.redefined.keys();
        let names: Vec<String> = indicators
            .map(|slug| name(Resource::Indicators, slug))
            .collect();
        beside.extend(queries::naming(connection, &names, hold).await?);
    }
    for one in beside {
        figures.stand(one, &own)?;
    }
    figures.follow(connection, &own).await?;
    let unknown: BTreeSet<&str> = figures
        .all
        .values()
        .map(|figure| figure.input.indicator.as_str())
        .filter(|slug| !figures.kinds.contains_key(*slug))
        .collect();
    let unknown: Vec<&str> = unknown.into_iter().collect();
    for one in queries::named(connection, Resource::Indicators, &unknown).await? {
        if let Document::Indicator(input) = one.read()? {
            figures.kinds.insert(input.slug.clone(), kind(&input));
        }
    }
    Ok(figures)
}

fn kind(input: &IndicatorInput) -> Kind {
    Kind {
        unit: input.unit.clone(),
        is_change: input.kind == IndicatorKind::Change,
        is_counted: matches!(
            input.kind,
            IndicatorKind::Count | IndicatorKind::Share | IndicatorKind::Rate
        ),
    }
}

fn measures_otherwise(before: Option<&Document>, after: &IndicatorInput) -> bool {
    match before {
        Some(Document::Indicator(before)) => {
            (&before.unit, before.kind) != (&after.unit, after.kind)
        }
        _ => false,
    }
}

impl Figures {
    /// Takes in a figure that is written, and what it concerns of others.
    fn write(
        &mut self,
        place: usize,
        change: &Change,
        input: &StatisticInput,
        before: Option<&Standing>,
    ) {
        let stood = before.and_then(Standing::access);
        let access = change.access.or(stood).unwrap_or(Access::PUBLIC);
        let known = before.and_then(|one| one.read().ok());
        let appears = access == Access::PUBLIC && stood != Some(Access::PUBLIC);
        let altered = known.as_ref() != Some(&change.document);
        let touched = appears || altered;
        let leaves = access != Access::PUBLIC && stood == Some(Access::PUBLIC);
        let former = match &known {
            Some(Document::Statistic(former)) => Some(former),
            _ => None,
        };
        if leaves && !altered {
            self.passing.insert(place, Passing::Leaves);
        } else if appears && !altered && stood.is_some_and(|one| one.status != Status::Draft) {
            self.passing.insert(place, Passing::Returns);
        }
        if touched || leaves {
            for one in former.into_iter().chain([input]) {
                self.moved.insert(one.slug.clone(), place);
                if let Some(baseline) = &one.baseline {
                    self.moved.insert(baseline.clone(), place);
                }
                if let Some(distribution) = &one.distribution
                    && access == Access::PUBLIC
                {
                    self.groups.insert(distribution.clone(), place);
                }
            }
        }
        let figure = Figure {
            input: input.clone(),
            access,
            change: Some(place),
            touched,
            was_computed: former.is_some_and(StatisticInput::is_disputed_by_nobody),
            standing: None,
        };
        self.all.insert(input.slug.clone(), figure);
    }

    /// Takes in a figure that stands, unless one of the changes writes it.
    fn stand(&mut self, one: Standing, own: &HashSet<Uuid>) -> Result<(), ApplyError> {
        if own.contains(&one.id) || one.resource() != Some(Resource::Statistics) {
            return Ok(());
        }
        if let (Some(access), Document::Statistic(input)) = (one.access(), one.read()?) {
            let slug = input.slug.clone();
            let figure = Figure {
                input,
                access,
                change: None,
                touched: false,
                was_computed: false,
                standing: Some(one),
            };
            self.all.entry(slug).or_insert(figure);
        }
        Ok(())
    }

    /// Takes in what figures are measured from, and what replaces them, to the end of each chain.
    async fn follow(
        &mut self,
        connection: &mut AsyncPgConnection,
        own: &HashSet<Uuid>,
    ) -> Result<(), ApplyError> {
        let mut next: BTreeSet<String> = self
            .all
            .values()
            .flat_map(|one| [&one.input.baseline, &one.input.superseded_by])
            .flatten()
            .cloned()
            .collect();
        let mut asked = BTreeSet::new();
        loop {
            next.retain(|slug| !self.all.contains_key(slug) && asked.insert(slug.clone()));
            if next.is_empty() {
                return Ok(());
            }
            let slugs: Vec<&str> = next.iter().map(String::as_str).collect();
            let found = queries::named(connection, Resource::Statistics, &slugs).await?;
            for one in found {
                self.stand(one, own)?;
            }
            next = next
                .iter()
                .filter_map(|slug| self.all.get(slug)?.input.superseded_by.clone())
                .collect();
        }
    }
}
