//! Pages that the server writes for frames, for copying and for the front: what they hold, under which
//! policy, what they refuse and how, and that no record gets out of its text.

mod markup;

use crate::support::{Answer, Database, Site, rows, run};
use actix_web::test::TestRequest;
use markup::{Element, elements, named, place};
use serde_json::{Value, json};

const URL: &str = "http://127.0.0.1:8080";
const FIGURE: &str = "iwf-domains-wld-2007";

fn page(answer: &Answer) -> Vec<Element> {
    assert!(
        answer.header("content-type").starts_with("text/html"),
        "{}",
        answer.whole()
    );
    elements(answer.text())
}

async fn post(site: &Site, uri: &str, form: &str) -> Answer {
    let request = TestRequest::post()
        .uri(uri)
        .insert_header(("Content-Type", "application/x-www-form-urlencoded"))
        .set_payload(form.to_owned());
    site.ask(request).await
}

/// What stands in JSON-LD, which must be read as it is.
fn linked(all: &[Element]) -> Value {
    let is_linked = |one: &&Element| one.get("type") == "application/ld+json";
    let one = all.iter().find(is_linked).expect("no JSON-LD");
    serde_json::from_str(&one.text).unwrap()
}

#[actix_web::test]
async fn every_page_loads_our_own_files_and_nothing_else() {
    let site = Site::full().await;
    let framed = "frame-ancestors *";
    for (uri, caching, ancestors) in [
        ("/", "public, max-age=60", "frame-ancestors 'none'"),
        (
            "/embed/help?country=PH&utm_source=x&v=2",
            "no-store",
            framed,
        ),
        ("/embed/static?country=PH&utm_source=x", "no-store", framed),
        (
            "/embed/report?resource=hotlines&record=iwf-report&x=1",
            "no-store",
            framed,
        ),
        (
            &format!("/embed/statistic/{FIGURE}?x=1"),
            "public, max-age=60",
            framed,
        ),
        (
            "/embed/chart/cybertipline_reports?x=1&status=draft",
            "public, max-age=60",
            framed,
        ),
        (
            &format!("/embed/static/statistic/{FIGURE}"),
            "public, max-age=60",
            framed,
        ),
        (
            "/embed/static/chart/cybertipline_reports",
            "public, max-age=60",
            framed,
        ),
    ] {
        let answer = site.get(uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), caching, "{uri}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{uri}");
        assert!(answer.header("set-cookie").is_empty(), "{uri}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains(ancestors),
            "{uri}: {policy}"
        );
        let fixed = uri.contains("/static");
        assert_eq!(
            policy.contains("script-src 'self'"),
            !fixed,
            "{uri}: {policy}"
        );
        assert_eq!(policy.contains("'unsafe-inline'"), fixed, "{uri}: {policy}");
        assert!(!policy.contains("http"), "{uri}: {policy}");
        for one in page(&answer) {
            for name in ["src", "srcset", "data", "poster", "background", "style"] {
                let value = one.get(name);
                assert!(
                    value.is_empty() || (value.starts_with("/embed/") && !fixed),
                    "{uri}: {one:?}"
                );
            }
            if one.name == "link" && one.get("rel") != "alternate" {
                assert!(
                    one.get("href").starts_with("/embed/pages/") && !fixed,
                    "{one:?}"
                );
            }
            assert!(
                one.name != "base" && !one.get("http-equiv").contains("refresh"),
                "{one:?}"
            );
            assert!(
                !(fixed && ["script", "link", "img", "iframe", "form"].contains(&&*one.name)),
                "{one:?}"
            );
            let ours = one.attributes.keys().all(|name| !name.starts_with("on"));
            assert!(ours, "{uri}: {one:?}");
        }
    }
}

#[actix_web::test]
async fn a_frame_says_whom_to_contact() {
    let site = Site::full().await;
    let answer = site
        .get("/embed/help?country=US&exit_url=https://sunny.example/")
        .await;
    let all = page(&answer);
    // The way out is the first thing that the keyboard reaches.
    let links: Vec<&Element> = named(&all, "a").collect();
    assert_eq!(links[0].get("href"), "https://sunny.example/");
    assert!(links[0].attributes.contains_key("data-lodestar-exit"));
    assert_eq!(links[0].text.trim(), "Leave this page");
    let scripts: Vec<&str> = named(&all, "script").map(|one| one.get("src")).collect();
    assert_eq!(scripts[0], "/embed/exit.js");
    // Emergency numbers go before everything else, and are marked as what nobody said of them.
    let (emergency, hotlines) = (
        place(&all, "Emergency numbers, service unknown"),
        place(&all, "Hotlines"),
    );
    assert!(emergency < hotlines);
    let numbers: Vec<&Element> = all[emergency..hotlines]
        .iter()
        .filter(|one| one.name == "bdi")
        .collect();
    assert!(
        numbers
            .iter()
            .any(|one| one.text == "911" && one.get("dir") == "ltr")
    );
    let help = site.json("/v1/help?country=US").await;
    // Long numbers stand in parts that do not break; the spaces between them are trimmed from elements.
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let text: String = all.iter().map(|one| one.text.as_str()).collect();
    let shown = bare(&text);
    for one in help["contacts"].as_array().unwrap() {
        for point in one["contact_points"].as_array().unwrap() {
            let display = point["display"].as_str().unwrap();
            assert!(shown.contains(&bare(display)), "{point}");
            for field in ["tel_uri", "sms_uri"] {
                let uri = point[field].as_str();
                assert!(
                    uri.is_none_or(|uri| links.iter().any(|link| link.get("href") == uri)),
                    "{point}"
                );
            }
        }
        for source in one["sources"].as_array().unwrap() {
            let slug = source["source"].as_str().unwrap();
            let source = site.json(&format!("/v1/sources/{slug}")).await;
            assert!(text.contains(source["title"].as_str().unwrap()), "{source}");
        }
        let report = format!(
            "/embed/report?resource=hotlines&record={}&",
            one["slug"].as_str().unwrap()
        );
        assert!(
            links
                .iter()
                .any(|link| link.get("href").starts_with(&report))
        );
    }
    for words in [
        "Open at all hours",
        "Languages: English",
        "Not confirmed for over a year",
        "CC-BY-4.0",
        "As of 20",
    ] {
        assert!(text.contains(words), "{words}");
    }
    // What leads elsewhere opens apart: frames may not show others. A call does not.
    for link in &links[1..] {
        let web = link.get("href").starts_with("https:");
        assert_eq!(
            link.get("target") == "_blank",
            web || link.get("href") == "/",
            "{link:?}"
        );
    }
    let more: Vec<&&Element> = links.iter().filter(|one| one.text == "Show more").collect();
    assert_eq!(more.len(), 1);
    let more = page(&site.get(more[0].get("href")).await);
    assert!(named(&more, "h3").count() > named(&all, "h3").count());
}

