"""With fifty thousand patients every look-up goes by an index, on both databases; nothing reads the whole table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from reading_queue.candidates import compare_new
from storage.db.models import Institution, Patient
from storage.db.queries.pairs import list_pairs
from storage.db.queries.persons import search_patients
from storage.db.session import Database, UnitOfWork
from storage.domain.patients import check_digit, person_key, swapped_key
from storage.domain.reading import InstitutionKind
from tests.unit.reading_queue.county import MONDAY_MORNING

PATIENTS = 50_000
SEED = 1_000
_SYLLABLES = ("zhang", "wang", "li", "zhao", "chen", "liu", "yang", "huang", "wu", "zhou")
_COPIED = ("institution_id", "sex", "birth_date", "pinyin", "initials", "compared_at", "issuer", "told_issuer", "phone")
_MARKED = ("patient_id", "name", "fingerprint", "national_id", "person_key", "swapped_key")
_MORE = (
    f"INSERT INTO patient ({', '.join(_COPIED + _MARKED)}) SELECT {', '.join(_COPIED)}, "
    f"{', '.join(f'{name} || CAST(:mark AS VARCHAR)' for name in _MARKED)} FROM patient WHERE id <= {SEED}"
)
_SCAN = re.compile(r"(?i)SCAN patient(?!\w*_)(?! USING)|Seq Scan on patient\b")


@pytest.fixture
def crowded(database: Database) -> Database:
    """A county where fifty thousand people are registered and compared."""
    with database.write() as work:
        clinics = [Institution(code=f"t{n:02d}", name=f"clinic {n}", kind=InstitutionKind.CLINIC) for n in range(10)]
        work.session.add_all(clinics)
        work.session.flush()
        ids = [clinic.id for clinic in clinics]
        work.session.execute(insert(Patient), [_row(n, ids[n % 10], work.now) for n in range(SEED)])
        for times in range(1, PATIENTS // SEED):
            work.session.execute(text(_MORE), {"mark": f"-{times}"})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return database


def _row(number: int, institution_id: int, now: Any) -> dict[str, Any]:
    sound = "".join(_SYLLABLES[number // 10**place % 10] for place in range(3))
    birth = (MONDAY_MORNING.date() - timedelta(days=number * 7919 % 30_000)).strftime("%Y%m%d")
    body = f"110105{birth}{number % 1000:03d}"
    return {
        "institution_id": institution_id,
        "patient_id": f"{number:06d}",
        "name": f"名{number}",
        "sex": "MF"[number % 2],
        "birth_date": birth,
        "fingerprint": str(number),
        "national_id": body + check_digit(body),
        "pinyin": sound,
        "initials": "".join(part[0] for part in sound),
        "person_key": person_key(sound, birth),
        "swapped_key": swapped_key(f"#{institution_id}", f"{number:06d}", sound),
        "compared_at": now,
    }


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def plans(database: Database, ask: Callable[[UnitOfWork], object]) -> list[str]:
    """How the database answers what `ask` reads of patients."""
    with statements(database) as seen, database.write() as work:
        ask(work)
    explain = "EXPLAIN " if database.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    found = []
    for statement, parameters in seen:
        if statement.lstrip().startswith("SELECT") and re.search(r"FROM \(?.*patient\b", statement, re.DOTALL):
            with database.engine.connect() as connection:
                answer = connection.exec_driver_sql(explain + statement, parameters)
                found.append("\n".join(str(tuple(row)) for row in answer))
    assert found
    return found


def test_no_look_up_reads_all_patients_and_a_new_row_is_compared_with_few(crowded: Database) -> None:
    with crowded.write() as work:
        work.session.get_one(Patient, 471).compared_at = None
    asked: dict[str, Callable[[UnitOfWork], object]] = {
        "comparing": compare_new,
        **{
            f"search {words}": (lambda work, words=words: search_patients(work, words, 50))
            for words in ("名471", "zhangwang", "zwl", "000471", _row(471, 1, None)["national_id"])
        },
    }
    for name, ask in asked.items():
        for plan in plans(crowded, ask):
            assert not _SCAN.search(plan), (name, plan)
    twin = {**_row(471, 2, None), "patient_id": "X", "fingerprint": "x", "name": "liu yang zhang", "compared_at": None}
    with crowded.write() as work:
        work.session.execute(insert(Patient), [twin])
        assert compare_new(work) == 1
        assert any("national_id" in pair.reasons for pair in list_pairs(work, 100).pairs)
