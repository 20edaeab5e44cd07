"""Bearer tokens: 256 random bits for the client, their SHA-256 for the database. What they begin with says what they are."""

import secrets

from storage.domain.canonical import sha256_hex

COOKIE = "countyread_session"
SHARE_COOKIE = "countyread_shared"
KEY_PREFIX = "crk_"
VISIT_PREFIX = "crv_"
WALL_PREFIX = "crw_"
_SHOWN = 8


def new_token(prefix: str = "") -> str:
    """A fresh token, safe in a header and in a cookie."""
    return prefix + secrets.token_urlsafe(32)


def new_key() -> tuple[str, str]:
    """A fresh API key, and the part of it by which people know it: not secret, and never two of them alike."""
    shown = secrets.token_hex(_SHOWN // 2)
    return f"{KEY_PREFIX}{shown}_{secrets.token_urlsafe(32)}", shown


def token_hash(token: str) -> str:
    """What the database keeps of `token`."""
    return sha256_hex(token.encode())