#[actix_web::test]
async fn pages_speak_the_languages_that_there_are_words_in() {
    let site = Site::full().await;
    let arabic = site.get("/embed/help?country=PH&lang=ar").await;
    let all = page(&arabic);
    assert_eq!((all[0].get("lang"), all[0].get("dir")), ("ar", "rtl"));
    assert!(named(&all, "bdi").all(|one| one.get("dir") == "ltr"));
    assert!(arabic.text().contains("مغادرة هذه الصفحة") && arabic.text().contains("ترجمة آلية"));
    for (lang, exit) in [
        ("tl", "Umalis"),
        ("es-MX", "Salir"),
        ("zh", "离开"),
        ("tlh", "Leave"),
    ] {
        for uri in [
            "/?",
            "/embed/help?country=PH&",
            "/embed/static?country=PH&",
            "/embed/help?",
        ] {
            let answer = site.get(&format!("{uri}lang={lang}")).await;
            assert!(answer.text().contains(exit), "{uri}lang={lang}");
        }
    }
    let german = site
        .get_with("/", "Accept-Language", "sw, de;q=0.8, en;q=0.2")
        .await;
    assert!(german.text().contains("Jetzt Hilfe finden"));
    assert!(german.header("vary").contains("Accept-Language"));
    let about = site.json("/embed").await;
    for lang in about["languages"].as_array().unwrap() {
        let lang = lang.as_str().unwrap();
        let front = page(&site.get(&format!("/?lang={lang}")).await);
        assert_eq!(front[0].get("lang"), lang);
        let own = named(&front, "a").find(|one| one.attributes.contains_key("aria-current"));
        assert_eq!(own.unwrap().get("hreflang"), lang);
    }
    // Only the name of the place, for those who look over a shoulder.
    let neutral = page(&site.get("/embed/help?country=PH&neutral=true").await);
    for name in ["title", "h1"] {
        assert_eq!(named(&neutral, name).next().unwrap().text, "Philippines");
    }
    let dark = page(&site.get("/embed/help?country=PH&theme=dark").await);
    assert_eq!(dark[0].get("data-theme"), "dark");
    let other = page(
        &site
            .get("/embed/help?country=PH&theme=auto&neutral=false")
            .await,
    );
    assert_eq!(other[0].get("data-theme"), "auto");
    assert_eq!(
        named(&other, "h1").next().unwrap().text,
        "Help: Philippines"
    );
    // Looks that there are not are refused alike; whoever seeks help there gets what is for all.
    for uri in [
        "/embed/help?country=PH&",
        "/embed/static?country=PH&",
        &format!("/embed/statistic/{FIGURE}?"),
        &format!("/embed/static/statistic/{FIGURE}?"),
        "/embed/chart/cybertipline_reports?",
    ] {
        for look in ["theme=pink", "neutral=1"] {
            let refused = site.get(&format!("{uri}{look}")).await;
            assert_eq!(refused.status, 400, "{uri}{look}");
            let all = page(&refused);
            let name = look.split('=').next().unwrap();
            let told = named(&all, "code").next().unwrap();
            assert!(told.text.starts_with(name), "{uri}{look}: {told:?}");
            assert_eq!(all[0].get("data-theme"), "auto");
            let shown = refused.text().contains("tel:1343");
            assert_eq!(shown, uri.starts_with("/embed/help"), "{uri}{look}");
        }
    }
}

