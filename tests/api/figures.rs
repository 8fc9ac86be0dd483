//! Figures on their way elsewhere: citations, cards, charts.

use crate::support::{Answer, Database, Site};
use quick_xml::{Reader, events::Event};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a source may hold that its writer meant as text.
const HOSTILE: &str =
    r#"50% of "A & B" {x_1} \ ~ ^ <script>alert(1)</script> </text>]]> é 日本 العربية }"#;

fn observation(slug: &str, of: &str, value: Option<&str>, years: Option<(&str, &str)>) -> Value {
    let day = |pick: fn((&str, &str)) -> String| years.map(pick);
    json!({
        "slug": slug, "indicator": of, "title": format!("Figure {slug}"), "claim": "It is so.", "lang": "en",
        "value": value, "qualifier": "exactly", "unit": "persons", "geography": "WLD",
        "period_start": day(|(start, _)| format!("{start}-01-01")),
        "period_end": day(|(_, end)| format!("{end}-12-31")),
        "publisher": "Publisher One", "observation_status": "normal", "assessment": "not_assessed",
        "sources": [{"source": "source-one", "published_on": "2020-04", "retrieved_on": "2026-11-01", "locator": "p. 12"}],
    })
}

fn with(mut one: Value, changes: Value) -> Value {
    let fields = one.as_object_mut().unwrap();
    fields.extend(changes.as_object().unwrap().clone());
    one
}

fn indicator(slug: &str, unit: &str) -> Value {
    json!({"slug": slug, "title": format!("Indicator {slug}"), "definition": "It counts.", "unit": unit, "kind": "count"})
}

async fn small() -> Site {
    let year = |slug: &str, value: &str, year: &str| {
        observation(slug, "of_many", Some(value), Some((year, year)))
    };
    let disputed = json!({
        "assessment": "disputed",
        "critiques": [{"source": "source-two", "verdict": "disputes", "summary": "It is not so."}],
    });
    let statistics = [
        year("year-2010", "100", "2010"),
        year("year-2011", "200", "2011"),
        with(
            year("year-2013", "400", "2013"),
            json!({"low": "300", "high": "500"}),
        ),
        with(
            observation("year-2014", "of_many", None, Some(("2014", "2014"))),
            json!({"observation_status": "suppressed"}),
        ),
        with(year("year-2012", "999999", "2012"), disputed.clone()),
        with(
            year("elsewhere-2010", "5", "2010"),
            json!({"geography": "GB"}),
        ),
        with(
            year("quarter-2015", "40", "2015"),
            json!({"period_end": "2015-03-31"}),
        ),
        observation("no-period", "of_none", Some("7"), None),
        with(
            observation("replaced", "of_none", Some("6"), None),
            json!({"geography": "GB", "assessment": "superseded", "superseded_by": "no-period"}),
        ),
        with(
            observation("taken-back", "of_none", Some("8"), None),
            json!({
                "geography": "FR", "assessment": "retracted",
                "critiques": [{"source": "source-two", "verdict": "retracts", "summary": "A comma was lost."}],
            }),
        ),
        with(
            observation(
                "guess-2010",
                "of_guess",
                Some("100000"),
                Some(("2010", "2010")),
            ),
            json!({"qualifier": "at_least", "caveat": "Counted by hand."}),
        ),
        with(
            observation(
                "guess-2011",
                "of_guess",
                Some("200000"),
                Some(("2011", "2011")),
            ),
            json!({"observation_status": "estimated", "caveat": "Counted by hand."}),
        ),
        observation("one-unit", "of_two", Some("7"), Some(("2010", "2010"))),
        with(
            observation("other-unit", "of_two", Some("7"), Some(("2011", "2011"))),
            json!({"geography": "GB"}),
        ),
        with(
            observation("hostile", "of_none", Some("-1234567.50"), None),
            json!({
                "title": HOSTILE, "claim": HOSTILE, "caveat": HOSTILE, "publisher": HOSTILE,
                "population": HOSTILE, "denominator": HOSTILE,
                "sources": [{"source": "source-hostile", "locator": HOSTILE}],
            }),
        ),
    ];
    let sources = [
        json!({"slug": "source-one", "title": "A report", "publisher": "House One", "url": "https://one.example/report"}),
        json!({"slug": "source-two", "title": "A critique", "publisher": "House Two", "url": "https://two.example/"}),
        json!({"slug": "source-hostile", "title": HOSTILE, "publisher": HOSTILE, "url": "https://hostile.example/?a=b&c=%7Bd%7D_e"}),
    ];
    let all = sources.map(|one| ("sources", one)).into_iter();
    let indicators =
        ["of_many", "of_none", "of_two", "of_guess"].map(|slug| indicator(slug, "persons"));
    // One of its figures is below nought, which no count is.
    let indicators = indicators.map(|one| match one["slug"] == "of_none" {
        true => with(one, json!({"kind": "range"})),
        false => one,
    });
    let all = all.chain(indicators.map(|one| ("indicators", one)));
    let all = all.chain(statistics.map(|one| ("statistics", one)));
    let all = all.map(|(resource, one)| (resource, one, "published", "public"));
    let database = Database::empty().await;
    database.write("first", all.collect()).await;
    database.in_another_unit("other-unit", "cases").await;
    Site::over(database).await
}

