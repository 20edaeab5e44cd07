"""Every refusal of the product, named once; each edge translates them (HTTP problem, DIMSE status, exit code).

A message is one sentence that says what is wrong and, where it helps, what to do. It never carries patient data.
"""

from dataclasses import dataclass
from enum import StrEnum


class UpsStatus(StrEnum):
    """Status codes of the Unified Procedure Step service that a refusal of a task's step comes down to (PS3.4 CC.2)."""

    FINAL = "0xC300"
    WRONG_TRANSACTION_UID = "0xC301"
    IN_PROGRESS = "0xC302"
    NOT_MET = "0xC304"
    NOT_YET_IN_PROGRESS = "0xC310"
    COMPLETED = "0xC311"


class CountyReadError(Exception):
    """Base of all refusals. `code` is stable and meant for programs; the message is meant for people."""

    code = "error"
    about: tuple[str, str] | None = None
    """SOP Class and Instance UID of the object that was refused, where they could be read."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(CountyReadError):
    """It does not exist, or the asker may not know that it does."""

    code = "not_found"


class Forbidden(CountyReadError):
    """The actor may not do this."""

    code = "forbidden"


class NotAuthenticated(CountyReadError):
    """Nobody is logged in, or the credentials are wrong."""

    code = "not_authenticated"


class DutyFirst(Forbidden):
    """The session opens nothing until its owner has changed the password or set up the second factor."""

    code = "duty_first"


class SecondFactorNeeded(NotAuthenticated):
    """The password was right; the account also asks for a code."""

    code = "second_factor_needed"


class Masked(Forbidden):
    """The session hides who patients are, and this would show it."""

    code = "masked"


class SignOnFailed(NotAuthenticated):
    """The identity provider's answer cannot be trusted, or says nobody whom we know."""

    code = "sign_on_failed"


class Invalid(CountyReadError):
    """The request or the data makes no sense as it stands."""

    code = "invalid"


class InvalidField(Invalid):
    """One field makes no sense. `advice` follows the name of the field and says what is wrong and what to do."""

    def __init__(self, field: str, advice: str) -> None:
        super().__init__(f"{field} {advice}")
        self.field = field
        self.advice = advice


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with a field. `code` is for programs that say it in words of their own; `advice` follows its name."""

    field: str
    code: str
    advice: str


class InvalidFields(Invalid):
    """Several fields make no sense."""

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__("; ".join(f"{fault.field} {fault.advice}" for fault in faults))
        self.faults = faults


class UnusableSheet(Invalid):
    """A roster in CSV has a line that cannot be taken; nothing of it was."""

    code = "unusable_sheet"


class NotPublishable(Invalid):
    """The report breaks writing rules that stop its signature; `faults` are their codes."""

    code = "not_publishable"

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"The report breaks writing rules ({', '.join(faults)}): change it, or sign it with a reason.")
        self.faults = faults


class GradeMissing(Invalid):
    """The county asks for a grade of the images before the report is signed."""

    code = "grade_missing"


class BadRequest(Invalid):
    """A search parameter or a document that its standard has no meaning for."""

    code = "bad_request"


class BrokenMultipart(Invalid):
    """The body is not the multipart that its Content-Type announces."""

    code = "broken_multipart"


class BadQuery(Invalid):
    """A search, or how its answer is wanted, is written in a way that makes no sense; the message names the parameter."""

    code = "bad_query"


class SearchTooBroad(CountyReadError):
    """A search would have to look through more than it may; it has to be narrowed."""

    code = "search_too_broad"


class NotAcceptable(CountyReadError):
    """What is asked for cannot be given in any of the forms that the asker takes."""

    code = "not_acceptable"


class MissingAttribute(Invalid):
    """A report lacks an attribute without which it means nothing (PS3.7 C.5.13)."""

    code = "missing_attribute"


class Conflict(CountyReadError):
    """The thing has moved on since the asker last looked; nothing was changed.

    `ups_status` says the same to who speaks of reading tasks as Unified Procedure Steps.
    """

    code = "conflict"
    ups_status: UpsStatus | None = None


class StaleLease(Conflict):
    """The lease token is not the live one (PS3.4 CC.2.1, status 0xC301)."""

    code = "stale_lease"
    ups_status = UpsStatus.WRONG_TRANSACTION_UID


class StaleMarks(Conflict):
    """Somebody has kept other marks since those that the asker's rest on; `version` is the newest."""

    code = "stale_marks"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Other marks have been kept meanwhile; nothing was changed. Look at them and keep yours again."
        )
        self.version = version


