"""Each reader's weighted work, day by day: counted when he takes a case, taken back when he gives it back or loses it."""

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update

from reading_queue.assignment.cases import Case, Owed, Reader, Work
from reading_queue.assignment.rules import AssignmentRules
from storage.db.models import ReaderWork, ReadingTask
from storage.db.queries import assignment as rows
from storage.db.session import UnitOfWork
from storage.db.upsert import insert_missing


def day_of_work(work: UnitOfWork, rules: AssignmentRules) -> date:
    """The county's day of work that it is now: a night shift belongs to the day on which it began."""
    begins = timedelta(hours=rules.day_begins.hour, minutes=rules.day_begins.minute)
    return (work.now.astimezone(work.zone) - begins).date()


def seen(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules) -> None:
    """Note that the reader is there: he asked for a case."""
    _add(work, reader, day, rules, {})


def taken(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules, case: Case) -> dict[str, Any]:
    """Count the case as his; what the event must tell so that `given_back` can undo it. His own case back counts once."""
    rvu = 0.0 if case.owed in (Owed.REWORK, Owed.ANSWERED) else round(case.rvu, 2)
    column = _column(case.work)
    changes = {
        "cases": ReaderWork.cases + int(rvu > 0),
        column.key: column + rvu,
        "last_patient_id": case.patient,
        "last_taken_at": work.now,
    }
    _add(work, reader, day, rules, changes)
    return {"day": day.isoformat(), "work": case.work, "rvu": rvu}


def given_back(work: UnitOfWork, task: ReadingTask) -> None:
    """Take what the holder of a task in hand was counted for off his day again: he did not do it."""
    counted = rows.last_claim(work, task.id).get("counted")
    if task.reader_id is None or not counted or not counted["rvu"]:
        return
    column = _column(Work(counted["work"]))
    day = date.fromisoformat(counted["day"])
    statement = update(ReaderWork).where(ReaderWork.user_id == task.reader_id, ReaderWork.day == day)
    values = {"cases": ReaderWork.cases - 1, column.key: column - counted["rvu"]}
    work.session.execute(statement.values(values), execution_options={"synchronize_session": False})


def _column(kind: Work) -> Any:
    return ReaderWork.audit_rvu if kind is Work.AUDIT else ReaderWork.read_rvu


def _add(work: UnitOfWork, reader: Reader, day: date, rules: AssignmentRules, changes: dict[str, Any]) -> None:
    if not _update(work, reader.id, day, changes):
        _open_day(work, reader, day, rules)
        _update(work, reader.id, day, changes)


def _update(work: UnitOfWork, user_id: int, day: date, values: dict[str, Any]) -> bool:
    statement = update(ReaderWork).where(ReaderWork.user_id == user_id, ReaderWork.day == day)
    changes: dict[str, Any] = {"seen_at": work.now, **values}
    outcome = work.session.execute(statement.values(changes), execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", outcome).rowcount == 1


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
