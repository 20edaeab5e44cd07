"""The four UIDs of a plainly written data set, found without a parser: most objects are plain, and every one is asked.

Anything out of the ordinary gives None, and the tolerant reader decides.
"""

import struct

_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""PS3.5 7.1.2: two bytes of length after the VR, or two reserved and four of length."""

_UNDEFINED = 0xFFFFFFFF
_EXPLICIT = struct.Struct("<HH2sH")
_IMPLICIT = struct.Struct("<HHI")


def scan_values(start: bytes, tags: tuple[int, ...], *, implicit: bool) -> list[bytes] | None:
    """The values of `tags` in little endian elements from the `start` of a data set; None unless it is plain.

    `tags` ascend; a tag that is passed over has an empty value. None when `start` ends before the last of them.
    """
    found = dict.fromkeys(tags, b"")
    position, last = 0, -1
    while position + 12 <= len(start):
        step = _implicit_element(start, position) if implicit else _explicit_element(start, position)
        if step is None or step[0] <= last:
            return None
        last, value, position = step[0], step[1], step[1] + step[2]
        if last in found and position <= len(start):
            found[last] = start[value:position]
        if last >= tags[-1]:
            return list(found.values()) if position <= len(start) else None
    return None


def _explicit_element(start: bytes, position: int) -> tuple[int, int, int] | None:
    """Tag, place and length of the value."""
    group, element, vr, length = _EXPLICIT.unpack_from(start, position)
    if vr in _SHORT_VRS:
        return group << 16 | element, position + 8, length
    if vr not in _LONG_VRS:
        return None
    length = int.from_bytes(start[position + 8 : position + 12], "little")
    return None if length == _UNDEFINED else (group << 16 | element, position + 12, length)


def _implicit_element(start: bytes, position: int) -> tuple[int, int, int] | None:
    group, element, length = _IMPLICIT.unpack_from(start, position)
    return None if length == _UNDEFINED else (group << 16 | element, position + 8, length)
