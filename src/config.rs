//! The configuration. All of it comes from the environment:
//!
//! | variable | default | what |
//! | --- | --- | --- |
//! | `LODESTAR_LISTEN` | `127.0.0.1:8080` | address and port to answer on |
//! | `LODESTAR_PUBLIC_URL` | `http://` + listen, or localhost | where the world reaches it; every link starts so |
//! | `LODESTAR_DATA_DIR` | the user's data folder | the private Postgres, and what help is answered from while a database is away |
//! | `LODESTAR_TRUSTED_PROXIES` | none | addresses or networks whose forwarded headers count |
//! | `LODESTAR_LOG_FORMAT` | `logfmt` | `logfmt` or `json` |
//! | `LODESTAR_WORKERS` | processors | threads that answer |
//! | `LODESTAR_READERS` | 4 | reading connections of each thread |
//! | `LODESTAR_WRITERS` | 2 | writing connections of each thread |
//! | `LODESTAR_CACHE_MB` | 32 | memory for kept answers |
//! | `LODESTAR_RATE` | 100 | requests a second that one network may send, ten times as many at once; 0 for any number |
//! | `LODESTAR_DRAIN_SECONDS` | 3 | after SIGTERM, how long it goes on answering while readiness says no |
//! | `LODESTAR_SECURITY_CONTACT` | none | whom to tell of a hole: `mailto:` or `https:` addresses, joined by commas; served as `/.well-known/security.txt` |
//! | `LODESTAR_ONE_PERSON` | `false` | `true` lets one person change published contact points and show again what was hidden; stamped on every revision |
//! | `DATABASE_URL` | private Postgres | the writer's login |
//! | `DATABASE_READ_URL` | private Postgres | the reader's login; needed with `DATABASE_URL` |
//! | `DATABASE_OWNER_URL` | private Postgres | the owner's login, for `migrate` |
//! | `RUST_LOG` | `info` | level of Lodestar's own messages |

use std::{
    collections::HashMap,
    env,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

/// Where the three logins connect.
#[derive(Clone, PartialEq, Eq)]
pub struct Databases {
    /// The writer's login.
    pub writer: String,
    /// The reader's login.
    pub reader: String,
    /// The owner's login, where migrations may run.
    pub owner: Option<String>,
}

/// Addresses carry passwords, so that they are not shown.
impl std::fmt::Debug for Databases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Databases(..)")
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// `name=value` pairs.
    Logfmt,
    /// One JSON object a line.
    Json,
}

