"""Where calls may go: never to this machine, its neighbours on the link, or what clouds keep their keys behind."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from reading_queue.notices.errors import DeliveryFailed, DeliveryRefused
from storage.domain.errors import ConfigurationError, InvalidField

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254", "168.63.129.16", "192.0.0.192")))
"""Services that give a machine its credentials, at addresses that are not link-local (169.254.169.254 is)."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HTTPS, _HTTP = 443, 80
_LONGEST_URL = 500


@dataclass(frozen=True)
class Target:
    """An address that was looked at, and what it was called: the call goes to `address`, whatever the name says later."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address


def test_networks(text: str) -> list[Network]:
    """`COUNTYREAD_HOOK_TEST_NETWORKS`: networks (CIDR, separated by commas) that may be called whatever they are, and
    without TLS. Raises `ConfigurationError`.
    """
    try:
        return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError as error:
        message = "COUNTYREAD_HOOK_TEST_NETWORKS must be networks such as 127.0.0.0/8, separated by commas."
        raise ConfigurationError(message) from error


def checked_url(url: str, test: Sequence[Network]) -> str:
    """The URL, if it may be kept. Whether its address may be called is looked at with each call. Raises `InvalidField`."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise InvalidField("url", "is no address of a web service.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and test):
        raise InvalidField("url", "must begin with https://.")
    if not parts.hostname or len(url) > _LONGEST_URL or not url.isascii() or port == 0:
        raise InvalidField("url", "is no address of a web service.")
    if parts.username is not None or parts.fragment:
        raise InvalidField("url", "must not have a user, a password or a fragment: calls are signed.")
    literal = _literal(parts.hostname)
    if literal is not None and not may_be_called(literal, test):
        raise InvalidField("url", "leads to an address that is not called.")
    return url.strip()


def target_of(url: str, test: Sequence[Network]) -> Target:
    """Resolve the name now. Raises `DeliveryRefused` for what may not be called, `DeliveryFailed` for what has no address."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (_HTTPS if parts.scheme == "https" else _HTTP)
    found = _resolved(host, port)
    if not all(may_be_called(one, test) for one in found):
        raise DeliveryRefused("address not allowed")
    address = found[0]
    if parts.scheme != "https" and not _is_in(address, test):
        raise DeliveryRefused("https required")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, address)


def may_be_called(address: Address, test: Sequence[Network]) -> bool:
    """Public addresses and those of private networks, where hospitals' systems are; nothing else but the test networks."""
    inner = _inner(address)
    if _is_in(inner, test):
        return True
    is_odd = inner.is_loopback or inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner.is_reserved
    return not is_odd and inner not in _METADATA


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for: mapped, by 6to4, or through NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _resolved(host: str, port: int) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DeliveryFailed("name not found") from error
    found = list(dict.fromkeys(ipaddress.ip_address(str(answer[4][0]).split("%")[0]) for answer in answers))
    if not found:
        raise DeliveryFailed("name not found")
    return found
