"""Starts the five processes as children, restarts those that die, and stops all of them together."""

import contextlib
import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storage.domain.clock import monotonic
from storage.domain.errors import ConfigurationError
from storage.settings import Settings

logger = logging.getLogger(__name__)

PROCESSES = ("gateway", "intake", "api", "worker", "beat")
_QUICK_DEATH_SECONDS = 10.0
_MAX_QUICK_DEATHS = 20
_MAX_BACKOFF_SECONDS = 5.0
_STOP_SECONDS = 15.0


@dataclass
class _Child:
    name: str
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0
    retry_at: float = field(default=0.0)


class Supervisor:
    """Keeps `gateway`, `intake`, `api`, `worker` and `beat` running until `stop`.

    Each child holds the read end of a pipe; when the supervisor itself is killed the pipe closes and the child ends,
    so that nothing is left behind on the ports.
    """

    def __init__(self, settings: Settings, names: Sequence[str] = PROCESSES) -> None:
        self._settings = settings
        self._children = [_Child(name) for name in names]
        self._stopping = threading.Event()
        self._monitor = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self.failed: str | None = None

    def start(self) -> None:
        """Start all children, and watch them in the background."""
        for child in self._children:
            self._spawn(child)
        self._monitor.start()

    def wait(self) -> None:
        """Block until `stop` is called or a child cannot be kept alive; then `failed` names it."""
        while not self._stopping.wait(0.5):
            if self.failed is not None:
                return

    def pause(self, seconds: float) -> bool:
        """Wait a moment; true when a stop has been asked for."""
        return self._stopping.wait(seconds)

    def request_stop(self) -> None:
        """Make `wait` return; safe in a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Ask all children to end, and insist after a while."""
        self._stopping.set()
        if self._monitor.is_alive():
            self._monitor.join(timeout=5)
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = monotonic() + _STOP_SECONDS
        for process in running:
            _end(process, max(0.1, deadline - monotonic()))

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            for child in self._children:
                self._look_after(child)

    def _look_after(self, child: _Child) -> None:
        now = monotonic()
        if child.process is not None and child.process.poll() is not None:
            self._note_death(child, child.process.returncode, now)
        if child.process is None and self.failed is None and now >= child.retry_at:
            self._spawn(child)

    def _note_death(self, child: _Child, code: int, now: float) -> None:
        child.process = None
        child.quick_deaths = child.quick_deaths + 1 if now - child.started_at < _QUICK_DEATH_SECONDS else 0
        child.retry_at = now + min(_MAX_BACKOFF_SECONDS, 0.2 * 2**child.quick_deaths)
        logger.warning("%s ended with code %s; it is started again", child.name, code)
        if code == os.EX_CONFIG or child.quick_deaths >= _MAX_QUICK_DEATHS:
            self.failed = child.name

    def _spawn(self, child: _Child) -> None:
        read_end, write_end = os.pipe()
        try:
            child.process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "countyread", child.name],
                env={**os.environ, **self._settings.environment(), "COUNTYREAD_LIFELINE": "stdin"},
                stdin=read_end,
                start_new_session=True,
            )
        finally:
            os.close(read_end)
        # The write end stays open, uninherited, for as long as the supervisor lives; a dead child's pipe is a few bytes.
        os.set_inheritable(write_end, False)
        child.started_at = monotonic()


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        logger.warning("Process %s did not end in time and is killed", process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_with_the_supervisor() -> None:
    """In a child: end this process when the supervisor's end of the pipe closes."""
    if os.environ.pop("COUNTYREAD_LIFELINE", "") != "stdin":
        return
    lifeline = os.dup(0)
    devnull = os.open(os.devnull, os.O_RDONLY)
    os.dup2(devnull, 0)

    def watch() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the data folder for one supervisor. Raises `ConfigurationError` when another one has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = (
                f"Another 'countyread serve' runs on {folder}. Stop it first, or set COUNTYREAD_DATA to another folder."
            )
            raise ConfigurationError(message) from error
        yield
