"""Orders by HL7 v2 over MLLP, sent by a plain socket as hospital systems do."""

import socket
import threading
from contextlib import contextmanager

import pytest

from storage.db.models import ExamOrder
from storage.settings import Address
from tests.functional.orders.clinics import Clinic
from tests.services.waiting import wait_until

CARD = "11010519491231002X"


@contextmanager
def line(clinic: Clinic):
    address = Address.parse("HL7", clinic.gateway.world.environ["COUNTYREAD_HL7"])
    with socket.create_connection((address.host, address.port), timeout=60) as connection:
        yield connection


def say(connection: socket.socket, message: bytes) -> list[list[str]]:
    """Send a message in its frame; the segments of the answer, each as its fields."""
    connection.sendall(b"\x0b" + message + b"\x1c\r")
    return heard(connection)


def heard(connection: socket.socket) -> list[list[str]]:
    answer = b""
    while not answer.endswith(b"\x1c\r"):
        piece = connection.recv(65536)
        assert piece, answer
        answer += piece
    assert answer.startswith(b"\x0b")
    return [segment.split("|") for segment in answer[1:-2].decode("gb18030").split("\r") if segment]


def orm(
    clinic: Clinic,
    *,
    control: str = "NW",
    control_id: str = "1",
    placer: str = "P1",
    charset: str = "GBK",
    facility: str | None = None,
    name: str = "欧阳^三",
    modality: str = "CT",
    kind: str = "ORM^O01",
    more: tuple[str, ...] = (),
) -> bytes:
    facility = clinic.code.upper() if facility is None else facility
    segments = (
        f"MSH|^~\\&|HIS|{facility}|COUNTYREAD|COUNTY|20260309083000||{kind}|{control_id}|P|2.4||||||{charset}",
        f"PID|1||0007^^^HIS^PI~{CARD}^^^^NI||{name}||19491231|F|||||13800000000",
        "PV1|1|O|内科^^^||||||W01^王^大明",
        f"ORC|{control}|{placer}|F1||||^^^20260309093000^^S|||||W01^王^大明",
        f"OBR|1|{placer}|F1|CT01^胸部CT平扫^L|||||||||咳嗽三天\\T\\发热|||||||||||{modality}",
        *more,
    )
    codec = {"GBK": "gbk", "UNICODE UTF-8": "utf-8", "": "gb18030"}[charset]
    return "\r".join(segments).encode(codec)


@pytest.mark.parametrize("charset", ["GBK", "UNICODE UTF-8", ""])
def test_a_message_places_an_order_once(clinic: Clinic, charset: str) -> None:
    with line(clinic) as connection:
        header, said = say(connection, orm(clinic, charset=charset))
        assert (said[:3], header[8].split("^")[0]) == (["MSA", "AA", "1"], "ACK")
        assert say(connection, orm(clinic, charset=charset))[1][1] == "AA"
        assert say(connection, orm(clinic, charset=charset, control_id="2"))[1][1] == "AA"
    (order,) = clinic.orders()
    assert (order.patient_name, order.romanised_name, order.sex) == ("欧阳^三", "OUYANG^SAN", "F")
    assert (order.patient_id, order.id_card_number, order.phone) == ("0007", CARD, "13800000000")
    assert (order.placer_order_number, order.filler_order_number, order.source) == ("P1", "F1", "hl7")
    assert (order.modality, order.procedure_code, order.procedure_description) == ("CT", "CT01", "胸部CT平扫")
    assert (order.referring_doctor, order.referring_department) == ("王^大明", "内科")
    assert (order.clinical_information, order.priority) == ("咳嗽三天&发热", "P1")
    assert order.scheduled_at.isoformat() == "2026-03-09T01:30:00+00:00"
    assert order.version == 1


def test_an_order_is_changed_and_cancelled(clinic: Clinic) -> None:
    with line(clinic) as connection:
        assert say(connection, orm(clinic))[1][1] == "AA"
        assert say(connection, orm(clinic, control="XO", control_id="2", name="李四"))[1][1] == "AA"
        (order,) = clinic.orders()
        assert (order.patient_name, order.romanised_name, order.version) == ("李四", "LI^SI", 2)
        assert say(connection, orm(clinic, control="CA", control_id="3"))[1][1] == "AA"
        assert say(connection, orm(clinic, control="CA", control_id="4"))[1][1] == "AA"
        assert clinic.state_of(order) == "cancelled"
        refused = say(connection, orm(clinic, control="XO", control_id="5", name="王五"))
        assert refused[1][1] == "AE"
        assert "cancelled" in refused[1][3]
        assert say(connection, orm(clinic, control_id="6"))[1][1] == "AA"
    assert [one.state for one in clinic.orders()] == ["cancelled", "scheduled"]


