"""ECGs of the catalogue are measured once, found again when their hint got lost, and raise what they make suspect."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

from reading_queue.ecg import measuring
from reading_queue.ecg.ambulatory import measure_and_keep
from reading_queue.ecg.hints import hint_ecgs
from reading_queue.ecg.measuring import find_unmeasured_ecgs, measure_ecg
from reading_queue.preprocessing.ecg.ambulatory.columns import unpack_beats
from reading_queue.preprocessing.ecg.measuring import ENGINE
from storage.db.models import Ambulatory, CriticalCase, EcgMeasurement, Instance
from storage.db.session import Hint
from storage.domain.critical import CaseSource, CaseState
from storage.objects.folder import FolderStore
from storage.settings import load_settings
from tests.services.holter import holter, holter_file
from tests.unit.reading_queue.archive import Archive
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.ecg.files import device_value, device_words, ecg_file
from tests.unit.reading_queue.preprocessing.ecg.synthetic import Shape, regular

pytestmark = pytest.mark.thorough


_SETTINGS = load_settings({"COUNTYREAD_DATA": "unused"}, Path("none.toml"))


@pytest.fixture
def archive(county: County, tmp_path: Path) -> Archive:
    return Archive(county, FolderStore(tmp_path / "objects"))


def _keep(archive: Archive, *files: bytes) -> int:
    study_id = archive.keep(list(files), modality="ECG")
    archive.county.hints.clear()
    return study_id


def _measure(archive: Archive, study_id: int) -> int:
    return measure_ecg(archive.database, archive.store, study_id)


def _rows(archive: Archive) -> list[EcgMeasurement]:
    with archive.database.read() as work:
        return list(work.session.execute(select(EcgMeasurement)).scalars())


def _cases(archive: Archive) -> list[CriticalCase]:
    with archive.database.read() as work:
        return list(work.session.execute(select(CriticalCase)).scalars())


def test_an_ecg_is_measured_once_beside_what_its_device_says(archive: Archive):
    told = (device_value("5.13.5-7", "PR Interval", 161), device_words("NORMAL ECG"))
    study_id = _keep(archive, ecg_file(regular(72), annotations=told))
    assert _measure(archive, study_id) == 1
    assert _measure(archive, study_id) == 0
    (row,) = _rows(archive)
    assert (row.engine, row.state, row.refusal) == (ENGINE, "done", "")
    assert row.hr == pytest.approx(72, abs=0.5)
    assert (row.device["pr_ms"], row.device["statements"]) == (161, ["NORMAL ECG"])
    assert row.document["measurements"]["overall"]["pr_ms"] == row.pr_ms != 161
    assert [one["code"] for one in row.document["suggestions"]] == ["sinus_rhythm"]
    assert _cases(archive) == []


def test_a_slow_ventricle_raises_a_suspicion_for_a_person_to_confirm(archive: Archive):
    study_id = _keep(archive, ecg_file(regular(28, seconds=15)))
    _measure(archive, study_id)
    (case,) = [one for one in _cases(archive) if one.code == "ECG-BRADY"]
    assert (case.state, case.source) == (CaseState.SUSPECTED, CaseSource.MEASUREMENT)
    assert "28 次/分" in case.source_detail
    assert ENGINE in case.source_detail


def test_an_old_study_measured_by_a_new_engine_alarms_nobody(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    study_id = _keep(archive, ecg_file(regular(28, seconds=15)))
    archive.county.clock.advance(days=3)
    monkeypatch.setattr(measuring, "ENGINE", "countyread-ecg of later")
    assert _measure(archive, study_id) == 1
    assert _cases(archive) == []


def test_a_newer_engine_adds_a_row_and_keeps_the_old_one(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    study_id = _keep(archive, ecg_file(regular(70)))
    _measure(archive, study_id)
    monkeypatch.setattr(measuring, "ENGINE", "countyread-ecg of later")
    assert _measure(archive, study_id) == 1
    assert [row.engine for row in _rows(archive)] == [ENGINE, "countyread-ecg of later"]


def test_an_object_without_a_waveform_is_refused_for_good(archive: Archive):
    study_id = _keep(archive, ecg_file(regular(70), WaveformSequence=[]))
    assert _measure(archive, study_id) == 0
    (row,) = _rows(archive)
    assert (row.state, row.hr) == ("pending", None)
    assert "no ECG waveform" in row.refusal
    assert _found(archive) == []


def test_a_missing_object_is_tried_again_and_in_the_end_given_up(archive: Archive):
    study_id = _keep(archive, ecg_file(regular(70)))
    with archive.database.write() as work:
        work.session.execute(update(Instance).values(object_key="instances/gone.dcm"))
    for _ in range(measuring.MAX_ATTEMPTS):
        assert _measure(archive, study_id) == 0
    (row,) = _rows(archive)
    assert (row.attempts, row.refusal) == (measuring.MAX_ATTEMPTS, "object_not_found")


def test_one_ecg_that_breaks_the_engine_does_not_keep_the_next_from_it(archive: Archive, monkeypatch):
    study_id = _keep(archive, ecg_file(regular(70)), ecg_file(regular(80)))
    real, seen = measuring.measure, []

    def breaks_at_first(*arguments):
        seen.append(1)
        if len(seen) == 1:
            raise ZeroDivisionError
        return real(*arguments)

    monkeypatch.setattr(measuring, "measure", breaks_at_first)
    assert _measure(archive, study_id) == 1
    assert sorted(row.state for row in _rows(archive)) == ["done", "pending"]


def _found(archive: Archive) -> list[Hint]:
    archive.county.hints.clear()
    find_unmeasured_ecgs(archive.database, _SETTINGS)
    return list(archive.county.hints)


def test_a_lost_hint_is_found_by_the_sweep_until_the_ecg_is_measured(archive: Archive):
    study_id = _keep(archive, ecg_file(regular(70)))
    assert _found(archive) == [Hint("measure_ecg", (study_id, "P1"))]
    _measure(archive, study_id)
    assert _found(archive) == []


def test_the_hint_is_for_ecgs_alone(archive: Archive):
    study_id = _keep(archive, ecg_file(regular(70)))
    other = archive.keep([], modality="CT")
    archive.county.hints.clear()
    with archive.database.write() as work:
        hint_ecgs(work, [study_id, other])
        hint_ecgs(work, [])
    assert archive.county.hints == [Hint("measure_ecg", (study_id, "P1"))]


def test_st_elevation_under_a_wide_qrs_alarms_nobody(archive: Archive):
    study_id = _keep(archive, ecg_file(regular(70, Shape(qrs_ms=160, st_uv=400))))
    _measure(archive, study_id)
    assert [case.code for case in _cases(archive)] == []


def test_a_long_recording_is_kept_as_beats_and_overview_once(archive: Archive):
    made = holter(200)
    study_id = _keep(archive, holter_file(made))
    assert _measure(archive, study_id) == 1
    assert _measure(archive, study_id) == 0
    (row,) = _rows(archive)
    assert row.hr == pytest.approx(60 / np.diff(made.onsets_s[:60]).mean(), abs=12)
    assert row.document["measurements"]["beats"] == []
    assert row.document["recording"]["seconds"] == 200
    with archive.database.read() as work:
        (kept,) = work.session.execute(select(Ambulatory)).scalars()
    assert (kept.source_sha256, kept.engine) == (row.source_sha256, ENGINE)
    with archive.store.open(kept.object_key) as stream:
        data = stream.read()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (kept.size, kept.sha256)
    assert len(unpack_beats(data[: kept.document["beats"]["length"]])) == len(made.onsets_s)


def test_no_two_workers_measure_the_same_day(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    study_id = _keep(archive, holter_file(holter(200)))
    seconds: list[int] = []

    def meanwhile(*asked):
        if not seconds:
            seconds.append(_measure(archive, study_id))
        return measure_and_keep(*asked)

    monkeypatch.setattr(measuring, "measure_and_keep", meanwhile)
    assert _measure(archive, study_id) == 1
    assert seconds == [0]
    with archive.database.write() as work:
        work.session.execute(
            update(EcgMeasurement).values(state="pending", document={"claimed_until": "2999-01-01T00:00:00+00:00"})
        )
    assert _measure(archive, study_id) == 0
    with archive.database.write() as work:
        work.session.execute(update(EcgMeasurement).values(document={"claimed_until": "2001-01-01T00:00:00+00:00"}))
    assert _measure(archive, study_id) == 1
