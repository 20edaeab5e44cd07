"""DCMTK's tools as DICOM peers.

They run with ``TCP_NODELAY=1``: DCMTK leaves Nagle's algorithm on, and then every object waits 40 ms for a delayed
acknowledgement.
"""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services.ports import HOST, free_port
from tests.services.process import Program, clean_environment, find_program
from tests.services.server import Server

PACKAGE = "dcmtk"
TOOLS = ("echoscu", "storescu", "dcmsend", "storescp", "findscu", "movescu", "getscu", "dcmdump", "dcmconv", "dcmodify")

_ENVIRONMENT = {"TCP_NODELAY": "1"}
_TOOL_TIMEOUT_SECONDS = 100


@dataclass(frozen=True)
class ToolResult:
    """How a tool ended; ``output`` is both of its streams."""

    returncode: int
    output: str

    @property
    def ok(self) -> bool:
        return self.returncode == 0


def run(tool: str, *arguments: str | Path) -> ToolResult:
    """Run any DCMTK tool to its end."""
    done = subprocess.run(
        [find_program(tool, PACKAGE), *map(str, arguments)],
        env=clean_environment(_ENVIRONMENT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_TOOL_TIMEOUT_SECONDS,
        check=False,
    )
    return ToolResult(done.returncode, done.stdout.decode(errors="replace"))


def echo(port: int, *, calling: str = "ECHOSCU", called: str = "ANY-SCP") -> ToolResult:
    """C-ECHO to a node on this machine."""
    return run("echoscu", "-v", *_titles(calling, called), HOST, str(port))


def store(
    port: int,
    files: Iterable[Path],
    *,
    calling: str = "STORESCU",
    called: str = "ANY-SCP",
    options: Sequence[str] = (),
) -> ToolResult:
    """C-STORE with storescu: one presentation context set chosen by ``options``, as ``-xs`` for JPEG lossless.

    A file's own transfer syntax is not proposed by itself; :func:`send` does that.
    """
    return run("storescu", "-v", *options, *_titles(calling, called), HOST, str(port), *files)


def send(
    port: int,
    files: Iterable[Path],
    *,
    calling: str = "DCMSEND",
    called: str = "ANY-SCP",
    options: Sequence[str] = (),
) -> ToolResult:
    """C-STORE with dcmsend: files (or folders), each in its own transfer syntax, over one association."""
    return run("dcmsend", "-v", *options, *_titles(calling, called), HOST, str(port), "+sd", "+r", *files)


def dump(path: Path, *options: str) -> str:
    """The file's elements as text. :raises ValueError: when DCMTK cannot read it"""
    result = run("dcmdump", *options, path)
    if not result.ok:
        raise ValueError(result.output)
    return result.output


def _titles(calling: str, called: str) -> list[str]:
    return ["-aet", calling, "-aec", called]


class StorescpServer(Server):
    """DCMTK's storescp: receives into :attr:`received`.

    :param options: further options, as ``+xa`` (accept every transfer syntax) or ``--abort-during``
    """

    name = "storescp"

    def __init__(self, ae_title: str = "STORESCP", options: Sequence[str] = ("+xa",)) -> None:
        self._program = find_program("storescp", PACKAGE)
        super().__init__()
        self.ae_title = ae_title
        self.port = free_port()
        self.received = self.folder / "received"
        self._options = options

    @property
    def url(self) -> str:
        return f"dicom://{self.ae_title}@{HOST}:{self.port}"

    def prepare(self) -> None:
        self.received.mkdir()

    def launch(self) -> list[Program]:
        command = [self._program, "-aet", self.ae_title, *self._options, "-od", str(self.received), str(self.port)]
        return [Program.start(command, self.folder / "server.log", env=_ENVIRONMENT)]

    def is_ready(self) -> bool:
        return echo(self.port, called=self.ae_title).ok

    def files(self) -> list[Path]:
        """What has arrived, whole or not."""
        return sorted(self.received.iterdir())
