"""How a critical case begins: a clinic, a device or a measurement suspects it, or a physician finds it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from reading_queue.critical import telling
from reading_queue.critical.caring import Told, confirm_locked, tell_locked
from reading_queue.critical.lists import Finding, FindingList, findings_for
from reading_queue.critical.rules import CRITICAL_VALUES, CriticalRules
from reading_queue.critical.stepping import Deed, clock_of, is_own, require_role, write_event
from reading_queue.critical.transitions import OPENING
from reading_queue.rulebook import Edition, in_force
from reading_queue.service.actors import SYSTEM, Actor
from reading_queue.service.directing import prioritise
from storage.audit import AuditEntry, record
from storage.db.models import CriticalCase, ReadingTask, Study
from storage.db.queries.critical import last_case, open_case
from storage.db.session import UnitOfWork
from storage.domain.critical import CaseAction, CaseSource, CaseState
from storage.domain.errors import Invalid, NotFound
from storage.domain.notices import Urgency
from storage.domain.reading import CLOSED_STATES, Priority, Role

_LIFTED = frozenset({Priority.P2, Priority.P3})
_MACHINES = frozenset({CaseSource.DEVICE, CaseSource.MEASUREMENT})


@dataclass(frozen=True)
class _Found:
    study: Study
    rules: Edition[CriticalRules]
    listed: FindingList | None
    finding: Finding


def suspect(
    work: UnitOfWork,
    study_id: int,
    code: str,
    source: CaseSource,
    detail: str = "",
    *,
    actor: Actor = SYSTEM,
    finding: str = "",
) -> CriticalCase:
    """Raise a suspicion, before anybody has claimed the study or after: physicians are told, a routine case becomes urgent.

    `code` is one of the county's lists for the modality, or `UNLISTED`; `detail` says what was measured. Once is enough: an
    open case of the same finding is returned as it is, and a machine does not bring back what people have ended.
    """
    require_role(actor, CaseAction.SUSPECT)
    study = _locked_study(work, study_id, actor)
    known = open_case(work, study_id, code) or (last_case(work, study_id, code) if source in _MACHINES else None)
    if known is not None:
        return known
    found = _find(work, study, code)
    _lift(work, study, actor, f"critical value suspected: {code}")
    case = _open(work, found, source, detail.strip(), finding.strip(), actor)
    people = telling.duty_people(work, study.modality, study.priority) - {actor.user_id}
    telling.tell(work, case, "critical.suspected", people, Urgency.URGENT, by=source)
    return case


def suspect_measured(
    work: UnitOfWork, study_id: int, measured: Mapping[str, float], stated: Collection[str] = (), detail: str = ""
) -> list[CriticalCase]:
    """Raise whatever the county's lists make of an automatic measurement (`shipped_ecg` names measures) and statements."""
    study = _study(work, study_id, SYSTEM)
    lists = in_force(work, CRITICAL_VALUES).content.lists
    codes = [one.code for _, one in findings_for(lists, study.modality) if one.is_measured(measured, stated)]
    return [suspect(work, study_id, code, CaseSource.MEASUREMENT, detail) for code in codes]


def discover(
    work: UnitOfWork, study_id: int, actor: Actor, code: str, finding: str, told: Told | None = None
) -> CriticalCase:
    """A physician finds it: the case is confirmed at once, opened first where there is none, and the clinic is told.

    `told` says whom he has telephoned. Needs no claim and no signature. Repeated, it only adds who was told besides.
    """
    require_role(actor, CaseAction.CONFIRM)
    study = _study(work, study_id, actor)
    case = open_case(work, study_id, code)
    if case is None:
        if not finding.strip():
            raise Invalid("Say in words what was found.")
        case = _open(work, _find(work, study, code), CaseSource.READER, "", finding.strip(), actor)
    if case.state == CaseState.SUSPECTED:
        return confirm_locked(work, case, actor, finding, told)
    return case if told is None else tell_locked(work, case, actor, told)


def open_from_report(work: UnitOfWork, study_id: int, actor: Actor, words: str) -> CriticalCase:
    """The case that critical words in a report open; its finding is what they name."""
    study = _study(work, study_id, actor)
    rules = in_force(work, CRITICAL_VALUES)
    listed, finding = rules.content.finding_in(study.modality, words)
    known = open_case(work, study_id, finding.code)
    return known or _open(work, _Found(study, rules, listed, finding), CaseSource.REPORT, "", words, actor)


def _find(work: UnitOfWork, study: Study, code: str) -> _Found:
    rules = in_force(work, CRITICAL_VALUES)
    return _Found(study, rules, *rules.content.finding(study.modality, code))


def _open(work: UnitOfWork, found: _Found, source: CaseSource, detail: str, finding: str, actor: Actor) -> CriticalCase:
    study, rules = found.study, found.rules.content
    case = CriticalCase(
        institution_id=study.institution_id,
        study_id=study.id,
        modality=study.modality,
        priority=study.priority,
        code=found.finding.code,
        list_key=found.listed.key if found.listed else "",
        name=found.finding.name,
        name_en=found.finding.name_en,
        finding=finding,
        source=source,
        source_detail=detail,
        state=OPENING.target,
        version=1,
        rules_version=found.rules.version,
        basis=found.listed.basis if found.listed else rules.basis(study.modality),
        suspected_at=work.now,
        notifier="",
        receiver="",
        method="",
        **clock_of(rules, OPENING.target, study.priority, work.now),
    )
    try:
        with work.session.begin_nested():
            work.session.add(case)
    except IntegrityError:
        # Another transaction opened the same case and has just committed: that one stands.
        known = open_case(work, study.id, found.finding.code)
        if known is None:
            raise
        return known
    list_of = f"{found.listed.key} {found.listed.version}" if found.listed else ""
    said = Deed(finding or found.finding.name, detail={"source": source, "measured": detail, "list": list_of})
    write_event(work, case, OPENING, actor, said)
    return case


def _lift(work: UnitOfWork, study: Study, actor: Actor, reason: str) -> None:
    if study.priority not in _LIFTED:
        return
    query = select(ReadingTask.id).where(ReadingTask.study_id == study.id, ReadingTask.state.not_in(CLOSED_STATES))
    task_id = work.session.execute(query.order_by(ReadingTask.id.desc()).limit(1)).scalar_one_or_none()
    if task_id is not None:
        prioritise(work, task_id, actor, Priority.P1, reason)
        return
    # No task yet: the one that opens when the study is whole takes the class from it.
    before, study.priority = study.priority, Priority.P1
    change = {"before": before, "after": Priority.P1, "reason": reason}
    record(work.session, AuditEntry(work.now, actor.username, "study.prioritise", f"study:{study.id}", change))


def _study(work: UnitOfWork, study_id: int, actor: Actor) -> Study:
    study = work.session.execute(select(Study).where(Study.id == study_id)).scalar_one_or_none()
    if study is None or not is_own(actor, study.institution_id):
        raise NotFound("There is no such study.")
    return study


def _locked_study(work: UnitOfWork, study_id: int, actor: Actor) -> Study:
    # The study before its task before its case, as everywhere: the other way round two would wait for each other.
    query = select(Study).where(Study.id == study_id).with_for_update(of=Study, key_share=True)
    work.session.execute(query, execution_options={"populate_existing": True})
    return _study(work, study_id, actor)


def is_reader(actor: Actor) -> bool:
    """Whether the actor is a physician, whose finding needs nobody's confirmation."""
    return actor.role in (Role.RADIOLOGIST, Role.AUDITOR)
