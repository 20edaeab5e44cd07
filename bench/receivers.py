"""The receivers that are measured side by side, each with a way to ask what it holds and which processes it costs."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.services import dcmtk
from tests.services.orthanc import OrthancServer
from tests.services.waiting import wait_until
from tests.system.county import RunningCounty
from tests.worlds import make_world

_TICKS = os.sysconf("SC_CLK_TCK")
_ASK_SECONDS = 0.1
_PATIENCE = 600


@dataclass
class Receiver:
    """Something to push to. `held` tells how many objects of a study it shows; None when it has no index."""

    name: str
    port: int
    ae_title: str
    pids: Sequence[int]
    held: Callable[[str], int] | None
    spool: Path | None = None


@dataclass(frozen=True)
class Push:
    """Seconds to the last answer and until all is visible, CPU seconds, the oldest wait for the catalogue in seconds."""

    answered: float
    visible: float | None
    cpu: float
    oldest_wait: float


def push(receiver: Receiver, study: str, files: Sequence[Path], associations: int) -> Push:
    """Send `files` over so many associations at once, and wait until the receiver shows them all."""
    cpu, started = _cpu_seconds(receiver.pids), time.monotonic()
    parts = [files[n::associations] for n in range(associations)]
    oldest = 0.0
    with ThreadPoolExecutor(associations) as pool:
        sending = [pool.submit(_send, receiver, part) for part in parts]
        while not all(one.done() for one in sending):
            oldest = max(oldest, _oldest_wait(receiver))
            time.sleep(_ASK_SECONDS)
    answered = max(one.result() for one in sending) - started
    visible = None
    if receiver.held is not None:
        held = receiver.held
        wait_until(lambda: held(study) >= len(files), _PATIENCE, f"{receiver.name} to show all objects")
        visible = time.monotonic() - started
    return Push(answered, visible, _cpu_seconds(receiver.pids) - cpu, oldest)


def _send(receiver: Receiver, files: Sequence[Path]) -> float:
    """When the last answer had come."""
    sent = dcmtk.send(receiver.port, files, calling="T01_CT", called=receiver.ae_title)
    if not sent.ok:
        raise SystemExit(sent.output[-2000:])
    return time.monotonic()


def _oldest_wait(receiver: Receiver) -> float:
    """How long the oldest object that was answered has waited for the catalogue."""
    if receiver.spool is None:
        return 0.0
    names = sorted(path.name for path in receiver.spool.glob("*.dcm"))
    return time.time() - int(names[0].partition("-")[0]) / 1e9 if names else 0.0


def _cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time of processes and their dead children so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(number) for one in fields for number in one[11:15]) / _TICKS


def peak_megabytes(pids: Sequence[int]) -> float:
    """The sum of the most memory that each process ever had."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


@contextmanager
def all_receivers(folder: Path) -> Iterator[list[Receiver]]:
    """County Reading whole and on its embedded parts, Orthanc, and DCMTK's storescp, each in a process of its own."""
    with ExitStack() as stack:
        county = stack.enter_context(running_county(folder))
        orthanc = stack.enter_context(OrthancServer())
        storescp = stack.enter_context(dcmtk.StorescpServer(options=("+xa", "--fork")))
        yield [
            county_receiver(county),
            orthanc_receiver(orthanc),
            Receiver("DCMTK storescp", storescp.port, storescp.ae_title, storescp.pids, None),
        ]


def running_county(folder: Path) -> RunningCounty:
    """The demonstration county; studies are never whole while we measure."""
    return RunningCounty(make_world("embedded", folder, lambda _name: None, COUNTYREAD_READY_IDLE="600"), folder)


def county_receiver(county: RunningCounty) -> Receiver:
    """What a manager sees in the study's detail counts."""
    manager, pids = county.log_in("manager"), county.pids()

    def held(study: str) -> int:
        answer = manager.request("GET", f"/api/v1/studies/{study}")
        return int(answer.json()["instances"]) if answer.is_success else 0

    settings = county.settings
    receiving = [pids["gateway"], pids["intake"]]
    return Receiver(
        "County Reading", settings.dicom.port, settings.ae_title, receiving, held, settings.spool / "gateway"
    )


def orthanc_receiver(orthanc: OrthancServer) -> Receiver:
    """What its REST API counts."""

    def held(study: str) -> int:
        found = httpx.post(f"{orthanc.url}/tools/lookup", content=study, timeout=30).json()
        if not found:
            return 0
        path = found[0]["Path"]
        return int(httpx.get(f"{orthanc.url}{path}/statistics", timeout=30).json()["CountInstances"])

    return Receiver("Orthanc", orthanc.dicom_port, orthanc.ae_title, orthanc.pids, held)


def table_row(name: str, objects: int, pushes: Sequence[Push], *first: object) -> str:
    """Medians: answered a second, visible a second, CPU milliseconds an object, oldest wait."""
    answered = statistics.median(objects / one.answered for one in pushes)
    visible = [objects / one.visible for one in pushes if one.visible is not None]
    cpu = statistics.median(1000 * one.cpu / objects for one in pushes)
    waits = [one.oldest_wait for one in pushes if one.oldest_wait]
    cells = [
        name,
        *map(str, first),
        f"{answered:.0f}",
        f"{statistics.median(visible):.0f}" if visible else "-",
        f"{cpu:.1f}" if visible else "-",
        f"{max(waits):.2f}" if waits else "-",
    ]
    return f"| {' | '.join(cells)} |"
