//! HTTP of searches.

use super::{
    highlights::Spotlight,
    model::{DEEPEST, FACETS, Facet, Hit, KINDS, Kind, Question, SearchInput, Sought},
    queries,
    results::{Count, Facets, Interpreted, SearchResult, SearchResults},
};
use crate::{
    values::{
        lexicon::{Condition, Corrected, Understood},
        place,
    },
    web::{
        FromParams, Params, Query, Result, State,
        built::Built,
        cache::Counted,
        conditional::Caching,
        extract::NoParams,
        formats::{Format, JSON},
        page::{Page, Paging, number},
        parse,
        posed::Posed,
        state::Revision,
        terms::NamedIn,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post};
use diesel_async::AsyncPgConnection;
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations of searches.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_search).service(ask_search);
}

impl FromParams for Question {
    fn from_params(params: &mut Params) -> Self {
        let search = params.one("search", parse::search);
        if search.is_none() && !params.has("search") {
            params.missing("search", "say what to look for");
        }
        let kinds = params.list("kind", parse::name_of(&KINDS));
        let question = Self {
            search: search.unwrap_or_default(),
            kind: kinds.iter().filter_map(|name| Kind::named(name)).collect(),
            country: params.list("country", parse::country),
            topic: params.list("topic", parse::reference),
            language: params.list("language", parse::language),
            facets: params.list("facets", parse::one_of(&FACETS)),
            page: params.one("page", number(1, DEEPEST)).unwrap_or(1),
            per_page: params.one("per_page", number(1, 200)).unwrap_or(50),
        };
        if (question.page - 1) * question.per_page >= DEEPEST {
            params.misfit(
                "page",
                "too_deep",
                "results reach 200 deep",
                "search for more words, or take a list with search= for everything",
            );
        }
        question
    }
}

/// Searches everything
///
/// Organizations, hotlines, regional contacts and statistics that hold every term of `search`, the best
/// first; where none does, those that hold the most, and `interpreted.matched` says `some`. Places and
/// topics are understood by names and codes, synonyms of the field (`/v1/synonyms`) stand for each other,
/// a word with a wrong letter is corrected, accents and case do not matter, of the last word a beginning suffices. Of a
/// resource in which more than 200 records are found, those are ranked that are called so, and 200 others.
#[utoipa::path(
    tag = "search",
    params(Question),
    responses((status = 200, description = "A page of results.", body = SearchResults)),
)]
#[get("/v1/search")]
async fn read_search(
    state: State,
    request: HttpRequest,
    query: Query<Question>,
) -> Result<HttpResponse> {
    answer(
        &state,
        &request,
        (query.value, &query.canonical),
        Caching::Public,
    )
    .await
}

/// Searches everything, asked in the body
///
/// The same as `GET /v1/search`, for questions that shall stand in no address, log or history; the answer is
/// not to be kept.
#[utoipa::path(
    tag = "search",
    request_body = SearchInput,
    responses((status = 200, description = "A page of results.", body = SearchResults)),
)]
#[post("/v1/search")]
async fn ask_search(
    state: State,
    request: HttpRequest,
    _: Query<NoParams>,
    posed: Posed<SearchInput, Question>,
) -> Result<HttpResponse> {
    answer(&state, &request, (posed.value, ""), Caching::NoStore).await
}

async fn answer(
    state: &State,
    request: &HttpRequest,
    (mut question, canonical): (Question, &str),
    caching: Caching,
) -> Result<HttpResponse> {
    Format::negotiate(None, request, JSON)?;
    // A question that was put in a body is not to be kept.
    let named = match caching {
        Caching::NoStore => NamedIn::Body,
        _ => NamedIn::Address,
    };
    let asked = &mut [("topic", &mut question.topic)];
    state.find_terms(caching, named, asked).await?;
    let question = &question;
    let lexicon = state.lexicon(request);
    let url = &state.config().public_url;
    let build = async |revision| {
        // What is kept needs no turn and no understanding, and what is refused gets none: that takes its time too.
        let (_turn, mut connection) = state.searcher().await?;
        let asked = Asked {
            question,
            understood: &lexicon.understand(&question.search),
            revision,
        };
        let results = asked.results(state, &mut connection).await?;
        let built = Built::json(&results)?;
        // A question that was put in a body stands in no address.
        if caching == Caching::NoStore {
            return Ok(built);
        }
        let paging = Paging {
            page: question.page,
            per_page: question.per_page,
        };
        let pages = Page::<()>::new(Vec::new(), results.total_items.min(DEEPEST), paging);
        Ok(built.link(pages.links(url, request.path(), canonical)))
    };
    state.kept(request, canonical, caching, build).await
}

/// A question, and what answers it.
struct Asked<'a> {
    question: &'a Question,
    understood: &'a Understood,
    revision: Revision,
}

