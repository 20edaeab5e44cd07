"""The figures of runs as text, side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from reading_queue.simulation.figures import Figures, Line, by_reader, mean

Runs = Mapping[str, Sequence[Figures]]
"""Runs with several seeds, by the name of what is compared. All have the same number."""

_BAR = "▁▂▃▄▅▆▇█"


def report(runs: Runs) -> str:
    """Everything that a manager asks for; means over the seeds."""
    first = next(iter(runs.values()))
    parts = [_head(runs, first), _classes(runs), _hours(runs), *_more(runs)]
    if len(runs) == 1:
        parts.insert(2, _groups(first))
    return "\n\n".join(part for part in parts if part)


def _head(runs: Runs, first: Sequence[Figures]) -> str:
    seeds = ", ".join(str(one.seed) for one in first)
    lines = [f"{first[0].name or 'month'}: {mean(first, lambda one: one.cases):.0f} cases, seeds {seeds}"]
    for name, figures in runs.items():
        left = mean(figures, lambda one: one.unfinished)
        lines.append(
            f"  {name}: {mean(figures, lambda one: one.signed):.0f} signed, "
            f"{mean(figures, lambda one: one.unreadable):.0f} unreadable, {left:.0f} open a week after the month"
        )
    return "\n".join(lines)


def _classes(runs: Runs) -> str:
    head = ["class", "", "cases", "late", "over max", "in target", "in max", "median", "p90", "2 h (clock A)"]
    rows = [
        [priority, name, *_line(figures, lambda one, wanted=priority: one.of_class(wanted))]  # type: ignore[misc]
        for priority in ("P0", "P1", "P2", "P3")
        for name, figures in runs.items()
        if any(one.of_class(priority) for one in figures)
    ]
    return "Compliance on clock B by class (minutes, pauses not counted)\n" + _table(head, rows)


def _groups(figures: Sequence[Figures]) -> str:
    head = ["class", "group", "cases", "late", "over max", "in target", "in max", "median", "p90", "2 h (clock A)"]
    keys = sorted({(line.priority, line.group) for one in figures for line in one.groups})
    rows = [[*key, *_line(figures, lambda one, key=key: _find(one, key))] for key in keys]  # type: ignore[misc]
    return "The same by group of modalities\n" + _table(head, rows)


def _find(figures: Figures, key: tuple[str, str]) -> Line | None:
    return next((line for line in figures.groups if (line.priority, line.group) == key), None)


def _line(figures: Sequence[Figures], of: Callable[[Figures], Line | None]) -> list[str]:
    lines = [line for one in figures if (line := of(one)) is not None]

    def average(value: Callable[[Line], float]) -> float:
        return sum(value(line) for line in lines) / len(lines)

    bound = [line.clock_a for line in lines if line.clock_a is not None]
    return [
        f"{average(lambda line: line.cases):.0f}",
        f"{average(lambda line: line.late):.1f}",
        f"{average(lambda line: line.breached):.1f}",
        f"{average(lambda line: line.in_target):.1%}",
        f"{average(lambda line: line.in_maximum):.1%}",
        f"{average(lambda line: line.median):.1f}",
        f"{average(lambda line: line.p90):.1f}",
        f"{sum(bound) / len(bound):.1%}" if bound else "",
    ]


def _hours(runs: Runs) -> str:
    lines = ["Load by hour of the day, 0 to 23"]
    first = next(iter(runs.values()))
    lines.append(_curve("arrivals", [mean(first, lambda one, h=h: one.hours[h].arrived) for h in range(24)]))  # type: ignore[misc]
    lines.append(_curve("at a desk", [mean(first, lambda one, h=h: one.hours[h].at_desk) for h in range(24)]))  # type: ignore[misc]
    for name, figures in runs.items():
        waiting = [mean(figures, lambda one, h=h: one.hours[h].waiting) for h in range(24)]  # type: ignore[misc]
        lines.append(_curve(f"waiting, {name}", waiting))
    return "\n".join(lines)


def _curve(name: str, values: Sequence[float]) -> str:
    top = max(values) or 1.0
    bars = "".join(_BAR[min(len(_BAR) - 1, int(value / top * len(_BAR)))] for value in values)
    return f"  {name:<24} {bars}  up to {top:.1f}"


def _more(runs: Runs) -> Iterable[str]:
    for name, figures in runs.items():
        head = ["reader", "read", "audited", "RVU", "shift h", "busy h", "idle h", "breaks h", "overtime h"]
        rows = [
            [
                reader,
                *(
                    f"{sum(getattr(line, value) for line in lines) / len(lines):.0f}"
                    for value in ("read", "audited", "rvu")
                ),
                *(
                    f"{sum(getattr(line, value) for line in lines) / len(lines):.1f}"
                    for value in ("on_shift", "busy", "idle", "breaks", "overtime")
                ),
            ]
            for reader, lines in by_reader(figures).items()
        ]
        yield f"Readers, {name}\n" + _table(head, rows)
        gaps = figures[0].uncovered
        if gaps:
            rows = [[gap.modality, gap.classes, f"{gap.hours:.1f}"] for gap in gaps]
            yield f"Hours that the roster leaves uncovered, {name}\n" + _table(["modality", "classes", "hours"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(row[n]) for row in (head, *rows)) for n in range(len(head))]
    text = [n for n, _ in enumerate(head) if not any(row[n][:1].isdigit() for row in rows) or n == 0]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell + " " * (widths[n] - _width(cell)) if n in text else " " * (widths[n] - _width(cell)) + cell
            for n, cell in enumerate(cells)
        )
        return "  " + "  ".join(padded).rstrip()

    return "\n".join([line(head), "  " + "  ".join("-" * width for width in widths), *(line(row) for row in rows)])


def _width(text: str) -> int:
    wide = "\u2e80"
    return sum(2 if character >= wide else 1 for character in text)
