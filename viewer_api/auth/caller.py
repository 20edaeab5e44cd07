"""Who is asking."""

from dataclasses import dataclass
from datetime import datetime

from reading_queue.service import Actor, with_licences
from storage.db.models import Login, User
from storage.db.session import COUNTY, Scope, UnitOfWork
from storage.domain.accounts import Duty
from storage.domain.accounts import Scope as KeyScope
from storage.domain.reading import Role


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from: network address, and what its program calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Caller:
    """Who asks, what he may see (`scope`), and the session that he asks in.

    A machine has the `key_scopes` of its API key, None for people. `duty` is what a person has to do first; a `masked`
    session does not show who patients are. `known_as` is how the audit trail names him.
    """

    user: User
    actor: Actor
    scope: Scope
    role: Role
    token_sha256: str
    expires_at: datetime
    duty: Duty = Duty.NONE
    masked: bool = False
    key_scopes: frozenset[KeyScope] | None = None
    known_as: str = ""
    login_id: int | None = None


def caller_of(work: UnitOfWork, login: Login) -> Caller:
    """The person in this session."""
    user = login.user
    role = Role(user.role)
    return Caller(
        user,
        with_licences(work, Actor.of(user)),
        scope_of(user, role),
        role,
        login.token_sha256,
        login.expires_at,
        duty=Duty(login.duty),
        masked=login.masked or role == Role.REGULATOR,
        known_as=f"user:{user.id}",
        login_id=login.id,
    )


def scope_of(user: User, role: Role) -> Scope:
    """A clinic and a consultant are kept to their own institution."""
    return Scope(user.institution_id) if role in (Role.CLINIC, Role.CONSULTANT) else COUNTY