type Matching = (Vec<Condition>, Vec<(Kind, i64)>, &'static str);

impl Asked<'_> {
    async fn results(
        &self,
        state: &State,
        connection: &mut AsyncPgConnection,
    ) -> Result<SearchResults> {
        let question = self.question;
        let (terms, counts, matched) = self.matching(state, connection).await?;
        let offset = (question.page - 1) * question.per_page;
        let limit = question.per_page.min(DEEPEST - offset);
        let sought = Sought::new(question, self.understood, terms.clone(), matched == "all");
        let hits = queries::ranked(connection, &sought, &counts, (offset, limit)).await?;
        let mut documents = queries::documents(connection, &hits).await?;
        let spotlight = Spotlight::new(self.understood);
        let url = &state.config().public_url;
        let contents = hits
            .into_iter()
            .filter_map(|hit| {
                let document = documents.remove(&hit.id)?;
                Some(found(hit, &document, &spotlight, url))
            })
            .collect();
        let facets = match question.facets.is_empty() {
            true => Facets::default(),
            false => self.facets(state, connection, &terms, &counts).await?,
        };
        let total = counts.iter().map(|(_, count)| count).sum();
        let told = self.told(connection).await?;
        let interpreted = Interpreted::new(self.understood, &told, matched);
        Ok(SearchResults::new(
            question,
            total,
            interpreted,
            facets,
            contents,
        ))
    }

    /// What holds every term; where nothing does, what lacks the fewest.
    async fn matching(
        &self,
        state: &State,
        connection: &mut AsyncPgConnection,
    ) -> Result<Matching> {
        let kinds = self.question.kinds();
        for (place, terms) in self.understood.attempts().into_iter().enumerate() {
            let terms = self.question.within(terms);
            let selection = selection("kind", &kinds, &terms);
            let count = async { Ok(queries::counts(connection, &terms, &kinds).await?) };
            let kept = &state.shared.kept;
            let counts = kept.counts(self.revision, &selection, count).await?;
            if !counts.is_empty() {
                let matched = if place == 0 { "all" } else { "some" };
                let counts = counts.iter();
                let counts = counts.filter_map(|(name, count)| Some((Kind::named(name)?, *count)));
                return Ok((terms, counts.collect(), matched));
            }
        }
        Ok((Vec::new(), Vec::new(), "all"))
    }

    async fn facets(
        &self,
        state: &State,
        connection: &mut AsyncPgConnection,
        terms: &[Condition],
        counts: &[(Kind, i64)],
    ) -> Result<Facets> {
        let mut facets = Facets::default();
        let kinds: Vec<Kind> = counts.iter().map(|(kind, _)| *kind).collect();
        let listed = |counted: &[Counted]| {
            let counted = counted.iter().cloned();
            counted
                .map(|(value, count)| Count { value, count })
                .collect()
        };
        for facet in &self.question.facets {
            let selection = selection(facet.name(), &kinds, terms);
            let count = async {
                Ok(match facet {
                    Facet::Kind => by_kind(counts),
                    _ if kinds.is_empty() => Vec::new(),
                    Facet::Topic => queries::facet(connection, terms, &kinds, *facet).await?,
                    Facet::Country => {
                        let mut counted = queries::facet(connection, terms, &kinds, *facet).await?;
                        counted.retain(|(value, _)| place::Country::parse(value).is_ok());
                        counted
                    }
                })
            };
            let kept = &state.shared.kept;
            let counted = kept.counts(self.revision, &selection, count).await?;
            let of = match facet {
                Facet::Country => &mut facets.country,
                Facet::Topic => &mut facets.topic,
                Facet::Kind => &mut facets.kind,
            };
            *of = Some(listed(&counted));
        }
        Ok(facets)
    }

    /// Corrections to words that stand in public records now: what was hidden since the words were read
    /// is told to nobody.
    async fn told(&self, connection: &mut AsyncPgConnection) -> Result<Vec<Corrected>> {
        let corrected = &self.understood.corrected;
        if corrected.is_empty() {
            return Ok(Vec::new());
        }
        let words: Vec<String> = corrected.iter().map(|one| one.to.clone()).collect();
        let known = queries::known(connection, &words).await?;
        let told = corrected
            .iter()
            .filter(|one| one.own || known.contains(&one.to));
        Ok(told.cloned().collect())
    }
}

/// What is counted, in words of its own.
fn selection(by: &str, kinds: &[Kind], terms: &[Condition]) -> String {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let terms: Vec<String> = terms.iter().map(Condition::text).collect();
    format!("search by {by} {}|{}", kinds.join("+"), terms.join("&"))
}

fn by_kind(counts: &[(Kind, i64)]) -> Vec<Counted> {
    let mut counts = counts.to_vec();
    counts.sort_by_key(|(_, count)| -count);
    let named = counts.into_iter();
    named
        .map(|(kind, count)| (kind.name().to_owned(), count))
        .collect()
}

fn found(hit: Hit, document: &Value, spotlight: &Spotlight, public_url: &str) -> SearchResult {
    let text = |name: &str| document[name].as_str().map(str::to_owned);
    let list = |name: &str| -> Vec<String> {
        let list = document[name].as_array().into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let areas = match hit.kind {
        Kind::Organizations => text("country").into_iter().collect(),
        Kind::Hotlines => list("coverage"),
        Kind::RegionalContacts => [list("serves"), text("country").into_iter().collect()].concat(),
        Kind::Statistics => text("geography").into_iter().collect(),
    };
    SearchResult {
        kind: hit.kind,
        id: hit.id,
        name: text("name").or_else(|| text("title")).unwrap_or_default(),
        lang: text("lang").unwrap_or_default(),
        countries: place::countries_of(&areas),
        assessment: text("assessment"),
        outcome: text("outcome"),
        url: format!("{public_url}/v1/{}/{}", hit.kind.name(), hit.slug),
        score: (hit.score * 1000.0).round() / 1000.0,
        highlights: spotlight.on(hit.kind, document),
        slug: hit.slug,
    }
}
