//! The server: how many may connect, what a connection is, and how it ends.

use crate::{
    config::Config,
    web::connection::{self, Connection},
};
use actix_http::{HttpServiceBuilder, Request};
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_web::{
    Error,
    body::BoxBody,
    dev::{AppConfig, Server, ServiceResponse},
    rt::net::TcpStream,
};
use futures_util::future::{Either, select};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use socket2::SockRef;
use std::{
    future::Future,
    io,
    net::{Shutdown, TcpListener},
    pin::pin,
    time::Duration,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How many may be connected at once; others wait until the system accepts them. About 10 KB each, up to 100 KB
/// with answers that are read slowly.
const CONNECTIONS: usize = 6_000;
/// Files of the process that are not connections to it: those to the database, logs, what is imported.
const OTHERS: usize = 512;
/// How long requests may take that are being answered when the server stops, in seconds.
const FINISH: u64 = 5;

/// How long it takes at most to take up a connection.
const TAKE_UP: Duration = Duration::from_millis(250);

/// A server on this address that answers with what `app` makes, one for each thread.
///
/// # Errors
/// When the system refuses to listen, or to tell signals.
pub fn server<A, I, S>(config: &Config, listener: TcpListener, app: A) -> io::Result<Server>
where
    A: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
        > + 'static,
    S::Future: 'static,
    <S::Service as actix_service::Service<Request>>::Future: 'static,
{
    let each = (connections() / config.workers).max(1);
    let server = Server::build();
    let stopping = server.graceful_shutdown_signal();
    let server = server
        .workers(config.workers)
        .max_concurrent_connections(each)
        .shutdown_timeout(FINISH)
        .shutdown_signal(told(config.drain, listener.try_clone()?)?)
        .listen("lodestar", listener, move || {
            let app = map_config(app(), |()| AppConfig::default());
            let stopping = stopping.clone();
            let http = HttpServiceBuilder::default()
                .client_disconnect_timeout(Duration::from_secs(1))
                .h1_write_buffer_size(connection::ENOUGH)
                .on_connect_ext(|connection: &Connection, data| {
                    data.insert(connection.requests());
                })
                // Connections that wait for a request end at once then.
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .h1(app);
            fn_service(async |stream: TcpStream| {
                let peer = stream.peer_addr().ok();
                Ok((Connection::new(stream), peer))
            })
            .and_then(http)
        })?;
    Ok(server.run())
}

/// How many may connect: as many as intended, or as the system gives files.
fn connections() -> usize {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        let wanted = hard.min((CONNECTIONS + OTHERS) as u64).max(soft);
        setrlimit(Resource::RLIMIT_NOFILE, wanted, hard)?;
        Ok(wanted)
    });
    let files = raised.map_or(1024, |files| usize::try_from(files).unwrap_or(usize::MAX));
    files.saturating_sub(OTHERS).clamp(1, CONNECTIONS)
}

/// Ends when the server shall stop. After SIGTERM it first lets those who send requests here see
/// that readiness says no, and goes on answering; after Ctrl-C, or when told twice, it does not wait.
/// Then it refuses to connect, and takes up what has connected.
fn told(drain: Duration, listener: TcpListener) -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        let first = either(&mut interrupt, &mut terminate).await;
        connection::leave();
        if first == SignalKind::terminate() {
            let again = either(&mut interrupt, &mut terminate);
            // Told again, or the time is over.
            let _ = tokio::time::timeout(drain, again).await;
        }
        // Where the system cannot do that, who connects in the last moment is not answered.
        let _ = SockRef::from(&listener).shutdown(Shutdown::Read);
        tokio::time::sleep(TAKE_UP).await;
    })
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) -> SignalKind {
    match select(pin!(interrupt.recv()), pin!(terminate.recv())).await {
        Either::Left(_) => SignalKind::interrupt(),
        Either::Right(_) => SignalKind::terminate(),
    }
}
