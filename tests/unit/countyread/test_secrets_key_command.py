from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from countyread.cli import cli
from reading_queue.notices import webhooks
from reading_queue.partner_secrets import secret_of
from reading_queue.service import Actor
from storage.db.models import AuditEvent, Institution, User, Webhook
from storage.key_files import keys_in
from storage.sealing import Seals
from tests.worlds import open_database
from viewer_api.auth import second_factor

pytestmark = pytest.mark.thorough


def test_another_key_seals_what_the_database_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTYREAD_DATA", str(tmp_path))
    monkeypatch.setenv("COUNTYREAD_CONFIG", str(tmp_path / "none.toml"))
    path = tmp_path / "keys" / "secrets.key"
    seals = Seals(path)
    with open_database(f"sqlite:///{tmp_path / 'countyread.sqlite'}") as database:
        with database.write() as work:
            clinic = Institution(code="county", name="county", kind="centre")
            user = User(username="li", display_name="Li", role="admin", institution=clinic, password_hash="-")
            work.session.add_all((clinic, user))
            work.session.flush()
            secret = second_factor.begin(work, seals, user.id).secret
            actor, url = Actor.of(user), "https://his.example.org/in"
            webhooks.register(work, actor, seals, name="HIS", url=url, secret="s" * 32)
        first = CliRunner().invoke(cli, ["admin", "rotate-secrets-key"])
        assert first.exit_code == 0, first.output
        assert len(keys_in(path)) == 2
        assert CliRunner().invoke(cli, ["admin", "rotate-secrets-key", "--forget-old"]).exit_code == 0
        assert len(keys_in(path)) == 1
        with database.read() as work:
            kept = work.session.execute(select(User.totp_secret)).scalar_one()
            signing = secret_of(work.session.execute(select(Webhook)).scalar_one())
            actions = list(work.session.execute(select(AuditEvent.action)).scalars())
    assert Seals(path).open(kept, f"second factor of user {user.id}") == secret
    assert signing.opened(Seals(path)) == "s" * 32
    assert sorted(actions) == [*["secrets_key_rotated"] * 2, "webhook.register"]
