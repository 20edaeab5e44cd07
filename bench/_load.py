"""Requests by the thousand: a few connections that ask again and again, from processes of their own."""

import http.client
import itertools
import multiprocessing
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_TICKS = os.sysconf("SC_CLK_TCK")
_THREADS = 2


@dataclass(frozen=True)
class Asking:
    """What is asked of whom: the paths in turn, for so many seconds, over one connection or an even number of them."""

    server: str
    paths: Sequence[str]
    headers: Mapping[str, str]
    seconds: float
    connections: int = 4

    @property
    def threads(self) -> int:
        """Of each process."""
        return min(_THREADS, self.connections)


@dataclass(frozen=True)
class Load:
    """Answers a second, sorted milliseconds, kilobytes an answer, and CPU milliseconds of the server for each."""

    rate: float
    times: Sequence[float]
    kilobytes: float
    cpu: float

    def at(self, share: float) -> float:
        """The time that this share of the answers stayed below, in milliseconds."""
        return self.times[min(len(self.times) - 1, int(share * len(self.times)))]


def hammer(asking: Asking, pids: Sequence[int]) -> Load:
    """Ask, each connection again as soon as it has its answer. Raises `SystemExit` when something else than 200 comes back."""
    before, started = cpu_seconds(pids), time.monotonic()
    processes = asking.connections // asking.threads
    with multiprocessing.Pool(processes) as pool:
        parts = pool.starmap(_ask, [(asking, n) for n in range(processes)])
    took, cpu = time.monotonic() - started, cpu_seconds(pids) - before
    times = sorted(itertools.chain.from_iterable(part[0] for part in parts))
    total = sum(part[1] for part in parts)
    del took  # starting the processes is not serving
    return Load(len(times) / asking.seconds, times, total / len(times) / 1000, 1000 * cpu / len(times))


def _ask(asking: Asking, process: int) -> tuple[list[float], int]:
    found: list[tuple[list[float], int]] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(_ask_on_one(asking, process * asking.threads + n)))
        for n in range(asking.threads)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one for times, _ in found for one in times], sum(size for _, size in found)


def _ask_on_one(asking: Asking, place: int) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection(urlsplit(asking.server).netloc, timeout=60)
    times, size, until = [], 0, time.monotonic() + asking.seconds
    apart = len(asking.paths) // asking.connections
    for path in itertools.islice(itertools.cycle(asking.paths), place * apart, None):
        started = time.monotonic()
        if started > until:
            break
        connection.request("GET", path, headers=dict(asking.headers))
        answer = connection.getresponse()
        size += len(answer.read())
        if answer.status not in (200, 304):
            message = f"{path}: {answer.status}"
            raise SystemExit(message)
        times.append(1000 * (time.monotonic() - started))
    return times, size


def cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time of processes so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(number) for one in fields for number in one[11:13]) / _TICKS
