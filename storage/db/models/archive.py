"""What arrived: associations, patients, studies, series, instances, quarantine, and pictures made from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db.models.base import Base, CompactJson, InstitutionScoped, Key
from storage.db.models.organisation import Device, Institution

_IS_DUE_ONCE = text("ready_check_at IS NOT NULL")
_NOT_COMPARED = text("compared_at IS NULL")
_UNDECIDED = text("resolved_at IS NULL")
_PREFIX = "text_pattern_ops"
"""PostgreSQL then finds what begins with something by the index, whatever the language of the database."""


def _when_received(context: DefaultExecutionContext) -> datetime:
    received_at: datetime = context.get_current_parameters()["last_received_at"]  # type: ignore[no-untyped-call]
    return received_at


class Association(Base):
    """One association of a device with a gateway; open while `ended_at` is null and the gateway's heartbeat is fresh.

    `key` is given by the gateway, so that the row can be written after the fact when the database was away. `released` says
    that the sender ended it in order (PS3.8 7.2); one that was aborted, cut or lost was not.
    """

    __tablename__ = "association"
    __table_args__ = (Index("ix_association_device_id_started_at", "device_id", "started_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    gateway: Mapped[str] = mapped_column(index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    address: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    released: Mapped[bool] = mapped_column(default=False, server_default=false())
    received: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class StudyAssociation(Base):
    """Which associations have brought something to which study."""

    __tablename__ = "study_association"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("association.id"), primary_key=True, index=True)


class Patient(InstitutionScoped, Base):
    """A person as one institution numbers him: identity is (issuer, ID), since every clinic counts from 1.

    `issuer` is who gave the ID: empty means the institution itself (`storage.domain.patients.issuer_of`); `told_issuer` is
    what the object says. Everything is kept as first told. `fingerprint` (name, sex, birth date) keeps apart two people who
    were given the same ID. `pinyin` (zhangsan) and `initials` (zs) are for search, `person_key` and `swapped_key` for
    finding candidates; they are filled in when the row is compared with the others, at `compared_at`.
    """

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("institution_id", "patient_id", "fingerprint"),
        Index("uq_patient_identity", "institution_id", "issuer", "patient_id", "fingerprint", unique=True),
        Index("ix_patient_patient_id_issuer", "patient_id", "issuer"),
        Index("ix_patient_patient_id", "patient_id", postgresql_ops={"patient_id": _PREFIX}),
        Index("ix_patient_name", "name", postgresql_ops={"name": _PREFIX}),
        Index("ix_patient_pinyin", "pinyin", postgresql_ops={"pinyin": _PREFIX}),
        Index("ix_patient_initials", "initials", postgresql_ops={"initials": _PREFIX}),
        Index("ix_patient_not_compared", "id", sqlite_where=_NOT_COMPARED, postgresql_where=_NOT_COMPARED),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issuer: Mapped[str] = mapped_column(default="", server_default="")
    told_issuer: Mapped[str] = mapped_column(default="", server_default="")
    patient_id: Mapped[str]
    name: Mapped[str]
    sex: Mapped[str]
    birth_date: Mapped[str]
    national_id: Mapped[str] = mapped_column(default="", server_default="", index=True)
    phone: Mapped[str] = mapped_column(default="", server_default="")
    fingerprint: Mapped[str] = mapped_column(default="")
    pinyin: Mapped[str] = mapped_column(default="", server_default="")
    initials: Mapped[str] = mapped_column(default="", server_default="")
    person_key: Mapped[str] = mapped_column(default="", server_default="", index=True)
    swapped_key: Mapped[str] = mapped_column(default="", server_default="", index=True)
    compared_at: Mapped[datetime | None]


class Study(InstitutionScoped, Base):
    """A study. `modality` is the one it is read as; `exam_started_at` starts the regulator's clock (A).

    While it is RECEIVING, since `receiving_since`, it is looked at again at `ready_check_at`, and `waiting_for` says what
    keeps it back (`storage.domain.readiness`); `ready_reason` says why it was opened, `ready_instance_id` is the newest
    instance that it had then. Of `expected_count` objects that were named or announced, `missing_count` have not come;
    `stated_count` is what its own objects say (0020,1208).

    `study_date` to `patient_name` are as its first object tells them, for C-FIND: DA, TM, SH, and PN with all its groups;
    the two `name_` columns are what names are matched by (`storage.ingest.study_keys`).

    The counts are of what came; the two that start with `own_` of what was added here (`Instance.written_here`).
    """

    __tablename__ = "study"
    __table_args__ = (
        Index("ix_study_state_last_received_at", "state", "last_received_at"),
        Index("ix_study_rendition_state", "rendition_state", "id"),
        Index("ix_study_institution_id_id", "institution_id", "id"),
        Index("ix_study_ready_check_at", "ready_check_at", sqlite_where=_IS_DUE_ONCE, postgresql_where=_IS_DUE_ONCE),
        Index("ix_study_study_date", "study_date", "id"),
        Index("ix_study_institution_id_study_date", "institution_id", "study_date", "id"),
        Index("ix_study_accession_number", "accession_number", postgresql_ops={"accession_number": _PREFIX}),
        Index("ix_study_name_alphabetic", "name_alphabetic", postgresql_ops={"name_alphabetic": _PREFIX}),
        Index("ix_study_name_ideographic", "name_ideographic", postgresql_ops={"name_ideographic": _PREFIX}),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_instance_uid: Mapped[str] = mapped_column(unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    modality: Mapped[str]
    body_part: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    accession_number: Mapped[str] = mapped_column(default="")
    priority: Mapped[str]
    state: Mapped[str]
    study_date: Mapped[str] = mapped_column(default="", server_default="")
    study_time: Mapped[str] = mapped_column(default="", server_default="")
    dicom_study_id: Mapped[str] = mapped_column(default="", server_default="")
    referring_physician: Mapped[str] = mapped_column(default="", server_default="")
    patient_name: Mapped[str] = mapped_column(default="", server_default="")
    name_alphabetic: Mapped[str] = mapped_column(default="", server_default="")
    name_ideographic: Mapped[str] = mapped_column(default="", server_default="")
    exam_started_at: Mapped[datetime | None]
    first_received_at: Mapped[datetime]
    last_received_at: Mapped[datetime]
    receiving_since: Mapped[datetime | None] = mapped_column(default=_when_received)
    ready_check_at: Mapped[datetime | None] = mapped_column(default=_when_received)
    ready_at: Mapped[datetime | None]
    ready_reason: Mapped[str] = mapped_column(default="", server_default="")
    ready_instance_id: Mapped[int | None]
    waiting_for: Mapped[str] = mapped_column(default="", server_default="")
    missing_count: Mapped[int] = mapped_column(default=0, server_default="0")
    expected_count: Mapped[int | None]
    stated_count: Mapped[int | None]
    series_count: Mapped[int] = mapped_column(default=0)
    instance_count: Mapped[int] = mapped_column(default=0)
    own_series_count: Mapped[int] = mapped_column(default=0, server_default="0")
    own_instance_count: Mapped[int] = mapped_column(default=0, server_default="0")
    rendition_state: Mapped[str]
    rendition_attempts: Mapped[int] = mapped_column(default=0)
    rendition_tried_at: Mapped[datetime | None]
    rendition_error: Mapped[str] = mapped_column(default="")

    patient: Mapped[Patient] = relationship()
    institution: Mapped[Institution] = relationship()
    device: Mapped[Device | None] = relationship()


class Series(InstitutionScoped, Base):
    """A series. `stated_counts` is how many objects it has as they say: in all (0020,1209), under the key "series", and in
    each acquisition (0020,1002), under its number (0020,0012), "0" when it has none.
    """

    __tablename__ = "series"
    __table_args__ = (Index("ix_series_modality_study_id", "modality", "study_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    series_instance_uid: Mapped[str] = mapped_column(unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    modality: Mapped[str]
    number: Mapped[int | None]
    description: Mapped[str] = mapped_column(default="")
    body_part: Mapped[str] = mapped_column(default="")
    laterality: Mapped[str] = mapped_column(default="")
    instance_count: Mapped[int] = mapped_column(default=0)
    stated_counts: Mapped[dict[str, Any] | None]
    written_here: Mapped[bool] = mapped_column(default=False, server_default=false())

    study: Mapped[Study] = relationship()


class Instance(InstitutionScoped, Base):
    """An object. `header` is its metadata as DICOM JSON (PS3.18 F) without bulk data, for viewers and rules.

    `dataset_digest` is over the data set as received, without file meta information: equal means the same object again.
    `object_key` names the whole Part 10 file in the object store; `spool_name` names it in the spool of `gateway` until then.
    `written_here` marks what the archive itself added, signed reports and key images: nobody waits for it or reads it.
    `rejection_id` names the `RejectionNote` that says that it is not to be used.
    """

    __tablename__ = "instance"
    __table_args__ = (
        Index("ix_instance_series_id_number", "series_id", "number"),
        Index("ix_instance_state_gateway", "state", "gateway"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sop_instance_uid: Mapped[str] = mapped_column(unique=True)
    sop_class_uid: Mapped[str]
    transfer_syntax_uid: Mapped[str]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("association.id"))
    number: Mapped[int | None]
    frames: Mapped[int] = mapped_column(default=1)
    rows: Mapped[int | None]
    columns: Mapped[int | None]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    dataset_digest: Mapped[str]
    object_key: Mapped[str]
    state: Mapped[str]
    gateway: Mapped[str]
    spool_name: Mapped[str]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
    header: Mapped[dict[str, Any]] = mapped_column(CompactJson)
    charset_repair: Mapped[str] = mapped_column(default="")
    written_here: Mapped[bool] = mapped_column(default=False, server_default=false())
    rejection_id: Mapped[int | None]

    series: Mapped[Series] = relationship()


class Quarantine(Base):
    """An object kept aside with the reason, for a person to decide on. Its bytes live in the object store like any other's.

    `told` is what it says of itself (`storage.ingest.quarantine`). `decision` is a `storage.domain.studies.Decision`;
    `carried_at` is when an object to be taken in was put back into a spool. The bytes go at `keep_until`, and are gone
    since `purged_at`. `pixels` is what comparing them with the object in the archive found (`PixelFinding`).
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        # SQLite cannot rename a constraint, so it keeps the name that it was made with.
        UniqueConstraint("reason", "dataset_digest", "ae_title", name="uq_quarantine_reason_dataset_sha256_ae_title"),
        Index("ix_quarantine_undecided", "id", sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reason: Mapped[str]
    detail: Mapped[str]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    ae_title: Mapped[str]
    sop_instance_uid: Mapped[str] = mapped_column(default="", index=True)
    study_instance_uid: Mapped[str] = mapped_column(default="", index=True)
    size: Mapped[int]
    sha256: Mapped[str]
    dataset_digest: Mapped[str]
    object_key: Mapped[str]
    state: Mapped[str]
    gateway: Mapped[str]
    spool_name: Mapped[str]
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(default="")
    told: Mapped[dict[str, Any] | None]
    decision: Mapped[str] = mapped_column(default="", server_default="")
    decided_by_id: Mapped[int | None]
    carried_at: Mapped[datetime | None]
    keep_until: Mapped[datetime | None] = mapped_column(index=True)
    purged_at: Mapped[datetime | None]
    pixels: Mapped[str] = mapped_column(default="", server_default="")
    pixels_detail: Mapped[str] = mapped_column(default="", server_default="")
    pixels_tried_at: Mapped[datetime | None]


class Rendition(InstitutionScoped, Base):
    """A picture made from one instance, one per series and kind; it stands for the series in lists."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("series_id", "kind"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"))
    kind: Mapped[str]
    media_type: Mapped[str]
    object_key: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[datetime]
