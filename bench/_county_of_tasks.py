"""A county's years of reading tasks, made by the database itself: a million rows in a minute or two."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Interval,
    Select,
    Table,
    case,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy import cast as as_type
from sqlalchemy.types import String

from storage.db.models import Base, Institution, Patient, ReadingTask, Series, Study, TaskEvent, User
from storage.db.models.base import UtcDateTime
from storage.db.session import Database, UnitOfWork
from storage.domain.clock import Clock
from storage.domain.reading import InstitutionKind, Priority, Role, TaskState

NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
CLINICS, READERS = 20, 200
_STUDIES_OF_A_PATIENT = 3
_SCATTER = 7919
"""A prime, so that class, modality and clinic of neighbours have nothing to do with each other."""

_MODALITIES = (("DX", 350), ("CT", 650), ("US", 800), ("ECG", 950), ("MR", 1000))
_CLASSES = ((Priority.P0, 5), (Priority.P1, 50), (Priority.P2, 600), (Priority.P3, 1000))
_STATES = ((TaskState.QUEUED, 850), (TaskState.DRAFTED, 980), (TaskState.RETAKE_WAIT, 1000))
ROW = "2026-01/P2/CT_MR"
"""A row of the service times, of working hours."""

_LARGE: tuple[type[Base], ...] = (Patient, Study, ReadingTask, TaskEvent)
_LISTS = (None, None, ["CT", "MR"], ["DX", "US"], ["ECG"])


class Running(Clock):
    """The county's time, going on from `NOW`."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self._started)


