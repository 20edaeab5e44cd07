"""Commands that run: all five processes together, or one of them.

Each imports its own part only when it runs, so that a process starts fast and `--help` answers at once.
"""

import signal
from collections.abc import Callable

import click

from countyread.logs import configure_logging
from countyread.supervisor import Supervisor, end_with_the_supervisor, exclusive
from storage.domain.errors import ConfigurationError
from storage.settings import Settings, load_settings


@click.command()
def serve() -> None:
    """Start gateway, intake, API, worker and beat, and look after them until Ctrl-C.

    \b
    Example: listen on all addresses
      COUNTYREAD_HTTP=0.0.0.0:8000 COUNTYREAD_DICOM=0.0.0.0:11112 countyread serve
    """
    settings = load_settings()
    configure_logging("serve", settings.log_level)
    with exclusive(settings.data):
        upgrade_database(settings)
        supervisor = Supervisor(settings)
        stop_on_signals(supervisor.request_stop)
        supervisor.start()
        click.echo(
            f"County Reading: http://{settings.http}  DICOM {settings.ae_title}@{settings.dicom}  (Ctrl-C stops)"
        )
        run_to_the_end(supervisor)


def run_to_the_end(supervisor: Supervisor) -> None:
    """Wait, stop everything, and fail when a child could not be kept alive."""
    try:
        supervisor.wait()
    finally:
        supervisor.stop()
    if supervisor.failed is not None:
        message = f"The {supervisor.failed} process cannot start; its reason stands above."
        raise ConfigurationError(message)


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop())


def upgrade_database(settings: Settings) -> None:
    """Bring the database to this release's schema; the data folder is made when it is missing."""
    from storage.db.migrate import upgrade
    from storage.db.session import make_engine

    settings.data.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    engine.dispose()


def _run(name: str, run: Callable[[Settings], None]) -> None:
    settings = load_settings()
    configure_logging(name, settings.log_level)
    end_with_the_supervisor()
    run(settings)


@click.command()
def gateway() -> None:
    """Run the DICOM gateway alone.

    \b
    Example:
      COUNTYREAD_DICOM=0.0.0.0:11112 countyread gateway
    """
    from dicom_gateway.process import run

    _run("gateway", run)


@click.command()
def intake() -> None:
    """Run the intake alone: from what gateway and API have received to the catalogue and the object store.

    \b
    Example: on every machine that runs a gateway or an API, with the same COUNTYREAD_DATA
      countyread intake
    """
    from reading_queue.intake import run_intake

    _run("intake", run_intake)


@click.command()
def api() -> None:
    """Run the HTTP server alone: web application, API, DICOMweb.

    \b
    Example:
      COUNTYREAD_HTTP=0.0.0.0:8000 countyread api
    """
    from viewer_api.process import run

    _run("api", run)


@click.command()
@click.option("--queues", default="", help="Take these queues alone, separated by commas; without it, all.")
def worker(queues: str) -> None:
    """Run a Celery worker.

    \b
    Example: on a second machine, pictures alone
      COUNTYREAD_BROKER_URL=redis://queue:6379/0 countyread worker --queues pixels
    """
    from reading_queue.process import run_worker

    names = [name.strip() for name in queues.split(",") if name.strip()]
    _run("worker", lambda settings: run_worker(settings, names))


@click.command()
def beat() -> None:
    """Run the scheduler of the sweeps.

    \b
    Example:
      countyread beat
    """
    from reading_queue.process import run_beat

    _run("beat", run_beat)


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this release; safe to run again, and from several machines.

    \b
    Example:
      COUNTYREAD_DATABASE_URL=postgresql+psycopg://USER:PASSWORD@HOST/NAME countyread migrate
    """
    settings = load_settings()
    configure_logging("migrate", settings.log_level)
    upgrade_database(settings)
    click.echo("The database is at this release's schema.")
