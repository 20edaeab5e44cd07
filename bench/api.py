"""The API under load, beside Orthanc with its DICOMweb plugin in the same run.

    .venv/bin/python -m bench.api [--seconds 5] [--slices 400] [--studies 100000] [--orthanc-studies 5000]
                                  [--clinics 5000] [--streams 300] [--rounds 2]
                                  [--parts pictures,search,polls,line]

Pictures: thumbnails, previews, rendered slices, frames and metadata of a CT of 400 slices, over four connections. Search:
the first page of studies. Polls: every clinic asks every ten seconds with its own API key, while event streams stand open,
the server on one core. Line: a radiograph of 2500 x 2000 through 10 Mbit/s and 200 ms there and back.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from bench import _line, _many
from bench._load import Asking, Load, hammer
from bench._served import (
    FRAMES,
    Images,
    OrthancWithWeb,
    Server,
    county_in,
    fill_county,
    fill_orthanc,
    images_of,
    radiograph,
    served_county,
    served_orthanc,
)
from bench.objects import write_objects

RAW = "1.2.840.10008.1.2.1"
_JSON = {"Accept": "application/dicom+json", "Accept-Encoding": "br, gzip"}


def main() -> None:
    """Run the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--slices", type=int, default=400)
    parser.add_argument("--studies", type=int, default=100_000)
    parser.add_argument("--orthanc-studies", type=int, default=5_000)
    parser.add_argument("--clinics", type=int, default=5_000)
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--parts", default="pictures,search,polls,line")
    wanted = parser.parse_args()
    parts = wanted.parts.split(",")
    with tempfile.TemporaryDirectory(prefix="countyread-bench-") as name:
        folder = Path(name)
        if {"pictures", "line"} & {*parts}:
            _with_images(folder, parts, wanted.slices if "pictures" in parts else 1, wanted.seconds)
        if {"search", "polls"} & {*parts}:
            _many.run(folder, parts, wanted)


def _with_images(folder: Path, parts: Sequence[str], slices: int, seconds: float) -> None:
    _, files = write_objects(folder / "ct", "CT 0.5 MB", slices, 1)
    ct, dr = images_of(files), radiograph(folder / "dr")
    with county_in(folder) as county, OrthancWithWeb() as orthanc:
        ours, theirs = served_county(county), served_orthanc(orthanc)
        for images in (dr, ct):
            fill_county(county, ours, images)
        found = fill_orthanc(orthanc, ct)
        fill_orthanc(orthanc, dr)
        if "pictures" in parts:
            _pictures(ours, theirs, ct, found, seconds)
        if "line" in parts:
            _line.run(ours, theirs, dr)


def _pictures(ours: Server, theirs: Server, ct: Images, found: Sequence[str], seconds: float) -> None:
    print(
        "\n| what | server | a second | median ms | p95 ms | kB | CPU ms |\n|---|---|---|---|---|---|---|", flush=True
    )
    series = f"/api/v1/studies/{ct.study}/series/{ct.series}"
    jpeg = {"Accept": "image/jpeg"}
    frames = [f"{path}/frames/1" for path in ours.instances(ct)]
    _row("thumbnail", ours, [f"{series}/thumbnail"], {}, seconds)
    _row("preview", ours, [f"{series}/preview"], {}, seconds)
    _row("preview", theirs, [f"/instances/{one}/preview" for one in found], {}, seconds)
    for server in (ours, theirs):
        _row(
            "rendered slice, for the first time",
            server,
            _never_twice(server, ct, "quality={}", range(75, 95)),
            jpeg,
            seconds,
        )
    for server in (ours, theirs):
        windows = _never_twice(server, ct, "window=40,{},linear", range(300, 320))
        _row("rendered slice, window chosen", server, windows, jpeg, seconds)
    _row("frame, as our viewer asks", ours, frames, {"Accept": FRAMES + "*"}, seconds)
    _row("frame, uncompressed", ours, frames, {"Accept": FRAMES + RAW}, seconds)
    raw = {"Accept": 'multipart/related; type="application/octet-stream"'}
    _row("frame, uncompressed", theirs, [f"{path}/frames/1" for path in theirs.instances(ct)], raw, seconds)
    for server in (ours, theirs):
        _metadata(server, ct)
        _row("metadata of the series", server, [f"{server.series(ct)}/metadata"], _JSON, seconds)


def _never_twice(server: Server, ct: Images, parameter: str, values: Sequence[int]) -> list[str]:
    """Each slice with each of the values, so that no answer can be one that was given before."""
    return [f"{path}/rendered?{parameter.format(value)}" for value in values for path in server.instances(ct)]


def _metadata(server: Server, ct: Images) -> None:
    """Once for the first time, and then as anybody gets it."""
    with httpx.Client(base_url=server.url, headers={**server.headers, **_JSON}, timeout=120) as client:
        times = []
        for _ in range(6):
            started = time.monotonic()
            client.get(f"{server.series(ct)}/metadata").raise_for_status()
            times.append(1000 * (time.monotonic() - started))
    print(
        f"| metadata, first, then median | {server.name} | | {times[0]:.0f} | {statistics.median(times[1:]):.1f} | | |"
    )


def _row(what: str, server: Server, paths: Sequence[str], headers: Mapping[str, str], seconds: float) -> None:
    asking = Asking(server.url, paths, {**server.headers, **headers}, seconds)
    print(line(what, server.name, hammer(asking, server.pids)), flush=True)


def line(what: str, name: str, load: Load) -> str:
    """A line of the table."""
    cells = [what, name, f"{load.rate:.0f}", f"{load.at(0.5):.1f}", f"{load.at(0.95):.1f}"]
    return f"| {' | '.join(cells)} | {load.kilobytes:.0f} | {load.cpu:.2f} |"


if __name__ == "__main__":
    main()
