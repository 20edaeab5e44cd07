"""`countyread verify`: prove that nothing has been lost or changed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from storage.domain.errors import CountyReadError
from storage.settings import Settings, load_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHECKS = ("audit", "reports", "results", "objects")


@click.command()
@click.argument("what", type=click.Choice([*CHECKS, "all"]))
def verify(what: str) -> None:
    """Check the audit chain, signed reports, result sequences or stored objects; exit code 1 when a fault is found.

    \b
    Example:
      countyread verify audit
    """
    from countyread.database import open_database

    settings = load_settings()
    faults = 0
    with open_database(settings) as database, database.read() as work:
        for name in CHECKS if what == "all" else [what]:
            faults += _print_faults(name, _faults(name, work.session, settings))
    if faults:
        message = f"{faults} faults found; keep the data folder as it is and compare with the last backup."
        raise CountyReadError(message)


def _faults(name: str, session: "Session", settings: Settings) -> Iterator[str]:
    from storage import audit, integrity
    from storage.objects import make_object_store

    match name:
        case "audit":
            yield from audit.verify(session)
        case "reports":
            yield from integrity.version_faults(session)
        case "results":
            yield from integrity.result_faults(session)
        case _:
            yield from integrity.object_faults(session, make_object_store(settings.object_store))


def _print_faults(name: str, faults: Iterator[str]) -> int:
    count = 0
    for count, fault in enumerate(faults, start=1):  # noqa: B007 - the count is the answer
        click.echo(f"{name}: {fault}", err=True)
    click.echo(f"{name}: {'whole' if count == 0 else f'{count} faults'}")
    return count
