"""A PostgreSQL beside the server under test, that can be stopped, frozen, killed, or cut off."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from support import Database, free_port, tool


class Cluster:
    """A PostgreSQL of its own, as operators have one: the server under test reaches it over TCP, through a door.

    The door is a relay that can turn into a black hole: it goes on taking connections and bytes, and gives none.
    What was open stays a hole when the door is good again, as behind a firewall that forgot.
    """

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lodestar-cluster."))
        self.account = {}
        if os.getuid() == 0:
            # Postgres refuses to run as root.
            entry = pwd.getpwnam("postgres" if "postgres" in [one.pw_name for one in pwd.getpwall()] else "nobody")
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self.account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        self.data = self.folder / "data"
        self.port, self.door = free_port(), socket.create_server(("127.0.0.1", 0))
        self.open, self.holes, self.is_hole = set(), set(), False
        initdb = [tool("initdb"), "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=self.folder, **self.account)
        self.process = None
        threading.Thread(target=self._relay, daemon=True).start()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.send(signal.SIGCONT)
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Starts it, without waiting until it takes connections."""
        command = [tool("postgres"), "-D", self.data, "-p", str(self.port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self.account)

    def send(self, how):
        """A signal to it and to all that it has begun."""
        Database.of(self.process.pid).send(how)

    def kill(self):
        """Ends it and its connections where they stand."""
        self.send(signal.SIGKILL)
        self.process.wait(10)

    def sql(self, text, database="postgres"):
        command = [tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port)]
        subprocess.run([*command, "-U", "postgres", "-d", database], input=text, text=True, check=True, capture_output=True)

    def takes_connections(self):
        try:
            self.sql("select 1")
            return True
        except subprocess.CalledProcessError:
            return False

    def settings(self):
        """Of a server that uses it."""
        door = self.door.getsockname()[1]
        url = lambda login: f"postgresql://lodestar_{login}@127.0.0.1:{door}/lodestar"
        return {
            "DATABASE_URL": url("writer"),
            "DATABASE_READ_URL": url("reader"),
            "DATABASE_OWNER_URL": url("owner"),
        }

    def hole(self):
        """From now on nothing comes back."""
        self.is_hole = True
        self.holes |= self.open

    def mend(self):
        """New connections go through again."""
        self.is_hole = False

    def _relay(self):
        while True:
            near, _ = self.door.accept()
            pair = object()
            self.open.add(pair)
            if self.is_hole:
                # Taken, and never spoken to.
                self.holes.add(pair)
                threading.Thread(target=self._pass, args=(near, None, pair), daemon=True).start()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                near.close()
                continue
            for end in (near, far):
                # Each of a write's statements would wait 40 ms for the one before it to be acknowledged.
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other, pair), daemon=True).start()

    def _pass(self, one, other, pair):
        try:
            while data := one.recv(65536):
                if pair not in self.holes:
                    other.sendall(data)
        except OSError:
            pass
        finally:
            for end in (one, other):
                if end:
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            self.open.discard(pair)
