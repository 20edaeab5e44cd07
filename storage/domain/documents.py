"""JSON documents that are kept compressed: most of those in the catalogue are written once and seldom read."""

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

_LEVEL = 1
"""Higher levels save a tenth of the size and take twice the time."""


class CompactDocument(Mapping[str, Any]):
    """A JSON object, as zlib-compressed UTF-8 in `compressed`; it is parsed when something is asked of it.

    While it is new it still has its text, and answers for the members in `known` without being parsed.
    """

    __slots__ = ("_decoded", "_known", "_text", "compressed")

    def __init__(self, compressed: bytes) -> None:
        self.compressed = compressed
        self._decoded: dict[str, Any] | None = None
        self._text: str | None = None
        self._known: Mapping[str, Any] = {}

    @classmethod
    def of_text(cls, text: str, known: Mapping[str, Any] | None = None) -> "CompactDocument":
        """From JSON that is a valid object already, some of its members known."""
        made = cls(zlib.compress(text.encode("utf-8", "replace"), _LEVEL))
        made._text, made._known = text, known or {}
        return made

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "CompactDocument":
        """From a mapping that JSON can express."""
        return content if isinstance(content, cls) else cls.of_text(json_text(dict(content)))

    @property
    def decoded(self) -> dict[str, Any]:
        """The document itself; not to be changed."""
        if self._decoded is None:
            self._decoded = json.loads(zlib.decompress(self.compressed)) if self.compressed else {}
        return self._decoded

    def __getitem__(self, key: str) -> Any:
        if self._decoded is None and self._text is not None:
            if key in self._known:
                return self._known[key]
            if f'"{key}":' not in self._text:
                raise KeyError(key)
        return self.decoded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.decoded)

    def __len__(self) -> int:
        return len(self.decoded)

    def __repr__(self) -> str:
        return f"CompactDocument({len(self.compressed)} bytes)"


def json_text(content: Any) -> str:
    """The shortest JSON of `content`. Raises `ValueError` for numbers that JSON has no word for."""
    return _ENCODER.encode(content)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))
