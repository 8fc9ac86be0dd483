"""What the faults share: a server of its own on a private data folder, keys, requests, checks.

Standard library alone. The binary is target/debug/lodestar, or what LODESTAR names. All load
stays on the loopback interface.
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = [
    "topics",
    "populations",
    "sources",
    "countries",
    "indicators",
    "synonyms",
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
]
ASSESSMENTS = ["not_assessed", "supported", "disputed", "superseded", "retracted"]
STARTED = time.monotonic()


def say(*words):
    """Progress, for whoever watches."""
    print(f"[{time.monotonic() - STARTED:7.2f} s]", *words, file=sys.stderr, flush=True)


class Checks:
    """What was measured against its bar; the last line counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, fits, what, measured=""):
        """Prints one bar and whether it is kept."""
        if fits:
            self.passed += 1
        else:
            self.failed += 1
        measured = f": {measured}" if measured != "" else ""
        print(f"{'ok    ' if fits else 'FAILED'} {what}{measured}", flush=True)
        return fits

    def end(self):
        """Prints the closing line and says how the process ends."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0


def percentile(values, share):
    """The value below which a share of all lies; 0 of none."""
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def free_port():
    """A free port below those that the system gives to clients.

    A client that tries again and again while its server is down would else one day be given the
    very port that it connects to, and talk to itself.
    """
    for _ in range(200):
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def tool(name):
    """A program of PostgreSQL, on PATH or where Debian keeps it."""
    found = shutil.which(name)
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found and not kept:
        raise RuntimeError(f"{name} is missing: install postgresql")
    return found or str(kept[-1])


class Server:
    """One server on a folder of its own, which is removed at the end."""

    def __init__(self, **settings):
        self.folder = Path(tempfile.mkdtemp(prefix="lodestar-faults."))
        # Started as root, Postgres runs as another account.
        self.folder.chmod(0o711)
        self.port = free_port()
        # Somebody may build while this runs: what starts again is what started.
        self.binary = self.folder / "lodestar"
        built = Path(os.environ.get("LODESTAR", ROOT / "target/debug/lodestar")).resolve()
        try:
            os.link(built, self.binary)
        except OSError:
            shutil.copy2(built, self.binary)
        dropped = ("DATABASE_URL", "DATABASE_READ_URL", "DATABASE_OWNER_URL")
        self.environment = {k: v for k, v in os.environ.items() if k not in dropped}
        self.environment |= {
            "LODESTAR_LISTEN": f"127.0.0.1:{self.port}",
            "LODESTAR_DATA_DIR": str(self.folder / "data"),
            # No proxy has to learn that it stops.
            "LODESTAR_DRAIN_SECONDS": "0",
        } | settings
        # How often it was started.
        self.lives = 0
        self.process = None
        self.log = self.folder / "log"

    def __enter__(self):
        took = self.start()
        say(f"the server answers on port {self.port} after {took:.2f} s")
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, patience=120):
        """Starts it and waits until it is ready; says how long that took.

        A command that found no server running owns the folder until it is done; so it waits.
        """
        started = time.monotonic()
        while time.monotonic() - started < patience:
            if self._started(started + patience):
                return time.monotonic() - started
            # It may be a device, from which nothing ends.
            told = self.log.read_text(errors="replace") if self.log.is_file() else ""
            tail = told.splitlines()[-20:]
            if not any(line.startswith("lodestar: another lodestar") for line in tail):
                break
            time.sleep(0.1)
        raise RuntimeError("the server did not start:\n" + "\n".join(tail))

    def _started(self, until):
        with open(self.log, "ab") as log:
            command = [self.binary, "serve"]
            self.process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.lives += 1
        while self.process.poll() is None and time.monotonic() < until:
            try:
                if self.client().get("/health/ready").status == 200:
                    return True
            except OSError:
                pass
            time.sleep(0.02)
        return False

    def stop(self):
        """Asks it to stop, and waits."""
        self._end(signal.SIGTERM)

    def kill(self):
        """Kills it where it stands."""
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def run(self, *arguments, timeout=1800, **settings):
        """A command beside the running server."""
        return subprocess.run(
            [self.binary, *arguments],
            env=self.environment | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def key(self, name, role, **limits):
        """Makes a key. It works within two seconds; see `settle`."""
        more = [part for field, value in limits.items() for part in (f"--{field}", value)]
        made = self.run("keys", "create", "--name", name, "--role", role, *more)
        if made.returncode != 0:
            raise RuntimeError(f"no key was made: {made.stderr}")
        return made.stdout.strip().split()[-1]

    def keys(self, **roles):
        """Makes a key of each name with its role, and waits until all of them work."""
        # One beside the running server, the others by that one: the command takes its time.
        made = {"Root": self.key("Root", "admin")}
        root = self.client(made["Root"])
        wait(lambda: root.get("/v1/me").status == 200, 10, "a new key works")
        for name, role in roles.items():
            made[name] = root.send("POST", "/v1/keys", {"name": name, "role": role}).json()["key"]
        for key in made.values():
            client = self.client(key)
            wait(lambda: client.get("/v1/me").status == 200, 10, "a new key works")
        return made

    def client(self, key=None):
        """Somebody who asks."""
        return Client(self, key)

    def socket(self):
        """The folder of the socket of the private Postgres."""
        return str(self.folder / "data" / "socket")

    def psql(self, *statements, login="postgres"):
        """Runs statements as a login of the private Postgres; says what they print."""
        command = [tool("psql"), "-X", "-q", "-A", "-t", "-h", self.socket(), "-U", login]
        command += ["-d", "lodestar", "-v", "ON_ERROR_STOP=1"]
        command += [part for statement in statements for part in ("-c", statement)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def wait(condition, seconds, what):
    """Waits until something holds; says how long that took."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise RuntimeError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.02)
    return time.monotonic() - started


