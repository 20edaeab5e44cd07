"""The figures of runs as one SVG: compliance by class, delays, and the load of the day."""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from reading_queue.simulation.figures import Figures, Line, mean
from reading_queue.simulation.tables import Runs

_COLOURS = ("#1f6feb", "#e07b39", "#2a9d62", "#9457c9", "#c2366b", "#6b7280")
_CLASSES = ("P0", "P1", "P2", "P3")
_WIDTH, _LEFT, _RIGHT, _PANEL, _GAP, _TOP = 960, 64, 24, 200, 74, 116
_STYLE = (
    "text{font:13px system-ui,'Noto Sans SC',sans-serif;fill:#1f2937}.t{font-size:19px;font-weight:600}"
    ".h{font-size:14px;font-weight:600}.s{font-size:12px;fill:#6b7280}.n{font-size:11px}.g{stroke:#e5e7eb}"
)


def chart(runs: Runs) -> str:
    """An SVG document of its own."""
    height = _TOP + 3 * (_PANEL + _GAP)
    first = next(iter(runs.values()))
    cases, seeds = mean(first, lambda one: one.cases), len(first)
    told = f"{cases:,.0f} cases" + (f", mean of {seeds} seeds" if seeds > 1 else "")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text class="t" x="{_LEFT}" y="36">{escape(first[0].name or "Simulation")}</text>',
        f'<text class="s" x="{_LEFT}" y="56">{told}</text>',
        *_legend(list(runs)),
        *_compliance(runs, _TOP),
        *_delays(runs, _TOP + _PANEL + _GAP),
        *_load(runs, _TOP + 2 * (_PANEL + _GAP)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _legend(names: Sequence[str]) -> Iterator[str]:
    x = float(_LEFT)
    for number, name in enumerate(names):
        yield f'<rect x="{x:.0f}" y="68" width="12" height="12" rx="2" fill="{_colour(number)}"/>'
        yield f'<text x="{x + 18:.0f}" y="79">{escape(name)}</text>'
        x += 40 + 7.5 * len(name)


def _compliance(runs: Runs, top: float) -> Iterator[str]:
    title = "Signed within the target of clock B, %  (line: aim of the class)"
    yield from _bars(runs, top, title, lambda line: 100 * line.in_target, 100.0)
    for place, priority in enumerate(_CLASSES):
        aim = 95 if priority in ("P0", "P1") else 90
        left, width = _slot(place)
        y = top + 16 + (_PANEL - 16) * (1 - aim / 100)
        yield f'<path d="M{left:.1f} {y:.1f}h{width:.1f}" stroke="#b91c1c" stroke-dasharray="4 3" fill="none"/>'


def _delays(runs: Runs, top: float) -> Iterator[str]:
    lines = [one.of_class(priority) for figures in runs.values() for one in figures for priority in ("P0", "P1")]
    most = max((line.p90 for line in lines if line is not None), default=1.0)
    title = "Minutes from ready to signed, 90 of 100 cases  (bars that reach the top are longer)"
    yield from _bars(runs, top, title, lambda line: line.p90, max(30.0, 1.15 * most))


def _bars(runs: Runs, top: float, title: str, value: Callable[[Line], float], most: float) -> Iterator[str]:
    yield from _frame(top, title, most)
    bottom = top + _PANEL
    for place, priority in enumerate(_CLASSES):
        left, width = _slot(place)
        yield f'<text x="{left + width / 2:.1f}" y="{bottom + 18}" text-anchor="middle">{priority}</text>'
        bar = width / len(runs)
        for number, figures in enumerate(runs.values()):
            found = [value(line) for one in figures if (line := one.of_class(priority)) is not None]
            if not found:
                continue
            mean_value = sum(found) / len(found)
            tall = (_PANEL - 16) * min(1.0, mean_value / most)
            x, y = left + number * bar, bottom - tall
            yield (
                f'<rect x="{x + 2:.1f}" y="{y:.1f}" width="{bar - 4:.1f}" height="{tall:.1f}" rx="2" '
                f'fill="{_colour(number)}"/>'
            )
            label = f"{mean_value:.1f}" if mean_value < 100 else f"{mean_value:.0f}"  # noqa: PLR2004 - three digits
            yield f'<text class="n" x="{x + bar / 2:.1f}" y="{y - 4:.1f}" text-anchor="middle">{label}</text>'


def _load(runs: Runs, top: float) -> Iterator[str]:
    first = next(iter(runs.values()))
    arrived = _by_hour(first, lambda one, hour: one.hours[hour].arrived)
    waiting = [_by_hour(figures, lambda one, hour: one.hours[hour].waiting) for figures in runs.values()]
    most = max(1.0, *arrived, *(value for values in waiting for value in values)) * 1.05
    yield from _frame(top, "By hour of the day: arrivals an hour (grey), cases waiting (lines)", most)
    step, bottom = (_WIDTH - _LEFT - _RIGHT) / 24, top + _PANEL
    for hour, value in enumerate(arrived):
        tall, x = (_PANEL - 16) * value / most, _LEFT + hour * step
        yield f'<rect x="{x + 3:.1f}" y="{bottom - tall:.1f}" width="{step - 6:.1f}" height="{tall:.1f}" fill="#d1d5db"/>'
        yield f'<text class="n" x="{x + step / 2:.1f}" y="{bottom + 16}" text-anchor="middle">{hour}</text>'
    for number, values in enumerate(waiting):
        points = " ".join(
            f"{_LEFT + (hour + 0.5) * step:.1f},{bottom - (_PANEL - 16) * value / most:.1f}"
            for hour, value in enumerate(values)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{_colour(number)}" stroke-width="2.5"/>'


def _frame(top: float, title: str, most: float) -> Iterator[str]:
    yield f'<text class="h" x="{_LEFT}" y="{top - 8}">{escape(title)}</text>'
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = top + _PANEL - (_PANEL - 16) * share
        yield f'<path class="g" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
        yield f'<text class="n" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{most * share:.0f}</text>'


def _by_hour(figures: Sequence[Figures], of: Callable[[Figures, int], float]) -> list[float]:
    return [mean(figures, lambda one, hour=hour: of(one, hour)) for hour in range(24)]  # type: ignore[misc]


def _slot(place: int) -> tuple[float, float]:
    whole = (_WIDTH - _LEFT - _RIGHT) / len(_CLASSES)
    return _LEFT + place * whole + whole * 0.12, whole * 0.76


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]
