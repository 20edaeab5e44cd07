"""Text within a message (HL7 v2.5.1 2.7): separators become escape sequences, control characters have no business there."""

from collections.abc import Mapping

_CODES: Mapping[str, str] = {"|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\\": "\\E\\"}


def escaped(text: str | None) -> str:
    """`text` as a value of one component."""
    return "".join(_CODES.get(one, one) for one in text or "" if one >= " ")
