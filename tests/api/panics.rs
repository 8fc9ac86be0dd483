//! A handler panics: who asked is told of an error and no more, it is counted, and the thread goes on.

use crate::support::{Database, config};
use actix_web::{HttpResponse, HttpServer, rt, rt::net::TcpStream, web};
use bytes::Bytes;
use futures_util::stream;
use lodestar::app;
use std::{net::SocketAddr, time::Duration};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SECRET: &str = "5550142 stands in the text of the panic";

async fn panics() -> HttpResponse {
    panic!("{SECRET}")
}

/// Panics when the status was sent long ago.
async fn breaks_off() -> HttpResponse {
    let body = stream::unfold(0, |place| async move {
        rt::time::sleep(Duration::from_millis(20)).await;
        assert!(place < 2, "{SECRET}");
        let chunk = Bytes::from_static(b"a part");
        Some((Ok::<_, actix_web::Error>(chunk), place + 1))
    });
    HttpResponse::Ok().streaming(body)
}

/// The answers to requests that are sent over one connection.
async fn asked(address: SocketAddr, paths: &[&str]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut sent = String::new();
    for (place, path) in paths.iter().enumerate() {
        let last = place + 1 == paths.len();
        let connection = if last { "close" } else { "keep-alive" };
        sent += &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\r\n");
    }
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut got = Vec::new();
    // Broken off, it may be an error; what came is what counts.
    let _ = stream.read_to_end(&mut got).await;
    String::from_utf8_lossy(&got).into_owned()
}

/// How many answers were counted as our own fault.
fn counted(metrics: &str) -> u64 {
    metrics
        .lines()
        .filter(|line| line.starts_with("http_requests_total{") && line.contains("status=\"500\""))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum()
}

#[actix_web::test]
async fn a_panic_ends_one_request_and_no_more() {
    let database = Database::full().await;
    let shared = app::shared(config(&[]));
    app::follow_pulse(&shared, &database.urls).await.unwrap();
    let followed = app::followed();
    app::follow_help(&shared, &followed, &database.urls, None)
        .await
        .unwrap();
    let urls = database.urls.clone();
    // The application as it is served, with two routes more, on one thread.
    let server = HttpServer::new(move || {
        let directory = app::directory(shared.clone(), &urls).unwrap();
        app::app(directory, followed.clone(), app::shelf())
            .route("/panics", web::get().to(panics))
            .route("/breaks_off", web::get().to(breaks_off))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    rt::spawn(server);

    let before = counted(&asked(address, &["/metrics"]).await);
    let got = asked(address, &["/panics", "/v1/topics"]).await;
    let (error, after) = got.split_once("HTTP/1.1 200 OK").unwrap();
    assert!(
        error.starts_with("HTTP/1.1 500 Internal Server Error"),
        "{error}"
    );
    assert!(
        error.contains("content-type: application/problem+json"),
        "{error}"
    );
    assert!(error.contains("x-request-id: "), "{error}");
    assert!(error.contains("\"type\":\"/problems#internal\""), "{error}");
    assert!(
        !error.contains("5550142") && !error.contains("panic"),
        "{error}"
    );
    assert!(
        after.contains("labor_trafficking"),
        "the same connection goes on"
    );

    for _ in 0..20 {
        let cut = asked(address, &["/breaks_off", "/v1/topics"]).await;
        assert!(
            cut.starts_with("HTTP/1.1 200") && cut.contains("a part"),
            "{cut}"
        );
        // No chunk of length nought: nobody takes it for the whole.
        assert!(
            !cut.contains("\r\n0\r\n") && !cut.contains("5550142"),
            "{cut}"
        );
        assert!(
            asked(address, &["/panics"])
                .await
                .starts_with("HTTP/1.1 500")
        );
    }
    let help = asked(address, &["/v1/help?country=PH"]).await;
    assert!(help.starts_with("HTTP/1.1 200"), "{help}");
    let counted = counted(&asked(address, &["/metrics"]).await);
    assert!(counted >= before + 21, "{before} before, {counted} after");
    handle.stop(false).await;
}
