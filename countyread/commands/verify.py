"""`countyread verify`: prove that nothing has been lost or changed."""

from collections.abc import Callable, Iterator

import click
from sqlalchemy.orm import Session

from storage import audit, integrity
from storage.db.migrate import require_current
from storage.db.session import Database, make_engine
from storage.domain.errors import CountyReadError
from storage.objects import make_object_store
from storage.settings import Settings, load_settings

Check = Callable[[Session, Settings], Iterator[str]]

CHECKS: dict[str, Check] = {
    "audit": lambda session, _settings: iter(audit.verify(session)),
    "reports": lambda session, _settings: integrity.version_faults(session),
    "results": lambda session, _settings: integrity.result_faults(session),
    "objects": lambda session, settings: integrity.object_faults(session, make_object_store(settings.object_store)),
}


@click.command()
@click.argument("what", type=click.Choice([*CHECKS, "all"]))
def verify(what: str) -> None:
    """Check the audit chain, signed reports, result sequences or stored objects; exit code 1 when a fault is found.

    \b
    Example:
      countyread verify audit
    """
    settings = load_settings()
    engine = make_engine(settings.database_url)
    require_current(engine)
    faults = 0
    with Database(engine).read() as work:
        for name in CHECKS if what == "all" else [what]:
            found = _print_faults(name, CHECKS[name](work.session, settings))
            faults += found
    if faults:
        message = f"{faults} faults found; keep the data folder as it is and compare with the last backup."
        raise CountyReadError(message)


def _print_faults(name: str, faults: Iterator[str]) -> int:
    count = 0
    for count, fault in enumerate(faults, start=1):  # noqa: B007 - the count is the answer
        click.echo(f"{name}: {fault}", err=True)
    click.echo(f"{name}: {'whole' if count == 0 else f'{count} faults'}")
    return count
