"""Words of accounts: what a person owes before anything opens, and how somebody showed who he is."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Duty(StrEnum):
    """What has to be done in a session before any other route opens."""

    NONE = ""
    PASSWORD = "password"  # noqa: S105 - the name of a duty
    SECOND_FACTOR = "second_factor"


class LoginMethod(StrEnum):
    """How a session was opened."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    OIDC = "oidc"


class GlassOutcome(StrEnum):
    """What the review of a broken glass came to."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class Scope(StrEnum):
    """What an API key may be used for."""

    RESULTS_READ = "results:read"
    RECEIPTS_WRITE = "receipts:write"
    ORDERS_WRITE = "orders:write"
    STUDIES_READ = "studies:read"
    DICOMWEB = "dicomweb"
    FHIR = "fhir"


@dataclass(frozen=True)
class LockOut:
    """How many wrong log-ins an account and an address may have in a row, and for how long each is locked out then.

    The first time for `first`, each time after it for twice as long, never longer than `longest`.
    """

    account_tries: int
    address_tries: int
    first: timedelta
    longest: timedelta

    def after(self, lock_outs: int) -> timedelta:
        """How long it is when there were `lock_outs` of them already."""
        doubled: int = 2 ** min(lock_outs, _MAX_DOUBLINGS)
        return min(self.first * doubled, self.longest)


_MAX_DOUBLINGS = 20