/// A network whose forwarded headers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The configuration of one process.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port to answer on.
    pub listen: SocketAddr,
    /// Where the world reaches it, without a slash at the end.
    pub public_url: String,
    /// The folder of the private Postgres.
    pub data_dir: PathBuf,
    /// Whose forwarded headers count.
    pub trusted_proxies: Vec<Network>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Threads that answer.
    pub workers: usize,
    /// Reading connections of each thread.
    pub readers: usize,
    /// Writing connections of each thread.
    pub writers: usize,
    /// Memory for kept answers, in MiB.
    pub cache_mb: u64,
    /// Requests a second that one network may send; 0 for any number.
    pub rate: u32,
    /// How long it goes on answering after SIGTERM.
    pub drain: Duration,
    /// Whom to tell of a hole; nobody where it is empty.
    pub security_contact: Vec<String>,
    /// Whether one person may change published contact points.
    pub one_person: bool,
    /// Databases to use; `None` for the private Postgres.
    pub databases: Option<Databases>,
    /// The owner's login alone, for `migrate`.
    pub owner_url: Option<String>,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// Names every variable that is wrong, with the remedy.
    pub fn from_env() -> Result<Self, Vec<String>> {
        Self::from_vars(env::vars().collect())
    }

    /// Reads a set of variables as if it were the environment.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_vars(vars: HashMap<String, String>) -> Result<Self, Vec<String>> {
        let mut reading = Reading {
            vars,
            wrong: Vec::new(),
        };
        let listen = reading.parsed(
            "LODESTAR_LISTEN",
            "an address and port such as 127.0.0.1:8080",
            |v| v.parse().ok(),
        );
        let listen = listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let config = Self {
            listen,
            public_url: reading
                .parsed(
                    "LODESTAR_PUBLIC_URL",
                    "an address such as https://directory.example without query",
                    public_url,
                )
                .unwrap_or_else(|| match listen.ip().is_unspecified() {
                    true => format!("http://localhost:{}", listen.port()),
                    false => format!("http://{listen}"),
                }),
            data_dir: reading
                .parsed("LODESTAR_DATA_DIR", "the path of a folder", |v| {
                    Some(PathBuf::from(v))
                })
                .unwrap_or_else(|| default_data_dir(&reading.vars)),
            trusted_proxies: reading
                .parsed(
                    "LODESTAR_TRUSTED_PROXIES",
                    "addresses or networks such as 10.0.0.0/8, joined by commas",
                    networks,
                )
                .unwrap_or_default(),
            log_format: reading
                .parsed("LODESTAR_LOG_FORMAT", "logfmt or json", |v| match v {
                    "logfmt" => Some(LogFormat::Logfmt),
                    "json" => Some(LogFormat::Json),
                    _ => None,
                })
                .unwrap_or(LogFormat::Logfmt),
            workers: reading
                .number("LODESTAR_WORKERS", 1, 256)
                .unwrap_or_else(processors),
            readers: reading.number("LODESTAR_READERS", 1, 64).unwrap_or(4),
            writers: reading.number("LODESTAR_WRITERS", 1, 64).unwrap_or(2),
            cache_mb: reading.number("LODESTAR_CACHE_MB", 1, 4096).unwrap_or(32) as u64,
            rate: reading.number("LODESTAR_RATE", 0, 1_000_000).unwrap_or(100) as u32,
            drain: Duration::from_secs(
                reading
                    .number("LODESTAR_DRAIN_SECONDS", 0, 600)
                    .unwrap_or(3) as u64,
            ),
            security_contact: reading
                .parsed(
                    "LODESTAR_SECURITY_CONTACT",
                    "mailto: or https: addresses, joined by commas",
                    contacts,
                )
                .unwrap_or_default(),
            one_person: reading
                .parsed("LODESTAR_ONE_PERSON", "true or false", |v| v.parse().ok())
                .unwrap_or(false),
            databases: reading.databases(),
            owner_url: reading.database_url("DATABASE_OWNER_URL"),
        };
        match reading.wrong.is_empty() {
            true => Ok(config),
            false => Err(reading.wrong),
        }
    }
}

impl Network {
    /// Whether an address lies in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let bits = |ip: IpAddr| match ip {
            IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, 32),
            IpAddr::V6(ip) => (u128::from(ip), 128),
        };
        let ((mine, width), (other, other_width)) = (bits(self.address), bits(address));
        let shift = 128 - u32::from(self.bits);
        width == other_width && (shift == 128 || mine >> shift == other >> shift)
    }
}

struct Reading {
    vars: HashMap<String, String>,
    wrong: Vec<String>,
}

impl Reading {
    fn parsed<T>(
        &mut self,
        name: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.vars.get(name).filter(|value| !value.is_empty())?;
        let parsed = parse(value);
        if parsed.is_none() {
            self.wrong.push(format!("{name}: wanted {wanted}"));
        }
        parsed
    }

    fn number(&mut self, name: &str, least: usize, most: usize) -> Option<usize> {
        let wanted = format!("a whole number from {least} to {most}");
        self.parsed(name, &wanted, |v| {
            v.parse().ok().filter(|n| (least..=most).contains(n))
        })
    }

    fn database_url(&mut self, name: &str) -> Option<String> {
        self.parsed(name, "postgresql://login@host/database", |v| {
            (v.starts_with("postgres://") || v.starts_with("postgresql://")).then(|| v.to_owned())
        })
    }

