"""Codes of figures, their units and their methods; what PS3.16 has no code for is in the product's own scheme."""

from reading_queue.documents.codes import Code
from storage.domain.measuring import Figure, SpacingMethod

_OWN = "99COUNTYREAD"

_QUANTITIES: dict[str, Code] = {
    "length": ("410668003", "SCT", "Length"),
    "distance": ("121206", "DCM", "Distance"),
    "angle": ("1483009", "SCT", "Angle"),
    "cobb": ("285285000", "SCT", "Cobb angle"),
    "area": ("42798000", "SCT", "Area"),
    "ratio": ("CTR", _OWN, "Cardiothoracic ratio"),
    "heart": ("HEARTWIDTH", _OWN, "Width of heart along chest"),
    "chest": ("CHESTWIDTH", _OWN, "Width of chest"),
    "time": ("TIME", _OWN, "Time"),
    "velocity": ("VELOCITY", _OWN, "Velocity"),
    "frequency": ("FREQUENCY", _OWN, "Frequency"),
}
_ATTENUATION: Code = ("112031", "DCM", "Attenuation Coefficient")
_PIXEL_VALUE: Code = ("PIXELVALUE", _OWN, "Pixel value")

DERIVATIONS: dict[str, Code] = {
    "mean": ("373098007", "SCT", "Mean"),
    "sd": ("386136009", "SCT", "Standard Deviation"),
    "min": ("255605001", "SCT", "Minimum"),
    "max": ("56851009", "SCT", "Maximum"),
}
"""PS3.16 CID 7464."""

UNITS: dict[str, Code] = {
    "mm": ("mm", "UCUM", "mm"),
    "cm": ("cm", "UCUM", "cm"),
    "px": ("{pixels}", "UCUM", "pixels"),
    "mm2": ("mm2", "UCUM", "mm2"),
    "cm2": ("cm2", "UCUM", "cm2"),
    "px2": ("{pixels}2", "UCUM", "square pixels"),
    "deg": ("deg", "UCUM", "deg"),
    "%": ("%", "UCUM", "%"),
    "HU": ("[hnsf'U]", "UCUM", "Hounsfield unit"),
    "s": ("s", "UCUM", "s"),
    "cm/s": ("cm/s", "UCUM", "cm/s"),
    "Hz": ("Hz", "UCUM", "Hz"),
    "": ("1", "UCUM", "no units"),
}

METHODS: dict[SpacingMethod, Code] = {
    SpacingMethod.CALIBRATED: ("CALIBRATED", _OWN, "Spacing calibrated by the device"),
    SpacingMethod.MAGNIFICATION: ("MAGNIFICATION", _OWN, "Spacing by estimated magnification"),
    SpacingMethod.DETECTOR: ("DETECTOR", _OWN, "Spacing at the detector"),
    SpacingMethod.FILM: ("FILM", _OWN, "Spacing on the scanned film"),
    SpacingMethod.REGION: ("REGION", _OWN, "Calibrated ultrasound region"),
    SpacingMethod.UNCALIBRATED: ("UNCALIBRATED", _OWN, "Outside calibrated regions"),
    SpacingMethod.PIXELS: ("PIXELS", _OWN, "Pixel size unknown"),
}


def quantity(figure: Figure) -> Code:
    """What a figure is of; values of pixels by their unit."""
    return _QUANTITIES.get(figure["name"]) or (_ATTENUATION if figure["unit"] == "HU" else _PIXEL_VALUE)
