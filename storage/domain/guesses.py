"""Whose equipment an unknown caller probably is, and of which kind, so that an administrator only has to agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

_NEIGHBOURHOOD_BITS = {4: 24, 6: 64}
_BY_CLASS: Mapping[str, str] = {
    "1.2.840.10008.5.1.4.1.1.1.2": "MG",
    "1.2.840.10008.5.1.4.1.1.1.3": "IO",
    "1.2.840.10008.5.1.4.1.1.1.1": "DX",
    "1.2.840.10008.5.1.4.1.1.12.1": "XA",
    "1.2.840.10008.5.1.4.1.1.12.2": "RF",
    "1.2.840.10008.5.1.4.1.1.128": "PT",
    "1.2.840.10008.5.1.4.1.1.20": "NM",
    "1.2.840.10008.5.1.4.1.1.77.1.1": "ES",
    "1.2.840.10008.5.1.4.1.1.9.1": "ECG",
    "1.2.840.10008.5.1.4.1.1.3": "US",
    "1.2.840.10008.5.1.4.1.1.6": "US",
    "1.2.840.10008.5.1.4.1.1.2": "CT",
    "1.2.840.10008.5.1.4.1.1.4": "MR",
    "1.2.840.10008.5.1.4.1.1.1": "CR",
}
"""SOP class UIDs (PS3.4 B.5) and what makes such objects. A class stands for those below it too (CT and enhanced CT)."""

_BY_NAME = ("DR", "DX", "CT", "MR", "US", "ECG", "CR", "MG", "XA", "RF", "ES")
_NAMES = {"DR": "DX"}


@dataclass(frozen=True)
class Neighbour:
    """A device that is known: its calling AE title, its institution, and the address it last came from, if any."""

    ae_title: str
    institution: str
    address: str


def guess_modality(ae_title: str, sop_classes: Iterable[str]) -> str:
    """From the AE title (T01_CT), else from what it wants to store when that is of one kind; empty when unclear."""
    for part in reversed(ae_title.upper().replace("-", "_").split("_")):
        name = part.rstrip("0123456789")
        if name in _BY_NAME:
            return _NAMES.get(name, name)
    found = {modality for uid in sop_classes if (modality := _modality_of(uid))}
    if found <= {"DX", "CR"} and found:
        return "DX"
    return found.pop() if len(found) == 1 else ""


def _modality_of(sop_class: str) -> str:
    for uid, modality in _BY_CLASS.items():
        if sop_class == uid or sop_class.startswith(f"{uid}."):
            return modality
    return ""


def guess_institution(ae_title: str, address: str, known: Iterable[Neighbour], codes: Iterable[str]) -> str:
    """By the prefix of the AE title, which a clinic's devices share or which is its code; else by the network it is in.

    Empty when there is no hint, or hints that contradict each other.
    """
    prefix = ae_title.upper().split("_", maxsplit=1)[0] if "_" in ae_title else ""
    neighbours = list(known)
    by_code = {code for code in codes if prefix and code.upper() == prefix}
    by_name = {one.institution for one in neighbours if prefix and one.ae_title.upper().startswith(f"{prefix}_")}
    by_network = {one.institution for one in neighbours if is_nearby(address, one.address)}
    for found in (by_code, by_name, by_network):
        if len(found) == 1:
            return found.pop()
    return ""


def is_nearby(one: str, other: str) -> bool:
    """Whether two addresses are in the same small network (a /24, for IPv6 a /64)."""
    try:
        here, there = ip_address(one), ip_address(other)
    except ValueError:
        return False
    if here.version != there.version or here.is_loopback:
        return False
    return there in ip_network(f"{here}/{_NEIGHBOURHOOD_BITS[here.version]}", strict=False)
