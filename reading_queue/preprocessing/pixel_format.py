"""What the Image Pixel Module says about a frame (PS3.3 C.7.6.3), checked once so that no decoder has to doubt it."""

from dataclasses import dataclass
from typing import Self

from pydicom import Dataset

from reading_queue.preprocessing.attributes import integer, text
from reading_queue.preprocessing.errors import UndecodableImage

PIXEL_MODULE = (
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)
"""What decoding looks at, besides the pixels."""

MAX_SAMPLES = 128 * 1024 * 1024
"""Samples of one frame. The largest real frames (stitched long leg radiographs) have a quarter of it; more is an attack or damage."""

_ALLOCATED = {1, 8, 16, 32, 64}


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """Layout of one frame. `high_bit` is the most significant of `bits_stored` bits; `planar` is Planar Configuration 1."""

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: bool
    frames: int

    @classmethod
    def of(cls, ds: Dataset) -> Self:
        """Reads the module with the defaults that viewers agree on where attributes are missing.

        Raises UndecodableImage when no frame could have this layout.
        """
        allocated = integer(ds, "BitsAllocated") or 8
        stored = integer(ds, "BitsStored") or allocated
        high_bit = integer(ds, "HighBit")
        samples = integer(ds, "SamplesPerPixel") or 1
        made = cls(
            rows=integer(ds, "Rows") or 0,
            columns=integer(ds, "Columns") or 0,
            samples=samples,
            photometric=text(ds, "PhotometricInterpretation").upper() or ("MONOCHROME2" if samples == 1 else "RGB"),
            bits_allocated=allocated,
            bits_stored=stored,
            high_bit=high_bit if high_bit is not None and stored - 1 <= high_bit < allocated else stored - 1,
            signed=integer(ds, "PixelRepresentation") == 1,
            planar=integer(ds, "PlanarConfiguration") == 1,
            frames=max(1, integer(ds, "NumberOfFrames") or 1),
        )
        made._check()
        return made

    def _check(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise UndecodableImage("no rows or no columns")
        if self.samples not in (1, 3):
            raise UndecodableImage("samples per pixel is neither 1 nor 3")
        if self.rows * self.columns * self.samples > MAX_SAMPLES:
            raise UndecodableImage("rows and columns are absurdly large")
        if self.bits_allocated not in _ALLOCATED or not 1 <= self.bits_stored <= self.bits_allocated:
            raise UndecodableImage("bits allocated and bits stored do not fit together")

    @property
    def pixels(self) -> int:
        """Pixels of one frame."""
        return self.rows * self.columns

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of a decoded frame."""
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, self.samples)

    @property
    def halves_chroma(self) -> bool:
        """Uncompressed pixels come in pairs that share their chroma (PS3.3 C.7.6.3.1.2)."""
        return self.samples > 1 and self.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422")
