"""The pages as the router has them, what each is opened with, and what is looked at in it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request

_WEB = Path(__file__).parents[3] / "viewer_api/web"
_ROUTER = (_WEB / "src/router.ts").read_text()
_AXE = (_WEB / "node_modules/axe-core/axe.min.js").read_text()
_LISTED = re.compile(r"^\s+(\w+): \[(.*?)\],$", re.MULTILINE)

WIDTH, HEIGHT = 1366, 768

ADDRESSES: dict[str, tuple[str, ...]] = {
    "account": ("account",),
    "audit": ("audit",),
    "board": ("board",),
    "clinic": ("clinic",),
    "clinic-study": ("clinic/study/{signed_study}",),
    "consult": ("consult", "consult/{consultation}"),
    "contacts": ("contacts",),
    "critical": ("critical",),
    "deliveries": ("deliveries",),
    "devices": ("devices",),
    "emergencies": ("emergencies",),
    "green": ("green",),
    "hanging": ("hanging", "hanging/{ct_study}"),
    "health": ("health",),
    "indicators": ("indicators",),
    "institutions": ("institutions",),
    "keys": ("keys",),
    "notices": ("notices",),
    "order": ("order",),
    "patients": ("patients", "patients/{patient}"),
    "quality": ("quality",),
    "quarantine": ("quarantine", "quarantine/{held}"),
    "read": ("read/{ct}", "read/{ecg}"),
    "referrals": ("referrals",),
    "results": ("results",),
    "reviews": ("reviews",),
    "roster": ("roster",),
    "rules": ("rules", "rules/service_times"),
    "screen": ("screen/2",),
    "settlement": ("settlement",),
    "statistics": ("statistics",),
    "templates": ("templates",),
    "upload": ("upload",),
    "users": ("users",),
    "worklist": ("worklist",),
}
"""Of every page for people who are logged in."""

OPEN_TO_ALL = {"login", "shared", "wall"}
"""Pages that need no account."""


def pages_of_roles() -> dict[str, list[str]]:
    """By role, as router.ts lists them."""
    found: dict[str, list[str]] = {}
    for name in ("PAGES", "MORE"):
        block = re.search(rf"const {name}: .*?\n}};", _ROUTER, re.DOTALL)
        assert block, f"router.ts has no {name}"
        for role, pages in _LISTED.findall(block[0]):
            found.setdefault(role, []).extend(re.findall(r"'([\w-]+)'", pages))
    return {role: [*pages, "account"] for role, pages in found.items()}


def all_pages() -> set[str]:
    return set(re.findall(r"\{ page: '([\w-]+)'", _ROUTER.partition("parseRoute")[0])) - {"home"}


def element_of(page: str) -> str:
    return "reading-page" if page == "read" else f"{page}-page"


@dataclass
class Traffic:
    """The requests of a page that have no answer yet; an event stream never has one."""

    page: Page
    open: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", self._began)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)

    def _began(self, request: Request) -> None:
        if "/events" not in request.url:
            self.open.add(request)

    def _ended(self, request: Request) -> None:
        self.open.discard(request)


def faults(page: Page) -> list[str]:
    """What is wrong with what is shown: no heading, not one main part, wider than the window, and what axe finds serious."""
    found = [] if page.get_by_role("heading").count() else ["no heading"]
    if page.get_by_role("main").count() != 1:
        found.append(f"{page.get_by_role('main').count()} main parts")
    width = page.evaluate(
        "() => Math.max(document.documentElement.scrollWidth, "
        "document.querySelector('county-reading').shadowRoot.querySelector('main').scrollWidth)"
    )
    return [*found, *([f"{width} pixels wide"] if width > WIDTH else []), *_inaccessible(page)]


def _inaccessible(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    violations: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations'], preload: false, iframes: false})).violations"
    )
    return [
        f"{one['id']} at {node['target']}: {_why(node)}"
        for one in violations
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks) + f" ({node['html'][:160]})"
