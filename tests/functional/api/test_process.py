"""The server as a process of its own."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from storage.db.models import Heartbeat
from storage.db.session import Database
from storage.domain.clock import monotonic
from tests.conftest import open_database
from tests.services.countyread import countyread
from tests.services.ports import free_port
from tests.services.postgres import PostgresServer
from tests.services.waiting import wait_until
from tests.unit.reading_queue.county import populate
from tests.worlds import World


class Served:
    """A running API process."""

    def __init__(self, world: World, log: Path) -> None:
        self.process = countyread("api", log=log, env=world.environ)
        self.url = f"http://{world.settings.http}"
        self.log = log

    def answers(self) -> bool:
        self.process.ensure_running()
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def served(world: World, tmp_path: Path) -> Iterator[Served]:
    running = Served(world, tmp_path / "api.log")
    try:
        wait_until(running.answers, 30, "the API to answer")
        yield running
    finally:
        running.process.kill()


@pytest.fixture
def populated(database: Database) -> Database:
    populate(database)
    return database


def _token(database: Database, username: str) -> str:
    from datetime import timedelta

    from storage.db.queries import logins, people
    from viewer_api.auth.tokens import new_token, token_hash

    token = new_token()
    with database.write() as work:
        user = people.user_by_name(work, username)
        logins.open_login(work, user.id, token_hash(token), work.now + timedelta(hours=1))
    return token


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_five_seconds_whoever_waits(
    world: World, populated: Database, tmp_path: Path, number: signal.Signals
) -> None:
    with served(world, tmp_path) as api:
        headers = {"Authorization": f"Bearer {_token(populated, 'clinic01')}"}
        answers: list[httpx.Response] = []

        def poll() -> None:
            answers.append(httpx.get(f"{api.url}/api/v1/results?wait=60", headers=headers, timeout=70))

        waiting = threading.Thread(target=poll)
        with httpx.stream("GET", f"{api.url}/api/v1/events", headers=headers, timeout=30) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            waiting.start()
            metrics = f"{api.url}/metrics"
            wait_until(lambda: "countyread_waiting_clients 2" in httpx.get(metrics).text, 20, "both to wait")
            started = monotonic()
            os.kill(api.process.pid, number)
            wait_until(lambda: not api.process.running, 10, "the API to end")
            assert api.process.exit_code == 0
            assert monotonic() - started < 5
            assert all(not line.startswith("event") for line in lines)
        waiting.join(10)
        assert answers[0].json() == {"items": [], "next": 0}
    assert "Traceback" not in api.log.read_text()


def test_it_gives_signs_of_life(world: World, populated: Database, tmp_path: Path) -> None:
    with served(world, tmp_path) as api:

        def beaten() -> Heartbeat | None:
            with populated.read() as work:
                return work.session.execute(select(Heartbeat).where(Heartbeat.kind == "api")).scalars().first()

        beat = wait_until(beaten, 15, "the heartbeat")
        assert beat.process.endswith(f":{api.process.pid}")


def test_two_servers_hear_of_each_others_work(world: World, populated: Database, tmp_path: Path) -> None:
    second = World(world.name, {**world.environ, "COUNTYREAD_HTTP": f"127.0.0.1:{free_port()}"})
    (tmp_path / "b").mkdir()
    with served(world, tmp_path) as one, served(second, tmp_path / "b") as other:
        headers = {"Authorization": f"Bearer {_token(populated, 'manager')}"}
        task = _task(populated)
        with httpx.stream("GET", f"{other.url}/api/v1/events", headers=headers, timeout=20) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            body = {"priority": "P0", "reason": "胸痛"}
            answer = httpx.post(f"{one.url}/api/v1/tasks/{task}/priority", json=body, headers=headers, timeout=20)
            assert answer.status_code == 200
            assert next(line for line in lines if line.startswith("event")) == "event: tasks"


def _task(database: Database) -> int:
    from storage.domain.clock import SystemClock
    from tests.unit.reading_queue.county import County

    county = County(database, SystemClock())
    study = county.study()
    with database.write() as work:
        from reading_queue.service import ensure_task
        from storage.db.models import Study
        from storage.domain.studies import StudyState

        row = work.session.get_one(Study, study)
        row.state, row.ready_at = StudyState.READY, work.now
        task = ensure_task(work, row)
        assert task is not None
        return task.id


def test_an_old_schema_is_refused_with_what_to_do(world: World, tmp_path: Path) -> None:
    world.settings.data.mkdir(parents=True)
    api = Served(world, tmp_path / "api.log")
    wait_until(lambda: not api.process.running, 30, "the API to end")
    assert api.process.exit_code != 0
    assert "countyread migrate" in api.log.read_text()


def test_a_dead_database_is_said_at_once_and_its_return_noticed(
    postgres: PostgresServer, postgres_url: str, tmp_path: Path
) -> None:
    environ = {
        "COUNTYREAD_DATA": str(tmp_path / "data"),
        "COUNTYREAD_HTTP": f"127.0.0.1:{free_port()}",
        "COUNTYREAD_DATABASE_URL": postgres_url,
    }
    world = World("postgres", environ)
    with open_database(postgres_url) as database:
        populate(database)
        headers = {"Authorization": f"Bearer {_token(database, 'clinic01')}"}
    with served(world, tmp_path) as api, httpx.Client(base_url=api.url, headers=headers, timeout=30) as client:
        assert client.get("/api/v1/tasks").status_code == 200
        postgres.kill()
        for path in ("/api/v1/tasks", "/api/v1/results?wait=30", "/api/v1/session"):
            started = monotonic()
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert answer.headers["retry-after"] == "5"
            assert monotonic() - started < 5
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").json()["parts"] == ["database"]
        assert "countyread_database_up 0" in client.get("/metrics").text
        postgres.start()
        assert client.get("/api/v1/tasks").status_code == 200
    assert "Traceback" not in api.log.read_text()
