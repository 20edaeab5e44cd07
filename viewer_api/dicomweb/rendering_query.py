"""How a rendered picture is wanted (PS3.18 8.3.5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reading_queue.preprocessing.voi import Window, chosen_window
from storage.domain.errors import BadQuery

_FUNCTIONS = {"linear": "LINEAR", "linear-exact": "LINEAR_EXACT", "sigmoid": "SIGMOID"}
_ANNOTATIONS = frozenset({"patient", "technique"})
_PROFILES = frozenset({"no", "yes", "srgb", "adobergb", "rommrgb", "displayp3"})
_MOST_PIXELS = 8192
_VIEWPORT_PARTS = (2, 6)
_DECIMAL = re.compile(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})([eE][+-]?\d{1,2})?")


@dataclass(frozen=True)
class Region:
    """A part of the picture in pixels; negative sizes turn it over."""

    left: float
    top: float
    width: float
    height: float
    flip_across: bool = False
    flip_down: bool = False


@dataclass(frozen=True)
class Rendering:
    """`quality` as in libjpeg; `width` and `height` are the most that the picture may have, 0 for its own size."""

    window: Window | None = None
    quality: int = 90
    width: int = 0
    height: int = 0
    region: Region | None = None
    annotations: frozenset[str] = frozenset()
    overlays: bool = True
    """Whether the picture has what the image brings along: overlay planes and the display shutter."""


def parse_rendering(parameters: Mapping[str, str]) -> Rendering:
    """Parameters that the standard does not know are passed over, as is a colour profile: pictures are sRGB or grey.

    Raises `BadQuery`, which names the parameter.
    """
    width, height, region = _viewport(parameters.get("viewport", ""))
    if parameters.get("iccprofile", "no").lower() not in _PROFILES:
        raise BadQuery(f"iccprofile is one of {', '.join(sorted(_PROFILES))}.")
    return Rendering(
        _window(parameters.get("window", "")),
        _quality(parameters.get("quality", "")),
        width,
        height,
        region,
        _annotations(parameters.get("annotation", "")),
        _overlays(parameters.get("overlays", "")),
    )


def _window(text: str) -> Window | None:
    if not text:
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (2, 3) or (len(parts) > 2 and parts[2].lower() not in _FUNCTIONS):  # noqa: PLR2004
        raise BadQuery("window is center,width or center,width,function with linear, linear-exact or sigmoid.")
    center, width = number(parts[0], "window"), number(parts[1], "window")
    function = _FUNCTIONS[parts[2].lower()] if len(parts) > 2 else ""  # noqa: PLR2004
    return make_window(center, width, function, "window")


def make_window(center: float, width: float, function: str, name: str) -> Window:
    """Raise `BadQuery` for a width that the function does not have (PS3.3 C.11.2.1.2)."""
    if not width > 0 or (function == "LINEAR" and width < 1):
        raise BadQuery(f"{name} has a width above 0, and of 1 or more where it is linear.")
    return Window(center, width, function) if function else chosen_window(center, width)


def number(text: str, name: str) -> float:
    """A decimal number. Raises `BadQuery`."""
    if not _DECIMAL.fullmatch(text):
        raise BadQuery(f"{name} has numbers with commas between.")
    return float(text)


def _quality(text: str) -> int:
    if not text:
        return Rendering.quality
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= 100:  # noqa: PLR2004 - percent
        raise BadQuery("quality is a whole number from 1 to 100.")
    return int(text)


def _viewport(text: str) -> tuple[int, int, Region | None]:
    if not text:
        return 0, 0, None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in _VIEWPORT_PARTS:
        raise BadQuery("viewport is width,height or width,height,left,top,width,height.")
    width, height = (pixels(part, "viewport") for part in parts[:2])
    if len(parts) == 2 or not any(parts[2:]):  # noqa: PLR2004
        return width, height, None
    left, top = (number(part or "0", "viewport") for part in parts[2:4])
    across, down = (number(part or "inf", "viewport") if part else 0.0 for part in parts[4:])
    if left < 0 or top < 0:
        raise BadQuery("viewport begins within the picture.")
    return width, height, Region(left, top, abs(across), abs(down), across < 0, down < 0)


def pixels(text: str, name: str) -> int:
    """A number of pixels. Raises `BadQuery`."""
    if not re.fullmatch(r"[0-9]{1,5}(\.0*)?", text) or not 1 <= float(text) <= _MOST_PIXELS:
        raise BadQuery(f"{name} is from 1 to {_MOST_PIXELS} pixels wide and high.")
    return int(float(text))


def _overlays(text: str) -> bool:
    if text.lower() not in ("", "yes", "no"):
        raise BadQuery("overlays is yes or no.")
    return text.lower() != "no"


def _annotations(text: str) -> frozenset[str]:
    found = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not found <= _ANNOTATIONS:
        raise BadQuery("annotation is patient, technique, or both with a comma between.")
    return found
