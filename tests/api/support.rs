//! One private Postgres a test process, one database a test, cloned from a template.

use actix_web::{body, http::header::HeaderMap, test};
use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use lodestar::{
    cli::{
        database::{self, Direction},
        import, keys,
    },
    config::{Config, Databases},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File, Permissions},
    future::Future,
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    pin::Pin,
    process::{Child, Command, ExitStatus, Stdio},
    rc::Rc,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Imported files: name and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The cluster of this process, as the address of a login on a database. It ends with the
/// process: the closure owns the cluster, and nobody drops it.
type Address = Box<dyn Fn(&str, &str) -> String + Send + Sync>;

/// A folder of this process under /tmp: short enough for a socket's path, and open to the
/// account that runs Postgres when the tests run as root. The next run sweeps it up.
fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        for entry in fs::read_dir("/tmp").unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let process = name
                .strip_prefix("lodestar-test-")
                .and_then(|p| p.parse().ok());
            if process.is_some_and(|p: i32| kill(Pid::from_raw(p), None).is_err()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let root = PathBuf::from(format!("/tmp/lodestar-test-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        fs::set_permissions(&root, Permissions::from_mode(0o755)).unwrap();
        root
    })
}

/// A path in that folder that nobody else has.
pub fn new_path() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    root().join(NEXT.fetch_add(1, Ordering::Relaxed).to_string())
}

/// Runs a future to its end on a thread of its own, whatever runs here.
fn wait_for<T: Send + 'static, F: Future<Output = T>>(
    work: impl FnOnce() -> F + Send + 'static,
) -> T {
    std::thread::spawn(|| actix_web::rt::System::new().block_on(work()))
        .join()
        .unwrap()
}

/// The template without tables, with the logins.
const BARE: &str = "template_bare";
/// The template with tables and without records.
const EMPTY: &str = "template_empty";
/// The template with the shipped directory.
const FULL: &str = "template_full";

fn address() -> &'static Address {
    static CLUSTER: OnceLock<Address> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let folder = new_path();
        let cluster = database::fleeting_cluster(&folder).unwrap();
        wait_for(move || async move {
            for name in [BARE, EMPTY] {
                database::prepare(&cluster, name).await.unwrap();
            }
            let urls = database::logins(&cluster, EMPTY);
            database::migrate(&urls, Direction::Up).await.unwrap();
            Box::new(move |login: &str, name: &str| cluster.url(login, name)) as Address
        })
    })
}

fn full() -> &'static str {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        wait_for(|| async {
            let made = Database::cloned(EMPTY, FULL.to_owned()).await;
            let mut writer = connect(&made.urls.writer).await;
            import::import_first(&mut writer, &config(&[]))
                .await
                .unwrap();
            run(&mut connect(&address()("postgres", FULL)).await, "analyze").await;
        });
    });
    FULL
}

/// A database of one test's own, until the last of its copies goes.
#[derive(Clone)]
pub struct Database {
    pub name: String,
    pub urls: Databases,
    _held: Arc<Held>,
}

/// What drops a database of this name when it goes.
struct Held(String);

impl Database {
    /// With the logins, before any migration.
    pub async fn bare() -> Self {
        address();
        Self::cloned(BARE, new_name()).await
    }

    /// With tables, without records.
    pub async fn empty() -> Self {
        address();
        Self::cloned(EMPTY, new_name()).await
    }

    /// With the shipped directory.
    pub async fn full() -> Self {
        Self::cloned(full(), new_name()).await
    }

    async fn cloned(template: &str, name: String) -> Self {
        let login = |login: &str| address()(login, &name);
        let mut superuser = connect(&address()("postgres", "postgres")).await;
        run(
            &mut superuser,
            &format!("create database {name} template {template}"),
        )
        .await;
        // The rights on a database itself are not cloned; these are those of grants.sql.
        let rights = format!(
            "grant connect on database {name} to lodestar_owner, lodestar_writer, lodestar_reader;
             revoke all on database {name} from public"
        );
        run(&mut superuser, &rights).await;
        let urls = Databases {
            writer: login("lodestar_writer"),
            reader: login("lodestar_reader"),
            owner: Some(login("lodestar_owner")),
        };
        Self {
            _held: Arc::new(Held(name.clone())),
            name,
            urls,
        }
    }

    pub async fn superuser(&self) -> AsyncPgConnection {
        connect(&address()("postgres", &self.name)).await
    }

