"""Bearer tokens: 256 random bits for the client, their SHA-256 for the database."""

import secrets

from storage.domain.canonical import sha256_hex

COOKIE = "countyread_session"


def new_token() -> str:
    """A fresh token, safe in a header and in a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of `token`."""
    return sha256_hex(token.encode())
