"""Objects, associations and signals that come to a study one after another, as the catalogue would enter them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from reading_queue import service
from storage.db.models import Association, Device, Instance, Series, Study, StudyAssociation
from storage.db.queries.reception import AssociationChange, end_associations
from storage.db.queries.signals import record_signal
from storage.db.session import UnitOfWork
from storage.domain.identifiers import new_uid
from storage.domain.readiness import ReadyTimes, SignalKind
from storage.domain.studies import InstanceState
from storage.ingest.header.attributes import StatedCounts
from storage.ingest.stated import note_stated_counts
from tests.unit.reading_queue.county import CT_IMAGE, County, add_instance, gateway_alive, mark_receiving

NOTHING_STATED = StatedCounts()
SLOW = ReadyTimes(idle=600)
"""Nothing becomes whole by rest in these tests unless it is meant to."""


@dataclass
class Arriving:
    """One study of a county."""

    county: County
    study_id: int
    times: ReadyTimes = SLOW

    @classmethod
    def new(cls, county: County, **study: object) -> "Arriving":
        """A study of which nothing has come."""
        return cls(county, county.study(sop_classes=(), **study))  # type: ignore[arg-type]

    def image(
        self,
        uid: str = "",
        *,
        sop_class: str = CT_IMAGE,
        by: str | None = None,
        state: InstanceState = InstanceState.STORED,
        stated: StatedCounts = NOTHING_STATED,
        beside: str = "",
    ) -> str:
        """One more object, in a series of its own or in that of the object `beside`; its SOP Instance UID."""
        with self.county.write() as work:
            locked = select(Study).where(Study.id == self.study_id).with_for_update(of=Study)
            study = work.session.execute(locked).scalar_one()
            instance = add_instance(work, study, sop_class, state)
            instance.sop_instance_uid = uid or instance.sop_instance_uid
            if beside:
                own, instance.series = instance.series, self._series_of(work, beside)
                work.session.flush()
                work.session.delete(own)
                work.session.flush()
            if by is not None:
                instance.association_id = self._association(work, by)
            instance.series.instance_count += 1
            note_stated_counts(study, instance.series, stated)
            mark_receiving(study, work.now)
            return instance.sop_instance_uid

    def end(self, key: str, *, released: bool = True) -> None:
        with self.county.write() as work:
            end_associations(work, [AssociationChange(key, "T01_CT", 1, 0, work.now, released)])

    def say(
        self, kind: SignalKind, objects: Sequence[str] = (), *, expected: int | None = None, device: str = "T01_CT"
    ) -> None:
        study = self.study()
        with self.county.write() as work:
            record_signal(
                work,
                kind=kind,
                device_id=work.session.execute(select(Device.id).where(Device.ae_title == device)).scalar_one(),
                institution_id=study.institution_id,
                study_instance_uid=study.study_instance_uid,
                objects=objects,
                expected=expected,
            )

    def store(self) -> None:
        """The object store has everything now."""
        with self.county.write() as work:
            mine = update(Instance).where(Instance.study_id == self.study_id)
            work.session.execute(mine.values(state=InstanceState.STORED))

    def device(self, **values: object) -> None:
        with self.county.write() as work:
            work.session.execute(update(Device).where(Device.ae_title == "T01_CT").values(values))

    def study(self) -> Study:
        with self.county.database.read() as work:
            return work.session.execute(select(Study).where(Study.id == self.study_id)).scalar_one()

    def looked_at(self) -> str:
        """Let it be looked at if it is due: why it is whole, or what it waits for."""
        with self.county.write() as work:
            service.open_ready_studies(work, self.times)
        study = self.study()
        return study.ready_reason if study.state == "ready" else f"waits for {study.waiting_for}"

    def _series_of(self, work: UnitOfWork, sop_instance_uid: str) -> Series:
        query = select(Series).join(Instance, Instance.series_id == Series.id)
        return work.session.execute(query.where(Instance.sop_instance_uid == sop_instance_uid)).scalar_one()

    def _association(self, work: UnitOfWork, key: str) -> int:
        gateway_alive(work)
        session = work.session
        found = session.execute(select(Association).where(Association.key == key)).scalar_one_or_none()
        if found is None:
            device = session.execute(select(Device).where(Device.ae_title == "T01_CT")).scalar_one()
            found = Association(key=key, gateway="gateway@test", device_id=device.id, address="", started_at=work.now)
            session.add(found)
            session.flush()
        session.merge(StudyAssociation(study_id=self.study_id, association_id=found.id))
        return found.id


def some_uids(number: int) -> list[str]:
    return [new_uid() for _ in range(number)]
