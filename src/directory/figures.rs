//! Figures on their way elsewhere: as citations of their sources.

use super::records::{cited, sources};
use crate::{
    statistics::{
        self, Statistic,
        citations::{Cited, CslItem, Document, apa, bibtex, csl},
    },
    values::{access::Asked, view::View},
    vocabularies::Source,
    web::{
        FromParams, Params, Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        extract::Named,
        formats::{self, Streamed},
        parse::one_of,
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel_async::AsyncPgConnection;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the reads of figures in other forms.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_statistic_citation);
}

/// A form of a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
enum Form {
    /// CSL-JSON, a list of one item.
    Csl,
    /// BibTeX, one entry.
    Bibtex,
    /// Plain text in APA style.
    Text,
}

const FORMS: [(&str, Form); 3] = [
    ("csl", Form::Csl),
    ("bibtex", Form::Bibtex),
    ("text", Form::Text),
];
const MEDIA_TYPES: [&str; 4] = [
    "application/vnd.citationstyles.csl+json",
    "application/x-bibtex",
    "text/plain",
    // Whoever takes any JSON takes CSL-JSON.
    "application/json",
];

/// In which form a citation is asked for.
struct Citing {
    form: Option<Form>,
    access: Option<Asked>,
    lang: Option<String>,
}

impl FromParams for Citing {
    fn from_params(params: &mut Params) -> Self {
        Self {
            form: params.one("format", one_of(&FORMS)),
            access: params.access(),
            lang: params.lang(),
        }
    }
}

/// Cites the source of a figure
///
/// The document that the figure was read in, as CSL-JSON, BibTeX or plain text in APA style: its
/// title, its publisher as author, its date as far as it gives it, its address. The day of access
/// is the one on which somebody read it for this directory; where none is noted, none is given. What
/// the figure is, who counted or that this directory computed it, and that it is disputed, taken back
/// or replaced, and why, stands in the notes. Of several sources it is the first. Who accepts any JSON
/// gets CSL-JSON.
#[utoipa::path(
    tag = "statistics",
    params(
        ("reference" = crate::values::describe::SlugOrId, Path, description = "Slug or id of the observation."),
        ("format" = inline(Option<Form>), Query, description = "Form; without it the Accept header decides, and CSL-JSON goes first."),
    ),
    responses((status = 200, description = "The citation.", content(
        ([CslItem] = "application/vnd.citationstyles.csl+json"), (String = "application/x-bibtex"), (String = "text/plain")
    ))),
)]
#[get("/v1/statistics/{reference}/citation")]
async fn read_statistic_citation(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Citing>,
) -> Result<HttpResponse> {
    let Citing { form, access, lang } = query.value;
    let form = match form {
        Some(form) => form,
        None => formats::preferred(&request, MEDIA_TYPES)
            .map(|place| FORMS.get(place).map_or(Form::Csl, |(_, form)| *form))
            .ok_or(Problem::NotAcceptable(
                "application/vnd.citationstyles.csl+json, application/x-bibtex, text/plain",
            ))?,
    };
    let caching = Caching::Public.keyed(&access);
    // What the Accept header chose is kept apart too.
    let canonical = format!("{}|{}", query.canonical, form as usize);
    let build = async |_| {
        let view = state.view(lang);
        let (statistic, sources) = state
            .read(caching, async |connection| {
                with_sources(connection, &named.0, access.as_ref(), &view).await
            })
            .await?;
        built(&statistic, sources, form, &state.config().public_url)
    };
    let answered = state.kept(&request, &canonical, caching, build).await;
    state.or_elsewhere(&request, answered).await
}

/// A figure with the sources that it and its critiques name.
async fn with_sources(
    connection: &mut AsyncPgConnection,
    reference: &str,
    asked: Option<&Asked>,
    view: &View,
) -> Result<(Statistic, Vec<Source>)> {
    let record = statistics::queries::find(connection, reference, asked, view).await?;
    let critics = record.critiques.iter().map(|one| one.source.as_str());
    let all = cited(&record.sources).chain(critics);
    let sources = sources(connection, asked, all).await?;
    Ok((record, sources.unwrap_or_default()))
}

/// A figure with all that it is quoted with.
pub struct Quoted {
    /// The figure.
    pub statistic: Statistic,
    /// Its sources and those of its critiques, as far as they are public.
    pub sources: Vec<Source>,
    /// The citation of its source in plain text; `None` where none of its sources is public.
    pub citation: Option<String>,
}

/// The public figure with an id or a slug, as it may be quoted.
///
/// # Errors
/// 404 where there is none; 503 when the database does not answer.
pub async fn quoted(state: &State, reference: &str, view: &View) -> Result<Quoted> {
    let (statistic, sources) = state
        .read(Caching::Public, async |connection| {
            with_sources(connection, reference, None, view).await
        })
        .await?;
    let public_url = &state.config().public_url;
    let citation = citing(&statistic, &sources, public_url).map(|cited| apa(&cited));
    Ok(Quoted {
        citation,
        statistic,
        sources,
    })
}

/// What a figure is cited from. One all whose sources were hidden since has nothing that could be
/// cited.
fn citing<'a>(statistic: &'a Statistic, sources: &[Source], public_url: &str) -> Option<Cited<'a>> {
    let documents = sources.iter().map(|source| {
        let document = Document {
            title: source.title.clone(),
            publisher: source.publisher.clone(),
            url: source.url.clone(),
        };
        (source.slug.clone(), document)
    });
    let critics: Vec<(String, Document)> = documents.collect();
    let of = |slug: &str| critics.iter().find(|(known, _)| known == slug);
    let (citation, document) = statistic.sources.iter().find_map(|citation| {
        let (_, document) = of(&citation.source)?;
        Some((citation, document.clone()))
    })?;
    Some(Cited {
        statistic,
        citation,
        document,
        critics,
        url: format!("{public_url}/v1/statistics/{}", statistic.slug),
    })
}

fn built(
    statistic: &Statistic,
    sources: Vec<Source>,
    form: Form,
    public_url: &str,
) -> Result<Built> {
    let cited = citing(statistic, &sources, public_url).ok_or(Problem::NotFound)?;
    let bytes = match form {
        Form::Csl => {
            let items = serde_json::to_vec(&csl(&cited));
            items.map_err(|error| Problem::Internal(error.to_string()))?
        }
        Form::Bibtex => bibtex(&cited).into_bytes(),
        Form::Text => apa(&cited).into_bytes(),
    };
    let media_type = match form {
        Form::Text => "text/plain; charset=utf-8",
        Form::Bibtex => "application/x-bibtex; charset=utf-8",
        Form::Csl => MEDIA_TYPES[0],
    };
    let built = Built::of(media_type, bytes).revision(statistic.revision);
    Ok(built.languages(statistic.texts()))
}
