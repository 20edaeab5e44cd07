"""The picture of an object that has none: a sheet of paper that says what kind of object it is, and pretends nothing."""

import imagecodecs
import numpy as np
from pydicom import Dataset

from reading_queue.preprocessing.attributes import text
from reading_queue.preprocessing.ink import Ink

_SIZE = 256
_GROUND, _SHEET, _EDGE, _WORDS = (236, 239, 243), (255, 255, 255), (120, 132, 148), (52, 64, 84)

_LABELS = {
    "1.2.840.10008.5.1.4.1.1.104.1": "PDF",
    "1.2.840.10008.5.1.4.1.1.104.2": "CDA",
    "1.2.840.10008.5.1.4.1.1.104.3": "STL",
    "1.2.840.10008.5.1.4.1.1.88.59": "KO",
    "1.2.840.10008.5.1.4.1.1.66": "RAW",
}
_PREFIXES = {
    "1.2.840.10008.5.1.4.1.1.88.": "SR",
    "1.2.840.10008.5.1.4.1.1.11.": "PR",
    "1.2.840.10008.5.1.4.1.1.481.": "RT",
    "1.2.840.10008.5.1.4.1.1.9.": "WAVE",
}
_LONGEST = 8


def document_label(ds: Dataset) -> str:
    """A few capital letters for the kind of object, from its SOP Class, else its Modality."""
    sop_class = text(ds, "SOPClassUID")
    if sop_class in _LABELS:
        return _LABELS[sop_class]
    by_prefix = next((label for prefix, label in _PREFIXES.items() if sop_class.startswith(prefix)), None)
    modality = text(ds, "Modality").upper()
    plain = modality if modality.isascii() and modality.isalnum() and len(modality) <= _LONGEST else ""
    return by_prefix or plain or "DICOM"


def document_picture(label: str) -> bytes:
    """PNG of 256 x 256 pixels: a sheet with a folded corner, lines of text and `label`."""
    ground = np.full((_SIZE, _SIZE, 3), _GROUND, np.uint8)
    sheet, edge, words = (Ink(_SIZE, _SIZE) for _ in range(3))
    outline = np.array([(64, 28), (154, 28), (196, 70), (196, 228), (64, 228), (64, 28)], np.float64)
    sheet.area(outline)
    edge.line(outline, 3)
    edge.line(np.array([(154, 28), (154, 70), (196, 70)], np.float64), 3)
    for y, right in ((98, 176), (114, 176), (130, 150)):
        edge.line(np.array([(84, y), (right, y)], np.float64), 3)
    words.text(130, 190, label, min(44.0, 190 / max(1, len(label))), anchor="ms")
    return bytes(imagecodecs.png_encode(words.on(edge.on(sheet.on(ground, _SHEET), _EDGE), _WORDS), level=9))
