"""What every server under the tests' control can do."""

import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.errors import ServerFailedError
from tests.services.process import Program
from tests.services.waiting import wait_until

START_TIMEOUT_SECONDS = 60.0

_MEMORY = Path("/dev/shm")
_ROOM = 4 * 2**30
"""Many times what the servers of all workers keep at once."""


class Server(ABC):
    """One server with its own folder and ports; both stay the same across ``stop``, ``kill`` and ``restart``.

    As a context manager it starts, and at the end stops and removes its folder.

    :param fleeting: what it keeps need not survive a power cut: in memory, where there is enough
    """

    name: str

    def __init__(self, *, fleeting: bool = False) -> None:
        place = _MEMORY if fleeting and _is_roomy() else None
        self.folder = Path(tempfile.mkdtemp(prefix=f"countyread-{self.name}-", dir=place))
        self._programs: list[Program] = []
        self._prepared = False

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients reach it."""

    @abstractmethod
    def prepare(self) -> None:
        """Write configuration and create empty storage, once before the first start."""

    @abstractmethod
    def launch(self) -> list[Program]:
        """Start the programs and return at once, in the order in which they are to be stopped."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether it answers a real request."""

    @property
    def pids(self) -> list[int]:
        return [program.pid for program in self._programs]

    @property
    def running(self) -> bool:
        return bool(self._programs) and all(program.running for program in self._programs)

    def start(self) -> None:
        """Start, and return when it answers.

        :raises ServerFailedError: with the end of the log
        """
        if not self._prepared:
            self.prepare()
            self._prepared = True
        self._programs = self.launch()
        try:
            wait_until(self._ready_or_failed, START_TIMEOUT_SECONDS, f"{self.name} to answer at {self.url}")
        except TimeoutError as error:
            logs = "\n".join(program.log_tail() for program in self._programs)
            self.kill()
            raise ServerFailedError(f"{error}\n{logs}") from error

    def stop(self) -> None:
        """Shut down in an orderly way; stored data stays."""
        for program in self._programs:
            program.stop()

    def kill(self) -> None:
        """SIGKILL; what the server had promised to keep stays, nothing else."""
        for program in self._programs:
            program.kill()

    def restart(self) -> None:
        """Stop if it runs, and start again on the same data and port."""
        self.stop()
        self.start()

    def revived(self) -> Self:
        """Itself, started again if a test has left it stopped."""
        if not self.running:
            self.restart()
        return self

    def remove(self) -> None:
        """End it at once and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _ready_or_failed(self) -> bool:
        for program in self._programs:
            program.ensure_running()
        return self.is_ready()


def _is_roomy() -> bool:
    if not _MEMORY.is_dir():
        return False
    available = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return available is not None and min(int(available[1]) * 1024, shutil.disk_usage(_MEMORY).free) >= _ROOM
