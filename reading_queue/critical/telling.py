"""Who is told about a critical case: the clinic, the physicians, the posts of the ladder."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from reading_queue import rosters
from reading_queue.critical import rules as chapter
from reading_queue.critical.rules import CRITICAL_VALUES, CriticalRules, LadderStep, Post
from reading_queue.notices import About, Audience, notify
from reading_queue.rulebook import in_force
from storage.db.models import CriticalCase, Institution, User
from storage.db.session import UnitOfWork
from storage.domain.notices import Urgency
from storage.domain.reading import InstitutionKind, Priority, Role

_LAST_RESORT = frozenset({Role.AUDITOR, Role.MANAGER, Role.ADMIN})
"""They are told where a post is nobody."""


@dataclass(frozen=True)
class Telling:
    """What a step of the ladder told: the posts, their people and telephones, for the event."""

    users: frozenset[int]
    names: tuple[str, ...]
    phones: tuple[str, ...]


def clinic_people(work: UnitOfWork, institution_id: int) -> list[User]:
    """Everybody who logs in for that clinic."""
    query = select(User).where(User.active, User.role == Role.CLINIC, User.institution_id == institution_id)
    return list(work.session.execute(query.order_by(User.id)).scalars())


def clinic_phone(work: UnitOfWork, case: CriticalCase) -> str:
    """Where the clinic is telephoned, as the county's rules have it today; empty when they do not say."""
    return _clinic_head(work, _today(work), case).phone


def clinic_phones(work: UnitOfWork) -> Mapping[str, str]:
    """The same for every clinic that the rules name, by its code."""
    return {code: head.phone for code, head in _today(work).clinic_heads.items()}


def duty_people(work: UnitOfWork, modality: str, priority: str) -> frozenset[int]:
    """Whoever is at the desk for this modality; on call, where nobody is."""
    present = rosters.readers_on_duty(work, modality, work.now, Priority(priority))
    return frozenset(present or (duty.user_id for duty in rosters.on_duty(work, work.now)))


def tell(
    work: UnitOfWork, case: CriticalCase, kind: str, users: Collection[int], urgency: Urgency, **params: object
) -> None:
    """Tell these people once for this version of the case; `params` hold no patient data."""
    about = About(study_id=case.study_id, critical_case_id=case.id)
    key = f"{kind}:{case.id}:{case.version}"
    said = {"modality": case.modality, "priority": case.priority, "code": case.code, **params}
    notify(work, kind, Audience(users=frozenset(users)), about, key=key, urgency=urgency, params=said)


def whom(work: UnitOfWork, case: CriticalCase, step: LadderStep) -> Telling:
    """The people of a step's posts, as the county fills them today; never nobody."""
    today = _today(work)
    posts = [_filled(work, today, case, key) for key in step.posts]
    users = frozenset[int]().union(*(one.users for one in posts)) or _with_roles(work, _LAST_RESORT)
    return Telling(users, tuple(step.posts), tuple(dict.fromkeys(phone for one in posts for phone in one.phones)))


def _today(work: UnitOfWork) -> CriticalRules:
    return in_force(work, CRITICAL_VALUES).content


def _filled(work: UnitOfWork, rules: CriticalRules, case: CriticalCase, key: str) -> Telling:
    named = _named(work, rules.posts.get(key, _NOBODY))
    phones = _phones(rules.posts.get(key, _NOBODY))
    if key == chapter.CLINIC:
        users = {user.id for user in clinic_people(work, case.institution_id)}
    elif key == chapter.CLINIC_HEAD:
        head = _clinic_head(work, rules, case)
        users, phones = set(_named(work, head)), _phones(head)
    elif key == chapter.PHYSICIAN:
        users = set() if case.confirmed_by_id is None else {case.confirmed_by_id}
    elif key == chapter.DUTY_LINE:
        users = set(duty_people(work, case.modality, case.priority))
        phones = (*phones, *rosters.duty_phones(work, case.modality, work.now, Priority(case.priority)))
    else:
        users = set()
    return Telling(named | users, (key,), phones)


_NOBODY = Post("", "", (), frozenset(), "")


def _clinic_head(work: UnitOfWork, rules: CriticalRules, case: CriticalCase) -> Post:
    code = work.session.execute(select(Institution.code).where(Institution.id == case.institution_id)).scalar_one()
    return rules.clinic_heads.get(code, _NOBODY)


def _phones(post: Post) -> tuple[str, ...]:
    return (post.phone,) if post.phone else ()


def _named(work: UnitOfWork, post: Post) -> frozenset[int]:
    by_name = User.username.in_(post.users)
    return _users(work, or_(by_name, _of_the_centre(post.roles)))


def _with_roles(work: UnitOfWork, roles: Iterable[Role]) -> frozenset[int]:
    return _users(work, _of_the_centre(roles))


def _of_the_centre(roles: Iterable[Role]) -> ColumnElement[bool]:
    return and_(User.role.in_(list(roles)), Institution.kind == InstitutionKind.CENTRE)


def _users(work: UnitOfWork, condition: ColumnElement[bool]) -> frozenset[int]:
    query = select(User.id).join(Institution, Institution.id == User.institution_id).where(User.active, condition)
    return frozenset(work.session.execute(query).scalars())
