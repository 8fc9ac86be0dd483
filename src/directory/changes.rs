//! What changed in public data after a revision, so that a copy can follow.

use super::{
    model::{ChangedRecord, Changes, GoneRecord, MovedRecord},
    queries::{self, Changed},
};
use crate::values::{Invalid, licence};
use crate::{
    hotlines, organizations, regional_contacts, statistics,
    values::{place, view::View},
    vocabularies::{self, Indicator, Population, Source, Synonym, Topic},
    web::{
        FromParams, Params, Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        formats::{Format, JSON},
        page::number,
        parse,
        problem::ErrorDetail,
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Mounts the change feed.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_changes);
}

/// Who is farther behind reads everything anew, which is less work for both.
const FARTHEST: i64 = 10_000;
/// Records in one answer when nobody says otherwise, and the most.
const PER_PAGE: (i64, i64) = (500, 1000);

/// What a follower asks.
#[derive(Debug)]
struct Following {
    since: i64,
    country: Vec<String>,
    per_page: i64,
}

impl FromParams for Following {
    fn from_params(params: &mut Params) -> Self {
        let since = params.one("since", number(0, i64::MAX));
        if since.is_none() && !params.has("since") {
            params.missing(
                "since",
                "give the Directory-Revision that your copy stands at; 0 for an empty copy",
            );
        }
        Self {
            since: since.unwrap_or_default(),
            country: params.list("country", parse::country),
            per_page: params
                .one("per_page", number(1, PER_PAGE.1))
                .unwrap_or(PER_PAGE.0),
        }
    }
}

/// Lists what changed in public data
///
/// Everything that happened to public records after revision `since`, the last of each record:
/// `upserted` with the record as it is read under its own address, `gone` without a reason, `moved`
/// from an old slug. Apply it, then ask again with `since` = `until`, at once while `more` is true:
/// the copy ends in what the directory shows. With `country` the copy holds what touches these countries
/// (coverage, seat, area served, geography; worldwide records and vocabularies always), and what
/// leaves them is `gone`. Freshness changes with the UTC day without an entry: count it from its dates.
#[utoipa::path(
    tag = "directory",
    params(
        ("since" = i64, Query, minimum = 0, description = "The revision that the copy stands at; 0 for an empty one."),
        ("country" = Option<Vec<crate::values::describe::CountryCode>>, Query, style = Form, explode, max_items = 50, description = "Only what touches these countries; the same at each asking."),
        ("per_page" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "Records in one answer, 500 when left out; those of one revision stay together."),
    ),
    responses(
        (status = 200, description = "What changed.", body = Changes),
    ),
)]
#[get("/v1/changes")]
async fn list_changes(
    state: State,
    request: HttpRequest,
    query: Query<Following>,
) -> Result<HttpResponse> {
    Format::negotiate(None, &request, JSON)?;
    let asked = query.value;
    let build = async |revision: crate::web::state::Revision| {
        if asked.since > revision.number {
            let invalid = Invalid::new(
                "ahead",
                "the directory has no such revision yet",
                "start anew from since=0 if the directory was restored",
            );
            return Err(Problem::Unprocessable(vec![ErrorDetail::parameter(
                "since", invalid,
            )]));
        }
        if revision.number - asked.since > FARTHEST {
            return Err(Problem::TooFarBehind);
        }
        let mut connection = state.reader().await?;
        let changes = changes(&mut connection, &asked, revision.number, &state.view(None)).await?;
        Built::json(&changes)
    };
    state
        .kept(&request, &query.canonical, Caching::Public, build)
        .await
}

/// Where records are met by who follows these countries; nothing for everywhere.
fn reach(countries: &[String]) -> Vec<String> {
    let mut reach: Vec<String> = countries
        .iter()
        .flat_map(|country| place::reached_by(country))
        .collect();
    reach.sort();
    reach.dedup();
    reach
}

