"""Secrets that the database keeps, sealed with a key that it does not have (AES-256-GCM, NIST SP 800-38D).

A seal is bound to what the secret is of, so that nobody who may write to the database can move it to another row.
"""

import base64
import os
import re
import threading
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.domain.errors import ConfigurationError, SealBroken
from storage.key_files import keys_in, new_key, write_keys
from storage.settings import Settings

_VERSION = "s1"
_NONCE_BYTES = 12
_KEY = re.compile(r"[0-9a-f]{64}")


class Seals:
    """The keys of an installation: the first seals, all of them open. For any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._keys = self._read()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Of the file that the settings name; it is made on first use. Raises `ConfigurationError`."""
        return cls(Path(settings.secrets_key) if settings.secrets_key else settings.data / "keys" / "secrets.key")

    def seal(self, secret: str, about: str) -> str:
        """`about` is what the secret is of, such as "user:17"; the same is needed to open it."""
        with self._lock:
            name, key = next(iter(self._keys.items()))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, secret.encode(), about.encode())
        return f"{_VERSION}.{name}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, about: str) -> str:
        """The secret; one from before there were seals is itself. Raises `SealBroken`."""
        if not is_sealed(sealed):
            return sealed
        name, _, text = sealed.removeprefix(f"{_VERSION}.").partition(".")
        key = self._key(name)
        if key is None:
            raise SealBroken("A secret was sealed with a key that is not in the file of keys.")
        try:
            data = base64.urlsafe_b64decode(text)
            return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken("A sealed secret was changed, or is another row's.") from error

    def is_current(self, sealed: str) -> bool:
        """Whether it is sealed, and with the key that seals now."""
        with self._lock:
            return sealed.startswith(f"{_VERSION}.{next(iter(self._keys))}.")

    def rotate(self) -> None:
        """Seal with a new key from now on; those of before still open."""
        with self._lock:
            write_keys(self._path, [new_key(), *keys_in(self._path)], replace=True)
            self._keys = self._read()

    def forget_old_keys(self) -> None:
        """Leave only the key that seals now. What others have sealed cannot be opened any more."""
        with self._lock:
            write_keys(self._path, keys_in(self._path)[:1], replace=True)
            self._keys = self._read()

    def _key(self, name: str) -> bytes | None:
        with self._lock:
            if name not in self._keys:  # another process may have put a new key first
                self._keys = self._read()
            return self._keys.get(name)

    def _read(self) -> dict[str, bytes]:
        keys = keys_in(self._path)
        if not keys or not all(map(_KEY.fullmatch, keys)):
            message = f"{self._path} must have a key of 64 hexadecimal digits on each line, and at least one."
            raise ConfigurationError(message)
        return {_name(key): bytes.fromhex(key) for key in keys}


def is_sealed(text: str) -> bool:
    """Whether `Seals.seal` made it."""
    return text.startswith(f"{_VERSION}.")


def _name(key: str) -> str:
    """Which key it is, without a way back to it."""
    return sha256(b"countyread seal " + bytes.fromhex(key)).hexdigest()[:12]
