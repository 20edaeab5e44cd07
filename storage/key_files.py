"""Files of keys: for their owner's eyes alone, made on first use, outside the database that they guard."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

_KEY_BYTES = 32


def keys_in(path: Path) -> list[str]:
    """The keys, a line each; a new one where there is no file yet."""
    if not path.exists():
        write_keys(path, [new_key()], replace=False)
    return [line.strip() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]


def new_key() -> str:
    """256 bits in hexadecimal digits."""
    return secrets.token_hex(_KEY_BYTES)


def write_keys(path: Path, keys: list[str], *, replace: bool) -> None:
    """Durably, and never half: who reads meanwhile finds the old file or the new. Another process's stays unless `replace`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    if replace:
        made.replace(path)
        return
    with suppress(FileExistsError):
        os.link(made, path)
    made.unlink()
