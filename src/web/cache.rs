//! Finished answers, kept by what was asked, the public revision and the UTC day: compressed
//! once, with their ETags. A revision or a midnight makes every older key unreachable.

use super::{
    Problem,
    built::Built,
    compressed::{self, Compressed, How},
    conditional::{self, Caching},
    front::REVISION,
    language::Spoken,
    state::{self, Directory, Revision},
};
use crate::values::digest;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderName, HeaderValue},
};
use bytes::Bytes;
use moka::policy::EvictionPolicy;
use std::{fmt::Write as _, sync::Arc};

/// Below this size compression gains nothing.
const WORTH_COMPRESSING: usize = 860;

/// Finished answers and totals in bounded memory.
#[derive(Clone)]
pub struct Kept {
    answers: moka::future::Cache<String, Arc<Answer>>,
    totals: moka::future::Cache<String, i64>,
    counts: moka::future::Cache<String, Arc<Vec<Counted>>>,
    terms: moka::future::Cache<String, Arc<Vec<Term>>>,
}

/// A value, and how many records have it.
pub type Counted = (String, i64);

/// The id and the slug of a topic or a population.
pub type Term = (String, String);

/// So many numbers of [`Kept::counts`] are kept.
const COUNTS: u64 = 100_000;

/// A finished answer in every encoding.
#[derive(Debug)]
pub struct Answer {
    content_type: &'static str,
    /// What belongs in the headers of 304 too.
    described: Vec<(HeaderName, HeaderValue)>,
    identity: Bytes,
    etag: HeaderValue,
    gzip: Compressed,
    brotli: Compressed,
}

impl Kept {
    /// Keeps at most `bytes` of answers.
    pub fn new(bytes: u64) -> Self {
        let weight = |key: &String, answer: &Arc<Answer>| {
            // With what compressing will add.
            let bytes = answer.identity.len() * 3 / 2;
            u32::try_from(key.len() + bytes + 200).unwrap_or(u32::MAX)
        };
        Self {
            answers: moka::future::Cache::builder()
                .max_capacity(bytes)
                .weigher(weight)
                .build(),
            totals: moka::future::Cache::new(100_000),
            counts: moka::future::Cache::builder()
                .max_capacity(COUNTS)
                .weigher(|_, counts: &Arc<Vec<Counted>>| counts.len() as u32 + 8)
                .build(),
            // Of two taxonomies at the last revisions: whatever was asked for more often before.
            terms: moka::future::Cache::builder()
                .max_capacity(8)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// The total of a selection, counted once per public revision.
    ///
    /// # Errors
    /// Those of the count.
    pub async fn total(
        &self,
        revision: Revision,
        selection: &str,
        count: impl Future<Output = Result<i64, Problem>>,
    ) -> Result<i64, Problem> {
        once(&self.totals, revision, selection, count).await
    }

    /// The records of a selection by some value, counted once per public revision.
    ///
    /// # Errors
    /// Those of the count.
    pub async fn counts(
        &self,
        revision: Revision,
        selection: &str,
        count: impl Future<Output = Result<Vec<Counted>, Problem>>,
    ) -> Result<Arc<Vec<Counted>>, Problem> {
        let count = async { Ok(Arc::new(count.await?)) };
        once(&self.counts, revision, selection, count).await
    }

    /// The terms of a taxonomy, read once per public revision.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn terms(
        &self,
        revision: Revision,
        vocabulary: &str,
        read: impl Future<Output = Result<Arc<Vec<Term>>, Problem>>,
    ) -> Result<Arc<Vec<Term>>, Problem> {
        once(&self.terms, revision, vocabulary, read).await
    }
}

/// What was found before at a revision, or finds it and keeps it.
async fn once<T: Clone + Send + Sync + 'static>(
    kept: &moka::future::Cache<String, T>,
    revision: Revision,
    selection: &str,
    find: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    // Of one size, however long the question is.
    let key = digest::tag(format!("{revision}|{selection}").as_bytes());
    if let Some(found) = kept.get(&key).await {
        return Ok(found);
    }
    let found = find.await?;
    kept.insert(key, found.clone()).await;
    Ok(found)
}

impl Directory {
    /// Answers with what is kept under the request, or builds, keeps and sends it.
    ///
    /// # Errors
    /// Those of the building; they are never kept.
    pub async fn kept(
        &self,
        request: &HttpRequest,
        canonical: &str,
        caching: Caching,
        build: impl AsyncFnOnce(Revision) -> Result<Built, Problem>,
    ) -> Result<HttpResponse, Problem> {
        let revision = self.revision()?;
        let (path, asked) = (request.path(), state::understood(request, canonical));
        let day = self.day();
        let spoken = Spoken::key(request);
        let mut key = String::with_capacity(path.len() + asked.len() + spoken.len() + 60);
        // Writing to a text cannot fail.
        let _ = write!(key, "{path}?{asked}|{revision}|{day}|{spoken}");
        let build = async || build(revision).await;
        if caching == Caching::Public {
            let key = digest::tag(key.as_bytes());
            let response = self.by_key(request, &key, revision, caching, build).await?;
            self.note_repeat(request, key, revision, day);
            return Ok(response);
        }
        let answer = Answer::of(Box::pin(build()).await?);
        Ok(answer.respond(request, revision, caching, Spoken::vary(request)))
    }

    /// What is kept under the digest of a key.
    pub(super) async fn answer(&self, key: &str) -> Option<Arc<Answer>> {
        self.shared.kept.answers.get(key).await
    }

