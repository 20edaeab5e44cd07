"""ECGs as pictures: the printed layouts to scale, and a small one for lists."""

from collections.abc import Sequence
from dataclasses import dataclass

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from reading_queue.preprocessing.ecg.leads import STANDARD
from reading_queue.preprocessing.ecg.paper import MARK, TRACE, Scale, calibration, curve, paper
from reading_queue.preprocessing.ecg.waveform import EcgWaveform, with_derived_limb_leads
from reading_queue.preprocessing.ink import Ink, Picture

SECONDS = 10.0
"""What a sheet shows of a record, from its beginning."""

_LIMB_COLUMNS = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "3x4": _LIMB_COLUMNS,
    "3x4+1": _LIMB_COLUMNS,
    "6x2": (STANDARD[:6], STANDARD[6:]),
    "12x1": (STANDARD,),
}
LAYOUTS = tuple(_COLUMNS)

_MARGIN_MM, _PULSE_MM, _HEAD_MM, _FOOT_MM = 4.0, 4.0, 2.0, 8.0
_LABEL_MM, _FOOT_TEXT_MM = 3.4, 3.0
_MIDDLE = 0.55
_THUMBNAIL_LEADS = ("II", "V2", "V5")
_THUMBNAIL_SECONDS = 4.0
_THUMBNAIL_SPEED = 25.0


@dataclass(frozen=True, slots=True)
class _Strip:
    """One lead over some seconds of the sheet, `start_s` from its left edge."""

    lead: str
    row: int
    start_s: float
    seconds: float


def draw_ecg(
    waveform: EcgWaveform,
    *,
    layout: str = "3x4+1",
    speed_mm_s: float = 25,
    gain_mm_mv: float = 10,
    px_per_mm: float = 6,
) -> bytes:
    """PNG of the first ten seconds on millimetre paper, unfiltered, every lead around its own median.

    `layout` is one of LAYOUTS and needs the twelve standard leads (III, aVR, aVL and aVF are derived when missing); other sets
    of leads become rows of ten seconds. Raises ValueError for an unknown layout or a scale that is not positive.
    """
    if layout not in _COLUMNS:
        raise ValueError(f"no layout {layout}, there are {', '.join(LAYOUTS)}")
    if min(speed_mm_s, gain_mm_mv, px_per_mm) <= 0:
        raise ValueError("speed, gain and resolution must be positive")
    scale = Scale(speed_mm_s, gain_mm_mv, px_per_mm)
    complete = with_derived_limb_leads(waveform)
    strips = _strips(complete, layout)
    sheet = _sheet(complete, strips, scale)
    return bytes(imagecodecs.png_encode(sheet, level=6))


def _strips(waveform: EcgWaveform, layout: str) -> list[_Strip]:
    if not set(STANDARD) <= set(waveform.leads):
        seconds = min(SECONDS, waveform.duration_s)
        return [_Strip(lead, row, 0.0, seconds) for row, lead in enumerate(waveform.leads)]
    columns = _COLUMNS[layout]
    width = SECONDS / len(columns)
    strips = [
        _Strip(lead, row, place * width, width)
        for place, column in enumerate(columns)
        for row, lead in enumerate(column)
    ]
    return [*strips, _Strip("II", len(columns[0]), 0.0, SECONDS)] if layout.endswith("+1") else strips


def _sheet(waveform: EcgWaveform, strips: Sequence[_Strip], scale: Scale) -> Picture:
    rows = 1 + max(strip.row for strip in strips)
    pitch = _row_pitch_mm(rows, scale)
    left = scale.mm(_MARGIN_MM + _PULSE_MM) + scale.x(0.2)
    width_mm = (left + scale.x(SECONDS)) / scale.px_per_mm + _MARGIN_MM
    picture = paper(_HEAD_MM + rows * pitch + _FOOT_MM, width_mm, scale)
    ink, marks = Ink(*picture.shape[:2]), Ink(*picture.shape[:2])
    middles = [scale.mm(_HEAD_MM + (row + _MIDDLE) * pitch) for row in range(rows)]
    for middle in middles:
        calibration(ink, scale.mm(_MARGIN_MM), middle, scale)
    for strip in strips:
        start, middle = left + scale.x(strip.start_s), middles[strip.row]
        curve(ink, _shown(waveform, strip), waveform.sampling_hz, start, middle, scale)
        _label(ink, strip, start, middle, pitch, scale)
        if strip.start_s:
            _mark_change(marks, start, middle, scale)
    ink.text(left, picture.shape[0] - scale.mm(2.5), _legend(waveform, strips, scale), scale.mm(_FOOT_TEXT_MM))
    return ink.on(marks.on(picture, MARK), TRACE)


