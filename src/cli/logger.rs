//! Log lines, as logfmt or JSON, of Lodestar alone.
//!
//! Libraries log what readers send: addresses, paths, headers. So their messages are dropped
//! whatever `RUST_LOG` says; it sets the level of Lodestar's own.

use crate::config::LogFormat;
use env_logger::{Builder, Env, Logger, fmt::Formatter};
use log::{
    Log, Metadata, Record,
    kv::{Key, Value, VisitSource},
};
use serde_json::{Map, Value as Json};
use std::io::{self, Write};

struct Own(Logger);

fn is_own(target: &str) -> bool {
    target == "lodestar" || target.starts_with("lodestar::")
}

impl Log for Own {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_own(metadata.target()) && self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if is_own(record.target()) {
            self.0.log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}

/// Starts the logger of the process.
pub fn start(format: LogFormat) {
    let logger = Builder::from_env(Env::default().default_filter_or("info"))
        .format(match format {
            LogFormat::Logfmt => logfmt,
            LogFormat::Json => json,
        })
        .build();
    log::set_max_level(logger.filter());
    // Set once; a second start in one process keeps the first.
    let _ = log::set_boxed_logger(Box::new(Own(logger)));
    // The text of a panic may hold what was sent; its place suffices to find the fault.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => log::error!("panicked at {}:{}", place.file(), place.line()),
        None => log::error!("panicked"),
    }));
}

struct Fields(Map<String, Json>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        let value = match (value.to_i64(), value.to_u64()) {
            (Some(number), _) => Json::from(number),
            (None, Some(number)) => Json::from(number),
            _ => Json::from(value.to_string()),
        };
        self.0.insert(key.to_string(), value);
        Ok(())
    }
}

fn fields(record: &Record<'_>) -> Map<String, Json> {
    let mut fields = Fields(Map::new());
    let time = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    for (name, value) in [
        ("time", time),
        ("level", record.level().as_str().to_lowercase()),
        ("target", record.target().to_owned()),
        ("message", record.args().to_string()),
    ] {
        fields.0.insert(name.to_owned(), Json::from(value));
    }
    // Visiting our own map cannot fail.
    let _ = record.key_values().visit(&mut fields);
    fields.0
}

fn json(out: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    writeln!(out, "{}", Json::Object(fields(record)))
}

fn logfmt(out: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    let pairs = fields(record).into_iter().map(|(name, value)| match value {
        Json::String(text)
            if !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_graphic() && c != '"' && c != '=') =>
        {
            format!("{name}={text}")
        }
        Json::String(text) => format!("{name}={}", Json::String(text)),
        other => format!("{name}={other}"),
    });
    writeln!(out, "{}", pairs.collect::<Vec<_>>().join(" "))
}
