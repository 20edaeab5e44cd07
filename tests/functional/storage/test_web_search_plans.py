"""No search over the web reads all studies: the plans of both databases use an index, and keep the order by it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import ORMExecuteState

from storage.db.models import Institution, Patient, Series, Study
from storage.db.queries.web_search import find_page
from storage.db.session import COUNTY, Database, Scope, UnitOfWork
from storage.domain.matching import Between, Level, OneOf, Wildcard
from storage.domain.web_search import NameKey, WebSearch

_STUDIES = 3000
_NOW = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Database:
    """Studies of two clinics, of ten years; one in a hundred is an MR."""
    with database.write() as work:
        clinics = [Institution(code=code, name=code, kind="clinic") for code in ("t01", "t02")]
        work.session.add_all(clinics)
        work.session.flush()
        ids = [clinic.id for clinic in clinics]
        work.session.execute(insert(Patient), [_patient(n, ids[n % 2]) for n in range(_STUDIES)])
        patients = list(work.session.execute(text("SELECT id FROM patient ORDER BY id")).scalars())
        work.session.execute(insert(Study), [_study(n, ids[n % 2], patients[n]) for n in range(_STUDIES)])
        studies = list(work.session.execute(text("SELECT id FROM study ORDER BY id")).scalars())
        work.session.execute(insert(Series), [_series(n, ids[n % 2], studies[n]) for n in range(_STUDIES)])
    if database.engine.dialect.name == "postgresql":
        with database.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    return database


def _patient(n: int, institution: int) -> dict[str, Any]:
    return {
        "institution_id": institution,
        "patient_id": f"A{n}",
        "name": f"张{n}",
        "sex": "F",
        "birth_date": "",
        "fingerprint": str(n),
        "pinyin": f"zhang{'abcdefghij'[n // 2 % 10]}{n}",
        "initials": f"z{n}",
    }


def _study(n: int, institution: int, patient: int) -> dict[str, Any]:
    return {
        "study_instance_uid": f"1.2.{n}",
        "institution_id": institution,
        "patient_id": patient,
        "modality": "CT",
        "accession_number": f"ACC{n}",
        "priority": "P2",
        "state": "ready",
        "study_date": f"{2016 + n // 2 % 10}{n % 12 + 1:02d}{n % 28 + 1:02d}",
        "name_ideographic": f"张{n}",
        "first_received_at": _NOW,
        "last_received_at": _NOW,
        "rendition_state": "done",
    }


def _series(n: int, institution: int, study: int) -> dict[str, Any]:
    modality = "MR" if n % 100 == 0 else "CT"
    return {"series_instance_uid": f"1.2.{n}.1", "institution_id": institution, "study_id": study, "modality": modality}


class _Plans:
    """The plan of every statement that a session executes, as the database tells it."""

    def __init__(self, work: UnitOfWork) -> None:
        self.found: list[str] = []
        self._session = work.session

    def look(self, state: ORMExecuteState) -> None:
        dialect = self._session.get_bind().dialect
        compiled = state.statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
        rows = self._session.connection().exec_driver_sql(explain + str(compiled).replace("%%", "%").replace("%", "%%"))
        self.found.append("\n".join(str(row[-1]) for row in rows))


def _found(database: Database, asked: WebSearch, scope: Scope) -> tuple[int, list[str]]:
    """How many matches a page of a search has, and the plans of what that took."""
    with database.read(scope) as work:
        if work.session.get_bind().dialect.name == "postgresql":
            work.session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        plans = _Plans(work)
        event.listen(work.session, "do_orm_execute", plans.look)
        return len(find_page(work, asked, limit=101, offset=0)), plans.found


def _search(*names: NameKey, level: Level = Level.STUDY, **matches: Any) -> WebSearch:
    return WebSearch(level, matches, names)


_YEAR = Between("20160101", "20161231")
_SEARCHES = (
    (_search(), 101),
    (_search(StudyDate=_YEAR), 101),
    (_search(StudyDate=Between("20250101", "")), 101),
    (_search(PatientID=Wildcard("a17*")), 101),
    (_search(PatientID=OneOf(("a17",))), 1),
    (_search(AccessionNumber=OneOf(("acc17",))), 1),
    (_search(AccessionNumber=Wildcard("acc17?")), 10),
    (_search(ModalitiesInStudy=OneOf(("MR",))), 30),
    (_search(ModalitiesInStudy=OneOf(("CT",))), 101),
    (_search(NameKey("张17")), 1),
    (_search(NameKey("zhangb1*", "zhangb1*")), 101),
    (_search(NameKey("z17", "z17")), 1),
    (_search(StudyInstanceUID=OneOf(("1.2.7", "1.2.8"))), 2),
    (_search(level=Level.SERIES), 101),
    (_search(level=Level.SERIES, StudyInstanceUID=OneOf(("1.2.7",))), 1),
)


def test_every_search_is_by_an_index(filled: Database) -> None:
    for asked, least in _SEARCHES:
        for scope in (COUNTY, Scope(1)):
            count, plans = _found(filled, asked, scope)
            assert count >= (least if scope == COUNTY else least // 2 - 1), asked
            assert plans
            for plan in plans:
                assert _is_in_order(plan) or not any(map(_reads_all, plan.splitlines())), (asked, plans)


def _is_in_order(plan: str) -> bool:
    """Series as they came, the last first: read until the page is full, and not sorted."""
    by_row = plan.startswith(("SCAN series\n", "SEARCH series USING INDEX ix_series_institution_id"))
    return by_row and "ORDER BY" not in plan and "GROUP BY" not in plan


def _reads_all(line: str) -> bool:
    """A scan of a table of the catalogue, rather than by an index."""
    scanned = line.strip().startswith(("SCAN study", "SCAN patient", "SCAN series"))
    by_whole_institution = line.startswith("SEARCH") and "_institution_id (institution_id=?)" in line
    return (
        (scanned and "USING INDEX ix_study_study_date" not in line)
        or by_whole_institution
        or any(f"Seq Scan on {table}" in line for table in ("study", "patient", "series"))
    )


def test_the_first_page_is_in_the_order_of_an_index(filled: Database) -> None:
    for scope, index in ((COUNTY, "ix_study_study_date"), (Scope(1), "ix_study_institution_id_study_date")):
        for asked in (_search(), _search(StudyDate=_YEAR)):
            page = _found(filled, asked, scope)[1][0]
            assert index in page, page
            assert "USE TEMP B-TREE FOR ORDER BY" not in page, page
