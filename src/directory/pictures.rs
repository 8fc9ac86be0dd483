//! Pictures of figures: a card of one, a chart of those of an indicator.

use super::{
    drawing::{Charting, Framing, Showing},
    records::{cited, sources},
};
use crate::{
    statistics::{
        self, ASSESSMENTS, Narrowing, StatisticFilter,
        citations::Document,
        pictures::{Breakdown, Charted, MEDIA_TYPE, POLICY, Series, card, chart},
        queries::chart::{for_chart, in_common, places_and_units},
    },
    values::{access::Asked, describe::SlugOrId, place::WORLD, said::Said, view::View},
    vocabularies::{self, Indicator},
    web::{
        Problem, Query, Result, State,
        built::Built,
        conditional::Caching,
        extract::Named,
        formats::{self, Streamed},
        page::misfit,
    },
};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel_async::AsyncPgConnection;
use std::collections::BTreeSet;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the pictures.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_statistic_card)
        .service(read_indicator_chart);
}

/// Sends a picture, which may style itself and load nothing.
async fn answer(
    state: &State,
    request: &HttpRequest,
    canonical: &str,
    caching: Caching,
    build: impl AsyncFnOnce() -> Result<Built>,
) -> Result<HttpResponse> {
    formats::preferred(request, [MEDIA_TYPE]).ok_or(Problem::NotAcceptable(MEDIA_TYPE))?;
    let answered = state
        .kept(request, canonical, caching, async |_| {
            Ok(build().await?.policy(POLICY))
        })
        .await;
    state.or_elsewhere(request, answered).await
}

/// Shows a figure as a card
///
/// An SVG picture with everything that must be shown with the figure: its value with unit and
/// qualifier, title, place, period, whom it counts, what it is a share of, the caveat, who counted or
/// how this directory computed it, the source, the assessment, licence and credit. What is disputed,
/// replaced or taken back says so in words and by a sign, and why. The picture holds no script, font or link; `title` and `desc` are for those
/// who do not see it.
#[utoipa::path(
    tag = "statistics",
    params(
        ("reference" = SlugOrId, Path, description = "Slug or id of the observation."),
        Framing,
    ),
    responses((status = 200, description = "The card.", content((String = "image/svg+xml")))),
)]
#[get("/v1/statistics/{reference}/card.svg")]
async fn read_statistic_card(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Showing>,
) -> Result<HttpResponse> {
    let Showing {
        framing,
        access,
        lang,
    } = query.value;
    let caching = Caching::Public.keyed(&access);
    answer(&state, &request, &query.canonical, caching, async || {
        let frame = framing.frame(480, lang.as_deref());
        let view = state.view(lang);
        let compose = async |connection: &mut AsyncPgConnection| {
            let asked = access.as_ref();
            let record = statistics::queries::find(connection, &named.0, asked, &view).await?;
            let first = cited(&record.sources).take(1);
            let sources = sources(connection, asked, first).await?.unwrap_or_default();
            let document = sources.into_iter().next().map(|source| Document {
                title: source.title,
                publisher: source.publisher,
                url: source.url,
            });
            let svg = card(&frame, &record, document.as_ref());
            let built = Built::of(MEDIA_TYPE, svg).revision(record.revision);
            Ok(built.languages(record.texts()))
        };
        state.read(caching, compose).await
    })
    .await
}

/// Draws the figures of an indicator
///
/// An SVG picture of the figures of one place by time: bars where there are few, else a line for
/// each publisher, with lower and upper ends. A year without a figure is a gap, as is what is suppressed or
/// missing; neither is nought. Figures without a period, or with one of which an end is not known,
/// are not drawn, nor more than the 500 latest. Where nothing can be drawn the picture says so, and whether there are figures that
/// are not drawn. What is not exactly its number has its sign; below stand how many are estimated, the
/// caveat that all share, and the sources. `desc` holds every figure in words.
#[utoipa::path(
    tag = "vocabularies",
    params(
        ("reference" = SlugOrId, Path, description = "Slug or id of the indicator."),
        Framing,
        Charting,
    ),
    responses((status = 200, description = "The chart.", content((String = "image/svg+xml")))),
)]
#[get("/v1/indicators/{reference}/chart.svg")]
async fn read_indicator_chart(
    state: State,
    request: HttpRequest,
    named: Named,
    query: Query<Charting>,
) -> Result<HttpResponse> {
    let asked = query.value;
    let caching = Caching::Public.keyed(&asked.access);
    answer(&state, &request, &query.canonical, caching, async || {
        let frame = asked.framing.frame(640, asked.lang.as_deref());
        let view = state.view(asked.lang.clone());
        let compose = async |connection: &mut AsyncPgConnection| {
            let Drawn { indicator, charted } = figures(connection, &named.0, &asked, &view).await?;
            let built = Built::of(MEDIA_TYPE, chart(&frame, &charted));
            Ok(built.languages([&indicator.text]))
        };
        state.read(caching, compose).await
    })
    .await
}

