"""What a power cut leaves of a spool on real file systems: is every acknowledged object there, and none by halves?

    sudo .venv/bin/python -m bench.power_cut [--cuts 20] [--objects 60] [--control]

A file system is made in a file and mounted (root, mkfs.xfs and mkfs.btrfs are needed). While a child process receives, the
file below the mount is copied at a random moment: it holds what the file system had handed to its disk, as after a cut. The
copy is mounted, its journal replayed, and a new life of the spool begun on it. `--control` receives without any sync, and
has to lose objects: else nothing would be shown.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from storage.domain.clock import SystemClock
from storage.ingest.part10 import FileMeta
from storage.ingest.spool import TORN, Spool
from storage.ingest.spool_entry import SpoolEntry
from tests.services.waiting import wait_until

KINDS = {"ext4": 128, "xfs": 320, "btrfs": 256}
"""File systems, and the MiB that each is made with."""

META = FileMeta("1.2", "1.2.3", "1.2.840.10008.1.2.1", "T01_CT")
LARGEST = 700_000


def content(number: int) -> bytes:
    """The same bytes for the same object, some of them long runs of zeros as images have them."""
    seeded = random.Random(number)
    return seeded.randbytes(seeded.randrange(LARGEST)) + bytes(seeded.randrange(50_000))


def receive(spool_folder: Path, objects: int, answers: Connection, sync: Callable[[int], None]) -> None:
    """In a process of its own: keep objects, and say the name of each when it is acknowledged."""
    os.fsync = os.fdatasync = sync  # type: ignore[assignment]
    spool = Spool(spool_folder, SystemClock())
    for number in range(objects):
        reception = spool.begin(META, "a", number)
        data = content(number)
        for start in range(0, len(data), 100_000):
            reception.write(memoryview(data)[start : start + 100_000])
        answers.send(reception.finish().name)
    answers.close()


@contextlib.contextmanager
def mounted(image: Path, place: Path) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", str(image), str(place))
    try:
        yield
    finally:
        _run("umount", str(place))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def without_sync(_file: int) -> None:
    """What is measured against."""


def cut(kind: str, folder: Path, objects: int, sync: Callable[[int], None]) -> tuple[int, int, int]:
    """One power cut; how many objects were acknowledged, how many of these are lost, and how many files are torn."""
    image, left = folder / "disk", folder / "disk-after-the-cut"
    with image.open("wb") as file:
        file.truncate(KINDS[kind] << 20)
    _run(f"mkfs.{kind}", "-q", "-F" if kind == "ext4" else "-f", str(image))
    acknowledged: list[str] = []
    with mounted(image, folder / "mount"):
        ours, theirs = multiprocessing.Pipe(duplex=False)
        receiver = multiprocessing.Process(target=receive, args=(folder / "mount" / "spool", objects, theirs, sync))
        receiver.start()
        theirs.close()
        wanted = random.randrange(1, objects)
        wait_until(lambda: _gather(ours, acknowledged) >= wanted, 60, "the moment of the cut")
        _stop(receiver.pid)
        shutil.copyfile(image, left)
        receiver.kill()
        receiver.join()
    with mounted(left, folder / "mount"):
        return len(acknowledged), *_judge(folder / "mount" / "spool", acknowledged)


def _stop(pid: int | None) -> None:
    """A copy that is made while the disk goes on is no moment of it."""
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "TZ", 60, "the stop")


def _gather(answers: Connection, acknowledged: list[str]) -> int:
    with contextlib.suppress(EOFError):
        while answers.poll():
            acknowledged.append(answers.recv())
    return len(acknowledged)


def _judge(spool_folder: Path, acknowledged: list[str]) -> tuple[int, int]:
    spool = Spool(spool_folder, SystemClock())
    there = {entry.name: entry for entry in spool.entries()}
    halves = [entry for entry in there.values() if not _is_right(spool, entry)]
    lost = [name for name in acknowledged if name not in there]
    spool.close()
    return len(lost) + len(halves), len(list((spool_folder / TORN).glob("*")))


def _is_right(spool: Spool, entry: SpoolEntry) -> bool:
    return spool.path(entry).read_bytes().endswith(content(entry.number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--objects", type=int, default=60)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    sync = without_sync if options.control else os.fsync
    if os.geteuid() != 0:
        sys.exit("Mounting needs root.")
    print("| file system | power cuts | acknowledged | lost or wrong | put aside as torn |\n|---|---|---|---|---|")
    for kind in KINDS:
        with tempfile.TemporaryDirectory(prefix="countyread-bench-") as folder:
            cuts = [cut(kind, Path(folder), options.objects, sync) for _ in range(options.cuts)]
        acknowledged, lost, torn = (sum(figures) for figures in zip(*cuts, strict=True))
        print(f"| {kind} | {options.cuts} | {acknowledged} | {lost} | {torn} |", flush=True)


if __name__ == "__main__":
    main()
