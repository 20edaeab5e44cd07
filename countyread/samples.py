"""Real studies for the demonstration: public, de-identified files that pydicom's own distribution carries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pydicom.data

_FILES = Path(pydicom.data.__file__).parent / "test_files"


@dataclass(frozen=True)
class Push:
    """Files that one device sends on one association."""

    calling_ae_title: str
    files: Sequence[Path]


_PUSHES: Sequence[tuple[str, Sequence[str]]] = (
    ("T01_CT", ("dicomdirtests/98892001/CT5N/*", "dicomdirtests/98892001/CT2N/*")),
    ("T01_CT", ("J2K_pixelrep_mismatch.dcm",)),
    ("T01_DR", ("dicomdirtests/77654033/CR*/*",)),
    ("T01_US", ("examples_ybr_color.dcm",)),
    ("T02_US", ("examples_palette.dcm",)),
    ("T03_US", ("examples_rgb_color.dcm",)),
    ("T01_ECG", ("waveform_ecg.dcm",)),
    ("T03_CT", ("693_J2KI.dcm",)),
    ("T02_MR", ("examples_overlay.dcm",)),
    ("T04_MR", ("dicomdirtests/98892003/MR700/*",)),
    ("T04_CT", ("CT_small.dcm",)),
)


def pushes() -> Iterator[Push]:
    """What each demonstration device sends, in order."""
    for ae_title, patterns in _PUSHES:
        files = [file for pattern in patterns for file in sorted(_FILES.glob(pattern)) if file.is_file()]
        if files:
            yield Push(ae_title, files)