/// An indicator and what a chart of it shows.
pub struct Drawn {
    /// The indicator.
    pub indicator: Indicator,
    /// Its figures.
    pub charted: Charted,
}

/// What a chart of the public figures of an indicator shows.
///
/// # Errors
/// 404 where there is no such indicator; 422 where its figures have two units and none was chosen;
/// 503 when the database does not answer.
pub async fn drawn(state: &State, reference: &str, asked: &Charting, view: &View) -> Result<Drawn> {
    let read = async |connection: &mut AsyncPgConnection| {
        figures(connection, reference, asked, view).await
    };
    state.read(Caching::Public, read).await
}

async fn figures(
    connection: &mut AsyncPgConnection,
    reference: &str,
    asked: &Charting,
    view: &View,
) -> Result<Drawn> {
    let access = asked.access.as_ref();
    let term = vocabularies::queries::find(connection, "indicators", reference, access).await?;
    let indicator = Indicator::of(view, &term, term.read()?);
    let id = indicator.id.to_string();
    let series = series(connection, asked, id.clone(), view).await?;
    let (titles, undrawn) = match &series {
        Some(series) => (titles(connection, access, series.sources()).await?, 0),
        None => (Vec::new(), dated(connection, asked, id).await?),
    };
    let said = indicator.text.get("title");
    let charted = Charted {
        title: Said::new(&*indicator.title, said.map_or("en", |said| &*said.lang)),
        series,
        sources: titles,
        undrawn,
        kind: asked.kind,
    };
    Ok(Drawn { indicator, charted })
}

/// The titles of sources in their order, each once.
async fn titles(
    connection: &mut AsyncPgConnection,
    access: Option<&Asked>,
    slugs: Vec<&str>,
) -> Result<Vec<String>> {
    let found = sources(connection, access, slugs.iter().copied()).await?;
    let found = found.unwrap_or_default();
    let mut titles: Vec<String> = Vec::new();
    for slug in slugs {
        let source = found.iter().find(|source| source.slug == slug);
        if let Some(source) = source.filter(|source| !titles.contains(&source.title)) {
            titles.push(source.title.clone());
        }
    }
    Ok(titles)
}

/// How many figures with a period an indicator has, whatever is said of them.
async fn dated(
    connection: &mut AsyncPgConnection,
    asked: &Charting,
    indicator: String,
) -> Result<usize> {
    let filter = StatisticFilter {
        access: asked.access.clone(),
        indicator: vec![indicator],
        dated: true,
        by: Narrowing {
            assessment: ASSESSMENTS.map(str::to_owned).into(),
            ..Narrowing::default()
        },
        ..StatisticFilter::default()
    };
    let count = statistics::queries::count(connection, &filter).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The figures to draw; `None` when there are none.
async fn series(
    connection: &mut AsyncPgConnection,
    asked: &Charting,
    indicator: String,
    view: &View,
) -> Result<Option<Series>> {
    let mut filter = StatisticFilter {
        access: asked.access.clone(),
        indicator: vec![indicator],
        dated: true,
        by: Narrowing {
            geography: asked.geography.iter().cloned().collect(),
            from: asked.from,
            to: asked.to,
            publisher: asked.publisher.clone(),
            unit: asked.unit.iter().cloned().collect(),
            assessment: asked.assessment.clone(),
            ..Narrowing::default()
        },
        ..StatisticFilter::default()
    };
    let known = places_and_units(connection, &filter).await?;
    let units: BTreeSet<&str> = known.iter().map(|(_, unit, _)| &**unit).collect();
    if units.len() > 1 {
        let units: Vec<&str> = units.into_iter().collect();
        let remedy = format!("ask for one of them with unit={}", units.join(" or unit="));
        return Err(misfit(
            "unit",
            "figures of this indicator have two units, which no axis holds",
            &remedy,
        ));
    }
    if known.is_empty() {
        return Ok(None);
    }
    // Of one unit, so each place stands there once.
    let most = known
        .iter()
        .max_by(|one, two| one.2.cmp(&two.2).then(two.0.cmp(&one.0)));
    let place = match known.iter().any(|(place, ..)| place == WORLD) {
        true => WORLD,
        false => most.map_or(WORLD, |(place, ..)| place),
    };
    filter.by.geography = vec![place.to_owned()];
    let breakdown = Breakdown {
        sex: asked.sex.clone(),
        age_band: asked.age_band.clone(),
        exploitation: asked.exploitation.clone(),
    };
    let counted = in_common(connection, &filter).await?;
    let Some(common) = breakdown.chosen(counted) else {
        return Ok(None);
    };
    let figures = for_chart(connection, &filter, &common, view).await?;
    Ok(Series::of(&figures, common))
}