#[actix_web::test]
async fn what_cannot_be_shown_says_so_and_leaves_a_way_out() {
    let site = Site::full().await;
    for (uri, status, words) in [
        ("/embed/help?country=XX", 400, "use an ISO 3166-1"),
        ("/embed/help", 422, "add country"),
        ("/embed/help?country=", 422, "add country"),
        ("/embed/help?country=PH&country=US", 400, "give it once"),
        (
            "/embed/help?country=PH&lang=%F0%9F%8E%88",
            400,
            "use a BCP 47 tag",
        ),
        ("/embed/help?country=PH&lang=e", 400, "use a BCP 47 tag"),
        (
            "/embed/help?country=PH&topic=nothing",
            422,
            "use a slug of /v1/topics",
        ),
        ("/embed/help?country=PH&age=old", 400, "whole number"),
        (
            "/embed/help?country=PH&subdivision=US-CA",
            422,
            "correct one of the two",
        ),
        ("/embed/help?country=%FF", 400, "percent-encode"),
        ("/embed/help?country=ph&age=old", 400, "whole number"),
        ("/embed/static?country=XX", 400, "use an ISO 3166-1"),
    ] {
        let answer = site.get(uri).await;
        assert_eq!(answer.status, status, "{uri}");
        assert!(answer.text().contains(words), "{uri}: {}", answer.text());
        let all = page(&answer);
        let first = named(&all, "a").next().unwrap();
        assert!(first.attributes.contains_key("data-lodestar-exit"), "{uri}");
        // Where the place is known, what is for all there is shown all the same.
        let is_known = ["topic=", "age=", "lang="]
            .iter()
            .any(|one| uri.contains(one));
        let unknown = answer.text().contains("Emergency numbers: unknown");
        assert_eq!(unknown, !is_known, "{uri}");
        let shown =
            answer.text().contains("href=\"tel:911\"") && answer.text().contains("tel:1343");
        assert_eq!(shown, is_known, "{uri}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(
            answer
                .header("content-security-policy")
                .contains("script-src 'self'")
        );
    }
    // A way out never is a script, whatever was asked for.
    for exit in [
        "javascript:alert(1)",
        "%20javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
    ] {
        for uri in [
            "/embed/help?country=PH&",
            "/embed/static?country=PH&",
            "/embed/help?country=XX&",
        ] {
            let all = page(&site.get(&format!("{uri}exit_url={exit}")).await);
            assert_eq!(
                named(&all, "a").next().unwrap().get("href"),
                "https://weather.com/",
                "{uri}{exit}"
            );
        }
    }
    for (uri, status) in [
        ("/embed/statistic/nobody", 404),
        ("/embed/statistic/%3Cscript%3E", 404),
        ("/embed/chart/nobody", 404),
        ("/embed/static/statistic/nobody", 404),
        ("/embed/static/chart/nobody", 404),
        ("/embed/chart/cybertipline_reports?unit=elephants", 400),
        ("/embed/chart/cybertipline_reports?from=2020&to=2010", 422),
        ("/embed/chart/cybertipline_reports?width=1", 400),
        ("/embed/report", 400),
        ("/embed/report?resource=keys&record=x", 400),
        ("/embed/pages/none.css", 404),
    ] {
        assert_eq!(site.get(uri).await.status, status, "{uri}");
    }
}

#[actix_web::test]
async fn what_is_copied_asks_nobody_and_says_its_day() {
    let site = Site::full().await;
    let answer = site.get("/embed/static?country=US&lang=en").await;
    let all = page(&answer);
    assert_eq!(
        (all[0].name.as_str(), all[0].get("class")),
        ("section", "lodestar-static")
    );
    let today = chrono::Utc::now().date_naive().to_string();
    assert!(
        answer
            .text()
            .contains(&format!("This list was made on {today}."))
    );
    // Nothing that is true now alone.
    for words in [
        "Open now",
        "Closed now",
        "days ago",
        "days old",
        "data-moment",
    ] {
        assert!(!answer.text().contains(words), "{words}");
    }
    assert!(answer.text().contains("Open at all hours"));
    for link in named(&all, "a") {
        let href = link.get("href");
        let leads = ["tel:", "sms:", "mailto:", "https://", URL];
        assert!(
            leads.iter().any(|start| href.starts_with(start)),
            "{link:?}"
        );
    }
    // Its rules reach nothing else on the page.
    let style = named(&all, "style").next().unwrap();
    for rule in style
        .text
        .split('}')
        .map(str::trim)
        .filter(|rule| !rule.is_empty())
    {
        assert!(rule.starts_with(".lodestar-static"), "{rule}");
    }
    for (uri, words) in [
        (format!("/embed/static/statistic/{FIGURE}"), "2,755 domains"),
        (
            "/embed/static/chart/cybertipline_reports".to_owned(),
            "<svg",
        ),
    ] {
        let answer = site.get(&uri).await;
        assert!(
            answer.text().contains(words) && answer.text().contains(&format!("As of {today}")),
            "{uri}"
        );
    }
}

#[actix_web::test]
async fn whoever_reads_of_figures_finds_the_way_out_first() {
    let site = Site::full().await;
    let of = [
        format!("/embed/statistic/{FIGURE}"),
        "/embed/chart/cybertipline_reports".to_owned(),
    ];
    for path in of {
        let all = page(
            &site
                .get(&format!("{path}?exit_url=https://sunny.example/"))
                .await,
        );
        let first = named(&all, "a").next().unwrap();
        assert!(
            first.attributes.contains_key("data-lodestar-exit"),
            "{path}"
        );
        assert_eq!(first.get("href"), "https://sunny.example/", "{path}");
    }
}

