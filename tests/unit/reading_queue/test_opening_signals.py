"""What is said about a study makes it whole: recorded in any order, from anywhere, and judged from the database."""

import pytest
from sqlalchemy import func, select

from storage.db.models import Institution, ReadinessSignal
from storage.db.queries.signals import record_signal
from storage.domain.readiness import ReadyTimes, SignalKind
from storage.domain.reading import Priority
from storage.domain.studies import InstanceState
from storage.ingest.header.attributes import StatedCounts
from tests.unit.reading_queue.arriving import Arriving, some_uids
from tests.unit.reading_queue.county import County, gateway_alive

pytestmark = pytest.mark.thorough


KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
LISTS = [SignalKind.PERFORMED, SignalKind.DISCONTINUED, SignalKind.COMMITMENT, SignalKind.ANNOUNCED]


def _signals(county: County) -> int:
    with county.database.read() as work:
        return work.session.execute(select(func.count(ReadinessSignal.id))).scalar_one()


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_makes_a_study_whole_at_once(county: County, kind: SignalKind):
    arriving = Arriving.new(county)
    uids = [arriving.image() for _ in range(3)]
    assert arriving.looked_at() == "waits for idle"
    arriving.say(kind, uids)
    assert arriving.looked_at() == "listed"
    assert arriving.study().ready_at == county.clock.now()


def test_a_list_may_come_before_the_first_image(county: County):
    arriving, uids = Arriving.new(county), some_uids(3)
    arriving.say(SignalKind.PERFORMED, uids)
    assert arriving.looked_at() == "waits for images"
    for missing, uid in ((2, uids[2]), (1, uids[0])):
        arriving.image(uid)
        assert arriving.looked_at() == "waits for missing"
        assert (arriving.study().missing_count, arriving.study().expected_count) == (missing, 3)
    arriving.image(uids[1])
    assert arriving.looked_at() == "listed"
    assert arriving.study().missing_count == 0


def test_lists_of_several_devices_and_steps_add_up(county: County):
    arriving, uids = Arriving.new(county), some_uids(4)
    arriving.say(SignalKind.PERFORMED, uids[:2])
    arriving.say(SignalKind.PERFORMED, uids[1:3], device="T02_CT")
    arriving.say(SignalKind.COMMITMENT, uids[3:])
    for uid in uids[:3]:
        arriving.image(uid)
    assert arriving.looked_at() == "waits for missing"
    arriving.image(uids[3])
    assert arriving.looked_at() == "listed"


def test_the_same_said_again_is_said_once_and_wakes_nobody(county: County):
    arriving = Arriving.new(county)
    uids = [arriving.image(), arriving.image()]
    arriving.say(SignalKind.PERFORMED, uids)
    arriving.say(SignalKind.PERFORMED, uids[::-1])
    arriving.say(SignalKind.PERFORMED, [*uids, uids[0]])
    assert _signals(county) == 1
    assert arriving.looked_at() == "listed"
    arriving.say(SignalKind.PERFORMED, uids)
    assert arriving.study().ready_check_at is None


def test_another_institution_has_no_say(county: County):
    arriving, uid = Arriving.new(county), some_uids(1)[0]
    with county.write() as work:
        other = work.session.execute(select(Institution.id).where(Institution.code == "t02")).scalar_one()
        record_signal(
            work,
            kind=SignalKind.PERFORMED,
            device_id=None,
            institution_id=other,
            study_instance_uid=arriving.study().study_instance_uid,
            objects=[uid],
        )
    arriving.image(uid)
    assert arriving.looked_at() == "waits for idle"


def test_a_step_that_was_broken_off_promises_nothing(county: County):
    arriving = Arriving.new(county)
    uid = arriving.image()
    arriving.say(SignalKind.DISCONTINUED, [uid, *some_uids(2)])
    assert arriving.looked_at() == "waits for idle"
    assert arriving.study().missing_count == 0


def test_a_step_may_list_the_objects_of_several_studies_together(county: County):
    first, second = Arriving.new(county), Arriving.new(county)
    uids = some_uids(2)
    for arriving in (first, second):
        arriving.say(SignalKind.PERFORMED, uids)
    first.image(uids[0])
    assert first.looked_at() == "waits for missing"
    second.image(uids[1])
    county.clock.advance(seconds=15)
    assert (first.looked_at(), second.looked_at()) == ("listed", "listed")


def test_a_completed_step_without_a_list_leaves_it_to_rest(county: County):
    arriving = Arriving.new(county)
    arriving.image()
    arriving.say(SignalKind.PERFORMED, [])
    assert arriving.looked_at() == "waits for idle"


def test_an_image_that_came_after_the_list_is_waited_for(county: County):
    arriving = Arriving.new(county)
    uid = arriving.image()
    arriving.say(SignalKind.COMMITMENT, [uid])
    county.clock.advance(seconds=1)
    arriving.image(sop_class=KEY_OBJECTS)
    assert arriving.looked_at() == "listed"
    arriving.image()
    assert arriving.looked_at() == "waits for idle"


def test_a_list_does_not_open_what_is_still_coming(county: County):
    arriving = Arriving.new(county)
    uid = arriving.image(by="a1")
    arriving.say(SignalKind.PERFORMED, [uid])
    assert arriving.looked_at() == "waits for association"
    arriving.end("a1", released=False)
    assert arriving.looked_at() == "listed"


