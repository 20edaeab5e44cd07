"""A small county for tests of the workflow: one centre, two clinics, their people, and studies that are whole."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import make_url, select

from reading_queue import service
from reading_queue.service import Actor, Lease, ReportContent
from storage.db.migrate import upgrade
from storage.db.models import (
    Association,
    Device,
    Heartbeat,
    Instance,
    Institution,
    Patient,
    ReadingTask,
    Series,
    Study,
    StudyAssociation,
    User,
)
from storage.db.session import Database, Scope, UnitOfWork
from storage.domain.clock import ManualClock
from storage.domain.identifiers import new_uid
from storage.domain.readiness import ReadyTimes
from storage.domain.reading import InstitutionKind, Priority, Role
from storage.domain.studies import InstanceState, RenditionState, StudyState
from tests.worlds import copy_schema, learned_engine, open_database

MONDAY_MORNING = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
"""09:00 in the county, on an ordinary workday."""

LEASE_MINUTES = 10.0
REPORT = ReportContent("两肺纹理清晰，未见实变影。", "胸部未见异常。", positive=False)
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"

_PEOPLE = {
    "radiologist": ("county", Role.RADIOLOGIST, None),
    "radiologist2": ("county", Role.RADIOLOGIST, None),
    "ecg": ("county", Role.RADIOLOGIST, ["ECG"]),
    "auditor": ("county", Role.AUDITOR, None),
    "auditor2": ("county", Role.AUDITOR, None),
    "manager": ("county", Role.MANAGER, None),
    "regulator": ("county", Role.REGULATOR, None),
    "admin": ("county", Role.ADMIN, None),
    "clinic01": ("t01", Role.CLINIC, None),
    "clinic02": ("t02", Role.CLINIC, None),
    "consultant": ("u01", Role.CONSULTANT, None),
    "consultant2": ("u01", Role.CONSULTANT, None),
    "outsider": ("u02", Role.CONSULTANT, None),
}


def populate(database: Database) -> None:
    """Institutions, people, and one device per clinic."""
    with database.write() as work:
        institutions = {
            "county": Institution(
                code="county", name="县影像中心", name_en="County centre", kind=InstitutionKind.CENTRE
            ),
            "t01": Institution(code="t01", name="城关镇卫生院", name_en="Clinic 1", kind=InstitutionKind.CLINIC),
            "t02": Institution(code="t02", name="河口镇卫生院", name_en="Clinic 2", kind=InstitutionKind.CLINIC),
            "u01": Institution(code="u01", name="市人民医院", name_en="City hospital", kind=InstitutionKind.UPPER),
            "u02": Institution(code="u02", name="省立医院", name_en="Provincial hospital", kind=InstitutionKind.UPPER),
        }
        work.session.add_all(institutions.values())
        work.session.flush()
        for username, (code, role, modalities) in _PEOPLE.items():
            work.session.add(
                User(
                    username=username,
                    display_name=f"{username} 医师",
                    title="主治医师",
                    role=role,
                    institution_id=institutions[code].id,
                    modalities=modalities,
                    password_hash="-",
                )
            )
        for code in ("t01", "t02"):
            work.session.add(Device(ae_title=f"{code.upper()}_CT", institution_id=institutions[code].id, modality="CT"))


def _copy_populated(url: str) -> bool:
    """Whether a SQLite URL that named no file names a populated one now: a copy costs less than making each anew."""
    file = make_url(url).database
    if not url.startswith("sqlite:") or file is None or Path(file).exists():
        return False
    shutil.copyfile(_populated_sqlite(), file)
    return True


@cache
def _populated_sqlite() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="countyread-county-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with open_database(f"sqlite:///{folder / 'populated.sqlite'}") as database:
        populate(database)
    return folder / "populated.sqlite"


@dataclass
class County:
    """A database with its people, and a clock that stands still until it is moved."""

    database: Database
    clock: ManualClock
    hints: list[object] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def at(cls, url: str, clock: ManualClock | None = None) -> "County":
        is_ready = _copy_populated(url)
        has_schema = is_ready or copy_schema(url)
        engine = learned_engine(url)
        if not has_schema:
            upgrade(engine)
        hints: list[object] = []
        clock = clock or ManualClock(MONDAY_MORNING)
        county = cls(Database(engine, clock, hints.append), clock, hints)
        if not is_ready:
            populate(county.database)
        return county

    def actor(self, username: str) -> Actor:
        with self.database.read() as work:
            return Actor.of(work.session.execute(select(User).where(User.username == username)).scalar_one())

    def user(self, username: str) -> User:
        with self.database.read() as work:
            return work.session.execute(select(User).where(User.username == username)).scalar_one()

    @contextmanager
    def write(self, username: str | None = None) -> Iterator[UnitOfWork]:
        """A unit of work; that of a clinic's user sees his institution alone."""
        actor = self.actor(username) if username else None
        is_clinic = actor is not None and actor.institution_kind == InstitutionKind.CLINIC
        scope = Scope(actor.institution_id) if actor is not None and is_clinic else Scope()
        with self.database.write(scope) as work:
            yield work

    def study(
        self,
        *,
        code: str = "t01",
        modality: str = "CT",
        priority: Priority = Priority.P2,
        body_part: str = "CHEST",
        sop_classes: tuple[str, ...] = (CT_IMAGE,),
        instance_state: InstanceState = InstanceState.STORED,
        exam_started_at: datetime | None = None,
        association: str | None = None,
    ) -> int:
        """A study that has just been received, one series an instance; its identity."""
        now, number = self.clock.now(), next(self._numbers)
        with self.database.write() as work:
            institution = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one()
            patient = Patient(
                institution_id=institution.id, patient_id=f"P{number}", name="张^三", sex="M", birth_date="1960-01-02"
            )
            work.session.add(patient)
            work.session.flush()
            study = Study(
                institution_id=institution.id,
                study_instance_uid=new_uid(),
                patient_id=patient.id,
                modality=modality,
                body_part=body_part,
                description="胸部平扫",
                accession_number=f"A{number}",
                priority=priority,
                state=StudyState.RECEIVING,
                exam_started_at=exam_started_at or now - timedelta(minutes=10),
                first_received_at=now,
                last_received_at=now,
                rendition_state=RenditionState.PENDING,
            )
            work.session.add(study)
            work.session.flush()
            for sop_class in sop_classes:
                add_instance(work, study, sop_class, instance_state)
            if association is not None:
                _link(work, study, association)
            return study.id

    def task(self, **study: object) -> ReadingTask:
        """A study that has become ready, and its task."""
        study_id = self.study(**study)  # type: ignore[arg-type]
        self.clock.advance(seconds=11)
        with self.database.write() as work:
            service.open_ready_studies(work, ReadyTimes(idle=10))
        with self.database.read() as work:
            query = select(ReadingTask).where(ReadingTask.study_id == study_id).order_by(ReadingTask.id.desc())
            return work.session.execute(query.limit(1)).scalar_one()

    def reload(self, task: ReadingTask) -> ReadingTask:
        with self.database.read() as work:
            return work.session.execute(select(ReadingTask).where(ReadingTask.id == task.id)).scalar_one()

    def claim(self, task: ReadingTask, username: str) -> Lease:
        with self.write() as work:
            return service.claim(work, task.id, self.actor(username), lease_minutes=LEASE_MINUTES)

    def drafted(self, task: ReadingTask, author: str = "radiologist", content: ReportContent = REPORT) -> ReadingTask:
        token = self.claim(task, author).token
        with self.write() as work:
            return service.submit(work, task.id, self.actor(author), token, content)

    def signed(self, task: ReadingTask, content: ReportContent = REPORT) -> ReadingTask:
        """The task read by the radiologist and signed by the auditor."""
        self.drafted(task, content=content)
        token = self.claim(task, "auditor").token
        with self.write() as work:
            service.sign(work, task.id, self.actor("auditor"), token)
        return self.reload(task)

    def late_image(self, study_id: int) -> None:
        """One more image comes for a study that was whole."""
        with self.database.write() as work:
            study = work.session.get_one(Study, study_id)
            add_instance(work, study, CT_IMAGE, InstanceState.STORED)
            mark_receiving(study, work.now)


