import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from countyread import samples, supervisor
from countyread.supervisor import Supervisor, exclusive
from storage.domain.errors import ConfigurationError
from storage.settings import load_settings
from tests.services.waiting import wait_until

pytestmark = pytest.mark.thorough


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """A supervisor whose only child is a shell that notes its process id and waits for its end."""
    shell = tmp_path / "python"
    shell.write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/pids\nexec sleep 1000\n")
    shell.chmod(0o755)
    monkeypatch.setattr(supervisor.sys, "executable", str(shell))
    settings = load_settings({"COUNTYREAD_DATA": str(tmp_path / "data")}, file=tmp_path / "none")
    one = Supervisor(settings, names=["gateway"])
    one.start()
    yield one
    one.stop()


def _pids(folder: Path) -> list[int]:
    file = folder / "pids"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_child_is_started_again_and_stop_ends_it(running: Supervisor, tmp_path: Path) -> None:
    first = wait_until(lambda: _pids(tmp_path), 20, "the child")[0]
    os.kill(first, signal.SIGKILL)
    second = wait_until(lambda: _pids(tmp_path)[1:], 20, "the next child")[0]
    assert second != first
    running.stop()
    assert not _is_alive(second)
    assert running.failed is None


def test_a_child_that_refuses_its_settings_is_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = tmp_path / "python"
    shell.write_text(f"#!/bin/sh\nexit {os.EX_CONFIG}\n")
    shell.chmod(0o755)
    monkeypatch.setattr(supervisor.sys, "executable", str(shell))
    one = Supervisor(load_settings({"COUNTYREAD_DATA": str(tmp_path)}, file=tmp_path / "none"), names=["api"])
    one.start()
    one.wait()
    one.stop()
    assert one.failed == "api"


def test_one_data_folder_has_one_supervisor(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path),
        pytest.raises(ConfigurationError, match="Another 'countyread serve'"),
        exclusive(tmp_path),
    ):
        pass
    with exclusive(tmp_path):
        pass


def test_the_samples_are_real_files_of_every_kind() -> None:
    pushes = list(samples.pushes())
    assert {push.calling_ae_title.partition("_")[2] for push in pushes} >= {"CT", "DR", "US", "ECG"}
    assert all(file.is_file() for push in pushes for file in push.files)
    assert max(len(push.files) for push in pushes) >= 5
