"""`countyread admin rotate-secrets-key`: another key for the secrets that the database keeps."""

import click

from countyread.commands.admin import ACTOR, open_work
from storage.settings import load_settings


@click.command(name="rotate-secrets-key")
@click.option(
    "--forget-old", is_flag=True, help="Keep the new key alone: only once every API process was started anew."
)
def rotate_secrets_key(*, forget_old: bool) -> None:
    """Seal the secrets of second factors, and those that calls to other systems are signed with, with a new key.

    The keys of before stay in the file, for API processes that run and for backups of the database.

    \b
    Example:
      countyread admin rotate-secrets-key
    """
    from reading_queue import partner_secrets
    from storage.audit import AuditEntry, record
    from storage.sealing import Seals
    from viewer_api.auth import second_factor

    seals = Seals.of(load_settings())
    seals.rotate()
    with open_work() as work:
        unopened = second_factor.reseal(work, seals) + partner_secrets.reseal(work, seals)
        record(work.session, AuditEntry(work.now, ACTOR, "secrets_key_rotated", "secrets", {"unopened": unopened}))
    if forget_old:
        seals.forget_old_keys()
    click.echo("Secrets are sealed with a new key." if not unopened else f"{unopened} secrets could not be opened.")
