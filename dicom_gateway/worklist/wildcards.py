"""Wild card matching (PS3.4 C.2.2.2.4): `*` for any characters, `?` for one. Time grows with the product of the lengths."""

import re

_BETWEEN_COMPONENTS = re.compile(r"[\s^=,]+")


def matches(pattern: str, value: str) -> bool:
    """Whether the whole of `value` fits; an empty pattern fits everything, and an unknown value fits only `*`."""
    if not pattern:
        return True
    position, at, star, tried = 0, 0, -1, 0
    while position < len(value):
        if at < len(pattern) and pattern[at] == "*":
            star, tried = at, position
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", value[position]):
            position, at = position + 1, at + 1
        elif star >= 0:
            tried += 1
            position, at = tried, star + 1
        else:
            return False
    return not pattern[at:].strip("*")


def name_matches(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether any component group asked for fits any form of the name, whatever stands between its parts (PS3.4 C.2.2.2.1)."""
    wanted = [_comparable(pattern) for pattern in patterns]
    return not any(wanted) or any(matches(one, _comparable(name)) for one in wanted if one for name in names)


def _comparable(name: str) -> str:
    return _BETWEEN_COMPONENTS.sub("", name).casefold()
