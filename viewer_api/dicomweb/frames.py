"""Frames for the viewer: in the stored encoding wherever its codecs can take it, as raw little endian otherwise."""

from dataclasses import dataclass

import numpy as np
from pydicom import Dataset

from reading_queue.preprocessing.decoding import Pixels, UndecodableImage, decode_frame, read_dataset
from reading_queue.preprocessing.native import aligned
from storage.domain.errors import NotFound, UnreadableObject
from viewer_api.dicomweb.heads import ShownBy, read_head
from viewer_api.dicomweb.objects import ObjectReader, ObjectRef
from viewer_api.dicomweb.pixel_index import EncapsulatedFrames, FrameIndex, NativeFrames, frames_of
from viewer_api.dicomweb.transfer_syntaxes import RAW, SENT_AS_STORED, delivered_syntax, is_decoded
from viewer_api.recent import Recent

_KEPT_INDEXES = 4096
_KEPT_DATASETS = 2
_WORD = 16


@dataclass(frozen=True)
class StoredImage:
    """An instance with frames: where it is, how it is encoded, how many frames it has."""

    ref: ObjectRef
    transfer_syntax_uid: str
    frames: int


@dataclass(frozen=True)
class _LookedThrough:
    """What one look at an object told."""

    shown_by: ShownBy
    index: FrameIndex


class FrameSource:
    """Frames of stored objects. An object is looked through once; after that a frame costs a range read."""

    def __init__(self, reader: ObjectReader) -> None:
        self._reader = reader
        self._known: Recent[str, _LookedThrough] = Recent(_KEPT_INDEXES)
        self._datasets: Recent[str, Dataset] = Recent(_KEPT_DATASETS)

    def frame(self, image: StoredImage, number: int, *, raw: bool = False) -> tuple[str, bytes]:
        """Transfer syntax and bytes of frame `number` (from 1); with `raw` always decoded to little endian.

        Raises `NotFound` for a frame that is not there, `UnreadableObject` for pixels that cannot be decoded.
        """
        stored = image.transfer_syntax_uid
        if is_decoded(stored) or (raw and stored in SENT_AS_STORED):
            return RAW, self._decoded(image, number)
        index = self._looked_through(image).index
        if isinstance(index, NativeFrames):
            return RAW, self._native(image.ref, index, number)
        return delivered_syntax(stored), self._encapsulated(image.ref, index, number)

    def shown_by(self, image: StoredImage) -> ShownBy:
        """What showing the frames takes of the header. Raises `UnreadableObject` when there are no frames."""
        return self._looked_through(image).shown_by

    def _looked_through(self, image: StoredImage) -> "_LookedThrough":
        found = self._known.get(image.ref.key)
        if found is None:
            found = self._look_through(image)
            self._known.put(image.ref.key, found)
        return found

    def _look_through(self, image: StoredImage) -> "_LookedThrough":
        with self._reader.open_header(image.ref) as header:
            head = read_head(header)
            if image.transfer_syntax_uid in SENT_AS_STORED and image.frames > 1:
                with self._reader.open(image.ref) as whole:
                    return _LookedThrough(head.shown_by, frames_of(head, whole))
            return _LookedThrough(head.shown_by, frames_of(head, header))

    def _native(self, ref: ObjectRef, index: NativeFrames, number: int) -> bytes:
        (start, stop), skip = index.locate(number)
        data = self._reader.range(ref, start, stop)
        if len(data) < stop - start:
            raise UnreadableObject("The pixel data ends before the frame does.")
        if index.bits_allocated == 1:
            return _shifted(data, skip, index.frame_bits)
        if index.bits_allocated == _WORD and index.bits_stored < _WORD:
            return _without_unused_bits(data, index)
        return data

    def _encapsulated(self, ref: ObjectRef, index: EncapsulatedFrames, number: int) -> bytes:
        fragments = index.locate(number)
        start, stop = fragments[0][0], fragments[-1][1]
        data = self._reader.range(ref, start, stop)
        if len(fragments) == 1:
            return data
        return b"".join(data[first - start : last - start] for first, last in fragments)

    def _decoded(self, image: StoredImage, number: int) -> bytes:
        pixels = self.pixels(image, number)
        return pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()

    def pixels(self, image: StoredImage, number: int) -> Pixels:
        """Frame `number` (from 1) decoded: stored values, or RGB. Raises as `frame` does."""
        if not 1 <= number <= image.frames:
            raise NotFound(f"The object has {image.frames} frames.")
        try:
            return decode_frame(self._dataset(image.ref), number - 1)
        except UndecodableImage as error:
            raise UnreadableObject(f"The image cannot be shown: {error.reason}.") from error

    def _dataset(self, ref: ObjectRef) -> Dataset:
        ds = self._datasets.get(ref.key)
        if ds is None:
            ds = read_dataset(self._reader.whole(ref))
            self._datasets.put(ref.key, ds)
        return ds


def _shifted(data: bytes, skip: int, bits: int) -> bytes:
    if skip == 0 and bits % 8 == 0:
        return data
    frame = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[skip : skip + bits]
    return np.packbits(frame, bitorder="little").tobytes()


def _without_unused_bits(data: bytes, index: NativeFrames) -> bytes:
    # Old equipment keeps overlays or noise above the stored bits, which browsers would show as image.
    values = np.frombuffer(data, "<u2")
    return aligned(values, index.bits_stored, index.high_bit, signed=index.signed).astype("<u2", copy=False).tobytes()
