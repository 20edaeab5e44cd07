"""Critical values as the interface shows them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from reading_queue.critical import telling
from reading_queue.critical.indicators import CaseRecord, Rate, by_month, counted_cases, rates, records_between
from reading_queue.critical.lists import FindingList
from reading_queue.critical.rules import CRITICAL_VALUES
from reading_queue.critical.stepping import allowed_actions, chain_faults, rules_of
from reading_queue.rulebook import in_force
from storage.db.models import CriticalCase, CriticalEvent, Institution, ReadingTask, User
from storage.db.queries.critical import events_of_case, get_case
from storage.db.session import UnitOfWork
from storage.domain.critical import CaseAction, CaseState, Method
from viewer_api.auth.service import Caller
from viewer_api.critical.schemas import (
    CaseDetail,
    CaseEventOut,
    CaseOut,
    CountedOut,
    CountedQuery,
    FindingListOut,
    FindingLists,
    FindingOut,
    IndicatorOut,
    Indicators,
    LadderOut,
    Line,
    MonthRateOut,
    RateOut,
    SpanQuery,
    ThresholdOut,
)
from viewer_api.schemas import or_empty, patient_out


def cases_out(work: UnitOfWork, cases: Sequence[CriticalCase], caller: Caller) -> list[CaseOut]:
    """Cases as lines."""
    return [CaseOut(**line) for line in _lines(work, cases, caller)]


def case_detail(work: UnitOfWork, case_id: int, caller: Caller) -> CaseDetail:
    """A case with its record. Raises `NotFound`."""
    case = get_case(work, case_id)
    events = events_of_case(work, case.id)
    return CaseDetail(
        **_lines(work, [case], caller)[0],
        events=[_event_out(event) for event in events],
        intact=not chain_faults(events),
        ladder=_ladder(work, case),
    )


def lists_out(work: UnitOfWork, modality: str) -> FindingLists:
    """The county's lists, of one modality or all."""
    rules = in_force(work, CRITICAL_VALUES)
    lists = [one for one in rules.content.lists if not modality or modality in one.modalities]
    return FindingLists(items=[_list_out(one) for one in lists], rules_version=rules.version)


def indicators_out(work: UnitOfWork, span: SpanQuery) -> Indicators:
    """Both national indicators for a span."""
    records = records_between(work, span.since, span.until)
    places = _places(work)
    counted = rates(records, span.since, span.until)
    return Indicators(
        items=[
            IndicatorOut(
                indicator=indicator,
                county=RateOut(**_rate("", county)),
                clinics=[RateOut(**{**_rate(clinic, one), **places[clinic]}) for clinic, one in clinics.items()],
                months=[
                    MonthRateOut(month=month, **_rate("", one))
                    for month, one in by_month(records, indicator, span.since, span.until, work.zone).items()
                ],
            )
            for indicator, (county, clinics) in counted.items()
        ]
    )


def counted_out(work: UnitOfWork, asked: CountedQuery) -> list[CountedOut]:
    """The cases behind an indicator, the newest first."""
    records = counted_cases(records_between(work, asked.since, asked.until), asked.indicator, asked.since, asked.until)
    wanted = {one.case_id: one for one in records if asked.institution in ("", one.institution)}
    query = select(CriticalCase).where(CriticalCase.id.in_(wanted)).order_by(CriticalCase.basis_at.desc())
    return [_counted(case, wanted[case.id]) for case in work.session.execute(query).scalars()]


def _places(work: UnitOfWork) -> dict[str, dict[str, str]]:
    query = select(Institution.code, Institution.name, Institution.name_en)
    return {
        row.code: {"institution_name": row.name, "institution_name_en": row.name_en}
        for row in work.session.execute(query)
    }


def _counted(case: CriticalCase, counted: CaseRecord) -> CountedOut:
    place = case.institution
    return CountedOut(
        id=case.id,
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        modality=case.modality,
        name=case.name,
        name_en=case.name_en,
        basis_at=case.basis_at or case.suspected_at,
        reached_at=counted.reached_at,
        minutes=counted.minutes,
        outcome=counted.outcome,
    )


