"""One program started for the tests: its own process group, its own log, gone when the test session goes."""

import os
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from tests.services.errors import MissingPartError, ServerFailedError
from tests.services.waiting import wait_until

_SYSTEM_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")
_LOG_TAIL_BYTES = 4000


def find_program(name: str, package: str) -> str:
    """Return the path of a system program.

    The virtual environment's own scripts are passed over: pynetdicom installs a ``storescu`` and an ``echoscu`` too.

    :raises MissingPartError: naming the Debian package to install
    """
    own_scripts = Path(sysconfig.get_path("scripts"))
    folders = [f for f in os.environ.get("PATH", os.defpath).split(os.pathsep) if f and Path(f) != own_scripts]
    found = shutil.which(name, path=os.pathsep.join([*folders, *_SYSTEM_FOLDERS]))
    if found is None:
        raise MissingPartError(name, package)
    return found


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment for system programs: nothing of this Python's, nor of a product setting, leaks in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "COUNTYREAD_", "PG"))}
    return {**kept, **(extra or {})}


class Child(Protocol):
    """What there is to know of a process that was started: a part of `subprocess.Popen`."""

    args: Any

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int, /) -> None: ...


class Program:
    """A running program, leader of its own process group, that dies with the test session."""

    def __init__(self, child: Child, log: Path, *, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        self._process = child
        self._log = log
        self._stop_signal = stop_signal

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> Self:
        """Run `command`; ``user`` is the account to run as when the session itself runs as root."""
        with log.open("ab") as output:
            child = subprocess.Popen(
                [*_dying_with_parent(user), *command],
                env=clean_environment(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(child, log, stop_signal=stop_signal)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def log_tail(self) -> str:
        return self._log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")

    def ensure_running(self) -> None:
        """:raises ServerFailedError: with the end of the log, when the program has ended by itself"""
        if not self.running:
            raise ServerFailedError(f"{self._process.args!r} ended with {self._process.returncode}:\n{self.log_tail()}")

    def stop(self, timeout: float = 15.0) -> None:
        """Ask it to end, and wait; what does not end in time is killed."""
        self._signal(self._stop_signal)
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to the program and all its children, as a power cut or the OOM killer would."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        wait_until(self._group_is_gone, 10, f"the children of {self._process.args!r} to go")

    def _group_is_gone(self) -> bool:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return True
        return False

    def _signal(self, number: signal.Signals) -> None:
        if not self.running:
            return
        if number == signal.SIGKILL:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)


def _dying_with_parent(user: str | None) -> list[str]:
    setpriv = find_program("setpriv", "util-linux")
    switch = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user and os.geteuid() == 0 else []
    return [setpriv, *switch, "--pdeathsig=KILL", "--"]