def mark_receiving(study: Study, now: datetime) -> None:
    """As the catalogue does it with a new object (`storage.ingest.rows.count_in`)."""
    if study.state != StudyState.RECEIVING:
        study.receiving_since = now
    study.state, study.last_received_at, study.ready_check_at = StudyState.RECEIVING, now, now


def add_instance(work: UnitOfWork, study: Study, sop_class: str, state: InstanceState) -> Instance:
    series = Series(
        institution_id=study.institution_id, series_instance_uid=new_uid(), study_id=study.id, modality=study.modality
    )
    work.session.add(series)
    work.session.flush()
    instance = Instance(
        institution_id=study.institution_id,
        sop_instance_uid=new_uid(),
        sop_class_uid=sop_class,
        transfer_syntax_uid="1.2.840.10008.1.2.1",
        study_id=study.id,
        series_id=series.id,
        size=1,
        sha256="0" * 64,
        dataset_digest="0" * 64,
        object_key="",
        state=state,
        gateway="gateway@test",
        spool_name="",
        received_at=work.now,
        header={},
    )
    work.session.add(instance)
    work.session.flush()
    return instance


def _link(work: UnitOfWork, study: Study, key: str) -> None:
    association = work.session.execute(select(Association).where(Association.key == key)).scalar_one_or_none()
    if association is None:
        device = work.session.execute(select(Device).limit(1)).scalar_one()
        association = Association(
            key=key, gateway="gateway@test", device_id=device.id, address="127.0.0.1", started_at=work.now
        )
        work.session.add(association)
        work.session.flush()
    work.session.add(StudyAssociation(study_id=study.id, association_id=association.id))


def gateway_alive(work: UnitOfWork) -> None:
    """The gateway gives a sign of life."""
    work.session.merge(
        Heartbeat(process="gateway@test", kind="gateway", started_at=work.now, seen_at=work.now, report={})
    )