/// The texts of a picture by element, after everything that all pictures keep was checked.
fn read(svg: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(svg);
    let (mut open, mut texts): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let (mut classes, mut rights) = (BTreeSet::new(), 0);
    loop {
        let event = reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}: {svg}"));
        if let Event::Start(element) | Event::Empty(element) = &event {
            let name = element.name().as_ref().to_owned();
            let known = [
                "svg", "title", "desc", "style", "rect", "line", "path", "polygon", "text",
            ];
            assert!(known.contains(&&*name), "{name}");
            for attribute in element.attributes() {
                let attribute = attribute.unwrap();
                let key = attribute.key.as_ref().to_owned();
                let value = attribute.value.to_string();
                assert!(
                    !key.starts_with("on") && !key.contains("href") && key != "style",
                    "{key}"
                );
                match (&*key, &*name) {
                    ("class", "svg") => assert!(value.starts_with("lodestar-"), "{value}"),
                    ("class", "text") => {
                        assert!(["ink", "soft", "alarm"].contains(&&*value), "{value}");
                        classes.insert(value);
                    }
                    ("class", _) => drop(classes.insert(value)),
                    ("direction", "text") => rights += usize::from(value == "rtl"),
                    ("role", "svg") => assert_eq!(value, "img"),
                    ("font-family", _) => assert_eq!(value, "system-ui, sans-serif"),
                    ("fill", _) => assert_eq!(value, "none", "colours are the theme's"),
                    _ => {}
                }
            }
            if matches!(event, Event::Start(_)) {
                open.push(name.clone());
                texts.push((name, String::new()));
            }
        }
        match event {
            Event::Text(text) => texts.last_mut().unwrap().1 += &*text,
            Event::GeneralRef(name) => {
                texts.last_mut().unwrap().1 += match &*name {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("{other}"),
                };
            }
            Event::End(_) => drop(open.pop()),
            Event::Eof => break,
            Event::Start(_) | Event::Empty(_) => {}
            other => panic!("a picture holds {other:?}"),
        }
    }
    assert!(open.is_empty());
    let style = &texts.iter().find(|(name, _)| name == "style").unwrap().1;
    for class in classes {
        assert!(
            style.contains(&format!(" .{class}{{")),
            "{class} has no colour"
        );
    }
    assert!(
        !style.contains("url(") && !style.contains('@')
            || style.contains("@media (prefers-color-scheme:dark)")
    );
    assert!(
        !svg.replace("http://www.w3.org/2000/svg", "")
            .contains("://")
            || svg.contains(".example")
            || svg.contains("<text")
    );
    texts.push(("right to left".to_owned(), rights.to_string()));
    texts
}

