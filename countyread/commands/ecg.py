"""`countyread ecg`: what an ECG file holds and what is measured in it, without any database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.domain.errors import UnreadableEcg

if TYPE_CHECKING:
    from reading_queue.preprocessing.ecg.measuring import EcgMeasurements
    from storage.ingest.ecg.recording import Recording

_PREAMBLE = 128
_MEASURES = ("hr", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms", "qtc_fridericia_ms")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an object for one file, a list for several.")
@click.option("--samples", is_flag=True, help="With --json: add the samples in microvolts, by lead.")
def ecg(files: tuple[Path, ...], *, as_json: bool, samples: bool) -> None:
    """Read ECG files of any known format and measure them; nothing is stored.

    \b
    Example:
      countyread ecg rest.dcm --json
    """
    reports = [report(path, samples=samples) for path in files]
    if as_json:
        click.echo(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False))
        return
    for path, one in zip(files, reports, strict=True):
        click.echo(f"{path.name}: {_in_words(one)}")


def report(path: Path, *, samples: bool) -> dict[str, Any]:
    """What the command prints of one file. Raises `UnreadableEcg` naming the file."""
    from reading_queue.preprocessing.ecg.measuring import measure

    try:
        recording = read_any(path.read_bytes())
    except UnreadableEcg as error:
        raise UnreadableEcg(f"{path.name}: {error.message}") from error
    measured = measure(recording.microvolts, recording.leads, recording.hz)
    return _report(recording, measured) | ({"microvolts": _microvolts(recording)} if samples else {})


def read_any(data: bytes) -> "Recording":
    """A recording from a file's bytes, DICOM or not. Raises `UnreadableEcg`."""
    from reading_queue.ecg.dicom import read_dicom
    from storage.ingest import ecg as formats

    return read_dicom(data) if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM" else formats.read(data)


def _report(recording: "Recording", measured: "EcgMeasurements") -> dict[str, Any]:
    from reading_queue.ecg.dicom import as_json
    from reading_queue.ecg.documents import device_document, engine_document

    document = engine_document(measured)
    overall = document["overall"]
    told = as_json(recording)
    return {
        **told,
        "measurements": {name: overall[name] for name in _MEASURES} | {"axis_deg": overall["qrs_axis_deg"]},
        "device_measurements": device_document(recording),
        "atria": document["atria"],
        "beats": len(measured.beats),
        "rr": document["rr"],
        "quality": document["quality"],
        "swapped": measured.swapped,
        "not_measured": dict(measured.not_measured),
        "engine": measured.engine,
    }


def _microvolts(recording: "Recording") -> dict[str, list[float | None]]:
    """Rounded to a nanovolt; null where nothing was recorded."""
    return {
        lead: [None if value != value else round(value, 3) for value in row.tolist()]  # noqa: PLR0124 - NaN is not itself
        for lead, row in zip(recording.leads, recording.microvolts, strict=True)
    }


def _in_words(one: dict[str, Any]) -> str:
    values = (f"{name} {'-' if value is None else value}" for name, value in one["measurements"].items())
    return f"{one['format']}, {len(one['leads'])} leads, {one['sampling_hz']:g} Hz, {one['seconds']:g} s; {', '.join(values)}"
