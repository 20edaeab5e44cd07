from pathlib import Path

import pytest

from storage.domain.errors import ConfigurationError
from storage.domain.readiness import ReadyTimes
from storage.settings import load_settings


def test_everything_has_a_default_inside_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings({"COUNTYREAD_DATA": str(tmp_path)}, file=tmp_path / "none.toml")
    assert settings.database_url == f"sqlite:///{tmp_path}/countyread.sqlite"
    assert settings.object_store == f"file:{tmp_path}/objects"
    assert settings.is_embedded_broker
    assert (settings.http.port, settings.dicom.port, settings.ae_title) == (8000, 11112, "COUNTYREAD")
    assert settings.ready_idle == 10


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "countyread.toml"
    file.write_text('ae_title = "FILE"\nready_idle = 3\n')
    settings = load_settings({"COUNTYREAD_AE_TITLE": "ENVIRON"}, file=file)
    assert (settings.ae_title, settings.ready_idle) == ("ENVIRON", 3)


def test_how_long_a_study_is_waited_for(tmp_path: Path) -> None:
    assert load_settings({}, file=tmp_path / "none").ready_times == ReadyTimes()
    environ = {
        "COUNTYREAD_READY_IDLE": "12",
        "COUNTYREAD_READY_IDLE_BY_MODALITY": "us=60, CT=2.5,",
        "COUNTYREAD_READY_MISSING": "90",
        "COUNTYREAD_READY_LIMIT": "900",
        "COUNTYREAD_READY_LIMIT_URGENT": "120",
    }
    times = load_settings(environ, file=tmp_path / "none").ready_times
    assert times == ReadyTimes(12, {"US": 60, "CT": 2.5}, missing=90, limit=900, limit_urgent=120)


def test_settings_survive_the_way_through_the_environment(tmp_path: Path) -> None:
    chosen = {
        "COUNTYREAD_DATA": str(tmp_path),
        "COUNTYREAD_HTTP": "[::1]:80",
        "COUNTYREAD_READY_IDLE_BY_MODALITY": "us=60, CT=2.5",
    }
    settings = load_settings(chosen, file=tmp_path / "none")
    assert load_settings(settings.environment(), file=tmp_path / "none") == settings


@pytest.mark.parametrize(
    "environ",
    [
        {"COUNTYREAD_HTTP": "8000"},
        {"COUNTYREAD_DICOM": "host:99999"},
        {"COUNTYREAD_READY_IDLE": "soon"},
        {"COUNTYREAD_READY_IDLE": "-1"},
        {"COUNTYREAD_READY_IDLE_BY_MODALITY": "US"},
        {"COUNTYREAD_READY_IDLE_BY_MODALITY": "US=-1"},
        {"COUNTYREAD_READY_IDLE_BY_MODALITY": "=60"},
        {"COUNTYREAD_READY_LIMIT": "never"},
        {"COUNTYREAD_AE_TITLE": "LONGER_THAN_SIXTEEN"},
    ],
)
def test_a_wrong_value_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(environ))):
        load_settings(environ, file=Path("none"))


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "countyread.toml"
    file.write_text("reday_idle = 3\n")
    with pytest.raises(ConfigurationError, match="reday_idle"):
        load_settings({}, file=file)