fn of<'a>(texts: &'a [(String, String)], element: &str) -> &'a str {
    &texts.iter().find(|(name, _)| name == element).unwrap().1
}

/// All lines of text, joined.
fn shown(texts: &[(String, String)]) -> String {
    let lines = texts.iter().filter(|(name, _)| name == "text");
    let lines: Vec<&str> = lines.map(|(_, text)| &**text).collect();
    lines.join(" ").replace(['\u{2068}', '\u{2069}'], "")
}

fn picture(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'"
    );
    answer.text().to_owned()
}

#[actix_web::test]
async fn citations_come_in_three_forms_and_are_kept() {
    let site = small().await;
    let uri = "/v1/statistics/year-2010/citation";
    let csl = "application/vnd.citationstyles.csl+json";
    for (accept, media_type) in [
        ("", csl),
        ("*/*", csl),
        (
            "application/x-bibtex",
            "application/x-bibtex; charset=utf-8",
        ),
        ("text/plain, */*;q=0.1", "text/plain; charset=utf-8"),
        ("application/json", csl),
    ] {
        let answer = site.get_with(uri, "Accept", accept).await;
        assert_eq!(answer.status, 200, "{accept}");
        assert_eq!(answer.header("content-type"), media_type, "{accept}");
        let etag = answer.header("etag").to_owned();
        let again = actix_web::test::TestRequest::get()
            .uri(uri)
            .insert_header(("Accept", accept))
            .insert_header(("If-None-Match", etag));
        assert_eq!(site.ask(again).await.status, 304, "{accept}");
    }
    assert_eq!(site.get_with(uri, "Accept", "image/png").await.status, 406);
    assert_eq!(site.get(&format!("{uri}?format=ris")).await.status, 400);
    assert_eq!(site.get("/v1/statistics/nobody/citation").await.status, 404);

    let items = site.json(uri).await;
    assert_eq!(
        items.as_array().map(Vec::len),
        Some(1),
        "CSL-JSON is a list"
    );
    let item = &items[0];
    assert_eq!(item["author"], json!([{"literal": "House One"}]));
    assert_eq!(item["issued"], json!({"date-parts": [[2020, 4]]}));
    assert_eq!(item["accessed"], json!({"date-parts": [[2026, 11, 1]]}));
    assert_eq!(
        (&item["title"], &item["page"]),
        (&json!("A report"), &json!("12"))
    );
    assert!(item.get("note").is_none());
    let text = site.get(&format!("{uri}?format=text")).await;
    assert!(text.text().starts_with(
        "House One. (2020, April). A report (p. 12). Retrieved November 1, 2026, from https://one.example/report\nCited for: "
    ));
}

#[actix_web::test]
async fn citations_say_what_became_of_a_figure_and_make_nothing_up() {
    let site = small().await;
    let get = async |slug: &str, form: &str| {
        let uri = format!("/v1/statistics/{slug}/citation?format={form}");
        site.get(&uri).await.text().to_owned()
    };
    for form in ["csl", "bibtex", "text"] {
        let disputed = get("year-2012", form).await;
        assert!(disputed.contains("This figure is disputed, see: House Two, A critique."));
        assert!(disputed.contains("A critique. It is not so."), "{disputed}");
        assert!(!get("year-2010", form).await.contains("disputed"));
        let retracted = get("taken-back", form).await;
        assert!(
            retracted.contains(
                "This figure was taken back, see: House Two, A critique. A comma was lost."
            ),
            "{retracted}"
        );
        let replaced = get("replaced", form).await;
        assert!(
            replaced.contains("A newer figure replaced this one: ")
                && replaced.contains("/v1/statistics/no-period"),
            "{replaced}"
        );
    }
    // Neither a date of publication nor a day on which it was read is known.
    let item = &serde_json::from_str::<Value>(&get("hostile", "csl").await).unwrap()[0];
    let shape = &lodestar::app::DOCUMENT["components"]["schemas"]["CslItem"];
    let required = shape["required"].as_array().unwrap();
    let required: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
    assert_eq!(required, ["id", "type", "title", "URL", "annote"]);
    assert!(required.iter().all(|name| !item[name].is_null()));
    assert!(item.get("issued").is_none() && item.get("accessed").is_none());
    assert_eq!(item["title"], HOSTILE);
    let text = get("hostile", "text").await;
    assert!(
        text.contains("(n.d.)") && !text.contains("Retrieved"),
        "{text}"
    );
    let bibtex = get("hostile", "bibtex").await;
    assert!(
        !bibtex.contains("urldate") && !bibtex.contains("year"),
        "{bibtex}"
    );
    assert!(bibtex.contains(r"50\% of"), "{bibtex}");
    assert!(bibtex.contains("url = {https://hostile.example/?a=b&c=%7Bd%7D_e}"));
    assert_eq!(bibtex.matches('{').count(), bibtex.matches('}').count());
}

