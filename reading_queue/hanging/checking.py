"""Reading rules for hanging: everything that makes no sense is named at once, field by field."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from reading_queue.hanging.vocabulary import LAYOUTS, HangingStep, Protocol, Protocols
from storage.domain.errors import FieldFault, InvalidFields


def read_protocols(content: Mapping[str, Any]) -> tuple[Protocol, ...]:
    """Raise `InvalidFields` with every field that makes no sense."""
    try:
        protocols = Protocols.model_validate(content).protocols
    except ValidationError as error:
        raise InvalidFields(*_faults(error)) from error
    faults = list(_senseless(protocols))
    if faults:
        raise InvalidFields(*faults)
    return protocols


def _faults(error: ValidationError) -> list[FieldFault]:
    """A list is also called too short where one of its items makes no sense; that is said of the item alone."""
    found = [_fault(one["loc"], one["type"], one["msg"]) for one in error.errors(include_url=False)]
    return [
        one
        for one in found
        if one.code != "too_short" or not any(other.field.startswith(f"{one.field}.") for other in found)
    ]


def _fault(where: tuple[int | str, ...], code: str, message: str) -> FieldFault:
    return FieldFault(".".join(str(part) for part in where) or "content", code, f"makes no sense: {message}")


def _senseless(protocols: tuple[Protocol, ...]) -> Iterator[FieldFault]:
    """What each field allows by itself, but not beside the others."""
    known: set[str] = set()
    for number, protocol in enumerate(protocols):
        where, when = f"protocols.{number}", protocol.when
        if protocol.key in known:
            yield FieldFault(f"{where}.key", "used_twice", "is used twice.")
        known.add(protocol.key)
        if when.most is not None and when.most < when.least:
            yield FieldFault(f"{where}.when.most", "most_below_least", "is less than the least.")
        for place, step in enumerate(protocol.steps):
            yield from _senseless_cells(f"{where}.steps.{place}", step, has_prior=when.prior)


def _senseless_cells(where: str, step: HangingStep, *, has_prior: bool | None) -> Iterator[FieldFault]:
    if len(step.cells) > LAYOUTS[step.layout]:
        yield FieldFault(f"{where}.cells", "too_many_cells", f"names more cells than {step.layout} has.")
    members = Counter(cell.group for cell in step.cells)
    for at, cell in enumerate(step.cells):
        field = f"{where}.cells.{at}"
        if cell.source == "prior" and has_prior is False:
            yield FieldFault(f"{field}.source", "never_a_prior", "asks for a prior in a rule for exams without one.")
        if cell.series is not None and cell.phase is not None:
            yield FieldFault(f"{field}.phase", "series_or_phase", "does not go with the number of a series.")
        if cell.group and cell.plane:
            yield FieldFault(f"{field}.group", "plane_in_group", "does not go with a plane: planes share a crosshair.")
        elif cell.group and members[cell.group] == 1:
            yield FieldFault(f"{field}.group", "alone_in_group", "has no other cell to scroll with.")
