"""From stored values to modality values: Hounsfield units and their like (PS3.3 C.11.1, per frame C.7.6.16.2.9)."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from reading_queue.preprocessing.attributes import functional_group, is_little_endian, items, number, text
from reading_queue.preprocessing.lut import lookup_table

Pixels = NDArray[Any]


def modality_transform(ds: Dataset, index: int) -> Callable[[Pixels], Pixels]:
    """The transform of frame `index`, from stored values to float64; the identity when the object declares none."""
    source = functional_group(ds, index, "PixelValueTransformationSequence") or ds
    tables = [] if _is_for_measuring(ds) else items(source, "ModalityLUTSequence")[:1]
    for item in tables:
        table = lookup_table(item, little_endian=is_little_endian(ds))
        if table is not None:
            return lambda stored: table(stored).astype(np.float64)
    slope, intercept = number(source, "RescaleSlope"), number(source, "RescaleIntercept")
    slope, intercept = slope or 1.0, intercept or 0.0
    return lambda stored: stored * slope + intercept


def _is_for_measuring(ds: Dataset) -> bool:
    """The Modality LUT of X-ray angiography maps back to beam intensity and is not for display (PS3.3 C.8.7.1.1.2)."""
    return text(ds, "PixelIntensityRelationship").upper() in ("LOG", "DISP") and text(ds, "Modality") in ("XA", "RF")
