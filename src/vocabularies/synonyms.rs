//! Synonyms: terms that mean the same in a search, curated like every other vocabulary.

use super::{
    input::SynonymInput,
    routes::{ByName, Vocabulary, listed, read},
};
use crate::{
    db::record::Record,
    values::{
        access::{Status, Visibility},
        licence, moment,
        view::View,
    },
    web::{
        Query, Result, State,
        extract::{Named, Reading},
        formats::{Streamed, TabularFormat},
        page::{Page, Paging},
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Mounts the operations of synonyms.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_synonyms).service(read_synonym);
}

/// A resource that a term asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Who helps.
    Organizations,
    /// A number, a chat, a form.
    Hotlines,
    /// An office.
    RegionalContacts,
    /// A figure.
    Statistics,
}

/// Terms that mean the same in a search.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Synonym {
    /// UUIDv7, stable.
    pub id: Uuid,
    /// What names the group.
    #[schema(example = "csam")]
    pub slug: String,
    /// `published`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "published")]
    pub status: Status,
    /// `public`: without a key nothing else is seen. New values may be added.
    #[schema(value_type = String, example = "public")]
    pub visibility: Visibility,
    /// The ledger's revision of its last change.
    pub revision: i64,
    /// When it last changed.
    #[serde(serialize_with = "moment::written")]
    pub last_modified: DateTime<Utc>,
    /// The term that people know best.
    pub name: String,
    /// The other terms, in any language.
    pub terms: Vec<String>,
    /// Slugs of the topics that they mean.
    pub topics: Vec<String>,
    /// The resource that they ask for: `organizations`, `hotlines`, `regional_contacts` or
    /// `statistics`. New values may be added.
    #[schema(value_type = Option<String>)]
    pub kind: Option<Asked>,
    /// What to know about the group.
    pub notes: Option<String>,
    /// The licence of this compilation.
    #[schema(example = "CC-BY-4.0")]
    pub licence: &'static str,
    /// How to credit it.
    #[schema(example = "Lodestar contributors")]
    pub attribution: &'static str,
}

impl Synonym {
    /// The synonyms of a record.
    pub fn of(_: &View, record: &Record, input: SynonymInput) -> Self {
        Self {
            id: record.id,
            slug: input.slug,
            status: record.status,
            visibility: record.visibility,
            revision: record.revision,
            last_modified: record.last_modified,
            name: input.name,
            terms: input.terms,
            topics: input.topics,
            kind: input.kind,
            notes: input.notes,
            licence: licence::LICENCE,
            attribution: licence::ATTRIBUTION,
        }
    }
}

impl Streamed for Synonym {
    const FILE: &'static str = "synonyms";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("name", "name"),
        ("terms", "terms"),
        ("topics", "topics"),
        ("kind", "kind"),
        ("notes", "notes"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
        ("licence", "licence"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }
}

/// Lists synonyms
///
/// Terms that mean the same in a search: who looks for one finds records with any of them.
#[utoipa::path(
    tag = "vocabularies",
    params(
        Paging,
        ("sort" = inline(Option<ByName>), Query, description = "Order of the pages; ties go by id."),
        ("format" = inline(Option<TabularFormat>), Query, description = "Format; without it the Accept header decides."),
    ),
    responses((status = 200, description = "A page, or the whole vocabulary as a stream.", content(
        (Page<Synonym> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")
    ))),
)]
#[get("/v1/synonyms")]
async fn list_synonyms(
    state: State,
    request: HttpRequest,
    query: Vocabulary,
) -> Result<HttpResponse> {
    listed(state, request, query, Synonym::of).await
}

/// Reads a group of synonyms
///
/// One group of the vocabulary, by id or slug.
#[utoipa::path(
    tag = "vocabularies",
    params(("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the group.")),
    responses((status = 200, description = "The group.", body = Synonym)),
)]
#[get("/v1/synonyms/{reference}")]
async fn read_synonym(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Reading>,
) -> Result<HttpResponse> {
    read(state, request, named, query, Synonym::of).await
}
