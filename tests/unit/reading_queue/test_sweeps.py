"""What is looked for again and again, and the scheduler that stops adding while nobody takes."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from reading_queue import sweeps
from reading_queue.broker import SCHEDULE
from reading_queue.celery_app import make_celery
from reading_queue.leadership import Leadership
from reading_queue.scheduler import PatientScheduler
from storage.db.models import Heartbeat, Institution, ReadingTask, Study
from storage.db.queries.tasks import tasks_of_study
from storage.domain.errors import CountyReadError
from storage.domain.studies import InstanceState, StudyState
from storage.settings import Settings, load_settings
from tests.unit.reading_queue.county import County


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"COUNTYREAD_DATA": str(tmp_path)}, tmp_path / "none.toml")


def _report(county: County) -> sweeps.InvariantReport:
    with county.database.write() as work:
        return sweeps.inspect_invariants(work)


def test_every_sweep_is_scheduled_and_registered(settings: Settings):
    app = make_celery(settings)
    assert {sweep.__name__ for sweep in sweeps.SWEEPS} == set(SCHEDULE)
    assert set(SCHEDULE) | {"make_renditions"} <= set(app.tasks)
    assert all(entry["options"]["expires"] == entry["schedule"] for entry in app.conf.beat_schedule.values())


@pytest.mark.parametrize("sweep", sweeps.SWEEPS)
def test_every_sweep_is_harmless_in_an_empty_county(county: County, settings: Settings, sweep: sweeps.Sweep):
    sweep(county.database, settings)
    sweep(county.database, settings)


def test_a_healthy_county_breaks_no_invariant(county: County):
    county.signed(county.task())
    report = _report(county)
    assert not report.is_broken
    assert report.renditions_pending == 1


def test_a_ready_study_without_a_task_is_given_one(county: County):
    study_id = county.study()
    with county.write() as work:
        work.session.execute(update(Study).values(state=StudyState.READY, ready_at=work.now))
    assert _report(county).ready_without_task == 1
    assert _report(county).ready_without_task == 0
    with county.database.read() as work:
        assert len(tasks_of_study(work, study_id)) == 1


def test_a_study_that_has_been_read_needs_no_task(county: County):
    signed, cancelled = county.task(), county.task()
    county.signed(signed)
    with county.write() as work:
        from reading_queue import service

        service.cancel(work, cancelled.id, county.actor("manager"), "重复检查")
    county.clock.advance(hours=3)
    assert _report(county).ready_without_task == 0


def test_an_object_that_never_reached_the_store_is_reported(county: County):
    county.study(instance_state=InstanceState.SPOOLED)
    county.clock.advance(minutes=10)
    assert _report(county).stuck_in_spool == 0
    county.clock.advance(seconds=1)
    assert _report(county).stuck_in_spool == 1


def test_a_gap_in_the_results_is_reported(county: County):
    county.signed(county.task())
    with county.write() as work:
        work.session.execute(update(Institution).where(Institution.code == "t01").values(result_seq=2))
    assert _report(county).numbering_faults == ("t01",)


def test_the_check_reports_as_a_sign_of_life_and_forgets_dead_processes(county: County, settings: Settings, caplog):
    with county.write() as work:
        long_ago = work.now - timedelta(days=2)
        work.session.add(
            Heartbeat(process="worker@old:1", kind="worker", started_at=long_ago, seen_at=long_ago, report={})
        )
    county.study(instance_state=InstanceState.SPOOLED)
    county.clock.advance(minutes=11)
    with caplog.at_level(logging.ERROR, "reading_queue.sweeps"):
        sweeps.check_invariants(county.database, settings)
    with county.database.read() as work:
        rows = work.session.execute(select(Heartbeat)).scalars().all()
    assert [(row.process, row.report["ok"], row.report["stuck_in_spool"]) for row in rows] == [("sweeps", False, 1)]
    assert caplog.records


def test_one_open_task_for_a_study_is_the_databases_own_law(county: County):
    task = county.task()
    columns = ", ".join(column.name for column in ReadingTask.__table__.columns if column.name != "id")
    with pytest.raises(Exception, match="UNIQUE") as refusal, county.write() as work:
        work.session.execute(
            text(f"INSERT INTO reading_task ({columns}) SELECT {columns} FROM reading_task WHERE id = {task.id}")
        )
    assert not isinstance(refusal.value, CountyReadError)


def test_the_scheduler_stops_adding_while_nobody_takes(county: County, settings: Settings):
    app = make_celery(settings)
    scheduler = PatientScheduler(app=app, leadership=Leadership(county.database, "beat@test"))
    entries = list(scheduler.schedule.values())
    for _ in range(10):
        for entry in entries:
            scheduler.apply_async(entry, advance=False)
    scheduler.close()
    messages = list((settings.data / "broker" / "messages").iterdir())
    assert len(messages) == len(SCHEDULE)
    app.pool.force_close_all()
