"""Counts of requests, and numbers of the county, in the Prometheus text format 0.0.4. No patient data."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass
class _Durations:
    buckets: list[int] = field(default_factory=lambda: [0] * len(_BUCKETS))
    count: int = 0
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.count += 1
        self.total += seconds
        for index, limit in enumerate(_BUCKETS):
            self.buckets[index] += seconds <= limit


class RequestMetrics:
    """Requests by method, route and status since this process started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, int], int] = defaultdict(int)
        self._durations: dict[str, _Durations] = defaultdict(_Durations)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one request. `route` is the template: a path would make a series for every study."""
        with self._lock:
            self._counts[method, route, status] += 1
            self._durations[route].add(seconds)

    def lines(self) -> list[str]:
        """In the text format."""
        with self._lock:
            return [*self._count_lines(), *self._duration_lines()]

    def _count_lines(self) -> Iterable[str]:
        yield from _head("countyread_http_requests_total", "counter", "Requests answered.")
        for (method, route, status), count in sorted(self._counts.items()):
            labels = {"method": method, "route": route, "status": str(status)}
            yield sample("countyread_http_requests_total", count, labels)

    def _duration_lines(self) -> Iterable[str]:
        name = "countyread_http_request_seconds"
        yield from _head(name, "histogram", "Time to answer, long polls and event streams included.")
        for route, durations in sorted(self._durations.items()):
            for limit, count in zip(_BUCKETS, durations.buckets, strict=True):
                yield sample(f"{name}_bucket", count, {"route": route, "le": f"{limit:g}"})
            yield sample(f"{name}_bucket", durations.count, {"route": route, "le": "+Inf"})
            yield sample(f"{name}_sum", round(durations.total, 6), {"route": route})
            yield sample(f"{name}_count", durations.count, {"route": route})


def gauge(name: str, text: str, values: Iterable[tuple[Mapping[str, str], float]]) -> list[str]:
    """A gauge with its samples by labels."""
    return [*_head(name, "gauge", text), *(sample(name, value, labels) for labels, value in values)]


def sample(name: str, value: float, labels: Mapping[str, str]) -> str:
    """One line of the text format."""
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"


def _head(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
