"""The clinic's word that it holds a result."""

import pytest
from sqlalchemy import func, select

from reading_queue import service
from storage.db.models import Receipt
from storage.domain.errors import Forbidden, NotFound
from storage.domain.reading import TaskState
from tests.unit.reading_queue.county import REPORT, County

pytestmark = pytest.mark.thorough


def _receipt(county: County, seq: int, username: str = "clinic01", received_by: str = "") -> Receipt:
    with county.write(username) as work:
        return service.receipt(work, seq, county.actor(username), received_by)


def test_a_receipt_delivers_the_report(county: County):
    task = county.signed(county.task())
    given = _receipt(county, 1, received_by="王护士")
    assert (given.received_by, given.at) == ("王护士", county.clock.now())
    assert county.reload(task).state == TaskState.DELIVERED


def test_a_second_receipt_returns_the_first(county: County):
    county.signed(county.task())
    first = _receipt(county, 1, received_by="王护士")
    county.clock.advance(minutes=5)
    second = _receipt(county, 1, received_by="李医生")
    assert (second.id, second.received_by, second.at) == (first.id, "王护士", first.at)
    with county.database.read() as work:
        assert work.session.execute(select(func.count(Receipt.id))).scalar_one() == 1


def test_without_a_name_the_receipt_names_the_one_logged_in(county: County):
    county.signed(county.task())
    assert _receipt(county, 1).received_by == "clinic01 医师"


def test_numbers_are_each_clinics_own(county: County):
    county.signed(county.task(code="t01"))
    with pytest.raises(NotFound):
        _receipt(county, 1, "clinic02")
    with pytest.raises(NotFound):
        _receipt(county, 2)


@pytest.mark.parametrize("username", ["radiologist", "manager", "regulator"])
def test_only_clinics_give_receipts(county: County, username: str):
    county.signed(county.task())
    with pytest.raises(Forbidden):
        _receipt(county, 1, username)


def test_an_amended_report_has_to_be_delivered_again(county: County):
    task = county.signed(county.task())
    _receipt(county, 1)
    with county.write() as work:
        service.amend(work, task.id, county.actor("auditor"), REPORT, "更正")
    assert county.reload(task).state == TaskState.SIGNED
    _receipt(county, 2)
    assert county.reload(task).state == TaskState.DELIVERED


def test_a_receipt_for_an_older_version_does_not_deliver_the_newest(county: County):
    task = county.signed(county.task())
    with county.write() as work:
        service.amend(work, task.id, county.actor("auditor"), REPORT, "更正")
    _receipt(county, 1)
    assert county.reload(task).state == TaskState.SIGNED
    _receipt(county, 2)
    assert county.reload(task).state == TaskState.DELIVERED
