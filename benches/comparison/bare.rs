//! The limit of the framework: the same bytes from a handler that does nothing else.
//!
//! `bare PORT FOLDER` answers `/NAME` with the file of that name, read once, and `/304` with that status. What ends with
//! `.gz` or `.br` says so in its headers.

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG},
    web::{self, Bytes, Data},
};
use std::{collections::HashMap, env, fs, io};

type Files = HashMap<String, Bytes>;

async fn answer(files: Data<Files>, request: HttpRequest) -> HttpResponse {
    let name = request.path().trim_start_matches('/');
    if name == "304" {
        return HttpResponse::NotModified()
            .insert_header((ETAG, "\"bare\""))
            .finish();
    }
    let Some(bytes) = files.get(name) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "application/json"));
    match name.rsplit_once('.') {
        Some((_, "gz")) => response.insert_header((CONTENT_ENCODING, "gzip")),
        Some((_, "br")) => response.insert_header((CONTENT_ENCODING, "br")),
        _ => &mut response,
    };
    response.body(bytes.clone())
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(port), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("bare PORT FOLDER"));
    };
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.insert(name, fs::read(entry.path())?.into());
    }
    let files = Data::new(files);
    HttpServer::new(move || {
        App::new()
            .app_data(files.clone())
            .default_service(web::to(answer))
    })
    .tcp_nodelay(true)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}