    fn databases(&mut self) -> Option<Databases> {
        let writer = self.database_url("DATABASE_URL");
        let reader = self.database_url("DATABASE_READ_URL");
        let owner = self.database_url("DATABASE_OWNER_URL");
        match (writer, reader) {
            (Some(writer), Some(reader)) => Some(Databases {
                writer,
                reader,
                owner,
            }),
            (None, None) => None,
            (Some(_), None) => {
                self.wrong.push("DATABASE_READ_URL: needed with DATABASE_URL; `lodestar grants` makes the reader's login".into());
                None
            }
            (None, Some(_)) => {
                self.wrong.push("DATABASE_URL: needed with DATABASE_READ_URL; `lodestar grants` makes the writer's login".into());
                None
            }
        }
    }
}

fn public_url(value: &str) -> Option<String> {
    let value = value.trim_end_matches('/');
    let rest = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]".contains(c);
    (!rest.is_empty() && rest.chars().all(plain)).then(|| value.to_owned())
}

/// Addresses as RFC 9116 takes them; what could begin another line is none.
fn contacts(value: &str) -> Option<Vec<String>> {
    let contact = |part: &str| {
        let part = part.trim();
        let rest = part
            .strip_prefix("mailto:")
            .filter(|rest| rest.contains('@'))
            .or_else(|| part.strip_prefix("https://"))?;
        let plain = rest.bytes().all(|byte| byte.is_ascii_graphic());
        (plain && !rest.is_empty()).then(|| part.to_owned())
    };
    value.split(',').map(contact).collect()
}

fn networks(value: &str) -> Option<Vec<Network>> {
    value
        .split(',')
        .map(|part| {
            let (address, bits) = part
                .trim()
                .split_once('/')
                .map_or((part.trim(), None), |(a, b)| (a, Some(b)));
            let address: IpAddr = address.parse().ok()?;
            let width = if address.is_ipv4() { 32 } else { 128 };
            let bits = match bits {
                Some(bits) => bits.parse().ok().filter(|bits| *bits <= width)?,
                None => width,
            };
            Some(Network { address, bits })
        })
        .collect()
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// `/var/lib/lodestar` for root, else the user's data folder after the XDG rules.
fn default_data_dir(vars: &HashMap<String, String>) -> PathBuf {
    if nix::unistd::Uid::effective().is_root() {
        return PathBuf::from("/var/lib/lodestar");
    }
    let named = |name: &str| {
        vars.get(name)
            .filter(|path| path.starts_with('/'))
            .map(PathBuf::from)
    };
    match named("XDG_DATA_HOME") {
        Some(folder) => folder.join("lodestar"),
        None => named("HOME").map_or_else(
            || PathBuf::from("/tmp/lodestar"),
            |home| home.join(".local/share/lodestar"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        Config::from_vars(
            vars.iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
        )
    }

    #[test]
    fn names_every_wrong_variable_at_once() {
        let wrong = read(&[
            ("LODESTAR_LISTEN", "everywhere"),
            ("LODESTAR_PUBLIC_URL", "ftp://x"),
            ("LODESTAR_TRUSTED_PROXIES", "10.0.0.0/99"),
            ("LODESTAR_WORKERS", "0"),
            (
                "LODESTAR_SECURITY_CONTACT",
                "mailto:security@a.example,call us",
            ),
            ("DATABASE_URL", "postgresql://w@db.example/x"),
        ])
        .expect_err("wrong values stop the start");
        assert_eq!(wrong.len(), 6, "{wrong:?}");
    }

    #[test]
    fn knows_its_networks() {
        let config = read(&[("LODESTAR_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).expect("valid");
        let inside = |ip: &str| {
            config
                .trusted_proxies
                .iter()
                .any(|n| n.holds(ip.parse().expect("an address")))
        };
        assert!(inside("10.9.8.7") && inside("::1") && !inside("11.0.0.1") && !inside("::2"));
    }
}
