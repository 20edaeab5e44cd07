"""Free TCP ports on the loopback address."""

import random
import socket

HOST = "127.0.0.1"

_LISTENING_RANGE = range(15_000, 32_000)
"""Below Linux's ephemeral range, so that no outgoing connection takes a port between choosing it and listening on it."""

_handed_out: set[int] = set()
_random = random.SystemRandom()


def free_port() -> int:
    """Return a port that nobody listens on and that this process has not been given before."""
    while True:
        port = _random.choice(_LISTENING_RANGE)
        if port not in _handed_out and _can_listen(port):
            _handed_out.add(port)
            return port


def accepts_connections(port: int, host: str = HOST) -> bool:
    """Tell whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
