"""A county whose devices ask for what it has: two clinics, the centre, and the words they ask in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind,
    PatientRootQueryRetrieveInformationModelMove,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)
from sqlalchemy import select, update

from dicom_gateway.send import keep_responses
from storage.db.models import Device, Institution
from storage.db.session import Database
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import World, open_database, shared_world

FIND = StudyRootQueryRetrieveInformationModelFind
PATIENT_FIND = PatientRootQueryRetrieveInformationModelFind
MOVE = StudyRootQueryRetrieveInformationModelMove
PATIENT_MOVE = PatientRootQueryRetrieveInformationModelMove
GET = StudyRootQueryRetrieveInformationModelGet
MODELS = (FIND, PATIENT_FIND, MOVE, PATIENT_MOVE, GET)
SECONDS = 60


@contextmanager
def shared_exchange(name: str, folder: Path, fixture: Callable[[str], Any]) -> Iterator[RunningGateway]:
    """One that the tests of a module share, in the world of that name."""
    with shared_world(name, folder, fixture) as world:
        world.settings.data.mkdir(parents=True, exist_ok=True)
        with open_database(world.settings.database_url) as database, running_exchange(world, database, folder) as made:
            yield made


@contextmanager
def running_exchange(world: World, database: Database, folder: Path) -> Iterator[RunningGateway]:
    """A gateway and an intake; devices T01_CT, T02_CT of clinics, CENTRE_WS of the centre."""
    make_county(database)
    with database.write() as work:
        centre = Institution(code="county", name="县医院", kind="centre")
        work.session.add(centre)
        work.session.flush()
        work.session.add(Device(ae_title="CENTRE_WS", institution_id=centre.id))
    running = RunningGateway(world, database, folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def add_device(database: Database, ae_title: str, institution: str, **values: object) -> None:
    """Another device of an institution (t01, t02, county)."""
    with database.write() as work:
        place = work.session.execute(select(Institution).where(Institution.code == institution)).scalar_one()
        work.session.add(Device(ae_title=ae_title, institution_id=place.id, **values))


def change_device(database: Database, ae_title: str, **values: object) -> None:
    with database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == ae_title).values(**values))


@contextmanager
def asking(port: int, calling: str, *models: str) -> Iterator[Association]:
    """An association for these information models."""
    ae = AE(calling)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = SECONDS
    for model in models or MODELS:
        ae.add_requested_context(model, ExplicitVRLittleEndian)
    association = ae.associate("127.0.0.1", port, ae_title=AE_TITLE)
    assert association.is_established
    keep_responses(association)
    try:
        yield association
    finally:
        if association.is_established:
            association.release()


def identifier(level: str, **keys: object) -> Dataset:
    made = Dataset()
    for keyword, value in {"QueryRetrieveLevel": level, **keys}.items():
        vr = dictionary_VR(keyword)
        made.add(DataElement(keyword, vr, value or None, validation_mode=config.IGNORE))
    return made


def find(association: Association, asked: Dataset, model: str = FIND) -> list[Dataset]:
    """The matches of a query that succeeds."""
    answers = list(association.send_c_find(asked, model))
    assert answers[-1][0].Status == 0, hex(answers[-1][0].Status)
    assert {status.Status for status, _ in answers[:-1]} <= {0xFF00, 0xFF01}
    return [match for _, match in answers[:-1]]


def uids(matches: list[Dataset], keyword: str = "StudyInstanceUID") -> set[str]:
    return {str(match[keyword].value) for match in matches}
