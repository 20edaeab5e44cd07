from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from countyread.cli import cli
from storage.db.models import AuditEvent, Device, Institution
from storage.db.session import Database
from storage.domain.errors import CountyReadError
from tests.services.dcmtk import StorescpServer
from tests.worlds import open_database

pytestmark = pytest.mark.thorough


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTYREAD_DATA", str(tmp_path))
    monkeypatch.setenv("COUNTYREAD_CONFIG", str(tmp_path / "none.toml"))
    with open_database(f"sqlite:///{tmp_path / 'countyread.sqlite'}") as opened:
        with opened.write() as work:
            work.session.add(Institution(code="t01", name="clinic", kind="clinic"))
        yield opened


def admin(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["admin", *arguments])


def device(database: Database, ae_title: str) -> Device:
    with database.read() as work:
        return work.session.execute(select(Device).where(Device.ae_title == ae_title)).scalar_one()


def test_a_device_is_added_and_then_changed_field_by_field(database: Database) -> None:
    assert admin("device", "T01_CT", "--institution", "t01", "--modality", "CT").exit_code == 0
    changed = admin(
        *("device", "T01_CT", "--network", "10.0.1.0/24", "--network", "10.0.2.7", "--called", "OLDPACS"),
        *("--daily-objects", "500", "--daily-bytes", "1000000", "--charset", "GB18030", "--charset-rule", "always"),
        *("--host", "10.0.1.7", "--port", "104", "--may-not-query", "--unknown-sop-classes", "--ready-idle", "30"),
        *("--sop-class", "1.2.840.10008.5.1.4.1.1.2", "--issuer", "HOSP", "--worklist-charset", "ISO_IR 192"),
        *("--certificate", "AB:" * 31 + "AB", "--release-means-whole", "--name", "新CT"),
    )
    assert changed.exit_code == 0, changed.output
    found = device(database, "T01_CT")
    assert (found.modality, found.networks, found.called_ae_title) == ("CT", ["10.0.1.0/24", "10.0.2.7/32"], "OLDPACS")
    assert (found.daily_objects, found.daily_bytes, found.host, found.port) == (500, 1000000, "10.0.1.7", 104)
    assert (found.charset, found.charset_rule, found.worklist_charset) == ("GB18030", "always", "ISO_IR 192")
    assert (found.may_query, found.unknown_sop_classes, found.release_means_whole) == (False, True, True)
    assert (found.certificate_sha256, found.ready_idle, found.name) == ("ab" * 32, 30.0, "新CT")
    cleared = admin(
        *("device", "T01_CT", "--network", "any", "--sop-class", "any", "--daily-objects", "-1", "--port", "0"),
        *("--host", "", "--certificate", "", "--inactive"),
    )
    assert cleared.exit_code == 0, cleared.output
    found = device(database, "T01_CT")
    assert (found.networks, found.sop_classes, found.daily_objects, found.port) == (None, None, None, None)
    assert (found.host, found.certificate_sha256, found.active, found.daily_bytes) == ("", "", False, 1000000)
    with database.read() as work:
        actions = list(work.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars())
    assert actions == ["device_added", "device_changed", "device_changed"]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["T99_CT"], "--institution"),
        (["T99_CT", "--institution", "t99"], "no institution t99"),
        (["a title that is too long", "--institution", "t01"], "16 ASCII"),
        (["T99_CT", "--institution", "t01", "--network", "nowhere"], "10.0.1.0/24"),
        (["T99_CT", "--institution", "t01", "--host", "10.0.0.1"], "port"),
    ],
)
def test_what_makes_no_sense_is_said_in_words(database: Database, arguments: list[str], words: str) -> None:
    refused = admin("device", *arguments)
    assert isinstance(refused.exception, CountyReadError) or refused.exit_code != 0
    assert words in (refused.output + str(refused.exception))
    with database.read() as work:
        assert work.session.execute(select(Device)).first() is None


def test_a_device_is_asked_whether_it_answers(database: Database, dcmtk_tools: None) -> None:
    with StorescpServer("T01_CT") as listening:
        where = ("--host", "127.0.0.1", "--port", str(listening.port))
        assert admin("device", "T01_CT", "--institution", "t01", *where).exit_code == 0
        answered = admin("echo", "T01_CT")
        assert (answered.exit_code, "answers" in answered.output) == (0, True), answered.output
    assert admin("device", "T01_US", "--institution", "t01").exit_code == 0
    unknown = admin("echo", "T01_US")
    assert "--host" in (unknown.output + str(unknown.exception))