    pub async fn writer(&self) -> AsyncPgConnection {
        connect(&self.urls.writer).await
    }

    pub async fn reader(&self) -> AsyncPgConnection {
        connect(&self.urls.reader).await
    }

    /// Imports files as `lodestar import` does.
    pub async fn import(&self, files: &Files, vars: &[(&str, &str)]) -> Result<[i64; 4], String> {
        let mut writer = self.writer().await;
        let done = import::import_files(&mut writer, &config(vars), files, "test").await?;
        let count = |count: usize| i64::try_from(count).unwrap();
        Ok([
            count(done.created),
            count(done.updated),
            count(done.unchanged),
            done.revision,
        ])
    }

    /// Writes documents with status and visibility through the ledger.
    pub async fn write(&self, reason: &str, records: Vec<(&str, Value, &str, &str)>) {
        let mut writer = self.writer().await;
        import::write_documents(&mut writer, reason, records)
            .await
            .unwrap();
    }

    /// Sets a figure in another unit than its indicator, as older directories may hold some that
    /// would not be taken now.
    pub async fn in_another_unit(&self, slug: &str, unit: &str) {
        let query = format!(
            "update published.statistics set unit = '{unit}', document = jsonb_set(document::jsonb, '{{unit}}', '\"{unit}\"')
             where slug = '{slug}'"
        );
        run(&mut self.superuser().await, &query).await;
    }

    /// A key for a person with a role.
    pub async fn key(&self, name: &str, role: &str) -> String {
        self.limited_key(name, role, &[], 90).await
    }

    /// A key for a person with a role in some countries, that lasts so many days.
    pub async fn limited_key(
        &self,
        name: &str,
        role: &str,
        countries: &[&str],
        days: i64,
    ) -> String {
        let wanted = (name, role, countries, days);
        keys::make_key(&mut self.writer().await, wanted)
            .await
            .unwrap()
    }

    /// How often an index was looked into. Postgres counts when a connection rests.
    pub async fn looks(&self, index: &str) -> i64 {
        let counted = format!(
            "select idx_scan from pg_stat_user_indexes where indexrelid = '{index}'::regclass"
        );
        let counted = rows(&mut self.superuser().await, &counted).await;
        counted[0]["idx_scan"].as_i64().unwrap()
    }

