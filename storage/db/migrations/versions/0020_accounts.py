"""What guards an account: second factors, API keys, links that end.

Revision ID: 0020
Revises: 0019
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and room for what accounts and sessions know."""
    _widen_accounts()
    _widen_sessions()
    _make_secrets()
    _make_sign_on()
    _make_keys()
    _make_broken_glass()
    _make_shares()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[datetime]]:
    return [sa.Column(name, _TIME, nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, _INTEGER, nullable=nullable) for name in names]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _widen_accounts() -> None:
    for name in ("lock_outs", "totp_last_step"):
        op.add_column("app_user", sa.Column(name, _INTEGER, server_default="0", nullable=False))
    op.add_column(
        "app_user", sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("app_user", sa.Column("totp_secret", sa.String(), server_default="", nullable=False))
    op.add_column("app_user", sa.Column("oidc_subject", sa.String(), nullable=True))
    for name in ("password_set_at", "totp_confirmed_at", "last_login_at"):
        op.add_column("app_user", sa.Column(name, _TIME, nullable=True))
    op.create_index(op.f("ix_app_user_oidc_subject"), "app_user", ["oidc_subject"], unique=True)


def _widen_sessions() -> None:
    op.add_column("login", sa.Column("last_active_at", _TIME, nullable=True))
    op.add_column("login", sa.Column("idle_seconds", _INTEGER, nullable=True))
    for name, default in (("address", ""), ("agent", ""), ("method", "password"), ("duty", "")):
        op.add_column("login", sa.Column(name, sa.String(), server_default=default, nullable=False))
    op.add_column("login", sa.Column("masked", sa.Boolean(), server_default=sa.false(), nullable=False))


def _make_secrets() -> None:
    op.create_table(
        "recovery_code",
        *_numbers("id", "user_id"),
        *_text("code_sha256"),
        *_times("used_at", nullable=True),
        _refers("recovery_code", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "past_password",
        *_numbers("id", "user_id"),
        *_text("password_hash"),
        *_times("set_at"),
        _refers("past_password", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_password")),
    )
    op.create_table(
        "address_lock",
        *_text("address"),
        *_numbers("failed", "lock_outs"),
        *_times("locked_until", nullable=True),
        *_times("updated_at"),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_address_lock")),
    )
    _index("recovery_code", "user_id")
    _index("past_password", "user_id")
    _index("address_lock", "updated_at")


def _make_sign_on() -> None:
    op.create_table(
        "sign_on",
        *_numbers("id"),
        *_text("state_sha256", "browser_sha256", "nonce", "verifier", "back"),
        *_times("expires_at"),
        *_times("answered_at", nullable=True),
        sa.Column("ticket_sha256", sa.String(), nullable=True),
        *_numbers("user_id", nullable=True),
        _refers("sign_on", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on")),
        sa.UniqueConstraint("state_sha256", name=op.f("uq_sign_on_state_sha256")),
        sa.UniqueConstraint("ticket_sha256", name=op.f("uq_sign_on_ticket_sha256")),
    )
    _index("sign_on", "expires_at")


def _make_keys() -> None:
    op.create_table(
        "api_key",
        *_numbers("id", "institution_id", "user_id"),
        *_text("name", "prefix", "secret_sha256", "last_used_address"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        *_numbers("created_by_id", "follows_id", nullable=True),
        *_times("created_at"),
        *_times("expires_at", "last_used_at", "revoked_at", nullable=True),
        _refers("api_key", "institution_id", "institution"),
        _refers("api_key", "user_id", "app_user"),
        _refers("api_key", "created_by_id", "app_user"),
        _refers("api_key", "follows_id", "api_key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_api_key_secret_sha256")),
    )
    _index("api_key", "institution_id")


def _make_broken_glass() -> None:
    op.create_table(
        "broken_glass",
        *_numbers("id", "user_id", "study_id"),
        *_text("reason", "outcome", "note"),
        *_times("opened_at", "ends_at"),
        *_times("ended_at", "reviewed_at", nullable=True),
        *_numbers("reviewed_by_id", nullable=True),
        _refers("broken_glass", "user_id", "app_user"),
        _refers("broken_glass", "study_id", "study"),
        _refers("broken_glass", "reviewed_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
    )
    _index("broken_glass", "user_id", "study_id", "opened_at")


def _make_shares() -> None:
    op.create_table(
        "share_link",
        *_numbers("id", "institution_id", "study_id", "created_by_id", "uses", "failed"),
        *_text("token_sha256", "passcode_hash", "purpose"),
        *_times("created_at", "expires_at"),
        *_numbers("max_uses", nullable=True),
        *_times("last_used_at", "revoked_at", nullable=True),
        _refers("share_link", "institution_id", "institution"),
        _refers("share_link", "study_id", "study"),
        _refers("share_link", "created_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_share_link_token_sha256")),
    )
    _index("share_link", "institution_id", "study_id")
    op.create_table(
        "share_visit",
        *_numbers("id", "share_link_id"),
        *_text("token_sha256"),
        *_times("opened_at", "expires_at"),
        _refers("share_visit", "share_link_id", "share_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_visit")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_share_visit_token_sha256")),
    )
    _index("share_visit", "share_link_id")
