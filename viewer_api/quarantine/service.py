"""The desk as the interface shows it, and decisions carried out."""

from collections.abc import Sequence
from typing import Any

from reading_queue import desk, replacing
from reading_queue.desk import Wish
from storage.db.models import Institution, Quarantine
from storage.db.queries import quarantine
from storage.db.queries.quarantine import Kept, Line
from storage.db.session import UnitOfWork
from storage.domain.errors import CountyReadError
from storage.domain.studies import Decision, InstanceState, PixelFinding, QuarantineReason
from storage.ingest.rules import DeviceRules
from storage.ingest.times import time_zone
from viewer_api.auth.service import Caller
from viewer_api.quarantine.schemas import (
    BulkIn,
    BulkOut,
    PresentOut,
    QuarantineDetail,
    QuarantineOut,
    RefusalOut,
    ResendOut,
)
from viewer_api.schemas import PatientOut, patient_of, patient_out
from viewer_api.services import Services

_AT_ONCE = 100
_PLAIN = ("id", "detail", "ae_title", "sop_instance_uid", "study_instance_uid", "size", "received_at", "attempts")
_LATER = ("pixels_detail", "resolved_at", "resolution", "keep_until", "purged_at")


def line_out(row: Quarantine, institution: Institution | None) -> QuarantineOut:
    """An object as a line of the list."""
    return QuarantineOut(**_line(row, institution))


def detail_out(work: UnitOfWork, row: Quarantine, institution: Institution | None) -> QuarantineDetail:
    """An object with what it conflicts with."""
    return QuarantineDetail(
        **_line(row, institution),
        present=_present(work, row),
        decisions=_decisions(row),
        same_study=_waiting(work, Kept(study_instance_uid=row.study_instance_uid)) if row.study_instance_uid else 1,
        same_device=_waiting(work, Kept(ae_title=row.ae_title)),
    )


def resends_out(lines: Sequence[Line]) -> list[ResendOut]:
    """One line for each study of a clinic, with the number of its objects."""
    first: dict[tuple[int | None, str], Line] = {}
    counts: dict[tuple[int | None, str], int] = {}
    for row, place in lines:
        key = (row.institution_id, row.study_instance_uid or row.sop_instance_uid)
        first.setdefault(key, (row, place))
        counts[key] = counts.get(key, 0) + 1
    return [_resend(row, place, counts[key]) for key, (row, place) in first.items()]


def carry_out(services: Services, caller: Caller, quarantine_id: int, wish: Wish) -> None:
    """Decide on one object and do what that means. Raises what the decision raises."""
    database, store, actor = services.database, services.store, caller.actor
    if wish.decision is Decision.TAKE_IN:
        desk.take_in(database, store, services.intake.door().spool, actor, quarantine_id, wish)
    elif wish.decision is Decision.REPLACE:
        rules = DeviceRules(database, time_zone(services.settings.time_zone))
        rules.refresh()
        replacing.replace_instance(database, store, actor, quarantine_id, wish, rules.of)
    else:
        with database.write() as work:
            desk.decide(work, actor, quarantine_id, wish)


def carry_out_all(services: Services, caller: Caller, body: BulkIn) -> BulkOut:
    """One decision for all that waits of a study or device, each object on its own."""
    wanted = Kept(body.reason or "", body.study_instance_uid, body.ae_title)
    with services.database.read() as work:
        ids = quarantine.waiting_ids(work, wanted, _AT_ONCE)
    done, refused = [], []
    for one in ids:
        try:
            carry_out(services, caller, one, body.wish())
            done.append(one)
        except CountyReadError as error:
            refused.append(RefusalOut(id=one, code=error.code, detail=error.message))
    with services.database.read() as work:
        left = len(quarantine.waiting_ids(work, wanted, _AT_ONCE, after=ids[-1])) if ids else 0
    return BulkOut(done=done, refused=refused, left=left)


def _line(row: Quarantine, institution: Institution | None) -> dict[str, Any]:
    told = row.told or {}
    return {
        **{name: getattr(row, name) for name in _PLAIN + _LATER},
        "reason": QuarantineReason(row.reason),
        "institution": institution.code if institution else None,
        "institution_name": institution.name if institution else "",
        "institution_name_en": institution.name_en if institution else "",
        "modality": str(told.get("modality") or ""),
        "description": str(told.get("description") or ""),
        "exam_started_at": told.get("exam_started_at"),
        "patient": _told_patient(row),
        "pixels": PixelFinding(row.pixels) if row.pixels else None,
        "decision": Decision(row.decision) if row.decision else None,
        "carried": row.carried_at is not None,
    }


def _told_patient(row: Quarantine) -> PatientOut | None:
    if not row.told:
        return None
    names = ("patient_id", "name", "sex", "birth_date")
    patient_id, name, sex, birth_date = (str(row.told.get(name) or "") for name in names)
    return patient_of(patient_id, name, sex, birth_date, row.received_at)


def _present(work: UnitOfWork, row: Quarantine) -> PresentOut | None:
    found = quarantine.present_study(work, row)
    if found is None:
        return None
    study, has_object = found
    return PresentOut(
        study_instance_uid=study.study_instance_uid,
        institution=study.institution.code,
        institution_name=study.institution.name,
        institution_name_en=study.institution.name_en,
        patient=patient_out(study.patient, study.exam_started_at or study.first_received_at),
        modality=study.modality,
        description=study.description,
        exam_started_at=study.exam_started_at,
        instances=study.instance_count,
        has_object=has_object,
        has_signed_report=replacing.has_signed_report(work, study.study_instance_uid),
    )


def _decisions(row: Quarantine) -> list[Decision]:
    """What may be decided on it now."""
    if row.resolved_at is not None or row.purged_at is not None:
        return []
    always = [Decision.RESEND, Decision.KEPT, Decision.DISCARDED]
    if row.state != InstanceState.STORED:
        return always
    replaceable = [Decision.REPLACE] if row.reason == QuarantineReason.OTHER_BYTES else []
    return [Decision.TAKE_IN, *replaceable, *always]


def _waiting(work: UnitOfWork, wanted: Kept) -> int:
    return quarantine.count_kept(work, wanted)


def _resend(row: Quarantine, place: Institution | None, count: int) -> ResendOut:
    line = _line(row, place)
    _, _, note = row.resolution.partition(": ")
    assert row.resolved_at is not None, "the list holds what was decided on"
    return ResendOut(
        study_instance_uid=row.study_instance_uid,
        institution=line["institution"] or "",
        ae_title=row.ae_title,
        reason=line["reason"],
        modality=line["modality"],
        description=line["description"],
        patient=line["patient"],
        note=note,
        objects=count,
        asked_at=row.resolved_at,
    )
