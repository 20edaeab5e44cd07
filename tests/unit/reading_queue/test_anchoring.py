"""Anchors told outside: OpenSSL's time-stamping authority, and a receiver of webhooks."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from reading_queue.anchoring import anchor_audit, time_stamp
from storage import audit
from storage.audit_anchors import Anchor, Anchors
from storage.db.session import Database
from storage.domain.clock import ManualClock
from storage.settings import Settings, load_settings
from tests.services.time_stamping import Authority, receiving

pytestmark = pytest.mark.thorough


_NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
_ANCHOR = Anchor(_NOW.isoformat(), 7, "ab" * 32, "", "")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(_NOW)


@pytest.fixture
def database(sqlite_database: Database, clock: ManualClock) -> Database:
    return Database(sqlite_database.engine, clock)


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    def made(**more: str) -> Settings:
        return load_settings({"COUNTYREAD_DATA": str(tmp_path), **more}, tmp_path / "none")

    return made


def _act(database: Database) -> None:
    with database.write() as work:
        audit.record(work.session, audit.AuditEntry(work.now, "user:1", "read", "study:1", {}))


def test_an_authority_stamps_every_anchor_and_openssl_agrees(
    authority: Authority, database: Database, clock: ManualClock, settings: Callable[..., Settings]
) -> None:
    with receiving(
        lambda kind, query: authority.reply(query) if kind == "application/timestamp-query" else None
    ) as url:
        for _ in range(2):
            _act(database)
            anchor_audit(database, settings(COUNTYREAD_AUDIT_TSA=url))
            clock.advance(hours=2)
    anchors = Anchors.of(settings())
    first, second = anchors.all()
    for one, other in ((first, second), (second, first)):
        stamp = anchors.folder / f"anchor-{one.seq:012d}.tsr"
        assert authority.verifies(stamp, one.sha256)
        assert not authority.verifies(stamp, other.sha256)


def test_an_authority_that_does_not_take_the_hash_has_not_stamped_it(tmp_path: Path) -> None:
    unwilling = Authority(tmp_path / "authority", digest="sha512")
    with receiving(lambda _kind, query: unwilling.reply(query)) as url, pytest.raises(ValueError, match="not stamped"):
        time_stamp(url, _ANCHOR)


def test_a_stamp_from_before_is_not_taken_again(authority: Authority) -> None:
    kept: list[bytes] = []

    def answer(_kind: str, query: bytes) -> bytes:
        kept.append(authority.reply(query))
        return kept[0]

    with receiving(answer) as url:
        assert time_stamp(url, _ANCHOR) == kept[0]
        with pytest.raises(ValueError, match="not stamped"):
            time_stamp(url, _ANCHOR)


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"\x30", b"\x30\x82\x01\x00\x30\x03\x04\x01\x00", b"\x30\x00\x30\x00"]
)
def test_what_is_no_stamp_is_refused(answer: bytes) -> None:
    with receiving(lambda _kind, _query: answer) as url, pytest.raises(ValueError, match="no answer"):
        time_stamp(url, _ANCHOR)


def test_a_webhook_is_told_of_each_anchor(database: Database, settings: Callable[..., Settings]) -> None:
    told: list[object] = []

    def answer(kind: str, body: bytes) -> bytes:
        told.append((kind, json.loads(body)))
        return b""

    _act(database)
    with receiving(answer) as url:
        anchor_audit(database, settings(COUNTYREAD_AUDIT_WEBHOOK=url))
        anchor_audit(database, settings(COUNTYREAD_AUDIT_WEBHOOK=url))
    (anchor,) = Anchors.of(settings()).all()
    assert told == [("application/json", asdict(anchor))]


def test_who_cannot_be_reached_keeps_nobody_else_from_being_told(
    authority: Authority, database: Database, settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    _act(database)
    caplog.set_level(logging.WARNING)
    with receiving(lambda _kind, _body: None) as broken, receiving(lambda _kind, query: authority.reply(query)) as tsa:
        anchor_audit(database, settings(COUNTYREAD_AUDIT_WEBHOOK=broken, COUNTYREAD_AUDIT_TSA=tsa))
    assert "has not reached the webhook" in caplog.text
    (anchor,) = Anchors.of(settings()).all()
    assert authority.verifies(Anchors.of(settings()).folder / f"anchor-{anchor.seq:012d}.tsr", anchor.sha256)


def test_an_authority_that_is_away_leaves_the_anchor_in_its_file(
    database: Database, settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    _act(database)
    with receiving(lambda _kind, _query: None) as url:
        with pytest.raises(httpx.HTTPStatusError):
            time_stamp(url, _ANCHOR)
        anchor_audit(database, settings(COUNTYREAD_AUDIT_TSA=url))
    assert "has not reached the time-stamping authority" in caplog.text
    assert len(Anchors.of(settings()).all()) == 1
