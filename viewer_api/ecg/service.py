"""Measured ECGs as the interface shows them."""

from typing import Any

from reading_queue.ecg.dicom import recording_of
from reading_queue.preprocessing.decoding import read_dataset
from reading_queue.preprocessing.errors import UndecodableImage
from reading_queue.service.actors import Actor
from storage.db.models import EcgMarks, EcgMeasurement, Instance
from storage.db.queries import ecg as queries
from storage.db.queries.studies import study_by_uid
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound, UnreadableEcg
from storage.ingest.ecg.recording import Recording
from storage.objects import ObjectStore
from viewer_api.ecg.physician import physician_out, physicians_of
from viewer_api.ecg.schemas import DeviceValuesOut, EcgOut, EcgRecordingOut, EngineOut, SuggestionOut, SuspicionOut


def ecgs_of(work: UnitOfWork, study_instance_uid: str, actor: Actor) -> list[EcgOut]:
    """The ECG recordings of a study, measured or not. Raises `NotFound` for a study out of scope."""
    study = study_by_uid(work, study_instance_uid)
    rows, long = queries.latest_measurements(work, study.id), queries.long_instances(work, study.id)
    kept = physicians_of(work, study.id, actor)
    return [
        _ecg(study_instance_uid, one, rows.get(one.id), kept.get(one.id), is_long=one.id in long)
        for one in queries.ecg_instances(work, study.id)
    ]


def started_at_of(work: UnitOfWork, instance_id: int) -> str | None:
    """When a recording began, as the device wrote it; None while it is not measured."""
    row = queries.latest_measurement(work, instance_id)
    return row.document["recording"]["started_at"] if row is not None and row.document else None


def ecg_instance(work: UnitOfWork, study_instance_uid: str, sop_instance_uid: str) -> Instance:
    """Raise `NotFound` when the study has no such ECG."""
    study = study_by_uid(work, study_instance_uid)
    for one in queries.ecg_instances(work, study.id):
        if one.sop_instance_uid == sop_instance_uid:
            return one
    raise NotFound("The study has no such ECG.")


def read_recording(store: ObjectStore, object_key: str) -> Recording:
    """The samples of a stored object. Raises `UnreadableEcg`."""
    with store.open(object_key) as stream:
        try:
            return recording_of(read_dataset(stream))
        except UndecodableImage as error:
            raise UnreadableEcg("The object cannot be read as DICOM.") from error


def _ecg(
    study_instance_uid: str,
    instance: Instance,
    row: EcgMeasurement | None,
    kept: EcgMarks | None,
    *,
    is_long: bool,
) -> EcgOut:
    uid = instance.sop_instance_uid
    path = f"/api/v1/studies/{study_instance_uid}/ecg/{uid}"
    common: dict[str, Any] = {
        "sop_instance_uid": uid,
        "series_instance_uid": instance.series.series_instance_uid,
        "samples_url": f"{path}/samples",
        "long_url": f"{path}/long" if is_long else None,
    }
    if row is None or row.state != queries.DONE:
        refused = row.refusal if row else ""
        return EcgOut(**common, state="refused" if refused else "pending", refused=refused)
    document = row.document
    return EcgOut(
        **common,
        state="done",
        measured_at=row.measured_at,
        recording=EcgRecordingOut(**document["recording"]),
        device=DeviceValuesOut(**row.device),
        measured=EngineOut(**document["measurements"]),
        physician=physician_out(kept, row) if kept else None,
        suggestions=[SuggestionOut(**one) for one in document["suggestions"]],
        suspicions=[SuspicionOut(**one) for one in document["suspicions"]],
    )
