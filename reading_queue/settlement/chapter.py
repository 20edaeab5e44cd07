"""The county's chapter SETTLEMENT: what a reading costs a clinic, what it earns its readers, and when a month is closed.

Prices are agreed between the parties; what is shipped only shows how a list looks. Amounts are in yuan with two decimals,
and are reckoned in hundredths (分).
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import Field, model_validator

from reading_queue.rule_shapes import Shape, read_shape
from reading_queue.rulebook import Chapter
from storage.domain.reading import Priority
from storage.domain.rulebook import RuleKind

ANY = "*"
"""Stands for every modality that no item names."""

_CENT = Decimal(100)
_WHOLE = Decimal(1)

Yuan = Annotated[Decimal, Field(ge=0, le=100_000, max_digits=9, decimal_places=2)]
Percent = Annotated[Decimal, Field(ge=0, le=1000)]


class Item(Shape):
    """A line of the price list. `fee` is what the clinic pays, `read_pay` and `audit_pay` what author and signer earn.

    `modalities` `*` stands for all that no other item names. `body_parts` narrows it to examinations whose body part or
    description contains one of these words; the first item that fits counts.
    """

    code: str = Field(min_length=1, max_length=64)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    modalities: tuple[str, ...] = Field(min_length=1)
    body_parts: tuple[str, ...] = ()
    fee: Yuan
    read_pay: Yuan
    audit_pay: Yuan


class Contract(Shape):
    """A class of contract: what share of the list's fees these institutions pay. What readers earn does not change by it."""

    code: str = Field(min_length=1, max_length=64)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    percent: Percent
    institutions: tuple[str, ...] = ()


class SettlementRules(Shape):
    """The chapter. `surcharge_percent` by class of urgency; `unreadable_percent` is charged where a retake was never made.

    A month may be closed `close_after_hours` after its end, and the clinic may object for `dispute_days`.
    """

    items: tuple[Item, ...] = Field(min_length=1)
    surcharge_percent: dict[Priority, Percent] = Field(default_factory=dict)
    contracts: tuple[Contract, ...] = ()
    unreadable_percent: Percent
    close_after_hours: float = Field(ge=0, le=31 * 24)
    dispute_days: float = Field(ge=0, le=366)

    @model_validator(mode="after")
    def _each_once(self) -> "SettlementRules":
        codes = [item.code for item in self.items]
        places = [place for contract in self.contracts for place in contract.institutions]
        if len(set(codes)) < len(codes) or len(set(places)) < len(places):
            message = "an item's code, and an institution under contracts, may stand here once"
            raise ValueError(message)
        return self

    def item_for(self, modality: str, words: str) -> Item | None:
        """The item of an examination; `words` are its body part and description. None: the list has no price for it."""
        named = [item for item in self.items if modality in item.modalities]
        spoken = words.casefold()
        narrow = (item for item in named if any(part.casefold() in spoken for part in item.body_parts))
        wide = (item for item in named if not item.body_parts)
        rest = (item for item in self.items if ANY in item.modalities)
        return next((item for group in (narrow, wide, rest) for item in group), None)

    def contract_of(self, institution: str) -> Contract | None:
        """The contract of an institution; None: it pays the list's fees."""
        return next((one for one in self.contracts if institution in one.institutions), None)

    def fee(self, item: Item, priority: str, institution: str) -> int:
        """What the clinic pays, with the surcharge of the class and by its contract, in hundredths."""
        contract = self.contract_of(institution)
        share = Decimal(100) if contract is None else contract.percent
        urgent = Decimal(100) + self.surcharge_percent.get(Priority(priority), Decimal(0))
        return hundredths(item.fee * urgent * share / 10_000)


def hundredths(yuan: Decimal) -> int:
    """Yuan as hundredths, half of one counts up."""
    return int((yuan * _CENT).quantize(_WHOLE, ROUND_HALF_UP))


def _parse(content: Mapping[str, Any]) -> SettlementRules:
    return read_shape(SettlementRules, content)


def _item(code: str, zh: str, en: str, modalities: list[str], amounts: tuple[int, int, int]) -> dict[str, Any]:
    fee, read_pay, audit_pay = amounts
    names = {"code": code, "zh": zh, "en": en}
    return {**names, "modalities": modalities, "fee": fee, "read_pay": read_pay, "audit_pay": audit_pay}


SETTLEMENT: Chapter[SettlementRules] = Chapter(
    RuleKind.SETTLEMENT,
    {
        "items": [
            _item("xray", "X线摄影", "Radiography", ["CR", "DR", "DX", "RF", "RG"], (20, 8, 4)),
            _item("mammography", "乳腺X线摄影", "Mammography", ["MG"], (40, 16, 8)),
            _item("ct", "CT", "CT", ["CT"], (60, 24, 12)),
            _item("mr", "磁共振", "MR", ["MR"], (90, 36, 18)),
            _item("ultrasound", "超声", "Ultrasound", ["US"], (20, 8, 4)),
            _item("ecg", "心电图", "Electrocardiogram", ["ECG"], (10, 4, 2)),
            _item("other", "其他", "Other", [ANY], (20, 8, 4)),
        ],
        "surcharge_percent": {"P0": 50, "P1": 30},
        "contracts": [],
        "unreadable_percent": 50,
        "close_after_hours": 24,
        "dispute_days": 7,
    },
    _parse,
)
