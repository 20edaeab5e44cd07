"""Organization: the clinics, the county centre, and the hospitals that are asked for opinions."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from storage.db.models import Institution
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, text_fits, token, words
from viewer_api.fhir.parameters import Token
from viewer_api.fhir.terms import INSTITUTIONS, Resource, coding, concept, identifier, pruned

_TYPES = "http://terminology.hl7.org/CodeSystem/organization-type"


def _query() -> Select[Institution]:
    return select(Institution)


def _rendered(_context: Context, found: Sequence[Found]) -> list[Resource]:
    return [organization(one.row) for one in found]


def organization(institution: Institution) -> Resource:
    """An institution."""
    return pruned(
        {
            "resourceType": "Organization",
            "id": str(institution.id),
            "identifier": [identifier(INSTITUTIONS, institution.code)],
            "active": True,
            "type": [concept(coding(_TYPES, "prov", "Healthcare Provider"))],
            "name": institution.name,
            "alias": [institution.name_en] if institution.name_en else [],
        }
    )


def _named(value: str, modifier: str) -> Condition:
    return or_(text_fits(Institution.name, value, modifier), text_fits(Institution.name_en, value, modifier))


def _identified(wanted: Token) -> Condition:
    return (Institution.code == wanted.code) & wanted.is_of(INSTITUTIONS)


ORGANIZATION = Kind(
    "Organization",
    "Clinics, the county centre, upper-level hospitals",
    _query,
    Institution.id,
    _rendered,
    (
        token("identifier", "code of the institution", _identified),
        words("name", "name or alias", _named),
    ),
)
