"""Who acts, what a report says, and what a claim gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from reading_queue.templates.structures import Structure
from storage.db.models import Draft, ReadingTask, User
from storage.domain.errors import Invalid
from storage.domain.reading import InstitutionKind, Role
from storage.domain.rosters import Licence


@dataclass(frozen=True)
class Actor:
    """A person, or the system itself when `role` is None. `modalities` limits what he may read; None means everything.

    `licences` are those that hold at the moment of the request or the write, and then they alone count; None where
    nothing is on record about him, or where nobody has looked yet (`stepping.allow_locked` always does).
    """

    user_id: int | None
    username: str
    name: str
    title: str
    role: Role | None
    institution_id: int | None
    institution_kind: InstitutionKind | None
    modalities: tuple[str, ...] | None
    licences: tuple[Licence, ...] | None = None

    @classmethod
    def of(cls, user: User) -> Self:
        """The actor that `user` is."""
        return cls(
            user_id=user.id,
            username=user.username,
            name=user.display_name,
            title=user.title,
            role=Role(user.role),
            institution_id=user.institution_id,
            institution_kind=InstitutionKind(user.institution.kind),
            modalities=None if user.modalities is None else tuple(user.modalities),
        )


SYSTEM = Actor(None, "system", "", "", None, None, None, None)
"""A clock, an arrival, a sweep."""


@dataclass(frozen=True)
class ReportContent:
    """What a reader writes. `critical` is the critical value in words, empty when there is none.

    `structure` is the template that the words were made from, with its values; the words may have been changed since.
    """

    findings: str
    impression: str
    positive: bool | None = None
    critical: str = ""
    structure: Structure | None = None

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """What has been saved."""
        return cls(draft.findings, draft.impression, draft.positive, draft.critical, Structure.of(draft.structure))

    def require_complete(self) -> None:
        """Raise `Invalid` unless there is something to issue: findings and an impression."""
        for field, value in (("findings", self.findings), ("impression", self.impression)):
            if not value.strip():
                raise Invalid(f"The report needs its {field}.")


@dataclass(frozen=True)
class Lease:
    """A task in hand: every write needs `token` (the Transaction UID of PS3.4 CC.2.1) until `expires_at`."""

    task: ReadingTask
    token: str
    expires_at: datetime