    /// Answers with what is kept under a key, or builds, keeps and sends it. The key holds everything that the
    /// bytes depend on.
    ///
    /// # Errors
    /// Those of the building; they are never kept.
    pub async fn remembered(
        &self,
        request: &HttpRequest,
        key: &str,
        revision: Revision,
        caching: Caching,
        build: impl AsyncFnOnce() -> Result<Built, Problem>,
    ) -> Result<HttpResponse, Problem> {
        let key = digest::tag(key.as_bytes());
        self.by_key(request, &key, revision, caching, build).await
    }

    /// The same by the digest of a key: of one size, however long the question is, and without its words.
    async fn by_key(
        &self,
        request: &HttpRequest,
        key: &str,
        revision: Revision,
        caching: Caching,
        build: impl AsyncFnOnce() -> Result<Built, Problem>,
    ) -> Result<HttpResponse, Problem> {
        let vary = Spoken::vary(request);
        if let Some(answer) = self.answer(key).await {
            return Ok(answer.respond(request, revision, caching, vary));
        }
        // In a box of its own: what is kept is answered without the room that building takes.
        let answer = Arc::new(Answer::of(Box::pin(build()).await?));
        let response = answer.respond(request, revision, caching, vary);
        let answers = &self.shared.kept.answers;
        answers.insert(key.to_owned(), answer).await;
        Ok(response)
    }
}

impl Answer {
    /// The same bytes in every encoding, each with its tag.
    fn of(built: Built) -> Self {
        Self::compressed(built, compressed::QUICKLY)
    }

    /// The same as small as can be: for what is made once a process.
    pub(super) fn smallest(built: Built) -> Self {
        Self::compressed(built, compressed::CLOSELY)
    }

    fn compressed(built: Built, (brotli, gzip): (How, How)) -> Self {
        let hash = digest::tag(&built.bytes);
        // Other bytes, another tag (RFC 9110, 8.8.1); known before there are any.
        let etag = |encoding: &str| {
            let tag = match built.revision {
                Some(revision) => format!("\"{revision}.{hash}{encoding}\""),
                None => format!("\"{hash}{encoding}\""),
            };
            // Digits and names of encodings are visible ASCII.
            HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""))
        };
        let described = [
            (header::LINK, built.link),
            (header::CONTENT_LANGUAGE, built.languages),
            (header::CONTENT_LOCATION, built.location),
            (
                header::CONTENT_SECURITY_POLICY,
                built.policy.map(str::to_owned),
            ),
        ];
        // Encoded addresses, tags of languages and policies are visible ASCII.
        let value = |(name, text): (HeaderName, Option<String>)| {
            Some((name, HeaderValue::try_from(text?).ok()?))
        };
        Self {
            gzip: Compressed::new(gzip, etag(".gzip")),
            brotli: Compressed::new(brotli, etag(".br")),
            etag: etag(""),
            content_type: built.content_type,
            described: described.into_iter().filter_map(value).collect(),
            identity: Bytes::from(built.bytes),
        }
    }

    pub(super) fn respond(
        &self,
        request: &HttpRequest,
        revision: Revision,
        caching: Caching,
        vary: &'static str,
    ) -> HttpResponse {
        let mut response = self.send(request, caching.header(), vary);
        let revision = HeaderValue::from(revision.number);
        response.headers_mut().insert(REVISION, revision);
        response
    }

    /// Sends it, or 304 to those who have it; what others may do with it, and what it depends on.
    pub(super) fn send(
        &self,
        request: &HttpRequest,
        caching: &'static str,
        vary: &'static str,
    ) -> HttpResponse {
        let (encoding, etag, bytes) = self.chosen(request);
        // A question in a body is answered anew (RFC 9110, 13.1.2).
        let reads = request.method() == actix_web::http::Method::GET;
        let fresh = reads && conditional::matches(request, self.etags());
        let mut response = match fresh {
            true => HttpResponse::NotModified(),
            false => HttpResponse::Ok(),
        };
        // Values that are ready: each text would be checked and copied for every answer.
        let text = HeaderValue::from_static;
        response
            .insert_header((header::ETAG, etag.clone()))
            .insert_header((header::CACHE_CONTROL, text(caching)))
            .insert_header((header::VARY, text(vary)));
        for (name, value) in &self.described {
            response.insert_header((name.clone(), value.clone()));
        }
        if fresh {
            return response.finish();
        }
        if let Some(encoding) = encoding {
            response.insert_header((header::CONTENT_ENCODING, text(encoding)));
        }
        response
            .insert_header((header::CONTENT_TYPE, text(self.content_type)))
            .body(bytes)
    }

    /// The tags of all encodings.
    fn etags(&self) -> impl Iterator<Item = &HeaderValue> + Clone {
        [&self.etag, &self.gzip.etag, &self.brotli.etag].into_iter()
    }

    /// The bytes as they were built.
    pub(super) fn bytes(&self) -> &Bytes {
        &self.identity
    }

    /// How many there are, and with gzip.
    pub(super) fn sizes(&self) -> (usize, usize) {
        let compressed = self.gzip.of(&self.identity);
        let compressed = compressed.map_or(self.identity.len(), Bytes::len);
        (self.identity.len(), compressed)
    }

    /// The encoding that a request takes, its tag and its bytes.
    fn chosen(&self, request: &HttpRequest) -> (Option<&'static str>, &HeaderValue, Bytes) {
        for (name, kept) in [("br", &self.brotli), ("gzip", &self.gzip)] {
            if self.identity.len() < WORTH_COMPRESSING
                || !conditional::accepts_encoding(request, name)
            {
                continue;
            }
            if let Some(bytes) = kept.of(&self.identity) {
                return (Some(name), &kept.etag, bytes.clone());
            }
        }
        (None, &self.etag, self.identity.clone())
    }
}
