"""Acknowledgements in original mode (HL7 v2.5 2.9.2): AA it is done, AE it cannot be done, AR it is not for us."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dicom_gateway.hl7.escaping import escaped
from dicom_gateway.hl7.message import Segment
from storage.domain.identifiers import new_uid

_LONGEST_TEXT = 200
_OURS = "COUNTYREAD"


class Code(StrEnum):
    """MSA-1 (HL7 table 0008)."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


@dataclass(frozen=True)
class Answer:
    """What is said; `text` is MSA-3, and says what to do where it is not AA."""

    code: Code
    text: str = ""


def acknowledgement(asked: Segment | None, answer: Answer, at: datetime, codec: str) -> bytes:
    """The ACK for a message with the header `asked`; None where it had none."""
    header = asked or Segment("MSH", ["MSH"])
    event = header.value(9, 2)
    kind = f"ACK^{_escaped(event)}^ACK" if event else "ACK"
    fields = (
        "MSH|^~\\&",
        _OURS,
        _OURS,
        _escaped(header.value(3)),
        _escaped(header.value(4)),
        at.strftime("%Y%m%d%H%M%S+0000"),
        "",
        kind,
        new_uid().rsplit(".", 1)[1][:20],
        _escaped(header.value(11)) or "P",
        _escaped(header.value(12)) or "2.5",
    )
    lines = [
        "|".join(fields),
        f"MSA|{answer.code}|{_escaped(header.value(10))}|{_escaped(answer.text)}",
    ]
    if answer.code is not Code.ACCEPTED:
        lines.append(f"ERR|||207^Application internal error^HL70357|E||||{_escaped(answer.text)}")
    return ("\r".join(lines) + "\r").encode(codec, "replace")


def _escaped(text: str) -> str:
    return escaped(text[:_LONGEST_TEXT])
