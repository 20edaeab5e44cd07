"""Words of the roster: spans of duty, absences, and what a licence lets its holder do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class AbsenceKind(StrEnum):
    """Why somebody is away."""

    LEAVE = "leave"
    SICK = "sick"
    TRAINING = "training"
    OTHER = "other"


MODALITY_GROUPS: Mapping[str, frozenset[str]] = {
    "ECG": frozenset({"ECG", "EPS", "HD"}),
    "XRAY": frozenset({"CR", "DR", "DX", "IO", "MG", "PX", "RF", "RG", "XA"}),
    "CT_MR": frozenset({"CT", "MR", "NM", "PT"}),
    "US": frozenset({"IVUS", "US"}),
}
"""Names that stand for several modalities (0008,0060), in licences and in shifts."""

_RADIOGRAPHY = frozenset({"CR", "DR", "DX"})


def names_modality(words: Iterable[str] | None, modality: str) -> bool:
    """Whether `words`, modalities or names of groups, name this one; None names all. Plain radiography goes by several names."""
    if words is None:
        return True
    alike = _RADIOGRAPHY if modality in _RADIOGRAPHY else frozenset({modality})
    return any(word in alike or not alike.isdisjoint(MODALITY_GROUPS.get(word, ())) for word in words)


def modalities_named(words: Iterable[str] | None) -> frozenset[str] | None:
    """Every modality that `words` name; None for all."""
    if words is None:
        return None
    named: set[str] = set()
    for word in words:
        named |= MODALITY_GROUPS.get(word, frozenset({word}))
    return frozenset(named | _RADIOGRAPHY) if named & _RADIOGRAPHY else frozenset(named)


@dataclass(frozen=True)
class Licence:
    """That somebody may read `modality` (a modality or a group), from `valid_from` to `valid_until` inclusive, by local days.

    An empty `subspecialty` means any. `may_audit` lets him sign what others drafted. `ended_on` is the day from which on
    the licence is gone, whatever its dates say.
    """

    modality: str
    subspecialty: str
    may_audit: bool
    valid_from: date
    valid_until: date | None
    ended_on: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether it holds on that local day."""
        if self.ended_on is not None and day >= self.ended_on:
            return False
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def covers(self, modality: str, subspecialty: str = "", *, audit: bool = False) -> bool:
        """Whether it is for this kind of case; a case without subspecialty is covered by every one of the modality."""
        fits = not subspecialty or self.subspecialty in ("", subspecialty)
        return fits and (self.may_audit or not audit) and names_modality((self.modality,), modality)


def is_licensed(
    licences: Iterable[Licence], modality: str, day: date, subspecialty: str = "", *, audit: bool = False
) -> bool:
    """Whether one of the licences covers this on `day`."""
    return any(one.is_valid_on(day) and one.covers(modality, subspecialty, audit=audit) for one in licences)


def shift_span(day: date, starts: time, ends: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments between which a shift of `day` lasts: one that ends no later than it starts ends on the next day."""
    last = day + timedelta(days=1) if ends <= starts else day
    return datetime.combine(day, starts, zone), datetime.combine(last, ends, zone)
