"""The documents are true: what they must name is named, and what they link to is there."""

import re
from pathlib import Path

import pytest

from countyread.cli import cli
from storage.settings import SETTING_NAMES

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_in_the_operations_guide() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    assert [name for name in SETTING_NAMES if f"`{name}`" not in text] == []


def test_every_command_is_in_the_operations_guide() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    assert [name for name in cli.commands if not re.search(rf"`(countyread )?{name}\b", text)] == []


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_shows_an_example(name: str) -> None:
    assert "Example" in (cli.commands[name].help or "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", document.read_text())
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []
