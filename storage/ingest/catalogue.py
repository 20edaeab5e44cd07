"""The catalogue: patient, study, series and instance rows for a batch of arrivals, in one transaction.

Several gateways may bring parts of one new study at once. Rows are made with `insert_missing` in a stable order and
then read back under the study's lock, so that exactly one row stands for each thing and counts are right.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from storage.db.models import Association, Device, Instance, Series, Study, StudyAssociation
from storage.db.queries.orders import match_arrived_studies
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing
from storage.domain.studies import InstanceState, QuarantineReason
from storage.ingest import rows
from storage.ingest.arrival import Arrival
from storage.ingest.charset_counts import note_repairs
from storage.ingest.header import ObjectHeader
from storage.ingest.jobs import Job, JobKind, RowKind, object_key
from storage.ingest.patients import belongs_to, ensure_patients
from storage.ingest.quarantine import keep_aside
from storage.ingest.repeats import what_differs
from storage.ingest.spool_entry import SpoolEntry
from storage.ingest.told import told_patient


@dataclass(frozen=True)
class Surroundings:
    """What the database does not know: the spool's `gateway`, which files it holds, which associations are open."""

    gateway: str
    holds_file: Callable[[SpoolEntry], bool]
    open_association: Callable[[str], "OpenAssociation | None"]


@dataclass(frozen=True)
class OpenAssociation:
    """An association that goes on, as the gateway knows it by its key."""

    address: str
    started_at: datetime


