"""Broken glass, links that end, and API keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.db.models import ApiKey, BrokenGlass, ShareLink, ShareVisit, Study
from storage.db.session import UnitOfWork
from storage.domain.errors import NotFound

_USED_EVERY = timedelta(minutes=10)


def open_glass(work: UnitOfWork, user_id: int, study_id: int) -> BrokenGlass | None:
    """The access in an emergency that this person has to this study now."""
    return _first(work, user_id, BrokenGlass.study_id == study_id)


def open_glass_for(work: UnitOfWork, user_id: int, study_instance_uid: str) -> BrokenGlass | None:
    """The same by the study's UID."""
    study_ids = select(Study.id).where(Study.study_instance_uid == study_instance_uid)
    return _first(work, user_id, BrokenGlass.study_id.in_(study_ids))


def _first(work: UnitOfWork, user_id: int, about: object) -> BrokenGlass | None:
    live = BrokenGlass.ends_at > work.now, BrokenGlass.ended_at.is_(None)
    query = select(BrokenGlass).where(BrokenGlass.user_id == user_id, *live, about)  # type: ignore[arg-type]
    return work.session.execute(query.order_by(BrokenGlass.ends_at.desc()).limit(1)).scalars().first()


def broken_glass(
    work: UnitOfWork, *, user_id: int | None = None, waiting: bool = False, limit: int = 200
) -> Sequence[BrokenGlass]:
    """Emergencies, the latest first: of one person, or those that nobody has reviewed."""
    query = select(BrokenGlass).order_by(BrokenGlass.id.desc()).limit(limit)
    if user_id is not None:
        query = query.where(BrokenGlass.user_id == user_id)
    if waiting:
        query = query.where(BrokenGlass.reviewed_at.is_(None))
    return work.session.execute(query).unique().scalars().all()


def key_by_secret(work: UnitOfWork, secret_sha256: str) -> ApiKey | None:
    """The API key with this secret, unless it was revoked or has expired."""
    key = work.session.execute(select(ApiKey).where(ApiKey.secret_sha256 == secret_sha256)).scalar_one_or_none()
    if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= work.now):
        return None
    return key


def key_wants_note(key: ApiKey, now: datetime, address: str) -> bool:
    """Whether its use is worth a write: once in ten minutes, and at once from another address."""
    return key.last_used_at is None or now - key.last_used_at > _USED_EVERY or bool(address != key.last_used_address)


def note_key_use(work: UnitOfWork, key_id: int, address: str) -> None:
    """Note when and from where a key was used last."""
    values = {"last_used_at": work.now, "last_used_address": address}
    work.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(values))


def api_keys(work: UnitOfWork) -> Sequence[ApiKey]:
    """Every key that the scope may see, the latest first."""
    return work.session.execute(select(ApiKey).order_by(ApiKey.id.desc())).unique().scalars().all()


def api_key(work: UnitOfWork, key_id: int) -> ApiKey:
    """Raise `NotFound` where there is none."""
    found = work.session.execute(select(ApiKey).where(ApiKey.id == key_id)).unique().scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such API key.")
    return found


def shares_of(work: UnitOfWork, *, study_id: int | None = None, limit: int = 200) -> Sequence[ShareLink]:
    """Links that the scope may see, the latest first."""
    query = select(ShareLink).order_by(ShareLink.id.desc()).limit(limit)
    if study_id is not None:
        query = query.where(ShareLink.study_id == study_id)
    return work.session.execute(query).unique().scalars().all()


def share(work: UnitOfWork, share_id: int) -> ShareLink:
    """Raise `NotFound` where there is none."""
    found = work.session.execute(select(ShareLink).where(ShareLink.id == share_id)).unique().scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such link.")
    return found


def share_by_token(work: UnitOfWork, token_sha256: str) -> ShareLink | None:
    """The link with this token while it lives, locked for counting."""
    query = select(ShareLink).where(ShareLink.token_sha256 == token_sha256).with_for_update(of=ShareLink)
    found = work.session.execute(query).unique().scalar_one_or_none()
    return found if found is not None and _is_live(found, work.now) else None


def visit_by_token(work: UnitOfWork, token_sha256: str) -> ShareVisit | None:
    """The visit with this token while it and its link live."""
    query = select(ShareVisit).where(ShareVisit.token_sha256 == token_sha256, ShareVisit.expires_at > work.now)
    found = work.session.execute(query).unique().scalar_one_or_none()
    return found if found is not None and _is_live(found.share_link, work.now) else None


def _is_live(link: ShareLink, now: datetime) -> bool:
    return link.revoked_at is None and link.expires_at > now
