//! The command line: one file a command.

/// Says a line to whoever runs this. Where it cannot be written, as on a full disk, work goes on.
macro_rules! tell {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}

mod check;
pub mod database;
pub mod export;
mod hours;
pub mod import;
pub mod keys;
mod links;
mod logger;
mod migrate;
mod progress;
mod serve;
mod server;

use crate::{config::Config, db};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// An open resource directory against human trafficking and child exploitation.
///
/// Without a command it serves. All settings come from the environment; README.md lists them.
#[derive(Debug, Parser)]
#[command(name = "lodestar", version)]
struct Lodestar {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers requests until it is told to stop (the default).
    Serve,
    /// Brings the tables of a database up to this version; needs DATABASE_OWNER_URL, or the
    /// private Postgres.
    Migrate,
    /// Imports spreadsheets, all or nothing; without a path the shipped directory.
    Import(import::Import),
    /// Writes the public directory as spreadsheets that import again unchanged.
    Export(export::Export),
    /// Makes, lists and revokes the keys of maintainers.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Prints the SQL that makes the three logins of the database.
    Grants,
    /// Prints the OpenAPI document of this version.
    Openapi,
    /// Shows when opening hours are open, as moments in UTC.
    Hours(hours::Hours),
    /// Asks the addresses of all public sources whether they still answer, and keeps what it found.
    /// Nothing asks them otherwise. Fails when one does not answer.
    Links(links::Links),
    /// Asks a running server whether it is ready; for health checks of containers.
    Health,
}

/// What a command ends with: a message for the person who ran it.
type Outcome = Result<(), String>;

/// Runs the command line.
pub fn run() -> ExitCode {
    let command = Lodestar::parse().command.unwrap_or(Command::Serve);
    let outcome = match command {
        Command::Grants => print(db::GRANTS),
        Command::Openapi => print(&crate::app::document_text()),
        Command::Hours(asked) => hours::hours(&asked),
        command => configured(command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            tell!("lodestar: {message}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Outcome {
    use std::io::Write;
    match writeln!(
        std::io::stdout(),
        "{}",
        text.strip_suffix('\n').unwrap_or(text)
    ) {
        // The reader closed the pipe; nobody is left to tell.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| format!("cannot print: {error}")),
    }
}

fn configured(command: Command) -> Outcome {
    let config = Config::from_env()
        .map_err(|wrong| format!("the configuration is wrong:\n  {}", wrong.join("\n  ")))?;
    logger::start(config.log_format);
    let outcome = actix_web::rt::System::new().block_on(async move {
        match command {
            Command::Migrate => migrate::migrate(&config).await,
            Command::Import(asked) => import::import(&config, &asked).await,
            Command::Export(asked) => export::export(&config, &asked).await,
            Command::Keys(command) => keys::keys(&config, command).await,
            Command::Links(asked) => links::links(&config, &asked).await,
            Command::Health => serve::health(&config).await,
            _ => serve::serve(config).await,
        }
    });
    log::logger().flush();
    outcome
}
