"""`countyread verify`: prove that nothing has been lost or changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storage.domain.errors import CountyReadError
from storage.settings import Settings, load_settings

if TYPE_CHECKING:
    from storage.db.session import UnitOfWork

CHECKS = ("audit", "reports", "results", "objects")


@click.command()
@click.argument("what", type=click.Choice([*CHECKS, "all"]))
@click.option(
    "--export",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check a file that the audit page exported, without any database.",
)
def verify(what: str, export: Path | None) -> None:
    """Check the audit chain, signed reports, result sequences or stored objects; exit code 1 when a fault is found.

    The audit chain is compared with its anchors and archived parts too.

    \b
    Example:
      countyread verify audit
      countyread verify audit --export audit.jsonl
    """
    if export is not None:
        _verify_export(export)
        return
    from countyread.database import open_database

    settings = load_settings()
    faults = 0
    with open_database(settings) as database, database.read() as work:
        for name in CHECKS if what == "all" else [what]:
            faults += _print_faults(name, _faults(name, work, settings))
    if faults:
        message = f"{faults} faults found; keep the data folder as it is and compare with the last backup."
        raise CountyReadError(message)


def _verify_export(path: Path) -> None:
    from storage.audit_export import check_export

    try:
        check = check_export(path)
    except (ValueError, KeyError) as error:
        raise CountyReadError(f"{path.name} is no export of the audit trail ({type(error).__name__}).") from error
    _print_faults(path.name, iter(check.faults))
    gaps = f", without {'; '.join(check.gaps)}" if check.gaps else ""
    click.echo(f"{path.name}: links {check.first} to {check.last}{gaps}, ending with {check.last_sha256}")
    if check.faults:
        raise CountyReadError("The file is not what was exported.")


def _faults(name: str, work: "UnitOfWork", settings: Settings) -> Iterator[str]:
    from reading_queue.anchoring import archive_folder
    from storage import audit, integrity
    from storage.audit_anchors import Anchors
    from storage.audit_archive import archive_faults
    from storage.objects import make_object_store

    session = work.session
    match name:
        case "audit":
            yield from audit.verify(session)
            yield from Anchors.of(settings).faults(session)
            yield from archive_faults(work, archive_folder(settings))
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
