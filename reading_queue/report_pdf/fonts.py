"""The Chinese TrueType fonts that go into every report, so that it prints the same where no font is installed."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from storage.domain.errors import ConfigurationError

FOLDER = Path(__file__).parent / "fonts"
_MAX_MAPPINGS = 100
"""Most entries that one `beginbfchar` block may hold (Adobe Technical Note 5014, 1.4.1)."""


class ReportFont(TTFont):  # type: ignore[misc] # reportlab has no types
    """A TrueType font whose text can be searched and copied beyond the basic plane, where rare names live."""

    def addObjects(self, document: Any) -> None:  # noqa: N802 # reportlab's name
        """Embed the subsets used, each with a ToUnicode map in UTF-16 (ISO 32000-1, 9.10.3); reportlab's own is not."""
        state = self.state[document]
        super().addObjects(document)
        fonts = document.idToObject["BasicFonts"].dict
        for number, subset in enumerate(state.subsets):
            reference = fonts[f"{state.internalName}+{number}"].ToUnicode
            document.idToObject[reference.name].content = to_unicode_map(subset)

    def width(self, text: str, size: float) -> float:
        """Width of a line of `text` in points."""
        return float(self.stringWidth(text, size))


@dataclass(frozen=True)
class Fonts:
    """The two weights of the report."""

    regular: ReportFont
    bold: ReportFont

    def covers(self, character: str) -> bool:
        """Whether both weights have a glyph of their own for this character."""
        code = ord(character)
        return code in self.regular.face.charToGlyph and code in self.bold.face.charToGlyph


@cache
def load_fonts(folder: Path = FOLDER) -> Fonts:
    """Parse the fonts, once per process. Raises `ConfigurationError` when they are not installed."""
    regular, bold = (_load(folder / f"NotoSansSC-{weight}.ttf") for weight in ("Regular", "Bold"))
    return Fonts(regular, bold)


def _load(path: Path) -> ReportFont:
    if not path.is_file():
        raise ConfigurationError(f"The font {path.name} of the printed report is missing; run `make install`.")
    try:
        font = ReportFont(f"CountyReading-{path.stem}", str(path), asciiReadable=False, shapable=False)
    except (TTFError, struct.error, LookupError, ValueError) as error:
        raise ConfigurationError(
            f"The font {path.name} of the printed report is damaged; run `make install`."
        ) from error
    pdfmetrics.registerFont(font)
    return font


def to_unicode_map(subset: Sequence[int]) -> str:
    """The CMap program that turns the codes of a subset (its indices) back into its characters (its items)."""
    entries = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset) if point]
    blocks = [entries[start : start + _MAX_MAPPINGS] for start in range(0, len(entries), _MAX_MAPPINGS)]
    lines = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    return _CMAP.format(mappings="\n".join(lines))


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()


_CMAP = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
{mappings}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
