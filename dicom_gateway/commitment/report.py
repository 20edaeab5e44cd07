"""The N-EVENT-REPORT that tells the result (PS3.4 J.3.3)."""

from collections.abc import Mapping
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID
from pynetdicom.dsutils import encode

from dicom_gateway.commitment.request import SOP_CLASS, SOP_INSTANCE
from dicom_gateway.messages import Command, Messages
from storage.domain.commitment import COMMITTED
from storage.domain.errors import CountyReadError

_N_EVENT_REPORT_RQ = 0x0100
_ALL_COMMITTED, _FAILURES_EXIST = 1, 2
_ANSWER_SECONDS = 60.0


class ReportRefused(CountyReadError):
    """The device took the report and answered with a failure."""

    code = "report_refused"


def event_information(
    transaction_uid: str, items: Mapping[str, str], decisions: Mapping[str, int], ae_title: str
) -> Dataset:
    """All objects of the request, committed to or failed. Retrieve AE Title: whoever may, gets them from us."""
    told = Dataset()
    told.TransactionUID = transaction_uid
    committed = [_reference(uid, sop_class) for uid, sop_class in items.items() if decisions[uid] == COMMITTED]
    failed = [_failure(uid, sop_class, decisions[uid]) for uid, sop_class in items.items() if decisions[uid]]
    if committed:
        told.RetrieveAETitle = ae_title
        told.ReferencedSOPSequence = committed
    if failed:
        told.FailedSOPSequence = failed
    return told


def tell(messages: Messages, context_id: int, syntax: UID, told: Dataset) -> None:
    """Send the report and wait for its confirmation. Raises `ConnectionLost` or `ReportRefused`."""
    encoded = encode(told, syntax.is_implicit_VR, syntax.is_little_endian)
    assert encoded is not None, "nothing but UIDs and numbers"
    message_id = messages.next_id()
    command: Command = {
        0x0002: SOP_CLASS,
        0x0100: _N_EVENT_REPORT_RQ,
        0x0110: message_id,
        0x1000: SOP_INSTANCE,
        0x1002: _FAILURES_EXIST if "FailedSOPSequence" in told else _ALL_COMMITTED,
    }
    messages.send(context_id, command, encoded)
    answer: Any = messages.receive(message_id, _ANSWER_SECONDS)
    if answer.Status != 0:
        raise ReportRefused(f"The device answered the report with status 0x{answer.Status:04X}.")


def _reference(sop_instance_uid: str, sop_class_uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class_uid
    item.ReferencedSOPInstanceUID = sop_instance_uid
    return item


def _failure(sop_instance_uid: str, sop_class_uid: str, reason: int) -> Dataset:
    item = _reference(sop_instance_uid, sop_class_uid)
    item.FailureReason = reason
    return item