#[actix_web::test]
async fn figures_carry_all_that_belongs_to_them() {
    let site = Site::full().await;
    let answer = site.get(&format!("/embed/statistic/{FIGURE}")).await;
    let record = site
        .json(&format!("/v1/statistics/{FIGURE}?include=sources"))
        .await;
    let text = answer.text();
    for words in [
        "2,755 domains",
        "World",
        "2007",
        "Counted by Internet Watch Foundation",
        "Not assessed",
        "CC-BY-4.0",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let all = page(&answer);
    let cited = site
        .get(&format!("/v1/statistics/{FIGURE}/citation?format=text"))
        .await;
    let citation = all
        .iter()
        .find(|one| one.get("class") == "citation")
        .unwrap();
    assert_eq!(citation.text.trim(), cited.text().trim());
    let source = &record["included"]["sources"][0];
    let link = named(&all, "a").find(|one| one.text == source["title"].as_str().unwrap());
    assert_eq!(link.unwrap().get("href"), source["url"].as_str().unwrap());
    let told = &linked(&all)["@graph"][0];
    assert_eq!(
        (&told["@type"], &told["variableMeasured"]["value"]),
        (&json!("Dataset"), &json!("2755"))
    );
    assert_eq!(told["temporalCoverage"], "2007-01-01/2007-12-31");
    // A disputed figure says so first, and who says so.
    let slug = "entry-age-sex-trafficking-us-shared-hope";
    let disputed = site.get(&format!("/embed/statistic/{slug}")).await;
    let record = site
        .json(&format!("/v1/statistics/{slug}?include=critiques"))
        .await;
    let all = page(&disputed);
    let mark = place(&all, "Disputed: other sources contradict this figure");
    assert!(mark < place(&all, "Counted by"));
    let texts: String = all.iter().map(|one| one.text.as_str()).collect();
    let critique = &record["critiques"][0];
    assert!(texts.contains(critique["summary"].as_str().unwrap()));
    assert!(
        texts.contains(
            record["included"]["critiques"][0]["title"]
                .as_str()
                .unwrap()
        )
    );

    let chart = site.get("/embed/chart/cybertipline_reports").await;
    let all = page(&chart);
    // Narrow and wide; and a row for each figure that is drawn.
    assert_eq!(named(&all, "svg").count(), 2);
    let listed = site
        .json("/v1/statistics?indicator=cybertipline_reports&geography=WLD&per_page=200")
        .await;
    let rows = named(&all, "tr").count() - 1;
    assert!(
        rows > 20 && rows <= listed["contents"].as_array().unwrap().len(),
        "{rows}"
    );
    assert!(named(&all, "td").any(|_| true) && chart.text().contains("36,210,368 reports"));
    let style = named(&all, "style").next().unwrap();
    let hash = {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        use sha2::{Digest as _, Sha256};
        STANDARD.encode(Sha256::digest(&style.text))
    };
    assert!(
        chart
            .header("content-security-policy")
            .contains(&format!("'sha256-{hash}'"))
    );
    let one = page(
        &site
            .get("/embed/chart/cybertipline_reports?width=500&theme=dark")
            .await,
    );
    let pictures: Vec<&str> = named(&one, "svg").map(|svg| svg.get("width")).collect();
    assert_eq!(pictures, ["500"]);
    assert_eq!(linked(&all)["@graph"][0]["@type"], "Dataset");
}

fn indicator(slug: &str) -> Value {
    json!({"slug": slug, "title": slug, "definition": "Counted.", "unit": "persons", "kind": "count"})
}

fn figure(slug: &str, of: &str) -> Value {
    json!({"slug": slug, "indicator": of, "title": slug, "claim": "So many.", "lang": "en", "value": "1",
        "qualifier": "exactly", "unit": "persons", "geography": "GB", "period_start": "2020-01-01", "period_end": "2020-12-31",
        "publisher": slug, "observation_status": "normal", "assessment": "not_assessed",
        "sources": [{"source": "source-one", "published_on": "2021"}]})
}

/// A directory with figures that are moved, archived, hidden, and in two units.
async fn shelf() -> Site {
    let database = Database::empty().await;
    let source = json!({"slug": "source-one", "title": "One", "url": "https://one.example/"});
    let mut first = vec![("sources", source)];
    first.extend(["stays", "closes", "hides", "two"].map(|slug| ("indicators", indicator(slug))));
    let figures = ["stays", "closes", "hides", "two"];
    first.extend(figures.map(|slug| ("statistics", figure(&format!("{slug}-figure"), "stays"))));
    first.push(("statistics", figure("in-persons", "two")));
    first.push(("statistics", figure("in-cases", "two")));
    let public = |(resource, one): (&'static str, Value)| (resource, one, "published", "public");
    database
        .write("first", first.into_iter().map(public).collect())
        .await;
    let later = |slug: &str, status, visibility| {
        let of = [
            ("indicators", indicator(slug)),
            ("statistics", figure(&format!("{slug}-figure"), "stays")),
        ];
        of.map(|(resource, one)| (resource, one, status, visibility))
    };
    let gone = later("closes", "archived", "public");
    let hidden = later("hides", "published", "hidden");
    database
        .write("later", gone.into_iter().chain(hidden).collect())
        .await;
    database.in_another_unit("in-cases", "cases").await;
    let key = database.key("Paul", "publisher").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    let request = TestRequest::patch()
        .uri("/v1/statistics/stays-figure")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .insert_header(("If-Match", "*"))
        .insert_header(("Content-Type", "application/json"))
        .set_payload(json!({"slug": "stays-figure-now"}).to_string());
    let answer = site.ask(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    site
}

#[actix_web::test]
async fn records_that_went_elsewhere_are_told_as_the_api_tells_them() {
    let site = shelf().await;
    // Indicators are named by codes, which stay.
    let slug = "stays-figure";
    for before in ["/embed/statistic", "/embed/static/statistic"] {
        let moved = site.get(&format!("{before}/{slug}?lang=de&utm=1")).await;
        assert_eq!(moved.status, 308, "{}", moved.text());
        let location = format!("{URL}{before}/{slug}-now?lang=de");
        assert_eq!(moved.header("location"), location);
        assert_eq!(site.get(&location[URL.len()..]).await.status, 200);
    }
    let url = format!("{URL}/embed/statistic/{slug}");
    let moved = site.get(&format!("/oembed?url={url}&maxwidth=300")).await;
    assert_eq!(moved.status, 308);
    let location = &moved.header("location")[URL.len()..];
    assert_eq!(site.json(location).await["width"], 300, "{location}");
    for (uri, status, words) in [
        (
            "/embed/statistic/closes-figure",
            410,
            "This is no longer kept here.",
        ),
        ("/embed/chart/closes", 410, "This is no longer kept here."),
        (
            "/embed/statistic/hides-figure",
            404,
            "There is nothing here.",
        ),
        ("/embed/chart/hides", 404, "There is nothing here."),
        (
            "/embed/static/statistic/closes-figure",
            410,
            "no longer kept",
        ),
        ("/embed/static/chart/hides", 404, "nothing here"),
    ] {
        let answer = site.get(uri).await;
        assert_eq!(answer.status, status, "{uri}");
        assert!(answer.text().contains(words), "{uri}: {}", answer.text());
    }
    for (path, status) in [
        ("statistic/closes-figure", 410),
        ("chart/hides", 404),
        ("statistic/hides-figure", 404),
    ] {
        let answer = site.get(&format!("/oembed?url={URL}/embed/{path}")).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{path}"
        );
    }
    // No axis holds two units: the page names them.
    let two = site.get("/embed/chart/two").await;
    assert_eq!(two.status, 422);
    for words in ["unit=cases", "unit=persons", "<code>unit</code>"] {
        assert!(two.text().contains(words), "{words}: {}", two.text());
    }
    let one = site.get("/embed/chart/two?unit=persons").await;
    assert_eq!(one.status, 200);
    assert!(one.text().contains("in-persons") && !one.text().contains("in-cases"));
}

#[actix_web::test]
async fn other_systems_are_told_how_to_embed() {
    let site = Site::full().await;
    for (path, title) in [
        ("/embed/help?country=PH&lang=en", "Help: Philippines"),
        (&format!("/embed/statistic/{FIGURE}"), "2,755 domains"),
        ("/embed/chart/cybertipline_reports", "CyberTipline reports"),
    ] {
        let all = page(&site.get(path).await);
        let alternate =
            named(&all, "link").find(|one| one.get("type") == "application/json+oembed");
        let found = &alternate.unwrap().get("href")[URL.len()..];
        let embed = site.json(found).await;
        assert_eq!(
            (&embed["version"], &embed["type"]),
            (&json!("1.0"), &json!("rich"))
        );
        assert!(embed["title"].as_str().unwrap().contains(title), "{embed}");
        let html = elements(embed["html"].as_str().unwrap());
        assert_eq!(html.len(), 1, "{embed}");
        let frame = &html[0];
        assert_eq!(
            (frame.name.as_str(), frame.get("src")),
            ("iframe", &*format!("{URL}{path}"))
        );
        assert_eq!(frame.get("title"), embed["title"].as_str().unwrap());
        assert_eq!(
            (frame.get("loading"), frame.get("referrerpolicy")),
            ("lazy", "no-referrer")
        );
        assert!(
            frame
                .get("sandbox")
                .contains("allow-top-navigation-by-user-activation")
        );
        assert!(!frame.get("sandbox").contains("allow-same-origin"));
    }
    let url = format!("{URL}/embed/help?country=PH");
    for (sizes, width, height) in [
        ("maxwidth=1", 1, 800),
        ("maxwidth=1000000000&maxheight=1e9", 640, 800),
        ("maxwidth=320&maxheight=200&x=1", 320, 200),
    ] {
        let embed = site.json(&format!("/oembed?url={url}&{sizes}")).await;
        assert_eq!(
            (&embed["width"], &embed["height"]),
            (&json!(width), &json!(height)),
            "{sizes}"
        );
        assert!(
            embed["html"]
                .as_str()
                .unwrap()
                .contains(&format!("width=\"{width}\""))
        );
    }
    for (query, status, words) in [
        (format!("url={url}&format=xml"), 501, "format=json"),
        (format!("url={url}&format=yaml"), 501, "format=json"),
        (
            "url=https://other.example/embed/help?country=PH".to_owned(),
            400,
            "begins with http://127.0.0.1:8080/embed/",
        ),
        (
            format!("url={URL}@evil.example/embed/help"),
            400,
            "use /embed/help",
        ),
        (
            format!("url={URL}.evil.example/embed/help"),
            400,
            "use /embed/help",
        ),
        (format!("url={URL}/v1/hotlines"), 400, "use /embed/help"),
        (
            format!("url={URL}/embed/static?country=PH"),
            400,
            "use /embed/help",
        ),
        (
            format!("url={URL}/embed/help%3Fcountry=XX"),
            400,
            "ISO 3166-1",
        ),
        (format!("url={url}&maxwidth=0"), 400, "whole number from 1"),
        (
            format!("url={url}&maxwidth=wide"),
            400,
            "whole number from 1",
        ),
        (
            format!("url={url}&maxheight=-5"),
            400,
            "whole number from 1",
        ),
        (String::new(), 400, "give the address"),
    ] {
        let answer = site.get(&format!("/oembed?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
        assert!(answer.text().contains(words), "{query}: {}", answer.text());
    }
}

#[actix_web::test]
async fn the_front_page_answers_and_builds() {
    let site = Site::full().await;
    let answer = site.get("/").await;
    let all = page(&answer);
    let form = named(&all, "form").next().unwrap();
    // What somebody asks stands in no address.
    assert!(named(&all, "form").all(|form| form.get("method") == "post"));
    assert_eq!(form.get("action"), "/#answer");
    assert!(
        named(&all, "option")
            .filter(|one| one.get("value") == "PH")
            .count()
            == 2
    );
    assert!(named(&all, "option").any(|one| one.get("value") == "labor_trafficking"));
    let links: Vec<&str> = named(&all, "a").map(|one| one.get("href")).collect();
    for link in [
        "/docs/",
        "/v1/openapi.json",
        "/v1/hotlines",
        "/v1/statistics",
    ] {
        assert!(links.contains(&link), "{link}");
    }
    let types: Vec<Value> = linked(&all)["@graph"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["@type"].clone())
        .collect();
    assert_eq!(types, ["Organization", "WebSite", "Dataset"]);

    let answer = post(&site, "/", "lang=en&country=PH&topic=&x=1").await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, "no-store")
    );
    let all = page(&answer);
    let (title, hotlines) = (place(&all, "Help: Philippines"), place(&all, "Hotlines"));
    assert!(title < hotlines && answer.text().contains("1343"));
    let chosen: Vec<&Element> = named(&all, "option")
        .filter(|one| one.attributes.contains_key("selected"))
        .collect();
    assert!(chosen.iter().any(|one| one.get("value") == "PH"));
    let graph = linked(&all);
    let found = graph["@graph"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["contactPoint"].is_object());
    let point = &found.unwrap()["contactPoint"];
    assert_eq!(
        point["areaServed"],
        json!([{"@type": "Country", "identifier": "PH"}])
    );
    assert!(
        !point["hoursAvailable"].as_array().unwrap().is_empty(),
        "{point}"
    );

    let built = post(&site, "/", "lang=en&build=true&country=PH&words=fil&theme=dark&neutral=true&exit_url=https%3A%2F%2Fsunny.example%2F%22%3E").await;
    let all = page(&built);
    let code = |id: &str| {
        let one = all.iter().find(|one| one.get("id") == format!("code-{id}"));
        one.unwrap_or_else(|| panic!("no {id}")).text.clone()
    };
    let frame = elements(&code("frame"));
    let src = frame[0].get("src").to_owned();
    assert!(
        src.starts_with(&format!("{URL}/embed/help?country=PH&")),
        "{src}"
    );
    assert_eq!(site.get(&src[URL.len()..]).await.status, 200);
    let preview = named(&all, "iframe").next().unwrap();
    assert_eq!(preview.get("src"), &src[URL.len()..]);
    let component = elements(&code("component"));
    let tag = component
        .iter()
        .find(|one| one.name == "lodestar-help")
        .unwrap();
    let attributes = ["country", "lang", "theme", "exit-url", "neutral"].map(|name| tag.get(name));
    assert_eq!(
        attributes,
        ["PH", "fil", "dark", "https://sunny.example/\">", ""]
    );
    assert!(component.iter().any(|one| one.get("href") == "tel:911"));
    let copied = elements(&code("static"));
    assert_eq!(
        (copied[0].get("lang"), copied[0].get("class")),
        ("fil", "lodestar-static")
    );
    assert!(code("oembed").starts_with(&format!("{URL}/embed/help?country=PH")));
    // It is the page of the address that it names.
    let same = site
        .get(&src[URL.len()..].replace("/embed/help", "/embed/static"))
        .await;
    assert_eq!(same.text().trim_end(), code("static").trim_end());

    for (form, status) in [
        ("country=XX", 400),
        ("country=", 422),
        ("country=PH&topic=nothing", 422),
        ("build=true&country=QQ", 400),
        ("build=true&country=PH&exit_url=javascript:alert(1)", 400),
        ("build=true&country=PH&exit_url=elsewhere", 400),
        ("country=%FF", 400),
    ] {
        let refused = post(&site, "/", form).await;
        assert_eq!(refused.status, status, "{form}");
        assert!(refused.text().contains("data-lodestar-exit"), "{form}");
    }
    let large = post(&site, "/", &format!("country={}", "P".repeat(9000))).await;
    assert_eq!(large.status, 413);
    let other = site
        .ask(TestRequest::post().uri("/").set_payload("{}"))
        .await;
    assert_eq!(other.status, 415);
}

#[actix_web::test]
async fn a_wrong_number_is_told_by_a_plain_form() {
    let site = Site::full().await;
    let all = page(&site.get("/embed/report?resource=hotlines&record=iwf-report&lang=es&exit_url=https://sunny.example/").await);
    let hidden: Vec<(&str, &str)> = named(&all, "input")
        .map(|one| (one.get("name"), one.get("value")))
        .collect();
    assert_eq!(
        hidden,
        [
            ("resource", "hotlines"),
            ("record", "iwf-report"),
            ("lang", "es"),
            ("exit_url", "https://sunny.example/")
        ]
    );
    let form = named(&all, "form").next().unwrap();
    assert_eq!(
        (form.get("method"), form.get("action")),
        ("post", "/embed/report")
    );
    let told = "resource=hotlines&record=iwf-report&lang=es&text=It+leads+to+a+shop%2C+see+https%3A%2F%2Fevil.example%2Fx";
    let thanks = post(&site, "/embed/report", told).await;
    assert_eq!(
        (thanks.status, thanks.header("cache-control")),
        (202, "no-store")
    );
    assert!(thanks.text().contains("Gracias. Su mensaje ha llegado."));
    let stored = "select resource, texts, proposed_by from ledger.proposals";
    let stored = rows(&mut site.database.superuser().await, stored).await;
    assert_eq!(stored.len(), 1);
    assert_eq!(
        stored[0]["texts"],
        json!(["It leads to a shop, see [link]"])
    );
    for (form, status) in [
        ("resource=hotlines&record=nobody&text=x", 422),
        ("resource=hotlines&record=iwf-report&text=", 422),
        ("resource=hotlines&record=iwf-report", 422),
    ] {
        let refused = post(&site, "/embed/report", form).await;
        assert_eq!(refused.status, status, "{form}: {}", refused.text());
    }
    // As many as by the API, and no more.
    let last = [
        post(&site, "/embed/report", told).await,
        post(&site, "/embed/report", told).await,
    ];
    assert_eq!(last.each_ref().map(|one| one.status), [202, 429]);
    assert!(
        !last[1].header("retry-after").is_empty() && last[1].text().contains("data-lodestar-exit")
    );
}

#[actix_web::test]
async fn a_frame_weighs_little() {
    let site = Site::full().await;
    let mut most = 0;
    for country in ["US", "GB", "PH", "IN"] {
        for lang in ["en", "ar", "hi"] {
            let path = format!("/embed/help?country={country}&lang={lang}");
            let all = page(&site.get(&path).await);
            let files = named(&all, "script")
                .map(|one| one.get("src"))
                .chain(named(&all, "link").map(|one| one.get("href")));
            let own = files.filter(|file| file.starts_with("/embed/"));
            let mut bytes = 0;
            for file in std::iter::once(path.as_str()).chain(own) {
                let answer = site.get_with(file, "Accept-Encoding", "gzip").await;
                assert_eq!(answer.status, 200, "{file}");
                // What is small already gains nothing.
                let packed = answer.header("content-encoding") == "gzip";
                assert!(packed || answer.body.len() < 1000, "{file}");
                if file.starts_with("/embed/pages/") {
                    assert_eq!(
                        answer.header("cache-control"),
                        "public, max-age=31536000, immutable"
                    );
                }
                bytes += answer.body.len();
            }
            most = most.max(bytes);
        }
    }
    println!("a page in a frame weighs at most {most} bytes with gzip");
    assert!(most <= 20_480, "{most}");
}

/// Texts that would be something else if they were taken for markup.
const HOSTILE: &str = "</script><script>window.ran(1)</script><img src=x onerror=\"window.ran(2)\">\"'><svg onload=window.ran(3)> \
    --></style></textarea></title><iframe srcdoc=\"<script>parent.ran(4)</script>\"></section><!--<a href=\"javascript:window.ran(5)\">\
    <base href=https://evil.example/>{{ 7*7 }}<![CDATA[ ]]&gt;&lt;b&gt; ' onmouseover='window.ran(6)";
/// Addresses that are none.
const ADDRESS: &str = "javascript:window.ran(7)//\"><script>window.ran(8)</script>";

/// What people write into records; everything else is a code, a number or a date.
const WRITTEN: [&str; 21] = [
    "name",
    "description",
    "notes",
    "value",
    "keyword",
    "extension",
    "note",
    "title",
    "claim",
    "publisher",
    "population",
    "denominator",
    "method_note",
    "caveat",
    "summary",
    "url",
    "website",
    "city",
    "role_title",
    "definition",
    "locator",
];

fn poisoned(value: &Value, name: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, field)| (name.clone(), poisoned(field, name)));
            Value::Object(fields.collect())
        }
        Value::Array(entries) => entries.iter().map(|entry| poisoned(entry, name)).collect(),
        Value::String(text) if WRITTEN.contains(&name) => {
            let address = ["url", "website"].contains(&name)
                || text.starts_with("http")
                || text.contains('@');
            json!(if address { ADDRESS } else { HOSTILE })
        }
        // Figures keep their numbers.
        other => other.clone(),
    }
}

