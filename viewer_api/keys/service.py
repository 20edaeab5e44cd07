"""Making, rotating and ending API keys."""

from datetime import datetime, timedelta

from reading_queue.access import ACCESS, KeyRules
from reading_queue.rulebook import in_force
from storage.audit import AuditEntry, record
from storage.db.models import ApiKey, Institution, User
from storage.db.queries import access, people
from storage.db.session import UnitOfWork
from storage.domain.accounts import Scope
from storage.domain.errors import Conflict, InvalidField
from storage.domain.reading import InstitutionKind, Role
from viewer_api.auth.caller import Caller
from viewer_api.auth.tokens import new_key, token_hash
from viewer_api.keys.schemas import KeyLine, NewKey

_ROLES = {InstitutionKind.CLINIC: Role.CLINIC, InstitutionKind.CENTRE: Role.MANAGER}
"""A clinic's machine sees what the clinic sees; one of the centre, such as a regional platform, the county."""


def create(work: UnitOfWork, caller: Caller, asked: NewKey) -> tuple[ApiKey, str]:
    """A key and its secret, which is not kept. Raises `NotFound`, `InvalidField`."""
    institution = people.institution_by_code(work, asked.institution)
    rules = in_force(work, ACCESS).content.api_keys
    secret, prefix = new_key()
    key = ApiKey(
        institution_id=institution.id,
        name=asked.name,
        prefix=prefix,
        secret_sha256=token_hash(secret),
        scopes=sorted(asked.scopes),
        user=_account(work, institution, prefix, asked.name),
        created_by_id=caller.user.id,
        created_at=work.now,
        expires_at=_end(work.now, asked.days, rules),
    )
    return _kept(work, caller, key, "api_key_created"), secret


def rotate(work: UnitOfWork, caller: Caller, key_id: int, days: int | None) -> tuple[ApiKey, str]:
    """A key that follows this one, which works on for the overlap of the county's rules. Raises `Conflict` for an ended one."""
    old, rules = access.api_key(work, key_id), in_force(work, ACCESS).content.api_keys
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= work.now):
        raise Conflict("The key has ended: make a new one.")
    secret, prefix = new_key()
    key = ApiKey(
        institution_id=old.institution_id,
        name=old.name,
        prefix=prefix,
        secret_sha256=token_hash(secret),
        scopes=list(old.scopes),
        user_id=old.user_id,
        created_by_id=caller.user.id,
        created_at=work.now,
        expires_at=_end(work.now, days, rules),
        follows_id=old.id,
    )
    last = work.now + timedelta(hours=rules.overlap_hours)
    old.expires_at = last if old.expires_at is None else min(last, old.expires_at)
    return _kept(work, caller, key, "api_key_rotated"), secret


def revoke(work: UnitOfWork, caller: Caller, key_id: int) -> ApiKey:
    """End a key at once; harmless the second time."""
    key = access.api_key(work, key_id)
    if key.revoked_at is None:
        key.revoked_at = work.now
        _note(work, caller, key, "api_key_revoked")
    return key


def line_of(key: ApiKey, now: datetime) -> KeyLine:
    """A key as the list shows it."""
    ended = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
    return KeyLine(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        institution=key.institution.code,
        institution_name=key.institution.name,
        institution_name_en=key.institution.name_en,
        scopes=[Scope(scope) for scope in key.scopes],
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        last_used_address=key.last_used_address,
        revoked_at=key.revoked_at,
        live=not ended,
    )


def _account(work: UnitOfWork, institution: Institution, prefix: str, name: str) -> User:
    role = _ROLES.get(InstitutionKind(institution.kind))
    if role is None:
        raise InvalidField("institution", "must be a clinic or the county centre.")
    user = User(
        username=f"key:{prefix}",
        display_name=name,
        role=role,
        institution=institution,
        modalities=None,
        password_hash="",
        active=False,
        preferences={},
    )
    work.session.add(user)
    work.session.flush()
    return user


def _end(now: datetime, days: int | None, rules: KeyRules) -> datetime:
    wanted = rules.longest_days if days is None else days
    if wanted > rules.longest_days:
        raise InvalidField("days", f"may be {rules.longest_days} at most by the county's rules.")
    return now + timedelta(days=wanted)


def _kept(work: UnitOfWork, caller: Caller, key: ApiKey, action: str) -> ApiKey:
    work.session.add(key)
    work.session.flush()
    work.session.refresh(key)
    _note(work, caller, key, action)
    return key


def _note(work: UnitOfWork, caller: Caller, key: ApiKey, action: str) -> None:
    detail = {"prefix": key.prefix, "institution": key.institution.code, "scopes": list(key.scopes)}
    record(work.session, AuditEntry(work.now, caller.known_as, action, f"api_key:{key.id}", detail))
