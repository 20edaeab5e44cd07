"""What a line carries over time: where nothing goes over it while somebody waits, the way of asking is at fault."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.services.shaping import BadLine, Shape

_SECONDS = 0.1
_IN_A_ROW = 20


@contextmanager
def carried(line: BadLine) -> Iterator[list[int]]:
    """Bytes that came down in each tenth of a second from here on; the list grows until the block is left."""
    tenths: list[int] = []
    ended = threading.Event()
    counting = threading.Thread(target=_count, args=(line, tenths, ended), name="line-use", daemon=True)
    counting.start()
    try:
        yield tenths
    finally:
        ended.set()
        counting.join()


def _count(line: BadLine, tenths: list[int], ended: threading.Event) -> None:
    before, due = line.bytes_down, time.monotonic() + _SECONDS
    while not ended.wait(max(0.0, due - time.monotonic())):
        now = line.bytes_down
        tenths.append(now - before)
        before, due = now, due + _SECONDS


def print_shares(tenths: Sequence[int], shape: Shape) -> None:
    """Percent of what the line can carry, tenth by tenth, and how many of them it was idle."""
    shares = [round(100 * size / shape.rate / _SECONDS) for size in tenths]
    idle = sum(100 - min(share, 100) for share in shares) / 100 * _SECONDS
    print(f"\n    percent of the line in each tenth of a second; {idle:.1f} s of {len(shares) * _SECONDS:.1f} s idle")
    for first in range(0, len(shares), _IN_A_ROW):
        row = " ".join(f"{share:3d}" for share in shares[first : first + _IN_A_ROW])
        print(f"  {first * _SECONDS:5.1f} s  {row}", flush=True)