    /// Whether an index is looked into more often than so many times, within a while.
    pub async fn looks_more(&self, index: &str, before: i64) -> bool {
        for _ in 0..100 {
            if self.looks(index).await > before {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    /// The environment that makes the binary work on this database.
    pub fn vars(&self) -> [(&str, &str); 2] {
        [
            ("DATABASE_URL", &self.urls.writer),
            ("DATABASE_READ_URL", &self.urls.reader),
        ]
    }
}

impl Drop for Held {
    /// Hundreds of tests would hold fifty megabytes each until the next run. The template stays.
    fn drop(&mut self) {
        if self.0 == FULL {
            return;
        }
        let (all, name) = (address()("postgres", "postgres"), self.0.clone());
        wait_for(|| async move {
            let drop = format!("drop database if exists {name} with (force)");
            // Without a cluster there is nothing to drop; a second panic would hide the first.
            if let Ok(mut superuser) = AsyncPgConnection::establish(&all).await {
                let _ = attempt(&mut superuser, &drop).await;
            }
        });
    }
}

fn new_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("t_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn config(vars: &[(&str, &str)]) -> Config {
    let given = [("LODESTAR_READERS", "2")].iter().chain(vars);
    let vars: HashMap<String, String> = given
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::from_vars(vars).unwrap()
}

pub async fn connect(url: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(url).await.unwrap()
}

/// Runs statements that must succeed.
pub async fn run(connection: &mut AsyncPgConnection, sql: &str) {
    attempt(connection, sql).await.unwrap();
}

/// Runs statements, and gives the database's words when it refuses.
pub async fn attempt(connection: &mut AsyncPgConnection, sql: &str) -> Result<(), String> {
    let done = connection.batch_execute(sql).await;
    done.map_err(|error| error.to_string())
}

#[derive(QueryableByName)]
struct Json {
    #[diesel(sql_type = Text)]
    json: String,
}

/// The rows of a query as JSON objects.
pub async fn rows(connection: &mut AsyncPgConnection, query: &str) -> Vec<Value> {
    let query = format!("select coalesce(json_agg(q), '[]')::text as json from ({query}) q");
    let json: Json = sql_query(query).get_result(connection).await.unwrap();
    serde_json::from_str(&json.json).unwrap()
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body of an answer that must have succeeded.
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.value()
    }

    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Everything that was said: headers and body.
    pub fn whole(&self) -> String {
        let headers = self.headers.iter().map(|(name, value)| {
            format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
        });
        headers.collect::<String>() + &String::from_utf8_lossy(&self.body)
    }
}

type Answering = Pin<Box<dyn Future<Output = Answer>>>;

/// The application over a database, as `serve` makes it.
pub struct Site {
    pub database: Database,
    ask: Box<dyn Fn(test::TestRequest) -> Answering>,
}

impl Site {
    pub async fn full() -> Self {
        Self::over(Database::full().await).await
    }

    pub async fn over(database: Database) -> Self {
        Self::made(database, &[], None).await
    }

    /// One with settings.
    pub async fn configured(database: Database, vars: &[(&str, &str)]) -> Self {
        Self::made(database, vars, None).await
    }

    /// One that saves what help is answered from.
    pub async fn saving(database: Database, saved: PathBuf) -> Self {
        Self::made(database, &[], Some(saved)).await
    }

    async fn made(database: Database, vars: &[(&str, &str)], saved: Option<PathBuf>) -> Self {
        let shared = lodestar::app::shared(config(vars));
        lodestar::app::follow_pulse(&shared, &database.urls)
            .await
            .unwrap();
        lodestar::app::follow_keys(&shared, &database.urls)
            .await
            .unwrap();
        lodestar::app::follow_lexicon(&shared, &database.urls)
            .await
            .unwrap();
        let followed = lodestar::app::followed();
        lodestar::app::follow_help(&shared, &followed, &database.urls, saved)
            .await
            .unwrap();
        let site = Self::answering(database, shared, followed).await;
        // On a busy machine the first connection may take longer than a request waits.
        for _ in 0..20 {
            if site.get("/v1").await.status == 200 {
                break;
            }
        }
        site
    }

    /// One that started while its database is away, with what was saved in a data directory.
    pub async fn recalled(database: Database, data_dir: &Path) -> Result<Self, String> {
        let vars = [("LODESTAR_DATA_DIR", data_dir.to_str().unwrap())];
        let shared = lodestar::app::shared(config(&vars));
        let followed = lodestar::app::followed();
        lodestar::app::recall(&shared, &followed)?;
        Ok(Self::answering(database, shared, followed).await)
    }

    async fn answering(
        database: Database,
        shared: lodestar::app::Shared,
        followed: lodestar::app::Followed,
    ) -> Self {
        let directory = lodestar::app::directory(shared, &database.urls).unwrap();
        let service = Rc::new(
            test::init_service(lodestar::app::app(
                directory,
                followed,
                lodestar::app::shelf(),
            ))
            .await,
        );
        let ask = move |request: test::TestRequest| -> Answering {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let answered = test::try_call_service(&*service, request.to_request()).await;
                let response = match answered {
                    Ok(response) => response.into_parts().1,
                    Err(error) => error.error_response(),
                };
                Answer {
                    status: response.status().as_u16(),
                    headers: response.headers().clone(),
                    body: body::to_bytes(response.into_body())
                        .await
                        .unwrap_or_else(|_| panic!("the body was cut off"))
                        .to_vec(),
                }
            })
        };
        Self {
            database,
            ask: Box::new(ask),
        }
    }

    pub async fn ask(&self, request: test::TestRequest) -> Answer {
        (self.ask)(request).await
    }

    pub async fn get(&self, uri: &str) -> Answer {
        self.ask(test::TestRequest::get().uri(uri)).await
    }

    /// Writes beside the app, as an import does, and waits until it knows.
    pub async fn write(&self, reason: &str, records: Vec<(&str, Value, &str, &str)>) {
        self.database.write(reason, records).await;
        self.settle().await;
    }

