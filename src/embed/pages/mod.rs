//! Pages that the server writes: help for a frame, as HTML to copy and on the front page, figures and
//! charts, and what tells other systems of them. They are useful without scripts, load nothing from
//! anybody, and ignore parameters that nobody knows.

mod answering;
mod asked;
mod assets;
mod chart;
mod countries;
mod front;
mod help;
mod linked;
mod links;
mod oembed;
mod quoting;
mod report;
mod sheet;
mod snippets;
mod speech;
mod statistic;

use crate::web::{Problem, Result, formats};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use answering::settled;
use asked::Asked;

/// The addresses, which stand in no document. That of the front page is known already.
pub const PAGES: [&str; 9] = [
    "/embed/help",
    "/embed/report",
    "/embed/statistic/{reference}",
    "/embed/chart/{reference}",
    "/embed/static",
    "/embed/static/statistic/{reference}",
    "/embed/static/chart/{reference}",
    "/embed/pages/{file}",
    "/oembed",
];

/// Those that take forms.
pub const FORMS: [&str; 2] = ["/", "/embed/report"];

/// What no page stands at: to those who read, a page; to programs the problem.
pub async fn missing(request: HttpRequest) -> Result<HttpResponse> {
    let kinds = ["application/problem+json", "application/json", "text/html"];
    if formats::preferred(&request, kinds) != Some(2) {
        return Err(Problem::NotFound);
    }
    let asked = Asked::of(&request, &asked::params(&request));
    let refused = Err(Problem::NotFound);
    Ok(settled(&asked, refused, answering::FRAME, false))
}

/// Mounts them.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(front::read))
        .route("/", web::post().to(front::ask))
        .route("/embed/help", web::get().to(help::framed))
        .route("/embed/report", web::get().to(report::read))
        .route("/embed/report", web::post().to(report::send))
        .route(
            "/embed/statistic/{reference}",
            web::get().to(statistic::framed),
        )
        .route("/embed/chart/{reference}", web::get().to(chart::framed))
        .route("/embed/static", web::get().to(help::fixed))
        .route(
            "/embed/static/statistic/{reference}",
            web::get().to(statistic::fixed),
        )
        .route(
            "/embed/static/chart/{reference}",
            web::get().to(chart::fixed),
        )
        .route("/embed/pages/{file}", web::get().to(assets::read))
        .route("/oembed", web::get().to(oembed::read));
}
