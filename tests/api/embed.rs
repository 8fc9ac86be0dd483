//! Files for other sites: who may load them, how long they are kept, and that one may hold on to
//! exactly these bytes.

use crate::support::Site;
use actix_web::test::TestRequest;

#[actix_web::test]
async fn modules_are_for_all_sites() {
    let site = Site::full().await;
    let about = site.json("/embed").await;
    let path = |name: &str| {
        let url = about["module"][name].as_str().unwrap();
        url[url.find("/embed/").unwrap()..].to_owned()
    };
    let (floating, pinned) = (path("floating"), path("pinned"));
    assert_ne!(floating, pinned);
    assert!(
        about["module"]["integrity"]
            .as_str()
            .unwrap()
            .starts_with("sha384-")
    );
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
    assert_eq!(about["module"]["bytes"], bodies[0].len());
    for (path, status) in [
        ("/embed/00000000000000000000000000000000/lodestar.js", 404),
        ("/embed/words/xx.json", 404),
        ("/embed/words/../lodestar.js", 404),
        ("/embed/words/fil.json", 200),
        ("/embed/exit.js", 200),
    ] {
        assert_eq!(site.get(path).await.status, status, "{path}");
    }
    let refused = site.ask(TestRequest::post().uri(&floating)).await;
    assert_eq!(refused.status, 405);
    assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
}

#[actix_web::test]
async fn words_come_in_every_language() {
    let site = Site::full().await;
    let about = site.json("/embed").await;
    let english = site.json("/embed/words/en.json").await;
    let english = english.as_object().unwrap();
    assert!(english.len() > 30);
    for lang in about["languages"].as_array().unwrap() {
        let lang = lang.as_str().unwrap();
        let words = site.json(&format!("/embed/words/{lang}.json")).await;
        assert!(
            words.as_object().unwrap().keys().eq(english.keys()),
            "{lang}"
        );
        assert_eq!(words["translation"] == "none", lang == "en");
    }
}
