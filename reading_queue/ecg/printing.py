"""ECGs ready to print: those of a study as it is now, and those that a signed version says it was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from reading_queue.ecg.dicom import recording_of
from reading_queue.ecg.signed import MOST, values_of
from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.ecg.filters import FilterChoice
from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.report_pdf.ecg import EcgLook, PrintedEcg
from storage.db.models import EcgMeasurement, Instance
from storage.db.queries import ecg as queries
from storage.db.session import UnitOfWork
from storage.domain.errors import ChecksumMismatch, ObjectNotFound, UnreadableEcg
from storage.ingest.ecg.recording import Recording
from storage.objects import ObjectStore


@dataclass(frozen=True)
class EcgSource:
    """An ECG object with what was measured in it, known before its samples are read.

    `object_key` is empty where the archive has not got it any more, or has another object in its place.
    """

    object_key: str
    look: EcgLook
    device: Mapping[str, Any]
    measured: Mapping[str, Any]
    engine: str


def sources_of(work: UnitOfWork, study_id: int, look: EcgLook, only: str = "") -> list[EcgSource]:
    """The study's ECGs as they are now; `only` is the SOP Instance UID of the one that is wanted."""
    rows = queries.latest_measurements(work, study_id)
    wanted = [one for one in queries.ecg_instances(work, study_id) if only in ("", one.sop_instance_uid)]
    return [_source(one, rows.get(one.id), look) for one in wanted[:MOST]]


def sources_of_version(work: UnitOfWork, content: Mapping[str, Any]) -> list[EcgSource]:
    """The ECGs that a signed version names; nothing that came or was measured since changes them."""
    told: Sequence[Mapping[str, Any]] = content.get("ecgs", [])
    query = select(Instance).where(Instance.sop_instance_uid.in_([one["sop_instance_uid"] for one in told]))
    known = {one.sop_instance_uid: one for one in work.session.execute(query).scalars()} if told else {}
    return [
        EcgSource(
            _key_of(known.get(one["sop_instance_uid"]), one["sha256"]),
            _look_of(one["look"]),
            one["device"],
            one["measured"],
            one["engine"],
        )
        for one in told
    ]


def printed_ecgs(store: ObjectStore, sources: Sequence[EcgSource]) -> list[PrintedEcg]:
    """With their samples. What the archive has lost is told on paper. Raises `StoreUnavailable`."""
    return [
        PrintedEcg(
            _recording(store, one.object_key), one.look, one.device, one.measured, one.engine, number, len(sources)
        )
        for number, one in enumerate(sources, start=1)
    ]


def _source(instance: Instance, row: EcgMeasurement | None, look: EcgLook) -> EcgSource:
    return EcgSource(instance.object_key, look, *values_of(row))


def _look_of(told: Mapping[str, Any]) -> EcgLook:
    return EcgLook(told["layout"], told["speed"], told["gain"], FilterChoice(**told["filters"]), told["start_s"])


def _key_of(instance: Instance | None, sha256: str) -> str:
    return instance.object_key if instance is not None and instance.sha256 == sha256 else ""


def _recording(store: ObjectStore, object_key: str) -> Recording | None:
    if not object_key:
        return None
    try:
        with store.open(object_key) as stream:
            return recording_of(read_dataset(stream))
    except (ObjectNotFound, ChecksumMismatch, UnreadableEcg, UndecodableImage):
        return None
