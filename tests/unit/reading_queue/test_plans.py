"""On SQLite nothing that readers ask for all day reads every task."""

import pytest

from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.plans import everything, recorded, scans_on_sqlite, some_tasks

pytestmark = pytest.mark.thorough


def test_no_question_of_a_reader_reads_all_tasks(county: County) -> None:
    some_tasks(county)
    with recorded(county.database.engine) as statements:
        for ask in everything(county):
            with county.database.write() as work:
                ask(work)
    assert len(statements) > 50
    assert {one[0]: scans for one in statements if (scans := scans_on_sqlite(county.database, one))} == {}


def test_a_question_without_an_index_is_found_out(county: County) -> None:
    assert scans_on_sqlite(county.database, ("SELECT id FROM reading_task WHERE sla_policy = ?", ("x",)))
