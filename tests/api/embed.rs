//! Files for other sites: who may load them, how long they are kept, and that one may hold on to
//! exactly these bytes.

use crate::support::Site;
use actix_web::test::TestRequest;
use serde_json::Value;

#[actix_web::test]
async fn modules_are_for_all_sites() {
    let site = Site::full().await;
    let about = site.json("/embed").await;
    for module in ["module", "figure"] {
        is_for_all_sites(&site, &about[module]).await;
    }
    for (path, status) in [
        ("/embed/00000000000000000000000000000000/lodestar.js", 404),
        ("/embed/00000000000000000000000000000000/figure.js", 404),
        ("/embed/words/xx.json", 404),
        ("/embed/words/../lodestar.js", 404),
        ("/embed/words/fil.json", 200),
        ("/embed/words/figure.fil.json", 200),
        ("/embed/exit.js", 200),
    ] {
        assert_eq!(site.get(path).await.status, status, "{path}");
    }
    // The digest of one module is not that of the other.
    let pinned = about["figure"]["pinned"].as_str().unwrap();
    let other = pinned[pinned.find("/embed/").unwrap()..].replace("figure", "lodestar");
    assert_eq!(site.get(&other).await.status, 404);
}

async fn is_for_all_sites(site: &Site, module: &Value) {
    let path = |name: &str| {
        let url = module[name].as_str().unwrap();
        url[url.find("/embed/").unwrap()..].to_owned()
    };
    let (floating, pinned) = (path("floating"), path("pinned"));
    assert_ne!(floating, pinned);
    assert!(module["integrity"].as_str().unwrap().starts_with("sha384-"));
    let mut bodies = Vec::new();
    for (path, caching) in [
        (
            floating.as_str(),
            "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
        ),
        (pinned.as_str(), "public, max-age=31536000, immutable"),
    ] {
        // Nobody knows these parameters; sites add such.
        let answer = site.get(&format!("{path}?utm_source=x&v=2")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), caching);
        assert_eq!(
            answer.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "cross-origin"
        );
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        let etag = answer.header("etag").to_owned();
        let again = site.get_with(path, "If-None-Match", &etag).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        for encoding in ["br", "gzip"] {
            let packed = site.get_with(path, "Accept-Encoding", encoding).await;
            assert_eq!(packed.header("content-encoding"), encoding);
            assert_ne!(packed.header("etag"), etag);
            assert!(packed.body.len() <= 10_240, "{}", packed.body.len());
        }
        bodies.push(answer.body);
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(module["bytes"], bodies[0].len());
    let refused = site.ask(TestRequest::post().uri(&floating)).await;
    assert_eq!(refused.status, 405);
    assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
}

#[actix_web::test]
async fn words_come_in_every_language() {
    let site = Site::full().await;
    let about = site.json("/embed").await;
    for (file, least) in [("", 30), ("figure.", 20)] {
        let english = site.json(&format!("/embed/words/{file}en.json")).await;
        let english = english.as_object().unwrap();
        assert!(english.len() > least, "{file}: {}", english.len());
        for lang in about["languages"].as_array().unwrap() {
            let lang = lang.as_str().unwrap();
            let words = site.json(&format!("/embed/words/{file}{lang}.json")).await;
            assert!(
                words.as_object().unwrap().keys().eq(english.keys()),
                "{lang}"
            );
            assert_eq!(words["translation"] == "none", lang == "en");
        }
    }
}
