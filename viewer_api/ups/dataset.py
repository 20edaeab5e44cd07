"""What a workitem says, as DICOM JSON (PS3.18 annex F) with the attributes of the Unified Procedure Step (PS3.4 table CC.2.5-3)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select

from reading_queue.documents.uids import DocumentKind, document_uid, series_uid
from reading_queue.projections import InputReadiness, UpsState, ups_priority
from storage.db.models import ExamOrder, Instance, Patient, Report, ReportFiling, ReportVersion, Series, User
from storage.db.session import UnitOfWork
from storage.domain.reading import Priority
from viewer_api.ups.steps import Work
from viewer_api.ups.workitems import Awaited, Workitem

DicomJson = dict[str, Any]

UPS_CLASS = "1.2.840.10008.5.1.4.34.6.1"
"""Unified Procedure Step - Push: the class that every workitem has (PS3.4 CC.1)."""

_WORK_CODES = {
    Work.READ: ("110005", "Interpretation"),
    Work.AUDIT: ("110007", "Report Verification"),
    Work.AMEND: ("110005", "Interpretation"),
}
_LABELS = {Work.READ: "影像诊断", Work.AUDIT: "报告审核", Work.AMEND: "报告修订"}
_SR, _PDF = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.104.1"
_OURS = "99COUNTYREAD"
_UNSPECIFIED = ("110513", "Discontinued for unspecified reason")


class Describing:
    """Describes workitems in one unit of work. `root` is the address of `/dicomweb`."""

    def __init__(self, work: UnitOfWork, root: str, zone: tzinfo) -> None:
        self._work = work
        self._root = root
        self._zone = zone
        self._people: dict[int, User] = {}

    def whole(self, item: Workitem | Awaited) -> DicomJson:
        """Everything, with a reference to every image."""
        if isinstance(item, Awaited):
            return self._awaited(item)
        return {**self.line(item), "00404021": sequence(self._inputs(item)), **self._performed(item)}

    def line(self, item: Workitem | Awaited) -> DicomJson:
        """For lists: without references to single images, and without what came of it."""
        if isinstance(item, Awaited):
            return self._awaited(item)
        task, study, step = item.case.task, item.case.task.study, item.step
        return {
            **_identity(item.uid),
            "00741000": value("CS", step.state),
            "00741200": value("CS", ups_priority(Priority(task.priority))),
            "00741202": value("LO", f"{step.work} {task.modality}"),
            "00741204": value("LO", f"{_LABELS[step.work]} {study.description}".strip()[:64]),
            "00404041": value("CS", step.readiness),
            "00404018": sequence([coded("DCM", *_WORK_CODES[step.work])]),
            "00404005": self._moment(step.began_at),
            "00404010": self._moment(step.changed_at),
            "00404011": self._moment(task.due_at),
            "00404034": sequence(self._scheduled_performers(item)),
            **_nothing("00404025", "00404026", "00404027", "00741210"),
            **self._patient(study.patient, item.case.task.institution.code),
            "0020000D": value("UI", study.study_instance_uid),
            "0040A370": sequence([self._request(item.case.order, study.study_instance_uid, study.accession_number)]),
            "00741002": sequence(self._progress(item)),
            **self._place_of(item),
        }

    def _awaited(self, item: Awaited) -> DicomJson:
        order = item.order
        state = UpsState.CANCELED if item.is_over else UpsState.SCHEDULED
        why = order.cancel_reason if item.is_over else ""
        return {
            **_identity(item.uid),
            "00741000": value("CS", state),
            "00741200": value("CS", ups_priority(Priority(order.priority))),
            "00741202": value("LO", item.request.label or f"{Work.READ} {order.modality}"),
            "00741204": value("LO", f"{_LABELS[Work.READ]} {order.procedure_description}".strip()[:64]),
            "00404041": value("CS", InputReadiness.INCOMPLETE),
            "00404018": sequence([coded("DCM", *_WORK_CODES[Work.READ])]),
            "00404005": self._moment(order.scheduled_at),
            "00404010": self._moment(item.request.ended_at or order.updated_at),
            **_nothing("00404021", "00404025", "00404026", "00404027", "00404034", "00741210", "00741216"),
            "00100010": person_name(order.patient_name),
            "00100020": value("LO", order.patient_id),
            "00100030": value("DA", order.birth_date.replace("-", "")),
            "00100040": value("CS", order.sex),
            "0020000D": value("UI", order.study_instance_uid),
            "0040A370": sequence([self._request(order, order.study_instance_uid, order.accession_number)]),
            "00741002": sequence([stopped(why)] if item.is_over else []),
        }

    def _patient(self, patient: Patient, institution: str) -> DicomJson:
        return {
            "00100010": person_name(patient.name),
            "00100020": value("LO", patient.patient_id),
            "00100021": value("LO", patient.issuer or institution),
            "00100030": value("DA", patient.birth_date.replace("-", "")),
            "00100040": value("CS", patient.sex),
            **_nothing("00101002"),
            "00380010": value("LO", None),
        }

    def _request(self, order: ExamOrder | None, study_uid: str, accession: str) -> DicomJson:
        about = {
            "0020000D": value("UI", study_uid),
            "00080050": value("SH", accession),
            "00400402": value("SH", None),
        }
        if order is None:
            return {**about, "00321060": value("LO", None), "00401001": value("SH", None), **_nothing("00321064")}
        code = [coded(_OURS, order.procedure_code, order.procedure_description)] if order.procedure_code else []
        return {
            **about,
            "00321060": value("LO", order.procedure_description),
            "00321064": sequence(code),
            "00401001": value("SH", order.accession_number),
            "00402016": value("LO", order.placer_order_number),
            "00402017": value("LO", order.filler_order_number),
            "00321032": person_name(order.referring_doctor),
            "00321033": value("LO", order.referring_department),
            "00401002": value("LO", order.diagnosis[:64]),
        }

    def _scheduled_performers(self, item: Workitem) -> Iterator[DicomJson]:
        """Whoever it is kept for, or has it in hand."""
        task = item.case.task
        key = item.step.performer_id
        if key is None and item.is_present and item.step.state == UpsState.SCHEDULED:
            key = task.preferred_reader_id
        if key is not None:
            yield self.performer(key)

    def performer(self, key: int) -> DicomJson:
        """A person, as Human Performer Code Sequence and name."""
        if key not in self._people:
            self._people[key] = self._work.session.get_one(User, key)
        person = self._people[key]
        return {
            "00404009": sequence([coded(_OURS, person.username, person.display_name)]),
            "00404037": person_name(person.display_name),
            "00404036": value("LO", person.institution.name),
        }

    def _progress(self, item: Workitem) -> Iterator[DicomJson]:
        claimed, last = item.step.claimed, item.step.changes[-1]
        if claimed is None:
            return
        if last.state == UpsState.CANCELED:
            yield stopped(last.reason)
            return
        yield {"00741004": value("DS", 100 if last.state == UpsState.COMPLETED else 0)}

    def _place_of(self, item: Workitem) -> DicomJson:
        if item.step.replaces is None:
            return {}
        replaced = {"00081150": value("UI", UPS_CLASS), "00081155": value("UI", item.case.uid_of(item.step.replaces))}
        return {"00741224": sequence([replaced])}

    def _inputs(self, item: Workitem) -> Iterator[DicomJson]:
        """A series an item, with where to get it."""
        study = item.case.task.study
        query = (
            select(Series.series_instance_uid, Instance.sop_class_uid, Instance.sop_instance_uid)
            .join(Instance, Instance.series_id == Series.id)
            .where(Series.study_id == study.id)
            .order_by(Series.id, Instance.number, Instance.id)
        )
        series: dict[str, list[tuple[str, str]]] = {}
        for uid, sop_class, sop in self._work.session.execute(query):
            series.setdefault(uid, []).append((sop_class, sop))
        for uid, objects in series.items():
            yield self._instances(study.study_instance_uid, uid, objects)

    def _instances(self, study: str, series: str, objects: Collection[tuple[str, str]]) -> DicomJson:
        """PS3.3 table 10-3b, Referenced Instances and Access Macro."""
        return {
            "0040E020": value("CS", "DICOM"),
            "0020000D": value("UI", study),
            "0020000E": value("UI", series),
            "00081199": sequence(
                {"00081150": value("UI", kind), "00081155": value("UI", uid)} for kind, uid in objects
            ),
            "0040E025": sequence([{"00081190": value("UR", f"{self._root}/studies/{study}/series/{series}")}]),
        }

    def _performed(self, item: Workitem) -> DicomJson:
        """Unified Procedure Step Performed Procedure Sequence, once it has been taken in hand."""
        step, claimed = item.step, item.step.claimed
        if claimed is None:
            return _nothing("00741216")
        done = step.state == UpsState.COMPLETED
        performer = [self.performer(step.performer_id)] if step.performer_id is not None else []
        performed = {
            "00404035": sequence(performer),
            "00404050": self._moment(claimed.at),
            "00404051": self._moment(step.changed_at if step.is_over else None),
            "00404019": sequence([coded("DCM", *_WORK_CODES[step.work])] if done else []),
            "00404033": sequence(self._outputs(item) if done else []),
            **_nothing("00404028", "00404029", "00404030"),
        }
        return {"00741216": sequence([performed])}

    def _outputs(self, item: Workitem) -> Iterator[DicomJson]:
        """The report that this step signed, as the documents that stand in the study; and where to fetch it printed."""
        version = self._signed_by(item)
        if version is None:
            return
        study = item.case.task.study.study_instance_uid
        filing = self._work.session.get(ReportFiling, version.id)
        if filing is not None and filing.filed_at is not None:
            for kind, sop_class in ((DocumentKind.REPORT, _SR), (DocumentKind.PAPER, _PDF)):
                series = series_uid(study, version.report_id, kind)
                yield self._instances(study, series, [(sop_class, document_uid(version.sha256, kind))])

    def _signed_by(self, item: Workitem) -> ReportVersion | None:
        """The version that was signed in the moment in which the step ended."""
        query = select(ReportVersion).join(Report, Report.id == ReportVersion.report_id)
        query = query.where(Report.task_id == item.case.task.id, ReportVersion.signed_at == item.step.changed_at)
        return self._work.session.execute(query.limit(1)).scalars().first()

    def _moment(self, moment: datetime | None) -> DicomJson:
        """DT with the county's offset from UTC (PS3.5 6.2)."""
        return value("DT", moment.astimezone(self._zone).strftime("%Y%m%d%H%M%S.%f%z") if moment else None)


