"""Each reader's weighted work, day by day: counted when he takes a case, taken back when he gives it back or loses it."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from reading_queue.assignment.cases import Case, Owed, Reader, Work
from reading_queue.assignment.rules import AssignmentRules
from storage.db.models import ReaderWork, ReadingTask
from storage.db.queries import assignment as rows
from storage.db.queries.at_work import last_day_of
from storage.db.session import UnitOfWork


def day_of_work(work: UnitOfWork, rules: AssignmentRules) -> date:
    """The county's day of work that it is now: a night shift belongs to the day on which it began."""
    begins = timedelta(hours=rules.day_begins.hour, minutes=rules.day_begins.minute)
    return (work.now.astimezone(work.zone) - begins).date()


def seen(work: UnitOfWork, reader: Reader, day: date) -> None:
    """Note that the reader is there: he asked for a case."""
    _add(work, reader, day, {})


def taken(work: UnitOfWork, reader: Reader, day: date, case: Case) -> dict[str, Any]:
    """Count the case as his; what the event must tell so that `given_back` can undo it. His own case back counts once."""
    rvu = 0.0 if case.owed in (Owed.REWORK, Owed.ANSWERED) else round(case.rvu, 2)
    audit = case.work is Work.AUDIT
    counted = {
        "cases": int(rvu > 0),
        "read_rvu": 0.0 if audit else rvu,
        "audit_rvu": rvu if audit else 0.0,
        "last_patient_id": case.patient,
        "last_taken_at": work.now,
    }
    _add(work, reader, day, counted)
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


def _add(work: UnitOfWork, reader: Reader, day: date, counted: dict[str, Any]) -> None:
    """Add to the reader's day, or begin it with that: what he owes from before is known then."""
    first = {"user_id": reader.id, "day": day, "share": reader.share, "carried_rvu": reader.carried_rvu}
    statement = _statement(work.session.get_bind().dialect.name, counts=bool(counted))
    work.session.execute(statement, {**first, "seen_at": work.now, **counted})


@lru_cache
def _statement(dialect: str, *, counts: bool) -> Executable:
    # Built once: every claim runs it.
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table = ReaderWork.__table__
    assert isinstance(table, Table)
    sums = ("cases", "read_rvu", "audit_rvu") if counts else ()
    told = ("seen_at", "last_patient_id", "last_taken_at") if counts else ("seen_at",)
    names = ("user_id", "day", "share", "carried_rvu", *sums, *told)
    row = insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    changes = {name: table.c[name] + row.excluded[name] for name in sums} | {name: row.excluded[name] for name in told}
    return row.on_conflict_do_update(index_elements=[table.c.user_id, table.c.day], set_=changes)


def carried(work: UnitOfWork, user_id: int, day: date, rules: AssignmentRules) -> float:
    """What the reader still owes from his last day of work before `day`, within the limit of the rules."""
    last = last_day_of(work, user_id, day)
    if last is None:
        return 0.0
    share, owed_before, read, audit, expected, done = last
    part = done * share / expected if expected else 0.0
    limit, kept = rules.figures["deficit_limit_rvu"], rules.figures["deficit_kept_percent"] / 100
    owed: float = owed_before + part - read - audit
    return max(-limit, min(limit, owed)) * kept
