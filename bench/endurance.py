"""The whole way, sustained: thousands of CT slices over four associations, beside Orthanc; and the memory that it took.

    .venv/bin/python -m bench.endurance [--objects 10000] [--associations 4]

Pushed in rounds of 1,000, from files in memory, of which one round is enough; the time between rounds is not counted.
"""

import argparse
import tempfile
from pathlib import Path

from bench.objects import senders_folder, write_objects
from bench.receivers import Push, Receiver, all_receivers, peak_megabytes, push

ROUND = 1000


def measure(receiver: Receiver, objects: int, associations: int) -> str:
    """A line of the table."""
    rounds: list[Push] = []
    for number in range(objects // ROUND):
        with senders_folder() as folder:
            study, files = write_objects(folder / "study", "CT 0.5 MB", ROUND, seed=number)
            rounds.append(push(receiver, study, files, associations))
    total = ROUND * len(rounds)
    whole = total / sum(one.visible or 0 for one in rounds)
    slowest = min(ROUND / (one.visible or 0) for one in rounds)
    cpu, memory = 1000 * sum(one.cpu for one in rounds) / total, peak_megabytes(receiver.pids)
    return f"| {receiver.name} | {total} | {whole:.0f} | {slowest:.0f} | {cpu:.1f} | {memory:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--associations", type=int, default=4)
    arguments = parser.parse_args()
    print(
        "| receiver | objects | whole way/s | slowest round/s | CPU ms an object | peak MB |\n|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as temporary, all_receivers(Path(temporary)) as receivers:
        for receiver in receivers:
            if receiver.held is not None:
                print(measure(receiver, arguments.objects, arguments.associations), flush=True)


if __name__ == "__main__":
    main()