#[actix_web::test]
async fn a_card_holds_all_that_must_be_shown_with_a_figure() {
    let site = small().await;
    let card = async |slug: &str, query: &str| {
        let answer = site
            .get(&format!("/v1/statistics/{slug}/card.svg{query}"))
            .await;
        read(&picture(&answer))
    };
    let texts = card("year-2013", "").await;
    for part in [
        "Figure year-2013",
        "400 persons (300–500)",
        "World · 2013",
        "Counted by Publisher One",
        "Source: A report (2020-04)",
        "Not assessed",
        "CC-BY-4.0",
    ] {
        assert!(shown(&texts).contains(part), "{part}: {}", shown(&texts));
        let described = format!("{} {}", of(&texts, "title"), of(&texts, "desc"));
        assert!(
            described.contains(part.trim_start_matches("World · ")),
            "{part}: {described}"
        );
    }
    let disputed = card("year-2012", "?lang=de").await;
    assert!(shown(&disputed).starts_with("Umstritten: andere Quellen widersprechen dieser Zahl"));
    assert!(of(&disputed, "desc").starts_with("Umstritten"));
    let suppressed = shown(&card("year-2014", "").await);
    assert!(
        suppressed.contains("suppressed") && !suppressed.contains(" 0 "),
        "{suppressed}"
    );
    assert!(shown(&card("no-period", "").await).contains("No period given"));
    let replaced = card("replaced", "").await;
    assert!(shown(&replaced).starts_with("Replaced by a newer figure: no-period"));
    let retracted = card("taken-back", "").await;
    let why = "Taken back by its publisher A comma was lost.";
    assert!(shown(&retracted).starts_with(why), "{}", shown(&retracted));
    assert!(of(&retracted, "desc").contains("A comma was lost."));
    let arabic = card("year-2012", "?lang=ar").await;
    assert_ne!(of(&arabic, "right to left"), "0");

    for query in [
        "",
        "?width=160",
        "?width=1600&height=1600&theme=dark",
        "?lang=ar&theme=light",
    ] {
        let texts = card("hostile", query).await;
        let bare = |text: &str| text.replace(' ', "");
        assert!(
            bare(&shown(&texts)).contains(&bare(HOSTILE)),
            "{query}: {}",
            shown(&texts)
        );
        assert!(of(&texts, "desc").contains(HOSTILE));
        assert!(
            shown(&texts).contains("−1,234,567.50")
                || query.contains("ar")
                || query.contains("160")
        );
    }
}

