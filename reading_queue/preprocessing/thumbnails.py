"""Small pictures of instances for lists and for the first look: images, ECGs, and documents that are neither."""

from dataclasses import dataclass
from enum import StrEnum

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.decoding import has_pixels, is_video
from reading_queue.preprocessing.documents import document_label, document_picture
from reading_queue.preprocessing.ecg.picture import ecg_thumbnail
from reading_queue.preprocessing.ecg.waveform import UnreadableWaveform, read_ecg
from reading_queue.preprocessing.representative import pick_representative, representative_index
from reading_queue.preprocessing.resizing import fitted, pixel_aspect
from reading_queue.preprocessing.windowing import to_display

__all__ = [
    "Picture",
    "PictureKind",
    "pick_representative",
    "preview",
    "representative_index",
    "thumbnail",
    "thumbnail_for",
]

THUMBNAIL_SIZE = 256
_THUMBNAIL_QUALITY = 80
_ECG_SECONDS = 10.0


class PictureKind(StrEnum):
    """What a picture shows."""

    IMAGE = "image"
    WAVEFORM = "waveform"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture; `media_type` is image/jpeg or image/png."""

    data: bytes
    media_type: str
    kind: PictureKind


def thumbnail_for(ds: Dataset, size: int = THUMBNAIL_SIZE) -> Picture:
    """The picture that stands for an instance: its representative frame, its ECG, else a sheet that names its kind.

    Raises UndecodableImage when the object is an image that cannot be shown.
    """
    if has_pixels(ds):
        if is_video(ds):
            return _document("VIDEO")
        return Picture(thumbnail(ds, size), "image/jpeg", PictureKind.IMAGE)
    if "WaveformSequence" in ds:
        return _waveform(ds, size)
    return _document(document_label(ds))


def _waveform(ds: Dataset, size: int) -> Picture:
    """Waveforms that are no readable ECG (pressures, sound) get a sheet: a curve of unknown scale must not be drawn."""
    try:
        ecg = read_ecg(ds, seconds=_ECG_SECONDS)
    except UnreadableWaveform:
        return _document(document_label(ds))
    return Picture(ecg_thumbnail(ecg, size), "image/png", PictureKind.WAVEFORM)


def _document(label: str) -> Picture:
    return Picture(document_picture(label), "image/png", PictureKind.DOCUMENT)


def thumbnail(ds: Dataset, size: int = THUMBNAIL_SIZE) -> bytes:
    """JPEG of the representative frame, longer side at most `size` pixels. Raises UndecodableImage."""
    return preview(ds, representative_index(ds), size, _THUMBNAIL_QUALITY)


def preview(ds: Dataset, index: int = 0, size: int = 1024, quality: int = 80) -> bytes:
    """JPEG of frame `index` in its declared window, longer side at most `size` pixels, square pixels. Raises UndecodableImage."""
    shown = fitted(to_display(ds, index), size, pixel_aspect(ds, index))
    return jpeg(shown, quality)


def jpeg(shown: NDArray[np.uint8], quality: int) -> bytes:
    """A grey or RGB picture as baseline JPEG; `quality` from 1 to 100 as in libjpeg."""
    return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(shown), level=quality))