class Refused(Exception):
    """Why one arrival cannot be catalogued; it goes to quarantine."""

    def __init__(self, reason: QuarantineReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass
class _Batch:
    work: UnitOfWork
    around: Surroundings
    devices: dict[str, Device]
    associations: dict[str, int] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    new_studies: set[int] = field(default_factory=set)


def catalogue(work: UnitOfWork, arrivals: Sequence[Arrival], around: Surroundings) -> list[Job]:
    """Enter `arrivals`, and say what is left to do for each file."""
    batch = _Batch(work, around, _devices(work, arrivals))
    batch.associations = _ensure_associations(batch, arrivals)
    for round_ in _without_repeats(arrivals):
        _catalogue_round(batch, round_)
    match_arrived_studies(work, sorted(batch.new_studies))
    return batch.jobs


def quarantine_alone(work: UnitOfWork, gateway: str, arrival: Arrival, reason: QuarantineReason, detail: str) -> Job:
    """Keep aside an arrival that nothing else can be done with."""
    device = _devices(work, [arrival]).get(arrival.meta.source_ae_title)
    return keep_aside(work, gateway, arrival, device, reason, detail)


def _devices(work: UnitOfWork, arrivals: Iterable[Arrival]) -> dict[str, Device]:
    titles = {arrival.meta.source_ae_title for arrival in arrivals}
    query = select(Device).where(Device.ae_title.in_(titles))
    return {device.ae_title: device for device in work.session.execute(query).scalars()}


def _without_repeats(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """Split so that no round has one SOP Instance UID twice; the first of each goes first."""
    rounds: list[dict[str, Arrival]] = []
    for arrival in arrivals:
        fitting = next((one for one in rounds if arrival.sop_instance_uid not in one), None)
        if fitting is None:
            fitting = {}
            rounds.append(fitting)
        fitting[arrival.sop_instance_uid] = arrival
    return [list(one.values()) for one in rounds]


def _ensure_associations(batch: _Batch, arrivals: Sequence[Arrival]) -> dict[str, int]:
    """Associations have rows once they brought something; those that a crash cut off are entered as ended."""
    known = _association_ids(batch, arrivals)
    first: dict[str, Arrival] = {}
    for arrival in arrivals:
        if arrival.entry.association_key not in known and arrival.meta.source_ae_title in batch.devices:
            first.setdefault(arrival.entry.association_key, arrival)
    if not first:
        return known
    new = [_new_association(batch, key, arrival) for key, arrival in sorted(first.items())]
    insert_missing(batch.work.session, Association, new, Association.id)
    return _association_ids(batch, arrivals)


def _new_association(batch: _Batch, key: str, arrival: Arrival) -> dict[str, object]:
    device, going_on = batch.devices[arrival.meta.source_ae_title], batch.around.open_association(key)
    return {
        "key": key,
        "gateway": batch.around.gateway,
        "device_id": device.id,
        "address": going_on.address if going_on else "",
        "started_at": going_on.started_at if going_on else arrival.entry.received_at,
        "ended_at": None if going_on else batch.work.now,
        "received": 0,
        "refused": 0,
    }


def _association_ids(batch: _Batch, arrivals: Sequence[Arrival]) -> dict[str, int]:
    keys = sorted({arrival.entry.association_key for arrival in arrivals})
    query = select(Association.key, Association.id).where(Association.key.in_(keys))
    return {row.key: row.id for row in batch.work.session.execute(query)}


def _catalogue_round(batch: _Batch, arrivals: Sequence[Arrival]) -> None:
    present = _present_instances(batch, arrivals)
    fresh: list[tuple[Arrival, ObjectHeader, Device]] = []
    for arrival in arrivals:
        try:
            header, device = _acceptable(batch, arrival)
            if (instance := present.get(arrival.sop_instance_uid)) is None:
                fresh.append((arrival, header, device))
            else:
                batch.jobs.append(_repeat(batch, arrival, device, instance))
        except Refused as refusal:
            _keep_aside(batch, arrival, refusal)
    if fresh:
        _enter(batch, fresh)


def _present_instances(batch: _Batch, arrivals: Iterable[Arrival]) -> dict[str, Instance]:
    uids = sorted({arrival.sop_instance_uid for arrival in arrivals})
    query = select(Instance).where(Instance.sop_instance_uid.in_(uids))
    return {instance.sop_instance_uid: instance for instance in batch.work.session.execute(query).scalars()}


def _keep_aside(batch: _Batch, arrival: Arrival, refusal: Refused) -> None:
    device = batch.devices.get(arrival.meta.source_ae_title)
    batch.jobs.append(keep_aside(batch.work, batch.around.gateway, arrival, device, refusal.reason, refusal.detail))


def _acceptable(batch: _Batch, arrival: Arrival) -> tuple[ObjectHeader, Device]:
    header, device = arrival.header, batch.devices.get(arrival.meta.source_ae_title)
    if header is None:
        raise Refused(QuarantineReason.NOT_DICOM, arrival.fault)
    if device is None:
        raise Refused(QuarantineReason.UNKNOWN_DEVICE, "The device that sent this is not known any more.")
    if not header.identifiers.complete:
        raise Refused(QuarantineReason.NO_IDENTIFIERS, "A SOP class, SOP instance, study or series UID is missing.")
    if not header.patient.is_known:
        raise Refused(QuarantineReason.NO_PATIENT, "The object has neither a patient ID nor a patient name.")
    return header, device


def _repeat(batch: _Batch, arrival: Arrival, device: Device, present: Instance) -> Job:
    """The SOP Instance UID is in the catalogue: the same object again, or something else under its name."""
    if present.institution_id != device.institution_id:
        raise Refused(QuarantineReason.OTHER_INSTITUTION, "Another institution has sent an object under this UID.")
    difference = what_differs(arrival, present)
    if difference is not None:
        raise Refused(*difference)
    kind = JobKind.CHECK
    if (present.gateway, present.spool_name) == (batch.around.gateway, arrival.entry.name):
        kind = JobKind.UPLOAD if present.state == InstanceState.SPOOLED else JobKind.DROP
    elif present.state == InstanceState.SPOOLED and _holds(batch, present):
        kind = JobKind.DROP
    key = object_key(RowKind.INSTANCE, arrival.sha256) if kind is JobKind.UPLOAD else present.object_key
    return Job(kind, RowKind.INSTANCE, present.id, arrival.entry, key, arrival.size, arrival.sha256)


def _holds(batch: _Batch, present: Instance) -> bool:
    entry = SpoolEntry.parse(present.spool_name)
    return present.gateway == batch.around.gateway and entry is not None and batch.around.holds_file(entry)


def _enter(batch: _Batch, fresh: Sequence[tuple[Arrival, ObjectHeader, Device]]) -> None:
    studies = _ensure_studies(batch, fresh)
    fitting = []
    for arrival, header, device in fresh:
        try:
            _check_study(batch, studies[header.identifiers.study_instance_uid], header, device)
            fitting.append((arrival, header))
        except Refused as refusal:
            _keep_aside(batch, arrival, refusal)
    series = _ensure_series(batch, fitting, studies)
    _enter_instances(batch, fitting, studies, series)


def _ensure_studies(batch: _Batch, fresh: Sequence[tuple[Arrival, ObjectHeader, Device]]) -> dict[str, Study]:
    session, now = batch.work.session, batch.work.now
    uids = sorted({header.identifiers.study_instance_uid for _, header, _ in fresh})
    known = set(session.execute(select(Study.study_instance_uid).where(Study.study_instance_uid.in_(uids))).scalars())
    first: dict[str, tuple[ObjectHeader, Device]] = {}
    for _, header, device in fresh:
        if header.identifiers.study_instance_uid not in known:
            first.setdefault(header.identifiers.study_instance_uid, (header, device))
    patients = ensure_patients(
        session, {uid: (told_patient(h, d.issuer), d.institution_id) for uid, (h, d) in first.items()}
    )
    new = [rows.new_study(header, device, patients[uid], now) for uid, (header, device) in sorted(first.items())]
    batch.new_studies.update(row.id for row in insert_missing(session, Study, new, Study.id))
    query = select(Study).where(Study.study_instance_uid.in_(uids)).order_by(Study.study_instance_uid)
    locked = query.options(joinedload(Study.patient, innerjoin=True)).with_for_update(of=Study)
    locked = locked.execution_options(populate_existing=True)
    return {study.study_instance_uid: study for study in session.execute(locked).scalars()}


def _check_study(batch: _Batch, study: Study, header: ObjectHeader, device: Device) -> None:
    if study.institution_id != device.institution_id:
        raise Refused(QuarantineReason.OTHER_INSTITUTION, "The study belongs to another institution.")
    if not belongs_to(batch.work.session, study, header, device.issuer):
        raise Refused(QuarantineReason.OTHER_PATIENT, "The study belongs to another patient.")


def _ensure_series(
    batch: _Batch, fitting: Sequence[tuple[Arrival, ObjectHeader]], studies: dict[str, Study]
) -> dict[str, Series]:
    first: dict[str, ObjectHeader] = {}
    for _, header in fitting:
        first.setdefault(header.identifiers.series_instance_uid, header)
    known = _series(batch, first)
    new = [
        rows.new_series(header, studies[header.identifiers.study_instance_uid])
        for uid, header in sorted(first.items())
        if uid not in known
    ]
    made = insert_missing(batch.work.session, Series, new, Series.study_id)
    by_id = {study.id: study for study in studies.values()}
    for row in made:
        by_id[row.study_id].series_count += 1
    return _series(batch, first) if new else known


def _series(batch: _Batch, uids: Iterable[str]) -> dict[str, Series]:
    query = select(Series).where(Series.series_instance_uid.in_(uids)).execution_options(populate_existing=True)
    return {series.series_instance_uid: series for series in batch.work.session.execute(query).scalars()}


def _enter_instances(
    batch: _Batch,
    fitting: Sequence[tuple[Arrival, ObjectHeader]],
    studies: dict[str, Study],
    series: dict[str, Series],
) -> None:
    entering: dict[str, tuple[Arrival, ObjectHeader]] = {}
    for arrival, header in fitting:
        study, place = studies[header.identifiers.study_instance_uid], series[header.identifiers.series_instance_uid]
        if place.study_id == study.id:
            entering[arrival.sop_instance_uid] = (arrival, header)
        else:
            _keep_aside(batch, arrival, Refused(QuarantineReason.OTHER_SERIES, "The series belongs to another study."))
    new = [
        rows.new_instance(
            arrival,
            header,
            series[header.identifiers.series_instance_uid],
            batch.around.gateway,
            batch.associations.get(arrival.entry.association_key),
            batch.work.now,
        )
        for _, (arrival, header) in sorted(entering.items())
    ]
    inserted = insert_missing(batch.work.session, Instance, new, Instance.sop_instance_uid, Instance.id)
    made = {row.sop_instance_uid: row.id for row in inserted}
    note_repairs(batch.work, batch.devices, [entering[uid] for uid in made])
    for uid, (arrival, header) in entering.items():
        if uid in made:
            place = series[header.identifiers.series_instance_uid]
            rows.count_in(batch.work, place, studies[header.identifiers.study_instance_uid], header)
            batch.jobs.append(_first_job(arrival, made[uid]))
        else:
            _catalogue_round(batch, [arrival])
    _join_associations(batch, [entering[uid] for uid in made], studies)


def _first_job(arrival: Arrival, instance_id: int) -> Job:
    key = object_key(RowKind.INSTANCE, arrival.sha256)
    return Job(arrival.next_step, RowKind.INSTANCE, instance_id, arrival.entry, key, arrival.size, arrival.sha256)


def _join_associations(
    batch: _Batch, entered: Sequence[tuple[Arrival, ObjectHeader]], studies: dict[str, Study]
) -> None:
    pairs = {
        (studies[header.identifiers.study_instance_uid].id, batch.associations[arrival.entry.association_key])
        for arrival, header in entered
        if arrival.entry.association_key in batch.associations
    }
    links = [{"study_id": study, "association_id": association} for study, association in sorted(pairs)]
    insert_missing(batch.work.session, StudyAssociation, links, StudyAssociation.study_id)