def _lines(work: UnitOfWork, cases: Sequence[CriticalCase], caller: Caller) -> list[Line]:
    tasks = _tasks(work, {case.study_id for case in cases})
    names = _names(work, {case.confirmed_by_id for case in cases if case.confirmed_by_id is not None})
    phones = telling.clinic_phones(work)
    return [
        _line(case, caller, work.now)
        | {
            "task_id": tasks.get(case.study_id),
            "clinic_phone": phones.get(case.institution.code, ""),
            "confirmed_by_name": names.get(case.confirmed_by_id or 0),
        }
        for case in cases
    ]


def _line(case: CriticalCase, caller: Caller, now: datetime) -> Line:
    study, place = case.study, case.institution
    moments = ("suspected_at", "confirmed_at", "notified_at", "acked_at", "treated_at", "ended_at")
    same = (
        "id", "modality", "priority", "code", "name", "name_en", "finding", "source", "source_detail", "state", "version",
        "basis", "state_since", "due_at", "steps_told", "notifier", "receiver", "method", "heard_at", *moments,
    )  # fmt: skip
    return {
        **{name: getattr(case, name) for name in same},
        "study_instance_uid": study.study_instance_uid,
        "institution": place.code,
        "institution_name": place.name,
        "institution_name_en": place.name_en,
        "patient": patient_out(study.patient, study.exam_started_at or study.first_received_at),
        "description": study.description,
        "overdue": case.due_at is not None and case.due_at < now,
        "allowed_actions": allowed_actions(case, caller.actor),
    }


def _tasks(work: UnitOfWork, studies: set[int]) -> dict[int, int]:
    query = select(ReadingTask.study_id, func.max(ReadingTask.id)).where(ReadingTask.study_id.in_(studies))
    return dict(work.session.execute(query.group_by(ReadingTask.study_id)).all())


def _names(work: UnitOfWork, ids: set[int]) -> dict[int, str]:
    query = select(User.id, User.display_name).where(User.id.in_(ids))
    return dict(work.session.execute(query).all())


def _event_out(event: CriticalEvent) -> CaseEventOut:
    return CaseEventOut(
        seq=event.seq,
        action=CaseAction(event.action),
        from_state=or_empty(CaseState, event.from_state),
        to_state=CaseState(event.to_state),
        actor_name=event.actor_name,
        actor_title=event.actor_title,
        of_clinic=event.actor_is_clinic,
        at=event.at,
        happened_at=event.happened_at,
        method=or_empty(Method, event.method),
        other_side=event.other_side,
        receiver=str(event.detail.get("receiver", "")),
        content=event.content,
        posts=[str(post) for post in event.detail.get("posts", ())],
        sha256=event.sha256,
    )


def _ladder(work: UnitOfWork, case: CriticalCase) -> list[LadderOut]:
    steps = rules_of(work, case).ladder(CaseState(case.state), case.priority)
    return [
        LadderOut(
            name=step.name,
            at=case.state_since + step.after(case.priority),
            posts=list(step.posts),
            done=number < case.steps_told,
        )
        for number, step in enumerate(steps)
    ]


def _list_out(one: FindingList) -> FindingListOut:
    return FindingListOut(
        key=one.key,
        version=one.version,
        name=one.name,
        name_en=one.name_en,
        province=one.province,
        modalities=sorted(one.modalities),
        basis=one.basis,
        source=one.source,
        findings=[
            FindingOut(
                code=finding.code,
                name=finding.name,
                name_en=finding.name_en,
                pinyin=finding.pinyin,
                initials=finding.initials,
                source=finding.source,
                thresholds=[
                    ThresholdOut(measure=t.measure, compare=t.compare, value=t.value, unit=t.unit)
                    for t in finding.thresholds
                ],
            )
            for finding in one.findings
        ],
    )


def _rate(institution: str, rate: Rate) -> Line:
    return {
        "institution": institution,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": rate.value,
        "one_sided": rate.one_sided,
        "told": len(rate.minutes),
        "median_minutes": rate.median_minutes,
    }
