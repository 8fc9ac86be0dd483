//! Follows the ledger: asks for its public revision four times a second, and reads what changed.

use super::{
    lines::{Body, Line, Office},
    memory::{Memory, Term},
    queries, saved,
};
use crate::{
    db::{self, Pool},
    hotlines, organizations,
    organizations::{ActionKind, OrganizationInput, Scope},
    regional_contacts,
    regional_contacts::RegionalContactInput,
    vocabularies::{self, CountryInput, PopulationInput, SourceInput, TopicInput},
    web::state::{Revision, Shared},
};
use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How often the revision is asked for.
const FOLLOW: Duration = Duration::from_millis(250);
/// How many records a statement reads.
const BATCH: i64 = 1000;

/// How long nothing is saved after something was.
const REST: Duration = Duration::from_secs(5);
/// How old what is saved becomes while nothing changes: it says until when it was confirmed.
const OLDEST: Duration = Duration::from_secs(300);

/// The memory that all threads answer from, and when it was last known to be up to date.
pub type Followed = Arc<ArcSwapOption<(DateTime<Utc>, Arc<Memory>)>>;

/// The resources that an answer is made of.
const RESOURCES: [&str; 7] = [
    "topics",
    "populations",
    "countries",
    "sources",
    "organizations",
    "hotlines",
    "regional_contacts",
];

/// Follows the ledger as long as the process lives, and saves what it knows.
pub async fn follow(shared: Shared, followed: Followed, pool: Pool, path: Option<PathBuf>) {
    let mut saved = None;
    loop {
        if let Some(path) = &path {
            keep(&followed, path, &mut saved).await;
        }
        shared.pulse.rest(FOLLOW).await;
        let tried = try_follow(&followed, &pool);
        let _ = shared.pulse.while_there(tried).await;
    }
}

/// Answers from what was saved until the directory is read; says until when that was confirmed.
///
/// # Errors
/// What is wrong with the file.
pub fn recall(followed: &Followed, path: &Path) -> Result<(DateTime<Utc>, Revision), String> {
    let (confirmed_at, memory) = saved::read(path)?;
    let revision = memory.revision;
    followed.store(Some(Arc::new((confirmed_at, Arc::new(memory)))));
    Ok((confirmed_at, revision))
}

/// Saves the memory where it has changed, or was saved long ago; `saved` is when, and which revision.
async fn keep(followed: &Followed, path: &Path, saved: &mut Option<(Instant, i64)>) {
    let Some(known) = followed.load_full() else {
        return;
    };
    let number = known.1.revision.number;
    let due = saved
        .is_none_or(|(at, last)| at.elapsed() > OLDEST || at.elapsed() > REST && last != number);
    if !due {
        return;
    }
    *saved = Some((Instant::now(), number));
    let path = path.to_owned();
    let written = tokio::task::spawn_blocking(move || saved::save(&path, &known.1, known.0)).await;
    let written = match written {
        Ok(Ok(())) => Ok(()),
        _ => Err("the data directory takes no file"),
    };
    db::trouble::note("saving what help is answered from", written);
}

/// Brings the memory up to date; a failure is noted and tried again.
pub async fn try_follow(followed: &Followed, pool: &Pool) {
    let renewed = renew(followed, pool).await;
    db::trouble::note("following the directory for help", renewed);
}

async fn renew(followed: &Followed, pool: &Pool) -> Result<(), &'static str> {
    let mut connection = db::checkout(pool)
        .await
        .map_err(|error| db::pool_error_kind(&error))?;
    let asked = Utc::now();
    let known = followed.load_full();
    let connection = &mut *connection;
    let revision = db::revision(connection)
        .await
        .map_err(|_| "the query failed")?;
    let known = known.as_deref().map(|(_, memory)| memory);
    // Of another directory, or of one that was put back to an earlier state, changes say nothing.
    let known = known.filter(|memory| !memory.recalled && memory.revision.number <= revision.0);
    let memory = match known.filter(|memory| memory.revision.number == revision.0) {
        Some(memory) => Arc::clone(memory),
        None => {
            let read = read(connection, known.map(|memory| &**memory)).await;
            Arc::new(read.map_err(|_| "the query failed")?)
        }
    };
    followed.store(Some(Arc::new((asked, memory))));
    Ok(())
}

/// Reads what changed since what is known, or everything, as it stood at one moment.
async fn read(connection: &mut AsyncPgConnection, known: Option<&Memory>) -> QueryResult<Memory> {
    let mut moment = connection.build_transaction().read_only().repeatable_read();
    moment
        .run(async |connection| match known {
            Some(known) => changes(connection, known).await,
            None => everything(connection).await,
        })
        .await
}

async fn revision(connection: &mut AsyncPgConnection) -> QueryResult<Revision> {
    let (number, at) = db::revision(connection).await?;
    Ok(Revision { number, at })
}

