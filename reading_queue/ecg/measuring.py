"""ECG objects measured once by each version of the engine, as soon as they are stored; suspicions raised in the same transaction."""

import logging
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reading_queue.broker import TASK_SECONDS
from reading_queue.critical.raising import suspect_measured
from reading_queue.ecg.ambulatory import Kept, long_recording, measure_and_keep, record_kept
from reading_queue.ecg.dicom import age_of, as_json, recording_of, without_samples
from reading_queue.ecg.documents import device_document, engine_document
from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.ecg.measuring import ENGINE, EcgMeasurements, measure
from reading_queue.preprocessing.ecg.patterns import Patient
from reading_queue.preprocessing.ecg.statements import suggestions
from reading_queue.preprocessing.ecg.stored import Found
from reading_queue.preprocessing.ecg.suspecting import Suspicion, suspicions
from reading_queue.preprocessing.errors import UndecodableImage
from storage.db.models import EcgMeasurement, Study
from storage.db.queries import ecg as queries
from storage.db.session import Database, Hint, UnitOfWork
from storage.domain.errors import ChecksumMismatch, ObjectNotFound, StoreUnavailable, UnreadableEcg
from storage.domain.reading import Priority
from storage.ingest.ecg.recording import Recording
from storage.objects import ObjectStore
from storage.settings import Settings

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
_QUIET = timedelta(seconds=60)
_LOOK_BACK = timedelta(days=7)
_SUSPECTS_UNTIL = timedelta(days=2)
"""A newer engine that measures old ECGs again alarms nobody about them."""
_CLAIM = timedelta(seconds=TASK_SECONDS)
_CLAIMED = "claimed_until"
_BATCH = 100
_NUMBERS = ("hr", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms", "qtc_fridericia_ms", "qrs_axis_deg")


@dataclass(frozen=True)
class _Object:
    """What must be known of an instance to measure it outside a transaction."""

    instance_id: int
    study_id: int
    institution_id: int
    object_key: str
    sha256: str


@dataclass(frozen=True)
class _Measured:
    recording: Recording
    measured: EcgMeasurements
    patient: Patient
    kept: Kept | None = None
    """What was made of a long recording."""


def measure_ecg(database: Database, store: ObjectStore, study_id: int) -> int:
    """Measure the study's ECG waveforms that are not measured yet; returns how many were. Repeating it does nothing.

    Raises `StoreUnavailable`, which does not count as an attempt.
    """
    with database.read() as work:
        found = queries.unmeasured(work, study_id, ENGINE)
        waiting = [_Object(one.id, one.study_id, one.institution_id, one.object_key, one.sha256) for one in found]
    return sum(_measure_one(database, store, one) for one in waiting)


def find_unmeasured_ecgs(database: Database, _settings: Settings) -> None:
    """Find ECGs whose hint got lost."""
    with database.write() as work:
        lost = queries.studies_unmeasured(work, ENGINE, work.now - _LOOK_BACK, work.now - _QUIET, _BATCH)
        for study_id in lost:
            work.after_commit(Hint("measure_ecg", (study_id, Priority.P1)))
    if lost:
        _log.info("%s studies wait for their ECG to be measured; hinted again.", len(lost))


def _measure_one(database: Database, store: ObjectStore, one: _Object) -> bool:
    try:
        result = _read_and_measure(database, store, one)
    except _Taken:
        return False
    except UnreadableEcg as refusal:
        _write(database, one, refusal=refusal.message)
    except (ObjectNotFound, ChecksumMismatch) as error:
        _write(database, one, failure=error.code)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one ECG that breaks the engine must not keep the others from being measured
        _log.exception("The ECG of instance %s could not be measured.", one.instance_id)
        _write(database, one, failure=type(error).__name__)
    else:
        return _write(database, one, result=result)
    return False


def _read_and_measure(database: Database, store: ObjectStore, one: _Object) -> _Measured:
    with store.open(one.object_key) as stream:
        found = long_recording(stream)
        if found is not None:
            _claim(database, one)
            return _measure_long(store, stream, found)
        stream.seek(0)
        try:
            ds = read_dataset(stream)
        except UndecodableImage as error:
            raise UnreadableEcg("The object cannot be read as DICOM.") from error
        recording = recording_of(ds)
    facts = recording.patient
    measured = measure(recording.microvolts, recording.leads, recording.hz)
    return _Measured(recording, measured, Patient(facts.age_years, facts.sex))


class _Taken(Exception):
    """Another worker is at it."""


def _claim(database: Database, one: _Object) -> None:
    """A day takes a minute or more: no two workers measure the same one. Raises `_Taken`."""
    with database.write() as work:
        row = queries.measurement_of(work, one.instance_id, ENGINE, lock=True) or _new_row(work, one)
        if row is None or row.document.get(_CLAIMED, "") > work.now.isoformat():
            raise _Taken
        row.document, row.tried_at = {_CLAIMED: (work.now + _CLAIM).isoformat()}, work.now


def _measure_long(store: ObjectStore, stream: BinaryIO, found: Found) -> _Measured:
    """The same of a recording too long to be held: its samples are read a stretch at a time."""
    recording = without_samples(found)
    measured, kept = measure_and_keep(store, stream, found)
    return _Measured(recording, measured, Patient(recording.patient.age_years, recording.patient.sex), kept)


def _write(
    database: Database, one: _Object, *, result: _Measured | None = None, refusal: str = "", failure: str = ""
) -> bool:
    """Keep what came of it; False when another worker was first."""
    with database.write() as work:
        row = queries.measurement_of(work, one.instance_id, ENGINE)
        if row is not None and row.state == queries.DONE and row.source_sha256 == one.sha256:
            return False
        row = row or _new_row(work, one)
        if row is None:
            return False
        row.attempts, row.tried_at, row.source_sha256 = row.attempts + 1, work.now, one.sha256
        row.refusal = refusal or (failure if row.attempts >= MAX_ATTEMPTS else "")
        if result is None:
            row.document = {}
            return False
        _fill(work, row, result)
        return True


def _new_row(work: UnitOfWork, one: _Object) -> EcgMeasurement | None:
    row = EcgMeasurement(
        institution_id=one.institution_id,
        study_id=one.study_id,
        instance_id=one.instance_id,
        engine=ENGINE,
        source_sha256=one.sha256,
        state=queries.PENDING,
        attempts=0,
        tried_at=work.now,
        document={},
        device={},
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        # Another worker measures the same object and was first: its row stands.
        return None
    return row


def _fill(work: UnitOfWork, row: EcgMeasurement, result: _Measured) -> None:
    study = work.session.execute(select(Study).where(Study.id == row.study_id)).scalar_one()
    patient = _patient(study, result.patient)
    found = suspicions(result.measured, patient)
    row.document = document_of(result.recording, result.measured, patient, found, listed=result.kept is None)
    if result.kept is not None:
        record_kept(work, row, result.kept)
    row.device = device_document(result.recording)
    for name in _NUMBERS:
        setattr(row, name, getattr(result.measured.overall, name))
    row.state, row.measured_at, row.refusal = queries.DONE, work.now, ""
    if study.last_received_at >= work.now - _SUSPECTS_UNTIL:
        for one in found:
            suspect_measured(work, study.id, one.measured, one.stated, f"{one.evidence}（{ENGINE}）")


def document_of(
    recording: Recording,
    measured: EcgMeasurements,
    patient: Patient,
    found: Collection[Suspicion],
    *,
    listed: bool = True,
) -> dict[str, Any]:
    """What is stored: the recording, the engine's measurements, the statements it suggests, what it suspects. `listed`: with
    all beats.
    """
    return {
        "recording": as_json(recording),
        "measurements": engine_document(measured, listed=listed),
        "suggestions": [asdict(one) for one in suggestions(measured, patient)],
        "suspicions": [
            {"evidence": one.evidence, "measured": dict(one.measured), "stated": sorted(one.stated)} for one in found
        ],
    }


def _patient(study: Study, told: Patient) -> Patient:
    """Age and sex as the object tells them, else as the catalogue has them."""
    age = told.age_years if told.age_years is not None else age_of("", study.patient.birth_date, study.study_date)
    return Patient(age, told.sex or study.patient.sex)
