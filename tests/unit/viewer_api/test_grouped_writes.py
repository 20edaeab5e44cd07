"""Writes that come at the same time: all committed or told, few transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from storage.audit import AuditEntry, record, verify
from storage.db.models import AuditEvent
from storage.db.session import COUNTY, Database
from tests.unit.reading_queue.county import County
from viewer_api.grouped_writes import GroupedWrites

pytestmark = pytest.mark.thorough


_MANY = 60


class _Counting(Database):
    """Counts transactions; the first waits until everybody has come."""

    transactions = 0
    everybody = threading.Event()

    @contextmanager
    def write(self, scope=COUNTY):
        self.transactions += 1
        assert self.everybody.wait(30)
        with super().write(scope) as work:
            yield work


@pytest.fixture
def county(tmp_path) -> County:
    return County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")


def _entry(work, number: int) -> None:
    if number == 7:
        raise ValueError("of his own making")
    record(work.session, AuditEntry(work.now, f"user:{number}", "read", f"study:{number}", {}))


def test_all_are_written_or_told_in_few_transactions(county: County):
    database = _Counting(county.database.engine, county.clock)
    grouped = GroupedWrites(database)

    def write(number: int) -> str:
        try:
            grouped.write(lambda work: _entry(work, number))
        except ValueError:
            return "refused"
        return "written"

    with ThreadPoolExecutor(_MANY) as pool:
        told = [pool.submit(write, number) for number in range(_MANY)]
        while len(grouped._waiting) < _MANY - 1 and not any(one.done() for one in told):
            pass
        database.everybody.set()
        answers = [one.result(60) for one in told]
    assert answers == ["refused" if number == 7 else "written" for number in range(_MANY)]
    with county.database.read() as work:
        assert verify(work.session) == []
        assert work.session.query(AuditEvent).filter(AuditEvent.action == "read").count() == _MANY - 1
    assert database.transactions < _MANY
