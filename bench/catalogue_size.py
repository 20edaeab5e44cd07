"""Does the catalogue stay fast as it grows? The same push into a catalogue of ten thousand, one and three million instances.

.venv/bin/python -m bench.catalogue_size [--world embedded|server] [--sizes 10000 1000000 3000000]
"""

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench.objects import write_objects
from bench.slow_store import running
from storage.db.models import Instance, Patient, Series, Study
from storage.db.session import Database
from storage.domain.documents import CompactDocument
from tests.services import dcmtk
from tests.services.postgres import PostgresServer
from tests.services.waiting import wait_until

IN_STUDY, BATCH = 250, 5000
OBJECTS, RUNS = 400, 3
NOW = datetime(2026, 1, 2, tzinfo=UTC)
HEADER = CompactDocument.of({f"0008{number:04X}": {"vr": "LO", "Value": [f"value {number}"]} for number in range(60)})


def fill(database: Database, instances: int) -> None:
    """Archive rows as years of work would leave them: random UIDs and hashes, everything read long ago."""
    for start in range(0, instances, BATCH):
        studies = range(start // IN_STUDY, (start + BATCH) // IN_STUDY)
        with database.write() as work:
            for table, rows in ((Patient, _patients(studies)), (Study, _studies(studies)), (Series, _series(studies))):
                work.session.execute(insert(table), list(rows))
            work.session.execute(insert(Instance), list(_instances(start)))


def _uid(kind: str, number: int) -> str:
    return f"2.25.{int(hashlib.md5(f'{kind}{number}'.encode()).hexdigest(), 16)}"


def _patients(numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        yield {
            "id": number + 1,
            "institution_id": 1,
            "issuer": "t01",
            "patient_id": f"P{number}",
            "name": f"P {number}",
            "sex": "F",
            "birth_date": "19700101",
            "fingerprint": "",
        }


def _studies(numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        then = NOW - timedelta(minutes=number)
        yield {
            "id": number + 1,
            "institution_id": 1,
            "patient_id": number + 1,
            "study_instance_uid": _uid("study", number),
            "device_id": 1,
            "modality": "CT",
            "priority": "P2",
            "state": "ready",
            "first_received_at": then,
            "last_received_at": then,
            "ready_at": then,
            "series_count": 1,
            "instance_count": IN_STUDY,
            "rendition_state": "done",
        }


def _series(numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        yield {
            "id": number + 1,
            "institution_id": 1,
            "study_id": number + 1,
            "series_instance_uid": _uid("series", number),
            "modality": "CT",
            "instance_count": IN_STUDY,
        }


def _instances(start: int) -> Iterator[dict[str, object]]:
    for number in range(start, start + BATCH):
        study, digest = number // IN_STUDY + 1, hashlib.sha256(str(number).encode()).hexdigest()
        yield {
            "sop_instance_uid": _uid("instance", number),
            "sop_class_uid": "1.2.840.10008.5.1.4.1.1.2",
            "transfer_syntax_uid": "1.2.840.10008.1.2.1",
            "institution_id": 1,
            "study_id": study,
            "series_id": study,
            "number": number % IN_STUDY,
            "size": 525_000,
            "sha256": digest,
            "dataset_digest": digest[::-1],
            "object_key": f"instances/{digest[:2]}/{digest}.dcm",
            "state": "stored",
            "gateway": "bench",
            "spool_name": str(number),
            "received_at": NOW,
            "stored_at": NOW,
            "header": HEADER,
        }


def measure(folder: Path, size: int, url: str | None) -> str:
    """A line of the table."""
    more = {"COUNTYREAD_DATABASE_URL": url} if url else {}
    with running(folder, 0, **more) as (port, database):
        fill(database, size)
        before, rates, lags = _count(database), [], []
        for run in range(RUNS):
            study, files = write_objects(folder / f"files{run}", "CT 0.5 MB", OBJECTS, seed=run)
            started = time.monotonic()
            result = dcmtk.send(port, files, calling="T01_CT", called="COUNTYREAD")
            answered = time.monotonic()
            if not result.ok:
                raise SystemExit(result.output[-2000:])
            wait_until(lambda uid=study: _instances_of(database, uid) == OBJECTS, 300, "all to be catalogued")
            rates.append(OBJECTS / (time.monotonic() - started))
            lags.append(time.monotonic() - answered)
    return f"| {before} | {statistics.median(rates):.0f} | {max(lags):.2f} |"


def _count(database: Database) -> int:
    with database.read() as work:
        return work.session.query(Instance).count()


def _instances_of(database: Database, uid: str) -> int:
    with database.read() as work:
        study = work.session.query(Study).filter_by(study_instance_uid=uid).one_or_none()
        return study.instance_count if study else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--world", choices=("embedded", "server"), default="embedded")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000, 3_000_000])
    arguments = parser.parse_args()
    print("| instances there | catalogued and stored/s | longest s from the last answer |\n|---|---|---|")
    server = PostgresServer() if arguments.world == "server" else None
    try:
        if server:
            server.start()
        for size in arguments.sizes:
            with tempfile.TemporaryDirectory() as temporary:
                print(measure(Path(temporary), size, server.create_database() if server else None), flush=True)
    finally:
        if server:
            server.stop()


if __name__ == "__main__":
    main()