    /// Waits until what was written beside the application is known to it, and to help.
    pub async fn settle(&self) {
        use diesel::sql_types::BigInt;
        #[derive(QueryableByName)]
        struct Last {
            #[diesel(sql_type = BigInt)]
            revision: i64,
        }
        let last: Last = sql_query("select revision from published.directory")
            .get_result(&mut self.database.reader().await)
            .await
            .unwrap();
        for _ in 0..100 {
            let known = self.json("/v1").await["revision"].clone();
            let help = self.json("/v1/help?country=US").await["revision"].clone();
            if known == last.revision && help == last.revision {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("revision {} is not known", last.revision);
    }

    /// Waits until the keys that stand in the database are known.
    pub async fn know(&self, key: &str) {
        for _ in 0..100 {
            if self
                .get_with("/v1/me", "Authorization", &format!("Bearer {key}"))
                .await
                .status
                == 200
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("the key is not known");
    }

    /// GET with one more header.
    pub async fn get_with(&self, uri: &str, name: &'static str, value: &str) -> Answer {
        let request = test::TestRequest::get().uri(uri);
        self.ask(request.insert_header((name, value))).await
    }

    pub async fn json(&self, uri: &str) -> Value {
        let answer = self.get(uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        answer.value()
    }

    /// A whole selection, by its stream.
    pub async fn all(&self, uri: &str) -> Vec<Value> {
        let mark = if uri.contains('?') { '&' } else { '?' };
        let answer = self.get(&format!("{uri}{mark}format=ndjson")).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        answer
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The slugs of a selection, by its stream.
    pub async fn slugs(&self, uri: &str) -> Vec<String> {
        self.all(uri).await.iter().map(slug).collect()
    }

    /// How many records a selection holds.
    pub async fn total(&self, uri: &str) -> i64 {
        self.json(uri).await["total_items"].as_i64().unwrap()
    }
}

/// What names a record: its slug, a country's code.
pub fn slug(record: &Value) -> String {
    let name = record["slug"].as_str().or(record["code"].as_str());
    name.unwrap().to_owned()
}

/// The strings of a list.
pub fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

/// The lists of records, by the noun in their paths.
pub const LISTS: [&str; 10] = [
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
    "indicators",
    "sources",
    "topics",
    "populations",
    "synonyms",
    "countries",
];

pub fn manifest(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder.
pub fn files_of(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let files = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"));
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}

/// Writes files into a new folder.
pub fn folder_of(files: &Files) -> PathBuf {
    let folder = new_path();
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

/// A directory of one organization with one hotline: enough to start on.
pub fn small() -> Files {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    Files::from([
        file(
            "sources.csv",
            "slug,title,publisher,url,licence,attribution\nsource-one,Source One,One,https://one.example/,,\n",
        ),
        file(
            "topics.csv",
            "slug,name,axis,description\nonline_abuse,Online abuse,type,Images.\n",
        ),
        file(
            "organizations.csv",
            "slug,name,alternate_name,kind,description,website,emails,country,scope,topics,populations,lang\n\
             one,One,,ngo,Helps.,https://one.example/,,GB,national,online_abuse,,en\n",
        ),
        file("organization_actions.csv", "organization,action,url\n"),
        file(
            "organization_operators.csv",
            "organization,operator,since,until\n",
        ),
        file(
            "topic_translations.csv",
            "topic,lang,translation,name,description\n",
        ),
        file(
            "organization_translations.csv",
            "organization,lang,translation,name,description\n",
        ),
        file(
            "hotline_translations.csv",
            "hotline,lang,translation,name,description,notes\n",
        ),
        file(
            "organization_sources.csv",
            "organization,source,locator,published_on,retrieved_on\none,source-one,,2026,2026-11-23\n",
        ),
        file(
            "hotlines.csv",
            "slug,organization,name,description,notes,lang,coverage,languages,interpreter_languages,hours,timezone,always_open,topics,populations,age_min,age_max,anonymous,confidential,passed_to_police,passed_to_immigration,priority,show_together\n\
             one-line,one,One Line,,,en,GB,en,,24/7,,true,online_abuse,,,,,,unknown,unknown,,\n",
        ),
        file(
            "hotline_sources.csv",
            "hotline,source,locator,published_on,retrieved_on\none-line,source-one,,2026,2026-11-23\n",
        ),
        file(
            "hotline_contact_points.csv",
            "hotline,channel,value,e164,short_code,keyword,extension,dialable_from,toll_free,languages,note\n\
             one-line,phone,116123,,116123,,,GB,true,,\n",
        ),
    ])
}

/// The built binary, with nothing in its environment but what is named.
pub fn lodestar(vars: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodestar"));
    command.env_clear().env("HOME", root()).stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.envs(vars.iter().copied());
    command
}

/// Runs a command to its end: whether it succeeded, and what it said on both streams.
pub fn said(mut command: Command) -> (bool, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// An address of this machine that nobody listens on.
pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The binary as a server.
pub struct Server {
    child: Mutex<Child>,
    pub address: String,
    log: PathBuf,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub async fn start(vars: &[(&str, &str)]) -> Self {
        let server = Self::spawn(vars);
        let deadline = Instant::now() + Duration::from_secs(180);
        loop {
            if let Ok(answer) = server.try_get("/health/ready").await
                && answer.status == 200
            {
                return server;
            }
            let ended = server.child.lock().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "ended with {ended:?}: {}", server.log());
            assert!(Instant::now() < deadline, "not ready: {}", server.log());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    fn spawn(vars: &[(&str, &str)]) -> Self {
        let (address, log) = (free_address(), new_path());
        let out = File::create(&log).unwrap();
        let child = lodestar(vars)
            .env("LODESTAR_LISTEN", &address)
            .env("LODESTAR_WORKERS", "1")
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn()
            .unwrap();
        Self {
            child: Mutex::new(child),
            address,
            log,
        }
    }

    /// Everything it has printed so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    pub fn process(&self) -> i32 {
        i32::try_from(self.child.lock().unwrap().id()).unwrap()
    }

    /// Sends a signal and waits for the end: how it ended and how long it took.
    pub fn end(&self, signal: Signal) -> (ExitStatus, Duration) {
        let since = Instant::now();
        kill(Pid::from_raw(self.process()), signal).unwrap();
        let status = self.child.lock().unwrap().wait().unwrap();
        (status, since.elapsed())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    pub async fn json(&self, path: &str) -> Value {
        self.get(path).await.json()
    }

    async fn try_get(&self, path: &str) -> std::io::Result<Answer> {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: lodestar.example\r\nConnection: close\r\n\r\n");
        let bytes = self.raw(request.as_bytes(), None).await?;
        parsed(&bytes).ok_or(std::io::ErrorKind::InvalidData.into())
    }

    async fn sent(&self, bytes: &[u8], from: Option<SocketAddr>) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(from) = from {
            socket.bind(from)?;
        }
        let mut stream = socket.connect(self.address.parse().unwrap()).await?;
        stream.write_all(bytes).await?;
        Ok(stream)
    }

    /// Sends bytes, and reads until the answer is as long as it says. The connection ends up to a second later where a
    /// body was not read: who sends one gets to read the answer.
    pub async fn whole(&self, bytes: &[u8]) -> std::io::Result<Answer> {
        let mut stream = self.sent(bytes, None).await?;
        let (mut got, mut answer) = (Vec::new(), None);
        let long = |answer: &Answer| answer.header("content-length").parse::<usize>().ok();
        while stream.read_buf(&mut got).await? > 0 {
            answer = parsed(&got);
            let whole =
                |answer: &Answer| long(answer).is_some_and(|long| answer.body.len() >= long);
            if answer.as_ref().is_some_and(whole) {
                break;
            }
        }
        answer.ok_or(std::io::ErrorKind::InvalidData.into())
    }

    /// Sends bytes, from an address if one is named, and gives back what comes until the end.
    pub async fn raw(&self, bytes: &[u8], from: Option<SocketAddr>) -> std::io::Result<Vec<u8>> {
        let mut stream = self.sent(bytes, from).await?;
        let mut answer = Vec::new();
        // A server that refuses a request may reset the connection after its answer.
        let reading = stream.read_to_end(&mut answer);
        let _ = tokio::time::timeout(Duration::from_secs(30), reading).await;
        Ok(answer)
    }

    /// Asks by a head without its last lines, and reads no more of the answer than its status.
    pub async fn slow(&self, head: &str) -> (TcpStream, String) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut stream = socket.connect(self.address.parse().unwrap()).await.unwrap();
        let request = format!("{head}Host: lodestar.example\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).await.unwrap();
        (stream, String::from_utf8_lossy(&begin[9..]).into_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        if let Ok(None) = child.try_wait() {
            let _ = kill(
                Pid::from_raw(i32::try_from(child.id()).unwrap()),
                Signal::SIGTERM,
            );
            let _ = child.wait();
        }
    }
}

/// An answer of HTTP/1.1 from its bytes, of known length or chunked.
pub fn parsed(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let name: actix_web::http::header::HeaderName = name.parse().ok()?;
        headers.append(name, value.parse().ok()?);
    }
    Some(Answer {
        status,
        headers,
        body: bytes[end + 4..].to_vec(),
    })
}
