"""Practitioner: the people whom reports, tasks and communications name."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from storage.db.models import Institution, User
from storage.db.session import Scope
from storage.domain.reading import InstitutionKind
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, text_fits, token, words
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.terms import USERS, Resource, concept, identifier, pruned


def _query() -> Select[User]:
    return select(User)


def _rendered(_context: Context, found: Sequence[Found]) -> list[Resource]:
    return [practitioner(one.row) for one in found]


def practitioner(user: User) -> Resource:
    """A person who works here. Addresses and telephone numbers are nobody's business."""
    return pruned(
        {
            "resourceType": "Practitioner",
            "id": str(user.id),
            "identifier": [identifier(USERS, user.username)],
            "active": user.active,
            "name": [{"use": "official", "text": user.display_name}] if user.display_name else [],
            "qualification": [{"code": concept(text=user.title)}] if user.title else [],
        }
    )


def _seen_by(scope: Scope) -> Condition | None:
    """A clinic sees its own people and those of the centre."""
    if scope.institution_id is None:
        return None
    centre = select(Institution.id).where(Institution.kind == InstitutionKind.CENTRE)
    return or_(User.institution_id == scope.institution_id, User.institution_id.in_(centre))


def _identified(wanted: Token) -> Condition:
    return (User.username == wanted.code) & wanted.is_of(USERS)


PRACTITIONER = Kind(
    "Practitioner",
    "Readers, auditing physicians and the others who act here",
    _query,
    User.id,
    _rendered,
    (
        token("identifier", "user name", _identified),
        words("name", "name", lambda value, modifier: text_fits(User.display_name, value, modifier)),
        token("active", "true or false", lambda wanted: User.active.is_(wanted.code == "true")),
    ),
    visible=_seen_by,
)
