"""Logging in at the county's identity provider (OpenID Connect Core 1.0, authorization code with PKCE, RFC 7636)."""

import hashlib
import threading
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from storage.domain.clock import monotonic
from storage.domain.errors import SignOnFailed, StoreUnavailable
from storage.settings import Settings

_SECONDS = 10.0
_KNOWN_FOR = 600.0
_ALGORITHMS = ["RS256", "ES256", "PS256"]
"""Signatures by the provider's own key. Neither "none" nor those with a shared secret (RFC 8725 3.1)."""

_LEEWAY = 60
_AWAY = "The identity provider does not answer; log in with your password, or try again later."
_BAD = "The identity provider's answer cannot be trusted; begin again."


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is: `subject` never changes, the rest are claims."""

    subject: str
    username: str
    name: str
    claims: Mapping[str, Any]


@dataclass(frozen=True)
class _Provider:
    authorization_endpoint: str
    token_endpoint: str
    keys: KeySet
    read_at: float


class SignOn:
    """The county's identity provider as this process knows it. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._guard = threading.Lock()
        self._known: _Provider | None = None

    @property
    def is_on(self) -> bool:
        """Whether the county has one."""
        return bool(self._issuer)

    def address(self, *, state: str, nonce: str, verifier: str, redirect_uri: str) -> str:
        """Where the browser goes to log in (3.1.2.1). Raises `StoreUnavailable` while the provider is away."""
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": redirect_uri,
            "scope": self._settings.oidc_scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = self._provider().authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def identify(self, *, code: str, nonce: str, verifier: str, redirect_uri: str, now: datetime) -> Identity:
        """Who it is, by the code that the browser brought (3.1.3). Raises `SignOnFailed`, `StoreUnavailable`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": verifier,
        }
        if self._settings.oidc_client_secret:
            form["client_secret"] = self._settings.oidc_client_secret
        try:
            answer = httpx.post(self._provider().token_endpoint, data=form, timeout=_SECONDS)
            token = str(answer.json()["id_token"]) if answer.is_success else ""
        except httpx.HTTPError as error:
            raise StoreUnavailable(_AWAY) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SignOnFailed(_BAD) from error
        return self._identity(self._claims(token, nonce, now))

    def _claims(self, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of an ID token whose signature, issuer, audience, times and nonce are right (3.1.3.7)."""
        try:
            claims = self._decoded(token)
            registry = jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=_LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            registry.validate(dict(claims) | {"iss": str(claims.get("iss", "")).rstrip("/")})
        except (JoseError, ValueError, TypeError) as error:
            raise SignOnFailed(_BAD) from error
        several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
        if several and claims.get("azp") != self._settings.oidc_client_id:
            raise SignOnFailed(_BAD)
        return claims

    def _decoded(self, token: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, self._provider().keys, algorithms=_ALGORITHMS).claims
        except JoseError:
            # The provider may have changed its keys since they were read.
            return jwt.decode(token, self._provider(anew=True).keys, algorithms=_ALGORITHMS).claims

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        username = claims.get(self._settings.oidc_username_claim) or claims["sub"]
        return Identity(str(claims["sub"]), str(username), str(claims.get("name") or username), claims)

    def _provider(self, *, anew: bool = False) -> _Provider:
        with self._guard:
            known = self._known
            fresh = known is not None and monotonic() - known.read_at < _KNOWN_FOR
            if known is None or not fresh or (anew and monotonic() - known.read_at > 1):
                known = self._known = self._read()
            return known

    def _read(self) -> _Provider:
        try:
            said = self._get(f"{self._issuer}/.well-known/openid-configuration")
            if str(said["issuer"]).rstrip("/") != self._issuer:
                raise SignOnFailed(_BAD)
            keys = KeySet.import_key_set(self._get(said["jwks_uri"]))  # type: ignore[arg-type]
            return _Provider(said["authorization_endpoint"], said["token_endpoint"], keys, monotonic())
        except (httpx.HTTPError, ValueError, KeyError, JoseError) as error:
            raise StoreUnavailable(_AWAY) from error

    @staticmethod
    def _get(url: str) -> dict[str, Any]:
        answer = httpx.get(url, timeout=_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def challenge(verifier: str) -> str:
    """What the provider is told of the verifier (RFC 7636 4.2, S256)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
