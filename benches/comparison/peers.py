"""What the directory is compared with: limits, and services that somebody would take instead."""

import http.client
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from support import free_port, say, wait

HERE = Path(__file__).resolve().parent
PUBLIC = "abf8a154-5b1c-4a46-ac9c-7300570f4f17"  # the policy of Directus for everybody

NGINX = """
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.error;
{user}
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/nginx.log;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=100;
  default_type application/json;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    root {files};
    location ~ \\.gz$ {{ types {{}} add_header Content-Encoding gzip; }}
    location ~ \\.br$ {{ types {{}} add_header Content-Encoding br; }}
  }}
}}
"""


class Peer:
    """A process that answers on a port of its own."""

    def __init__(self, name, port, command, log, ready, **settings):
        self.name, self.port, self.log = name, port, log
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                command, env=os.environ | settings, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        try:
            wait(lambda: self.process.poll() is not None or self.get(ready)[0], 120, f"{name} answers")
            if self.process.poll() is not None or self.get(ready)[0] != 200:
                raise RuntimeError(f"{name} does not answer {ready}")
        except RuntimeError as error:
            self.stop()
            raise RuntimeError(f"{error}:\n{log.read_text(errors='replace')[-2000:]}") from error

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except OSError:
            return 0, {}, b""
        finally:
            connection.close()

    def stop(self):
        """Ends it and what it has begun."""
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def run(*command, cwd=None, **settings):
    ran = subprocess.run(command, cwd=cwd, env=os.environ | settings, capture_output=True, text=True)
    if ran.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}:\n{(ran.stdout + ran.stderr)[-2000:]}")
    return ran.stdout


def python(folder):
    """A Python with the packages of requirements.txt."""
    interpreter, wanted = folder / "python/bin/python", HERE / "requirements.txt"
    kept = folder / "python/requirements.txt"
    if not kept.exists() or kept.read_text() != wanted.read_text():
        say("installs Python packages")
        run("python3", "-m", "venv", folder / "python")
        run(interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted)
        shutil.copy(wanted, kept)
    return interpreter


def bare(folder, files):
    binary = Path(os.environ["LODESTAR"]).parent / "examples/bare"
    if not binary.exists():
        raise RuntimeError(f"{binary} is missing: cargo build --release --example bare")
    port = free_port()
    return Peer("bare actix", port, [binary, str(port), files], folder / "bare.log", "/record")


def nginx(folder, files):
    port, folder = free_port(), folder / "nginx"
    folder.mkdir(exist_ok=True)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, files=files, port=port, user=user))
    return Peer("nginx", port, ["nginx", "-c", folder / "nginx.conf", "-e", folder / "nginx.error"], folder / "log", "/record")


def fastapi(folder, url):
    port = free_port()
    command = [python(folder), "-m", "uvicorn", "service:app", "--app-dir", HERE, "--port", str(port), "--workers", "2"]
    command += ["--loop", "uvloop", "--http", "httptools", "--log-level", "warning", "--no-access-log"]
    database = f"{url}?options=-csearch_path%3Dpublished"
    return Peer("FastAPI", port, command, folder / "fastapi.log", "/organizations", DATABASE=database)


def directus(folder, cluster, database):
    """Directus over the same tables; its own ones stand in a schema beside."""
    folder, wanted = folder / "directus", (HERE / "directus.json").read_text()
    folder.mkdir(exist_ok=True)
    kept = folder / "package.json"
    if not kept.exists() or kept.read_text() != wanted or not (folder / "installed").exists():
        say("installs Directus; this takes minutes")
        kept.write_text(wanted)
        run("npm", "install", "--no-audit", "--no-fund", cwd=folder)
        (folder / "installed").touch()
    cluster.sql("drop schema if exists directus cascade; create schema directus", database)
    port = free_port()
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET": "made up for one run",
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": "made up for one run",
        "DB_CLIENT": "pg",
        "DB_HOST": "127.0.0.1",
        "DB_PORT": str(cluster.port),
        "DB_DATABASE": database,
        "DB_USER": "postgres",
        "DB_PASSWORD": "none",
        "DB_SEARCH_PATH": "array:directus,published",
        "TELEMETRY": "false",
        "NO_UPDATE_NOTIFIER": "1",
        "LOG_LEVEL": "error",
        "QUERY_LIMIT_MAX": "-1",
    }
    command = ["node", folder / "node_modules/directus/cli.js"]
    run(*command, "bootstrap", cwd=folder, **settings)
    peer = Peer("Directus", port, [*command, "start"], folder / "log", "/server/ping", **settings)

    def post(path, body, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"Directus refuses {path}: {said[:500]}")
        return json.loads(said)["data"]

    try:
        login = {"email": settings["ADMIN_EMAIL"], "password": settings["ADMIN_PASSWORD"]}
        token = post("/auth/login", login)["access_token"]
        wanted = {"policy": PUBLIC, "collection": "organizations", "action": "read", "fields": ["*"], "permissions": {}}
        post("/permissions", wanted, token)
    except (OSError, RuntimeError):
        peer.stop()
        raise
    return peer


# What Directus is asked for: the columns that the others read.
DIRECTUS = "fields=id,slug,status,visibility,revision,created_at,last_modified,document"