def value(vr: str, *found: object) -> DicomJson:
    """An attribute; without a value when there is none."""
    present = [one for one in found if one is not None and one != ""]
    return (
        {"vr": vr, "Value": [one if isinstance(one, int | float) else str(one) for one in present]}
        if present
        else {"vr": vr}
    )


def person_name(name: str) -> DicomJson:
    if not name:
        return {"vr": "PN"}
    return {"vr": "PN", "Value": [{"Alphabetic" if name.isascii() else "Ideographic": name}]}


def coded(scheme: str, code: str, meaning: str) -> DicomJson:
    """A code sequence item (PS3.3 table 8.8-1)."""
    return {"00080100": value("SH", code), "00080102": value("SH", scheme), "00080104": value("LO", meaning)}


def sequence(items: Iterator[DicomJson] | Sequence[DicomJson]) -> DicomJson:
    found = list(items)
    return {"vr": "SQ", "Value": found} if found else {"vr": "SQ"}


def _nothing(*tags: str) -> DicomJson:
    """Sequences that are there and empty (type 2)."""
    return {tag: {"vr": "SQ"} for tag in tags}


def _identity(uid: str) -> DicomJson:
    return {
        "00080005": value("CS", "ISO_IR 192"),
        "00080016": value("UI", UPS_CLASS),
        "00080018": value("UI", uid),
    }


def stopped(reason: str) -> DicomJson:
    return {"00741238": value("LT", reason), "0074100E": sequence([coded("DCM", *_UNSPECIFIED)])}
