"""`countyread admin`: institutions, users and devices from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from storage.domain.errors import NotFound
from storage.domain.reading import InstitutionKind, Role
from storage.settings import load_settings

if TYPE_CHECKING:
    from storage.db.models import Institution
    from storage.db.session import UnitOfWork


@contextmanager
def _work() -> "Iterator[UnitOfWork]":
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

    with _work() as work:
        people.ensure_institution(work, code, name, name_en, InstitutionKind(kind))
    click.echo(f"Institution {code} is set.")


@admin.command()
@click.argument("username")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--institution", "code", required=True, help="Institution code.")
@click.option("--name", required=True, help="Name as it stands on reports.")
@click.option("--title", default="", help="Title as it stands on reports, for example 主治医师.")
@click.option("--modality", "modalities", multiple=True, help="What a reader may take; repeat; none means all.")
@click.password_option(help="Asked for when not given.")
def user(
    username: str, role: str, code: str, name: str, title: str, modalities: tuple[str, ...], password: str
) -> None:
    """Add a user, or change one and set the password anew.

    \b
    Example:
      countyread admin user wang.reader --role radiologist --institution county --name 王医生 --title 主治医师
    """
    from storage.db.queries import people
    from viewer_api.auth.passwords import hash_password

    with _work() as work:
        people.ensure_user(
            work,
            username,
            hash_password(password),
            role=Role(role),
            institution=_institution(work, code),
            name=name,
            title=title,
            modalities=list(modalities) or None,
        )
    click.echo(f"User {username} is set.")


@admin.command()
@click.argument("ae_title")
@click.option("--institution", "code", required=True, help="Institution code.")
@click.option("--modality", default="", help="What it makes: CT, DX, US, ECG ...")
@click.option("--name", default="", help="What people call it.")
def device(ae_title: str, code: str, modality: str, name: str) -> None:
    """Let a device push: its calling AE title is known from now on, without a restart.

    \b
    Example:
      countyread admin device T16_CT --institution t16 --modality CT
    """
    from storage.db.queries import people

    with _work() as work:
        people.ensure_device(work, ae_title, _institution(work, code), modality=modality, name=name)
    click.echo(f"Device {ae_title} may push.")


@admin.command(name="list")
def list_all() -> None:
    """Show institutions, users and devices.

    \b
    Example:
      countyread admin list
    """
    from sqlalchemy import select

    from storage.db.models import Device, Institution, User

    with _work() as work:
        for row in work.session.execute(select(Institution).order_by(Institution.code)).scalars():
            click.echo(f"institution  {row.code:<12} {row.kind:<12} {row.name}")
        for person in work.session.execute(select(User).order_by(User.username)).scalars():
            click.echo(f"user         {person.username:<12} {person.role:<12} {person.institution.code}")
        for machine in work.session.execute(select(Device).order_by(Device.ae_title)).scalars():
            click.echo(f"device       {machine.ae_title:<16} {machine.modality:<8} {machine.institution.code}")