class AlreadyClaimed(Conflict):
    """Somebody else holds a live lease (PS3.4 CC.2.1, status 0xC302)."""

    code = "already_claimed"
    ups_status = UpsStatus.IN_PROGRESS


class MoreUrgentFirst(Conflict):
    """The county's rules do not leave this case to a free choice: `take_instead` is the task to take before it."""

    code = "more_urgent_first"

    def __init__(self, take_instead: int) -> None:
        super().__init__("This case is not picked from the list: another one comes before it. Take that one first.")
        self.take_instead = take_instead


class ReadAlready(Conflict):
    """A study is read once, however often that is asked for: `workitem_uid` is the step that stands for it."""

    code = "read_already"

    def __init__(self, workitem_uid: str) -> None:
        super().__init__("The study is here and has its workitem, which Content-Location names.")
        self.workitem_uid = workitem_uid


class NotAllowedFromState(Conflict):
    """The transition table has no such step from the present state."""

    code = "not_allowed_from_state"

    def __init__(self, message: str, ups_status: UpsStatus | None = None) -> None:
        super().__init__(message)
        self.ups_status = ups_status


class FinalStep(Conflict):
    """A performed procedure step that has ended stays as it is (PS3.4 F.7.2.2.3, Error ID 0xA710)."""

    code = "final_step"

    def __init__(self) -> None:
        super().__init__("Performed Procedure Step Object may no longer be updated")


class SamePerson(Conflict):
    """The author of a draft may not audit it."""

    code = "same_person"


class AlreadyOnePerson(Conflict):
    """Merges that stand make the two patients one person already."""

    code = "already_one_person"


class SignedReport(Conflict):
    """A signed report rests on what would change; whoever means it says so."""

    code = "signed_report"


class RecognitionUndecided(Conflict):
    """An earlier examination could stand for the one that is ordered; the clinic has not said whether it does."""

    code = "recognition_undecided"


class ObjectNotFound(CountyReadError):
    """The object store answered that it has no such key; an outage is never reported as this."""

    code = "object_not_found"

    def __init__(self, key: str) -> None:
        super().__init__(f"The object store has no object {key}.")
        self.key = key


class ChecksumMismatch(CountyReadError):
    """What the store holds is not what was sent."""

    code = "checksum_mismatch"


class StoreUnavailable(CountyReadError):
    """The object store did not answer, or answered with a fault of its own."""

    code = "store_unavailable"


class StorageFull(CountyReadError):
    """Free space is below the set reserve."""

    code = "storage_full"


class UnreadableObject(CountyReadError):
    """The bytes are not a DICOM object that can be catalogued."""

    code = "unreadable_object"


class NotDicom(UnreadableObject):
    """The bytes are no DICOM object at all."""

    code = "not_dicom"


class UnreadableEcg(UnreadableObject):
    """A file that is no ECG we know, or a damaged or doubtful one; nothing of it may be drawn or measured."""

    code = "unreadable_ecg"


class TruncatedObject(UnreadableObject):
    """The object ends before it should: the file was cut off or is still being written."""

    code = "truncated"


class NoIdentifiers(UnreadableObject):
    """A SOP class, SOP instance, study or series UID is missing or cannot be a key."""

    code = "no_identifiers"


class OtherStudy(UnreadableObject):
    """The object belongs to another study than the one that it was sent to."""

    code = "other_study"


class MediaDirectory(UnreadableObject):
    """A DICOMDIR: it lists objects and is none (PS3.3 annex F)."""

    code = "media_directory"


class UnusableArchive(UnreadableObject):
    """A ZIP that is damaged, or packed in a way that is not taken."""

    code = "unusable_archive"


class EncryptedArchive(UnreadableObject):
    """A ZIP with a password."""

    code = "encrypted_archive"


class TooLarge(CountyReadError):
    """More bytes, entries or levels than a door takes."""

    code = "too_large"


class DamagedTransfer(Invalid):
    """What an edge station sent does not give the object that it promised; it is to be sent anew."""

    code = "damaged_transfer"


class WrongOffset(Conflict):
    """A piece of a transfer does not start where the pieces before it end; the asker has to ask where that is."""

    code = "wrong_offset"


class TooManyAttempts(CountyReadError):
    """Wrong keys have come from this address again and again."""

    code = "too_many_attempts"

    def __init__(self, message: str, retry_after: float = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SealBroken(CountyReadError):
    """A secret that the database keeps cannot be opened: its key is missing, or it was changed."""

    code = "seal_broken"


class ConfigurationError(CountyReadError):
    """A setting is wrong; the message names it and says what it may be."""

    code = "configuration"
