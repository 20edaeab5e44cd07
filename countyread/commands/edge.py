"""`countyread edge`: the station in a clinic or a van; `countyread admin station`: its key."""

import json

import click

from countyread.logs import configure_logging
from storage.settings import load_settings


@click.group(invoke_without_command=True)
@click.pass_context
def edge(context: click.Context) -> None:
    """Receive on the local network, keep on disk, forward over HTTPS when there is a line.

    \b
    Example: a station of the clinic t01
      COUNTYREAD_EDGE_SERVER=https://reading.example.org COUNTYREAD_EDGE_KEY=station_... \\
      COUNTYREAD_DICOM=0.0.0.0:11112 COUNTYREAD_AE_TITLE=T01_EDGE countyread edge
    """
    if context.invoked_subcommand is None:
        from dicom_gateway.edge.process import run

        settings = load_settings()
        configure_logging("edge", settings.log_level)
        run(settings)


@edge.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language.")
@click.option("--json", "as_json", is_flag=True, help="For monitoring.")
def status(lang: str, *, as_json: bool) -> None:
    """Show what waits, what was sent, and how the line is; also while the station does not run.

    \b
    Example:
      countyread edge status --lang en
    """
    from dicom_gateway.edge.process import look
    from dicom_gateway.edge.status import in_words

    found = look(load_settings())
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return
    title, lines = in_words(found, lang)
    click.echo(title)
    for what, how in lines:
        click.echo(f"  {what}{'：' if lang == 'zh' else ': '}{how}")


@click.command()
@click.argument("ae_title")
@click.option("--institution", "code", required=True, help="Institution code.")
@click.option("--name", default="", help="What people call it.")
def station(ae_title: str, code: str, name: str) -> None:
    """Let an edge station log in, and print its key, once; run again, the old key ends.

    \b
    Example:
      countyread admin station T01_EDGE --institution t01 --name 流动体检车
    """
    import secrets

    from countyread.database import open_database
    from storage.audit import AuditEntry, record
    from storage.db.queries import edge as stations
    from storage.db.queries import people
    from storage.domain.canonical import sha256_hex
    from storage.edge.protocol import KEY_PREFIX

    key = KEY_PREFIX + secrets.token_urlsafe(32)
    with open_database(load_settings()) as database, database.write() as work:
        institution = people.institution_by_code(work, code)
        device = stations.ensure_station(work, ae_title, institution, name, sha256_hex(key.encode()))
        detail = {"ae_title": ae_title, "institution": code}
        record(work.session, AuditEntry(work.now, "command", "station_key", f"device:{device.id}", detail))
    click.echo(f"Station {ae_title} of {code}. Its key is shown only now:", err=True)
    click.echo(key)