async fn changes(connection: &mut AsyncPgConnection, known: &Memory) -> QueryResult<Memory> {
    let mut memory = known.clone();
    memory.revision = revision(connection).await?;
    let changed = queries::changed(connection, known.revision.number, &RESOURCES).await?;
    for resource in RESOURCES {
        let ids = changed.iter().filter(|(of, _)| of == resource);
        let ids: Vec<Uuid> = ids.map(|(_, id)| *id).collect();
        for id in &ids {
            memory.forget(*id);
        }
        for ids in ids.chunks(BATCH as usize) {
            memory.take(connection, resource, Some(ids), None).await?;
        }
    }
    memory.index();
    Ok(memory)
}

async fn everything(connection: &mut AsyncPgConnection) -> QueryResult<Memory> {
    let mut memory = Memory::empty(revision(connection).await?);
    for resource in RESOURCES {
        let mut after = None;
        loop {
            after = memory.take(connection, resource, None, after).await?;
            if after.is_none() {
                break;
            }
        }
    }
    memory.index();
    Ok(memory)
}

impl Memory {
    fn forget(&mut self, id: Uuid) {
        self.lines.remove(&id);
        self.offices.remove(&id);
        self.organizations.remove(&id);
        self.countries.remove(&id);
        self.terms.remove(&id);
        self.sources.remove(&id);
    }

    /// Reads some records of a resource: those with these ids, or the next after a slug. Says
    /// after which slug to go on.
    async fn take(
        &mut self,
        connection: &mut AsyncPgConnection,
        resource: &str,
        ids: Option<&[Uuid]>,
        after: Option<String>,
    ) -> QueryResult<Option<String>> {
        let next = |last: Option<String>, read: usize| last.filter(|_| read as i64 == BATCH);
        match resource {
            "hotlines" => {
                let read = hotlines::queries::held(connection, ids, after, BATCH).await?;
                let last = next(
                    read.last().map(|(record, ..)| record.slug.clone()),
                    read.len(),
                );
                for (record, organization, input) in read {
                    let known = &mut self.schedules;
                    let line = Line::of(known, record.id, organization, input);
                    self.lines.insert(record.id, Arc::new(line));
                }
                Ok(last)
            }
            "regional_contacts" => {
                let read = regional_contacts::queries::held(connection, ids, after, BATCH).await?;
                let last = next(
                    read.last().map(|(record, ..)| record.slug.clone()),
                    read.len(),
                );
                for (record, organization, input) in read {
                    if takes_reports(&input) {
                        let known = &mut self.schedules;
                        let office = Office::of(known, record.id, organization, input);
                        self.offices.insert(record.id, Arc::new(office));
                    }
                }
                Ok(last)
            }
            "organizations" => {
                let read = organizations::queries::held(connection, ids, after, BATCH).await?;
                let last = next(read.last().map(|record| record.slug.clone()), read.len());
                for record in read {
                    let input: OrganizationInput = record.read()?;
                    if input.scope == Scope::Global && report_url(&input).is_some() {
                        let body = Body {
                            id: record.id,
                            input,
                        };
                        self.organizations.insert(record.id, Arc::new(body));
                    }
                }
                Ok(last)
            }
            vocabulary => {
                let read = match ids {
                    Some(ids) => {
                        vocabularies::queries::with_ids(connection, vocabulary, ids).await?
                    }
                    None => {
                        let batch = vocabularies::queries::batch;
                        batch(connection, vocabulary, None, after, BATCH).await?
                    }
                };
                let last = next(read.last().map(|record| record.slug.clone()), read.len());
                for record in read {
                    match vocabulary {
                        "countries" => {
                            let input = record.read::<CountryInput>()?;
                            self.countries.insert(record.id, Arc::new(input));
                        }
                        "sources" => {
                            let input = record.read::<SourceInput>()?;
                            self.sources.insert(record.id, Arc::new(input));
                        }
                        "topics" => {
                            let TopicInput {
                                slug,
                                name,
                                translations,
                                ..
                            } = record.read()?;
                            let term = Term {
                                slug,
                                name,
                                translations,
                            };
                            self.terms.insert(record.id, term);
                        }
                        _ => {
                            let PopulationInput {
                                slug,
                                name,
                                translations,
                                ..
                            } = record.read()?;
                            let term = Term {
                                slug,
                                name,
                                translations,
                            };
                            self.terms.insert(record.id, term);
                        }
                    }
                }
                Ok(last)
            }
        }
    }
}

/// Whether an office takes victims or reports. Those that coordinate, watch or lead do not.
fn takes_reports(input: &RegionalContactInput) -> bool {
    use regional_contacts::Role;
    !matches!(
        input.role,
        Role::NationalCoordination | Role::NationalRapporteur | Role::IntergovernmentalOffice
    )
}

/// Where to report to an organization.
pub fn report_url(input: &OrganizationInput) -> Option<&str> {
    let report = |action: &&organizations::Action| action.action == ActionKind::Report;
    input
        .actions
        .iter()
        .find(report)
        .map(|action| action.url.as_str())
}
