//! Records that are no longer where they were: under another slug, closed, part of another; and
//! revisions that are not there yet.

use super::{Problem, problem::ErrorDetail, state::Directory};
use crate::{
    db::schema::{archived, moved},
    values::{Invalid, as_of::AsOf},
};
use actix_web::{HttpRequest, HttpResponse, http::header};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

impl Directory {
    /// Refuses a revision that the public side has not reached.
    ///
    /// # Errors
    /// 422 as said; 503 when the database does not answer.
    pub async fn reached(&self, as_of: Option<AsOf>) -> Result<(), Problem> {
        let Some(AsOf::Revision(asked)) = as_of else {
            return Ok(());
        };
        let last = self.revision()?.number;
        match asked <= last {
            true => Ok(()),
            false => Err(Problem::Unprocessable(vec![ErrorDetail::parameter(
                "as_of",
                Invalid::new(
                    "ahead",
                    "the directory has no such revision yet",
                    format!("ask for a revision up to {last}"),
                ),
            )])),
        }
    }

    /// Where nothing stands: 308 from an old slug to the new one, 410 for what is archived, and
    /// 404 for the rest.
    ///
    /// # Errors
    /// As said, and those of the answer.
    pub async fn or_elsewhere(
        &self,
        request: &HttpRequest,
        answered: Result<HttpResponse, Problem>,
    ) -> Result<HttpResponse, Problem> {
        if !matches!(answered, Err(Problem::NotFound)) {
            return answered;
        }
        let path = request.path();
        let Some((resource, reference)) = path
            .strip_prefix("/v1/")
            .and_then(|rest| rest.split_once('/'))
        else {
            return answered;
        };
        // What stands below a record, such as its picture, moves with it.
        let below = reference.find('/').unwrap_or(reference.len());
        let (reference, below) = reference.split_at(below);
        let query = request.query_string();
        let moved = self.moved_to(resource, reference, |slug| {
            let public_url = &self.config().public_url;
            (format!("{public_url}/v1/{resource}/{slug}{below}"), query)
        });
        // In a box of its own: what is found is answered without the room that this takes.
        Box::pin(moved).await
    }

    /// Of a record that is no longer where it was: 308 to the address of its new slug, with a query,
    /// 410 when it is archived, else 404. Asks the public side alone, so that a draft or a hidden
    /// record is like one that never was.
    ///
    /// # Errors
    /// As said; 503 when the database does not answer.
    pub async fn moved_to<'a>(
        &self,
        resource: &str,
        reference: &str,
        address: impl Fn(&str) -> (String, &'a str),
    ) -> Result<HttpResponse, Problem> {
        let mut connection = self.reader().await?;
        let slug: Option<Option<String>> = moved::table
            .filter(moved::resource.eq(resource))
            .filter(moved::former_slug.eq(reference))
            .select(moved::slug)
            .first(&mut connection)
            .await
            .optional()?;
        if let Some(slug) = slug.flatten() {
            let url = match address(&slug) {
                (url, "") => url,
                (url, query) => format!("{url}?{query}"),
            };
            return Ok(HttpResponse::PermanentRedirect()
                .insert_header((header::LOCATION, url))
                .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
                .finish());
        }
        let query = archived::table
            .filter(archived::resource.eq(resource))
            .select((archived::merged, archived::survivor))
            .into_boxed();
        let query = match Uuid::parse_str(reference) {
            Ok(id) => query.filter(archived::id.eq(id)),
            Err(_) => query.filter(archived::slug.eq(reference)),
        };
        let gone: Option<(Option<bool>, Option<String>)> =
            query.first(&mut connection).await.optional()?;
        match gone {
            Some((_, survivor)) => Err(Problem::Gone(survivor.map(|slug| address(&slug).0))),
            None => Err(Problem::NotFound),
        }
    }
}
