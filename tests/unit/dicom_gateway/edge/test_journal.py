"""The order of sending, and what the journal remembers across a kill."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dicom_gateway.edge.journal import PREVIEW, REST, URGENT, Journal, NewObject, ParcelEntry
from storage.domain.clock import ManualClock
from storage.ingest.associations import AssociationRecord

_NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
_KEY = "a" * 32


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(_NOW)


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> Journal:
    return Journal(tmp_path / "journal.sqlite", clock)


def _object(name: str, **values: object) -> NewObject:
    defaults = {
        "association": _KEY,
        "ae_title": "T01_CT",
        "sop": f"1.{abs(hash(name)) % 10**9}",
        "study": "1.2",
        "series": "1.2.1",
        "number": 1,
        "size": 500_000,
        "received": _NOW.timestamp(),
        "is_urgent": False,
    }
    return NewObject(name=name, **{**defaults, **values})


def _series(count: int, **values: object) -> list[NewObject]:
    prefix = str(values.get("series", "1.2.1"))
    return [_object(f"{prefix}-{number}", number=number, **values) for number in range(1, count + 1)]


def _record(*, over: bool, key: str = _KEY, title: str = "T01_CT") -> AssociationRecord:
    ended = _NOW + timedelta(seconds=9) if over else None
    return AssociationRecord(key, title, "10.0.0.7", _NOW, ended, 3, 0, released=over)


def _order(journal: Journal, **options: object) -> list[tuple[str, int]]:
    found = journal.next_objects(100, options.get("held", ()), options.get("taken", ()))
    return [(one.name, one.rank) for one in found]


def test_slices_go_in_their_order_while_the_association_is_open(journal: Journal) -> None:
    journal.note_association(_record(over=False))
    journal.add(reversed(_series(4)))
    assert _order(journal) == [(f"1.2.1-{number}", REST) for number in (1, 2, 3, 4)]


def test_the_middle_of_every_series_goes_first_once_it_is_known(journal: Journal) -> None:
    journal.add([*_series(5), *_series(7, series="1.2.2"), *_series(1, series="1.2.3")])
    journal.note_association(_record(over=True))
    order = _order(journal)
    assert order[:2] == [("1.2.1-3", PREVIEW), ("1.2.2-4", PREVIEW)]
    assert [rank for _, rank in order[2:]] == [REST] * 11


def test_a_middle_that_has_gone_already_is_not_looked_for_again(journal: Journal) -> None:
    journal.add(_series(3))
    journal.confirm(["1.2.1-2"])
    journal.note_association(_record(over=True))
    assert _order(journal) == [("1.2.1-1", REST), ("1.2.1-3", REST)]


def test_an_ecg_overtakes_everything(journal: Journal) -> None:
    journal.add(_series(5))
    journal.note_association(_record(over=True))
    journal.add([_object("ecg", study="9", series="9.1", size=20_000, is_urgent=True)])
    assert _order(journal)[0] == ("ecg", URGENT)


def test_all_of_a_study_is_urgent_when_one_object_says_so(journal: Journal) -> None:
    journal.add([_object("plain"), _object("stat", is_urgent=True)])
    assert {rank for _, rank in _order(journal)} == {URGENT}


def test_a_small_new_study_passes_a_big_old_one_and_a_big_one_never_starves(journal: Journal) -> None:
    big = _series(400, size=500_000)
    journal.add(big)
    soon = _NOW.timestamp() + 60
    journal.add([_object("small", study="5", series="5.1", size=2_000_000, received=soon)])
    assert _order(journal)[0][0] == "small"
    late = _NOW.timestamp() + 3600
    journal.confirm(["small"])
    journal.add([_object("later", study="6", series="6.1", size=2_000_000, received=late)])
    assert _order(journal)[0][0] == "1.2.1-1"


def test_what_is_taken_or_held_is_left_out(journal: Journal) -> None:
    journal.add([_object("known"), _object("strange", ae_title="NOBODY", study="7", series="7.1")])
    assert _order(journal, held={"NOBODY"}) == [("known", REST)]
    assert _order(journal, held={"NOBODY"}, taken={"known"}) == []


def test_an_association_is_announced_whole_and_closed_when_all_is_delivered(journal: Journal) -> None:
    journal.note_association(_record(over=False))
    journal.add([_object("one"), _object("two"), _object("other", study="8", series="8.1")])
    assert journal.announcements(1000, ()) == {}
    journal.note_association(_record(over=True))
    (lists,) = journal.announcements(1000, ()).values()
    assert {one.study: len(one.objects) for one in lists} == {"1.2": 2, "8": 1}
    assert journal.announcements(1000, {"T01_CT"}) == {}
    journal.announced([_KEY])
    assert journal.announcements(1000, ()) == {}
    journal.confirm(["one", "two"])
    assert journal.finished_associations(10) == []
    journal.confirm(["other"])
    assert journal.finished_associations(10) == [_record(over=True)]
    journal.closed([_KEY])
    assert journal.finished_associations(10) == []


def test_an_association_under_way_is_open_for_the_server(journal: Journal) -> None:
    journal.note_association(_record(over=True))
    (record,) = journal.associations([_KEY])
    assert record.ended_at is None


def test_a_late_record_of_an_open_association_does_not_open_it_again(journal: Journal) -> None:
    journal.note_association(_record(over=True))
    journal.note_association(_record(over=False))
    journal.announced([_KEY])
    assert journal.finished_associations(10) == [_record(over=True)]


def test_everything_is_there_after_a_kill(tmp_path: Path, clock: ManualClock) -> None:
    before = Journal(tmp_path / "journal.sqlite", clock)
    before.add(_series(3))
    before.note_association(_record(over=True))
    before.confirm(["1.2.1-1"])
    before.send_plain(["1.2.1-3"])
    before.keep_parcel(ParcelEntry("f" * 64, 77, REST, ("1.2.1-3",)))
    before.note("titles", ["T01_CT"])
    after = Journal(tmp_path / "journal.sqlite", clock)
    assert after.waiting() == {"1.2.1-2", "1.2.1-3"}
    assert after.sent(["1.2.1-1", "1.2.1-2"]) == {"1.2.1-1"}
    assert [one.is_plain for one in after.next_objects(10, (), ())] == [False, True]
    assert after.parcels() == [ParcelEntry("f" * 64, 77, REST, ("1.2.1-3",))]
    assert after.noted("titles") == ["T01_CT"]


def test_the_backlog_counts_what_waits_is_held_and_has_gone_today(journal: Journal, clock: ManualClock) -> None:
    journal.add([*_series(3), _object("strange", ae_title="NOBODY", study="7", series="7.1")])
    journal.confirm(["1.2.1-1"])
    backlog = journal.backlog({"NOBODY"}, _NOW)
    assert (backlog.waiting, backlog.held, backlog.sent, backlog.sent_today) == (3, 1, 1, 1)
    assert (backlog.waiting_bytes, backlog.oldest) == (1_500_000, _NOW.timestamp())
    assert journal.backlog((), _NOW + timedelta(days=1)).sent_today == 0


def test_what_went_long_ago_is_forgotten_and_what_waits_is_not(journal: Journal, clock: ManualClock) -> None:
    journal.add(_series(2))
    journal.note_association(_record(over=True))
    journal.confirm(["1.2.1-1"])
    clock.advance(days=31)
    journal.prune()
    assert journal.sent(["1.2.1-1"]) == set()
    assert journal.waiting() == {"1.2.1-2"}


def test_a_device_is_told_with_the_address_it_called_from(journal: Journal) -> None:
    journal.note_association(_record(over=False))
    journal.add(_series(2))
    assert journal.waiting_titles() == {"T01_CT": "10.0.0.7"}