def fill(database: Database, tasks: int, open_tasks: int) -> None:
    """Institutions, readers, and `tasks` studies with one task each, the last `open_tasks` of them open."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.write() as work:
        _people(work)
    with database.write() as work, _without_indices(work, *_LARGE):
        _rows(work, Patient, tasks // _STUDIES_OF_A_PATIENT + 1, _patient)
        _rows(work, Study, tasks, _study)
        _rows(work, ReadingTask, tasks, lambda n: _task(n, tasks - open_tasks, is_sqlite=is_sqlite))
        _rows(work, TaskEvent, tasks, _event)
        if not is_sqlite:
            for table in _LARGE:
                name = table.__tablename__
                work.session.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def add_series(database: Database, studies: int) -> None:
    """A series of some images for each study of `fill`."""
    with database.write() as work, _without_indices(work, Series):
        _rows(work, Series, studies, _series)


@contextmanager
def _without_indices(work: UnitOfWork, *models: type[Base]) -> Iterator[None]:
    """An index is made of a million rows in a second or two; kept up row by row it takes a minute."""
    connection = work.session.connection()
    if connection.dialect.name == "postgresql":
        # References are right by construction, and looking up each takes longer than writing it.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    indices = [index for model in models for index in cast("Table", model.__table__).indexes]
    for index in indices:
        index.drop(connection)
    yield
    for index in indices:
        index.create(connection)


def _people(work: UnitOfWork) -> None:
    work.session.add(Institution(id=1, code="county", name="县影像中心", kind=InstitutionKind.CENTRE))
    for number in range(CLINICS):
        code = f"t{number + 1:02}"
        work.session.add(Institution(id=number + 2, code=code, name=code, kind=InstitutionKind.CLINIC))
    work.session.flush()
    for number in range(READERS):
        work.session.add(
            User(
                id=number + 1,
                username=f"reader{number:03}",
                display_name=f"医师{number:03}",
                role=Role.AUDITOR if number % 4 == 0 else Role.RADIOLOGIST,
                institution_id=1,
                modalities=_LISTS[number % len(_LISTS)],
                password_hash="-",
            )
        )


def _rows(work: UnitOfWork, table: type[Base], count: int, row: Any) -> None:
    first = select(literal(1, BigInteger()).label("n")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.n + 1).where(first.c.n < count))
    values: dict[str, Any] = row(numbers.c.n)
    query: Select[Any] = select(*(_value(value).label(name) for name, value in values.items())).select_from(numbers)
    work.session.execute(insert(table).from_select(list(values), query))


def _value(value: Any) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value)


def _patient(n: ColumnElement[int]) -> dict[str, Any]:
    return {
        "id": n,
        "institution_id": n % CLINICS + 2,
        "patient_id": literal("P") + as_type(n, String),
        "name": literal("CE^SHI") + as_type(n, String),
        "sex": "F",
        "birth_date": "19700101",
        "compared_at": literal(NOW, UtcDateTime()),
    }


def _study(n: ColumnElement[int]) -> dict[str, Any]:
    then = literal(NOW - timedelta(days=1), UtcDateTime())
    return {
        "id": n,
        "institution_id": _clinic(n),
        "study_instance_uid": literal("2.25.10000") + as_type(n, String),
        "patient_id": n // _STUDIES_OF_A_PATIENT + 1,
        "study_date": literal("202")
        + as_type(5 + n % 2, String)
        + "0"
        + as_type(1 + n // 7 % 9, String)
        + "1"
        + as_type(n // 63 % 10, String),
        "study_time": literal("0") + as_type(n % 10, String) + "3015.000000",
        "description": "CHEST",
        "series_count": 1,
        "instance_count": 2,
        "modality": _share(n, _MODALITIES),
        "body_part": case((n % 4 == 0, "HEAD"), else_="CHEST"),
        "accession_number": literal("A") + as_type(n, String),
        "priority": _share(n * 3, _CLASSES),
        "state": "ready",
        "first_received_at": then,
        "last_received_at": then,
        "receiving_since": then,
        "ready_check_at": None,
        "ready_at": then,
        "rendition_state": "done",
    }


def _series(n: ColumnElement[int]) -> dict[str, Any]:
    return {
        "institution_id": _clinic(n),
        "study_id": n,
        "series_instance_uid": literal("2.25.20000") + as_type(n, String),
        "modality": _share(n, _MODALITIES),
        "number": 1,
        "description": "AP",
        "body_part": "CHEST",
        "instance_count": 2,
    }


def _task(n: ColumnElement[int], closed: int, *, is_sqlite: bool) -> dict[str, Any]:
    # What is closed was due in the past year; what is open is due from an hour ago to two days ahead.
    seconds = case((n <= closed, -31_000_000 + n % 30_000_000), else_=n * _SCATTER % 176_400 - 3600)
    due_at = _moment(seconds, is_sqlite=is_sqlite)
    now = literal(NOW, UtcDateTime())
    state = case((n <= closed, TaskState.DELIVERED), else_=_share(n * 31, _STATES))
    written = case((state.in_((TaskState.QUEUED, TaskState.RETAKE_WAIT)), None), else_=n % READERS + 1)
    return {
        "id": n,
        "institution_id": _clinic(n),
        "study_id": n,
        "step": "read",
        "state": state,
        "priority": _share(n * 3, _CLASSES),
        "modality": _share(n, _MODALITIES),
        "author_id": written,
        "signer_id": case((n <= closed, n % READERS + 1), else_=None),
        "created_at": now,
        "state_since": now,
        "ready_at": now,
        "clock_started_at": now,
        "due_at": due_at,
        "limit_at": due_at,
        "sla_policy": ROW,
        "next_escalation_at": case((n <= closed, None), else_=literal(NOW + timedelta(days=1), UtcDateTime())),
        "paused_since": case((state == TaskState.RETAKE_WAIT, now), else_=None),
        "signed_at": case((n <= closed, due_at), else_=None),
    }


def _event(n: ColumnElement[int]) -> dict[str, Any]:
    return {
        "task_id": n,
        "seq": 1,
        "action": "open",
        "from_state": "",
        "to_state": "queued",
        "actor": "system",
        "at": literal(NOW, UtcDateTime()),
        "detail": literal({}, JSON),
    }


def _clinic(n: ColumnElement[int]) -> ColumnElement[int]:
    """That of the study's patient."""
    return (n // _STUDIES_OF_A_PATIENT + 1) % CLINICS + 2


def _share(n: ColumnElement[int], shares: tuple[tuple[str, int], ...]) -> ColumnElement[str]:
    place = n * _SCATTER % 1000
    return case(*((place < until, str(word)) for word, until in shares))


def _moment(seconds: ColumnElement[int], *, is_sqlite: bool) -> ColumnElement[datetime]:
    if is_sqlite:
        text_of = func.strftime("%Y-%m-%d %H:%M:%f", f"{NOW:%Y-%m-%d %H:%M:%S}", as_type(seconds, String) + " seconds")
        return type_coerce(text_of + "000", UtcDateTime())
    return literal(NOW, UtcDateTime()) + seconds * literal(timedelta(seconds=1), Interval())
