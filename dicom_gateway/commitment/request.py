"""An N-ACTION of storage commitment (PS3.4 J.3.2): from outside bytes to transaction and objects. Pure."""

from dataclasses import dataclass
from enum import IntEnum
from io import BytesIO
from typing import Any

from pydicom import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import UID

from storage.domain.errors import CountyReadError
from storage.domain.identifiers import is_usable_uid

SOP_CLASS = "1.2.840.10008.1.20.1"
SOP_INSTANCE = "1.2.840.10008.1.20.1.1"
"""Storage Commitment Push Model, and its well-known instance (PS3.4 J.3.5)."""

REQUEST_COMMITMENT = 1
_LARGEST = 32 << 20
_MOST_ITEMS = 100_000


class ActionStatus(IntEnum):
    """How the N-ACTION is answered (PS3.7 10.1.4.1.10)."""

    SUCCESS = 0x0000
    NO_SUCH_INSTANCE = 0x0112
    NO_SUCH_ARGUMENT = 0x0114
    INVALID_ARGUMENT = 0x0115
    NO_SUCH_ACTION = 0x0123
    NOT_AUTHORIZED = 0x0124
    RESOURCE_LIMITATION = 0x0213


class BadRequest(CountyReadError):
    """It breaks the rules; the message is an Error Comment of at most 64 characters."""

    code = "bad_request"

    def __init__(self, status: ActionStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class CommitmentAsked:
    """`items` are SOP Class UIDs by SOP Instance UID."""

    transaction_uid: str
    items: dict[str, str]


def read_request(encoded: bytes, syntax: UID) -> CommitmentAsked:
    """From an Action Information. Raises `BadRequest`."""
    if len(encoded) > _LARGEST:
        raise BadRequest(ActionStatus.RESOURCE_LIMITATION, "The request is too long.")
    try:
        data_set = read_dataset(BytesIO(encoded), syntax.is_implicit_VR, syntax.is_little_endian)
        transaction_uid = _uid(data_set, "TransactionUID")
        references = [
            (_uid(item, "ReferencedSOPInstanceUID"), _uid(item, "ReferencedSOPClassUID"))
            for item in data_set.get("ReferencedSOPSequence") or ()
        ]
    except Exception as error:  # a parser of outside bytes: pydicom raises many types on damage
        raise BadRequest(ActionStatus.INVALID_ARGUMENT, "The request cannot be read.") from error
    if not transaction_uid:
        raise BadRequest(ActionStatus.NO_SUCH_ARGUMENT, "Transaction UID (0008,1195) is missing.")
    if not references or len(references) > _MOST_ITEMS:
        raise BadRequest(ActionStatus.INVALID_ARGUMENT, "Referenced SOP Sequence has no or too many items.")
    if not all(map(is_usable_uid, (transaction_uid, *(uid for pair in references for uid in pair)))):
        raise BadRequest(ActionStatus.INVALID_ARGUMENT, "A UID is missing or is none.")
    return CommitmentAsked(transaction_uid, dict(references))


def _uid(data_set: Dataset, keyword: str) -> str:
    value: Any = data_set.get(keyword)
    return str(value or "").strip("\x00 ")
