import pytest

from viewer_api.auth.passwords import hash_password, verify_password
from viewer_api.auth.tokens import new_token, token_hash

pytestmark = pytest.mark.thorough


def test_only_the_right_password_fits() -> None:
    stored = hash_password("正确的密码")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert stored != hash_password("正确的密码")
    assert verify_password(stored, "正确的密码")
    assert not verify_password(stored, "another")
    assert not verify_password(stored, "")


def test_without_a_hash_nothing_fits() -> None:
    assert not verify_password(None, "")
    assert not verify_password("-", "-")
    assert not verify_password("", "anything")


def test_tokens_differ_and_their_hashes_tell_nothing() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)
    token = tokens.pop()
    assert token not in token_hash(token)
    assert token_hash(token) == token_hash(token)
