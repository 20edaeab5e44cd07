"""How often somebody may ask: token buckets in this process, by caller and by address."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from storage.domain.clock import monotonic
from storage.domain.errors import TooManyAttempts
from storage.settings import Settings

_MAX_BUCKETS = 20_000
_PUBLIC_RATE, _PUBLIC_BURST = 5.0, 150.0
"""Of log-ins and links, in a second and at once, from one address: a clinic's people share one."""

_BURST_SECONDS = 5.0


@dataclass
class _Bucket:
    left: float
    at: float


class Buckets:
    """One bucket a name: `rate` requests a second, `burst` at once. Thread-safe; a rate of 0 lets everything pass."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._guard = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> float:
        """0 when one more is let through, else the seconds after which it would be."""
        if self._rate <= 0:
            return 0.0
        now = monotonic()
        with self._guard:
            bucket = self._buckets.pop(name, None) or _Bucket(self._burst, now)
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate)
            bucket.at = now
            self._buckets[name] = bucket
            if len(self._buckets) > _MAX_BUCKETS:
                self._buckets.popitem(last=False)
            if bucket.left < 1:
                return (1 - bucket.left) / self._rate
            bucket.left -= 1
            return 0.0


class Limits:
    """The limits of this process."""

    def __init__(self, settings: Settings) -> None:
        self._callers = Buckets(settings.rate_caller, settings.rate_caller * _BURST_SECONDS)
        self._addresses = Buckets(settings.rate_address, settings.rate_address * _BURST_SECONDS)
        self._public = Buckets(_PUBLIC_RATE if settings.rate_address else 0, _PUBLIC_BURST)

    def take(self, known_as: str) -> None:
        """Count a request of this person, key or link. Raises `TooManyAttempts`."""
        _refuse_after(self._callers.take(known_as))

    def take_public(self, address: str) -> None:
        """Count a log-in, or a link that is shown. Raises `TooManyAttempts`."""
        _refuse_after(self._public.take(address))

    def wait_of(self, address: str) -> float:
        """Count a request from an address: 0, or for how many seconds it has to wait."""
        return self._addresses.take(address)


def _refuse_after(seconds: float) -> None:
    if seconds > 0:
        raise TooManyAttempts("Too many requests at once; wait a moment.", seconds)
