"""The rules of a device over the wire, changed while the gateway runs."""

from collections.abc import Iterator

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MRImageStorage
from pynetdicom import AE
from pynetdicom.association import Association
from sqlalchemy import update

from storage.db.models import Device, UnknownCaller
from tests.functional.gateway.raw import connect, request
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.samples import data_set, encode
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import make_world, open_database

PRIVATE = "1.2.840.113619.4.27"
RULES = {
    "called_ae_title": "",
    "networks": None,
    "kind": "dicom",
    "sop_classes": None,
    "unknown_sop_classes": False,
    "daily_objects": None,
    "daily_bytes": None,
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    folder = tmp_path_factory.mktemp("rules")
    world = make_world("embedded", folder, lambda name: pytest.fail(f"{name} is not embedded"))
    world.settings.data.mkdir()
    with open_database(world.settings.database_url) as database:
        make_county(database, institutions=3)
        running = RunningGateway(world, database, folder)
        running.start()
        yield running
        running.stop()


def set_rules(gateway: RunningGateway, ae_title: str = "T01_CT", **rules: object) -> None:
    with gateway.database.write() as work:
        work.session.execute(update(Device).where(Device.ae_title == ae_title).values(**{**RULES, **rules}))


@pytest.fixture(autouse=True)
def no_rules(gateway: RunningGateway) -> Iterator[None]:
    yield
    set_rules(gateway)
    wait_until(lambda: accepted(gateway) == [CTImageStorage, MRImageStorage], 30, "the rules to go")


def associate(gateway: RunningGateway, ae_title: str = "T01_CT") -> Association:
    ae = AE(ae_title)
    for sop_class in (CTImageStorage, MRImageStorage, PRIVATE):
        ae.add_requested_context(sop_class, ExplicitVRLittleEndian)
    return ae.associate("127.0.0.1", gateway.port, ae_title=AE_TITLE)


def accepted(gateway: RunningGateway) -> list[str]:
    """The abstract syntaxes that T01_CT may use now; none when it is not let in."""
    association = associate(gateway)
    found = sorted(str(context.abstract_syntax) for context in association.accepted_contexts)
    if association.is_established:
        association.release()
    return found


def store(association: Association) -> tuple[int, str]:
    """Status and comment of the answer to one object."""
    made = data_set()
    encode(made)
    answer = association.send_c_store(made)
    return answer.Status, str(answer.get("ErrorComment", ""))


@pytest.mark.parametrize(
    "rules, classes",
    [
        ({"sop_classes": [MRImageStorage]}, [MRImageStorage]),
        ({"unknown_sop_classes": True}, [CTImageStorage, MRImageStorage, PRIVATE]),
        ({"sop_classes": [CTImageStorage], "unknown_sop_classes": True}, [CTImageStorage, PRIVATE]),
        ({"networks": ["10.0.0.0/8"]}, []),
        ({"kind": "ftp"}, []),
    ],
)
def test_rules_count_without_a_restart(gateway: RunningGateway, rules: dict, classes: list[str]) -> None:
    set_rules(gateway, **rules)
    wait_until(lambda: accepted(gateway) == classes, 30, "the rules to count")


def test_a_quota_is_answered_out_of_resources_with_the_reason(gateway: RunningGateway) -> None:
    association = associate(gateway, "T02_CT")
    assert store(association) == (0x0000, "")
    set_rules(gateway, "T02_CT", daily_objects=0)
    wait_until(lambda: store(association)[0] == 0xA700, 30, "the quota to count")
    status, comment = store(association)
    assert (status, "quota" in comment) == (0xA700, True)
    assert "The daily quota of T02_CT is used up" in gateway.log
    set_rules(gateway, "T02_CT")
    wait_until(lambda: store(association)[0] == 0x0000, 30, "the quota to go")
    association.release()


def test_a_device_may_call_by_its_old_title(gateway: RunningGateway) -> None:
    def answer() -> int:
        with connect(gateway.port) as line:
            line.say(request("T01_CT", "OLDPACS"))
            heard = line.hear()
            assert heard is not None
            return heard[0]

    assert answer() == 3
    set_rules(gateway, called_ae_title="OLDPACS")
    wait_until(lambda: answer() == 2, 30, "the rule to count")


def test_the_administrator_is_told_who_was_refused_and_what_he_wanted(gateway: RunningGateway) -> None:
    assert not associate(gateway, "STRANGER").is_established
    wait_until(lambda: gateway.count(UnknownCaller, ae_title="STRANGER"), 30, "the caller to be listed")
    (row,) = [row for row in gateway.rows(UnknownCaller) if row.ae_title == "STRANGER"]
    assert row.reason == "calling_ae_title_not_recognized"
    assert row.sop_classes == [CTImageStorage, MRImageStorage, PRIVATE]
    assert row.address == "127.0.0.1"
