"""Any ECG file that is not DICOM, as one recording: what it is, is told from its bytes and never from its name."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg import aecg, contec, edf, mfer, muse, scp, sierra, zoncare
from storage.ingest.ecg.leads import with_limb_leads
from storage.ingest.ecg.recording import Recording
from storage.ingest.ecg.xml_document import parse

LARGEST = 128 << 20
"""Bytes of a file: a day of three leads, or two hours of twelve; it is read in one piece."""

LOOK_AT = 4 << 10
"""Bytes from the start that tell whether a file may be an ECG."""

_ROOTS: dict[str, Callable[[Element], Recording]] = {
    "AnnotatedECG": aecg.read,
    "RestingECG": muse.read,
    "restingecgdata": sierra.read,
    "zqecg": zoncare.read,
}
_BINARY: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Recording]], ...] = (
    (scp.is_scp, scp.read),
    (edf.is_edf, edf.read),
    (contec.is_contec, contec.read),
    (mfer.is_mfer, mfer.read),
)
_LOWEST_RATE, _HIGHEST_RATE = 40.0, 40_000.0
_MOST_SAMPLES = 1 << 29
_PLAUSIBLE = 400_000.0


def may_be_ecg(start: bytes) -> bool:
    """Whether a file that begins like this is of a format that `read_ecg` knows; the first `LOOK_AT` bytes are enough."""
    if _is_xml(start):
        wide = start.replace(b"\0", b"")
        return any(root.encode() in wide for root in _ROOTS)
    return scp.is_scp(start) or edf.is_edf(start) or mfer.is_mfer(start) or contec.begins_as_contec(start)


def read_ecg(data: bytes) -> Recording:
    """With the limb leads that the recorded ones give. Raises `UnreadableEcg` rather than a doubtful curve."""
    try:
        recording = _read(data)
    except (ValueError, OverflowError, MemoryError, RecursionError) as error:
        raise UnreadableEcg("The ECG file is damaged.") from error
    _require_sense(recording)
    return with_limb_leads(recording)


def _read(data: bytes) -> Recording:
    if _is_xml(data[:LOOK_AT]):
        root = parse(data)
        reader = _ROOTS.get(str(root.tag))
        if reader is None:
            raise UnreadableEcg("The file is XML, and of no ECG format that is known.")
        return reader(root)
    for is_of_format, read in _BINARY:
        if is_of_format(data):
            return read(data)
    raise UnreadableEcg("The file is of no ECG format that is known.")


def _is_xml(start: bytes) -> bool:
    """In any encoding: a mark, or a `<` first of all."""
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _require_sense(recording: Recording) -> None:
    rows = recording.microvolts
    if not rows.size or rows.size > _MOST_SAMPLES or not _LOWEST_RATE <= recording.hz <= _HIGHEST_RATE:
        raise UnreadableEcg("The ECG file has no samples, too many, or a rate that no ECG has.")
    finite = np.abs(rows[np.isfinite(rows)])
    if not finite.size or np.isinf(rows).any() or finite.max() > _PLAUSIBLE:
        raise UnreadableEcg("The ECG file holds voltages that no heart gives.")
