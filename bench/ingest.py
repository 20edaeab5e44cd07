"""Receiving beside Orthanc and DCMTK's storescp: the same sender, the same files, the same machine, one after the other.

    .venv/bin/python -m bench.ingest [--runs 3] [--associations 1 --associations 4 ...] [--kind "CT 0.5 MB" ...]

Objects of their own UIDs are pushed with DCMTK's dcmsend (TCP_NODELAY on) from files in memory; each run goes round the receivers. "Answered" is from the start of the senders to
their end, "visible" until the receiver shows all of them in its API: ours are catalogued, checksummed and in the object
store then; storescp has neither index nor store. CPU is that of the receiving processes, in both parts. "Oldest wait" is
how long an answered object waited at most until the catalogue had it, while receiving at full rate. The product runs whole.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.objects import KINDS, senders_folder, write_objects
from bench.receivers import Push, Receiver, all_receivers, push, table_row

OBJECTS = {"CT 0.5 MB": 800, "DR 10 MB": 48, "ECG": 800}


def measure(receivers: Sequence[Receiver], kind: str, associations: int, runs: int) -> Iterator[str]:
    """A line of the table for each. They take turns, so that what else happens on the machine meets all of them."""
    pushes: dict[str, list[Push]] = {receiver.name: [] for receiver in receivers}
    for run in range(runs):
        for receiver in receivers:
            with senders_folder() as folder:
                study, files = write_objects(folder / "study", kind, OBJECTS[kind], seed=run)
                os.sync()
                pushes[receiver.name].append(push(receiver, study, files, associations))
    for name, measured in pushes.items():
        yield table_row(name, OBJECTS[kind], measured, kind, associations)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--associations", type=int, action="append", help="default: 1, 4 and 16")
    parser.add_argument("--kind", action="append", choices=KINDS)
    arguments = parser.parse_args()
    print("| receiver | objects | associations | answered/s | visible/s | CPU ms an object | oldest wait s |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary, all_receivers(Path(temporary)) as receivers:
        for kind in arguments.kind or KINDS:
            for associations in arguments.associations or [1, 4, 16]:
                for line in measure(receivers, kind, associations, arguments.runs):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
