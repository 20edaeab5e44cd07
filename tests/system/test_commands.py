"""What the county's IT person types, against a running and against a stopped installation."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.process import clean_environment
from tests.services.waiting import wait_until
from tests.system import studies
from tests.system.county import PROCESSES, RunningCounty
from tests.worlds import WORLDS, shared_world


@pytest.fixture(scope="module", params=WORLDS)
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    """One for each world, as users start it; the last test that takes it stops it."""
    folder = tmp_path_factory.mktemp(request.param)
    with shared_world(request.param, folder, request.getfixturevalue) as world, RunningCounty(world, folder) as running:
        yield running


def _run(county: RunningCounty, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "countyread", *map(str, arguments)],
        env=clean_environment(county.world.environ),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_doctor_health_admin_send_and_verify(county: RunningCounty, tmp_path: Path) -> None:
    doctor = _run(county, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "WRONG" not in doctor.stdout
    assert [name for name in PROCESSES if _run(county, "health", name).returncode] == []

    files = studies.copies(tmp_path / "push", 2)
    stranger = _run(county, "send", "--calling", "T16_CT", *files)
    assert stranger.returncode == 1
    assert "Traceback" not in stranger.stderr

    assert _run(county, "admin", "institution", "t16", "城关卫生院").returncode == 0
    added = _run(county, "admin", "user", "doctor16", "--role", "clinic", "--institution", "t16", "--name", "李医生",
                 stdin="county-reading-test\ncounty-reading-test\n")  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert _run(county, "admin", "device", "T16_CT", "--institution", "t16", "--modality", "CT").returncode == 0
    assert "T16_CT" in _run(county, "admin", "list").stdout
    sent = wait_until(lambda: _accepted(county, files), 30, "the new device to be known")
    assert "2 of 2 accepted" in sent

    clinic = county.log_in("doctor16")
    (study,) = wait_until(lambda: clinic.get("/api/v1/studies")["items"], 30, "the study of the new clinic")
    assert (study["institution"], study["instances"]) == ("t16", 2)
    wait_until(lambda: clinic.get("/api/v1/studies")["items"][0]["thumbnail"], 60, "its thumbnail")
    verified = _run(county, "verify", "all")
    assert verified.returncode == 0, verified.stderr
    assert "objects: whole" in verified.stdout


def _accepted(county: RunningCounty, files: list[Path]) -> str:
    answer = _run(county, "send", "--calling", "T16_CT", *files)
    return answer.stdout if answer.returncode == 0 else ""


def test_after_the_stop_the_doctor_says_what_to_start(county: RunningCounty) -> None:
    county.stop()
    doctor = _run(county, "doctor")
    assert doctor.returncode == 1
    assert "WRONG gateway" in doctor.stdout
    assert "WRONG api" in doctor.stdout
    assert "Traceback" not in doctor.stdout + doctor.stderr
    assert _run(county, "health", "api").returncode == 1


@pytest.mark.parametrize("setting", ["COUNTYREAD_HTTP", "COUNTYREAD_AE_TITLE"])
def test_a_wrong_setting_is_one_sentence(setting: str) -> None:
    wrong = subprocess.run(
        [sys.executable, "-m", "countyread", "doctor"],
        env=clean_environment({setting: "wrong wrong wrong wrong"}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert wrong.returncode == 78
    assert wrong.stderr.startswith(f"countyread: {setting}")
    assert wrong.stderr.count("\n") == 1