#[actix_web::test]
async fn no_record_gets_out_of_its_text() {
    let database = Database::full().await;
    let mut superuser = database.superuser().await;
    let mut changed = 0;
    // Past the one way in, which would refuse some of it.
    for table in [
        "hotlines",
        "organizations",
        "regional_contacts",
        "statistics",
        "vocabularies",
    ] {
        let records = rows(
            &mut superuser,
            &format!("select id, document from published.{table}"),
        )
        .await;
        for record in records {
            let mut document = poisoned(&record["document"], "");
            if table == "statistics" {
                document["value"] = record["document"]["value"].clone();
            }
            let text = document.to_string().replace('\'', "''");
            let id = record["id"].as_str().unwrap();
            run(
                &mut superuser,
                &format!("update published.{table} set document = '{text}' where id = '{id}'"),
            )
            .await;
            changed += 1;
        }
    }
    assert!(changed > 1000, "{changed}");
    let site = Site::over(database).await;
    let known = [
        "html", "head", "meta", "title", "link", "script", "body", "header", "a", "p", "span",
        "main", "h1", "h2", "h3", "h4", "section", "ul", "li", "bdi", "div", "details", "summary",
        "time", "footer", "style", "q", "cite", "table", "caption", "thead", "tbody", "tr", "th",
        "td", "svg", "desc", "rect", "line", "path", "polygon", "text", "strong", "form", "input",
        "label", "select", "option", "button", "textarea", "iframe", "nav", "img",
    ];
    let mut read = 0;
    for (uri, form) in [
        ("/embed/help?country=US&lang=en&limit=100", None),
        ("/embed/help?country=PH&lang=ar", None),
        ("/embed/static?country=US", None),
        (&format!("/embed/statistic/{FIGURE}"), None),
        (
            "/embed/statistic/entry-age-sex-trafficking-us-shared-hope",
            None,
        ),
        (&format!("/embed/static/statistic/{FIGURE}"), None),
        ("/embed/chart/cybertipline_reports", None),
        ("/embed/static/chart/cybertipline_reports?lang=ar", None),
        ("/", None),
        ("/", Some("country=US&limit=100&lang=en")),
        ("/", Some("build=true&country=US&words=ar&lang=en")),
    ] as [(&str, Option<&str>); 11]
    {
        let answer = match form {
            Some(form) => post(&site, uri, form).await,
            None => site.get(uri).await,
        };
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        let mut pages = vec![page(&answer)];
        // What is given to paste is markup once more.
        let pasted: Vec<Vec<Element>> = named(&pages[0], "textarea")
            .map(|one| elements(&one.text))
            .collect();
        pages.extend(pasted);
        let mut shown = 0;
        for one in pages.iter().flatten() {
            assert!(
                known.contains(&&*one.name) || one.name == "lodestar-help",
                "{uri}: {one:?}"
            );
            for (name, value) in &one.attributes {
                assert!(
                    !name.starts_with("on") && name != "srcdoc",
                    "{uri}: {one:?}"
                );
                if ["href", "src", "action"].contains(&&**name) {
                    let leads = ["/", "tel:", "sms:", "mailto:", "https://", URL];
                    assert!(
                        leads.iter().any(|start| value.starts_with(start)),
                        "{uri}: {one:?}"
                    );
                }
            }
            match &*one.name {
                "script" if one.get("type") == "application/ld+json" => {
                    let told: Value = serde_json::from_str(&one.text).unwrap();
                    assert!(told["@graph"].is_array());
                }
                // In what is pasted, the one script that gives a frame its height.
                "script" if one.attributes.is_empty() => {
                    let own = include_str!("../../src/embed/pages/height.html");
                    let own = elements(own).remove(0).text;
                    assert_eq!(one.text.trim(), own.trim(), "{one:?}");
                }
                "script" => assert!(one.text.trim().is_empty(), "{one:?}"),
                "style" => assert!(!one.text.contains("ran("), "{one:?}"),
                _ => shown += usize::from(one.text.contains("window.ran(1)")),
            }
        }
        assert!(shown > 0, "{uri} shows none of it");
        read += shown;
    }
    let embed = site
        .json(&format!("/oembed?url={URL}/embed/statistic/{FIGURE}"))
        .await;
    let frame = elements(embed["html"].as_str().unwrap());
    assert_eq!(frame.len(), 1, "{embed}");
    println!("{changed} records; their texts were shown {read} times, as text");
}

