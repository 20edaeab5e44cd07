"""A waveform object whose samples stay where they are: found once, then read by range."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.filereader import read_dataset, read_partial
from pydicom.tag import BaseTag

from reading_queue.preprocessing.attributes import integer
from reading_queue.preprocessing.ecg.multiplex import Channel, Group, padding_value, read_group, sample_type
from reading_queue.preprocessing.ecg.waveform import Filters, rhythm_groups, shared_filters, starts_of
from reading_queue.preprocessing.errors import UnreadableWaveform

Reader = Callable[[int, int], bytes]
"""Bytes of the object from a place to another, the latter excluded."""

_WAVEFORMS, _DATA, _PADDING = 0x54000100, 0x54001010, 0x5400100A
_ITEM = 0xFFFEE000
_UNDEFINED = 0xFFFFFFFF
_DEFLATED = "1.2.840.10008.1.2.1.99"
_LONG_VR = frozenset({b"OB", b"OW", b"OD", b"OF", b"OL", b"OV", b"UN", b"SQ", b"UC", b"UR", b"UT"})
_MOST_GROUPS = 1000


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """`half` is the sign bit's value of samples that a device wrote without extending their sign, 0 where it did."""

    lead: str
    place: int
    scale_uv: float
    baseline_uv: float
    half: int


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """Samples from byte `offset` on: `length` moments of `width` channels, the first at sample `start` of the record."""

    offset: int
    start: int
    length: int
    width: int
    sample: str
    padding: int | None
    channels: tuple[StoredChannel, ...]


@dataclass(frozen=True, slots=True)
class StoredEcg:
    """Where each sample of a record is, and what it is worth."""

    leads: tuple[str, ...]
    hz: float
    samples: int
    groups: tuple[StoredGroup, ...]

    @property
    def seconds(self) -> float:
        return self.samples / self.hz

    def cut(self, read: Reader, first: int, last: int) -> NDArray[np.float32]:
        """(leads, last - first) in microvolts, NaN where nothing was recorded. Raises UnreadableWaveform."""
        out = np.full((len(self.leads), max(0, last - first)), np.nan, np.float32)
        for group in self.groups:
            begin, end = max(first, group.start), min(last, group.start + group.length)
            if begin < end:
                stored = _stored(group, read, begin - group.start, end - group.start)
                for channel in group.channels:
                    row = _microvolts(stored[:, channel.place], channel, group.padding)
                    out[self.leads.index(channel.lead), begin - first : end - first] = row
        return out

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "StoredEcg":
        groups = tuple(
            StoredGroup(**{**group, "channels": tuple(StoredChannel(**one) for one in group["channels"])})
            for group in told["groups"]
        )
        return cls(tuple(told["leads"]), told["hz"], told["samples"], groups)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """`head` has all attributes before the waveforms; `filters` are what the device says it filtered."""

    head: Dataset
    ecg: StoredEcg
    filters: Filters


def _stored(group: StoredGroup, read: Reader, first: int, last: int) -> NDArray[Any]:
    dtype = np.dtype(group.sample)
    moment = group.width * dtype.itemsize
    data = read(group.offset + first * moment, group.offset + last * moment)
    if len(data) < (last - first) * moment:
        raise UnreadableWaveform("the waveform data ends early")
    return np.frombuffer(data, dtype, (last - first) * group.width).reshape(last - first, group.width)


def _microvolts(stored: NDArray[Any], channel: StoredChannel, padding: int | None) -> NDArray[np.float32]:
    values = stored if not channel.half else (stored.astype(np.int64) ^ channel.half) - channel.half
    microvolts = values.astype(np.float64) * channel.scale_uv + channel.baseline_uv
    if padding is not None:
        microvolts[stored == padding] = np.nan
    return microvolts.astype(np.float32)


def find_samples(stream: BinaryIO) -> Found | None:
    """Where the rhythm of a waveform object lies in its file; the samples themselves are passed over.

    None for a file that can only be read whole (deflated). Raises UnreadableWaveform.
    """
    try:
        stream.seek(0)
        head = read_partial(stream, stop_when=lambda tag, _vr, _length: tag >= _WAVEFORMS, force=True)
        if head.file_meta.get("TransferSyntaxUID") == _DEFLATED:
            return None
        waveforms = _Waveforms(stream, head)
        placed = waveforms.groups()
    except UnreadableWaveform:
        raise
    except Exception as error:  # pydicom raises many types on damage
        raise UnreadableWaveform("the object cannot be read") from error
    chosen = rhythm_groups([group for group, _ in placed])
    offsets = {id(group): offset for group, offset in placed}
    leads: dict[str, None] = {}
    groups = []
    for group, start in zip(chosen, starts_of(chosen), strict=True):
        new = tuple(channel for channel in group.channels if channel.lead not in leads)
        leads |= dict.fromkeys(channel.lead for channel in new)
        groups.append(waveforms.stored(group, offsets[id(group)], start, new))
    samples = max(group.start + group.length for group in groups)
    whole = StoredEcg(tuple(leads), chosen[0].sampling_hz, samples, tuple(one for one in groups if one.channels))
    return Found(head, whole, shared_filters(chosen[0].channels))


