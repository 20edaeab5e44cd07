"""What tells one data set from another: BLAKE3 of its bytes as they came, which costs a quarter of SHA-256.

It decides whether an object that comes again is the one that is here; what the store holds is named and checked by the
SHA-256 of the whole file.
"""

import hashlib
from typing import Protocol

from blake3 import blake3

_NOW, _OLDER = "blake3:", "sha256:"


class _Hash(Protocol):
    def update(self, data: bytes | memoryview, /) -> object: ...

    def hexdigest(self) -> str: ...


class DataSetDigest:
    """Fed piece by piece; `text` is the kind of digest and its hexadecimal digits."""

    def __init__(self, kind: str = _NOW) -> None:
        self.kind = kind
        self._hash: _Hash = hashlib.sha256() if kind == _OLDER else blake3()

    def update(self, piece: bytes | memoryview) -> None:
        """The next bytes of the data set."""
        self._hash.update(piece)

    @property
    def text(self) -> str:
        return f"{self.kind}{self._hash.hexdigest()}"

    @classmethod
    def like(cls, text: str) -> "DataSetDigest":
        """An empty one of the kind that `text` is: objects of earlier versions have another."""
        return cls(_OLDER if text.startswith(_OLDER) else _NOW)
