"""A running installation with the demonstration county, and the people in it."""

import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest

from countyread.county import make_county, place_orders
from storage.ingest.times import time_zone
from storage.settings import Address
from tests.services.countyread import countyread
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.worlds import World, make_world, open_database

PASSWORD = "county-reading-test"
PROCESSES = ("gateway", "intake", "api", "worker", "beat")


class Person:
    """Somebody who is logged in, and asks the API."""

    def __init__(self, base_url: str, username: str) -> None:
        self.username = username
        self._http = httpx.Client(base_url=base_url, timeout=30)
        answer = self._http.post("/api/v1/session", json={"username": username, "password": PASSWORD})
        answer.raise_for_status()
        self._http.headers["Authorization"] = "Bearer " + answer.json()["token"]
        self._http.cookies.clear()

    def get(self, path: str, **params: Any) -> Any:
        return self._http.get(path, params=params).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.request("POST", path, json=body or {})
        return answer.raise_for_status().json() if answer.content else None

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._http.request(method, path, **options)

    def tasks(self, **filters: Any) -> list[dict[str, Any]]:
        return self.get("/api/v1/tasks", limit=200, **filters)["items"]

    def close(self) -> None:
        self._http.close()


class RunningCounty:
    """`countyread demo --no-samples` in a world of its own; ends with the test."""

    start_seconds = 90.0

    def __init__(self, world: World, folder: Path, *, arguments: Sequence[str] = ("--no-samples",)) -> None:
        self.world = world
        self.settings = world.settings
        self._log = folder / "county.log"
        self._arguments = arguments
        self._program: Program | None = None
        self._people: list[Person] = []

    @property
    def url(self) -> str:
        return f"http://{self.settings.http}"

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        command = [sys.executable, "-m", "countyread", "demo", "--password", PASSWORD, *self._arguments]
        before = self.log.count("Ctrl-C stops")
        self._program = Program.start(command, self._log, env=self.world.environ, stop_signal=signal.SIGINT)
        wait_until(lambda: self._welcomed(before), self.start_seconds, "the county to start")

    def _welcomed(self, before: int) -> bool:
        assert self._program is not None
        self._program.ensure_running()
        return self.log.count("Ctrl-C stops") > before and self.is_ready()

    def is_ready(self) -> bool:
        try:
            return httpx.get(self.url + "/readyz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Ctrl-C."""
        self._leave()
        if self._program is not None:
            self._program.stop(timeout=30)

    def _leave(self) -> None:
        for person in self._people:
            person.close()
        self._people.clear()

    def pids(self) -> dict[str, int]:
        """The live child processes by name."""
        assert self._program is not None
        found = {}
        for pid in _children(self._program.pid):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") if Path(f"/proc/{pid}").exists() else []
            for name in PROCESSES:
                if name.encode() in command:
                    found[name] = pid
        return found

    def kill(self, name: str) -> int:
        """SIGKILL one process and all that it started; returns the process id."""
        pid = wait_until(lambda: self.pids().get(name), 30, f"{name} to run")
        os.killpg(pid, signal.SIGKILL)
        return pid

    def log_in(self, username: str) -> Person:
        person = Person(self.url, username)
        self._people.append(person)
        return person

    def command(self, *arguments: str, log: Path) -> Program:
        """Another `countyread` command in the same world."""
        return Program.start([sys.executable, "-m", "countyread", *arguments], log, env=self.world.environ)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is not None:
            sys.stderr.write(self.log[-6000:])


class ForkedCounty(RunningCounty):
    """The same county and processes without the supervisor and its seconds of imports, for tests of what these processes do."""

    def __init__(self, world: World, folder: Path) -> None:
        super().__init__(world, folder)
        self._programs: dict[str, Program] = {}

    def start(self) -> None:
        self.settings.data.mkdir(parents=True, exist_ok=True)
        with open_database(self.settings.database_url) as database, database.write() as work:
            make_county(work, PASSWORD)
            place_orders(work, time_zone(self.settings.time_zone))
        for name in PROCESSES:
            self.start_one(name)
        wait_until(self._is_up, self.start_seconds, "the county to start")

    def start_one(self, name: str) -> None:
        """Also again, after `kill`: nobody else does."""
        self._programs[name] = countyread(name, log=self._log, env=self.world.environ)

    def pids(self) -> dict[str, int]:
        return {name: program.pid for name, program in self._programs.items()}

    def _is_up(self) -> bool:
        self.ensure_running()
        return self.is_ready() and is_open(self.settings.dicom)

    def ensure_running(self) -> None:
        """Nothing has ended by itself."""
        for program in self._programs.values():
            program.ensure_running()

    def stop(self) -> None:
        self._leave()
        for program in self._programs.values():
            program.kill()


def is_open(address: Address) -> bool:
    try:
        socket.create_connection((address.host, address.port), timeout=1).close()
    except OSError:
        return False
    return True


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def embedded_county(folder: Path) -> ForkedCounty:
    """To enter: one that needs no servers, for what does not depend on the world."""
    return ForkedCounty(make_world("embedded", folder, lambda name: pytest.fail(f"{name} is not embedded")), folder)