class Database:
    """The private Postgres of a server, to be taken away."""

    def __init__(self, server):
        (file,) = (server.folder / "data").rglob("postmaster.pid")
        self.pid = int(file.read_text().splitlines()[0])

    @classmethod
    def of(cls, pid):
        """The one of this process."""
        database = cls.__new__(cls)
        database.pid = pid
        return database

    def processes(self):
        """Its server and what that has begun: connections are processes of their own."""
        found = [self.pid]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.pid:
                found.append(int(stat.parent.name))
        return found

    def send(self, how):
        for pid in self.processes():
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                continue

    def runs(self):
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state not in "ZX"

    def end(self):
        """Asks it to end; says what it took."""
        os.kill(self.pid, signal.SIGTERM)
        try:
            wait(lambda: not self.runs(), 5, "the database ends")
        except RuntimeError:
            # After SIGTERM it lets the clients that it has finish, and these keep their connections.
            os.kill(self.pid, signal.SIGINT)
            wait(lambda: not self.runs(), 30, "the database ends")
            return "SIGTERM, after 5 s SIGINT"
        return "SIGTERM"


class Answer:
    """What was answered."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def etag(self):
        return self.headers.get("ETag")

    @property
    def revision(self):
        revision = self.headers.get("Directory-Revision")
        return None if revision is None else int(revision)


class Client:
    """One connection that is kept; whoever shares it between threads is wrong."""

    def __init__(self, server, key=None, timeout=30):
        self.server, self.key, self.timeout = server, key, timeout
        self.connection, self.used, self.life = None, 0.0, 0

    def _ask(self, method, path, body, headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.key:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(body)
        # The server closes what was idle for five seconds; a new one knows no old connection.
        if time.monotonic() - self.used > 3 or self.life != self.server.lives:
            self.close()
        self.life = self.server.lives
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.server.port, timeout=self.timeout
            )
        self.connection.request(method, path, body, headers)

    def send(self, method, path, body=None, **headers):
        """Sends a request once. `OSError` where the connection broke: it may have been done.

        Names of headers are written with `_` for `-`.
        """
        try:
            self._ask(method, path, body, headers)
            answer = self.connection.getresponse()
            got = Answer(answer.status, answer.headers, answer.read())
            self.used = time.monotonic()
            if answer.will_close:
                self.close()
            return got
        except http.client.HTTPException as error:
            self.close()
            raise ConnectionError(repr(error)) from error
        except OSError:
            self.close()
            raise

    def abandon(self, patience, method, path, body=None, **headers):
        """Sends a request and hangs up after a moment: nobody hears whether it was done."""
        try:
            self._ask(method, path, body, headers)
            time.sleep(patience)
        finally:
            self.close()

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def get(self, path, **headers):
        """Reads."""
        return self.send("GET", path, **headers)

    def write(self, method, path, body=None, patience=30, **headers):
        """Writes; asks again while the answer is 503, which says that nothing was written."""
        until = time.monotonic() + patience
        while True:
            answer = self.send(method, path, body, **headers)
            if answer.status != 503 or time.monotonic() > until:
                return answer
            time.sleep(random.uniform(0.01, 0.1))


class Crowd:
    """Threads that begin together; the first failure of one is raised at the end."""

    def __init__(self):
        self.threads, self.failures = [], []

    def add(self, work, *arguments):
        def run():
            try:
                work(*arguments)
            except Exception as error:  # noqa: BLE001 - it is raised again in `join`.
                self.failures.append(error)

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

    def alive(self):
        return sum(thread.is_alive() for thread in self.threads)

    def join(self, patience=600):
        until = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
        if self.failures:
            raise self.failures[0]
        if self.alive():
            raise RuntimeError(f"{self.alive()} threads did not end within {patience} s")


def lists(client, query=""):
    """The public state by resource and id, read by streams of all lists.

    Returns it with the least Directory-Revision of these answers.
    """
    state, revisions = {}, []
    for resource in RESOURCES:
        wanted = [f"format=ndjson{query}"]
        if resource == "statistics":
            # Disputed figures stand in a list only when they are asked for.
            wanted += [f"assessment={name}" for name in ASSESSMENTS]
        answer = client.get(f"/v1/{resource}?{'&'.join(wanted)}")
        if answer.status != 200:
            raise RuntimeError(f"/v1/{resource}: {answer.status}")
        revisions.append(answer.revision)
        for line in answer.body.splitlines():
            record = json.loads(line)
            state[resource, record.get("id") or record["code"]] = record
    return state, min(revisions)


SOURCE = {
    "slug": "faults-source",
    "title": "A page that these tests made up",
    "publisher": "Example",
    "url": "https://faults.example/",
    "licence": None,
    "attribution": None,
}


def citation(source=SOURCE["slug"]):
    return {"source": source, "published_on": "2026", "retrieved_on": "2026-11-01"}


# Ofcom keeps the last thousand numbers of these for fiction: nobody has them.
FICTION = [("01632", "960")] + [
    (area, "4960")
    for area in ("0113", "0114", "0115", "0116", "0117", "0118", "0121", "0131", "0141", "0151")
]


def number(place):
    """A telephone number that nobody has, as it is printed and as it is dialled."""
    area, start = FICTION[place // 1000 % len(FICTION)]
    line = f"{start}{place % 1000:03}"
    return f"{area} {line}", f"+44{area[1:]}{line}"


def organization(slug, **fields):
    return {
        "slug": slug,
        "name": f"Organization {slug}",
        "kind": "ngo",
        "description": "Made up.",
        "country": "GB",
        "scope": "national",
        "lang": "en",
        "sources": [citation()],
    } | fields


def hotline(slug, points, **fields):
    return {
        "slug": slug,
        "name": f"Line {slug}",
        "lang": "en",
        "coverage": ["GB"],
        "languages": ["en"],
        "passed_to_police": "unknown",
        "passed_to_immigration": "unknown",
        "contact_points": [
            {"channel": "phone", "value": value, "e164": e164, "dialable_from": ["GB"]}
            for value, e164 in points
        ],
        "sources": [citation()],
    } | fields


def statistic(slug, **fields):
    return {
        "slug": slug,
        "indicator": "faults_calls",
        "title": f"Calls of {slug}",
        "claim": "It answered 12 calls.",
        "lang": "en",
        "value": "12",
        "qualifier": "exactly",
        "unit": "calls",
        "geography": "GB",
        "period_start": "2026-01-01",
        "period_end": "2026-12-31",
        # What tells one observation from another.
        "publisher": f"Example {slug}",
        "observation_status": "normal",
        "assessment": "not_assessed",
        "sources": [citation()],
    } | fields


INDICATOR = {
    "slug": "faults_calls",
    "title": "Calls answered",
    "definition": "Calls that somebody answered.",
    "unit": "calls",
    "kind": "count",
}


def created(answer):
    """The document of a record that was made or changed, or what was answered instead."""
    if answer.status not in (200, 201):
        raise RuntimeError(f"{answer.status}: {answer.body[:400]!r}")
    return answer.json()


def publish(client, resource, record, **headers):
    """Publishes a draft; says how it stands then."""
    path = f"/v1/{resource}/{record['id']}/publish"
    etag = f'"{record["revision"]}"'
    return created(client.write("POST", path, {}, If_Match=etag, **headers))
