//! `lodestar serve`

use super::{Outcome, database::Database, import, server::server};
use crate::{
    app::{self, Followed, Shared},
    config::Config,
};
use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

/// Opens the database, fills an empty directory, and answers until it is told to stop.
pub async fn serve(config: Config) -> Outcome {
    let listener = listen(&config)?;
    let database = Database::open(&config, false).await?;
    let outcome = answer(&config, &database, listener).await;
    database.close().await;
    outcome
}

/// Takes the address first, so that a second start fails before it touches any data.
fn listen(config: &Config) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(config.listen).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{} is in use; stop what answers there, or set LODESTAR_LISTEN to another address such as 127.0.0.1:8081",
            config.listen
        ),
        _ => format!("cannot listen on {}: {error}; set LODESTAR_LISTEN", config.listen),
    })?;
    listener
        .set_nonblocking(true)
        .map_err(|error| format!("cannot listen: {error}"))?;
    Ok(listener)
}

async fn answer(config: &Config, database: &Database, listener: TcpListener) -> Outcome {
    let shared = app::shared(config.clone());
    let followed = app::followed();
    match database.answers().await {
        false if let Ok(confirmed_at) = app::recall(&shared, &followed) => {
            let until = confirmed_at.format("%Y-%m-%d %H:%M UTC");
            tell!(
                "The database does not answer. Whom to contact is answered as it was known until {until}; all else when it is back."
            );
            let (database, shared, followed) =
                (database.beside(), shared.clone(), followed.clone());
            actix_web::rt::spawn(async move { follow_later(&database, &shared, &followed).await });
        }
        _ => follow(database, &shared, &followed).await?,
    }
    let urls = database.urls.clone();
    let shelf = app::shelf();
    let server = server(config, listener, move || {
        // A pool of its own for each thread: no connection wakes another thread.
        match app::directory(shared.clone(), &urls) {
            Ok(directory) => app::app(directory, followed.clone(), shelf.clone()),
            Err(error) => unreachable!("a pool without timeouts is always built: {error}"),
        }
    })
    .map_err(|error| format!("cannot listen: {error}"))?;
    greet(config);
    server
        .await
        .map_err(|error| format!("the server failed: {error}"))
}

/// Sees that the database is the one meant, fills it where it is empty, and follows it.
async fn follow(database: &Database, shared: &Shared, followed: &Followed) -> Outcome {
    drop(database.reader().await?);
    import::prepare(database, &shared.config).await?;
    let urls = &database.urls;
    app::follow_keys(shared, urls).await?;
    app::follow_help(shared, followed, urls, Some(app::saved(&shared.config))).await?;
    // From now on requests are answered from it.
    app::follow_pulse(shared, urls).await?;
    app::follow_lexicon(shared, urls).await
}

/// The same as soon as the database answers.
async fn follow_later(database: &Database, shared: &Shared, followed: &Followed) {
    let mut said = String::new();
    while let Err(why) = follow(database, shared, followed).await {
        if why != said {
            log::warn!(target: "lodestar::db", "cannot go on yet: {why}");
            said = why;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    log::info!(target: "lodestar::db", "the database answers");
}

fn greet(config: &Config) {
    let url = &config.public_url;
    let alone = match config.one_person {
        true => {
            "One-person mode: one person alone changes published contact points and shows again what was hidden.\n"
        }
        false => "",
    };
    // Nobody need be there to read it.
    let _ = writeln!(
        std::io::stdout(),
        "{alone}Lodestar answers on {url}\n\
         Three things to try:\n  \
         curl '{url}/v1/hotlines?country=PH&language=tl'\n  \
         curl '{url}/v1/organizations/ncmec?include=hotlines'\n  \
         open {url}/docs in a browser\n\
         To change it, make a key: lodestar keys create --name YOU --role admin"
    );
}

/// Asks the server of this configuration whether it is ready.
pub async fn health(config: &Config) -> Outcome {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let asked = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(
            b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(&status == b"HTTP/1.1 200")
    };
    match asked() {
        Ok(true) => Ok(()),
        Ok(false) => Err("not ready".to_owned()),
        Err(error) => Err(format!("no answer on {address}: {error}")),
    }
}
