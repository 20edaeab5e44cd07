"""One call over the wire: signed, to the address that was looked at, without following anybody anywhere."""

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from reading_queue.hooks.addresses import Network, Target, target_of
from reading_queue.notices.carriers import signature
from reading_queue.notices.errors import DeliveryFailed
from reading_queue.partner_secrets import SealedSecret
from storage.domain.clock import Clock, monotonic
from storage.sealing import Seals

_PATIENCE = httpx.Timeout(15.0, connect=8.0)
_GONE = 410
_USUAL_PORTS = (80, 443)
_IPV6 = 6


@dataclass(frozen=True)
class Call:
    """Ready to go. `keys` are one pair of name and secret, or two while they change. `key` is the same in every attempt."""

    url: str
    keys: Sequence[tuple[str, SealedSecret]]
    key: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How it went: `error` is empty when it was taken. `is_gone` when the other side says that it wants no more, ever."""

    status: int | None
    error: str
    milliseconds: int

    @property
    def is_gone(self) -> bool:
        return self.status == _GONE


def send(call: Call, clock: Clock, test: Sequence[Network], seals: Seals) -> Outcome:
    """One attempt; whatever goes wrong is in the outcome, and nothing of what the other side wrote."""
    began = monotonic()
    status: int | None = None
    try:
        keys = [(name, secret.opened(seals)) for name, secret in call.keys]
        status = _post(target_of(call.url, test), _written(call.body), call, keys, str(int(clock.now().timestamp())))
        error = "" if httpx.codes.is_success(status) else f"HTTP {status}"
    except DeliveryFailed as failure:
        error = str(failure)
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as failure:
        error = type(failure).__name__
    return Outcome(status, error, int((monotonic() - began) * 1000))


def signatures(keys: Sequence[tuple[str, str]], timestamp: str, body: bytes) -> str:
    """`NAME=HEX` for each key, separated by commas: HMAC-SHA256 over timestamp, a full stop and the body."""
    return ",".join(f"{name}={signature(secret, timestamp, body)}" for name, secret in keys)


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _post(target: Target, body: bytes, call: Call, keys: Sequence[tuple[str, str]], timestamp: str) -> int:
    headers = {
        "Host": _host(target),
        "Content-Type": "application/json",
        "User-Agent": "countyread",
        "Idempotency-Key": call.key,
        "Countyread-Sequence": str(call.body["sequence"]),
        "Countyread-Timestamp": timestamp,
        "Countyread-Signature": signatures(keys, timestamp, body),
    }
    host = f"[{target.address}]" if target.address.version == _IPV6 else str(target.address)
    url = f"{target.scheme}://{host}:{target.port}{target.path}"
    # The certificate is that of the name, though the call goes to the address that was looked at.
    extensions = {"sni_hostname": target.host}
    context = ssl.create_default_context()
    with (
        httpx.Client(timeout=_PATIENCE, verify=context, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", url, headers=headers, content=body, extensions=extensions) as answer,
    ):
        return answer.status_code


def _host(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port in _USUAL_PORTS else f"{name}:{target.port}"
