"""Tasks that fail, kill or go unheard, with real processes over both brokers: all of it is seen, and nothing is done twice."""

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from reading_queue import dead_letters
from reading_queue.notices import About, Audience, notify
from reading_queue.publisher import publisher
from storage.db.models import BeatLease, DeadLetter, NoticeDelivery
from storage.db.session import Database
from storage.domain.hints import LetterState
from storage.domain.notices import Urgency
from storage.domain.reading import Role
from tests.functional.queue.test_worker import PATIENCE, Installation
from tests.functional.queue.test_worker import installation as installation_of_workers
from tests.services.countyread import countyread
from tests.services.process import Program
from tests.services.receivers import web_receiver
from tests.services.waiting import wait_until
from tests.unit.reading_queue.archive import sample

installation = installation_of_workers


def _letter(installation: Installation) -> DeadLetter | None:
    with installation.archive.database.read() as work:
        return work.session.execute(select(DeadLetter)).scalar_one_or_none()


def _state(installation: Installation) -> str:
    letter = _letter(installation)
    return letter.state if letter else ""


def _redrive(installation: Installation) -> None:
    """As the API does it: with hints."""
    hinting = Database(installation.archive.database.engine, publish=publisher(installation.settings))
    letter = _letter(installation)
    assert letter is not None
    with hinting.write() as work:
        dead_letters.redrive(work, installation.archive.county.actor("manager"), letter.id)


def _children(worker: Program) -> list[int]:
    """Of whichever thread: those that replace others are not forked by the first one."""
    threads = Path(f"/proc/{worker.pid}/task").glob("*/children")
    return [int(pid) for one in threads for pid in one.read_text().split()]


def _kill_the_busy_child(worker: Program) -> None:
    """The one that has used most processor time: it makes the pictures."""
    os.kill(max(_children(worker), key=_ticks), signal.SIGKILL)


