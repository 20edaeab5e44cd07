"""The shipped service times as the Markdown table of `docs/workflow.md`; `python -m reading_queue.policy_table` prints it."""

import sys
from collections.abc import Iterator

from reading_queue.policies import SHIPPED_POLICY
from reading_queue.policy_content import Figures
from storage.domain.reading import Priority

_CLASSES = {
    Priority.P0: "P0 green channel",
    Priority.P1: "P1 emergency",
    Priority.P2: "P2 routine",
    Priority.P3: "P3 inpatient, check-up, mobile van",
}
_ROWS = {
    "ECG": "ECG",
    "ECG/HOLTER": "ambulatory ECG (Holter)",
    "XRAY": "X-ray",
    "CT_MR": "CT, MR",
    "CT_MR/HEAD": "CT, MR of the head",
    "CT_MR/COMPLEX": "CT, MR, complex",
    "US": "ultrasound",
}


def markdown() -> str:
    """Target and maximum in minutes; a row inside a group counts as the group where it has no figures of its own."""
    head = ["", *_CLASSES.values()]
    rows = [[name, *_cells(key)] for key, name in _ROWS.items()]
    return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *rows)) + "\n"


def _cells(key: str) -> Iterator[str]:
    for priority in _CLASSES:
        figures = SHIPPED_POLICY.content.targets[priority].get(key)
        yield "" if figures is None else _told(figures, priority)


def _told(figures: Figures, priority: Priority) -> str:
    by_class = priority in SHIPPED_POLICY.content.working
    day_and_night = by_class and figures.working is False
    return f"{figures.target:g} / {figures.maximum:g}{' (day and night)' if day_and_night else ''}"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
