"""The product's own processes, started by fork from a process that has imported everything.

What runs is the same: `countyread NAME` with its own process, group, environment, log and signals. Tests of the command
itself, and of a whole county, start it as users do.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.services.forking import forking
from tests.services.process import Program, clean_environment

_PR_SET_PDEATHSIG = 1


def countyread(*arguments: str, log: Path, env: Mapping[str, str]) -> Program:
    """Start `countyread ARGUMENTS`, gone when the test session goes."""
    return Program(_Child(arguments, log, clean_environment(env)), log)


class _Child:
    """A forked process as `subprocess.Popen` would show it."""

    def __init__(self, arguments: tuple[str, ...], log: Path, env: Mapping[str, str]) -> None:
        self.args = ["countyread", *arguments]
        self._process = forking().Process(target=_run, args=(arguments, str(log), dict(env)))
        self._process.start()

    @property
    def pid(self) -> int:
        pid: int | None = self._process.pid
        assert pid is not None, "it was started"
        return pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)


def _run(arguments: tuple[str, ...], log: str, env: Mapping[str, str]) -> None:
    """In the child: become `countyread ARGUMENTS` as a new interpreter would have."""
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    sys.stdout, sys.stderr = (os.fdopen(os.dup(stream), "w", buffering=1) for stream in (1, 2))
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["countyread", *arguments]
    from countyread.cli import main

    main()
