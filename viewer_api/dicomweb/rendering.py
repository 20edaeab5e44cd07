"""Frames as pictures for any browser: windowed, cut, scaled, written on (PS3.18 8.3.5 and 8.7.4)."""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import imagecodecs
import numpy as np
import skimage
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom import Dataset

import reading_queue.report_pdf
from reading_queue.preprocessing.attributes import number, text, value
from reading_queue.preprocessing.overlays import overlay_planes, with_overlays
from reading_queue.preprocessing.resizing import fitted
from reading_queue.preprocessing.shutters import shuttered
from reading_queue.preprocessing.thumbnails import jpeg
from reading_queue.preprocessing.voi import Window
from storage.domain.errors import BadQuery
from viewer_api.dicomweb.frames import StoredImage
from viewer_api.dicomweb.rendering_query import Region, Rendering

Shown = NDArray[np.uint8]

JPEG, PNG, GIF = "image/jpeg", "image/png", "image/gif"
_FONT = Path(reading_queue.report_pdf.__file__).with_name("fonts") / "NotoSansSC-Regular.ttf"
_LINES_OF_TEXT, _SMALLEST_TEXT = 36, 10
_USUAL_RATE = 10.0
"""Frames a second where the object does not say."""


class Frames(Protocol):
    """The frames of one object; `header` says how they are cut, scaled and written on."""

    image: StoredImage

    @property
    def header(self) -> Dataset: ...

    def displayed(self, number: int, window: Window | None) -> tuple[Shown, float]: ...

    def overlay_data(self, group: int) -> bytes: ...


def rendered_frame(frames: Frames, number: int, wanted: Rendering) -> Shown:
    """Frame `number` (from 1) as (rows, columns) grey or (rows, columns, 3) RGB. Annotations want the whole header.

    Raises `NotFound`, `UnreadableObject`, or `BadQuery` for a region outside of the picture.
    """
    try:
        shown, aspect = frames.displayed(number, wanted.window)
    except ValueError as error:
        raise BadQuery("The window has no width.") from error
    if wanted.overlays:
        covered = shuttered(shown, frames.header, aspect)
        shown = with_overlays(covered, overlay_planes(frames.header), frames.overlay_data, number)
    part = _cut(shown, wanted.region) if wanted.region else shown
    sized = _scaled(part, wanted, aspect)
    return _annotated(sized, frames.header, wanted.annotations) if wanted.annotations else sized


def _cut(shown: Shown, region: Region) -> Shown:
    rows, columns = shown.shape[:2]
    left, top = round(region.left), round(region.top)
    right = min(columns, left + round(region.width)) if region.width else columns
    bottom = min(rows, top + round(region.height)) if region.height else rows
    if left >= right or top >= bottom:
        raise BadQuery("viewport: the region lies outside of the picture.")
    part = shown[top:bottom, left:right]
    part = part[:, ::-1] if region.flip_across else part
    return np.ascontiguousarray(part[::-1] if region.flip_down else part)


def _scaled(shown: Shown, wanted: Rendering, aspect: float) -> Shown:
    """Into the viewport without distortion (PS3.18 8.3.5.1.3): as large as it goes, and pixels are square."""
    if not wanted.width:
        return shown
    rows, columns = shown.shape[0] * max(1.0, aspect), shown.shape[1] * max(1.0, 1 / aspect)
    scale = min(wanted.width / columns, wanted.height / rows)
    if scale <= 1:
        return fitted(shown, max(1, round(max(rows, columns) * scale)), aspect)
    size = (max(1, round(rows * scale)), max(1, round(columns * scale)), *shown.shape[2:])
    large = skimage.transform.resize(shown, size, order=1, preserve_range=True)  # type: ignore[no-untyped-call]
    enlarged: Shown = np.clip(np.rint(large), 0, 255).astype(np.uint8)
    return enlarged


def _annotated(shown: Shown, ds: Dataset, annotations: frozenset[str]) -> Shown:
    """White on black edges in the corners: who it is above, how it was made below."""
    picture = Image.fromarray(shown).convert("RGB")
    size = max(_SMALLEST_TEXT, min(picture.size) // _LINES_OF_TEXT)
    draw, font = ImageDraw.Draw(picture), _font(size)
    places = (("patient", _patient, "la", size // 2), ("technique", _technique, "ld", picture.height - size // 2))
    for name, lines, anchor, y in places:
        if name in annotations:
            draw.multiline_text(
                (size // 2, y),
                "\n".join(lines(ds)),
                fill=(255, 255, 255),
                font=font,
                anchor=anchor,
                stroke_width=max(1, size // 10),
                stroke_fill=(0, 0, 0),
            )
    return np.asarray(picture)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


def _patient(ds: Dataset) -> list[str]:
    name = str(value(ds, "PatientName") or "").replace("^", " ").replace("=", " ").strip()
    told = [text(ds, keyword) for keyword in ("PatientID", "PatientSex", "PatientBirthDate", "StudyDate")]
    return [line for line in (name, " ".join(part for part in told if part)) if line]


def _technique(ds: Dataset) -> list[str]:
    named = (("KVP", "kV"), ("XRayTubeCurrent", "mA"), ("ExposureTime", "ms"), ("SliceThickness", "mm"))
    values = [f"{found} {unit}" for keyword, unit in named if (found := value(ds, keyword)) is not None]
    first = " ".join(part for part in (text(ds, "Modality"), text(ds, "SeriesDescription")) if part)
    return [line for line in (first, " ".join(values)) if line]


def encoded(shown: Shown, media_type: str, quality: int) -> bytes:
    """The picture as JPEG, PNG or GIF."""
    if media_type == JPEG:
        return jpeg(shown, quality)
    if media_type == PNG:
        return bytes(imagecodecs.png_encode(np.ascontiguousarray(shown), level=6))
    return animated([shown], 1.0)


def animated(pictures: Sequence[Shown], rate: float) -> bytes:
    """An endless GIF at `rate` pictures a second."""
    first, *rest = [Image.fromarray(np.ascontiguousarray(one)) for one in pictures]
    target = io.BytesIO()
    milliseconds = max(20, round(1000 / rate))
    more = {"save_all": True, "append_images": rest, "duration": milliseconds, "loop": 0} if rest else {}
    first.save(target, "GIF", **more)
    return target.getvalue()


def frame_rate(ds: Dataset) -> float:
    """Pictures a second as the object was recorded (PS3.3 C.7.6.5)."""
    for keyword in ("RecommendedDisplayFrameRate", "CineRate"):
        if (rate := number(ds, keyword)) is not None and 0 < rate <= 100:  # noqa: PLR2004
            return rate
    time = number(ds, "FrameTime")
    return 1000 / time if time is not None and time >= 10 else _USUAL_RATE  # noqa: PLR2004
