"""Receiving beside Orthanc and DCMTK's storescp: the same sender, the same files, the same machine, one after the other.

    .venv/bin/python -m bench.ingest [--runs 3] [--associations 1 --associations 4 ...] [--kind "CT 0.5 MB" ...]

Objects of their own UIDs are pushed with DCMTK's dcmsend (TCP_NODELAY on). "Answered" is from the start of the senders to
their end, "visible" until the receiver shows all of them in its API: ours are catalogued, checksummed and in the object
store then; storescp has neither index nor store. CPU is that of the receiving processes, in both parts. "Oldest wait" is
how long an answered object waited at most until the catalogue had it, while receiving at full rate. The product runs whole.
"""

import argparse
import tempfile
from pathlib import Path

from bench.objects import KINDS, write_objects
from bench.receivers import Receiver, all_receivers, push, table_row

OBJECTS = {"CT 0.5 MB": 400, "DR 10 MB": 32, "ECG": 400}


def measure(receiver: Receiver, folder: Path, kind: str, associations: int, runs: int) -> str:
    """A line of the table."""
    pushes = []
    for run in range(runs):
        name = f"{receiver.name}-{kind}-{associations}-{run}"
        study, files = write_objects(folder / name, kind, OBJECTS[kind], seed=run)
        pushes.append(push(receiver, study, files, associations))
        for file in files:
            file.unlink()
    return table_row(receiver.name, OBJECTS[kind], pushes, kind, associations)


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
                for receiver in receivers:
                    print(measure(receiver, Path(temporary) / "files", kind, associations, arguments.runs), flush=True)


if __name__ == "__main__":
    main()
