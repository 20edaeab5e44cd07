"""The queries of boards, indicators and settlement on PostgreSQL; a closed month is guarded there too."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from reading_queue import naming
from reading_queue.boards import walls
from reading_queue.boards.board import board
from reading_queue.indicators.counting import all_cases, tasks_behind
from reading_queue.indicators.definitions import Code
from reading_queue.settlement import disputes, months
from reading_queue.settlement.disputes import Amounts
from storage.db.models import Study
from storage.db.queries import board as rows
from storage.db.queries.clinic_figures import critical_values, signed_times
from storage.db.queries.quality import Span
from storage.db.queries.settlement import lines_of
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import County

pytestmark = pytest.mark.thorough


def _to_april(county: County) -> None:
    county.clock.advance(seconds=(datetime(2026, 4, 2, 2, tzinfo=UTC) - county.clock.now()).total_seconds())


def test_the_board_and_its_figures(county: County) -> None:
    signed = county.signed(county.task(modality="MG", priority=Priority.P1))
    county.claim(county.task(priority=Priority.P0), "radiologist2")
    county.clock.advance(hours=1)
    with county.database.read() as work:
        found = board(work)
        assert found.classes[Priority.P0] == {rows.BREACHED: 1}
        assert [one.user.username for one in found.readers if one.in_hand] == ["radiologist2"]
        assert {one.ae_title for one in found.silent} == {"T01_CT", "T02_CT"}
        span = Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
        cases = all_cases(work, span)
        assert {code: len(cases[code]) for code in Code if cases[code]} == {
            Code.ARTEFACT: 1,
            Code.WRITING: 1,
            Code.BI_RADS: 1,
        }
        assert tasks_behind(work, cases[Code.WRITING]) == {signed.id: signed.id}
        assert (len(signed_times(work, span)), critical_values(work, span)) == (1, 0)


def test_a_link_to_a_wall_and_a_name_for_a_nameless_exam(county: County) -> None:
    task = county.task()
    with county.write() as work:
        link = walls.create(work, county.actor("admin"), "大屏", "0" * 64, None)
        study = work.session.get_one(Study, task.study_id)
        study.description = study.body_part = ""
        naming.name_study(work, county.actor("radiologist"), study, "胸部", "chest")
    with county.write() as work:
        assert rows.live_wall(work, "0" * 64) is not None
        walls.revoke(work, county.actor("admin"), link.id)
        assert rows.live_wall(work, "0" * 64) is None


def test_a_month_is_closed_guarded_and_corrected(county: County) -> None:
    county.signed(county.task())
    _to_april(county)
    with county.write() as work:
        closed = months.close(work, county.actor("manager"), "2026-03")
        (line,) = lines_of(work, "2026-03")
    with county.database.read() as work:
        assert months.is_intact(work, closed)
    for statement in ("UPDATE settlement_line SET fee = 1", "DELETE FROM settlement_month"):
        with pytest.raises(DatabaseError), county.write() as work:
            work.session.execute(text(statement))
    with county.write() as work:
        disputes.correct(work, county.actor("manager"), line.id, "计价有误", Amounts(fee=-100))
    with county.write("clinic01") as work:
        assert [one.fee for one in months.statement(work, "2026-04").lines] == [-100]
    with county.write("clinic02") as work:
        assert list(months.statement(work, "2026-03").lines) == []