def _ticks(pid: int) -> int:
    """User time of a process (proc(5): field 14 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11])


@pytest.mark.parametrize("installation", ["folder"], indirect=True)
def test_a_task_that_fails_for_good_is_a_letter_until_it_is_redriven(installation: Installation):
    with installation.running("worker"):
        installation.hint(1)
        wait_until(lambda: _state(installation) == LetterState.OPEN, PATIENCE, "the dead letter")
        letter = _letter(installation)
        assert letter is not None
        assert (letter.task, letter.args, letter.error, letter.attempts) == (
            "make_renditions",
            [1, "P2"],
            "NotFound",
            1,
        )
        assert installation.archive.keep([sample("CT_small.dcm")]) == 1
        _redrive(installation)
        wait_until(lambda: installation.is_done(1), PATIENCE, "the pictures")
        wait_until(lambda: _state(installation) == LetterState.SETTLED, PATIENCE, "the letter to be settled")


@pytest.mark.parametrize("installation", ["redis"], indirect=True)
def test_a_task_that_kills_its_process_is_put_aside_and_the_worker_lives(installation: Installation):
    study_id = installation.archive.keep(*([sample("CT_small.dcm"), sample("MR_small.dcm")] for _ in range(40)))
    with installation.archive.database.write() as work:
        for _ in range(dead_letters.MAX_DEATHS - 1):
            assert dead_letters.may_run_again(work, "make_renditions", (study_id, "P2")), "it has cost processes before"
    with installation.running("worker") as worker:
        installation.hint(study_id)
        wait_until(installation.pictures, PATIENCE, "the first picture")
        _kill_the_busy_child(worker)
        wait_until(lambda: _state(installation) == LetterState.OPEN, PATIENCE, "the dead letter")
        letter = _letter(installation)
        assert letter is not None
        assert (letter.error, letter.deaths) == (dead_letters.LOST, dead_letters.MAX_DEATHS)
        assert installation.pictures() < 80, "put aside before it was done"
        _redrive(installation)
        wait_until(lambda: installation.is_done(study_id), PATIENCE, "the study that was put aside")
        wait_until(lambda: _state(installation) == LetterState.SETTLED, PATIENCE, "the letter to be settled")


@pytest.mark.parametrize("installation", ["folder"], indirect=True)
def test_a_worker_goes_on_whichever_of_its_idle_children_is_killed(installation: Installation):
    """The one that waits at the pipe for work must not take its turn into the grave."""
    with installation.running("worker") as worker:
        wait_until(lambda: "worker" in installation.processes(), PATIENCE, "a sign of life")
        children = _children(worker)
        assert len(children) == installation.settings.worker_concurrency
        for child in children:
            os.kill(child, signal.SIGKILL)

            def is_replaced(gone: int = child) -> bool:
                now = _children(worker)
                return gone not in now and len(now) == len(children)

            wait_until(is_replaced, PATIENCE, "another child")
        studies = [installation.archive.keep([sample("CT_small.dcm")]) for _ in range(len(children) + 1)]
        for study_id in studies:
            installation.hint(study_id)
        wait_until(lambda: all(map(installation.is_done, studies)), PATIENCE, "the pictures of all")


def _lease(installation: Installation) -> BeatLease | None:
    with installation.archive.database.read() as work:
        return work.session.execute(select(BeatLease)).scalar_one_or_none()


def _leader(installation: Installation) -> str:
    lease = _lease(installation)
    return lease.holder if lease else ""


@pytest.mark.parametrize("installation", ["folder"], indirect=True)
def test_another_scheduler_takes_over_when_the_leader_is_killed(installation: Installation, tmp_path: Path):
    environment = installation.settings.environment()
    beats = [countyread("beat", log=tmp_path / f"beat{n}.log", env=environment) for n in range(2)]
    try:
        wait_until(lambda: _leader(installation), PATIENCE, "a leader")
        first = _leader(installation)
        [leader] = [beat for beat in beats if first.endswith(f":{beat.pid}")]
        leader.kill()
        wait_until(lambda: _leader(installation) not in ("", first), PATIENCE, "the other to lead")
        lease = _lease(installation)
        assert lease is not None
        before = lease.ran

        def has_gone_on() -> bool:
            now = _lease(installation)
            return now is not None and now.ran != before

        wait_until(has_gone_on, PATIENCE, "the sweeps to go on")
        [other] = [beat for beat in beats if beat is not leader]
        assert _leader(installation).endswith(f":{other.pid}")
        other.stop(timeout=20)
    finally:
        for beat in beats:
            beat.kill()


@pytest.mark.parametrize("installation", ["redis"], indirect=True)
def test_two_workers_of_the_queue_of_notices_deliver_each_once(
    installation: Installation,
    tmp_path: Path,
):
    with web_receiver() as partner:
        environment = {
            **installation.settings.environment(),
            "COUNTYREAD_SMS_URL": partner.url,
            "COUNTYREAD_SMS_BODY": "mobile={mobile}&key={key}",
        }
        county = installation.archive.county
        with county.database.write() as work:
            county_manager = work.session.merge(county.user("manager"))
            county_manager.mobile = "13800000001"
        workers = [
            countyread("worker", "--queues", "notify", log=tmp_path / f"notify{n}.log", env=environment)
            for n in range(2)
        ]
        try:
            hinting = Database(county.database.engine, publish=publisher(installation.settings))
            _tell(hinting, 5)
            wait_until(lambda: _sent(installation) == 5, PATIENCE, "all to be sent")
        finally:
            for worker in workers:
                worker.kill()
        keys = [request.headers["idempotency-key"] for request in partner.requests]
        assert (len(keys), len(set(keys))) == (5, 5)


def _tell(database: Database, number: int) -> None:
    for n in range(number):
        with database.write() as work:
            audience = Audience(roles=frozenset({Role.MANAGER}))
            notify(work, "task.unclaimed", audience, About(), key=f"task.unclaimed:{n}", urgency=Urgency.URGENT)


def _sent(installation: Installation) -> int:
    with installation.archive.database.read() as work:
        rows = work.session.execute(select(NoticeDelivery.state)).scalars().all()
    return sum(state == "sent" for state in rows)
