from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydicom.uid import CTImageStorage

from dicom_gateway.permission import DailyQuotas, DevicePermission, may_store
from dicom_gateway.status import StoreStatus
from storage.db.queries.reception import KnownDevice
from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from tests.unit.storage.ingest.samples import data_set
from tests.unit.storage.ingest.shelf import Shelf, make_county

MR, PRIVATE, RETIRED_US, ECHO = (
    "1.2.840.10008.5.1.4.1.1.4",
    "1.2.840.113619.4.27",
    "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.1.1",
)
DEVICE = KnownDevice(1, "T01_CT", "dicom", 1, "t01", "clinic")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "rules, allowed",
    [
        ({}, {CTImageStorage, MR, RETIRED_US}),
        ({"unknown_sop_classes": True}, {CTImageStorage, MR, RETIRED_US, PRIVATE}),
        ({"sop_classes": [CTImageStorage]}, {CTImageStorage}),
        ({"sop_classes": [CTImageStorage, PRIVATE]}, {CTImageStorage, PRIVATE}),
        ({"sop_classes": [CTImageStorage], "unknown_sop_classes": True}, {CTImageStorage, PRIVATE}),
        ({"sop_classes": [ECHO]}, set()),
        ({"sop_classes": []}, {CTImageStorage, MR, RETIRED_US}),
    ],
)
def test_a_device_may_be_kept_to_some_classes(rules: dict, allowed: set[str]) -> None:
    device = replace(DEVICE, **rules)
    every = (CTImageStorage, MR, PRIVATE, RETIRED_US, ECHO, "", "../../etc/passwd", "1.2.\0", "\u7537")
    assert {uid for uid in every if may_store(device, uid)} == allowed


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 1, 15, 30, tzinfo=UTC))


@pytest.fixture
def orphan(tmp_path: Path) -> Iterator[Database]:
    """A database that does not answer."""
    engine = make_engine(f"sqlite:///{tmp_path}/nowhere/none.sqlite")
    yield Database(engine)
    engine.dispose()


def test_a_device_without_a_quota_is_never_counted(orphan: Database, clock: ManualClock) -> None:
    quotas = DailyQuotas(orphan, clock, SHANGHAI)
    for _ in range(10):
        assert not quotas.is_used_up(DEVICE)
        quotas.count(DEVICE, 1 << 40)


@pytest.mark.parametrize("quota", [{"daily_objects": 3}, {"daily_bytes": 2500}])
def test_a_quota_ends_at_midnight_of_the_county(orphan: Database, clock: ManualClock, quota: dict) -> None:
    quotas = DailyQuotas(orphan, clock, SHANGHAI)
    device = replace(DEVICE, **quota)
    permission = DevicePermission(lambda: device, quotas)
    for _ in range(3):
        assert permission.refusal(CTImageStorage) is None
        permission.count(1000)
    assert permission.refusal(CTImageStorage) is StoreStatus.QUOTA_EXCEEDED
    assert StoreStatus.QUOTA_EXCEEDED == 0xA700
    other = replace(device, id=2)
    assert not quotas.is_used_up(other)
    clock.advance(minutes=31)
    assert permission.refusal(CTImageStorage) is None


def test_a_quota_that_is_changed_counts_at_once(orphan: Database, clock: ManualClock) -> None:
    quotas = DailyQuotas(orphan, clock, SHANGHAI)
    rules = [replace(DEVICE, daily_objects=1)]
    permission = DevicePermission(lambda: rules[0], quotas)
    permission.count(10)
    assert permission.refusal(CTImageStorage) is StoreStatus.QUOTA_EXCEEDED
    rules[0] = replace(DEVICE, daily_objects=2)
    assert permission.refusal(CTImageStorage) is None
    rules[0] = replace(DEVICE, sop_classes=[MR])
    assert permission.refusal(CTImageStorage) is StoreStatus.SOP_CLASS_NOT_SUPPORTED


def test_the_line_in_the_log_is_written_once(
    orphan: Database, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    quotas = DailyQuotas(orphan, clock, SHANGHAI)
    device = replace(DEVICE, daily_objects=0)
    for _ in range(100):
        assert quotas.is_used_up(device)
    assert [record.getMessage() for record in caplog.records] == [
        "The daily quota of T01_CT is used up; its objects are refused until midnight."
    ]


def test_what_the_catalogue_has_of_the_day_counts(sqlite_database: Database, tmp_path: Path) -> None:
    make_county(sqlite_database)
    shelf = Shelf(sqlite_database, tmp_path / "spool")
    shelf.enter(*(shelf.put(data_set(), ae_title="T01_CT", key="k") for _ in range(3)))
    now = datetime.now(UTC)
    today = ManualClock(now)
    quotas = DailyQuotas(sqlite_database, today, UTC)
    device = replace(DEVICE, daily_objects=4)
    assert not quotas.is_used_up(device)
    quotas.count(device, 10)
    assert quotas.is_used_up(device)
    assert not DailyQuotas(sqlite_database, ManualClock(now.replace(year=now.year + 1)), UTC).is_used_up(device)
