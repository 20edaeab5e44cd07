"""`countyread simulate`: what a month would be under these shifts, these service times, this rule of assignment."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storage.domain.errors import Invalid

if TYPE_CHECKING:
    from reading_queue.simulation import Figures, World

RULES = ("next-case", "free-picking", "fifo", "due-first")
_DAYS = 28

MakeWorld = Callable[[int], "World"]


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--example", is_flag=True, help="Print a documented scenario to start from.")
@click.option("--from-history", is_flag=True, help="Take arrivals, times and the roster from this county's database.")
@click.option("--first", type=click.DateTime(["%Y-%m-%d"]), help="With --from-history: the first local day.")
@click.option("--days", type=click.IntRange(1, 400), default=_DAYS, show_default=True, help="With --from-history.")
@click.option("--rule", type=click.Choice(RULES), default=RULES[0], show_default=True, help="Who gets which case.")
@click.option(
    "--compare", multiple=True, metavar="RULE|FILE", help="Another rule, or another scenario; may be repeated."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same month.")
@click.option(
    "--seeds", type=click.IntRange(1, 100), default=1, show_default=True, help="How many months, from --seed on."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--chart", type=click.Path(path_type=Path, dir_okay=False), help="Write an SVG here.")
def simulate(  # noqa: PLR0913, PLR0917 - the options of a command
    scenario: Path | None,
    example: bool,  # noqa: FBT001
    from_history: bool,  # noqa: FBT001
    first: date | None,
    days: int,
    rule: str,
    compare: tuple[str, ...],
    seed: int,
    seeds: int,
    as_json: bool,  # noqa: FBT001
    chart: Path | None,
) -> None:
    """Replay a month: arrivals, readers, shifts and breaks against the service times, and tell what came of it.

    \b
    Example: a scenario to fill in, then two rules side by side over five months
      countyread simulate --example > month.toml
      countyread simulate month.toml --compare free-picking --seeds 5 --chart month.svg
    """
    from reading_queue.simulation import example_text
    from reading_queue.simulation.chart import chart as draw
    from reading_queue.simulation.tables import report

    if example:
        click.echo(example_text(), nl=False)
        return
    base = _history(first, days) if from_history else _from_file(scenario)
    name = scenario.stem if scenario is not None else "history"
    plans = {rule if not compare else _title(name, rule, compare): (base, rule), **_others(base, rule, compare)}
    runs = _play(plans, range(seed, seed + seeds))
    if chart is not None:
        chart.write_text(draw(runs), encoding="utf-8")
    if as_json:
        told = {title: [one.as_json() for one in figures] for title, figures in runs.items()}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(report(runs))


def _title(name: str, rule: str, compare: tuple[str, ...]) -> str:
    """What the first column is called: by its rule, or by its file where other files stand beside it."""
    return rule if all(one in RULES for one in compare) else f"{name} ({rule})"


def _others(base: MakeWorld, rule: str, compare: tuple[str, ...]) -> Mapping[str, tuple[MakeWorld, str]]:
    found: dict[str, tuple[MakeWorld, str]] = {}
    for one in compare:
        if one in RULES:
            found[one] = (base, one)
        elif Path(one).exists():
            found[f"{Path(one).stem} ({rule})"] = (_from_file(Path(one)), rule)
        else:
            message = f"{one} is neither a rule ({', '.join(RULES)}) nor a file."
            raise Invalid(message)
    return found


def _from_file(path: Path | None) -> MakeWorld:
    from reading_queue.simulation import build, parse_scenario, read_scenario

    if path is None:
        message = (
            "Name a scenario file, or use --from-history; 'countyread simulate --example' prints one to start from."
        )
        raise Invalid(message)
    scenario = read_scenario(path)
    named = scenario if scenario.name else parse_scenario({**scenario.model_dump(), "name": path.stem})
    return lambda seed: build(named, seed)


def _history(first: date | None, days: int) -> MakeWorld:
    from datetime import timedelta

    from countyread.database import open_database
    from reading_queue.rosters import local_day
    from reading_queue.simulation.history import world_of
    from storage.settings import load_settings

    settings = load_settings()

    def make(seed: int) -> "World":
        with open_database(settings) as database, database.read() as work:
            begins = local_day(work, work.now) - timedelta(days=days) if first is None else _day(first)
            return world_of(work, begins, days, seed)

    return make


def _day(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)


def _play(plans: Mapping[str, tuple[MakeWorld, str]], seeds: range) -> dict[str, list["Figures"]]:
    from reading_queue.simulation import measure
    from reading_queue.simulation import simulate as play

    runs: dict[str, list[Figures]] = {title: [] for title in plans}
    months = [(title, seed) for title in plans for seed in seeds]
    with click.progressbar(months, label="Months", file=sys.stderr) as shown:
        for title, seed in shown:
            make, rule = plans[title]
            runs[title].append(measure(play(make(seed), rule)))
    return runs
