"""Studies that are read twice: independent, blinded, and decided by a third."""

import pytest
from sqlalchemy import select

from reading_queue import service
from reading_queue.rulebook import publish
from reading_queue.service import ReportContent, may_see_draft
from reading_queue.signatures import SIGNATURES
from storage.db.models import ReadingTask, ReportVersion
from storage.domain.errors import Forbidden, NotAllowedFromState, SamePerson
from storage.domain.reading import ReadingStep, TaskState
from tests.unit.reading_queue.county import LEASE_MINUTES, REPORT, County

pytestmark = pytest.mark.thorough


_OTHER = ReportContent("右肺上叶结节。", "右肺上叶结节，建议随访。", positive=True)


@pytest.fixture
def twice(county: County) -> County:
    with county.database.write() as work:
        rules = {**SIGNATURES.shipped, "double_reading": [{"modalities": ["CT"]}]}
        publish(work, county.actor("manager"), SIGNATURES, rules)
    return county


def tasks_of(county: County, first: ReadingTask) -> list[ReadingTask]:
    with county.database.read() as work:
        query = select(ReadingTask).where(ReadingTask.study_id == first.study_id).order_by(ReadingTask.id)
        return list(work.session.execute(query).scalars())


def opened(county: County) -> tuple[ReadingTask, ReadingTask]:
    """The two independent readings of a new study."""
    first, second = tasks_of(county, county.task())
    return first, second


def both_read(county: County) -> list[ReadingTask]:
    first, second = opened(county)
    county.drafted(first, "radiologist")
    county.drafted(second, "radiologist2", _OTHER)
    return tasks_of(county, first)


def test_two_read_and_a_third_decides_and_all_three_are_named(twice: County):
    first, second, third = both_read(twice)
    assert [task.step for task in (first, second, third)] == list(ReadingStep)
    assert [task.state for task in (first, second, third)] == [TaskState.READ, TaskState.READ, TaskState.QUEUED]
    assert third.limit_at == first.limit_at
    token = twice.claim(third, "auditor").token
    with twice.write() as work:
        version = service.sign(work, third.id, twice.actor("auditor"), token, _OTHER)
    readings = version.content["readings"]
    assert [(one["reader"]["username"], bool(one["differs"])) for one in readings] == [
        ("radiologist", True),
        ("radiologist2", False),
    ]
    with twice.database.read() as work:
        assert len(work.session.execute(select(ReportVersion)).scalars().all()) == 1


def test_nobody_has_a_part_in_two_of_the_three(twice: County):
    first, second = opened(twice)
    token = twice.claim(first, "auditor").token
    with twice.write() as work:
        service.release(work, first.id, twice.actor("auditor"), token)
    with pytest.raises(SamePerson):
        twice.claim(second, "auditor")
    twice.drafted(first, "radiologist")
    twice.drafted(second, "radiologist2")
    third = tasks_of(twice, first)[2]
    for username, refusal in (("radiologist", Forbidden), ("auditor", SamePerson)):
        with pytest.raises(refusal):
            twice.claim(third, username)
    twice.claim(third, "auditor2")


def test_the_server_offers_no_part_to_who_has_one(twice: County):
    first, _ = opened(twice)
    twice.claim(first, "radiologist")
    with twice.write() as work:
        assert service.next_task(work, twice.actor("radiologist"), lease_minutes=LEASE_MINUTES) is None
    with twice.write() as work:
        lease = service.next_task(work, twice.actor("radiologist2"), lease_minutes=LEASE_MINUTES)
    assert lease is not None
    assert lease.task.step == ReadingStep.SECOND_READ


def test_the_readers_are_blind_to_each_other_until_they_have_handed_over(twice: County):
    first, _ = opened(twice)
    token = twice.claim(first, "radiologist").token
    with twice.write() as work:
        service.save_draft(work, first.id, twice.actor("radiologist"), token, REPORT)
    task = twice.reload(first)
    seen = {name: may_see_draft(task, twice.actor(name)) for name in ("radiologist", "radiologist2", "auditor")}
    assert seen == {"radiologist": True, "radiologist2": False, "auditor": False}


def test_one_reader_alone_never_signs_such_a_study(twice: County):
    first, _ = opened(twice)
    token = twice.claim(first, "auditor").token
    with pytest.raises(NotAllowedFromState), twice.write() as work:
        service.sign(work, first.id, twice.actor("auditor"), token, REPORT)


def test_where_one_of_the_two_is_cancelled_the_other_is_decided_over(twice: County):
    first, second = opened(twice)
    twice.drafted(first)
    with twice.write() as work:
        service.cancel(work, second.id, twice.actor("manager"), "无第二阅片人")
    with twice.write() as work:
        assert service.follow_readings(work) == 1
        assert service.follow_readings(work) == 0
    assert [task.step for task in tasks_of(twice, first)] == list(ReadingStep)


def test_later_images_reach_whichever_reading_is_open(twice: County):
    first, _, third = both_read(twice)
    twice.late_image(first.study_id)
    twice.task()
    assert len(tasks_of(twice, first)) == 3
    assert twice.reload(third).version == third.version + 1
