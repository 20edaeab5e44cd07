"""ECG measurements beside NeuroKit2, wfdb and BioSPPy, on records that cardiologists have marked: `python -m bench.ecg`.

    python -m bench.ecg [--data FOLDER] [--peers PYTHON] [--every N] [--without-peers]
    python -m bench.ecg --day HOURS [--hz HZ] [--leads II,V1,V5]

FOLDER holds LUDB records in WFDB form (default: those beside the repository). The peers are put into a virtual environment of
their own that lasts as long as the run; `--peers` names the Python of one that has them. Each works on the same samples in the
same run; delineations of single leads are joined by the median over the twelve leads, as the marks are.

`--day` measures a long recording instead, made here with beats whose times and classes are known.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench._ecg_day import measure_day
from reading_queue.preprocessing.ecg.measuring import ENGINE, measure
from reading_queue.preprocessing.ecg.measuring.results import EcgMeasurements, Presence
from tests.services import ludb

_DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "ecg" / "ludb_odd"
_PEERS = ("neurokit2==0.2.13", "wfdb==4.3.1", "biosppy==2.2.4", "peakutils==1.3.5")
_PEER_SCRIPT = Path(__file__).with_name("_ecg_peers.py")
_WINDOW_S = 0.150
_INTERVALS = ("pr_ms", "qrs_ms", "qt_ms", "p_ms")


@dataclass(frozen=True)
class Result:
    """What one program says of one record: beats in seconds, intervals in ms, whether it saw P, and what it took."""

    beats_s: Sequence[float] = ()
    intervals: Mapping[str, float] = ()  # type: ignore[assignment]
    has_p: bool | None = None
    ms: float = 0.0
    failed: bool = False


def main() -> None:
    asked = _asked()
    if asked.day:
        measure_day(asked)
        return
    records = ludb.records(asked.data)[:: asked.every]
    print(
        f"{len(records)} records of {asked.data.name}; beats within {_WINDOW_S * 1000:.0f} ms, inside the marked span\n"
    )
    programs: dict[str, dict[int, Result]] = {f"County Reading ({ENGINE})": {one.number: _ours(one) for one in records}}
    if not asked.without_peers:
        programs |= _peers(asked, records)
    _print_beats(programs, records)
    _print_intervals(programs, records)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=_DEFAULT)
    parser.add_argument("--peers", type=Path, help="the Python of an environment that has the peers")
    parser.add_argument("--every", type=int, default=1, help="take every n-th record only")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--day", type=float, default=0.0, help="measure a recording of so many hours instead")
    parser.add_argument("--hz", type=float, default=250.0, help="its sampling rate")
    parser.add_argument("--leads", default="II,V1,V5", help="its leads")
    asked = parser.parse_args()
    if asked.day:
        return asked
    if not asked.data.is_dir():
        sys.exit(
            f"There are no records in {asked.data}: get LUDB 1.0.1 from PhysioNet and name its folder with --data."
        )
    return asked


def _ours(record: ludb.Record) -> Result:
    signal = record.microvolts()
    started = time.process_time()
    measured = measure(signal, ludb.LEADS, ludb.HZ)
    spent = (time.process_time() - started) * 1000
    return Result([beat.at_s for beat in measured.beats], _found(measured), _has_p(measured), spent)


def _found(measured: EcgMeasurements) -> dict[str, float]:
    values = {name: getattr(measured.overall, name) for name in _INTERVALS}
    return {name: value for name, value in values.items() if value is not None}


def _has_p(measured: EcgMeasurements) -> bool:
    return measured.atria.p_waves == Presence.PRESENT


def _peers(asked: argparse.Namespace, records: Sequence[ludb.Record]) -> dict[str, dict[int, Result]]:
    with tempfile.TemporaryDirectory() as folder:
        python = asked.peers or _installed(Path(folder) / "peers")
        samples = Path(folder) / "samples.npz"
        np.savez(samples, **{str(one.number): one.microvolts() for one in records})
        lines = subprocess.run(
            [python, "-I", _PEER_SCRIPT, samples, str(ludb.HZ)], check=True, capture_output=True, text=True
        ).stdout.splitlines()
    found: dict[str, dict[int, Result]] = {}
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        result = Result(said["beats_s"], said["intervals"], said["has_p"], said["ms"], said["failed"])
        found.setdefault(said["program"], {})[said["record"]] = result
    return found


def _installed(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", *_PEERS], check=True)
    return python


def _print_beats(programs: Mapping[str, Mapping[int, Result]], records: Sequence[ludb.Record]) -> None:
    print("| program | leads | Se % | PPV % | R mean ± SD ms | raised | CPU ms an ECG |")
    print("|---|---|---|---|---|---|---|")
    for name, results in programs.items():
        hit = missed = invented = 0
        offsets: list[float] = []
        for record in records:
            marked, found = _inside(record, results[record.number])
            apart = found[:, None] - marked[None, :]
            near = np.abs(apart) <= _WINDOW_S
            hit += int(near.any(axis=0).sum())
            missed += int((~near.any(axis=0)).sum())
            invented += int((~near.any(axis=1)).sum())
            offsets += [float(one) * 1000 for one in apart[near]]
        spread = f"{statistics.mean(offsets):+.1f} ± {statistics.pstdev(offsets):.1f}" if offsets else "-"
        raised = sum(one.failed for one in results.values())
        spent = statistics.median(one.ms for one in results.values())
        leads = "12" if name.startswith("County") else "II, marks 12" if "delineation" in name else "II"
        print(
            f"| {name} | {leads} | {100 * hit / max(1, hit + missed):.2f} | {100 * hit / max(1, hit + invented):.2f} "
            f"| {spread} | {raised} | {spent:.0f} |"
        )


def _inside(record: ludb.Record, result: Result) -> tuple[np.ndarray, np.ndarray]:
    first, last = (place / ludb.HZ for place in record.marked_span())
    found = np.asarray(result.beats_s, float)
    return record.beats() / ludb.HZ, found[(found >= first - 0.02) & (found <= last + 0.02)]


def _print_intervals(programs: Mapping[str, Mapping[int, Result]], records: Sequence[ludb.Record]) -> None:
    unpaced = [record for record in records if not record.is_paced]
    absent = sum(not record.has_p for record in unpaced)
    print(
        f"\n{len(unpaced)} records without pacemaker, {absent} of them without P; mean ± SD in ms, of how many records\n"
    )
    print("| program | PR | QRS | QT | P | P absent, recognised | P present, kept |")
    print("|---|---|---|---|---|---|---|")
    for name, results in programs.items():
        if any(one.intervals for one in results.values()):
            cells = [_spread(interval, results, unpaced) for interval in _INTERVALS]
            print(f"| {name} | {' | '.join(cells)} | {' | '.join(_presence(results, unpaced))} |")


def _spread(name: str, results: Mapping[int, Result], records: Sequence[ludb.Record]) -> str:
    errors = list(_errors(name, results, records))
    return f"{statistics.mean(errors):+.1f} ± {statistics.pstdev(errors):.1f} ({len(errors)})" if errors else "-"


def _errors(name: str, results: Mapping[int, Result], records: Sequence[ludb.Record]) -> Iterator[float]:
    for record in records:
        marked, ours = record.intervals_ms(), results[record.number].intervals
        if name in marked and name in ours:
            yield ours[name] - marked[name]


def _presence(results: Mapping[int, Result], records: Sequence[ludb.Record]) -> tuple[str, str]:
    absent = [not results[record.number].has_p for record in records if not record.has_p]
    present = [bool(results[record.number].has_p) for record in records if record.has_p]
    return f"{sum(absent)} of {len(absent)}", f"{sum(present)} of {len(present)}"


if __name__ == "__main__":
    main()
