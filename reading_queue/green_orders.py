"""Which orders of a hospital's own system are on the green channel: the county's chapter GREEN_CHANNEL.

HL7 v2 has no field for it. Systems say it as a priority (TQ1-9, OBR-27.6), as a coded reason (OBR-31, DG1-3) or in words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.errors import InvalidField
from storage.domain.green_channel import Kind
from storage.domain.rulebook import RuleKind

_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class OrderMark(Shape):
    """One line: whichever of the three an order says, it is on the green channel of this `kind`.

    `priorities` and `reasons` are codes, compared whole and without regard to capitals; a reason that ends in `*` stands for
    all codes that begin so. `words` are looked for in reason, diagnosis and clinical information.
    """

    kind: Kind
    priorities: tuple[_Word, ...] = ()
    reasons: tuple[_Word, ...] = ()
    words: tuple[_Word, ...] = ()


class _Content(Shape):
    orders: Annotated[tuple[OrderMark, ...], Field(max_length=100)]


@dataclass(frozen=True)
class GreenOrders:
    """The chapter: of its lines the first that an order fits decides."""

    marks: tuple[OrderMark, ...] = ()

    def kind_of(self, priorities: Iterable[str], reasons: Iterable[str], text: str) -> str:
        """The kind of the case; empty for an order that is on no green channel."""
        said, coded = _folded(priorities), _folded(reasons)
        return next((mark.kind for mark in self.marks if _fits(mark, said, coded, text)), "")


def _fits(mark: OrderMark, priorities: set[str], reasons: set[str], text: str) -> bool:
    return (
        not priorities.isdisjoint(_folded(mark.priorities))
        or any(_is_meant(wanted, code) for wanted in _folded(mark.reasons) for code in reasons)
        or any(word in text for word in mark.words)
    )


def _is_meant(wanted: str, code: str) -> bool:
    return code.startswith(wanted[:-1]) if wanted.endswith("*") else code == wanted


def _folded(codes: Iterable[str]) -> set[str]:
    return {code.strip().upper() for code in codes if code.strip()}


def parse(content: Mapping[str, Any]) -> GreenOrders:
    """Raise `InvalidField` naming what is wrong."""
    marks = read_shape(_Content, content).orders
    for number, mark in enumerate(marks):
        if not (mark.priorities or mark.reasons or mark.words):
            raise InvalidField(f"orders.{number}", "names no priority, reason or words: no order would fit it.")
        if "*" in mark.reasons:
            raise InvalidField(f"orders.{number}.reasons", "must not be * alone: every order would be P0.")
    return GreenOrders(marks)


GREEN_CHANNEL: Chapter[GreenOrders] = Chapter(
    RuleKind.GREEN_CHANNEL,
    {
        "orders": [
            {
                "kind": "chest_pain",
                "priorities": ["GC-CP"],
                "reasons": ["GC-CP"],
                "words": ["胸痛绿色通道", "胸痛中心"],
            },
            {"kind": "stroke", "priorities": ["GC-ST"], "reasons": ["GC-ST"], "words": ["卒中绿色通道", "卒中中心"]},
            {"kind": "trauma", "priorities": ["GC-TR"], "reasons": ["GC-TR"], "words": ["创伤绿色通道", "创伤中心"]},
        ]
    },
    parse,
)
"""No diagnosis is shipped as a sign: an old infarction in an order for a check-up would be P0."""
