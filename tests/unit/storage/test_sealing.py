import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.domain.errors import ConfigurationError, SealBroken
from storage.key_files import keys_in
from storage.sealing import Seals, is_sealed
from storage.settings import load_settings

SECRET = "JBSWY3DPEHPK3PXP"


def test_a_sealed_secret_opens_for_what_it_is_of_alone(tmp_path: Path) -> None:
    seals = Seals(tmp_path / "keys" / "secrets.key")
    sealed = seals.seal(SECRET, "user:1")
    assert is_sealed(sealed)
    assert SECRET not in sealed
    assert seals.seal(SECRET, "user:1") != sealed
    assert seals.open(sealed, "user:1") == SECRET
    for wrong, about in (
        (sealed, "user:2"),
        (sealed[:-4] + "AAA=", "user:1"),
        (sealed[:20], "user:1"),
        ("s1.", "user:1"),
    ):
        with pytest.raises(SealBroken):
            seals.open(wrong, about)


def test_what_was_kept_before_there_were_seals_is_itself(tmp_path: Path) -> None:
    seals = Seals(tmp_path / "secrets.key")
    assert seals.open(SECRET, "user:1") == SECRET
    assert not seals.is_current(SECRET)


def test_the_file_of_keys_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secrets.key"
    before = os.umask(0)
    try:
        Seals(path).rotate()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["secrets.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secrets.key"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: keys_in(path), range(8)))
    assert all(one == found[0] for one in found)
    assert len(found[0]) == 1


def test_another_key_seals_from_now_on_and_the_old_ones_open(tmp_path: Path) -> None:
    here, there = Seals(tmp_path / "secrets.key"), Seals(tmp_path / "secrets.key")
    old = here.seal(SECRET, "user:1")
    here.rotate()
    new = here.seal(SECRET, "user:1")
    assert (here.is_current(old), here.is_current(new)) == (False, True)
    assert there.open(new, "user:1") == SECRET, "a process that runs learns of the key"
    assert here.open(old, "user:1") == SECRET
    here.forget_old_keys()
    assert here.open(new, "user:1") == SECRET
    with pytest.raises(SealBroken):
        here.open(old, "user:1")


@pytest.mark.parametrize("content", ["", "short\n", "g" * 64])
def test_a_file_without_usable_keys_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.key").write_text(content)
    with pytest.raises(ConfigurationError, match="64 hexadecimal"):
        Seals(tmp_path / "secrets.key")


def test_the_settings_name_the_file(tmp_path: Path) -> None:
    mine = tmp_path / "platform" / "key"
    settings = load_settings({"COUNTYREAD_DATA": str(tmp_path), "COUNTYREAD_SECRETS_KEY": str(mine)}, tmp_path / "none")
    Seals.of(settings)
    assert mine.exists()
    Seals.of(load_settings({"COUNTYREAD_DATA": str(tmp_path)}, tmp_path / "none"))
    assert (tmp_path / "keys" / "secrets.key").exists()