#[actix_web::test]
async fn pictures_are_as_large_as_asked_and_no_larger() {
    let site = small().await;
    for uri in [
        "/v1/statistics/year-2010/card.svg",
        "/v1/indicators/of_many/chart.svg",
    ] {
        for width in ["160", "320", "1600"] {
            let svg = picture(&site.get(&format!("{uri}?width={width}&height=900")).await);
            assert!(
                svg.contains(&format!("width=\"{width}\" height=\"900\"")),
                "{uri} {width}"
            );
        }
        for name in ["width", "height"] {
            for value in [
                "100000",
                "159",
                "1601",
                "0",
                "-1",
                "320.5",
                "NaN",
                "%EF%BC%91%EF%BC%96%EF%BC%90",
            ] {
                let answer = site.get(&format!("{uri}?{name}={value}")).await;
                assert_eq!(answer.status, 400, "{uri} {name}={value}");
                let remedy = &answer.value()["errors"][0]["remedy"];
                assert_eq!(remedy, "use a whole number from 160 to 1600");
            }
        }
        let first = site.get(uri).await;
        let again = actix_web::test::TestRequest::get()
            .uri(uri)
            .insert_header(("If-None-Match", first.header("etag")));
        assert_eq!(site.ask(again).await.status, 304, "{uri}");
        assert_eq!(first.header("cache-control"), "public, max-age=60");
        let refused = site.get_with(uri, "Accept", "application/json").await;
        assert_eq!(refused.status, 406);
        assert_eq!(
            refused.value()["detail"],
            "Accept one of those named. Offered: image/svg+xml."
        );
        assert_eq!(site.get_with(uri, "Accept", "image/*").await.status, 200);
        let light = picture(&site.get(&format!("{uri}?theme=light")).await);
        assert!(!light.contains("prefers-color-scheme"));
    }
}

#[actix_web::test]
async fn a_chart_draws_what_was_counted_and_nothing_else() {
    let site = small().await;
    let chart = async |slug: &str, query: &str| {
        let svg = picture(
            &site
                .get(&format!("/v1/indicators/{slug}/chart.svg{query}"))
                .await,
        );
        (read(&svg), svg)
    };
    // The world goes first; a year without a figure and one that is suppressed are gaps; a quarter
    // is not set beside years; what is disputed is left out.
    let (texts, svg) = chart("of_many", "?kind=line").await;
    let described = of(&texts, "desc");
    assert!(
        described.starts_with("Line chart. World · persons."),
        "{described}"
    );
    assert!(
        described.contains(
            "2010: 100 persons; 2011: 200 persons; 2013: 400 persons (300–500); 2014: suppressed."
        ),
        "{described}"
    );
    assert!(
        described.contains("Nothing is drawn for 2012, 2014."),
        "{described}"
    );
    assert!(shown(&texts).contains("not drawn: 1") && shown(&texts).contains("suppressed"));
    assert!(!described.contains("999,999") && !shown(&texts).contains("Disputed"));
    let lines = |svg: &str| {
        svg.matches("class=\"line-0\" fill=\"none\" stroke-width=\"2.25\"")
            .count()
    };
    let points = |svg: &str| svg.matches("a3.5 3.5 0 1 0 7 ").count();
    assert_eq!(
        (lines(&svg), points(&svg)),
        (1, 3),
        "one line from 2010 to 2011: {svg}"
    );

    let (texts, svg) = chart(
        "of_many",
        "?kind=line&assessment=disputed&assessment=not_assessed",
    )
    .await;
    assert!(of(&texts, "desc").contains("2012: 999,999 persons (Disputed)"));
    assert!(shown(&texts).contains("Disputed: /v1/statistics/year-2012"));
    // It is marked by another shape, and no line leads to it.
    assert_eq!((lines(&svg), points(&svg)), (1, 3), "{svg}");
    assert_eq!(
        svg.matches("l7 7l-7 7l-7 -7z").count(),
        4,
        "on the chart and in the legend"
    );

    let (texts, svg) = chart("of_many", "?kind=bar&from=2011&to=2013").await;
    assert!(of(&texts, "desc").starts_with("Bar chart"));
    assert_eq!(svg.matches("class=\"area-0\"").count(), 2);
    let (texts, _) = chart("of_many", "?geography=GB&lang=de").await;
    assert!(
        shown(&texts).contains("Vereinigtes Königreich · Personen"),
        "{}",
        shown(&texts)
    );

    // Nothing to draw is not the same as nothing there.
    let nowhere = "There are no figures with a period to draw";
    let undrawn = "None of the figures fits what was asked for; not drawn: 7";
    for (slug, query, words) in [
        ("of_none", "", nowhere),
        ("of_many", "?from=2050", undrawn),
        ("of_many", "?geography=FR", undrawn),
        ("of_many", "?sex=female", undrawn),
        ("of_many", "?publisher=nobody", undrawn),
        ("of_many", "?unit=cases", undrawn),
    ] {
        let (texts, _) = chart(slug, query).await;
        assert!(shown(&texts).contains(words), "{slug}{query}");
        assert!(of(&texts, "desc").contains(words), "{slug}{query}");
    }
    let two = site.get("/v1/indicators/of_two/chart.svg").await;
    assert_eq!(two.status, 422, "{}", two.text());
    let error = &two.value()["errors"][0];
    assert_eq!(error["parameter"], "unit");
    assert_eq!(
        error["remedy"],
        "ask for one of them with unit=cases or unit=persons"
    );
    let (texts, _) = chart("of_two", "?unit=cases").await;
    assert!(shown(&texts).contains("United Kingdom · cases"));
    for query in [
        "unit=apples",
        "kind=pie",
        "theme=blue",
        "sex=none",
        "age_band=old",
        "assessment=good",
    ] {
        let answer = site
            .get(&format!("/v1/indicators/of_many/chart.svg?{query}"))
            .await;
        assert_eq!(answer.status, 400, "{query}");
    }
    let turned = site
        .get("/v1/indicators/of_many/chart.svg?from=2013&to=2010")
        .await;
    assert_eq!(turned.status, 422);
    assert_eq!(
        site.get("/v1/indicators/nobody/chart.svg").await.status,
        404
    );
}

