"""What an ask, a notice and a tick cost in statements; and that what is remembered between asks is never out of date."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from reading_queue import rulebook, service
from reading_queue.assignment.chapter import ASSIGNMENT
from reading_queue.assignment.rules import SHIPPED
from reading_queue.notices import About, Audience, notify
from reading_queue.service import Lease
from storage.db.models import NoticeRecipient, ReadingTask, User
from storage.db.queries.tasks import events_of
from storage.domain.errors import Forbidden
from storage.domain.reading import Priority, Role
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County
from tests.unit.reading_queue.racing import editions_asked, race

pytestmark = pytest.mark.thorough

FOR_AN_URGENT_CASE, FOR_A_ROUTINE_CASE, FOR_NOTHING = 8, 9, 4


@contextmanager
def _statements(county: County) -> Iterator[list[str]]:
    """Every statement that is run meanwhile, without those that begin a transaction."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(county.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(county.database.engine, "before_cursor_execute", note)


def _ask(county: County, username: str = "radiologist") -> Lease | None:
    return service.ask_next(county.database, county.actor(username), lease_minutes=LEASE_MINUTES)


def _edition(county: County, lease: Lease | None) -> int:
    assert lease is not None
    with county.database.read() as work:
        edition: int = events_of(work, lease.task.id)[-1].detail["choice"]["edition"]
        return edition


def _publish(county: County, after: timedelta = timedelta(0)) -> None:
    with county.write() as work:
        rulebook.publish(work, county.actor("manager"), ASSIGNMENT, SHIPPED, effective_from=work.now + after)


@pytest.mark.parametrize(
    "priority, most", [(Priority.P1, FOR_AN_URGENT_CASE), (Priority.P3, FOR_A_ROUTINE_CASE), (None, FOR_NOTHING)]
)
def test_an_ask_takes_no_more_statements_than_these(county: County, priority: Priority | None, most: int) -> None:
    county.task(priority=priority or Priority.P2)
    assert _ask(county) is not None
    if priority is not None:
        task = county.task(priority=priority)
    actor = county.actor("radiologist")
    _settle(county)
    with _statements(county) as seen:
        lease = service.ask_next(county.database, actor, lease_minutes=LEASE_MINUTES)
    assert (lease and lease.task.id) == (task.id if priority else None)
    assert len(seen) <= most, "\n".join(seen)


def _settle(county: County) -> None:
    """Somebody asks for nothing, so that the readers at work have just been looked at."""
    with county.database.read() as work:
        service.plan_next(work, county.actor("ecg"))


def test_an_edition_counts_at_the_next_ask_when_it_is_published_and_when_its_moment_comes(county: County) -> None:
    for _ in range(5):
        county.task()
    assert _edition(county, _ask(county)) == 0
    _publish(county)
    assert _edition(county, _ask(county)) == 1
    _publish(county, timedelta(minutes=10))
    assert _edition(county, _ask(county)) == 1
    county.clock.advance(minutes=10)
    assert _edition(county, _ask(county)) == 2
    county.clock.advance(minutes=-5)
    assert _edition(county, _ask(county)) == 1


def test_another_process_that_has_asked_before_uses_the_new_edition_too(county: County) -> None:
    for _ in range(4):
        county.task()
    url = county.database.engine.url.render_as_string(hide_password=False)
    [found, _] = race(editions_asked, [(url, county.clock, "radiologist"), (url, county.clock, "")])
    assert found == [0, 1, 2]


def test_an_edition_that_is_rolled_back_leaves_nothing_behind(county: County) -> None:
    county.task()
    with pytest.raises(ZeroDivisionError):
        _publish_in_vain(county)
    _publish(county)
    with county.database.read() as work:
        assert rulebook.in_force(work, ASSIGNMENT).content.free_list == {Priority.P2, Priority.P3}


def _publish_in_vain(county: County) -> None:
    with county.write() as work:
        rulebook.publish(work, county.actor("manager"), ASSIGNMENT, {**SHIPPED, "free_list": []})
        assert rulebook.in_force(work, ASSIGNMENT).content.free_list == frozenset()
        raise ZeroDivisionError


