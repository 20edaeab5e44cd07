"""Workitems from outside (PS3.18 11.4): each becomes an order, whose study is read as soon as it has come."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import select

from storage.db.models import Institution, ReadingTask, Study, UpsRequest
from storage.db.session import UnitOfWork
from storage.domain.errors import BadRequest, Conflict, ReadAlready
from storage.domain.identifiers import is_valid_uid, new_uid
from storage.domain.modalities import modality_code
from storage.domain.orders import NewOrder, OrderContent
from storage.domain.reading import Priority
from storage.orders.placing import place_order
from viewer_api.ups.told import items, text
from viewer_api.ups.uids import read_uid
from viewer_api.ups.workitems import cases_of

_PRIORITIES = {"HIGH": Priority.P1, "MEDIUM": Priority.P2, "LOW": Priority.P3, "": Priority.P2}
_MOMENT = "%Y%m%d%H%M%S"
_LENGTH_OF_MOMENT = 14


def create(
    work: UnitOfWork, institution: Institution, dataset: Mapping[str, Any], uid: str, *, author: str, zone: tzinfo
) -> str:
    """The UID of the new workitem. Raises `BadRequest`, `InvalidField`, or `Conflict` when there is one already."""
    uid = _uid(work, uid or text(dataset, "00080018"))
    if text(dataset, "00741000") not in ("", "SCHEDULED"):
        raise BadRequest("A workitem is created as SCHEDULED (PS3.4 CC.2.5, status 0xC309).")
    if text(dataset, "00081195"):
        raise BadRequest("A workitem is created without a Transaction UID.")
    _refuse_known_study(work, dataset)
    new = _order(dataset, work.now, zone)
    order = place_order(work, institution, new, author=author, zone=zone)
    request = UpsRequest(
        institution_id=institution.id,
        workitem_uid=uid,
        order_id=order.id,
        label=text(dataset, "00741202")[:64],
        created_at=work.now,
        created_by=author,
    )
    work.session.add(request)
    work.session.flush()
    return uid


def _uid(work: UnitOfWork, given: str) -> str:
    if not given:
        return new_uid()
    if not is_valid_uid(given):
        raise BadRequest("The Affected SOP Instance UID is not a UID.")
    taken = select(UpsRequest.id).where(UpsRequest.workitem_uid == given)
    if read_uid(given) is not None or work.session.execute(taken).scalar_one_or_none() is not None:
        raise Conflict("There is a workitem with this UID already (status 0x0111).")
    return given


def _refuse_known_study(work: UnitOfWork, dataset: Mapping[str, Any]) -> None:
    """A ready study has exactly one open task for each reading step, and got it without being asked."""
    uid = study_of(dataset)
    if not uid:
        return
    query = select(ReadingTask.id).join(Study, Study.id == ReadingTask.study_id).where(Study.study_instance_uid == uid)
    task = work.session.execute(query.order_by(ReadingTask.id.desc()).limit(1)).scalar_one_or_none()
    if task is not None:
        raise ReadAlready(next(iter(cases_of(work, [task]))).workitems[-1].uid)
    if work.session.execute(select(Study.id).where(Study.study_instance_uid == uid)).scalar_one_or_none() is not None:
        raise Conflict("The study is being received; it gets its workitem as soon as it is whole.")


def study_of(dataset: Mapping[str, Any]) -> str:
    """The study that is to be read: of the images, or of the request."""
    for tag in ("00404021", "0040A370"):
        for item in items(dataset, tag):
            if uid := text(item, "0020000D"):
                return uid
    return text(dataset, "0020000D")


def _order(dataset: Mapping[str, Any], now: datetime, zone: tzinfo) -> NewOrder:
    request: Mapping[str, Any] = next(items(dataset, "0040A370"), {})
    code: Mapping[str, Any] = next(items(request, "00321064"), {})
    priority = text(dataset, "00741200")
    if priority not in _PRIORITIES:
        raise BadRequest("Scheduled Procedure Step Priority is HIGH, MEDIUM or LOW.")
    content = OrderContent(
        text(dataset, "00100020"),
        text(dataset, "00100010"),
        _modality(dataset),
        _moment(text(dataset, "00404005"), now, zone),
        sex=text(dataset, "00100040"),
        birth_date=text(dataset, "00100030"),
        procedure_code=text(code, "00080100"),
        procedure_description=text(request, "00321060") or text(code, "00080104") or text(dataset, "00741204"),
        priority=_PRIORITIES[priority],
        referring_doctor=text(request, "00321032"),
        referring_department=text(request, "00321033"),
        diagnosis=text(request, "00401002"),
        clinical_information=text(dataset, "00400400"),
    )
    return NewOrder(
        content,
        accession_number=text(request, "00080050"),
        placer_order_number=text(request, "00402016"),
        filler_order_number=text(request, "00402017"),
        study_instance_uid=study_of(dataset),
    )


def _modality(dataset: Mapping[str, Any]) -> str:
    """Modality itself, the class of the station (CID 29), or the last word of the label."""
    stations = [text(one, "00080100") for one in items(dataset, "00404026")]
    label = text(dataset, "00741202").rpartition(" ")[2]
    for one in (text(dataset, "00080060"), *stations, label):
        if one and modality_code(one):
            return one
    raise BadRequest("The modality is missing: Modality, Scheduled Station Class Code Sequence, or the Worklist Label.")


def _moment(told: str, now: datetime, zone: tzinfo) -> datetime:
    """DT (PS3.5 6.2); without an offset it is the county's time."""
    if not told:
        return now
    digits, sign, offset = told, "", ""
    for mark in ("+", "-"):
        if mark in told:
            digits, sign, offset = told.partition(mark)
    try:
        moment = datetime.strptime(digits.partition(".")[0].ljust(_LENGTH_OF_MOMENT, "0"), _MOMENT).replace(tzinfo=zone)
        return datetime.strptime(f"{digits[:14]}{sign}{offset}", f"{_MOMENT}%z").astimezone(UTC) if sign else moment
    except ValueError:
        raise BadRequest(
            "Scheduled Procedure Step Start DateTime is YYYYMMDDHHMMSS, with or without an offset."
        ) from None
