"""Who may associate from where: the rules for one device, and why a caller was refused. Addresses are IPv4 or IPv6."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

MAX_AE_TITLE = 16
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UID = re.compile(r"(?=.{1,64}\Z)(0|[1-9]\d*)(\.(0|[1-9]\d*))+")


class RefusalReason(StrEnum):
    """Why a caller was refused an association, as the administrator is told."""

    CALLING_AE_TITLE = "calling_ae_title_not_recognized"
    CALLED_AE_TITLE = "called_ae_title_not_recognized"
    ADDRESS = "address_not_allowed"
    NO_CERTIFICATE = "no_client_certificate"
    OTHER_CERTIFICATE = "other_client_certificate"
    NOT_DICOM = "not_a_dicom_device"
    TOO_MANY = "too_many_associations"


IN_WORDS: Mapping[RefusalReason, str] = {
    RefusalReason.CALLING_AE_TITLE: "no device has this calling AE title",
    RefusalReason.CALLED_AE_TITLE: "it called another AE title",
    RefusalReason.ADDRESS: "it came from another address",
    RefusalReason.NO_CERTIFICATE: "it showed no client certificate",
    RefusalReason.OTHER_CERTIFICATE: "it showed another client certificate",
    RefusalReason.NOT_DICOM: "this device does not come in by DICOM",
    RefusalReason.TOO_MANY: "it has too many associations open",
}


def is_ae_title(text: str) -> bool:
    """PS3.5 6.2, VR AE: 1 to 16 printable ASCII characters, not a backslash, no spaces around."""
    return (
        1 <= len(text) <= MAX_AE_TITLE
        and text == text.strip()
        and all(" " <= character <= "~" and character != "\\" for character in text)
    )


def is_uid(text: str) -> bool:
    """PS3.5 9.1: up to 64 characters, components of digits without leading zeros."""
    return _UID.fullmatch(text) is not None


def parse_network(text: str) -> str:
    """A network or one address in its normal form: `10.0.1.0/24`, `10.0.1.7/32`, `fd00::/8`. Raises `ValueError`."""
    return str(ip_network(_unmapped(text.strip()), strict=False))


def parse_fingerprint(text: str) -> str:
    """The SHA-256 of a certificate as 64 hexadecimal digits; colons, as openssl prints them, may stand between them.

    Raises `ValueError`.
    """
    digits = text.strip().lower().removeprefix("sha256 fingerprint=").replace(":", "")
    if _SHA256.fullmatch(digits) is None:
        raise ValueError
    return digits


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of the networks; an IPv4 address that comes over an IPv6 socket counts as IPv4."""
    try:
        caller = ip_address(_unmapped(address))
    except ValueError:
        return False
    return any(caller in network for network in map(_network, networks) if network is not None)


def _unmapped(text: str) -> str:
    """`::ffff:10.0.1.7` is 10.0.1.7; a scope (`fe80::1%eth0`) says where we are, not where the caller is."""
    text = text.split("%", maxsplit=1)[0]
    try:
        address = ip_address(text)
    except ValueError:
        return text
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


plain_address = _unmapped
"""The address as people write it."""


@lru_cache(maxsize=1024)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