#[actix_web::test]
async fn a_report_names_the_record_and_leads_back() {
    let site = Site::full().await;
    let sheet = page(
        &site
            .get("/embed/help?country=PH&topic=child_exploitation&theme=dark")
            .await,
    );
    let link = named(&sheet, "a").find(|one| one.get("class") == "report");
    let form = page(&site.get(link.unwrap().get("href")).await);
    let back = |all: &[Element]| {
        let link = named(all, "a").find(|one| one.get("class") == "plain");
        link.unwrap().get("href").to_owned()
    };
    let asked = "/embed/help?country=PH&topic=child_exploitation&lang=en&theme=dark";
    assert_eq!(back(&form), asked);
    let fields = named(&form, "input");
    let fields = fields.map(|one| (one.get("name"), one.get("value")));
    let told: String = form_urlencoded::Serializer::new("text=It+rings".to_owned())
        .extend_pairs(fields)
        .finish();
    let thanks = post(&site, "/embed/report", &told).await;
    assert_eq!(thanks.status, 202);
    assert_eq!(back(&page(&thanks)), asked);

    for (about, title, name, to) in [
        (
            "resource=hotlines&record=iwf-report",
            "Report a wrong number",
            "/v1/hotlines/iwf-report",
            "/?lang=en".to_owned(),
        ),
        (
            &format!("resource=statistics&record={FIGURE}&theme=light"),
            "Report a wrong figure",
            &format!("/v1/statistics/{FIGURE}"),
            format!("/embed/statistic/{FIGURE}?theme=light"),
        ),
    ] {
        let all = page(&site.get(&format!("/embed/report?{about}")).await);
        let record = site.json(name).await;
        let name = record["name"].as_str().or(record["title"].as_str());
        assert_eq!(named(&all, "h1").next().unwrap().text, title);
        let shown = all.iter().find(|one| one.get("class") == "state");
        assert_eq!(shown.map(|one| &*one.text), name);
        assert_eq!(back(&all), to);
    }
    // A record that there is not is still no secret: the form shows what was asked for.
    let unknown = site
        .get("/embed/report?resource=hotlines&record=nobody")
        .await;
    assert!(unknown.status == 200 && unknown.text().contains(">nobody</p>"));
}

