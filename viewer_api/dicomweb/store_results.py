"""What became of stored objects: the Store Instances Response (PS3.18 section 10.5.3, PS3.3 annex I.2-1)."""

from dataclasses import dataclass, field
from enum import IntEnum
from http import HTTPStatus
from typing import Any

from storage.domain import errors
from storage.domain.errors import CountyReadError
from storage.ingest.door import Taken

DicomJson = dict[str, Any]

_RETRIEVE_URL, _FAILED, _REFERENCED, _OTHER_FAILURES = "00081190", "00081198", "00081199", "0008119A"
_SOP_CLASS, _SOP_INSTANCE, _REASON = "00081150", "00081155", "00081197"


class FailureReason(IntEnum):
    """Failure Reason (0008,1197), as PS3.18 table 10.5.3-4 and PS3.4 annex B name them."""

    OUT_OF_RESOURCES = 0xA700
    DATA_SET_MISMATCH = 0xA900
    CANNOT_UNDERSTAND = 0xC000
    SOP_CLASS_NOT_SUPPORTED = 0x0122
    UNSUPPORTED_MEDIA_TYPE = 0xC123
    """Our own: the part is of a type that holds no object."""


_REASONS: tuple[tuple[type[CountyReadError], FailureReason], ...] = (
    (errors.StorageFull, FailureReason.OUT_OF_RESOURCES),
    (errors.TooLarge, FailureReason.OUT_OF_RESOURCES),
    (errors.MediaDirectory, FailureReason.SOP_CLASS_NOT_SUPPORTED),
    (errors.OtherStudy, FailureReason.DATA_SET_MISMATCH),
    (errors.NoIdentifiers, FailureReason.DATA_SET_MISMATCH),
)


def reason_of(error: CountyReadError) -> FailureReason:
    """The reason that says the same as `error`."""
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), FailureReason.CANNOT_UNDERSTAND)


@dataclass(frozen=True)
class Failure:
    """One object that was not stored; `about` is its SOP Class and Instance UID where they could be read."""

    reason: FailureReason
    about: tuple[str, str] | None = None


@dataclass
class StoreResults:
    """Gathered object by object."""

    taken: list[Taken] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def fail(self, error: CountyReadError) -> None:
        self.failures.append(Failure(reason_of(error), error.about))

    @property
    def status(self) -> HTTPStatus:
        """PS3.18 table 10.5.3-1; 507 says with HTTP's own word that there is no room (RFC 4918 11.5)."""
        reasons = {failure.reason for failure in self.failures}
        if not self.taken and not self.failures:
            return HTTPStatus.BAD_REQUEST
        if not reasons:
            return HTTPStatus.OK
        if self.taken:
            return HTTPStatus.ACCEPTED
        if FailureReason.OUT_OF_RESOURCES in reasons:
            return HTTPStatus.INSUFFICIENT_STORAGE
        if reasons == {FailureReason.UNSUPPORTED_MEDIA_TYPE}:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return HTTPStatus.CONFLICT

    def document(self, root: str) -> DicomJson:
        """As DICOM JSON; `root` is the address of `/dicomweb`."""
        named = [failure for failure in self.failures if failure.about]
        unnamed = [failure for failure in self.failures if not failure.about]
        studies = {taken.study_instance_uid for taken in self.taken}
        document: DicomJson = {}
        if len(studies) == 1:
            document[_RETRIEVE_URL] = _text("UR", f"{root}/studies/{studies.pop()}")
        if named:
            document[_FAILED] = _sequence([{**_reference(*_about(one)), **_reason(one)} for one in named])
        if self.taken:
            document[_REFERENCED] = _sequence([_stored(taken, root) for taken in self.taken])
        if unnamed:
            document[_OTHER_FAILURES] = _sequence([_reason(one) for one in unnamed])
        return document


def _about(failure: Failure) -> tuple[str, str]:
    return failure.about or ("", "")


def _stored(taken: Taken, root: str) -> DicomJson:
    url = (
        f"{root}/studies/{taken.study_instance_uid}/series/{taken.series_instance_uid}"
        f"/instances/{taken.sop_instance_uid}"
    )
    return {**_reference(taken.sop_class_uid, taken.sop_instance_uid), _RETRIEVE_URL: _text("UR", url)}


def _reference(sop_class_uid: str, sop_instance_uid: str) -> DicomJson:
    return {_SOP_CLASS: _text("UI", sop_class_uid), _SOP_INSTANCE: _text("UI", sop_instance_uid)}


def _reason(failure: Failure) -> DicomJson:
    return {_REASON: {"vr": "US", "Value": [int(failure.reason)]}}


def _text(vr: str, value: str) -> DicomJson:
    return {"vr": vr, "Value": [value]}


def _sequence(items: list[DicomJson]) -> DicomJson:
    return {"vr": "SQ", "Value": items}
