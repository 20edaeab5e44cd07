"""How much script comes before the worklist is on the screen, and what does not come with it."""

import re
from collections.abc import Iterator

from viewer_api.static import DIST

_MOST = 150_000
"""Bytes of script as they are sent, until the first worklist is painted."""

_STATIC = re.compile(r"""(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^'"`()]*?from)?\s*["'`]\./([\w.-]+\.js)["'`]""")
_ENTRY = re.compile(r'<script[^>]+src="\./(assets/[^"]+\.js)"')


def _needed(name: str, seen: set[str]) -> Iterator[str]:
    """A file and all that it imports before it runs."""
    if name in seen:
        return
    seen.add(name)
    yield name
    for found in _STATIC.finditer((DIST / "assets" / name).read_text(encoding="utf-8")):
        yield from _needed(found[1], seen)


def _sent(names: list[str], suffix: str) -> int:
    return sum((DIST / "assets" / (name + suffix)).stat().st_size for name in names)


def test_the_first_worklist_takes_little_script() -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")
    entry = _ENTRY.search(page)
    assert entry is not None
    seen: set[str] = set()
    names = list(_needed(entry[1].removeprefix("assets/"), seen))
    (worklist,) = (one.name for one in DIST.glob("assets/worklist-*.js"))
    names += _needed(worklist, seen)
    assert len(names) > 2, "nothing is imported: the files are written otherwise than this test reads them"
    assert not [name for name in names if "engine" in name or "study-viewer" in name]
    assert max(_sent(names, ".br"), _sent(names, ".gz")) < _MOST


def test_no_line_is_needed_to_open_the_application_again() -> None:
    worker = (DIST / "sw.js").read_text(encoding="utf-8")
    kept = set(re.findall(r'"/(assets/[^"]+)"', worker))
    scripts = {f"assets/{one.name}" for one in DIST.glob("assets/*.js") if one.stat().st_size < 300_000}
    assert kept >= scripts
    assert not [name for name in kept if "engine" in name]
    assert "/api/" not in worker
    assert "dicomweb" not in worker
