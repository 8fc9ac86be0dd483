//! One search over everything, and `search=` on each list.

use crate::support::{Database, LISTS, Site, rows, run, slug, texts};
use actix_web::test::TestRequest;
use lodestar::cli::import;
use proptest::{
    prelude::{Just, Strategy, prop_oneof},
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

/// The address of a search.
fn uri(search: &str, rest: &str) -> String {
    let search: String = form_urlencoded::byte_serialize(search.as_bytes()).collect();
    format!("/v1/search?search={search}{rest}")
}

/// The first results, as `kind/slug`.
async fn found(site: &Site, search: &str) -> Vec<String> {
    named(&site.json(&uri(search, "&per_page=5")).await)
}

fn named(page: &Value) -> Vec<String> {
    let contents = page["contents"].as_array().unwrap();
    let named = contents.iter().map(|one| {
        let text = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{}/{}", text("kind"), text("slug"))
    });
    named.collect()
}

#[actix_web::test]
async fn what_people_type_finds_what_they_mean() {
    let site = Site::full().await;
    for (search, wanted) in [
        ("ncmec", "organizations/ncmec"),
        ("Missing Kids", "organizations/ncmec"),
        ("NHTH", "hotlines/us-national-human-trafficking-hotline"),
        (
            "1 (888) 373-7888",
            "hotlines/us-national-human-trafficking-hotline",
        ),
        ("intrenational justice mision", "organizations/ijm"),
        ("bornetelefonen", "hotlines/dk-borns-vilkar"),
        (
            "hotline in Baja California",
            "hotlines/mx-linea-nacional-contra-la-trata",
        ),
        (
            "trafficking hotline MX",
            "hotlines/mx-linea-nacional-contra-la-trata",
        ),
        ("Украина горячая линия торговля людьми", "hotlines/ua-1547"),
        (
            "cybertipline reports 2023",
            "statistics/cybertipline-reports-wld-2023",
        ),
        (
            "fbi chicago",
            "regional_contacts/us-fbi-field-office-chicago",
        ),
    ] {
        let first = found(&site, search).await;
        assert!(first.iter().any(|one| one == wanted), "{search}: {first:?}");
    }
    // All three spellings of one crime find each other.
    for search in [
        "CSEC United States",
        "commercial sexual exploitation United States",
    ] {
        let page = site.json(&uri(search, "")).await;
        assert_eq!(page["interpreted"]["matched"], "all", "{search}");
        let topics = texts(&page["interpreted"]["synonyms"]);
        assert!(topics.contains(&"sex-trafficking"), "{search}: {topics:?}");
        assert!(page["total_items"].as_i64().unwrap() > 5);
    }
}

#[actix_web::test]
async fn an_answer_says_what_it_took_the_search_to_mean() {
    let site = Site::full().await;
    let page = site
        .json(&uri("the chld helplne in Knya", "&per_page=3&facets=kind"))
        .await;
    let interpreted = &page["interpreted"];
    assert_eq!(texts(&interpreted["places"]), ["KE"], "{interpreted}");
    assert_eq!(texts(&interpreted["ignored"]), ["the", "in"]);
    assert_eq!(interpreted["matched"], "all");
    assert_eq!(
        interpreted["corrected"][1],
        json!({"from": "helplne", "to": "helpline"})
    );
    let first = &page["contents"][0];
    assert_eq!(first["kind"], "hotlines");
    assert!(
        first["url"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/v1/hotlines/{}", slug(first)))
    );
    assert_eq!(page["facets"]["country"], Value::Null);
    // Where nothing holds all, what holds some is given, and said so.
    let some = site.json(&uri("ncmec qqqqqqqqqqzz", "")).await;
    assert_eq!(some["interpreted"]["matched"], "some");
    assert!(named(&some).contains(&"organizations/ncmec".to_owned()));
    let none = site.json(&uri("qqqqqqqqqqzz", "")).await;
    assert_eq!(
        (&none["total_items"], &none["empty"]),
        (&0.into(), &true.into())
    );
}

#[actix_web::test]
async fn a_question_in_a_body_is_answered_alike_and_kept_by_nobody() {
    let site = Site::full().await;
    let asked = site
        .get(&uri(
            "hotline kenya",
            "&kind=hotlines&per_page=4&facets=topic",
        ))
        .await;
    assert_eq!(asked.header("cache-control"), "public, max-age=60");
    assert!(asked.header("link").contains("rel=\"last\""));
    let post = async |body: Value| {
        let request = TestRequest::post().uri("/v1/search").set_json(body);
        site.ask(request).await
    };
    let posed = post(json!({"search": "hotline kenya", "kind": ["hotlines"], "per_page": 4, "facets": ["topic"]})).await;
    assert_eq!(posed.json(), asked.json());
    assert_eq!(
        (posed.header("cache-control"), posed.header("link")),
        ("no-store", "")
    );
    for (body, status) in [
        (json!({"search": "x", "kinds": []}), 400),
        (json!({"search": ""}), 400),
        (json!({}), 400),
        (json!({"search": "x", "kind": ["topics"]}), 400),
        (json!({"search": "x", "page": 21, "per_page": 50}), 422),
        (json!({"search": "a\u{202e}b"}), 422),
    ] {
        assert_eq!(post(body.clone()).await.status, status, "{body}");
    }
}

/// Marks stand among the words of every record: of topics, places, names.
#[actix_web::test]
async fn no_beginning_of_a_word_is_that_of_a_mark() {
    let site = Site::full().await;
    let every = site.json("/v1/hotlines").await["total_items"].clone();
    for word in [
        "call", "kin", "topi", "popul", "spea", "bones", "stem", "nam",
    ] {
        for uri in [
            format!("/v1/hotlines?search={word}"),
            format!("/v1/search?search={word}&kind=hotlines"),
        ] {
            let found = site.json(&uri).await["total_items"].clone();
            assert_ne!(found, every, "{uri}");
        }
    }
}

#[actix_web::test]
async fn bad_input_is_only_words() {
    let site = Site::full().await;
    for search in [
        "\"unbalanced",
        "a & | !",
        "(((",
        "';--",
        "\\",
        ":*",
        "hotline:*A",
        "<->",
        "%",
        "'''",
    ] {
        let answer = site.get(&uri(search, "")).await;
        assert_eq!(answer.status, 200, "{search}: {}", answer.text());
        for list in [
            "organizations",
            "hotlines",
            "regional_contacts",
            "statistics",
        ] {
            let search: String = form_urlencoded::byte_serialize(search.as_bytes()).collect();
            let answer = site
                .get(&format!("/v1/{list}?search={search}&per_page=1"))
                .await;
            assert_eq!(answer.status, 200, "{list} {search}: {}", answer.text());
        }
    }
    assert_eq!(site.total(&uri("!&|()", "")).await, 0);
    // Words that say nothing are searched where there is nothing else.
    let only = site.json(&uri("the of", "")).await;
    assert_eq!(texts(&only["interpreted"]["terms"]), ["the", "of"]);
    assert!(only["total_items"].as_i64().unwrap() > 0);
    let many: Vec<String> = (0..40).map(|number| format!("w{number}")).collect();
    let page = site.json(&uri(&many.join(" "), "")).await;
    assert_eq!(texts(&page["interpreted"]["terms"]).len(), 12);
    assert_eq!(texts(&page["interpreted"]["ignored"]).len(), 28);
    for (rest, status) in [
        ("", 400),
        ("?search=", 400),
        ("?search=x&page=5", 422),
        ("?search=x&page=4", 200),
        ("?search=x&facets=scope", 400),
        ("?search=x&country=XX", 400),
        ("?search=x&status=draft", 400),
    ] {
        assert_eq!(
            site.get(&format!("/v1/search{rest}")).await.status,
            status,
            "{rest}"
        );
    }
}

#[actix_web::test]
async fn highlights_are_the_text_itself_in_pieces() {
    let database = Database::full().await;
    let markup = "Helps <script>alert(1)</script> and \"needlework\" & more.";
    let one = json!({"slug": "needle-house", "name": "Needle House", "kind": "ngo", "description": markup,
        "country": "KE", "scope": "national", "lang": "en", "sources": [{"source": "ncmec-testimony-2013-10-23"}]});
    database
        .write("x", vec![("organizations", one, "published", "public")])
        .await;
    let site = Site::over(database).await;
    let page = site.json(&uri("needlework", "")).await;
    let highlight = &page["contents"][0]["highlights"][0];
    assert_eq!(highlight["field"], "description");
    let fragments = highlight["fragments"].as_array().unwrap();
    let whole: String = fragments
        .iter()
        .filter_map(|one| one["text"].as_str())
        .collect();
    assert_eq!(whole, markup);
    let matched: Vec<&str> = fragments
        .iter()
        .filter(|one| one["matched"] == true)
        .filter_map(|one| one["text"].as_str())
        .collect();
    assert_eq!(matched, ["needlework"]);
}

#[actix_web::test]
async fn facets_are_the_totals_of_their_filters() {
    let site = Site::full().await;
    for (search, rest) in [
        ("hotline", ""),
        (
            "human trafficking",
            "&kind=organizations&kind=regional_contacts",
        ),
        ("children", "&country=US"),
        ("report", "&topic=online_abuse"),
        ("line", "&language=es"),
    ] {
        let page = site
            .json(&uri(
                search,
                &format!("{rest}&facets=country&facets=topic&facets=kind&per_page=1"),
            ))
            .await;
        let kinds = page["facets"]["kind"].as_array().unwrap();
        let sum: i64 = kinds.iter().filter_map(|one| one["count"].as_i64()).sum();
        assert_eq!(page["total_items"], sum, "{search}");
        for facet in ["country", "topic", "kind"] {
            // A filter that stands already would be widened, not narrowed.
            if rest.contains(&format!("&{facet}=")) {
                continue;
            }
            let counts = page["facets"][facet].as_array().unwrap();
            assert!(facet != "country" || !counts.is_empty(), "{search} {facet}");
            for one in counts.iter().take(4).chain(counts.iter().rev().take(2)) {
                let value = one["value"].as_str().unwrap();
                let narrowed = uri(search, &format!("{rest}&{facet}={value}&per_page=1"));
                assert_eq!(site.total(&narrowed).await, one["count"], "{narrowed}");
            }
        }
    }
}

#[actix_web::test]
async fn disputed_figures_come_last_and_say_so() {
    let site = Site::full().await;
    let page = site.json(&uri("prostitution", "&per_page=200")).await;
    let contents = page["contents"].as_array().unwrap().iter();
    let assessed: Vec<bool> = contents
        .map(|one| one["assessment"] == "disputed")
        .collect();
    assert!(assessed.iter().any(|disputed| *disputed));
    assert!(assessed.is_sorted(), "a disputed figure before another");
}

#[actix_web::test]
async fn pages_join_to_one_ranking() {
    let site = Site::full().await;
    let whole = named(&site.json(&uri("child helpline", "&per_page=60")).await);
    let mut pages = Vec::new();
    for page in 1..=3 {
        pages.extend(named(
            &site
                .json(&uri("child helpline", &format!("&per_page=20&page={page}")))
                .await,
        ));
    }
    assert_eq!(pages, whole);
}

#[actix_web::test]
async fn synonyms_are_curated_and_count_soon() {
    let database = Database::full().await;
    let key = database.key("Ada", "admin").await;
    let site = Site::over(database).await;
    site.know(&key).await;
    assert_eq!(site.total(&uri("zorblax", "")).await, 0);
    let bearer = format!("Bearer {key}");
    let write = async |request: TestRequest| {
        let answer = site
            .ask(request.insert_header(("Authorization", bearer.as_str())))
            .await;
        assert!(answer.status < 300, "{}", answer.text());
        answer
    };
    let group =
        json!({"slug": "zorblax", "name": "zorblax", "terms": ["internet watch foundation"]});
    let made = write(TestRequest::post().uri("/v1/synonyms").set_json(group)).await;
    let etag = made.header("etag").to_owned();
    let publish = TestRequest::post()
        .uri("/v1/synonyms/zorblax/publish")
        .insert_header(("If-Match", etag))
        .set_json(json!({}));
    write(publish).await;
    let iwf = "organizations/iwf".to_owned();
    let mut first = Vec::new();
    for _ in 0..100 {
        first = found(&site, "zorblax").await;
        if first.contains(&iwf) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(first.contains(&iwf), "{first:?}");
    // The list goes by the same lexicon.
    assert!(
        site.slugs("/v1/organizations?search=zorblax")
            .await
            .contains(&"iwf".to_owned())
    );
    assert_eq!(
        site.json("/v1/synonyms/zorblax").await["terms"][0],
        "internet watch foundation"
    );
}

#[actix_web::test]
async fn what_is_hidden_is_told_to_nobody_not_even_as_a_correction() {
    let database = Database::full().await;
    let one = json!({"slug": "quillonberry", "name": "Quillonberry", "kind": "ngo", "description": "Helps.",
        "country": "KE", "scope": "national", "lang": "en", "sources": [{"source": "ncmec-testimony-2013-10-23"}]});
    database
        .write(
            "x",
            vec![("organizations", one.clone(), "published", "public")],
        )
        .await;
    let site = Site::over(database).await;
    let before = site.json(&uri("quillonbery", "")).await;
    assert_eq!(before["interpreted"]["corrected"][0]["to"], "quillonberry");
    // Somebody hides it; the words that were read still hold it for a while.
    let key = site.database.key("Ed", "editor").await;
    site.know(&key).await;
    let hide = TestRequest::post()
        .uri("/v1/organizations/quillonberry/hide")
        .insert_header(("Authorization", format!("Bearer {key}")))
        .set_json(json!({"reason": "x"}));
    assert_eq!(site.ask(hide).await.status, 200);
    for search in ["quillonbery", "quillonberry", "quillon kenya"] {
        let answer = site.get(&uri(search, "&facets=kind")).await;
        let said = answer.text().replace(search, "");
        assert!(
            !said.contains("quillonberry") && !said.contains("Quillonberry"),
            "{search}: {said}"
        );
    }
}

#[actix_web::test]
async fn a_new_record_is_found_at_once() {
    let database = Database::full().await;
    let site = Site::over(database).await;
    let one = json!({"slug": "vexilworth", "name": "Vexilworth", "kind": "ngo", "description": "Helps.",
        "country": "KE", "scope": "national", "lang": "en", "sources": [{"source": "ncmec-testimony-2013-10-23"}]});
    site.database
        .write("x", vec![("organizations", one, "published", "public")])
        .await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        found(&site, "vexilworth").await,
        ["organizations/vexilworth"]
    );
}

#[actix_web::test]
async fn an_upgraded_database_finds_what_a_fresh_one_finds() {
    const TABLES: [&str; 5] = [
        "vocabularies",
        "organizations",
        "hotlines",
        "regional_contacts",
        "statistics",
    ];
    let database = Database::full().await;
    let draft = json!({"slug": "a-draft", "name": "A draft", "kind": "ngo", "description": "Helps.",
        "country": "KE", "scope": "national", "lang": "en", "sources": [{"source": "ncmec-testimony-2013-10-23"}]});
    database
        .write("x", vec![("organizations", draft, "draft", "public")])
        .await;
    let mut superuser = database.superuser().await;
    let mut all = Vec::new();
    for stage in ["fresh", "upgraded"] {
        if stage == "upgraded" {
            for table in TABLES {
                run(&mut superuser, &format!("update published.{table} set words = ''; update ledger.{table} set words = ''")).await;
            }
            run(&mut superuser, "update ledger.records set names = null").await;
            let mut writer = database.writer().await;
            import::import_first(&mut writer, &crate::support::config(&[]))
                .await
                .unwrap();
        }
        let mut sides = Vec::new();
        for table in TABLES {
            for side in ["published", "ledger"] {
                // Who names whom is joined by ids, which stay.
                let query = format!(
                    "select md5(string_agg(t::text, '|' order by id)) as digest, count(*) as records from {side}.{table} t"
                );
                sides.push(rows(&mut superuser, &query).await);
            }
        }
        let names =
            "select md5(string_agg(names::text, '|' order by id)) as digest from ledger.records";
        sides.push(rows(&mut superuser, names).await);
        all.push(sides);
    }
    assert_eq!(all[0], all[1]);
}

/// Parameters of a list, each of which selects some of it.
fn filters(list: &str) -> &'static [&'static str] {
    match list {
        "organizations" => &[
            "country=US",
            "country=GB&country=DE",
            "kind=ngo",
            "kind=government&kind=network",
            "scope=national",
            "topic=sex_trafficking",
            "topic=online_abuse&topic=missing_children",
            "search=child",
            "search=hotlne",
            "search=human+trafficking",
            "search=CSAM",
            "search=united+kingdom",
        ],
        "hotlines" => &[
            "country=MX",
            "country=US&country=FR",
            "subdivision=US-CA",
            "worldwide=false",
            "topic=sex_trafficking",
            "population=children",
            "language=es",
            "channel=chat&channel=sms",
            "always_open=true",
            "search=helpline",
            "search=116",
            "search=kinder",
            "search=mexico",
        ],
        "regional_contacts" => &[
            "country=US",
            "serves=US-CA",
            "serves=DE&serves=FR",
            "role=task_force",
            "organization=fbi",
            "bbox=-130,20,-60,50",
            "search=icac",
            "search=police",
            "search=california",
        ],
        _ => &[
            "geography=US",
            "geography=WLD&geography=DE",
            "from=2015",
            "to=2020",
            "assessment=not_assessed",
            "search=cybertipline",
            "search=children",
            "search=2022",
            "search=forced+labour",
        ],
    }
}

const LISTED: [&str; 4] = [
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
];

/// A value of a strategy; the seed is fixed, so that a failure comes again.
fn drawn<S: Strategy>(runner: &mut TestRunner, strategy: S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

#[actix_web::test]
async fn what_two_filters_select_is_what_both_select() {
    let site = Site::full().await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let set = async |list: &str, query: &str| -> BTreeSet<String> {
        site.slugs(&format!("/v1/{list}?{query}"))
            .await
            .into_iter()
            .collect()
    };
    let mut telling = 0;
    for _ in 0..60 {
        let list = drawn(&mut runner, select(&LISTED[..]));
        let chosen = drawn(&mut runner, subsequence(filters(list), 2));
        let name = |filter: &str| filter.split('=').next().unwrap().to_owned();
        let (one, other) = (chosen[0], chosen[1]);
        if name(one) == name(other) {
            continue;
        }
        let both = set(list, &format!("{one}&{other}")).await;
        let (one, other) = (set(list, one).await, set(list, other).await);
        let joined: BTreeSet<String> = one.intersection(&other).cloned().collect();
        assert_eq!(both, joined, "{list}: {chosen:?}");
        telling += usize::from(!both.is_empty() && both.len() < one.len());
    }
    assert!(telling > 10, "{telling}");
}

#[actix_web::test]
async fn pages_together_are_the_stream() {
    let site = Site::full().await;
    assert_eq!(LISTS.len(), 10);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    for _ in 0..12 {
        let list = drawn(&mut runner, select(&LISTED[..]));
        let query = drawn(&mut runner, select(filters(list)));
        let per_page = drawn(&mut runner, prop_oneof![Just(200), 40..200_i64]);
        let stream = site.slugs(&format!("/v1/{list}?{query}")).await;
        let mut pages = Vec::new();
        for page in 1.. {
            let page = site
                .json(&format!(
                    "/v1/{list}?{query}&per_page={per_page}&page={page}"
                ))
                .await;
            pages.extend(page["contents"].as_array().unwrap().iter().map(slug));
            if page["last_page"] == true {
                break;
            }
        }
        assert_eq!(pages.len(), stream.len(), "{list}?{query}: a record twice");
        let (pages, stream): (BTreeSet<String>, BTreeSet<String>) =
            (pages.into_iter().collect(), stream.into_iter().collect());
        assert_eq!(pages, stream, "{list}?{query} by {per_page}");
    }
}

/// Many ordinary words, and many places: what is asked of the database stays bounded.
#[actix_web::test]
async fn many_words_are_answered_by_some_of_them() {
    let site = Site::full().await;
    for words in [
        "hotline trafficking child exploitation grooming sextortion notruf police shelter labour migrants women",
        "Mongolia Bhutan Vanuatu Iceland Chad Peru Japan Texas Nepal Bavaria hotline grooming",
        "my boss took my passport and will not let me leave the house please help me now",
    ] {
        let found = site
            .json(&format!("/v1/search?search={}", words.replace(' ', "+")))
            .await;
        assert_eq!(found["interpreted"]["matched"], "some", "{words}");
        assert_eq!(found["empty"], false, "{words}");
    }
    // A place is given up last.
    let found = site.json("/v1/search?search=women+shelter+Lagos").await;
    let first = &found["contents"][0];
    assert!(
        first["countries"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one == "NG"),
        "{first}"
    );
}
