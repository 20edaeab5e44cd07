"""`countyread demo`: a whole county on this machine, with real studies, in a minute."""

import os
import secrets
import socket
from collections.abc import Sequence
from pathlib import Path

import click

from countyread.commands.processes import run_to_the_end, stop_on_signals, upgrade_database
from countyread.logs import configure_logging
from countyread.supervisor import Supervisor, exclusive
from storage.domain.clock import monotonic
from storage.domain.errors import ConfigurationError, CountyReadError
from storage.settings import Address, Settings, load_settings

_START_SECONDS = 60.0


@click.command()
@click.option("--password", default=None, help="One password for all demonstration users; made up when not given.")
@click.option("--no-samples", is_flag=True, help="Make the county, send no studies.")
def demo(password: str | None, no_samples: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Make a demonstration county, start everything, and push real sample studies through the DICOM port.

    \b
    Example:
      countyread demo --password county-demo
    """
    # A newcomer looks for the address and the password; what goes well need not be said between them.
    settings = load_settings({"COUNTYREAD_LOG_LEVEL": "WARNING", **os.environ})
    configure_logging("demo", settings.log_level)
    with exclusive(settings.data):
        refuse_taken_ports(settings)
        upgrade_database(settings)
        password = _remember_password(settings.data / "demo-password", password)
        _make_county(settings, password)
        supervisor = Supervisor(settings)
        stop_on_signals(supervisor.request_stop)
        supervisor.start()
        try:
            _wait_for_the_doors(settings, supervisor)
            if not no_samples:
                _push_samples(settings)
            _print_welcome(settings, password)
        except BaseException:
            supervisor.stop()
            raise
        run_to_the_end(supervisor)
        click.echo("Stopped. The data stays in " + str(settings.data) + ".")


def _make_county(settings: Settings, password: str) -> None:
    from countyread.county import make_county, place_orders
    from storage.db.session import Database, make_engine
    from storage.ingest.times import time_zone

    engine = make_engine(settings.database_url)
    with Database(engine).write() as work:
        make_county(work, password)
        place_orders(work, time_zone(settings.time_zone))
    engine.dispose()


def refuse_taken_ports(settings: Settings) -> None:
    """Raise `ConfigurationError` when another program has one of our ports."""
    for name, address in (("HTTP", settings.http), ("DICOM", settings.dicom)):
        if address.port and _answers(address):
            message = f"Port {address.port} is taken by another program: stop it, or set COUNTYREAD_{name} to another HOST:PORT."
            raise ConfigurationError(message)


def _answers(address: Address) -> bool:
    try:
        with socket.create_connection((address.host, address.port), timeout=1):
            return True
    except OSError:
        return False


def _remember_password(file: Path, password: str | None) -> str:
    if password is None and file.is_file():
        return file.read_text(encoding="utf-8").strip()
    chosen = password or secrets.token_urlsafe(9)
    file.touch(mode=0o600)
    file.write_text(chosen + "\n", encoding="utf-8")
    return chosen


def _wait_for_the_doors(settings: Settings, supervisor: Supervisor) -> None:
    deadline = monotonic() + _START_SECONDS
    doors: Sequence[Address] = (settings.http, settings.dicom)
    with click.progressbar(length=len(doors), label="Starting") as bar:
        for door in doors:
            while not _answers(door):
                if supervisor.failed is not None or supervisor.pause(0.1) or monotonic() > deadline:
                    message = f"Nothing answers on {door} after the start; the reason stands above."
                    raise CountyReadError(message)
            bar.update(1)


def _push_samples(settings: Settings) -> None:
    import dicom_gateway.send as scu
    from countyread import samples

    pushes = list(samples.pushes())
    refused = 0
    with click.progressbar(length=sum(len(push.files) for push in pushes), label="Sending studies") as bar:
        for push in pushes:
            report = scu.send(
                push.files,
                settings.dicom.host,
                settings.dicom.port,
                push.calling_ae_title,
                settings.ae_title,
                lambda _file: bar.update(1),
            )
            refused += len(report.problems)
    if refused:
        click.echo(f"{refused} sample objects were refused.", err=True)


def _print_welcome(settings: Settings, password: str) -> None:
    from countyread.county import CLINICS, CONSULTANT, STAFF

    users = ", ".join([*(name for name, *_ in STAFF), CONSULTANT, f"clinic01 ... clinic{len(CLINICS):02d}"])
    click.echo(
        f"\n  County Reading 县域阅片中心\n"
        f"  address   http://{settings.http}\n"
        f"  users     {users}\n"
        f"  password  {password}\n"
        f"  DICOM     {settings.ae_title}@{settings.dicom}, calling AE titles T01_CT, T01_DR, T01_US, T01_ECG ...\n"
        f"  data      {settings.data}\n\n"
        f"  Read as radiologist, sign as auditor, see the report as clinic01. Ctrl-C stops; a second start goes on.\n"
    )
