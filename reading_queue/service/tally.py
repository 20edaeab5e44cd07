"""Each reader's weighted work, day by day: counted when he takes a case, taken back when he gives it back or loses it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from reading_queue.assignment.cases import Case, Owed, Reader, Work
from reading_queue.assignment.rules import AssignmentRules
from storage.db.models import ReaderWork, ReadingTask
from storage.db.models.base import UtcDateTime
from storage.db.queries import assignment as rows
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing

# Built once: every claim runs one of them.
_table = ReaderWork.__table__.c
_NOW = bindparam("now", type_=UtcDateTime())
_SEEN = (
    update(ReaderWork.__table__)  # type: ignore[arg-type]
    .where(_table.user_id == bindparam("of"), _table.day == bindparam("on"))
    .values(seen_at=_NOW)
)
_TAKEN = _SEEN.values(
    cases=_table.cases + bindparam("by_cases"),
    read_rvu=_table.read_rvu + bindparam("by_read"),
    audit_rvu=_table.audit_rvu + bindparam("by_audit"),
    last_patient_id=bindparam("patient"),
    last_taken_at=_NOW,
)


def day_of_work(work: UnitOfWork, rules: AssignmentRules) -> date:
    """The county's day of work that it is now: a night shift belongs to the day on which it began."""
    begins = timedelta(hours=rules.day_begins.hour, minutes=rules.day_begins.minute)
    return (work.now.astimezone(work.zone) - begins).date()


def seen(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules) -> None:
    """Note that the reader is there: he asked for a case."""
    _add(work, reader, day, rules, None)


def taken(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules, case: Case) -> dict[str, Any]:
    """Count the case as his; what the event must tell so that `given_back` can undo it. His own case back counts once."""
    rvu = 0.0 if case.owed in (Owed.REWORK, Owed.ANSWERED) else round(case.rvu, 2)
    audit = case.work is Work.AUDIT
    counted = {
        "by_cases": int(rvu > 0),
        "by_read": 0.0 if audit else rvu,
        "by_audit": rvu if audit else 0.0,
        "patient": case.patient,
    }
    _add(work, reader, day, rules, counted)
    return {"day": day.isoformat(), "work": case.work, "rvu": rvu}


def given_back(work: UnitOfWork, task: ReadingTask) -> None:
    """Take what the holder of a task in hand was counted for off his day again: he did not do it."""
    counted = rows.last_claim(work, task.id).get("counted")
    if task.reader_id is None or not counted or not counted["rvu"]:
        return
    done = ReaderWork.audit_rvu if counted["work"] == Work.AUDIT else ReaderWork.read_rvu
    mine = ReaderWork.user_id == task.reader_id, ReaderWork.day == date.fromisoformat(counted["day"])
    values = {"cases": ReaderWork.cases - 1, done.key: done - counted["rvu"]}
    work.session.execute(
        update(ReaderWork).where(*mine).values(values), execution_options={"synchronize_session": False}
    )


def _add(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules, counted: dict[str, Any] | None) -> None:
    if not _update(work, reader.id, day, counted):
        _open_day(work, reader, day, rules)
        _update(work, reader.id, day, counted)


def _update(work: UnitOfWork, user_id: int, day: date, counted: dict[str, Any] | None) -> bool:
    statement = _SEEN if counted is None else _TAKEN
    values = {"of": user_id, "on": day, "now": work.now, **(counted or {})}
    outcome = work.session.connection().execute(statement, values)
    return outcome.rowcount == 1


def _open_day(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules) -> None:
    row = {
        "user_id": reader.id,
        "day": day,
        "share": reader.share,
        "carried_rvu": carried(work, reader.id, day, rules),
        "seen_at": work.now,
    }
    insert_missing(work.session, ReaderWork, [row], ReaderWork.user_id)


def carried(work: UnitOfWork, user_id: int, day: date, rules: AssignmentRules) -> float:
    """What the reader still owes from his last day of work before `day`, within the limit of the rules."""
    last = rows.work_of(work, user_id, day)
    if last is None:
        return 0.0
    everybody = rows.work_of_day(work, last.day)
    expected = sum(one.share for one in everybody)
    done = sum(one.read_rvu + one.audit_rvu for one in everybody)
    part = done * last.share / expected if expected else 0.0
    limit, kept = rules.figures["deficit_limit_rvu"], rules.figures["deficit_kept_percent"] / 100
    owed = last.carried_rvu + part - last.read_rvu - last.audit_rvu
    return max(-limit, min(limit, owed)) * kept
