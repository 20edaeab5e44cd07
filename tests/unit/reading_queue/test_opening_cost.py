"""A look costs what is due, not what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.engine import Connection

from reading_queue import service
from storage.db.models import Study
from storage.db.queries.readiness import due_studies, is_any_due
from storage.domain.readiness import ReadyTimes
from tests.unit.reading_queue.arriving import Arriving
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


MANY = 5000


def _fill(county: County) -> None:
    """Thousands of studies that are not due: read long ago, or waiting for images or for a later moment."""
    template = county.study()
    now = county.clock.now()
    with county.write() as work:
        row = work.session.execute(select(Study.__table__).where(Study.id == template)).mappings().one()
        work.session.execute(insert(Study.__table__), [_like(dict(row), number, now) for number in range(MANY)])
        work.session.execute(update(Study).where(Study.id == template).values(ready_check_at=None))


def _like(row: dict[str, Any], number: int, now: datetime) -> dict[str, Any]:
    row.pop("id")
    check = None if number % 10 else now + timedelta(hours=1)
    return {
        **row,
        "study_instance_uid": f"2.25.{number}",
        "state": "receiving" if number % 2 else "ready",
        "ready_check_at": check,
    }


@contextmanager
def _statements(county: County) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(county.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(county.database.engine, "before_cursor_execute", note)


def _plan(county: County) -> str:
    with county.database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    word = "EXPLAIN QUERY PLAN " if county.database.engine.dialect.name == "sqlite" else "EXPLAIN "
    plans = []

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if "ready_check_at <=" in statement:
            own = connection.connection.cursor()
            own.execute(word + statement, parameters)
            plans.append(" ".join(str(line) for line in own.fetchall()))

    event.listen(county.database.engine, "before_cursor_execute", explain)
    try:
        with county.write() as work:
            due_studies(work, 200)
    finally:
        event.remove(county.database.engine, "before_cursor_execute", explain)
    return plans[0]


def test_what_is_due_is_found_by_the_index(county: County):
    _fill(county)
    plan = _plan(county)
    assert "ix_study_ready_check_at" in plan
    assert "Seq Scan" not in plan
    assert "SCAN study" not in plan


def test_what_is_not_due_is_not_touched(county: County):
    _fill(county)
    with county.database.read() as work:
        assert not is_any_due(work)
    with _statements(county) as seen, county.write() as work:
        assert service.open_ready_studies(work, ReadyTimes()) == []
    assert len([statement for statement in seen if "FROM study" in statement]) == 1
    assert not any("UPDATE" in statement.split()[0] for statement in seen)


def test_the_number_of_queries_does_not_grow_with_the_studies(county: County):
    def looks(studies: int) -> int:
        for _ in range(studies):
            Arriving.new(county).image(by="a1")
        with _statements(county) as seen, county.write() as work:
            service.open_ready_studies(work, ReadyTimes())
        return sum(statement.lstrip().startswith("SELECT") for statement in seen)

    few = looks(2)
    county.clock.advance(seconds=1)
    assert looks(20) == few


def test_a_study_that_waits_for_images_is_left_alone_until_something_comes(county: County):
    arriving = Arriving.new(county)
    arriving.image(sop_class="1.2.840.10008.5.1.4.1.1.88.59")
    assert arriving.looked_at() == "waits for images"
    assert arriving.study().ready_check_at is None
    county.clock.advance(days=3)
    arriving.image()
    county.clock.advance(seconds=600)
    assert arriving.looked_at() == "idle"


def test_what_is_just_being_sent_is_not_counted_each_time(county: County):
    arriving = Arriving.new(county)
    arriving.image(by="a1")
    with _statements(county) as seen, county.write() as work:
        service.open_ready_studies(work, ReadyTimes())
    assert arriving.study().waiting_for == "association"
    assert not any("FROM instance" in statement for statement in seen)
    assert any("FROM study_association" in statement for statement in seen)
