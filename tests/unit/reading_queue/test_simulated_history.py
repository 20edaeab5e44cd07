"""A month out of the county's own database, and the command that replays it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from countyread.commands.simulate import simulate as command
from reading_queue import rosters, service
from reading_queue.simulation import measure, simulate
from reading_queue.simulation.history import world_of
from storage.domain.errors import NotFound
from storage.domain.reading import Priority
from tests.unit.reading_queue.county import County
from tests.unit.reading_queue.rostering import MONDAY, Rostering

pytestmark = pytest.mark.thorough

SMALL = """
first = 2026-03-09
days = 1
[[exams]]
name = "chest"
modality = "DX"
per_day = 40
mix = { P1 = 0.3, P2 = 0.7 }
[[readers]]
name = "a"
audits = true
[[readers]]
name = "b"
audits = true
[[shifts]]
name = "day"
starts = 08:00:00
ends = 18:00:00
[[roster]]
reader = "a"
shift = "day"
weekdays = [1, 2, 3, 4, 5]
[[roster]]
reader = "b"
shift = "day"
weekdays = [1, 2, 3, 4, 5]
"""


@pytest.fixture
def lived(county: County) -> County:
    """A morning: two cases signed, one that was asked about, one that waits."""
    for priority in (Priority.P1, Priority.P2):
        task = county.task(modality="CT", priority=priority)
        county.clock.advance(minutes=3)
        token = county.claim(task, "radiologist").token
        county.clock.advance(minutes=7)
        with county.write() as work:
            service.submit(work, task.id, county.actor("radiologist"), token, _report())
        token = county.claim(task, "auditor").token
        county.clock.advance(minutes=2)
        with county.write() as work:
            service.sign(work, task.id, county.actor("auditor"), token)
    asked = county.task(modality="ECG")
    token = county.claim(asked, "ecg").token
    with county.write() as work:
        service.ask(work, asked.id, county.actor("ecg"), token, "有无胸痛？")
    county.clock.advance(minutes=25)
    with county.write("clinic01") as work:
        service.answer(work, asked.id, county.actor("clinic01"), "无")
    county.task(modality="US")
    return county


def _report() -> service.ReportContent:
    return service.ReportContent("两肺纹理清晰，未见实变影。", "胸部未见异常。", positive=False)


def test_history_comes_as_it_was(lived: County):
    with lived.database.read() as work:
        world = world_of(work, MONDAY, 1, seed=1)
    assert [(one.modality, one.priority) for one in world.arrivals] == [
        ("CT", Priority.P1),
        ("CT", Priority.P2),
        ("ECG", Priority.P2),
        ("US", Priority.P2),
    ]
    first, second, ecg, _ = world.arrivals
    assert (first.read, first.audit, second.read) == (7.0, 2.0, 7.0)
    assert ecg.question == timedelta(minutes=25)
    people = {person.name.split()[0]: person for person in world.people}
    assert people["ecg"].modalities == frozenset({"ECG", "EPS", "HD"})
    assert people["auditor"].audits
    assert people["radiologist2"].watches == (), "he did nothing that day, and there is no roster"
    figures = measure(simulate(world, "next-case"))
    assert figures.cases == 4
    assert figures.signed + figures.unfinished == 4


def test_history_takes_the_roster_where_there_is_one(lived: County):
    roster = Rostering(lived)
    roster.put("radiologist2", roster.day_shift())
    with roster.planning() as (work, manager):
        given = rosters.LicenceGiven("radiologist2", "CT_MR", date(2026, 1, 1))
        rosters.record_licence(work, manager, given)
    with lived.database.read() as work:
        world = world_of(work, MONDAY, 1, seed=1)
    (present,) = [person for person in world.people if person.watches]
    assert present.name.startswith("radiologist2")
    run = simulate(world, "next-case")
    assert {stint.modality for stint in run.stints} == {"CT"}, "never what he is not licensed for"


def test_a_month_without_studies_is_said(county: County):
    with county.database.read() as work, pytest.raises(NotFound, match="2020-01-01"):
        world_of(work, date(2020, 1, 1), 28, seed=1)


@pytest.mark.parametrize("options", [[], ["--compare", "free-picking"], ["--compare", "other.toml", "--seeds", "2"]])
def test_the_command_prints_tables_json_and_a_chart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    for name in ("month.toml", "other.toml"):
        Path(name).write_text(SMALL, encoding="utf-8")
    shown = runner.invoke(command, ["month.toml", *options, "--chart", "month.svg"])
    assert shown.exit_code == 0, shown.output
    assert "Compliance on clock B" in shown.stdout
    assert Path("month.svg").read_text(encoding="utf-8").startswith("<svg")
    told = runner.invoke(command, ["month.toml", *options, "--json"])
    runs = json.loads(told.stdout)
    assert len(runs) == 1 + (len(options) > 0)
    assert all(one["cases"] > 20 for figures in runs.values() for one in figures)


def test_the_example_of_the_command_can_be_played(tmp_path: Path):
    assert 'name = "county of 500 000"' in CliRunner().invoke(command, ["--example"]).stdout


@pytest.mark.parametrize("options, told", [(["--compare", "best"], "neither a rule"), ([], "Name a scenario file")])
def test_the_command_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], told: str):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    Path("month.toml").write_text(SMALL, encoding="utf-8")
    outcome = runner.invoke(command, [*(["month.toml"] if options else []), *options])
    assert told in str(outcome.exception)
