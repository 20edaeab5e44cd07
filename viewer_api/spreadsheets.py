"""Cells and lines of CSV (RFC 4180) that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

BYTE_ORDER_MARK = "\ufeff"
"""In front of UTF-8 it makes a Chinese Excel read it as that, without asking."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would take for a formula at the beginning of a cell; the wide forms in East Asian editions."""


def cell(value: object) -> str:
    """A value as text; what could be run stands behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def line(values: Iterable[object]) -> str:
    """One line with its end."""
    out = io.StringIO()
    csv.writer(out).writerow(cell(value) for value in values)
    return out.getvalue()
