"""Reading attributes of data sets that follow the standard loosely: a missing or broken value is None, never an exception."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID


def value(ds: Dataset, keyword: str) -> Any:
    """The value of an attribute, None when it is absent, empty or cannot be converted to its value representation."""
    try:
        found = ds.get(keyword)
    except Exception:  # noqa: BLE001 - pydicom converts lazily, and broken bytes raise a dozen different types
        return None
    return None if found is None or found == "" else found


def numbers(ds: Dataset, keyword: str) -> tuple[float, ...]:
    """Every finite number of a possibly multi-valued attribute, in order; empty when one of them is not a number."""
    found = value(ds, keyword)
    if found is None:
        return ()
    several = found if isinstance(found, Iterable) and not isinstance(found, str | bytes) else (found,)
    try:
        converted = tuple(float(one) for one in several)
    except (TypeError, ValueError):
        return ()
    return converted if all(map(isfinite, converted)) else ()


def number(ds: Dataset, keyword: str) -> float | None:
    """The first number of an attribute."""
    found = numbers(ds, keyword)
    return found[0] if found else None


def integer(ds: Dataset, keyword: str) -> int | None:
    """The first number of an attribute, when it is whole."""
    found = number(ds, keyword)
    return int(found) if found is not None and found == int(found) else None


def text(ds: Dataset, keyword: str) -> str:
    """The text of an attribute without padding (spaces and the NULs some devices pad with); empty when absent."""
    found = value(ds, keyword)
    return found.strip(" \0") if isinstance(found, str) else ""


def texts(ds: Dataset, keyword: str) -> tuple[str, ...]:
    """Every text of a possibly multi-valued attribute, without padding."""
    found = value(ds, keyword)
    several = (found,) if isinstance(found, str) else found if isinstance(found, Iterable) else ()
    return tuple(str(one).strip(" \0") for one in several)


def items(ds: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence; empty when absent or broken."""
    found = value(ds, keyword)
    try:
        return [item for item in found if isinstance(item, Dataset)] if found is not None else []
    except Exception:  # noqa: BLE001 - as above: nested items are converted while iterating
        return []


def raw(ds: Dataset, keyword: str) -> bytes | None:
    """The bytes of a binary attribute; None when absent or not bytes."""
    found = value(ds, keyword)
    return bytes(found) if isinstance(found, bytes | bytearray) else None


def functional_group(ds: Dataset, index: int, keyword: str) -> Dataset | None:
    """The functional group macro that holds for frame `index`: per frame, else shared (PS3.3 C.7.6.16)."""
    return next(_functional_groups(ds, index, keyword), None)


def _functional_groups(ds: Dataset, index: int, keyword: str) -> Iterator[Dataset]:
    per_frame = items(ds, "PerFrameFunctionalGroupsSequence")[index : index + 1]
    for group in (*per_frame, *items(ds, "SharedFunctionalGroupsSequence")[:1]):
        yield from items(group, keyword)[:1]


def is_little_endian(ds: Dataset) -> bool:
    """The byte order that the data set was read in; little endian when it was not read but made."""
    meta = getattr(ds, "file_meta", None)
    syntax = value(meta, "TransferSyntaxUID") if meta is not None else None
    if isinstance(syntax, UID) and syntax.is_transfer_syntax and not syntax.is_private:
        return bool(syntax.is_little_endian)
    return ds.original_encoding[1] is not False
