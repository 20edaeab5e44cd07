"""Zoncare XML ("zqecg"): base64 of 16-bit samples, thirteen channels in turns of which the last is empty.

The format is not published and tells neither unit nor leads: microvolts and the usual order are taken for granted.
"""

from xml.etree.ElementTree import Element

import numpy as np

from storage.domain.errors import UnreadableEcg
from storage.ingest.ecg.recording import STANDARD_LEADS, Recording
from storage.ingest.ecg.texts import number_of
from storage.ingest.ecg.xml_document import base64_of, first, int16_of

NAME = "Zoncare XML"
_CHANNELS = 13
_PLAUSIBLE = 20_000
"""Microvolts: with another unit most of a strip would lie beyond it, or all of it below what an ECG has."""

_FAINTEST = 50


def read(root: Element) -> Recording:
    """Raises `UnreadableEcg`."""
    leads, hz = number_of(_text(root, "lead")), number_of(_text(root, "sample"))
    if leads != len(STANDARD_LEADS) or not hz or hz < 0:
        raise UnreadableEcg("The Zoncare file does not tell its rate, or has not twelve leads.")
    samples = int16_of(base64_of(_text(root, "data")))
    if not len(samples) or len(samples) % _CHANNELS:
        raise UnreadableEcg("The samples of the Zoncare file do not fill its channels.")
    table = samples.reshape(-1, _CHANNELS).T.astype(np.float64)
    seconds = number_of(_text(root, "second"))
    if table[-1].any() or (seconds and abs(table.shape[1] / hz - seconds) > 1):
        raise UnreadableEcg("The Zoncare file is not laid out as such files are.")
    largest = float(np.quantile(np.abs(table[:-1] - np.median(table[:-1], axis=1, keepdims=True)), 0.999))
    if not _FAINTEST < largest < _PLAUSIBLE:
        raise UnreadableEcg("The samples of the Zoncare file are not in microvolts.")
    return Recording(
        NAME,
        STANDARD_LEADS,
        hz,
        table[:-1],
        assumed=("microvolts and the order of leads: the format is not published",),
        device={"manufacturer": "Zoncare"},
    )


def _text(root: Element, name: str) -> str:
    found = first(root, name)
    return (found.text or "").strip() if found is not None else ""
