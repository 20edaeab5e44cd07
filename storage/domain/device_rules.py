"""What an administrator may write into the fields of a device, and what is wrong with it in words."""

from collections.abc import Callable, Mapping
from typing import Any

from storage.domain.admission import is_ae_title, is_uid, parse_fingerprint, parse_network
from storage.domain.devices import CharsetRule, DeviceKind
from storage.domain.errors import InvalidField
from storage.domain.worklist_charsets import WorklistCharset

CHARSETS = (
    "GB18030",
    "GBK",
    "ISO_IR 192",
    "ISO_IR 100",
    "ISO_IR 101",
    "ISO_IR 109",
    "ISO_IR 110",
    "ISO_IR 144",
    "ISO_IR 127",
    "ISO_IR 126",
    "ISO_IR 138",
    "ISO_IR 148",
    "ISO_IR 203",
    "ISO_IR 13",
    "ISO_IR 166",
    "ISO 2022 IR 58",
    "ISO 2022 IR 87",
    "ISO 2022 IR 149",
    "ISO 2022 IR 159",
)
"""Defined terms of PS3.3 C.12.1.1.2, those of Chinese equipment first."""

_MAX_PORT, _MAX_HOST = 65535, 253


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises `InvalidField` for the first one that makes no sense."""
    return {name: _RULES[name](name, value) if name in _RULES else value for name, value in values.items()}


def check_reachable(host: str, port: int | None) -> None:
    """Raises `InvalidField` unless both are given or none."""
    if bool(host) != (port is not None):
        raise InvalidField("port" if host else "host", "is missing: give host and port together, or neither.")


def _title(name: str, value: str) -> str:
    if not is_ae_title(value):
        raise InvalidField(name, "must be 1 to 16 ASCII characters without a backslash, as the console has it.")
    return value


def _optional_title(name: str, value: str) -> str:
    return _title(name, value) if value else ""


def _networks(name: str, value: list[str] | None) -> list[str] | None:
    try:
        return [parse_network(text) for text in value or ()] or None
    except ValueError as error:
        raise InvalidField(name, "must be addresses or networks like 10.0.1.7 or 10.0.1.0/24.") from error


def _fingerprint(name: str, value: str) -> str:
    try:
        return parse_fingerprint(value) if value else ""
    except ValueError as error:
        advice = "must be a SHA-256 of 64 hexadecimal digits, as 'openssl x509 -noout -fingerprint -sha256' prints it."
        raise InvalidField(name, advice) from error


def _host(name: str, value: str) -> str:
    if len(value) > _MAX_HOST or any(character.isspace() or character in "/\\@" for character in value):
        raise InvalidField(name, "must be a host name or an address, without port and without spaces.")
    return value


def _port(name: str, value: int | None) -> int | None:
    if value is not None and not 1 <= value <= _MAX_PORT:
        raise InvalidField(name, "must be a port between 1 and 65535.")
    return value


def _sop_classes(name: str, value: list[str] | None) -> list[str] | None:
    for uid in value or ():
        if not is_uid(uid):
            raise InvalidField(name, f"must be UIDs of SOP classes; {uid[:64]!r} is none.")
    return list(dict.fromkeys(value or ())) or None


def _charset(name: str, value: str) -> str:
    if value and not all(not term or term in CHARSETS for term in value.split("\\")):
        raise InvalidField(name, f"must be a defined term of DICOM: {', '.join(CHARSETS[:4])} ...")
    return value


def _worklist_charset(_name: str, value: str) -> str:
    WorklistCharset.parse(value)
    return value


def _amount(name: str, value: float | None) -> float | None:
    if value is not None and value < 0:
        raise InvalidField(name, "must be zero or more, or nothing for no limit.")
    return value


def _modality(name: str, value: str) -> str:
    code = value.strip().upper()
    if len(code) > MAX_MODALITY or not all(
        letter.isascii() and (letter.isalnum() or letter in " _") for letter in code
    ):
        raise InvalidField(name, "must be a code like CT, DX, US or ECG.")
    return code


def _short(name: str, value: str) -> str:
    text = value.strip()
    if len(text) > MAX_TEXT or not text.isprintable():
        raise InvalidField(name, f"must be at most {MAX_TEXT} characters on one line.")
    return text


def _kind(name: str, value: str) -> str:
    if value not in set(DeviceKind):
        raise InvalidField(name, f"must be one of {', '.join(DeviceKind)}.")
    return str(value)


def _charset_rule(name: str, value: str) -> str:
    if value not in set(CharsetRule):
        raise InvalidField(name, f"must be one of {', '.join(CharsetRule)}.")
    return str(value)


MAX_MODALITY, MAX_TEXT = 16, 100
_RULES: Mapping[str, Callable[[str, Any], Any]] = {
    "ae_title": _title,
    "called_ae_title": _optional_title,
    "networks": _networks,
    "certificate_sha256": _fingerprint,
    "host": _host,
    "port": _port,
    "sop_classes": _sop_classes,
    "charset": _charset,
    "worklist_charset": _worklist_charset,
    "charset_rule": _charset_rule,
    "kind": _kind,
    "daily_objects": _amount,
    "daily_bytes": _amount,
    "ready_idle": _amount,
    "modality": _modality,
    "name": _short,
    "issuer": _short,
}
