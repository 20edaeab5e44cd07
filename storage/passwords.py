"""Passwords, kept as Argon2id hashes (RFC 9106, second recommended option)."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_few_at_once = threading.BoundedSemaphore(2)
"""One check takes 64 MiB: a flood of log-ins must not take the machine's memory."""

_NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$nlk6y7Ks/P7jB6E11+NklQ$jMg1ccytT5SuBb/eQMLQ4jDE+EChCWR8b/MaPL+5Kw8"
"""Of random characters that nobody kept, with the parameters above."""


def hash_password(password: str) -> str:
    """The hash to store, with its own salt and parameters."""
    with _few_at_once:
        return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` fits `stored`. Without a stored hash it takes as long, and the answer is no."""
    with _few_at_once:
        try:
            _hasher.verify(stored or _NOBODYS_HASH, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None