def test_the_imaging_order_of_version_2_5_brings_its_uid_and_accession_number(clinic: Clinic) -> None:
    more = ("IPC|A77|RP1|1.2.3.77|SPS1|US", "ZDS|1.2.3.9^^Application^DICOM")
    with line(clinic) as connection:
        said = say(connection, orm(clinic, kind="OMI^O23^OMI_O23", modality="", more=more))
    assert said[1][1] == "AA"
    (order,) = clinic.orders()
    assert (order.accession_number, order.study_instance_uid, order.modality) == ("A77", "1.2.3.77", "US")


@pytest.mark.parametrize(
    "code,part,over",
    [
        ("AR", "MSH-4", {"facility": "NOWHERE"}),
        ("AR", "MSH-9", {"kind": "ADT^A01"}),
        ("AR", "MSH-10", {"control_id": ""}),
        ("AE", "modality", {"modality": "ZZ"}),
        ("AE", "ORC-2", {"placer": ""}),
        ("AE", "ORC-1", {"control": "ZZ"}),
        ("AE", "NW first", {"control": "XO", "placer": "P9"}),
        ("AE", "patient_name", {"name": ""}),
        ("AE", "device", {"more": ("IPC|||||CT||||NOBODY",)}),
    ],
)
def test_a_refusal_says_what_to_do_and_changes_nothing(clinic: Clinic, code: str, part: str, over: dict) -> None:
    with line(clinic) as connection:
        if over.get("control") == "ZZ":
            say(connection, orm(clinic, control_id="0"))
        answer = say(connection, orm(clinic, **over))
        assert answer[1][1] == code, answer
        assert part in answer[1][3]
        assert answer[2][0] == "ERR"
        assert say(connection, orm(clinic, control_id="99", placer="P99"))[1][1] == "AA"
    assert {one.placer_order_number for one in clinic.orders()} - {"P1"} == {"P99"}


@pytest.mark.parametrize("placers,expected", [(["P1"] * 6, 1), (["P1", "P2", "P3", "P4", "P5", "P6"], 6)])
def test_many_lines_at_once_make_each_order_once(clinic: Clinic, placers: list[str], expected: int) -> None:
    answers: list[str] = []

    def send(placer: str) -> None:
        with line(clinic) as connection:
            answers.append(say(connection, orm(clinic, placer=placer, control_id=placer))[1][1])

    threads = [threading.Thread(target=send, args=(placer,)) for placer in placers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == ["AA"] * 6
    assert len(clinic.orders()) == len({order.accession_number for order in clinic.orders()}) == expected


def test_one_clinic_does_not_touch_the_orders_of_another(clinic: Clinic, other_clinic: Clinic) -> None:
    with line(clinic) as connection:
        assert say(connection, orm(clinic))[1][1] == "AA"
        assert say(connection, orm(other_clinic, control="CA"))[1][1] == "AE"
        assert say(connection, orm(other_clinic, control_id="2"))[1][1] == "AA"
    assert [one.state for one in (*clinic.orders(), *other_clinic.orders())] == ["scheduled", "scheduled"]


def test_garbage_is_answered_or_cut_off_and_the_others_go_on(clinic: Clinic) -> None:
    with line(clinic) as connection:
        assert say(connection, b"\xff\xfe not a message")[1][1] == "AR"
        assert say(connection, orm(clinic))[1][1] == "AA"
        connection.sendall(b"GET / HTTP/1.1\r\n" * 100)
        assert closed(connection)
    with line(clinic) as connection:
        connection.sendall(b"\x0bMSH|^~\\&|")
        with line(clinic) as flood:
            assert is_cut_off(flood)
        connection.sendall(orm(clinic, control_id="2", placer="P2")[len(b"MSH|^~\\&|") :] + b"\x1c\r")
        assert heard(connection)[1][1] == "AA"
    assert len(clinic.orders()) == 2


def is_cut_off(connection: socket.socket) -> bool:
    """Whether the other end closes while a message goes on for ever."""
    try:
        for _ in range(1000):
            connection.sendall(b"\x0b" + b"|" * 65536)
    except OSError:
        return True
    return False


def closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_connections_beyond_the_limit_are_closed_and_come_again_later(clinic: Clinic) -> None:
    address = Address.parse("HL7", clinic.gateway.world.environ["COUNTYREAD_HL7"])
    many = [socket.create_connection((address.host, address.port), timeout=30) for _ in range(40)]
    try:
        many[-1].settimeout(30)
        assert closed(many[-1])
    finally:
        for one in many:
            one.close()

    def is_served() -> bool:
        with line(clinic) as connection:
            try:
                return say(connection, orm(clinic))[1][1] == "AA"
            except (OSError, AssertionError):
                return False

    wait_until(is_served, 60, "the listener to serve again")
    assert isinstance(clinic.orders()[0], ExamOrder)