#[actix_web::test]
async fn what_was_copied_says_its_hours() {
    let site = Site::full().await;
    for (country, slug, lang, hours) in [
        (
            "CW",
            "cw-918-curacao",
            "en",
            "Mon-Fri 08:00-18:00; Sat 12:00-18:00 (America/Curacao)",
        ),
        (
            "BE",
            "be-awel-be",
            "de",
            "Mo,Di,Do,Fr 16:00-22:00; Mi,Sa 14:00-22:00 (Europe/Brussels)",
        ),
    ] {
        let record = site.json(&format!("/v1/hotlines/{slug}")).await;
        assert!(record["hours"].is_string());
        let copied = format!("/embed/static?country={country}&lang={lang}&limit=100");
        let copied = site.get(&copied).await;
        assert!(copied.text().contains(hours), "{}", copied.text());
        let framed = format!("/embed/help?country={country}&lang={lang}&limit=100");
        assert!(!site.get(&framed).await.text().contains(hours));
    }
    let words = site.get("/embed/static?country=US&lang=en&limit=100").await;
    assert!(words.text().contains(">Chat</a>") && !words.text().contains(">chat</a>"));
}

#[actix_web::test]
async fn figures_have_the_way_out_that_was_asked_for() {
    let site = Site::full().await;
    for before in ["/embed", "/embed/static"] {
        for record in [
            &*format!("statistic/{FIGURE}"),
            "chart/cybertipline_reports",
        ] {
            // One after the other: what is kept for one is not given to the other.
            for exit in ["https://sunny.example/", "https://rainy.example/"] {
                let uri = format!("{before}/{record}?exit_url={exit}");
                let all = page(&site.get(&uri).await);
                let ways = named(&all, "a")
                    .filter(|one| one.attributes.contains_key("data-lodestar-exit"));
                let ways: Vec<&str> = ways.map(|one| one.get("href")).collect();
                assert_eq!(ways, [exit], "{uri}");
            }
        }
    }
}