#[actix_web::test]
async fn of_many_figures_a_chart_holds_the_latest() {
    let mut all = vec![
        (
            "sources",
            json!({"slug": "source-one", "title": "A report", "url": "https://one.example/"}),
        ),
        ("indicators", indicator("of_ages", "persons")),
        ("indicators", indicator("of_months", "persons")),
    ];
    let ages = [
        "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50+",
    ];
    // 15 years of 36 figures are more than one chart holds; of each breakdown there are 15.
    for year in 2001..=2015 {
        for sex in [None, Some("female"), Some("male")] {
            for (place, age) in std::iter::once(None).chain(ages.map(Some)).enumerate() {
                let slug = format!("ages-{year}-{}-{place}", sex.unwrap_or("all"));
                let year = year.to_string();
                let one = observation(&slug, "of_ages", Some("10"), Some((&year, &year)));
                all.push((
                    "statistics",
                    with(one, json!({"sex": sex, "age_band": age})),
                ));
            }
        }
    }
    for month in 0..510 {
        let (year, month) = (1970 + month / 12, month % 12 + 1);
        let one = observation(
            &format!("month-{year}-{month}"),
            "of_months",
            Some("10"),
            None,
        );
        let days = json!({"period_start": format!("{year}-{month:02}-01"), "period_end": format!("{year}-{month:02}-28")});
        all.push(("statistics", with(one, days)));
    }
    let database = Database::empty().await;
    let all = all.into_iter();
    let all = all.map(|(resource, one)| (resource, one, "published", "public"));
    database.write("first", all.collect()).await;
    let site = Site::over(database).await;
    let described = async |query: &str| {
        let answer = site.get(&format!("/v1/indicators/{query}")).await;
        of(&read(&picture(&answer)), "desc").to_owned()
    };
    for query in [
        "",
        "?sex=female",
        "?sex=male&age_band=50%2B",
        "?age_band=0-4",
    ] {
        let described = described(&format!("of_ages/chart.svg{query}")).await;
        for year in 2001..=2015 {
            let figure = format!("{year}: 10 persons");
            assert!(described.contains(&figure), "{query} {year}: {described}");
        }
    }
    let described = described("of_months/chart.svg").await;
    assert_eq!(described.matches(": 10 persons").count(), 500);
    assert!(
        described.contains("2012") && !described.contains("1970-01"),
        "{described}"
    );
}

