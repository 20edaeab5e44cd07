import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from countyread.cli import cli
from dicom_gateway.edge.journal import Journal, NewObject
from dicom_gateway.edge.liaison import LINE, TITLES
from storage.db.models import AuditEvent, Device
from storage.db.session import Database
from storage.domain.canonical import sha256_hex
from storage.domain.clock import SystemClock
from storage.ingest.spool import Spool
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import open_database

pytestmark = pytest.mark.thorough


@pytest.fixture
def van(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """The folder of a station that does not run, with something in it."""
    clock = SystemClock()
    Spool(tmp_path / "edge" / "station", clock).close()
    journal = Journal(tmp_path / "edge" / "journal.sqlite", clock)
    received = clock.now() - timedelta(hours=3)
    for name, title in (("1", "T01_CT"), ("2", "T01_CT"), ("3", "STRANGE")):
        placed = {"association": "a", "ae_title": title, "sop": name, "study": title, "series": "s", "number": 1}
        journal.add([NewObject(name, **placed, size=2 << 20, received=received.timestamp(), is_urgent=False)])
    journal.confirm(["1"])
    journal.note(TITLES, ["T01_CT"])
    contact = (clock.now() - timedelta(minutes=5)).isoformat()
    journal.note(LINE, {"state": "certificate", "since": contact, "last_contact": contact})
    monkeypatch.setenv("COUNTYREAD_DATA", str(tmp_path))
    monkeypatch.setenv("COUNTYREAD_AE_TITLE", "T01_EDGE")
    return journal


def test_the_status_in_english(van: Journal) -> None:
    said = CliRunner().invoke(cli, ["edge", "status", "--lang", "en"]).output
    assert "Edge station T01_EDGE" in said
    assert "Receiving: no" in said
    assert "the server's certificate is not trusted" in said
    assert "Last contact: 5 min ago" in said
    assert "Waiting: 2 objects, 4 MiB" in said
    assert "Oldest has waited: 3 h" in said
    assert "1 objects of STRANGE" in said
    assert "Sent today: 1" in said


def test_the_status_in_chinese(van: Journal) -> None:
    said = CliRunner().invoke(cli, ["edge", "status"]).output
    for words in ("边缘站 T01_EDGE", "服务器证书不可信", "等待发送：2 幅，4 MiB", "STRANGE 的 1 幅", "3 小时"):
        assert words in said


def test_the_status_for_monitoring(van: Journal) -> None:
    told = json.loads(CliRunner().invoke(cli, ["edge", "status", "--json"]).output)
    assert (told["waiting"], told["held"], told["sent_today"], told["is_running"]) == (2, 1, 1, False)
    assert told["line"] == "certificate"
    assert 10_000 < told["oldest_age"] < 12_000


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Of a centre with two clinics, which the command opens too."""
    monkeypatch.setenv("COUNTYREAD_DATA", str(tmp_path))
    with open_database(f"sqlite:///{tmp_path}/countyread.sqlite") as opened:
        make_county(opened)
        yield opened


def test_a_station_gets_its_key_once_and_only_the_hash_is_kept(database: Database) -> None:
    keys = []
    for _ in range(2):
        done = CliRunner().invoke(cli, ["admin", "station", "T01_EDGE", "--institution", "t01"])
        assert done.exit_code == 0, done.output
        keys.append(done.output.strip().splitlines()[-1])
    assert keys[0] != keys[1]
    assert all(key.startswith("station_") and len(key) > 45 for key in keys)
    with database.read() as work:
        station = work.session.execute(select(Device).where(Device.ae_title == "T01_EDGE")).scalar_one()
        actions = work.session.execute(select(AuditEvent.action)).scalars().all()
    assert (station.kind, station.secret_hash) == ("edge", sha256_hex(keys[1].encode()))
    assert actions == ["station_key", "station_key"]


@pytest.mark.parametrize("arguments", [["T01_CT", "--institution", "t01"], ["T01_EDGE", "--institution", "t99"]])
def test_a_station_is_no_other_device_and_has_an_institution(database: Database, arguments: list[str]) -> None:
    assert CliRunner().invoke(cli, ["admin", "station", *arguments]).exit_code != 0
