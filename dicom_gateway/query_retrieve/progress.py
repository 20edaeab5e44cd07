"""What a C-MOVE or C-GET has done so far, and the responses that tell it (PS3.4 C.4.2.1.5 to C.4.2.1.8)."""

from dataclasses import dataclass, field

from pydicom import Dataset
from pydicom.uid import UID
from pynetdicom.dsutils import encode

from dicom_gateway.query_retrieve.status import QueryStatus
from dicom_gateway.query_retrieve.sub_operations import Outcome


@dataclass
class Progress:
    """Sub-operations by their outcome; `failed_uids` of those that failed."""

    remaining: int
    completed: int = 0
    failed: int = 0
    warnings: int = 0
    failed_uids: list[str] = field(default_factory=list)

    def count(self, sop_instance_uid: str, outcome: Outcome) -> None:
        """One more is over."""
        self.remaining -= 1
        if outcome is Outcome.FAILED:
            self.failed += 1
            self.failed_uids.append(sop_instance_uid)
        elif outcome is Outcome.WARNING:
            self.warnings += 1
        else:
            self.completed += 1

    @property
    def final_status(self) -> QueryStatus:
        """How it ends when nobody cancels it."""
        if not self.failed and not self.warnings:
            return QueryStatus.SUCCESS
        return QueryStatus.SOME_FAILED if self.completed or self.warnings else QueryStatus.SUB_OPERATIONS_FAILED

    def elements(self, status: QueryStatus) -> dict[int, int | str]:
        """The four numbers; those that remain are told only while some do."""
        numbers: dict[int, int | str] = {0x1021: self.completed, 0x1022: self.failed, 0x1023: self.warnings}
        if status in (QueryStatus.PENDING, QueryStatus.CANCELLED):
            numbers[0x1020] = self.remaining
        return numbers

    def identifier(self, status: QueryStatus, syntax: UID) -> bytes | None:
        """Failed SOP Instance UID List (0008,0058), where the response has an identifier."""
        if status in (QueryStatus.PENDING, QueryStatus.SUCCESS):
            return None
        told = Dataset()
        told.FailedSOPInstanceUIDList = self.failed_uids
        return encode(told, syntax.is_implicit_VR, syntax.is_little_endian)
