//! Whether the addresses of sources still answer. Only an operator's command asks them.
//!
//! Addresses in the directory are written by others, so none may turn the program against the
//! network that it runs in: a name is resolved once, every address found is held against
//! `values::address`, and the connection goes to one that passed; so again at every redirect. Only http and https
//! on their own ports are asked, without names of users, and no proxy stands in between.

mod guard;

use super::queries;
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use guard::{RULES, Rules, agent, refusal};
use std::{
    collections::BTreeMap,
    io::Read,
    sync::{Mutex, PoisonError},
    thread,
};
use ureq::{Agent, ResponseExt, http::Uri};
use uuid::Uuid;

/// How many hosts are asked at once; each is asked one address after the other.
const HOSTS_AT_ONCE: usize = 8;
/// Bytes of a body that are read.
const MOST_BYTES: u64 = 64 * 1024;

/// A public source and where it stands.
#[derive(Debug, Clone)]
pub struct Link {
    /// The id of the source.
    pub id: Uuid,
    /// Its slug.
    pub slug: String,
    /// Its address.
    pub url: String,
}

/// What was found at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It answers.
    Ok,
    /// It answers elsewhere.
    Moved,
    /// It does not answer, or with an error.
    Unreachable,
    /// It is none that may be asked.
    Refused,
}

impl Outcome {
    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Moved => "moved",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
        }
    }
}

/// A link after it was checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What was asked.
    pub link: Link,
    /// What was found.
    pub outcome: Outcome,
    /// Why, or where it went; empty when there is nothing to say.
    pub detail: String,
}

/// The public sources and where they stand.
///
/// # Errors
/// Those of the query.
pub async fn links(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Link>> {
    let sources = queries::public_sources(connection).await?;
    let links = sources.into_iter().map(|(id, slug, document)| Link {
        id,
        slug,
        url: document["url"].as_str().unwrap_or_default().to_owned(),
    });
    Ok(links.collect())
}

/// Keeps what was found.
///
/// # Errors
/// Those of the query.
pub async fn keep(
    connection: &mut AsyncPgConnection,
    at: DateTime<Utc>,
    checked: &[Checked],
) -> QueryResult<()> {
    let found = checked
        .iter()
        .map(|one| (one.link.id, one.outcome.name(), one.detail.clone()));
    queries::note_checks(connection, at, &found.collect::<Vec<_>>()).await
}

/// Asks all addresses; blocks until the last answered or time is up. Says `one` after each.
pub fn check(links: Vec<Link>, one: impl Fn() + Sync) -> Vec<Checked> {
    check_by(RULES, links, one)
}

fn check_by(rules: Rules, links: Vec<Link>, one: impl Fn() + Sync) -> Vec<Checked> {
    let mut hosts: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for link in links {
        let uri: Option<Uri> = link.url.parse().ok();
        let host = uri.and_then(|uri| uri.host().map(str::to_owned));
        hosts
            .entry(host.unwrap_or_default())
            .or_default()
            .push(link);
    }
    let left: Mutex<Vec<Vec<Link>>> = Mutex::new(hosts.into_values().collect());
    let found: Mutex<Vec<Checked>> = Mutex::default();
    let agent = agent(rules);
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || {
        while let Some(links) = next() {
            for link in links {
                let (outcome, detail) = ask(&agent, &link.url);
                let checked = Checked {
                    link,
                    outcome,
                    detail,
                };
                found
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(checked);
                one();
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..HOSTS_AT_ONCE {
            scope.spawn(work);
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by(|one, other| one.link.slug.cmp(&other.link.slug));
    found
}

/// Asks one address: for its head, and where that does not answer well for the start of its body.
fn ask(agent: &Agent, url: &str) -> (Outcome, String) {
    let (status, at) = match agent.head(url).call() {
        Ok(answer) if answer.status().is_success() => (answer.status(), answer.get_uri().clone()),
        Err(error) if refusal(&error).is_some() => return unanswered(&error),
        _ => match agent.get(url).call() {
            Ok(mut answer) => {
                let mut body = answer.body_mut().as_reader().take(MOST_BYTES);
                if let Err(error) = std::io::copy(&mut body, &mut std::io::sink()) {
                    return (Outcome::Unreachable, error.to_string());
                }
                (answer.status(), answer.get_uri().clone())
            }
            Err(error) => return unanswered(&error),
        },
    };
    if !status.is_success() {
        return (
            Outcome::Unreachable,
            format!("it answers {}", status.as_u16()),
        );
    }
    let same = url.parse::<Uri>().is_ok_and(|asked| asked == at);
    match same {
        true => (Outcome::Ok, String::new()),
        false => (Outcome::Moved, at.to_string()),
    }
}

/// What a request that brought no answer says of its address.
fn unanswered(error: &ureq::Error) -> (Outcome, String) {
    match refusal(error) {
        Some(reason) => (Outcome::Refused, reason),
        None => (Outcome::Unreachable, error.to_string()),
    }
}

#[cfg(test)]
mod tests;