def test_what_is_remembered_of_the_rules_is_read_once(county: County) -> None:
    _publish(county)
    county.clock.advance(seconds=1)
    with county.database.read() as work:
        rulebook.in_force(work, ASSIGNMENT)
        with _statements(county) as seen:
            assert rulebook.in_force(work, ASSIGNMENT).version == 1
    assert len(seen) == 1
    assert "content" not in seen[0]


def test_who_may_not_read_any_more_is_refused_at_the_next_ask(county: County) -> None:
    county.task()
    county.task()
    assert _ask(county) is not None
    actor = county.actor("radiologist")
    with county.write() as work:
        work.session.get_one(User, actor.user_id).active = False
    with pytest.raises(Forbidden):
        service.ask_next(county.database, actor, lease_minutes=LEASE_MINUTES)


def test_a_task_is_in_memory_as_its_row_is_after_each_step(county: County) -> None:
    task = county.task()
    steps = [
        lambda work: service.claim(work, task.id, reader, lease_minutes=LEASE_MINUTES).task,
        lambda work: service.ask(work, task.id, reader, county.reload(task).lease_token, "哪一侧？"),
        lambda work: service.answer(work, task.id, clinic, "左侧"),
        lambda work: service.claim(work, task.id, reader, lease_minutes=LEASE_MINUTES).task,
        lambda work: service.submit(work, task.id, reader, county.reload(task).lease_token, REPORT),
        lambda work: service.claim(work, task.id, county.actor("auditor"), lease_minutes=LEASE_MINUTES).task,
    ]
    reader, clinic = county.actor("radiologist"), county.actor("clinic01")
    for step in steps:
        county.clock.advance(seconds=90)
        with county.write() as work:
            changed = step(work)
            known = _columns(changed)
            person = changed.reader.username if changed.reader else None
        assert known == _columns(county.reload(task))
        assert (
            person == (county.actor("auditor") if step is steps[-1] else reader).username or known["reader_id"] is None
        )


def _columns(task: ReadingTask) -> dict[str, tuple[object, type]]:
    values = {column.name: getattr(task, column.name) for column in ReadingTask.__table__.columns}
    return {name: (value, type(value)) for name, value in values.items()} | {"reader_id": values["reader_id"]}


def test_a_notice_to_a_hundred_people_is_one_insert_for_them(county: County) -> None:
    with county.write() as work:
        centre = county.actor("manager").institution_id
        for number in range(100):
            given = {"username": f"r{number}", "display_name": "", "title": "", "password_hash": "-"}
            work.session.add(User(**given, role=Role.RADIOLOGIST, institution_id=centre))
    to = Audience(roles=frozenset({Role.RADIOLOGIST}), users=frozenset({county.actor("admin").user_id or 0}))
    with county.write() as work, _statements(county) as seen:
        assert notify(work, "task.unmanned", to, About(), key="task.unmanned:1") is not None
        assert notify(work, "task.unmanned", to, About(), key="task.unmanned:1") is None
    assert len(seen) == 5, "\n".join(seen)
    with county.database.read() as work:
        assert work.session.execute(select(func.count(NoticeRecipient.id))).scalar_one() == 104


def test_a_tick_with_many_due_takes_hardly_more_statements_than_one_with_few(county: County) -> None:
    """Emergencies that nobody takes: everybody on duty, the auditors and the manager hear of each."""
    few, many = _tick_with(county, 2), _tick_with(county, 14)
    assert many - few < 5, (few, many)
    with county.database.read() as work:
        told = work.session.execute(select(func.count(NoticeRecipient.id))).scalar_one()
    assert told > 16 * 6


def _tick_with(county: County, due: int) -> int:
    for _ in range(due):
        county.task(priority=Priority.P0, modality="MR")
    county.clock.advance(minutes=46)
    with _statements(county) as seen, county.write() as work:
        assert service.escalate_due(work) >= due
    return len(seen)
