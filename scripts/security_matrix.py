#!/usr/bin/env python3
"""Write the table of who may what into docs/security.md, from the tables that the code goes by."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from storage.domain.reading import Role  # noqa: E402
from viewer_api.permissions import MASKABLE, OWN_ACCOUNT, PEOPLE_ONLY, PUBLIC, ROLES, SHARED, STATIONS, WALLS  # noqa: E402
from viewer_api.scopes import scopes_for  # noqa: E402

DOCUMENT = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- matrix: made by scripts/security_matrix.py -->", "<!-- end of matrix -->"
NAMES = ("clinic", "radiologist", "auditor", "manager", "regulator", "admin", "consultant")


def matrix() -> str:
    """The table, between its marks."""
    head = ["Route", *NAMES, "API key with", "Also"]
    rows = [f"| {' | '.join(head)} |", f"|---{'|:-:' * len(NAMES)}|---|---|"]
    rows += [row_of(route) for route in sorted(ROLES, key=lambda route: (route.split(" ")[1], route))]
    return "\n".join([BEGIN, *rows, END])


def row_of(route: str) -> str:
    roles = ROLES[route]
    marks = ["x" if Role(name) in roles else "" for name in NAMES]
    return f"| `{route}` | {' | '.join(marks)} | {keys_of(route)} | {also(route)} |"


def keys_of(route: str) -> str:
    takes_keys = route not in PEOPLE_ONLY and ROLES[route] & {Role.CLINIC, Role.MANAGER}
    return ", ".join(f"`{scope}`" for scope in sorted(scopes_for(route))) if takes_keys else ""


def also(route: str) -> str:
    notes = {
        "everybody, without log-in": ROLES[route] == PUBLIC,
        "edge stations": ROLES[route] == STATIONS,
        "wall screens": ROLES[route] == WALLS,
        "links, of their study": route in SHARED,
        "before a duty is done": route in OWN_ACCOUNT,
        "masked": route in MASKABLE and route not in OWN_ACCOUNT,
    }
    return ", ".join(note for note, holds in notes.items() if holds)


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(before + matrix() + after, encoding="utf-8")


if __name__ == "__main__":
    main()
