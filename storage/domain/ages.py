"""Ages, as people and DICOM tell them."""

from datetime import date, datetime

_COUNTED_IN_YEARS = 24
"""Months from which an age is told in years; below, paediatricians count months."""


def age_at(birth_date: str, at: datetime) -> str:
    """`birth_date` is YYYY-MM-DD or empty. In years, months or days, as 67Y; empty when it is not known or lies ahead."""
    if not birth_date:
        return ""
    born, day = date.fromisoformat(birth_date), at.date()
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months >= _COUNTED_IN_YEARS:
        return f"{months // 12}Y"
    if months >= 1:
        return f"{months}M"
    return f"{(day - born).days}D" if day >= born else ""


def iso_date(text: str) -> str:
    """A date as DICOM or ISO 8601 writes it, as YYYY-MM-DD; empty when it is none."""
    digits = text.replace("-", "")
    try:
        return date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}").isoformat()
    except ValueError:
        return ""
