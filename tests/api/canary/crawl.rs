//! What a stranger may ask: every method, every address, every parameter.

use super::garden::{Garden, WORD};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Pages that the document does not describe, and addresses that are none.
const ASIDE: [&str; 13] = [
    "/",
    "/problems",
    "/docs",
    "/docs/",
    "/metrics",
    "/nowhere",
    "/robots.txt",
    "/llms.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/.well-known/api-catalog",
    "/v1/openapi.json",
    "/v1/nowhere",
];

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap().to_owned()
}

/// A path of the document with a record in it, by slug or by id, with each of its contact points
/// where the path names one; nothing if the path is about others.
fn filled(path: &str, record: &Value, by: &str) -> Vec<String> {
    let resource = text(record, "resource");
    let path = path.replace("{resource}", &resource);
    if !path.starts_with(&format!("/v1/{resource}/")) {
        return vec![];
    }
    let reference = text(record, by);
    let path = path
        .replace("{reference}", &reference)
        .replace("{code}", &reference)
        .replace("{revision}", &record["revision"].to_string());
    if !path.contains("{id}") {
        return vec![path];
    }
    let points = record["document"]["contact_points"].as_array();
    let points = points.into_iter().flatten().map(|point| text(point, "id"));
    points.map(|id| path.replace("{id}", &id)).collect()
}

/// A path of bundles for the countries of the garden.
fn bundles(path: &str) -> Vec<String> {
    let path = path.replace("{sha256}", &"0".repeat(64));
    ["GB", "FR", "DE", "US"]
        .map(|country| path.replace("{country}", country))
        .into()
}

/// Pages that show records: each figure and indicator by slug and by id, and help for the countries
/// of the garden.
fn pages(records: &[Value], server: &str) -> Vec<String> {
    let mut all = Vec::new();
    for record in records {
        let page = match record["resource"].as_str() {
            Some("statistics") => "statistic",
            Some("indicators") => "chart",
            _ => continue,
        };
        for by in ["slug", "id"] {
            let reference = text(record, by);
            all.push(format!("/embed/{page}/{reference}"));
            all.push(format!("/embed/{page}/{reference}?lang=es"));
            all.push(format!("/embed/static/{page}/{reference}"));
            all.push(format!(
                "/oembed?url=http://{server}/embed/{page}/{reference}"
            ));
        }
    }
    for country in ["GB", "FR", "DE"] {
        let hidden = ["topic", "population"].map(|name| format!("&{name}={WORD}{name}"));
        let more = ["", "&lang=es&limit=100"].map(str::to_owned);
        for more in more.into_iter().chain(hidden) {
            all.push(format!("/embed/help?country={country}{more}"));
            all.push(format!("/embed/static?country={country}{more}"));
        }
        all.push(format!(
            "/oembed?url=http://{server}/embed/help?country={country}"
        ));
    }
    all.push("/embed/report?resource=hotlines&record=open-line".to_owned());
    all.push("/?lang=es".to_owned());
    all
}

/// Every way in which a stranger may ask: methods and addresses. All that may be read is; all else
/// is tried by slug.
async fn ways(garden: &Garden) -> BTreeSet<(&'static str, String)> {
    let records = garden.stored("records").await;
    let proposals = garden.stored("proposals").await;
    let keys = garden.stored("keys").await;
    let ids = |path: &str, rows: &[Value]| -> Vec<String> {
        let ids = rows.iter().map(|row| text(row, "id"));
        ids.map(|id| path.replace("{id}", &id)).collect()
    };
    let about = |path: &str, by: &str| -> Vec<String> {
        let filled = records.iter().flat_map(|record| filled(path, record, by));
        filled.collect()
    };
    let mut ways: BTreeSet<(&str, String)> = ASIDE.map(|path| ("GET", path.to_owned())).into();
    let pages = pages(&records, &garden.server.address);
    ways.extend(pages.into_iter().map(|page| ("GET", page)));
    for (path, item) in lodestar::app::DOCUMENT["paths"].as_object().unwrap() {
        let (own, by_id) = match path.as_str() {
            path if path.starts_with("/v1/proposals/{id}") => (ids(path, &proposals), vec![]),
            path if path.starts_with("/v1/keys/{id}") => (ids(path, &keys), vec![]),
            path if path.starts_with("/v1/bundles/") => (bundles(path), vec![]),
            path if path.contains('{') => (about(path, "slug"), about(path, "id")),
            path => (vec![path.to_owned()], vec![]),
        };
        let is_read = item["get"].is_object();
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let in_query = parameters.filter(|one| one["in"] == "query");
        for query in in_query.flat_map(queries) {
            let asked = own.iter().map(|address| format!("{address}?{query}"));
            ways.extend(asked.map(|address| ("GET", address)));
        }
        for address in own {
            let written = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
            let documented = |method: &&str| {
                is_read || item[method.to_lowercase()].is_object() || *method == "OPTIONS"
            };
            let methods = written.into_iter().filter(documented).chain(["GET"]);
            ways.extend(methods.map(|method| (method, address.clone())));
        }
        let by_id = by_id.into_iter().filter(|_| is_read);
        ways.extend(by_id.map(|address| ("GET", address)));
    }
    ways
}

