"""Databases of made-up directories, one a size, in one PostgreSQL that the comparison starts for itself."""

import json
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "faults"))

from support import ROOT, free_port, say, tool, wait

SYNTHETIC = ROOT / "benches/synthetic"
# Of more organizations than these the rest are copies: importing a million takes most of an hour.
IMPORTED = 10_000
# What is written to a database that is complete.
WHOLE = "a made-up directory, complete"


class Cluster:
    """A PostgreSQL on the loopback interface. Its folder keeps the directories for the next run: loading takes long.

    Statements are counted by `pg_stat_statements`, which also gives their text: what pgbench sends is what the
    service sent.
    """

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "postgres"
        self.account = {}
        folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            # Postgres refuses to run as root.
            entry = pwd.getpwnam("postgres")
            self.account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            for parent in folder.parents:
                if not os.access(parent, os.X_OK) or not parent.stat().st_mode & 1:
                    sys.exit(f"{parent} is closed to the account postgres: name another folder with --data")
        self.port, self.process = free_port(), None

    def __enter__(self):
        if not (self.data / "PG_VERSION").exists():
            initdb = [tool("initdb"), "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
            subprocess.run(initdb, check=True, capture_output=True, cwd=self.folder, **self.account)
        # Nobody else is let in by the socket; what is made up need not outlive a power cut.
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 200,
            "shared_preload_libraries": "pg_stat_statements",
            "fsync": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
        }
        command = [tool("postgres"), "-D", self.data, "-p", str(self.port)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self.account)
        wait(self._answers, 120, f"PostgreSQL starts; see {self.folder / 'log'}")
        self.sql("create extension if not exists pg_stat_statements")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(120)

    def _answers(self):
        try:
            return self.sql("select 1") == "1"
        except subprocess.CalledProcessError:
            return False

    def sql(self, text, database="postgres"):
        """What statements of the superuser print."""
        command = [tool("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url("postgres", database)]
        return subprocess.run(command, input=text, text=True, check=True, capture_output=True).stdout.strip()

    def url(self, login, database):
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def settings(self, database):
        """Of a server that uses it."""
        return {
            "DATABASE_URL": self.url("lodestar_writer", database),
            "DATABASE_READ_URL": self.url("lodestar_reader", database),
            "DATABASE_OWNER_URL": self.url("lodestar_owner", database),
        }

    def directory(self, binary, size):
        """The database of a directory with so many organizations, a fifth of it hotlines, and as many regional contacts,
        which are what has places. It is made when it is not there yet.
        """
        name = f"rows_{size}"
        environment = os.environ | self.settings(name) | {"LODESTAR_DATA_DIR": str(self.folder / "nothing")}

        def lodestar(*arguments):
            ran = subprocess.run([binary, *arguments], env=environment, capture_output=True, text=True)
            if ran.returncode != 0:
                raise RuntimeError(f"lodestar {' '.join(map(str, arguments))}: {ran.stderr[-2000:]}")
            return ran.stdout

        if self.sql(f"select 1 from pg_database where datname = '{name}' and not datistemplate") == "1":
            # The description is its last part.
            if self.sql(f"select shobj_description(oid, 'pg_database') from pg_database where datname = '{name}'") == WHOLE:
                versions = "select count(*) from published.__diesel_schema_migrations"
                stood = self.sql(versions, name)
                lodestar("migrate")
                if self.sql(versions, name) != stood:
                    self.sql("vacuum analyze", name)
                return name
            self.sql(f"drop database {name}")
        started = time.monotonic()
        if size > IMPORTED:
            base = self.directory(binary, IMPORTED)
            say(f"copies it {size // IMPORTED:,} times")
            self.sql(f"create database {name} template {base}")
            self.sql(copies(size // IMPORTED), name)
        else:
            say(f"makes up {size:,} organizations, {size // 5:,} hotlines and {size:,} regional contacts")
            self.sql(f"create database {name}")
            self.sql(lodestar("grants"), name)
            lodestar("migrate")
            with tempfile.TemporaryDirectory(prefix="made.", dir=self.folder) as folder:
                counts = [f"--organizations={size}", f"--hotlines={size // 5}", f"--regional-contacts={size}"]
                # It shows how far it is.
                subprocess.run([SYNTHETIC, Path(folder) / "made", *counts], check=True, stdout=subprocess.DEVNULL)
                say(f"imports them; {time.monotonic() - started:.0f} s so far")
                lodestar("import", Path(folder) / "made")
        self.sql("vacuum analyze", name)
        self.sql(f"comment on database {name} is '{WHOLE}'")
        say(f"{size:,} organizations are there after {time.monotonic() - started:.0f} s")
        return name


def copies(times):
    """SQL that makes so many of each record, with an id, a slug and a name of its own, and at a place of its own."""
    other = lambda column: f"md5({column}::text || copy)::uuid"
    fresh = {
        "id": other("id"),
        "slug": "slug || '-' || copy",
        "name": "name || ' ' || copy",
        "organization_id": other("organization_id"),
        # Up to eight degrees away from where the first one is.
        "latitude": "greatest(-89, least(89, latitude + hashint8(hashtext(slug)::bigint + copy) % 8000 / 1000.0))",
        "longitude": "longitude / 1.05 + hashint8(hashtext(slug)::bigint - copy) % 8000 / 1000.0",
        "document": "document::jsonb || jsonb_build_object('slug', slug || '-' || copy, 'name', name || ' ' || copy)",
    }
    return f"""
        create temporary table kept as
          select indexdef, format('drop index %I.%I', schemaname, indexname) as removal from pg_indexes
          where schemaname = 'published' and tablename in ('organizations', 'hotlines', 'regional_contacts')
            and indexdef not like '%UNIQUE%';
        do $$
        declare
          one record;
          columns text;
          expressions text;
          fresh jsonb := '{json.dumps(fresh).replace("'", "''")}';
        begin
          set local maintenance_work_mem = '1GB';
          -- Indexes are made sooner of rows that are there already.
          for one in select removal from kept loop execute one.removal; end loop;
          for one in select unnest(array['organizations', 'hotlines', 'regional_contacts']) as name loop
            select string_agg(quote_ident(column_name), ', '),
                   string_agg(coalesce(fresh->>column_name, quote_ident(column_name)), ', ')
              into columns, expressions
              from information_schema.columns where table_schema = 'published' and table_name = one.name;
            execute format('insert into published.%I (%s) select %s from published.%I, generate_series(1, {times - 1}) as copy',
                           one.name, columns, expressions, one.name);
          end loop;
          for one in select indexdef from kept loop execute one.indexdef; end loop;
        end
        $$;
    """
