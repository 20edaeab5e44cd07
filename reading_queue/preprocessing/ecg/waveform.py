"""An ECG as recorded, in one form whatever the object: lead names, rate, microvolts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import is_little_endian, items
from reading_queue.preprocessing.ecg.multiplex import Channel, Group, group_microvolts, read_group
from reading_queue.preprocessing.errors import UnreadableWaveform

__all__ = ["EcgWaveform", "Filters", "UnreadableWaveform", "read_ecg", "with_derived_limb_leads"]

DERIVED = ("III", "aVR", "aVL", "aVF")
"""What follows from I and II."""

_MOST_GAPS = 8
"""Groups recorded one after the other leave gaps; a time offset that would make the record this much longer is an error."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the device says it filtered, in Hz; None where it says nothing. A reader never filters."""

    low_hz: float | None = None
    high_hz: float | None = None
    notch_hz: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EcgWaveform:
    """`samples_uv`: float32 (leads, samples) in microvolts, NaN where nothing was recorded. `filters` hold for every lead."""

    leads: tuple[str, ...]
    sampling_hz: float
    samples_uv: NDArray[np.float32]
    filters: Filters = Filters()

    @property
    def duration_s(self) -> float:
        return float(self.samples_uv.shape[1] / self.sampling_hz)

    def lead(self, name: str) -> NDArray[np.float32]:
        """The samples of one lead. Raises KeyError when it was not recorded."""
        if name not in self.leads:
            raise KeyError(name)
        samples: NDArray[np.float32] = self.samples_uv[self.leads.index(name)]
        return samples


def read_ecg(ds: Dataset, *, seconds: float | None = None) -> EcgWaveform:
    """The recorded rhythm of a waveform object, its first `seconds` only where these are enough.

    value = stored x sensitivity x correction + baseline, the baseline being in units of the sensitivity (PS3.3 C.10.9). Groups
    of one rate that hold further leads, or the same record in turns of a few leads, are put together by their time offsets.
    A median beat is taken only when there is no rhythm. Raises UnreadableWaveform.
    """
    groups = rhythm_groups([read_group(item) for item in items(ds, "WaveformSequence")])
    return _joined(groups, little_endian=is_little_endian(ds), seconds=seconds)


def rhythm_groups(groups: Sequence[Group]) -> list[Group]:
    """The best group and those that were recorded with it. Raises UnreadableWaveform when none has a voltage."""
    usable = [group for group in groups if group.channels and group.length]
    if not usable:
        raise UnreadableWaveform("no voltage channels")
    best = min(usable, key=lambda group: (group.is_average, group.derived, -group.duration_s * len(group.channels)))
    return _companions(best, usable)


def _companions(best: Group, usable: list[Group]) -> list[Group]:
    """`best` first, then the groups recorded with it, longest first."""
    alike = [
        group
        for group in usable
        if (group.sampling_hz, group.is_average, group.derived) == (best.sampling_hz, best.is_average, best.derived)
        and group is not best
        and 0 <= group.offset_s <= _MOST_GAPS * best.duration_s
    ]
    return [best, *sorted(alike, key=lambda group: -group.length)]


def starts_of(groups: Sequence[Group]) -> list[int]:
    """At which sample of the record each group begins."""
    begin = min(group.offset_s for group in groups)
    return [round((group.offset_s - begin) * groups[0].sampling_hz) for group in groups]


def _joined(groups: list[Group], *, little_endian: bool, seconds: float | None) -> EcgWaveform:
    hz = groups[0].sampling_hz
    starts = starts_of(groups)
    whole = max(start + group.length for start, group in zip(starts, groups, strict=True))
    length = whole if seconds is None else min(whole, round(seconds * hz))
    leads: list[str] = []
    rows: list[NDArray[np.float32]] = []
    for start, group in zip(starts, groups, strict=True):
        if start >= length:
            continue
        samples = min(group.length, length - start)
        for channel, values in zip(group.channels, _read(group, samples, little_endian=little_endian), strict=True):
            if channel.lead not in leads:
                leads.append(channel.lead)
                rows.append(_placed(values, start, length))
    return EcgWaveform(tuple(leads), hz, np.stack(rows), shared_filters(groups[0].channels))


def _read(group: Group, samples: int, *, little_endian: bool) -> NDArray[np.float32]:
    return group_microvolts(group, little_endian=little_endian, samples=samples)


def _placed(values: NDArray[np.float32], start: int, length: int) -> NDArray[np.float32]:
    if len(values) == length:
        return values
    row = np.full(length, np.nan, np.float32)
    row[start : start + len(values)] = values
    return row


def shared_filters(channels: tuple[Channel, ...]) -> Filters:
    """A value counts only when all channels share it."""
    low, high, notch = ({getattr(one, name) for one in channels} for name in ("low_hz", "high_hz", "notch_hz"))
    return Filters(*(next(iter(values)) if len(values) == 1 else None for values in (low, high, notch)))


def with_derived_limb_leads(waveform: EcgWaveform) -> EcgWaveform:
    """Adds III, aVR, aVL and aVF where a device stored only I and II (Einthoven, Goldberger); recorded leads stay as they are."""
    if not {"I", "II"} <= set(waveform.leads):
        return waveform
    one, two = waveform.lead("I"), waveform.lead("II")
    derived = {"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}
    missing = {name: samples for name, samples in derived.items() if name not in waveform.leads}
    samples = np.vstack([waveform.samples_uv, *missing.values()]).astype(np.float32)
    return replace(waveform, leads=(*waveform.leads, *missing), samples_uv=samples)
