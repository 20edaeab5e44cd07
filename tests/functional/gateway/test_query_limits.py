"""C-FIND with many matches: a limit that is told, and a peer that has had enough. The service alone, on real sockets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydicom.uid import generate_uid
from pynetdicom import AE
from sqlalchemy import insert

from dicom_gateway.outgoing import Outgoing
from dicom_gateway.query_retrieve.service import QueryRetrieve
from dicom_gateway.services import Services
from storage.db.models import Patient, Study
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database
from storage.ingest.holding import Holding
from storage.objects.folder import FolderStore
from tests.functional.gateway.exchange import FIND, asking, identifier
from tests.functional.gateway.running import AE_TITLE
from tests.services.ports import free_port
from tests.unit.storage.ingest.shelf import make_county

STUDIES = 4000
DEVICE = KnownDevice(1, "T01_CT", "dicom", 1, "t01", "clinic")


@pytest.fixture
def archive(sqlite_database: Database) -> Database:
    make_county(sqlite_database)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    study = {
        "institution_id": 1,
        "patient_id": 1,
        "device_id": 1,
        "modality": "CT",
        "priority": "P2",
        "state": "ready",
        "first_received_at": at,
        "last_received_at": at,
        "rendition_state": "done",
    }
    with sqlite_database.write() as work:
        work.session.add(Patient(patient_id="1", name="ZHANG SAN", sex="M", birth_date="", institution_id=1))
        work.session.flush()
        rows = [{**study, "study_instance_uid": generate_uid()} for _ in range(STUDIES)]
        work.session.execute(insert(Study), rows)
    return sqlite_database


@contextmanager
def serving(archive: Database, folder: Path, most_matches: int) -> Iterator[int]:
    """The port of a node with nothing but this service."""
    holding = Holding(FolderStore(folder / "objects"), folder / "spool")
    service = QueryRetrieve(
        archive, holding, lambda _title: DEVICE, Outgoing(AE_TITLE), AE_TITLE, most_matches=most_matches
    )
    ae = AE(AE_TITLE)
    ae.add_supported_context(FIND)
    port = free_port()
    server = ae.start_server(("127.0.0.1", port), block=False, evt_handlers=Services((service,)).event_handlers())
    try:
        yield port
    finally:
        server.shutdown()


def test_the_limit_is_told(archive: Database, tmp_path: Path) -> None:
    with serving(archive, tmp_path, 250) as port, asking(port, "T01_CT", FIND) as line:
        *matches, (last, nothing) = line.send_c_find(identifier("STUDY", StudyInstanceUID=""), FIND)
    assert len(matches) == 250
    assert len({match.StudyInstanceUID for _, match in matches}) == 250
    assert (last.Status, nothing) == (0xB001, None)
    assert last.ErrorComment == "Only 250 matches are given; narrow the query."


def test_a_cancel_ends_it(archive: Database, tmp_path: Path) -> None:
    with serving(archive, tmp_path, STUDIES) as port, asking(port, "T01_CT", FIND) as line:
        statuses = []
        for status, _ in line.send_c_find(identifier("STUDY", StudyInstanceUID=""), FIND, msg_id=7):
            if not statuses:
                line.send_c_cancel(7, query_model=FIND)
            statuses.append(status.Status)
        again = list(line.send_c_find(identifier("STUDY", PatientID="2"), FIND, msg_id=7))
    assert statuses[-1] == 0xFE00
    assert len(statuses) < STUDIES
    assert [status.Status for status, _ in again] == [0]