#[actix_web::test]
async fn a_chart_says_what_is_not_certain_and_where_it_was_read() {
    let site = small().await;
    let get = async |query: &str| {
        let uri = format!("/v1/indicators/of_guess/chart.svg{query}");
        read(&picture(&site.get(&uri).await))
    };
    for (kind, label) in [("bar", "≥\u{a0}100,000"), ("line", "≥")] {
        let texts = get(&format!("?kind={kind}&width=320")).await;
        let labelled = texts
            .iter()
            .any(|(name, text)| name == "text" && text == label);
        assert!(labelled, "{kind}: {}", shown(&texts));
        for part in [
            "estimated: 1 · ≥ at least: 1",
            "Counted by hand.",
            "Source: A report",
        ] {
            assert!(shown(&texts).contains(part), "{part}: {}", shown(&texts));
            assert!(of(&texts, "desc").contains(part), "{part}");
        }
    }
    // Of the shipped figures some charts have more sources than are named, and caveats that differ.
    let site = Site::full().await;
    let uri = "/v1/indicators/iwf_confirmed_pages/chart.svg?width=320";
    let texts = read(&picture(&site.get(uri).await));
    for part in [
        "Figures with a caveat in their record: ",
        "Source: ",
        "; and 6 more",
    ] {
        assert!(shown(&texts).contains(part), "{part}: {}", shown(&texts));
    }
}

#[actix_web::test]
async fn what_the_directory_computed_is_nobodys_count() {
    let site = Site::full().await;
    let uri = "/v1/statistics/iwf-images-by-age-not-named-wld-2007";
    let method = site.json(uri).await["method_note"].clone();
    let method = method.as_str().unwrap();
    let says = |text: &str| {
        assert!(text.contains("Computed by this directory, not in the source"));
        assert!(text.contains(method), "{text}");
        assert!(!text.contains("Counted by"), "{text}");
    };
    for form in ["csl", "bibtex", "text"] {
        let cited = site.get(&format!("{uri}/citation?format={form}")).await;
        says(cited.text());
    }
    let texts = read(&picture(&site.get(&format!("{uri}/card.svg")).await));
    says(&shown(&texts));
    says(of(&texts, "desc"));
    let german = picture(
        &site
            .get(&format!("{uri}/card.svg?lang=de&width=1600"))
            .await,
    );
    assert!(german.contains("Von diesem Verzeichnis berechnet, steht nicht in der Quelle"));
    // A chart of nothing else draws nothing, and does not say that there is nothing.
    let uri = "/v1/indicators/iwf_images_by_age_not_named/chart.svg";
    let texts = read(&picture(&site.get(uri).await));
    assert!(shown(&texts).contains("not drawn: 1"), "{}", shown(&texts));
}

#[actix_web::test]
async fn every_shipped_indicator_has_a_chart_and_its_figures_have_cards() {
    let site = Site::full().await;
    let indicators = site.slugs("/v1/indicators").await;
    assert!(indicators.len() > 200);
    let languages = ["en", "es", "fr", "pt", "ru", "ar", "zh", "hi", "de", "fil"];
    for (place, slug) in indicators.iter().enumerate() {
        let lang = languages[place % languages.len()];
        let width = [160, 320, 800][place % 3];
        let uri = format!("/v1/indicators/{slug}/chart.svg?lang={lang}&width={width}");
        read(&picture(&site.get(&uri).await));
        let figures = format!(
            "/v1/statistics?indicator={slug}&per_page=1&assessment=disputed&assessment=not_assessed"
        );
        for one in site.json(&figures).await["contents"].as_array().unwrap() {
            let slug = one["slug"].as_str().unwrap();
            let uri = format!("/v1/statistics/{slug}/card.svg?lang={lang}&width={width}");
            let texts = read(&picture(&site.get(&uri).await));
            assert!(!of(&texts, "desc").is_empty());
        }
    }
}