async fn changes(
    connection: &mut AsyncPgConnection,
    asked: &Following,
    last: i64,
    view: &View,
) -> Result<Changes> {
    let reach = reach(&asked.country);
    let rows = queries::changed(connection, (asked.since, last), &reach, asked.per_page).await?;
    let more = rows.len() as i64 > asked.per_page;
    // The revision at the end of the page is whole: one more row tells whether there is another.
    let cut = rows.get(asked.per_page as usize - 1).filter(|_| more);
    let cut = cut.map(|row| row.revision);
    let rows = match cut {
        Some(cut) => queries::changed_until(connection, (asked.since, cut), &reach).await?,
        None => rows,
    };
    let until = cut.unwrap_or(last);
    let within = |row: &Changed| {
        row.slug.is_some()
            && (reach.is_empty() || row.countries.iter().any(|one| reach.contains(one)))
    };
    let (shown, gone): (Vec<Changed>, Vec<Changed>) = rows.into_iter().partition(within);
    let mut records = records(connection, &shown, view).await?;
    let upserted = shown
        .into_iter()
        // What was hidden since is gone with a later revision.
        .filter_map(|row| {
            Some(ChangedRecord {
                record: records.remove(&row.id)?,
                resource: row.resource,
                id: row.id,
                revision: row.revision,
                at: row.at,
            })
        })
        .collect();
    let gone = gone
        .into_iter()
        .map(|row| GoneRecord {
            resource: row.resource,
            id: row.id,
            revision: row.revision,
            at: row.at,
        })
        .collect();
    let moved = queries::moved(connection, (asked.since, until), &reach).await?;
    Ok(Changes {
        since: asked.since,
        until,
        more: until < last,
        upserted,
        gone,
        moved: moved
            .into_iter()
            .map(|(resource, from, id, slug, revision)| MovedRecord {
                resource,
                from,
                id,
                slug,
                revision,
            })
            .collect(),
        licence: licence::LICENCE,
        attribution: licence::ATTRIBUTION,
    })
}

/// How many records are read in one statement, which has five seconds: as many as name one that was renamed or hidden
/// changed with it, in one revision.
const TOGETHER: usize = 1000;

/// The records as they are read under their own addresses, by id.
async fn records(
    connection: &mut AsyncPgConnection,
    changed: &[Changed],
    view: &View,
) -> QueryResult<HashMap<Uuid, Value>> {
    let mut by_resource: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for row in changed {
        by_resource.entry(&row.resource).or_default().push(row.id);
    }
    let mut found = HashMap::new();
    let parts = by_resource.iter().flat_map(|(resource, ids)| {
        let parts = ids.chunks(TOGETHER);
        parts.map(move |ids| (*resource, ids))
    });
    for (resource, ids) in parts {
        match resource {
            "organizations" => {
                let all = organizations::queries::with_ids(connection, ids, view).await?;
                keep(&mut found, all, |one| one.id);
            }
            "hotlines" => {
                let all = hotlines::queries::with_ids(connection, ids, view).await?;
                keep(&mut found, all, |one| one.id);
            }
            "regional_contacts" => {
                let all = regional_contacts::queries::with_ids(connection, ids, view).await?;
                keep(&mut found, all, |one| one.id);
            }
            "statistics" => {
                let all = statistics::queries::with_ids(connection, ids, view).await?;
                keep(&mut found, all, |one| one.id);
            }
            vocabulary => {
                for term in vocabularies::queries::with_ids(connection, vocabulary, ids).await? {
                    let id = term.id;
                    match vocabulary {
                        "topics" => keep(
                            &mut found,
                            vec![Topic::of(view, &term, term.read()?)],
                            |_| id,
                        ),
                        "populations" => keep(
                            &mut found,
                            vec![Population::of(view, &term, term.read()?)],
                            |_| id,
                        ),
                        "sources" => {
                            keep(&mut found, vec![Source::of(&term, term.read()?)], |_| id)
                        }
                        "indicators" => keep(
                            &mut found,
                            vec![Indicator::of(view, &term, term.read()?)],
                            |_| id,
                        ),
                        "synonyms" => keep(
                            &mut found,
                            vec![Synonym::of(view, &term, term.read()?)],
                            |_| id,
                        ),
                        // Of a country its record; what the directory counts follows from the rest.
                        _ => keep(
                            &mut found,
                            vec![vocabularies::CountryNumbers::of(view, &term, term.read()?)],
                            |_| id,
                        ),
                    }
                }
            }
        }
    }
    Ok(found)
}

fn keep<T: Serialize>(found: &mut HashMap<Uuid, Value>, all: Vec<T>, id: impl Fn(&T) -> Uuid) {
    for one in all {
        if let Ok(value) = serde_json::to_value(&one) {
            found.insert(id(&one), value);
        }
    }
}
