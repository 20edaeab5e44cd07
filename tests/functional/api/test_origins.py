"""Pages of other origins use DICOMweb only where the installation names them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from storage.db.session import Database
from storage.domain.clock import ManualClock
from storage.domain.errors import ConfigurationError
from tests.functional.api.township import Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from tests.worlds import learned_engine

_VIEWER, _OTHER = "https://viewer.example.org", "https://evil.example.org"
_ASKED = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
def open_county(tmp_path: Path, empty_county: Path) -> Iterator[Township]:
    settings = settings_in(tmp_path, COUNTYREAD_DICOMWEB_ORIGINS=f"{_VIEWER}/, http://127.0.0.1:3000")
    shutil.copyfile(empty_county, tmp_path / empty_county.name)
    engine = learned_engine(settings.database_url)
    clock = ManualClock(MONDAY_MORNING)
    with running(County(Database(engine, clock), clock), settings) as served:
        yield served
    engine.dispose()


def _preflight(url: str, path: str, origin: str) -> httpx.Response:
    return httpx.options(f"{url}{path}", headers={"Origin": origin, **_ASKED}, timeout=30)


def test_the_named_origin_and_no_other(open_county: Township) -> None:
    asked = _preflight(open_county.url, "/dicomweb/studies", _VIEWER)
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, _VIEWER)
    assert "access-control-allow-credentials" not in asked.headers
    assert "access-control-allow-origin" not in _preflight(open_county.url, "/dicomweb/studies", _OTHER).headers
    assert "access-control-allow-origin" not in _preflight(open_county.url, "/api/v1/tasks", _VIEWER).headers
    client = open_county.client("radiologist")
    answer = client.get("/dicomweb/studies", headers={"Origin": _VIEWER})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, _VIEWER)
    assert "Warning" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in client.get("/dicomweb/studies", headers={"Origin": _OTHER}).headers
    assert open_county.anonymous().get("/dicomweb/studies", headers={"Origin": _VIEWER}).status_code == 401


def test_without_the_setting_there_is_none(archive: Township) -> None:
    assert "access-control-allow-origin" not in _preflight(archive.url, "/dicomweb/studies", _VIEWER).headers


@pytest.mark.parametrize("origins", ["*", "viewer.example.org", "https://a.example.org/path", "null"])
def test_a_setting_that_names_no_origin_is_refused(tmp_path: Path, origins: str) -> None:
    with pytest.raises(ConfigurationError, match="DICOMWEB_ORIGINS"):
        settings_in(tmp_path, COUNTYREAD_DICOMWEB_ORIGINS=origins)