/// Queries with a parameter: all its values, and words.
fn queries(parameter: &Value) -> Vec<String> {
    let name = parameter["name"].as_str().unwrap();
    let schema = &parameter["schema"];
    let listed = schema["enum"].as_array();
    let listed = listed.or(schema["items"]["enum"].as_array()).into_iter();
    let listed = listed.flatten().filter_map(Value::as_str);
    let mut values: Vec<String> = listed.map(str::to_owned).collect();
    let word = |place: &str| format!("{WORD}{place}");
    let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let more: Vec<String> = match name {
        "since" => {
            let all = (0..200).map(|since| since.to_string());
            let countries = ["GB", "FR", "DE"].map(|country| format!("0&country={country}"));
            let pages = own(&["0&per_page=1", "20&country=FR"]) as Vec<String>;
            all.chain(countries).chain(pages).collect()
        }
        "as_of" => (0..200)
            .map(|revision| format!("revision:{revision}"))
            .collect(),
        "within" => own(&["GB", "150", "WLD"]),
        "latest" => own(&["1", "100"]),
        "near" => own(&["51.5,0.1&radius_km=20"]),
        "bbox" => own(&["-1,50,1,52"]),
        "include" => own(&[
            "organization&include=sources",
            "hotlines&include=regional_contacts&include=sources",
            "indicator&include=sources",
            "indicator&include=sources&include=critiques&include=revisions",
        ]),
        "country" | "serves" | "geography" => own(&["GB", "FR", WORD]),
        "organization" => vec![word("operator"), "open-organization".to_owned()],
        "indicator" => vec![word("indicator"), "open_indicator".to_owned()],
        "source" => vec![word("source"), "open-source".to_owned()],
        "topic" | "population" => vec![word(name)],
        "lang" => own(&["es", "es-MX", "fr", WORD]),
        "search" => {
            let points = word("point@shown.example");
            vec!["open".to_owned(), word(""), word("operator"), points]
        }
        _ => own(&[WORD, "1"]),
    };
    values.extend(more);
    let queries = values.into_iter().map(|value| format!("{name}={value}"));
    queries.collect()
}

/// Everything that strangers are told: how many answers, how many that succeeded, how many bytes.
pub async fn crawl(garden: &Garden) -> (usize, usize, usize) {
    let (mut answers, mut found, mut bytes) = (0, 0, 0);
    for (method, address) in ways(garden).await {
        let accepts: &[&str] = match method {
            // Where a query may name the format, the header is left alone.
            "GET" if !address.contains('?') => &["*/*", "text/csv", "application/x-ndjson"],
            _ => &["*/*"],
        };
        let body = ["POST", "PUT", "PATCH"].contains(&method);
        let body = body.then(|| json!({}));
        for accept in accepts {
            let headers = [("Accept", *accept)];
            let mut answer = garden.send(method, &address, &headers, body.as_ref()).await;
            assert!(answer.status < 500, "{method} {address}: {}", answer.text());
            answers += 1;
            found += usize::from(answer.status == 200);
            bytes += answer.body.len();
            if address.contains(&format!("={WORD}")) {
                // A page's links name what was asked.
                answer.headers.remove("link");
            }
            if address.starts_with("/v1/search?search=") && answer.status == 200 {
                // A search says which words it looked for: those that were sent.
                let mut value = answer.value();
                value["interpreted"]["terms"] = json!(null);
                answer.body = serde_json::to_vec(&value).unwrap();
            }
            let place = format!("{method} {address} ({})", answer.status);
            garden.keep_silent(&place, &answer.whole());
        }
    }
    (answers, found, bytes)
}

/// Reads everything while all of it is public, so that it is kept.
pub async fn warm(garden: &Garden) -> usize {
    let ways = ways(garden).await.into_iter();
    let mut spoken = 0;
    for (_, address) in ways.filter(|(method, _)| *method == "GET") {
        // Each way of asking is kept by itself; one of many is as good as all.
        if address.contains("since=") && !address.contains("since=0") {
            continue;
        }
        let answer = garden.send("GET", &address, &[], None).await;
        spoken += usize::from(answer.text().contains(WORD));
    }
    spoken
}
