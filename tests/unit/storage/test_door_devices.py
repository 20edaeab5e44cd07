import pytest
from sqlalchemy import select

from storage.db.models import Device, Institution
from storage.db.queries import people
from storage.db.session import Database
from storage.domain.devices import DeviceKind, door_titles
from storage.domain.errors import Forbidden, Invalid, NotFound
from storage.passwords import hash_password, verify_password

pytestmark = pytest.mark.thorough


def clinic(work, code: str) -> Institution:
    return people.ensure_institution(work, code, "卫生院")


def test_a_door_has_one_device_an_institution(sqlite_database: Database) -> None:
    with sqlite_database.write() as work:
        first = people.ensure_door_device(work, clinic(work, "t01"), DeviceKind.UPLOAD)
        again = people.ensure_door_device(work, clinic(work, "t01"), DeviceKind.UPLOAD)
        other = people.ensure_door_device(work, clinic(work, "t02"), DeviceKind.UPLOAD)
    assert (first.ae_title, again.id, other.ae_title) == ("T01_UPLOAD", first.id, "T02_UPLOAD")
    assert (first.kind, first.active, first.institution.code) == ("upload", True, "t01")


def test_a_title_that_equipment_has_is_left_to_it(sqlite_database: Database) -> None:
    with sqlite_database.write() as work:
        people.ensure_device(work, "T01_UPLOAD", clinic(work, "t01"))
        assert people.ensure_door_device(work, clinic(work, "t01"), DeviceKind.UPLOAD).ae_title == "T01_UPLOAD2"


def test_a_door_that_was_closed_stays_closed(sqlite_database: Database) -> None:
    with sqlite_database.write() as work:
        people.ensure_door_device(work, clinic(work, "t01"), DeviceKind.FOLDER).active = False
    with sqlite_database.write() as work, pytest.raises(Forbidden):
        people.ensure_door_device(work, clinic(work, "t01"), DeviceKind.FOLDER)


@pytest.mark.parametrize("code", ["t01", "a-very-long-institution-code", "卫生院", ""])
def test_titles_are_titles(code: str) -> None:
    titles = [title for kind in DeviceKind for title in door_titles(code, kind)]
    assert len(set(titles)) == len(titles)
    assert all(1 <= len(title) <= 16 and title.isascii() for title in titles)


def test_only_devices_that_log_in_have_a_secret(sqlite_database: Database) -> None:
    with sqlite_database.write() as work:
        cart = people.ensure_door_device(work, clinic(work, "t01"), DeviceKind.FTP)
        people.ensure_device(work, "T01_CT", clinic(work, "t01"))
        people.set_device_secret(work, cart.ae_title, hash_password("a secret of a cart"))
        with pytest.raises(Invalid):
            people.set_device_secret(work, "T01_CT", "x")
        with pytest.raises(NotFound):
            people.set_device_secret(work, "T09_FTP", "x")
    with sqlite_database.read() as work:
        found = people.device_to_log_in(work, "T01_FTP", DeviceKind.FTP)
        assert found is not None
        assert verify_password(found.secret_hash, "a secret of a cart")
        assert people.device_to_log_in(work, "T01_CT", DeviceKind.FTP) is None
        assert len(work.session.execute(select(Device)).scalars().all()) == 2