class _Waveforms:
    """The Waveform Sequence (5400,0100), from where the stream stands."""

    def __init__(self, stream: BinaryIO, head: Dataset) -> None:
        implicit, little = head.original_encoding
        self._stream, self._implicit, self._little = stream, bool(implicit), little is not False

    def groups(self) -> list[tuple[Group, int]]:
        """Each group, and where its samples begin."""
        tag, _ = self._header()
        if tag != _WAVEFORMS:
            raise UnreadableWaveform("no waveforms")
        found: list[tuple[Group, int]] = []
        while len(found) < _MOST_GROUPS:
            tag, length = self._item_header()
            if tag != _ITEM:
                break
            found.append(self._group(length))
        return found

    def _group(self, length: int) -> tuple[Group, int]:
        end = None if length == _UNDEFINED else self._stream.tell() + length
        item = self._read(lambda tag, _vr, _length: tag == _DATA)
        _, size = self._header()
        offset = self._stream.tell()
        if self._stream.seek(0, 2) < offset + size:
            raise UnreadableWaveform("the waveform data ends early")
        self._stream.seek(offset + size)
        if end is None:
            self._read(None)
        else:
            self._stream.seek(end)
        if not integer(item, "NumberOfWaveformSamples"):
            moment = max(1, integer(item, "NumberOfWaveformChannels") or 1)
            item.NumberOfWaveformSamples = size // (moment * ((integer(item, "WaveformBitsAllocated") or 16) // 8))
        group = read_group(item)
        needed = group.length * group.width * sample_type(item, little_endian=self._little).itemsize
        if size < needed:
            raise UnreadableWaveform("the waveform data ends early")
        return group, offset

    def _read(self, stop: Callable[[BaseTag, str | None, int], bool] | None) -> Dataset:
        return read_dataset(self._stream, self._implicit, self._little, stop_when=stop)

    def _header(self) -> tuple[int, int]:
        order = "<" if self._little else ">"
        group, element, kind, short = struct.unpack(order + "HH2sH", self._bytes(8))
        if self._implicit:
            return group << 16 | element, struct.unpack("<I", kind + struct.pack("<H", short))[0]
        length = struct.unpack(order + "I", self._bytes(4))[0] if kind in _LONG_VR else short
        return group << 16 | element, int(length)

    def _item_header(self) -> tuple[int, int]:
        data = self._stream.read(8)
        if len(data) < 8:  # noqa: PLR2004 - tag and length
            return 0, 0
        group, element, length = struct.unpack(("<" if self._little else ">") + "HHI", data)
        return group << 16 | element, int(length)

    def _bytes(self, count: int) -> bytes:
        data = self._stream.read(count)
        if len(data) < count:
            raise UnreadableWaveform("no waveforms")
        return data

    def stored(self, group: Group, offset: int, start: int, channels: tuple[Channel, ...]) -> StoredGroup:
        """The group with what is known of its samples, whose signs are looked at once."""
        dtype = sample_type(group.item, little_endian=self._little)
        bits = 8 * dtype.itemsize
        padding = padding_value(group.item, dtype)
        stored = StoredGroup(offset, start, group.length, group.width, dtype.str, padding, ())
        short = [channel for channel in channels if dtype.kind == "i" and channel.bits_stored < bits]
        halves = self._halves(stored, short)
        return StoredGroup(
            offset,
            start,
            group.length,
            group.width,
            dtype.str,
            padding,
            tuple(
                StoredChannel(one.lead, one.place, one.scale_uv, one.baseline_uv, halves.get(one.place, 0))
                for one in channels
            ),
        )

    def _halves(self, group: StoredGroup, channels: list[Channel]) -> dict[int, int]:
        """Of the channels with fewer than all bits, those whose signs the device did not extend (PS3.3 C.10.9.1.6)."""
        if not channels:
            return {}
        lowest, highest = np.full(group.width, np.inf), np.full(group.width, -np.inf)
        step = 1 << 18
        for first in range(0, group.length, step):
            piece = _stored(group, self._from_stream, first, min(group.length, first + step))
            lowest, highest = np.minimum(lowest, piece.min(axis=0)), np.maximum(highest, piece.max(axis=0))
        return {
            one.place: half
            for one in channels
            if lowest[one.place] >= 0 and (half := 1 << (one.bits_stored - 1)) <= highest[one.place] < 2 * half
        }

    def _from_stream(self, start: int, stop: int) -> bytes:
        self._stream.seek(start)
        return self._stream.read(stop - start)


def reader_of(stream: BinaryIO) -> Reader:
    """Reads ranges of an open file."""

    def read(start: int, stop: int) -> bytes:
        stream.seek(start)
        return stream.read(stop - start)

    return read
