"""PostgreSQL: the packaged server, its own cluster, a database `ledger`.

PostgreSQL refuses to run as root. So root runs it as `nobody`, who must be able to reach both
the server's files and its data; where the way there is closed (a folder under /root, a test's
private folder) both live in a public place instead, and the stack's folder holds a link.

Owns: how PostgreSQL is prepared, started and asked.
Never: creates tables; the sink's migrations do.
"""

import os
import signal
import subprocess
from pathlib import Path

from ops.stack import postgres_home, probe, render
from ops.stack.config import Service
from ops.stack.errors import StackError
from ops.stack.process import Launch
from ops.stack.server import Site

ROLE = "ledger"
# For programs that live for milliseconds, on a machine that may be very busy.
PROGRAM_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 5


class Postgres:
    """The PostgreSQL server of a stack."""

    name: Service = "postgres"
    # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
    stop_signal = signal.SIGINT
    stop_grace_s = 20.0

    def __init__(self, site: Site) -> None:
        """Use a site."""
        self._site = site
        self._folder = site.layout.service("postgres")
        self._port = site.ports["postgres"]

    def prepare(self) -> Launch:
        """Make the cluster once and return the command."""
        user = postgres_home.account()
        data = postgres_home.data_folder(self._folder, user)
        programs = postgres_home.programs(user)
        if not (data / "PG_VERSION").exists():
            self._site.run(self._site.launch("postgres-initdb", _initdb(programs, data), user=user))
        command = (str(programs / "postgres"), "-D", str(data))
        # SIGQUIT, not SIGKILL: killed outright, the server leaves its backends to notice.
        return self._site.launch(
            "postgres",
            (*command, *render.postgres_options(self._port)),
            death_signal=signal.SIGQUIT,
            user=user,
        )

    def ready(self) -> bool:
        """Tell whether the server takes connections."""
        return self._run("pg_isready").returncode == 0

    def settle(self) -> None:
        """Create the database the first time."""
        databases = self._query("-d", "postgres", "-Atc", "SELECT datname FROM pg_database")
        if ROLE not in databases.splitlines():
            self._query("-d", "postgres", "-c", f"CREATE DATABASE {ROLE}")

    def wipe(self) -> tuple[Path, ...]:
        """Return the folders that hold data."""
        return (self._folder,)

    def _query(self, *arguments: str) -> str:
        done = self._run("psql", "-v", "ON_ERROR_STOP=1", *arguments)
        if done.returncode:
            raise StackError(f"PostgreSQL refused to be set up: {done.stderr.strip()}")
        return done.stdout.strip()

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        programs = postgres_home.programs(postgres_home.account())
        connect = ("-h", probe.HOST, "-p", str(self._port), "-U", ROLE)
        try:
            return subprocess.run(
                (str(programs / name), *connect, *arguments),
                capture_output=True,
                text=True,
                timeout=PROGRAM_TIMEOUT_S,
                check=False,
                env={**self._site.env, "PGCONNECT_TIMEOUT": str(CONNECT_TIMEOUT_S)},
                cwd=os.sep,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StackError(f"{name} of PostgreSQL does not run: {error}") from error


def _initdb(programs: Path, data: Path) -> tuple[str, ...]:
    # Loopback only and for development: any local account may connect.
    access = ("--auth=trust", f"--username={ROLE}")
    texts = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    return (str(programs / "initdb"), "-D", str(data), *access, *texts)