def test_a_list_waits_for_the_object_store(county: County):
    arriving = Arriving.new(county)
    uid = arriving.image(state=InstanceState.SPOOLED)
    arriving.say(SignalKind.PERFORMED, [uid])
    assert arriving.looked_at() == "waits for store"
    arriving.store()
    county.clock.advance(seconds=1)
    assert arriving.looked_at() == "listed"


def test_an_announced_number_makes_it_whole(county: County):
    arriving = Arriving.new(county)
    arriving.say(SignalKind.ANNOUNCED, expected=2)
    arriving.image()
    assert arriving.looked_at() == "waits for missing"
    assert (arriving.study().missing_count, arriving.study().expected_count) == (1, 2)
    arriving.image()
    assert arriving.looked_at() == "counted"


def test_a_sender_that_is_done_makes_it_whole_until_it_sends_more(county: County):
    arriving = Arriving.new(county)
    arriving.image()
    arriving.say(SignalKind.RELEASED)
    assert arriving.looked_at() == "released"
    county.clock.advance(seconds=1)
    arriving.image()
    assert arriving.looked_at() == "waits for idle"
    arriving.say(SignalKind.RELEASED)
    assert arriving.looked_at() == "released"


def _one_series(arriving: Arriving, images: int, **counts: int) -> None:
    stated = StatedCounts(**counts)
    first = arriving.image(by="a1", stated=stated)
    for _ in range(images - 1):
        arriving.image(by="a1", stated=stated, beside=first)


@pytest.mark.parametrize(
    "stated, modality, reason",
    [
        ({"study": 3}, "CT", "counted"),
        ({"series": 3}, "DX", "counted"),
        ({"acquisition": 3, "acquisition_number": 1}, "DX", "counted"),
        ({"series": 3}, "CT", "waits for idle"),
        ({"study": 4}, "CT", "waits for idle"),
        ({"series": 4}, "DX", "waits for idle"),
    ],
)
def test_objects_say_how_many_there_are(county: County, stated: dict[str, int], modality: str, reason: str):
    arriving = Arriving.new(county, modality=modality)
    _one_series(arriving, 3, **stated)
    assert arriving.looked_at() == "waits for association"
    arriving.end("a1")
    assert arriving.looked_at() == reason


def test_a_sender_that_was_cut_off_is_waited_for(county: County):
    arriving = Arriving.new(county)
    _one_series(arriving, 3, series=5)
    arriving.end("a1", released=False)
    assert arriving.looked_at() == "waits for missing"
    assert (arriving.study().missing_count, arriving.study().expected_count) == (2, 5)


def test_a_device_may_send_each_exam_in_one_association(county: County):
    arriving = Arriving.new(county)
    arriving.device(release_means_whole=True)
    arriving.image(by="a1")
    arriving.end("a1", released=False)
    assert arriving.looked_at() == "waits for idle"
    arriving.image(by="a2")
    arriving.end("a2")
    assert arriving.looked_at() == "released"


def test_a_device_has_an_idle_time_of_its_own(county: County):
    arriving = Arriving.new(county)
    arriving.device(ready_idle=30)
    arriving.image(by="a1")
    arriving.end("a1")
    county.clock.advance(seconds=29)
    assert arriving.looked_at() == "waits for idle"
    county.clock.advance(seconds=1)
    assert arriving.looked_at() == "idle"


def test_what_is_missing_is_given_up_in_the_end_and_said(county: County):
    arriving, uids = Arriving.new(county), some_uids(3)
    arriving.times = ReadyTimes(idle=10, missing=120)
    arriving.say(SignalKind.PERFORMED, uids)
    arriving.image(uids[0])
    for _ in range(8):
        county.clock.advance(seconds=14)
        assert arriving.looked_at() == "waits for missing"
    county.clock.advance(seconds=8)
    assert arriving.looked_at() == "missing"
    assert (arriving.study().missing_count, arriving.study().expected_count) == (2, 3)


@pytest.mark.parametrize("priority, limit", [(Priority.P2, 1800), (Priority.P1, 300)])
def test_the_limit_opens_whatever_happens(county: County, priority: Priority, limit: int):
    arriving = Arriving.new(county, priority=priority)
    for _ in range(limit // 20):
        arriving.image(by="a1", state=InstanceState.SPOOLED)
        assert arriving.looked_at() == "waits for association"
        county.clock.advance(seconds=20)
    arriving.image(by="a1")
    assert arriving.looked_at() == "limit"


def test_a_dead_object_store_keeps_nothing_back_for_ever(county: County):
    arriving = Arriving.new(county)
    arriving.image(by="a1", state=InstanceState.SPOOLED)
    arriving.end("a1")
    county.clock.advance(seconds=1799)
    assert arriving.looked_at() == "waits for store"
    county.clock.advance(seconds=1)
    assert arriving.looked_at() == "limit_unstored"


def test_a_list_that_comes_after_the_limit_clears_the_doubt_or_tells_what_is_missing(county: County):
    arriving = Arriving.new(county)
    uid = arriving.image(by="a1")
    county.clock.advance(seconds=1800)
    with county.write() as work:
        gateway_alive(work)
    assert arriving.looked_at() == "limit"
    other = some_uids(1)[0]
    arriving.say(SignalKind.PERFORMED, [uid, other])
    assert arriving.looked_at() == "limit"
    assert arriving.study().missing_count == 1
    county.clock.advance(seconds=1)
    arriving.image(other)
    arriving.end("a1")
    assert arriving.looked_at() == "listed"
    assert arriving.study().missing_count == 0
