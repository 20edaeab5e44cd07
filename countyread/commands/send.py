"""`countyread send`: push files to any DICOM server, as a device would."""

from pathlib import Path

import click

from storage.domain.errors import CountyReadError
from storage.settings import Address, load_settings


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--to", "address", default=None, metavar="HOST:PORT", help="The server; default: this gateway (COUNTYREAD_DICOM)."
)
@click.option("--called", default=None, help="Its AE title; default: COUNTYREAD_AE_TITLE.")
@click.option("--calling", default="COUNTYREAD_SCU", show_default=True, help="The AE title to call as.")
def send(paths: tuple[Path, ...], address: str | None, called: str | None, calling: str) -> None:
    """Push DICOM files, or folders of them, by C-STORE.

    \b
    Example:
      countyread send --calling T01_CT ./studies/head
    """
    import dicom_gateway.send as scu

    settings = load_settings()
    target = Address.parse("DICOM", address) if address else settings.dicom
    files = sorted(file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())
    with click.progressbar(length=len(files), label="Sending") as bar:
        report = scu.send(
            files, target.host, target.port, calling, called or settings.ae_title, lambda _file: bar.update(1)
        )
    click.echo(f"{report.accepted} of {len(files)} accepted.")
    for problem in report.problems:
        click.echo(f"  {problem.path}: {problem.reason}", err=True)
    if report.problems:
        message = f"{len(report.problems)} files were not accepted."
        raise CountyReadError(message)
