//! Public figures that would not import again by themselves, since what they rest on is not public.

use super::queries;
use crate::{
    ledger::{Document, Resource},
    statistics::{StatisticInput, arithmetic, shares},
    vocabularies::IndicatorKind,
};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use std::collections::{BTreeMap, HashSet};

/// All that stands in relation to others.
#[derive(Default)]
struct Related {
    figures: BTreeMap<String, StatisticInput>,
    changes: HashSet<String>,
    left_out: HashSet<String>,
}

/// Slugs of rows of distributions that are not whole in public, of changes that a computation disputes which the public cannot make,
/// and of what names one of them.
///
/// # Errors
/// Those of the database.
pub async fn left_out(connection: &mut AsyncPgConnection) -> QueryResult<HashSet<String>> {
    let mut related = Related::default();
    for resource in [Resource::Indicators, Resource::Statistics] {
        let mut after = String::new();
        loop {
            let batch = queries::exported(connection, resource, &after, 1000).await?;
            let Some(last) = batch.last() else { break };
            after.clone_from(&last.slug);
            for one in batch {
                related.take_in(resource, one);
            }
        }
    }
    while related.leaves_out_more() {}
    Ok(related.left_out)
}

impl Related {
    fn take_in(&mut self, resource: Resource, one: queries::Exported) {
        match Document::read(resource, one.document) {
            Ok(Document::Indicator(input)) if input.kind == IndicatorKind::Change => {
                self.changes.insert(input.slug);
            }
            Ok(Document::Statistic(input)) => {
                // Prose is no part of any arithmetic, and most of what a long list holds.
                let slim = StatisticInput {
                    title: String::new(),
                    claim: String::new(),
                    method_note: None,
                    caveat: None,
                    sources: Vec::new(),
                    ..input
                };
                self.figures.insert(one.slug, slim);
            }
            Ok(_) => {}
            Err(_) => drop(self.left_out.insert(one.slug)),
        }
    }

    /// Leaves out what does not fit without what is left out already; whether that was anything.
    fn leaves_out_more(&mut self) -> bool {
        let mut more: Vec<String> = Vec::new();
        let mut groups: BTreeMap<&str, Vec<&StatisticInput>> = BTreeMap::new();
        for input in self.figures.values() {
            if let Some(group) = &input.distribution {
                groups.entry(group).or_default().push(input);
            }
            let named = [&input.baseline, &input.superseded_by];
            let lost = named
                .into_iter()
                .flatten()
                .any(|slug| self.left_out.contains(slug));
            if lost || (disputed_by_arithmetic(input) && !self.contradicts(input)) {
                more.push(input.slug.clone());
            }
        }
        let broken = groups
            .into_values()
            .filter(|rows| !shares::misfits(rows).is_empty());
        more.extend(broken.flatten().map(|row| row.slug.clone()));
        for slug in &more {
            self.figures.remove(slug);
        }
        let any = !more.is_empty();
        self.left_out.extend(more);
        any
    }

    fn contradicts(&self, change: &StatisticInput) -> bool {
        let is_change = |input: &StatisticInput| self.changes.contains(&input.indicator);
        let from = change.baseline.as_ref();
        let Some(from) = from.and_then(|slug| self.figures.get(slug)) else {
            return false;
        };
        let levels = self.figures.values().filter(|one| !is_change(one));
        is_change(change)
            && arithmetic::change(change, from, levels).is_some_and(|one| one.contradicts)
    }
}

fn disputed_by_arithmetic(input: &StatisticInput) -> bool {
    input.is_disputed_by_nobody() && input.baseline.is_some()
}
