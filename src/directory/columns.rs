//! The data dictionary of the flat views.

use crate::{
    hotlines::Hotline,
    organizations::Organization,
    regional_contacts::RegionalContact,
    statistics::{SeriesRow, Statistic},
    values::licence,
    vocabularies::{Country, Indicator, Population, Source, Synonym, Topic},
    web::{
        Query, Result, State,
        built::Built,
        columns::{MEDIA_TYPE, table},
        conditional::Caching,
        extract::NoParams,
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the dictionary.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_csv_metadata);
}

/// Describes the columns of CSV answers
///
/// The data dictionary of every `format=csv`, as metadata of CSV on the Web (W3C): each column with
/// its datatype, its description, and the separator of those that hold several values. CSV answers
/// point here by `Link` with `rel="describedby"`, narrowed ones too: they have the same columns.
#[utoipa::path(
    tag = "directory",
    responses((status = 200, description = "A group of tables.", body = Value, content_type = "application/csvm+json")),
)]
#[get("/v1/csv-metadata.json")]
async fn read_csv_metadata(
    state: State,
    request: HttpRequest,
    _: Query<NoParams>,
) -> Result<HttpResponse> {
    let build = async |_| {
        let url = &state.config().public_url;
        let at = |resource: &str| format!("{url}/v1/{resource}?format=csv");
        let built = Built::json(&json!({
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "dc:license": {"@id": licence::LICENCE_URL},
            "dc:publisher": licence::ATTRIBUTION,
            "tables": [
                table::<Organization>(&at("organizations")),
                table::<Hotline>(&at("hotlines")),
                table::<RegionalContact>(&at("regional_contacts")),
                table::<Statistic>(&at("statistics")),
                table::<SeriesRow>(&format!("{url}/v1/indicators/cybertipline_reports/series?format=csv")),
                table::<Indicator>(&at("indicators")),
                table::<Source>(&at("sources")),
                table::<Topic>(&at("topics")),
                table::<Population>(&at("populations")),
                table::<Synonym>(&at("synonyms")),
                table::<Country>(&at("countries")),
            ],
        }))?;
        Ok(Built {
            content_type: MEDIA_TYPE,
            ..built
        })
    };
    state.kept(&request, "", Caching::Public, build).await
}
