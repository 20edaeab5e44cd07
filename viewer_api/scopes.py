"""Which routes an API key opens: by its scopes, within what the role of its institution may."""

import re
from collections.abc import Collection

from storage.domain.accounts import Scope

_OPENS: tuple[tuple[Scope, re.Pattern[str]], ...] = (
    (Scope.RESULTS_READ, re.compile(r"GET /api/v1/(results(/.*)?|reports/.*)")),
    (Scope.RECEIPTS_WRITE, re.compile(r"POST /api/v1/results/.*receipts?")),
    (Scope.ORDERS_WRITE, re.compile(r"(GET|POST|PATCH) /api/v1/orders(/.*)?")),
    (
        Scope.STUDIES_READ,
        re.compile(r"GET /api/v1/studies(/\{study_instance_uid\}(/thumbnail|/series/.*)?)?"),
    ),
    (Scope.DICOMWEB, re.compile(r"(GET|POST|PUT|DELETE) /(dicomweb|wado)(/.*)?")),
    (Scope.FHIR, re.compile(r"(GET|POST|PUT) /fhir(/.*)?")),
)


def scopes_for(route: str) -> frozenset[Scope]:
    """The scopes any of which opens a route, which is given as method and path template."""
    return frozenset(scope for scope, pattern in _OPENS if pattern.fullmatch(route))


def opens(scopes: Collection[Scope], route: str) -> bool:
    """Whether a key with these scopes opens the route, as far as scopes go."""
    return not scopes_for(route).isdisjoint(scopes)
