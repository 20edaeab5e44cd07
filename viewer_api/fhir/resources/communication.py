"""Communication: a critical value, told to the clinic and read back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from storage.db.models import CriticalCase, CriticalEvent, ReadingTask, Study
from storage.domain.critical import CaseState, Method
from viewer_api.fhir.kinds import Context, Found, Kind, coded, linked, moment, points
from viewer_api.fhir.terms import CRITICAL_FINDINGS, Resource, coding, concept, instant, present, pruned, reference

STATUSES: Mapping[CaseState, str] = {
    CaseState.SUSPECTED: "preparation",
    CaseState.CONFIRMED: "preparation",
    CaseState.NOTIFIED: "in-progress",
    CaseState.ACKED: "completed",
    CaseState.TREATED: "completed",
    CaseState.CLOSED: "completed",
    CaseState.FALSE_ALARM: "entered-in-error",
}
"""States of a critical value in the words of event-status."""

_CATEGORIES = "http://terminology.hl7.org/CodeSystem/communication-category"
_MODES = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
_MEDIA = {Method.IN_APP: "ELECTRONIC", Method.PHONE: "PHONE", Method.IN_PERSON: "FACE"}


def _query() -> Select[CriticalCase]:
    return select(CriticalCase).options(joinedload(CriticalCase.study))


def _rendered(context: Context, found: Sequence[Found]) -> list[Resource]:
    reports = _reports(context, [one.row.study_id for one in found])
    return [_communication(one.row, reports.get(one.row.study_id)) for one in found]


def _communication(case: CriticalCase, report: int | None) -> Resource:
    medium = _MEDIA.get(Method(case.method)) if case.method else None
    return pruned(
        {
            "resourceType": "Communication",
            "id": str(case.id),
            "meta": {"versionId": str(case.version)},
            "partOf": present([reference("DiagnosticReport", report)]),
            "status": STATUSES[CaseState(case.state)],
            "category": [concept(coding(_CATEGORIES, "alert", "Alert"))],
            "priority": "stat",
            "medium": [concept(coding(_MODES, medium))] if medium else [],
            "subject": reference("Patient", case.study.patient_id),
            "about": [reference("ImagingStudy", case.study_id)],
            "sent": instant(case.notified_at),
            "received": instant(case.acked_at),
            "recipient": [reference("Organization", case.institution_id, case.receiver)],
            "sender": reference("Practitioner", case.confirmed_by_id, case.notifier),
            "reasonCode": [concept(coding(CRITICAL_FINDINGS, case.code, case.name), text=case.name)],
            "payload": [{"contentString": case.finding or case.name}],
        }
    )


def _reports(context: Context, study_ids: Collection[int]) -> dict[int, int]:
    query = select(ReadingTask.study_id, func.max(ReadingTask.id)).where(
        ReadingTask.study_id.in_(study_ids), ~ReadingTask.independent
    )
    found: dict[int, int] = dict(context.work.session.execute(query.group_by(ReadingTask.study_id)).all())
    return found


def _patients() -> Select[Any, Any]:
    return select(CriticalCase.id, Study.patient_id).join(Study, Study.id == CriticalCase.study_id)


def _parts() -> Select[Any, Any]:
    own = and_(ReadingTask.study_id == CriticalCase.study_id, ~ReadingTask.independent)
    return select(CriticalCase.id, func.max(ReadingTask.id)).join(ReadingTask, own).group_by(CriticalCase.id)


_LAST_EVENT = (
    select(CriticalEvent.at)
    .where(and_(CriticalEvent.case_id == CriticalCase.id, CriticalEvent.seq == CriticalCase.version))
    .correlate(CriticalCase)
    .scalar_subquery()
)
_STATES = {word: {state for state, one in STATUSES.items() if one == word} for word in STATUSES.values()}

COMMUNICATION = Kind(
    "Communication",
    "Critical values: who was told of what, when, and when it was read back",
    _query,
    CriticalCase.id,
    _rendered,
    (
        coded("status", "preparation, in-progress, completed, entered-in-error", CriticalCase.state, _STATES),
        linked("patient", "whose it is", "Patient", CriticalCase.id, _patients),
        linked("subject", "whose it is", "Patient", CriticalCase.id, _patients),
        moment("sent", "when the clinic was told", CriticalCase.notified_at),
        moment("received", "when the clinic read it back", CriticalCase.acked_at),
        points("recipient", "the clinic", "Organization", CriticalCase.institution_id),
        points("sender", "who confirmed it", "Practitioner", CriticalCase.confirmed_by_id),
        linked("part-of", "the report", "DiagnosticReport", CriticalCase.id, _parts),
    ),
    updated=func.coalesce(_LAST_EVENT, CriticalCase.state_since),
    sorts={"sent": func.coalesce(CriticalCase.notified_at, CriticalCase.suspected_at)},
    subject="critical",
    audited_as="critical_opened",
)
