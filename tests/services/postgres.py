"""An own PostgreSQL server from Debian's packages."""

import os
import re
import shutil
import signal
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.services.errors import MissingPartError
from tests.services.ports import HOST, free_port
from tests.services.process import Program, clean_environment, find_program
from tests.services.server import Server

USER = "countyread"
_ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this account."""

_FAST = {"fsync": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "log_min_messages": "warning",
}


class PostgresServer(Server):
    """PostgreSQL on a free port.

    :param durable: flush every commit to the disk; without it a commit survives the end of the server's process, as a
        SIGKILL, and not a power cut, and tests are faster
    :param fleeting: see `Server`; a new database, that each test has, costs a tenth of the time
    """

    name = "postgres"

    def __init__(self, *, durable: bool = False, fleeting: bool = False) -> None:
        self._bin = _newest_binaries()
        super().__init__(fleeting=fleeting)
        self._durable = durable
        self.port = free_port()
        self._data = self.folder / "data"
        self._templates: set[str] = set()

    @property
    def url(self) -> str:
        """The maintenance database; tests use :meth:`create_database`."""
        return self._url("postgres")

    def prepare(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, _ACCOUNT, _ACCOUNT)
        subprocess.run(
            [
                *_as_account(),
                str(self._bin / "initdb"),
                *("--pgdata", str(self._data), "--username", USER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            env=clean_environment(),
            cwd=self.folder,
            check=True,
            capture_output=True,
        )

    def launch(self) -> list[Program]:
        settings = {**_SETTINGS, "port": str(self.port), **({} if self._durable else _FAST)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [
            Program.start(
                [str(self._bin / "postgres"), "-D", str(self._data), *options],
                self.folder / "server.log",
                user=_ACCOUNT,
                stop_signal=signal.SIGINT,
            )
        ]

    def is_ready(self) -> bool:
        try:
            with self._connect():
                return True
        except psycopg.OperationalError:
            return False

    def create_database(self, template: str = "template0") -> str:
        """Create a database of its own for one test and return its SQLAlchemy URL."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    def ensure_template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make a database once, filled by ``fill(url)`` (migrations, say), to copy with :meth:`create_database`.

        :returns: ``name``; ``fill`` must leave no connection open
        """
        if name not in self._templates:
            self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            fill(self._url(name))
            self._templates.add(name)
        return name

    def drop_database(self, url: str) -> None:
        """Drop a database made by :meth:`create_database`, ending the connections to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@{HOST}:{self.port}/{database}"

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=HOST, port=self.port, user=USER, dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())


def _newest_binaries() -> Path:
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not folders:
        raise MissingPartError("postgres", "postgresql")
    return max(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))


def _as_account() -> list[str]:
    if os.geteuid() != 0:
        return []
    return [
        find_program("setpriv", "util-linux"),
        f"--reuid={_ACCOUNT}",
        f"--regid={_ACCOUNT}",
        "--init-groups",
        "--",
    ]
