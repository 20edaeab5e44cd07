"""HL7 messages that were answered, so that a repetition does nothing."""

from datetime import timedelta

from sqlalchemy import delete, select

from storage.db.models import Hl7Message
from storage.db.session import UnitOfWork

_KEPT = timedelta(days=30)


def answered(work: UnitOfWork, sender: str, control_id: str, sha256: str) -> Hl7Message | None:
    """The same message by its sender, number and bytes, when it was answered before."""
    query = select(Hl7Message).where(Hl7Message.sender == sender, Hl7Message.control_id == control_id)
    found = work.session.execute(query).scalar_one_or_none()
    return found if found is not None and found.sha256 == sha256 else None


def remember(work: UnitOfWork, message: Hl7Message) -> None:
    """Keep the answer for a month, instead of one of the same number: counters begin anew."""
    outdated = Hl7Message.answered_at < work.now - _KEPT
    again = (Hl7Message.sender == message.sender, Hl7Message.control_id == message.control_id)
    for condition in ((outdated,), again):
        work.session.execute(delete(Hl7Message).where(*condition), execution_options={"synchronize_session": False})
    work.session.add(message)
