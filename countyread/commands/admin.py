"""`countyread admin`: institutions, users and devices from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from storage.domain.errors import NotFound
from storage.domain.reading import InstitutionKind, Role
from storage.settings import load_settings

if TYPE_CHECKING:
    from storage.db.models import Institution
    from storage.db.session import UnitOfWork

_MIN_SECRET = 8
ACTOR = "command line"
"""On the audit trail."""


@contextmanager
def open_work() -> "Iterator[UnitOfWork]":
    """One transaction on the installation's database."""
    from countyread.database import open_database

    with open_database(load_settings()) as database, database.write() as work:
        yield work


def _institution(work: "UnitOfWork", code: str) -> "Institution":
    from sqlalchemy import select

    from storage.db.models import Institution

    found = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one_or_none()
    if found is None:
        message = f"There is no institution {code}: add it with 'countyread admin institution {code} NAME'."
        raise NotFound(message)
    return found


@click.group()
def admin() -> None:
    """Add institutions, users and devices, and list them.

    \b
    Example: a clinic, its doctor and its CT
      countyread admin institution t16 城关卫生院 --name-en "Chengguan Clinic"
      countyread admin user li.doctor --role clinic --institution t16 --name 李医生
      countyread admin device T16_CT --institution t16 --modality CT
    """


@admin.command()
@click.argument("code")
@click.argument("name")
@click.option("--name-en", default="", help="English name.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in InstitutionKind]), default="clinic", show_default=True
)
def institution(code: str, name: str, name_en: str, kind: str) -> None:
    """Add or rename an institution.

    \b
    Example:
      countyread admin institution t16 城关卫生院
    """
    from storage.db.queries import people

    with open_work() as work:
        people.ensure_institution(work, code, name, name_en, InstitutionKind(kind))
    click.echo(f"Institution {code} is set.")


@admin.command()
@click.argument("username")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--institution", "code", required=True, help="Institution code.")
@click.option("--name", required=True, help="Name as it stands on reports.")
@click.option("--title", default="", help="Title as it stands on reports, for example 主治医师.")
@click.option("--modality", "modalities", multiple=True, help="What a reader may take; repeat; none means all.")
@click.option("--change-at-login", is_flag=True, help="He has to choose another password when he first logs in.")
@click.option("--without-second-factor", is_flag=True, help="Forget the second factor: the telephone is lost.")
@click.password_option(help="Asked for when not given.")
def user(
    username: str, role: str, code: str, name: str, title: str, modalities: tuple[str, ...], password: str, **more: bool
) -> None:
    """Add a user, or change one and set the password anew.

    \b
    Example:
      countyread admin user wang.reader --role radiologist --institution county --name 王医生 --title 主治医师
    """
    from storage.db.queries import people
    from viewer_api.auth import second_factor
    from viewer_api.auth.passwords import hash_password

    with open_work() as work:
        found = people.ensure_user(
            work,
            username,
            hash_password(password),
            role=Role(role),
            institution=_institution(work, code),
            name=name,
            title=title,
            modalities=list(modalities) or None,
        )
        found.must_change_password = more["change_at_login"]
        if more["without_second_factor"]:
            second_factor.remove(work, found)
    click.echo(f"User {username} is set.")


