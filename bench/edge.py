"""A van on a thin line: how long a head CT takes, when its preview is there, and how long an ECG waits behind it.

    .venv/bin/python -m bench.edge [--kbit 1000] [--round-trip 300] [--loss 2] [--cut-seconds 60] [--slices 28]

A centre and an edge station, each with its own commands, and between them a proxy that has the bandwidth and the delay
of a 3G line, loses packets (each loss holds the line up for a round trip, as a retransmission does), and resets every
connection after what the line carries in so many seconds. Seconds are counted from the moment when the line comes up; the
CT waits by then, and the ECG is recorded when the first slice has arrived.
"""

import argparse
import tempfile
import time
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from tests.functional.edge.images import make_ecg, make_series
from tests.functional.edge.running import Centre, Van
from tests.functional.gateway.studies import data_set_bytes, sop_uid
from tests.services.shaping import BadLine, Shape
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import make_world, open_database

_SHARED = Path(__file__).parents[2] / "shared" / "data" / "ct_head_ge"
_LONG = 3600


def head_ct(folder: Path, slices: int) -> list[Path]:
    """Slices of a real head CT as one new study, where there is one; made-up ones of the same size otherwise."""
    originals = sorted(_SHARED.glob("*.dcm"))[:slices] if _SHARED.is_dir() else []
    if not originals:
        return make_series(folder, slices, side=512)
    folder.mkdir(parents=True)
    study, series = generate_uid(), generate_uid()
    files = []
    for number, original in enumerate(originals, 1):
        made = pydicom.dcmread(original)
        made.StudyInstanceUID, made.SeriesInstanceUID, made.InstanceNumber = study, series, number
        made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        made.save_as(folder / f"{number:04d}.dcm")
        files.append(folder / f"{number:04d}.dcm")
    return files


def measure(centre: Centre, folder: Path, shape: Shape, slices: int) -> None:
    """One run; prints its figures."""
    files = head_ct(folder / "ct", slices)
    ecg = make_ecg(folder / "ecg" / "1.dcm")
    with BadLine(centre.port, shape) as line:
        line.down()
        van = Van(folder, line.port)
        van.start()
        assert van.send(*files) == len(files)
        wanted = {sop_uid(file) for file in files}
        line.up()
        started = time.monotonic()
        wait_until(lambda: centre.arrived(wanted), _LONG, "the first slice")
        first = time.monotonic()
        is_preview = centre.arrived(wanted)[0] == sop_uid(files[len(files) // 2])
        assert van.send(ecg, calling="T01_ECG") == 1
        recorded = time.monotonic()
        wait_until(lambda: centre.arrived([sop_uid(ecg)]), _LONG, "the ECG")
        overtook = time.monotonic()
        behind = len(van.spooled())
        wait_until(lambda: len(centre.arrived(wanted)) == len(wanted), _LONG, "the CT")
        ended = time.monotonic()
        van.wait_empty()
        van.stop()
        raw = sum(len(data_set_bytes(file)) for file in files)
        print(f"CT, {len(files)} slices, {raw / 1e6:.1f} MB as received")
        print(f"first slice catalogued after  {first - started:7.1f} s ({'the preview' if is_preview else 'not it'})")
        print(f"ECG catalogued after          {overtook - recorded:7.1f} s, {behind} slices still waiting")
        print(f"all of the CT catalogued after{ended - started:7.1f} s")
        print(f"bytes up the line             {line.bytes_up / 1e6:7.2f} MB, {raw / line.bytes_up:.1f} times less")
        if shape.rate:
            print(f"use of the line               {line.bytes_up / (ended - started) / shape.rate:7.0%}")
        print(f"cuts                          {line.cuts:7d}, connections {line.connections}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kbit", type=float, default=1000, help="kbit/s each way")
    parser.add_argument("--round-trip", type=float, default=300, help="ms")
    parser.add_argument("--loss", type=float, default=2, help="percent of packets")
    parser.add_argument("--cut-seconds", type=float, default=60, help="seconds between cuts; 0 is none")
    parser.add_argument("--slices", type=int, default=28)
    asked = parser.parse_args()
    rate, trip = asked.kbit * 125, asked.round_trip / 1000
    shape = Shape(
        rate=rate, latency=trip / 2, cut_after=int(rate * asked.cut_seconds), loss=asked.loss / 100, stall=trip
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        world = make_world("embedded", folder, lambda name: name)
        world.settings.data.mkdir(parents=True)
        with open_database(world.settings.database_url) as database:
            make_county(database)
            centre = Centre(world, database, folder)
            centre.start()
            try:
                measure(centre, folder, shape, asked.slices)
            finally:
                centre.stop()


if __name__ == "__main__":
    main()
