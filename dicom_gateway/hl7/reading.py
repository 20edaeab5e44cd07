"""What an order message asks for: ORM^O01, OMG^O19 and OMI^O23 (HL7 v2.5 chapter 4)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dicom_gateway.hl7.message import Message, Segment
from reading_queue.green_orders import GreenOrders
from storage.domain.id_cards import read_id_card
from storage.domain.modalities import modality_code
from storage.domain.reading import Priority
from storage.orders.messages import Wish
from storage.orders.names import has_chinese

_OF_AN_ORDER = ("TQ1", "IPC", "ZDS", "DG1", "NTE")
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d+)?)?([+-]\d{4})?")
_SEXES = frozenset({"M", "F", "O", "A", "U", "1", "2", "男", "女"})
_PRIORITIES: Mapping[str, str] = {
    "S": Priority.P1,
    "A": Priority.P1,
    "R": Priority.P2,
    **{str(priority): priority for priority in Priority},
}
_PRIORITY_OF_CLASS: Mapping[str, str] = {"E": Priority.P1, "I": Priority.P3}
"""PV1-2 (HL7 table 0004), where no priority is told."""

_LONGEST_ACCESSION_NUMBER = 16


@dataclass
class _Group:
    orc: Segment
    obr: Segment
    others: list[Segment] = field(default_factory=list)

    def first(self, name: str) -> Segment:
        return next((segment for segment in self.others if segment.name == name), _empty(name))


def _empty(name: str) -> Segment:
    return Segment(name, [name])


def read_wishes(message: Message, zone: tzinfo, green: GreenOrders | None = None) -> list[Wish]:
    """The orders of the message, in its order; `green` says which of them are on the green channel."""
    patient = _patient(message.first("PID"))
    visit = message.first("PV1")
    rules = green or GreenOrders()
    return [
        _wish(group, {**patient, "green_channel": _green_channel(group, rules)}, visit, zone)
        for group in _groups(message)
    ]


def _groups(message: Message) -> Iterator[_Group]:
    group: _Group | None = None
    for segment in message.segments:
        if segment.name == "ORC":
            if group is not None:
                yield group
            group = _Group(segment, _empty("OBR"))
        elif segment.name == "OBR" and group is not None:
            if group.obr.value(4) or group.obr.value(4, 2):
                yield group
                group = _Group(group.orc, segment)
            group.obr = segment
        elif segment.name in _OF_AN_ORDER and group is not None:
            group.others.append(segment)
    if group is not None:
        yield group


def _wish(group: _Group, patient: Mapping[str, str], visit: Segment, zone: tzinfo) -> Wish:
    orc, obr, ipc = group.orc, group.obr, group.first("IPC")
    accession = ipc.value(1) or obr.value(18)
    numbers = {
        "accession_number": accession if len(accession) <= _LONGEST_ACCESSION_NUMBER else "",
        "study_instance_uid": ipc.value(3) or group.first("ZDS").value(1),
        "device": ipc.value(9),
    }
    content = {**patient, **_examination(group, visit), "scheduled_at": _scheduled_at(group, zone)}
    return Wish(
        control=orc.value(1).upper(),
        status=orc.value(5).upper(),
        placer=obr.value(2) or orc.value(2),
        filler=orc.value(3) or obr.value(3),
        reason=orc.value(16, 2) or orc.value(16),
        content={name: value for name, value in content.items() if value},
        numbers=numbers,
    )


def _patient(pid: Segment) -> dict[str, str]:
    name, romanised = _names(pid)
    numbers = [pid.value(3, 1, repetition) for repetition in range(1, pid.repetitions(3) + 1)]
    card = next((number for number in (*numbers, pid.value(19)) if read_id_card(number)), "")
    return {
        "patient_id": next((number for number in numbers if number != card), pid.value(2) or card),
        "patient_name": name,
        "romanised_name": romanised,
        "sex": pid.value(8) if pid.value(8).upper() in _SEXES else "",
        "birth_date": pid.value(7)[:8],
        "id_card_number": card,
        "phone": pid.value(13) or pid.value(13, 12) or pid.value(14),
    }


def _names(pid: Segment) -> tuple[str, str]:
    """The name, in Chinese where any repetition is, and the other form of it."""
    told = [_person(pid, 5, 1, repetition) for repetition in range(1, pid.repetitions(5) + 1)]
    chinese = next((name for name in told if has_chinese(name)), "")
    latin = next((name for name in told if name and not has_chinese(name)), "")
    return (chinese, latin) if chinese else (latin, "")


def _person(segment: Segment, number: int, family: int, repetition: int = 1) -> str:
    parts = (segment.value(number, component, repetition) for component in (family, family + 1))
    return "^".join(part for part in parts if part)


def _examination(group: _Group, visit: Segment) -> dict[str, str]:
    orc, obr, diagnosis = group.orc, group.obr, group.first("DG1")
    notes = [segment.value(3) for segment in group.others if segment.name == "NTE"]
    return {
        "modality": _modality(group),
        "procedure_code": obr.value(4),
        "procedure_description": obr.value(4, 2),
        "body_part": obr.value(15, 4),
        "priority": _priority(group, visit),
        "referring_doctor": _person(obr, 16, 2) or _person(orc, 12, 2) or _person(visit, 8, 2),
        "referring_department": orc.value(17, 2) or orc.value(17) or visit.value(3),
        "clinical_information": "\n".join(text for text in (obr.value(13), *notes) if text),
        "diagnosis": diagnosis.value(4) or diagnosis.value(3, 2) or obr.value(31, 2) or obr.value(31),
    }


def _green_channel(group: _Group, rules: GreenOrders) -> str:
    """The kind of the green-channel case that the order opens; empty for none."""
    orc, obr, diagnosis = group.orc, group.obr, group.first("DG1")
    reasons = [obr.value(31, 1, repetition) for repetition in range(1, obr.repetitions(31) + 1)]
    words = [obr.value(31, 2, repetition) for repetition in range(1, obr.repetitions(31) + 1)]
    notes = [segment.value(3) for segment in group.others if segment.name == "NTE"]
    return rules.kind_of(
        priorities=_priorities_told(group),
        reasons=[*reasons, orc.value(16), diagnosis.value(3)],
        text="\n".join([*reasons, *words, diagnosis.value(3, 2), diagnosis.value(4), obr.value(13), *notes]),
    )


def _priorities_told(group: _Group) -> list[str]:
    timing = group.first("TQ1")
    repeated = [timing.value(9, 1, repetition) for repetition in range(1, timing.repetitions(9) + 1)]
    return [*repeated, group.orc.value(7, 6), group.obr.value(27, 6), group.obr.value(5)]


def _modality(group: _Group) -> str:
    """The term where it is one; otherwise as it came, for the rules to refuse it by name."""
    told = [told for told in (group.first("IPC").value(5), group.obr.value(24)) if told]
    return next((code for one in told if (code := modality_code(one))), told[0] if told else "")


def _priority(group: _Group, visit: Segment) -> str:
    told = _priorities_told(group)
    stated = next((_PRIORITIES[one.upper()] for one in told if one.upper() in _PRIORITIES), "")
    return stated or _PRIORITY_OF_CLASS.get(visit.value(2).upper(), "")


def _scheduled_at(group: _Group, zone: tzinfo) -> datetime | None:
    told = (group.first("TQ1").value(7), group.orc.value(7, 4), group.obr.value(27, 4), group.obr.value(36))
    return next((moment for one in told if (moment := read_time(one, zone))), None)


def read_time(text: str, zone: tzinfo) -> datetime | None:
    """A TS value in UTC; None when it makes no sense."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        offset = _offset(match[7]) if match[7] else zone
        return datetime(year, month, day, hour, minute, second, tzinfo=offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> tzinfo:
    minutes = int(text[1:3]) * 60 + int(text[3:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
