import pytest
from sqlalchemy import insert

from storage.db.models import TaskEvent
from storage.domain.reading import Action
from tests.unit.reading_queue.county import County
from viewer_api import changes
from viewer_api.changes import ChangeReader

pytestmark = pytest.mark.thorough


@pytest.fixture
def county(tmp_path) -> County:
    return County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")


def _read(county: County, reader: ChangeReader) -> list[tuple[str, int]]:
    with county.database.read() as work:
        return [(change.kind, change.data.get("id", 0)) for change in reader.read(work)]


def _event(county: County, task, identity: int) -> None:
    with county.database.write() as work:
        work.session.execute(
            insert(TaskEvent).values(
                id=identity,
                task_id=task.id,
                seq=identity,
                action=Action.ESCALATE,
                from_state=task.state,
                to_state=task.state,
                actor="system",
                at=work.now,
                reason="",
                detail={},
            )
        )


def test_what_was_there_before_is_no_news(county: County) -> None:
    county.signed(county.task())
    reader = ChangeReader()
    assert _read(county, reader) == []
    assert _read(county, reader) == []


def test_each_change_is_told_once(county: County) -> None:
    reader = ChangeReader()
    _read(county, reader)
    task = county.task()
    assert _read(county, reader) == [("tasks", task.id), ("studies", 0)]
    assert _read(county, reader) == []


def test_a_lower_number_that_is_committed_later_is_not_missed(county: County) -> None:
    task = county.task()
    reader = ChangeReader()
    _read(county, reader)
    _event(county, task, 50)
    assert _read(county, reader) == [("tasks", task.id)]
    _event(county, task, 40)
    assert _read(county, reader) == [("tasks", task.id)]
    assert _read(county, reader) == []


def test_a_transaction_under_way_at_the_start_is_not_missed(county: County) -> None:
    task = county.task()
    _event(county, task, 50)
    reader = ChangeReader()
    _read(county, reader)
    _event(county, task, 45)
    assert _read(county, reader) == [("tasks", task.id)]


def test_old_numbers_are_forgotten(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    task = county.task()
    reader = ChangeReader()
    _read(county, reader)
    now = changes.monotonic()
    for identity in range(100, 110):
        _event(county, task, identity)
    _read(county, reader)
    monkeypatch.setattr(changes, "monotonic", lambda: now + 60)
    assert _read(county, reader) == []
    assert reader._events.floor == 109
    assert reader._events.seen == {}