@admin.command()
@click.argument("ae_title")
@click.option("--institution", "code", help="Institution code; needed for a new device.")
@click.option("--modality", help="What it makes: CT, DX, US, ECG ...")
@click.option("--name", help="What people call it.")
@click.option("--kind", help="dicom, upload, folder, ftp or edge: how it reaches us.")
@click.option("--active/--inactive", default=None, help="Whether it may come in.")
@click.option("--called", "called_ae_title", help="Another AE title that it may call us by.")
@click.option(
    "--network", "networks", multiple=True, help="Address or network it comes from; repeat; 'any' for no limit."
)
@click.option("--certificate", "certificate_sha256", help="SHA-256 of its TLS client certificate; '' for none.")
@click.option("--host", help="Where it listens itself, for commitment and C-MOVE.")
@click.option("--port", type=int, help="The port there; 0 for none.")
@click.option(
    "--sop-class", "sop_classes", multiple=True, help="UID it may store; repeat; 'any' for all of the standard."
)
@click.option(
    "--unknown-sop-classes/--known-sop-classes", default=None, help="Whether private storage classes are taken."
)
@click.option("--charset", help="Character set to assume, such as GB18030.")
@click.option("--charset-rule", help="undeclared or always: when that counts.")
@click.option("--worklist-charset", help="Character set that its worklist can show.")
@click.option("--issuer", help="Whose patient IDs it uses when not its institution's.")
@click.option("--daily-objects", type=int, help="Quota a day; -1 for none.")
@click.option("--daily-bytes", type=int, help="Quota a day; -1 for none.")
@click.option("--may-query/--may-not-query", default=None, help="Whether it may query and retrieve.")
@click.option(
    "--ready-idle", type=float, help="Seconds of rest until its studies are whole; -1 for the installation's."
)
@click.option(
    "--release-means-whole/--release-means-nothing", default=None, help="Whether a study is whole when it hangs up."
)
def device(ae_title: str, code: str | None, **options: Any) -> None:
    """Add a device, or change what is given of one; the gateway knows it within seconds, without a restart.

    \b
    Example: a CT, then only from its clinic's network, and at most 5000 objects a day
      countyread admin device T16_CT --institution t16 --modality CT
      countyread admin device T16_CT --network 10.16.0.0/24 --daily-objects 5000
    """
    from storage.db.queries import devices

    values = {name: _cleared(name, value) for name, value in options.items() if value not in (None, ())}
    with open_work() as work:
        found = devices.device_by_title(work, ae_title)
        institution = _institution(work, code) if code else None
        if found is not None:
            devices.edit(work, ACTOR, found, institution, values)
        elif institution is None:
            raise NotFound(f"There is no device {ae_title}: give --institution to add it.")
        else:
            devices.add(work, ACTOR, ae_title, institution, values)
    click.echo(f"Device {ae_title} is set.")


def _cleared(name: str, value: Any) -> Any:
    """What stands for no limit becomes none."""
    if name in ("networks", "sop_classes"):
        return None if "any" in value else list(value)
    if name == "port":
        return value or None
    return None if name in ("daily_objects", "daily_bytes", "ready_idle") and value == -1 else value


@admin.command()
@click.argument("ae_title")
@click.option("--secret", help="Chosen by hand, for carts with a short keyboard; at least 8 characters.")
def secret(ae_title: str, secret: str | None) -> None:
    """Give a device of kind ftp a new secret to log in with, and print it; the old one ends at once.

    \b
    Example: an ECG cart that knows FTP alone
      countyread admin device T16_CART --institution t16 --kind ftp --modality ECG
      countyread admin secret T16_CART
    """
    import secrets

    from storage.audit import AuditEntry, record
    from storage.db.queries import people
    from storage.domain.errors import Invalid
    from storage.passwords import hash_password

    chosen = secret or secrets.token_urlsafe(12)
    if len(chosen) < _MIN_SECRET:
        raise Invalid(f"A secret has at least {_MIN_SECRET} characters.")
    with open_work() as work:
        found = people.set_device_secret(work, ae_title, hash_password(chosen))
        record(work.session, AuditEntry(work.now, ACTOR, "device_secret_set", f"device:{found.id}", {}))
    click.echo(f"{ae_title} logs in with {chosen}")


@admin.command()
@click.argument("ae_title")
def echo(ae_title: str) -> None:
    """Ask a device by C-ECHO whether it answers, where --host and --port are set.

    \b
    Example:
      countyread admin echo T16_CT
    """
    import dicom_gateway.send as scu
    from storage.db.queries import devices

    settings = load_settings()
    with open_work() as work:
        found = devices.device_by_title(work, ae_title)
        where = (found.host, found.port) if found is not None else ("", None)
    host, port = where
    if port is None:
        raise NotFound(
            f"Nobody knows where {ae_title} listens: set 'countyread admin device {ae_title} --host --port'."
        )
    scu.echo(host, port, settings.ae_title, ae_title)
    click.echo(f"{ae_title} at {host}:{port} answers.")


@admin.command(name="list")
def list_all() -> None:
    """Show institutions, users and devices.

    \b
    Example:
      countyread admin list
    """
    from sqlalchemy import select

    from storage.db.models import Device, Institution, User

    with open_work() as work:
        for row in work.session.execute(select(Institution).order_by(Institution.code)).scalars():
            click.echo(f"institution  {row.code:<12} {row.kind:<12} {row.name}")
        for person in work.session.execute(select(User).order_by(User.username)).scalars():
            click.echo(f"user         {person.username:<12} {person.role:<12} {person.institution.code}")
        for machine in work.session.execute(select(Device).order_by(Device.ae_title)).scalars():
            click.echo(f"device       {machine.ae_title:<16} {machine.modality:<8} {machine.institution.code}")
