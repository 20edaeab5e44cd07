"""One multiplex group of a waveform object: its samples in microvolts (PS3.3 C.10.9)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, items, number, raw, text
from reading_queue.preprocessing.ecg.leads import lead_name
from reading_queue.preprocessing.errors import UnreadableWaveform

Microvolts = NDArray[np.float32]

_TYPES = {"SB": "i1", "UB": "u1", "SS": "i2", "US": "u2", "SL": "i4", "UL": "u4", "SV": "i8", "UV": "u8"}
_BY_BITS = {8: "SB", 16: "SS", 32: "SL", 64: "SV"}
_TO_MICROVOLTS = {"nv": 1e-3, "uv": 1.0, "µv": 1.0, "μv": 1.0, "mv": 1e3, "v": 1e6}
_AVERAGES = ("MEDIAN", "AVERAGE", "REPRESENTATIVE", "TEMPLATE", "MEAN")
_SLOWEST_HZ, _FASTEST_HZ = 10, 100_000


@dataclass(frozen=True, slots=True)
class Channel:
    """What turns stored samples of one channel into microvolts, and what the device filtered (Hz, None when not said)."""

    lead: str
    place: int
    scale_uv: float
    baseline_uv: float
    bits_stored: int
    low_hz: float | None
    high_hz: float | None
    notch_hz: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """One item of the Waveform Sequence, its samples not yet looked at. `offset_s` places it in time against other groups."""

    item: Dataset
    label: str
    sampling_hz: float
    length: int
    width: int
    offset_s: float
    derived: bool
    channels: tuple[Channel, ...]

    @property
    def is_average(self) -> bool:
        """A median or average beat, not the rhythm as it was recorded."""
        return any(word in self.label for word in _AVERAGES)

    @property
    def duration_s(self) -> float:
        return self.length / self.sampling_hz


def read_group(item: Dataset) -> Group:
    """The voltage channels of a group; others, such as pressures beside an ECG, are left out.

    Raises UnreadableWaveform when rate, layout or sensitivity are missing: a curve of unknown scale must not be drawn.
    """
    sampling_hz = number(item, "SamplingFrequency") or 0.0
    definitions = items(item, "ChannelDefinitionSequence")
    width = integer(item, "NumberOfWaveformChannels") or len(definitions)
    if not _SLOWEST_HZ <= sampling_hz <= _FASTEST_HZ or width < 1 or len(definitions) != width:
        raise UnreadableWaveform("a group without sampling frequency or channel definitions")
    channels = [_channel(item, one, place) for place, one in enumerate(definitions)]
    return Group(
        item=item,
        label=text(item, "MultiplexGroupLabel").upper(),
        sampling_hz=sampling_hz,
        length=_length(item, width),
        width=width,
        offset_s=(number(item, "MultiplexGroupTimeOffset") or 0.0) / 1000,
        derived=text(item, "WaveformOriginality").upper() == "DERIVED",
        channels=tuple(channel for channel in channels if channel is not None),
    )


def _channel(item: Dataset, definition: Dataset, place: int) -> Channel | None:
    sensitivity = number(definition, "ChannelSensitivity")
    unit = next(iter(items(definition, "ChannelSensitivityUnitsSequence")), Dataset())
    to_uv = _TO_MICROVOLTS.get(text(unit, "CodeValue").lower())
    if not sensitivity or to_uv is None:
        return None
    correction = number(definition, "ChannelSensitivityCorrectionFactor")
    return Channel(
        lead=lead_name(definition, place + 1),
        place=place,
        scale_uv=sensitivity * (1.0 if correction is None else correction) * to_uv,
        baseline_uv=(number(definition, "ChannelBaseline") or 0.0) * to_uv,
        bits_stored=integer(definition, "WaveformBitsStored") or _bits_allocated(item),
        low_hz=number(definition, "FilterLowFrequency") or None,
        high_hz=number(definition, "FilterHighFrequency") or None,
        notch_hz=number(definition, "NotchFilterFrequency") or None,
    )


def group_microvolts(group: Group, *, little_endian: bool, samples: int) -> Microvolts:
    """(channels, `samples`) of the group's first samples in microvolts; NaN where the device wrote its padding value."""
    dtype = sample_type(group.item, little_endian=little_endian)
    data = raw(group.item, "WaveformData") or b""
    if samples < 1 or len(data) < group.length * group.width * dtype.itemsize:
        raise UnreadableWaveform("the waveform data ends early")
    stored = np.frombuffer(data, dtype, samples * group.width).reshape(samples, group.width)
    padding = padding_value(group.item, dtype)
    return np.stack([_microvolts(stored[:, channel.place], channel, padding) for channel in group.channels])


def _microvolts(stored: NDArray[Any], channel: Channel, padding: int | None) -> Microvolts:
    values = _sign_extended(stored.astype(np.int64), channel.bits_stored) if stored.dtype.kind == "i" else stored
    microvolts = (values * channel.scale_uv + channel.baseline_uv).astype(np.float32)
    if padding is not None:
        microvolts[stored == padding] = np.nan
    return microvolts


def _sign_extended(values: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """Negative samples of fewer than all bits should come sign extended (C.10.9.1.6); some 12 bit devices leave that to the reader."""
    half = 1 << (bits - 1)
    extends_itself = values.min() < 0 or values.max() < half
    if extends_itself or values.max() >= 2 * half:
        return values
    return (values ^ half) - half


def sample_type(item: Dataset, *, little_endian: bool) -> np.dtype[Any]:
    """How a stored sample is written. Raises UnreadableWaveform."""
    bits = _bits_allocated(item)
    kind = text(item, "WaveformSampleInterpretation").upper() or _BY_BITS.get(bits, "")
    code = _TYPES.get(kind)
    if code is None or int(code[1]) * 8 != bits:
        raise UnreadableWaveform("samples in a form that no ECG uses")
    return np.dtype(("<" if little_endian else ">") + code)


def _bits_allocated(item: Dataset) -> int:
    return integer(item, "WaveformBitsAllocated") or 16


def _length(item: Dataset, width: int) -> int:
    declared = integer(item, "NumberOfWaveformSamples")
    return declared or len(raw(item, "WaveformData") or b"") // (width * max(1, _bits_allocated(item) // 8))


def padding_value(item: Dataset, dtype: np.dtype[Any]) -> int | None:
    """The stored value that stands for nothing recorded (5400,100A)."""
    written = raw(item, "WaveformPaddingValue")
    if written is None:
        return integer(item, "WaveformPaddingValue")
    return int(np.frombuffer(written, dtype, 1)[0]) if len(written) >= dtype.itemsize else None
