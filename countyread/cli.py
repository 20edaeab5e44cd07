"""The `countyread` command. Every error is one sentence that says what to do, and an exit code that is not zero."""

import os
import sys

import click

from countyread import __version__
from countyread.commands import admin, demo, doctor, ecg, edge, processes, secrets_key, send, simulate, verify
from storage.domain.errors import ConfigurationError, CountyReadError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="countyread")
def cli() -> None:
    """County Reading (县域阅片中心): clinics examine, the county centre reads, clinics get the signed report.

    Settings come from COUNTYREAD_* variables or from countyread.toml; see README.md.

    \b
    Example: try the whole way of a study on this machine
      countyread demo
    """


for command in (
    processes.serve,
    demo.demo,
    processes.gateway,
    processes.intake,
    processes.api,
    processes.worker,
    processes.beat,
    processes.migrate,
    send.send,
    doctor.doctor,
    doctor.health,
    verify.verify,
    simulate.simulate,
    ecg.ecg,
    admin.admin,
    edge.edge,
):
    cli.add_command(command)
admin.admin.add_command(edge.station)
admin.admin.add_command(secrets_key.rotate_secrets_key)


def main() -> None:
    """Run the command; refusals of the product become one line on standard error."""
    try:
        cli.main(prog_name="countyread", standalone_mode=False)
    except ConfigurationError as error:
        _fail(error.message, os.EX_CONFIG)
    except CountyReadError as error:
        _fail(error.message, 1)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _fail(message: str, code: int) -> None:
    click.echo(f"countyread: {message}", err=True)
    sys.exit(code)