def _row_pitch_mm(rows: int, scale: Scale) -> float:
    """Thirty millimetres as on paper while rows are few; overlapping rows are drawn over each other, as on paper."""
    usual = 30.0 if rows <= 4 else 22.0 if rows <= 6 else 16.0  # noqa: PLR2004 - rows of the usual layouts
    return usual * max(1.0, scale.gain_mm_mv / 10)


def _shown(waveform: EcgWaveform, strip: _Strip) -> NDArray[np.float32]:
    """The samples of a strip, centred. Leads recorded in turns are shown where they were recorded."""
    samples = waveform.lead(strip.lead)
    wanted = round(strip.seconds * waveform.sampling_hz)
    start = max(0, min(round(strip.start_s * waveform.sampling_hz), len(samples) - wanted))
    recorded = np.flatnonzero(np.isfinite(samples))
    if len(recorded) and not np.isfinite(samples[start : start + wanted]).any():
        start = int(recorded[0])
    shown = samples[start : start + wanted]
    return shown - np.nanmedian(shown) if np.isfinite(shown).any() else shown


def _label(ink: Ink, strip: _Strip, left: float, middle: float, pitch: float, scale: Scale) -> None:
    """At the top of the row, where few curves reach."""
    top = middle - scale.mm(_MIDDLE * pitch)
    ink.text(left + scale.mm(1), top + scale.mm(_LABEL_MM), strip.lead, scale.mm(_LABEL_MM))


def _mark_change(ink: Ink, left: float, middle: float, scale: Scale) -> None:
    """Pale ticks above and below the line where another lead begins: nobody may take them for a spike."""
    for near, far in ((-2.5, -6.0), (2.5, 6.0)):
        ink.line(np.array([(left, middle + scale.mm(near)), (left, middle + scale.mm(far))]), scale.mm(0.25))


def _legend(waveform: EcgWaveform, strips: Sequence[_Strip], scale: Scale) -> str:
    parts = [f"{scale.speed_mm_s:g} mm/s", f"{scale.gain_mm_mv:g} mm/mV", *_filter_words(waveform)]
    if waveform.duration_s > SECONDS + 0.5:
        parts.append(f"first {SECONDS:g} s of {waveform.duration_s:.0f} s")
    unseen = [lead for lead in waveform.leads if lead not in {strip.lead for strip in strips}]
    return "     ".join([*parts, *([f"not shown: {', '.join(unseen)}"] if unseen else [])])


def _filter_words(waveform: EcgWaveform) -> list[str]:
    """The device's own filters; this picture adds none."""
    filters = waveform.filters
    words = []
    if filters.low_hz or filters.high_hz:
        low, high = (f"{one:g}" if one else "?" for one in (filters.low_hz, filters.high_hz))
        words.append(f"{low}-{high} Hz")
    return [*words, f"notch {filters.notch_hz:g} Hz"] if filters.notch_hz else words


def ecg_thumbnail(waveform: EcgWaveform, width: int = 256) -> bytes:
    """PNG `width` pixels wide and three quarters as high: up to three leads over four seconds, not to scale."""
    complete = with_derived_limb_leads(waveform)
    known = [lead for lead in _THUMBNAIL_LEADS if lead in complete.leads]
    leads = known if len(known) == len(_THUMBNAIL_LEADS) else list(complete.leads[: len(_THUMBNAIL_LEADS)])
    seconds = min(_THUMBNAIL_SECONDS, complete.duration_s)
    height, pitch = width * 3 // 4, width * 3 // 4 / len(leads)
    strips = [_Strip(lead, row, 0.0, seconds) for row, lead in enumerate(leads)]
    shown = [_shown(complete, strip) for strip in strips]
    px_per_mm = width / (_THUMBNAIL_SPEED * seconds)
    scale = Scale(_THUMBNAIL_SPEED, _fitting_gain(shown, pitch / px_per_mm), px_per_mm)
    picture = paper(height / scale.px_per_mm, width / scale.px_per_mm, scale, fine=False)[:height, :width]
    ink = Ink(*picture.shape[:2])
    for row, (strip, samples) in enumerate(zip(strips, shown, strict=True)):
        curve(ink, samples, complete.sampling_hz, 0, (row + 0.6) * pitch, scale)
        ink.text(3, row * pitch + 14, strip.lead, 12)
    return bytes(imagecodecs.png_encode(ink.on(picture, TRACE), level=6))


def _fitting_gain(shown: Sequence[NDArray[np.float32]], pitch_mm: float) -> float:
    """The usual 10 mm/mV, or less where the tallest lead would leave its row."""
    tallest = max((float(np.nanmax(np.abs(one))) for one in shown if np.isfinite(one).any()), default=0.0)
    return min(10.0, 0.6 * pitch_mm * 1000 / tallest) if tallest else 10.0
