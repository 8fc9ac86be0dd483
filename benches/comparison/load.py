"""Load on the loopback interface: wrk for HTTP, pgbench for the statements below it."""

import itertools
import re
import subprocess
import tempfile
from pathlib import Path

from support import tool

# Paths in turn. A `%s` takes a tag of a language that nobody speaks, another one each time round, so that no answer is
# one that is kept: the codes and regions are those that the standards leave to private use.
SCRIPT = """
local paths, place, round = {}, 0, %d
for line in io.lines("%s") do paths[#paths + 1] = line end
local function tag()
  local language, region = round %% 520, math.floor(round / 520) %% 26
  return "q" .. string.char(97 + math.floor(language / 26), 97 + language %% 26) .. "-x" .. string.char(97 + region)
end
function request()
  place = place + 1
  if place > #paths then place, round = 1, round + 1 end
  return wrk.format("GET", (paths[place]:gsub("%%%%s", tag())))
end
"""
ROUNDS = itertools.count(step=100)


def milliseconds(words):
    """A time as wrk prints it."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", words).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


class Load:
    """One run of wrk: requests a second, p50 and p99 in milliseconds, answers that were no success, and those that took two
    seconds or never came.
    """

    def __init__(self, port, paths, connections, seconds, **headers):
        """Asks for a path, or for all of a list in turn."""
        with tempfile.TemporaryDirectory(prefix="lodestar-load.") as folder:
            command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}s"]
            command += [part for name, value in headers.items() for part in ("-H", f"{name.replace('_', '-')}: {value}")]
            if isinstance(paths, list):
                (Path(folder) / "paths").write_text("\n".join(paths))
                script = Path(folder) / "paths.lua"
                script.write_text(SCRIPT % (next(ROUNDS), Path(folder) / "paths"))
                command += ["-s", str(script)]
            command.append(f"http://127.0.0.1:{port}{paths if isinstance(paths, str) else '/'}")
            said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=True).stdout
        found = lambda words: re.search(words, said)
        self.rate = float(found(r"Requests/sec: +([\d.]+)")[1])
        self.requests = int(found(r"(\d+) requests in")[1])
        self.p50 = milliseconds(found(r"50% +(\S+)")[1])
        self.p99 = milliseconds(found(r"99% +(\S+)")[1])
        wrong = found(r"Non-2xx or 3xx responses: (\d+)")
        broken = found(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")
        connect, read, write, self.late = map(int, broken.groups()) if broken else (0, 0, 0, 0)
        self.wrong = (int(wrong[1]) if wrong else 0) + connect + read + write


class Statement:
    """What the service asks its database for one request, to be asked by pgbench."""

    def __init__(self, cluster, database, table, ask):
        """Learns it from ten requests."""
        self.cluster, self.database = cluster, database
        # What is kept of the first are the totals.
        ask()
        cluster.sql("select pg_stat_statements_reset()")
        for _ in range(10):
            ask()
        rows = cluster.sql(
            "select queryid, calls, replace(query, E'\\n', ' ') from pg_stat_statements join pg_roles on pg_roles.oid = userid"
            f" where dbid = (select oid from pg_database where datname = '{database}')"
            f" and rolname = 'lodestar_reader' and query like '%FROM%\"{table}\"%' order by calls",
        )
        rows = [row.split("|", 2) for row in rows.splitlines()]
        if len(rows) != 1 or rows[0][1] != "10":
            raise RuntimeError(f"ten requests were not ten times one statement: {rows}")
        self.query, _, self.sql = rows[0]

    def calls(self):
        """How often it was asked, by whomever."""
        counted = f"select coalesce(sum(calls), 0) from pg_stat_statements where queryid = {self.query}"
        return int(self.cluster.sql(counted))

    def load(self, script, clients, seconds, **values):
        """Asks it by pgbench, prepared; `script` fills in its parameters. Requests a second."""
        before = self.calls()
        with tempfile.NamedTemporaryFile("w", prefix="lodestar-load.", suffix=".sql") as file:
            file.write(script)
            file.flush()
            command = [tool("pgbench"), "-n", "-M", "prepared", f"-c{clients}", "-j1", f"-T{seconds}", "-f", file.name]
            command += [part for name, value in values.items() for part in ("-D", f"{name}={value}")]
            command.append(self.cluster.url("lodestar_reader", self.database))
            said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=True).stdout
        asked = int(re.search(r"transactions actually processed: (\d+)", said)[1])
        if self.calls() - before < asked:
            raise RuntimeError("pgbench asked something else than the service")
        return float(re.search(r"tps = ([\d.]+)", said)[1])
