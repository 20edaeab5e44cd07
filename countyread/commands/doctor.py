"""`countyread doctor` and `countyread health`: what is wrong here, in words; and yes or no for a container's health check."""

import shutil
import socket
import urllib.request
from collections.abc import Callable

import click

from countyread.supervisor import PROCESSES
from storage.domain.errors import CountyReadError
from storage.settings import Settings, load_settings

_TIMEOUT = 5.0
_FRESH_SECONDS = 30.0


def _database(settings: Settings) -> str:
    from countyread.database import open_database

    with open_database(settings) as database:
        return database.engine.url.render_as_string(hide_password=True)


def _objects(settings: Settings) -> str:
    from storage.objects import exists, make_object_store

    exists(make_object_store(settings.object_store), "health/probe")
    return settings.object_store.split("@")[-1]


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data).free >> 20
    if free < settings.reserve_mb:
        message = (
            f"Only {free} MiB are free in {settings.data}; the gateway refuses images below {settings.reserve_mb} MiB."
        )
        raise CountyReadError(message)
    return f"{free} MiB free in {settings.data}"


def _gateway(settings: Settings) -> str:
    import dicom_gateway.send as scu

    scu.echo(settings.dicom.host, settings.dicom.port, "COUNTYREAD_ECHO", settings.ae_title, timeout=_TIMEOUT)
    return f"{settings.ae_title}@{settings.dicom} answers"


def _tls(settings: Settings) -> str:
    from dicom_gateway.tls import TlsFiles, check_certificate
    from storage.domain.clock import SystemClock

    if settings.dicom_tls_address is None:
        return "off (COUNTYREAD_DICOM_TLS is empty)"
    note = check_certificate(TlsFiles.of(settings), SystemClock().now().timestamp())
    with socket.create_connection((settings.dicom_tls_address.host, settings.dicom_tls_address.port), _TIMEOUT):
        return f"{settings.dicom_tls} listens, {note}"


def _api(settings: Settings) -> str:
    host = "127.0.0.1" if settings.http.host in ("0.0.0.0", "::") else settings.http.host  # noqa: S104 - compared, not bound
    urllib.request.urlopen(f"http://{host}:{settings.http.port}/healthz", timeout=_TIMEOUT).close()
    return f"http://{settings.http} answers"


def _calendar(settings: Settings) -> str:
    from countyread.database import open_database
    from reading_queue.coverage import calendar_warning

    with open_database(settings) as database, database.read() as work:
        return calendar_warning(work)


def _alive(kind: str) -> Callable[[Settings], str]:
    def check(settings: Settings) -> str:
        from countyread.database import open_database
        from storage.db.queries import heartbeats

        with open_database(settings) as database, database.read() as work:
            alive = heartbeats.alive(work, kind, _FRESH_SECONDS)
        if not alive:
            message = f"No {kind} has given a sign of life for {_FRESH_SECONDS:.0f} seconds: start 'countyread {kind}'."
            raise CountyReadError(message)
        return f"{kind} is alive"

    return check


CHECKS: dict[str, Callable[[Settings], str]] = {
    "database": _database,
    "objects": _objects,
    "disk": _disk,
    "gateway": _gateway,
    "intake": _alive("intake"),
    "tls": _tls,
    "api": _api,
    "worker": _alive("worker"),
    "beat": _alive("beat"),
}

WARNINGS: dict[str, Callable[[Settings], str]] = {"calendar": _calendar}
"""What is well today and will not be for long; empty when nothing is to be said."""


def _problem(name: str, settings: Settings) -> str | None:
    try:
        note = CHECKS[name](settings)
    except CountyReadError as error:
        return error.message
    except OSError as error:
        return f"{name} does not answer ({type(error).__name__}): start 'countyread {name}'."
    click.echo(f"ok    {name:<9} {note}")
    return None


def _warn(settings: Settings) -> None:
    for name, check in WARNINGS.items():
        warning = check(settings)
        click.echo(f"SOON  {name:<9} {warning}" if warning else f"ok    {name:<9} nothing to prepare")


@click.command()
def doctor() -> None:
    """Check everything this installation needs, and say what to do about what is wrong.

    \b
    Example:
      countyread doctor
    """
    settings = load_settings()
    wrong = []
    for name in CHECKS:
        problem = _problem(name, settings)
        if problem:
            wrong.append(name)
            click.echo(f"WRONG {name:<9} {problem}")
    if "database" not in wrong:
        _warn(settings)
    if wrong:
        message = f"{len(wrong)} checks failed."
        raise CountyReadError(message)


@click.command()
@click.argument("process", type=click.Choice(PROCESSES))
def health(process: str) -> None:
    """Exit code 0 when a process is well; for container health checks.

    \b
    Example:
      countyread health gateway
    """
    problem = _problem(process, load_settings())
    if problem:
        raise CountyReadError(problem)
