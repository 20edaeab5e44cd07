"""What the workers could not do is written down once, run again by one word, and settled by success."""

import pytest
from sqlalchemy import select

from reading_queue import dead_letters
from storage.db.models import AuditEvent, DeadLetter
from storage.db.session import Hint
from storage.domain.errors import Conflict, Forbidden, NotFound
from storage.domain.hints import LetterState
from storage.settings import load_settings
from tests.unit.reading_queue.county import County

_TASK, _ARGS = "make_renditions", (7, "P2")


def _bury(county: County, error: str = "ValueError") -> None:
    with county.write() as work:
        dead_letters.bury(work, _TASK, _ARGS, error)


def _letter(county: County) -> DeadLetter:
    with county.database.read() as work:
        return work.session.execute(select(DeadLetter)).scalar_one()


def _redrive(county: County, letter_id: int) -> None:
    with county.write() as work:
        dead_letters.redrive(work, county.actor("manager"), letter_id)


def test_failures_of_one_task_are_one_letter(county: County):
    _bury(county)
    first = _letter(county).last_at
    county.clock.advance(minutes=3)
    _bury(county, "KeyError")
    letter = _letter(county)
    assert (letter.task, letter.args, letter.state) == (_TASK, [7, "P2"], LetterState.OPEN)
    assert (letter.attempts, letter.error, letter.first_at) == (2, "KeyError", first)
    assert letter.last_at > first


def test_a_letter_is_redriven_once_and_by_the_right_people(county: County):
    _bury(county)
    letter = _letter(county)
    with pytest.raises(Forbidden), county.write() as work:
        dead_letters.redrive(work, county.actor("radiologist"), letter.id)
    _redrive(county, letter.id)
    assert county.hints[-1] == Hint(_TASK, (7, "P2"))
    with pytest.raises(Conflict):
        _redrive(county, letter.id)
    with pytest.raises(NotFound):
        _redrive(county, letter.id + 1)
    with county.database.read() as work:
        event = work.session.execute(select(AuditEvent).where(AuditEvent.action == "dead_letter.redriven")).scalar_one()
    assert (event.actor, event.subject) == ("manager", f"dead_letter:{letter.id}")


def test_a_redriven_letter_whose_hint_got_lost_is_hinted_again_until_it_ran(county: County, tmp_path):
    settings = load_settings({}, tmp_path / "none.toml")
    _bury(county)
    _redrive(county, _letter(county).id)
    del county.hints[:]
    dead_letters.redrive_waiting(county.database, settings)
    assert county.hints == []
    county.clock.advance(minutes=2)
    dead_letters.redrive_waiting(county.database, settings)
    assert county.hints == [Hint(_TASK, (7, "P2"))]
    dead_letters.settle(county.database, _TASK, _ARGS)
    county.clock.advance(minutes=5)
    dead_letters.redrive_waiting(county.database, settings)
    assert (len(county.hints), _letter(county).state) == (1, LetterState.SETTLED)


def test_what_is_dismissed_opens_again_when_it_fails_again(county: County):
    _bury(county)
    with county.write() as work:
        dead_letters.dismiss(work, county.actor("admin"), _letter(county).id)
    assert _letter(county).state == LetterState.DISMISSED
    _bury(county)
    assert (_letter(county).state, _letter(county).attempts) == (LetterState.OPEN, 2)


def test_a_task_that_kills_its_process_is_not_tried_for_ever(county: County):
    allowed = []
    for _ in range(dead_letters.MAX_DEATHS):
        with county.write() as work:
            allowed.append(dead_letters.may_run_again(work, _TASK, _ARGS))
    assert allowed == [True] * (dead_letters.MAX_DEATHS - 1) + [False]
    letter = _letter(county)
    assert (letter.state, letter.error, letter.deaths) == (LetterState.OPEN, dead_letters.LOST, dead_letters.MAX_DEATHS)


def test_success_forgets_the_processes_that_were_lost_before(county: County):
    with county.write() as work:
        dead_letters.may_run_again(work, _TASK, _ARGS)
    dead_letters.settle(county.database, _TASK, _ARGS)
    assert (_letter(county).state, _letter(county).deaths) == (LetterState.SETTLED, 0)
    with county.write() as work:
        assert dead_letters.may_run_again(work, _TASK, _ARGS)
    assert _letter(county).state == LetterState.COUNTING