#[actix_web::test]
async fn where_nothing_stands_people_get_a_page() {
    let site = Site::full().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for uri in ["/embed/nothing", "/embed/help/PH", "/embed/"] {
        let answer = site.get_with(uri, "Accept", browser).await;
        assert_eq!(answer.status, 404, "{uri}");
        let all = page(&answer);
        assert!(named(&all, "a").any(|one| one.attributes.contains_key("data-lodestar-exit")));
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'")
        );
        for accept in ["*/*", "application/json"] {
            let answer = site.get_with(uri, "Accept", accept).await;
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (404, "application/problem+json"),
                "{uri} {accept}"
            );
        }
    }
}

#[actix_web::test]
async fn a_question_may_come_as_plain_text() {
    let site = Site::full().await;
    let sent = async |uri: &str, kind: &str| {
        let body = r#"{"country":"PH","lang":"tl"}"#;
        let request = TestRequest::post()
            .uri(uri)
            .insert_header(("Content-Type", kind))
            .set_payload(body);
        site.ask(request).await
    };
    let plain = sent("/v1/help", "text/plain;charset=UTF-8").await;
    assert_eq!(
        (plain.status, plain.header("cache-control")),
        (200, "no-store")
    );
    let contacts = |answer: &Answer| answer.value()["contacts"].clone();
    assert_eq!(
        contacts(&plain),
        contacts(&sent("/v1/help", "application/json").await)
    );
    for (uri, kind) in [("/v1/help", "text/html"), ("/v1/suggestions", "text/plain")] {
        assert_eq!(sent(uri, kind).await.status, 415, "{uri} {kind}");
    }
}
