//! Log lines, as logfmt or JSON, of Lodestar alone.
//!
//! Libraries log what readers send: addresses, paths, headers. So their messages are dropped
//! whatever `RUST_LOG` says; it sets the level of Lodestar's own. Lines are written together, up to 50 ms later;
//! errors at once.

use crate::config::LogFormat;
use env_logger::{Builder, Env, Logger};
use log::{
    Level, Log, Metadata, Record,
    kv::{Key, Value, VisitSource},
};
use serde_json::Value as Json;
use std::{
    fmt::{Display, Write as _},
    io::{self, Write as _},
    sync::{Condvar, LazyLock, Mutex, MutexGuard},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What is written is asked of env_logger; how, is said here, since writing it twice would cost more than the line.
struct Own {
    wanted: Logger,
    format: LogFormat,
}

fn is_own(target: &str) -> bool {
    target == "lodestar" || target.starts_with("lodestar::")
}

impl Log for Own {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_own(metadata.target()) && self.wanted.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if is_own(record.target()) && self.wanted.matches(record) {
            LINES.add(Line::of(self.format, record).as_bytes());
            if record.level() == Level::Error {
                self.flush();
            }
        }
    }

    fn flush(&self) {
        LINES.write();
    }
}

static LINES: LazyLock<Lines> = LazyLock::new(Lines::default);

/// Starts the logger of the process.
pub fn start(format: LogFormat) {
    let wanted = Builder::from_env(Env::default().default_filter_or("info")).build();
    log::set_max_level(wanted.filter());
    // Set once; a second start in one process keeps the first.
    let _ = log::set_boxed_logger(Box::new(Own { wanted, format }));
    std::thread::spawn(|| LINES.follow());
    // The text of a panic may hold what was sent; its place suffices to find the fault.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => log::error!("panicked at {}:{}", place.file(), place.line()),
        None => log::error!("panicked"),
    }));
}

/// The names of levels, by their rank from 1.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// A line while it is written: time, level, target and message, then what was noted with it.
struct Line {
    text: String,
    format: LogFormat,
}

impl Line {
    fn of(format: LogFormat, record: &Record<'_>) -> String {
        let mut line = Self {
            text: String::with_capacity(256),
            format,
        };
        // Of a time before 1970 humantime panics.
        let time = humantime::format_rfc3339_millis(SystemTime::now().max(UNIX_EPOCH));
        line.word("time", &time.to_string());
        line.word("level", LEVELS[record.level() as usize]);
        line.word("target", record.target());
        match record.args().as_str() {
            Some(message) => line.word("message", message),
            None => line.word("message", &record.args().to_string()),
        }
        // Visiting our own pairs cannot fail.
        let _ = record.key_values().visit(&mut line);
        line.text.push_str(match format {
            LogFormat::Logfmt => "\n",
            LogFormat::Json => "}\n",
        });
        line.text
    }

    /// What stands before a value.
    fn name(&mut self, name: &str) {
        let begins = self.text.is_empty();
        let (first, next, before, after) = match self.format {
            LogFormat::Logfmt => ("", " ", "", "="),
            LogFormat::Json => ("{", ",", "\"", "\":"),
        };
        for part in [if begins { first } else { next }, before, name, after] {
            self.text.push_str(part);
        }
    }

    fn word(&mut self, name: &str, word: &str) {
        self.name(name);
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'=';
        match self.format {
            LogFormat::Logfmt if !word.is_empty() && word.bytes().all(plain) => {
                self.text.push_str(word)
            }
            _ => self.text.push_str(&Json::from(word).to_string()),
        }
    }

    fn number(&mut self, name: &str, number: impl Display) {
        self.name(name);
        // Writing to a text cannot fail.
        let _ = write!(self.text, "{number}");
    }
}

impl<'kvs> VisitSource<'kvs> for Line {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        let name = key.as_str();
        // Each asks the value anew.
        if let Some(word) = value.to_borrowed_str() {
            self.word(name, word);
        } else if let Some(number) = value.to_i64() {
            self.number(name, number);
        } else if let Some(number) = value.to_u64() {
            self.number(name, number);
        } else {
            self.word(name, &value.to_string());
        }
        Ok(())
    }
}

/// How long lines wait to be written together.
const TOGETHER: Duration = Duration::from_millis(50);
/// So many bytes do not wait.
const MUCH: usize = 64 * 1024;

/// Lines on their way to where errors are written: many together, since a call of the system for each would
/// take longer than the answer that it is about.
#[derive(Default)]
struct Lines {
    waiting: Mutex<Vec<u8>>,
    some: Condvar,
}

impl Lines {
    fn waiting(&self) -> MutexGuard<'_, Vec<u8>> {
        self.waiting.lock().unwrap_or_else(|lock| lock.into_inner())
    }

    /// Writes what waits. Where that cannot be written, as on a full disk, it is lost, and work goes on.
    fn write(&self) {
        // Whoever comes meanwhile waits, so that lines stay in their order.
        let mut waiting = self.waiting();
        let _ = io::stderr().write_all(&waiting);
        waiting.clear();
    }

    /// Writes as long as the process lives.
    fn follow(&self) {
        loop {
            let some = self
                .some
                .wait_while(self.waiting(), |lines| lines.is_empty());
            drop(some);
            std::thread::sleep(TOGETHER);
            self.write();
        }
    }

    fn add(&self, line: &[u8]) {
        let mut waiting = self.waiting();
        let first = waiting.is_empty();
        waiting.extend_from_slice(line);
        let much = waiting.len() >= MUCH;
        drop(waiting);
        if much {
            self.write();
        } else if first {
            self.some.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(format: LogFormat, message: &str) -> String {
        let pairs = [
            ("route", Value::from("/v1/{resource}")),
            ("status", Value::from(200_u16)),
            ("bytes", Value::from(-1_i64)),
            ("said", Value::from("a \"b\"=\nc")),
        ];
        let mut record = Record::builder();
        record.level(Level::Warn).target("lodestar::web");
        record.key_values(&pairs);
        Line::of(format, &record.args(format_args!("{message}")).build())
    }

    #[test]
    fn a_line_is_one_line_in_either_format() {
        let plain = line(LogFormat::Logfmt, "two words");
        let (time, rest) = plain.split_once(' ').unwrap_or_default();
        assert!(time.starts_with("time=20") && time.ends_with('Z'), "{time}");
        assert_eq!(
            rest,
            "level=warn target=lodestar::web message=\"two words\" route=/v1/{resource} status=200 bytes=-1 said=\"a \\\"b\\\"=\\nc\"\n"
        );
        let object = line(LogFormat::Json, "");
        assert_eq!(object.matches('\n').count(), 1);
        let object: Json = serde_json::from_str(&object).unwrap_or_default();
        assert_eq!(object["message"], "");
        assert_eq!(object["status"], 200);
        assert_eq!(object["bytes"], -1);
        assert_eq!(object["said"], "a \"b\"=\nc");
    }
}
