"""Licences with dates: asked at the claim, and again when the report is signed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reading_queue import rosters, service
from storage.db.models import Qualification, ReadingTask
from storage.domain.errors import Forbidden, Invalid
from storage.domain.reading import TaskState
from storage.domain.rosters import Licence, modalities_named, names_modality
from tests.unit.reading_queue.county import LEASE_MINUTES, County

pytestmark = pytest.mark.thorough

TODAY = date(2026, 3, 9)


def license_for(
    county: County,
    username: str,
    modality: str,
    *,
    may_audit: bool = False,
    valid_from: date = TODAY,
    valid_until: date | None = None,
    ended_on: date | None = None,
    subspecialty: str = "",
) -> None:
    with county.write() as work:
        work.session.add(
            Qualification(
                user_id=county.user(username).id,
                modality=modality,
                subspecialty=subspecialty,
                may_audit=may_audit,
                valid_from=valid_from,
                valid_until=valid_until,
                ended_on=ended_on,
                recorded_by_id=county.user("manager").id,
                recorded_at=work.now,
            )
        )


def may_read(county: County, username: str, modality: str, at: datetime | None = None, subspecialty: str = "") -> bool:
    with county.database.read() as work:
        return rosters.may_read(work, county.user(username).id, modality, at or work.now, subspecialty)


@pytest.mark.parametrize(
    "words, modality, named",
    [
        (None, "CT", True),
        ([], "CT", False),
        (["CT"], "CT", True),
        (["CT"], "MR", False),
        (["CT_MR"], "MR", True),
        (["XRAY"], "DX", True),
        (["DR"], "CR", True),
        (["CR"], "MG", False),
        (["US", "ECG"], "HD", True),
    ],
)
def test_a_modality_goes_by_several_names(words: list[str] | None, modality: str, named):
    assert names_modality(words, modality) is named
    every = modalities_named(words)
    assert (every is None or modality in every) is named


def test_without_a_row_the_list_of_the_user_decides(county: County):
    assert may_read(county, "radiologist", "CT")
    assert may_read(county, "ecg", "ECG")
    assert not may_read(county, "ecg", "CT")


def test_with_a_row_the_licences_alone_decide(county: County):
    license_for(county, "ecg", "CT")
    assert may_read(county, "ecg", "CT")
    assert not may_read(county, "ecg", "ECG")


def test_a_licence_counts_by_local_days_both_included(county: County):
    license_for(county, "radiologist", "CT", valid_until=TODAY)
    before = datetime(2026, 3, 8, 15, 59, tzinfo=UTC)
    assert not may_read(county, "radiologist", "CT", before), "23:59 of the day before, in the county"
    assert may_read(county, "radiologist", "CT", before + timedelta(minutes=1))
    assert may_read(county, "radiologist", "CT", before + timedelta(days=1))
    assert not may_read(county, "radiologist", "CT", before + timedelta(days=1, minutes=1))


def test_an_ended_licence_does_not_bring_the_list_back(county: County):
    license_for(county, "radiologist", "CT", ended_on=TODAY)
    assert not may_read(county, "radiologist", "CT")


def test_a_subspecialty_limits_what_has_one(county: County):
    license_for(county, "radiologist", "CT", subspecialty="neuro")
    assert may_read(county, "radiologist", "CT")
    assert may_read(county, "radiologist", "CT", subspecialty="neuro")
    assert not may_read(county, "radiologist", "CT", subspecialty="chest")


def test_a_licence_may_leave_out_auditing():
    reads = Licence("CT", "", may_audit=False, valid_from=TODAY, valid_until=None)
    assert reads.covers("CT")
    assert not reads.covers("CT", audit=True)


def test_who_lost_his_licence_cannot_claim(county: County):
    task = county.task(modality="CT")
    license_for(county, "radiologist", "CT", valid_until=TODAY)
    county.clock.advance(days=1)
    with pytest.raises(Forbidden):
        county.claim(task, "radiologist")
    assert county.reload(task).state == TaskState.QUEUED


def test_the_next_case_is_never_one_without_licence(county: County):
    county.task(modality="CT")
    us = county.task(modality="US")
    license_for(county, "radiologist", "US")
    with county.write() as work:
        lease = service.next_task(work, county.actor("radiologist"), lease_minutes=LEASE_MINUTES)
    assert lease is not None
    assert lease.task.id == us.id


def test_a_licence_that_ends_while_reading_stops_the_signature(county: County):
    """Rule (3): the signer needs a valid qualification for the modality at signing time."""
    task = county.task(modality="CT")
    license_for(county, "auditor", "CT", may_audit=True, valid_until=TODAY)
    county.drafted(task)
    county.clock.at = datetime(2026, 3, 9, 15, 58, tzinfo=UTC)
    token = county.claim(task, "auditor").token
    county.clock.advance(minutes=3)
    with pytest.raises(Forbidden), county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token)
    assert county.reload(task).state == TaskState.AUDITING
    license_for(county, "auditor", "CT", may_audit=True, valid_from=TODAY + timedelta(days=1))
    with county.write() as work:
        service.sign(work, task.id, county.actor("auditor"), token)
    assert county.reload(task).state == TaskState.SIGNED


def test_an_actor_made_before_the_licence_ended_does_not_keep_it(county: County):
    task = county.task(modality="CT")
    license_for(county, "radiologist", "CT")
    with county.write() as work:
        stale = service.with_licences(work, county.actor("radiologist"))
    with county.write() as work:
        work.session.query(Qualification).update({"ended_on": TODAY})
    with pytest.raises(Forbidden), county.write() as work:
        service.claim(work, task.id, stale, lease_minutes=LEASE_MINUTES)


def test_a_reader_without_the_right_to_audit_gets_no_drafts(county: County):
    drafted: ReadingTask = county.task(modality="CT")
    county.drafted(drafted)
    license_for(county, "auditor", "CT")
    fresh = county.task(modality="CT")
    with pytest.raises(Forbidden, match="auditing"):
        county.claim(drafted, "auditor")
    with county.write() as work:
        lease = service.next_task(work, county.actor("auditor"), lease_minutes=LEASE_MINUTES)
    assert lease is not None
    assert lease.task.id == fresh.id
    with county.database.read() as work:
        assert not rosters.may_audit(work, county.user("auditor").id, "CT", work.now)


def test_nobody_is_named_for_a_case_that_he_may_not_read(county: County):
    license_for(county, "radiologist2", "US")
    task = county.task(modality="CT")
    with pytest.raises(Invalid), county.write() as work:
        service.assign(work, task.id, county.actor("manager"), county.user("radiologist2"))
