"""Worker and scheduler as real processes: pictures from a folder of real files, over both brokers, through kills."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from reading_queue.publisher import publisher
from storage.db.models import Heartbeat, ReadingTask, Rendition, Study
from storage.db.session import Hint
from storage.domain.clock import SystemClock
from storage.domain.studies import RenditionState, StudyState
from storage.objects import make_object_store
from storage.settings import Settings, load_settings
from tests.services.countyread import countyread
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.unit.reading_queue.archive import Archive, sample
from tests.unit.reading_queue.county import County

PATIENCE = 60
MANY = 12


@dataclass
class Installation:
    """The settings of one installation, its archive, and a way to start its processes."""

    settings: Settings
    archive: Archive
    folder: Path

    @contextmanager
    def running(self, kind: str) -> Iterator[Program]:
        """`worker` or `beat`, killed at the end of the block at the latest."""
        program = self.start(kind)
        try:
            yield program
        finally:
            program.kill()

    def start(self, kind: str) -> Program:
        return countyread(kind, log=self.folder / f"{kind}.log", env=self.settings.environment())

    def hint(self, study_id: int) -> None:
        publisher(self.settings)(Hint("make_renditions", (study_id, "P2")))

    def is_done(self, study_id: int) -> bool:
        return self.archive.study(study_id).rendition_state == RenditionState.DONE

    def pictures(self) -> int:
        with self.archive.database.read() as work:
            return work.session.execute(select(func.count(Rendition.id))).scalar_one()

    def processes(self) -> set[str]:
        with self.archive.database.read() as work:
            return set(work.session.execute(select(Heartbeat.kind)).scalars())

    def age(self, study_id: int, **delta: float) -> None:
        """Let the study have arrived, and its pictures have been tried, some time ago."""
        with self.archive.database.write() as work:
            then = work.now - timedelta(**delta)
            tried = {"rendition_tried_at": then, "last_received_at": then, "first_received_at": then}
            work.session.execute(update(Study).where(Study.id == study_id).values(tried))


def _broker(request: pytest.FixtureRequest) -> str:
    return "filesystem://" if request.param == "folder" else request.getfixturevalue("redis_server").url


@pytest.fixture(params=["folder", "redis"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    environ = {"COUNTYREAD_DATA": str(tmp_path / "data"), "COUNTYREAD_BROKER_URL": _broker(request)}
    settings = replace(load_settings(environ, tmp_path / "none.toml"), ready_idle=1)
    settings.data.mkdir()
    county = County.at(settings.database_url, SystemClock())  # type: ignore[arg-type]
    yield Installation(settings, Archive(county, make_object_store(settings.object_store)), tmp_path)
    county.database.engine.dispose()


def test_a_hint_makes_pictures(installation: Installation):
    study_id = installation.archive.keep([sample("CT_small.dcm")])
    with installation.running("worker"):
        installation.hint(study_id)
        wait_until(lambda: installation.is_done(study_id), PATIENCE, "the pictures")
    assert [row.kind for row in installation.archive.renditions(study_id)] == ["preview", "thumbnail"]


def test_many_hints_are_all_taken_while_two_children_work(installation: Installation):
    studies = [installation.archive.keep([sample("CT_small.dcm")]) for _ in range(MANY)]
    for study_id in studies:
        installation.hint(study_id)
    with installation.running("worker"):
        wait_until(lambda: all(map(installation.is_done, studies)), PATIENCE, "the pictures of all")
    assert installation.pictures() == 2 * MANY


def test_a_worker_that_is_killed_loses_nothing_for_good(installation: Installation):
    study_id = installation.archive.keep(*([sample("CT_small.dcm"), sample("MR_small.dcm")] for _ in range(40)))
    worker = installation.start("worker")
    installation.hint(study_id)
    wait_until(installation.pictures, PATIENCE, "the first picture")
    worker.kill()
    assert 0 < installation.pictures() < 80, "killed in the middle"
    assert installation.archive.study(study_id).rendition_state == RenditionState.PENDING
    installation.age(study_id, minutes=5)
    with installation.running("worker"), installation.running("beat"):
        wait_until(lambda: installation.is_done(study_id), PATIENCE, "the sweep to find it")
    assert installation.pictures() == 80


def test_a_hint_that_was_never_sent_is_found(installation: Installation):
    study_id = installation.archive.keep([sample("CT_small.dcm")])
    installation.age(study_id, minutes=5)
    with installation.running("worker"), installation.running("beat"):
        wait_until(lambda: installation.is_done(study_id), PATIENCE, "the sweep to find it")
        wait_until(lambda: _is_ready(installation, study_id), PATIENCE, "its task")
        wait_until(lambda: installation.processes() >= {"worker", "beat"}, PATIENCE, "signs of life")


def _is_ready(installation: Installation, study_id: int) -> bool:
    with installation.archive.database.read() as work:
        tasks = work.session.execute(select(func.count(ReadingTask.id)).where(ReadingTask.study_id == study_id))
        return tasks.scalar_one() == 1 and installation.archive.study(study_id).state == StudyState.READY


@pytest.mark.parametrize("kind", ["worker", "beat"])
def test_a_process_stops_when_it_is_asked_to(installation: Installation, kind: str):
    with installation.running(kind) as program:
        wait_until(lambda: kind in installation.processes(), PATIENCE, "a sign of life")
        program.stop(timeout=20)
        assert program.exit_code == 0, program.log_tail()


def test_hints_wait_for_a_worker_that_is_away(installation: Installation):
    study_id = installation.archive.keep([sample("CT_small.dcm")])
    with installation.running("worker") as first:
        wait_until(lambda: "worker" in installation.processes(), PATIENCE, "a sign of life")
        first.stop(timeout=20)
    installation.hint(study_id)
    with installation.running("worker"):
        wait_until(lambda: installation.is_done(study_id), PATIENCE, "the pictures")


@pytest.mark.parametrize("installation", ["redis"], indirect=True)
def test_the_worker_survives_an_outage_of_its_broker(installation: Installation, redis_session):
    study_id = installation.archive.keep([sample("CT_small.dcm")])
    with installation.running("worker") as worker:
        wait_until(lambda: "worker" in installation.processes(), PATIENCE, "a sign of life")
        redis_session.kill()
        wait_until(lambda: "Connection" in worker.log_tail(), PATIENCE, "the worker to notice")
        installation.hint(study_id)
        redis_session.restart()
        fresh = publisher(installation.settings)
        fresh(Hint("make_renditions", (study_id, "P2")))
        wait_until(lambda: installation.is_done(study_id), PATIENCE, "the pictures")
        worker.ensure_running()
