"""Links to one study: made, shown, ended."""

from dataclasses import dataclass
from datetime import timedelta

from reading_queue.access import ACCESS
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import ShareLink, ShareVisit
from storage.db.queries import access, studies
from storage.db.session import Database, UnitOfWork
from storage.domain.errors import InvalidField, NotAuthenticated, SecondFactorNeeded
from storage.passwords import hash_password, verify_password
from viewer_api.auth.caller import Caller, Visitor
from viewer_api.auth.tokens import VISIT_PREFIX, new_token, token_hash
from viewer_api.shares.schemas import NewShare, ShareLine

_MAX_WRONG = 10
_ENDED = "The link has ended, or never was."


@dataclass(frozen=True)
class Visit:
    """A browser that has shown a link: its token, and the study that it opens."""

    token: str
    seconds: float
    study_instance_uid: str
    purpose: str


def create(work: UnitOfWork, caller: Caller, study_instance_uid: str, asked: NewShare) -> tuple[ShareLink, str]:
    """A link and its token, which is not kept. Raises `NotFound`, `InvalidField`."""
    rules = in_force(work, ACCESS).content.shares
    if asked.hours > rules.longest_hours:
        raise InvalidField("hours", f"may be {rules.longest_hours:g} at most by the county's rules.")
    if rules.passcode_required and not asked.passcode:
        raise InvalidField("passcode", "is needed by the county's rules.")
    study = studies.study_by_uid(work, study_instance_uid)
    token = new_token()
    link = ShareLink(
        institution_id=study.institution_id,
        study_id=study.id,
        token_sha256=token_hash(token),
        passcode_hash=hash_password(asked.passcode) if asked.passcode else "",
        purpose=asked.purpose,
        created_by_id=caller.user.id,
        created_at=work.now,
        expires_at=work.now + timedelta(hours=asked.hours),
        max_uses=asked.max_uses,
    )
    work.session.add(link)
    work.session.flush()
    work.session.refresh(link)
    _note(work, caller.known_as, "share_created", link, hours=asked.hours, passcode=bool(asked.passcode))
    return link, token


def visit(database: Database, token: str, passcode: str, visitor: Visitor) -> Visit:
    """Let somebody in who shows the link. Raises `NotAuthenticated`, `SecondFactorNeeded` where a passcode is asked for."""
    with database.write() as work:
        link = _counted(work, token, with_passcode=bool(passcode))
    if link.passcode_hash and not passcode:
        raise SecondFactorNeeded("Give the passcode that came with the link.")
    if link.passcode_hash and not verify_password(link.passcode_hash, passcode):
        raise NotAuthenticated("The passcode is wrong.")
    with database.write() as work:
        found = access.share_by_token(work, token_hash(token))
        if found is None or (found.max_uses is not None and found.uses >= found.max_uses):
            raise NotAuthenticated(_ENDED)
        return _opened(work, found, visitor)


def revoke(work: UnitOfWork, caller: Caller, share_id: int) -> ShareLink:
    """End a link at once, also for those who look at the study now."""
    link = access.share(work, share_id)
    if link.revoked_at is None:
        link.revoked_at = work.now
        _note(work, caller.known_as, "share_revoked", link)
    return link


def line_of(work: UnitOfWork, link: ShareLink) -> ShareLine:
    """A link as the list shows it."""
    spent = link.max_uses is not None and link.uses >= link.max_uses
    return ShareLine(
        id=link.id,
        study_instance_uid=link.study.study_instance_uid,
        modality=link.study.modality,
        purpose=link.purpose,
        created_by=link.created_by.display_name,
        created_at=link.created_at,
        expires_at=link.expires_at,
        passcode=bool(link.passcode_hash),
        max_uses=link.max_uses,
        uses=link.uses,
        last_used_at=link.last_used_at,
        revoked_at=link.revoked_at,
        live=link.revoked_at is None and link.expires_at > work.now and not spent,
    )


def _counted(work: UnitOfWork, token: str, *, with_passcode: bool) -> ShareLink:
    """The link, with this passcode counted before it is checked; ten wrong ones end the link."""
    link = access.share_by_token(work, token_hash(token))
    if link is None:
        raise NotAuthenticated(_ENDED)
    if link.passcode_hash and with_passcode:
        link.failed += 1
        if link.failed > _MAX_WRONG:
            link.revoked_at = work.now
            _note(work, "system", "share_revoked", link, reason="wrong passcodes")
    return link


def _opened(work: UnitOfWork, link: ShareLink, visitor: Visitor) -> Visit:
    minutes = in_force(work, ACCESS).content.shares.visit_minutes
    ends = min(work.now + timedelta(minutes=minutes), link.expires_at)
    token = new_token(VISIT_PREFIX)
    row = ShareVisit(share_link_id=link.id, token_sha256=token_hash(token), opened_at=work.now, expires_at=ends)
    work.session.add(row)
    link.uses, link.last_used_at, link.failed = link.uses + 1, work.now, 0
    _note(work, f"share:{link.id}", "share_used", link, address=visitor.address)
    seconds = (ends - work.now).total_seconds()
    return Visit(token, seconds, link.study.study_instance_uid, link.purpose)


def _note(work: UnitOfWork, actor: str, action: str, link: ShareLink, **detail: object) -> None:
    entry = AuditEntry(work.now, actor, action, f"study:{link.study_id}", {"share": link.id, **detail})
    record(work.session, entry)
