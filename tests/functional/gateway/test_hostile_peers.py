"""Peers that are broken or mean, against a real gateway process: bounded memory, bounded time, and nobody else notices.

The network side does not depend on the world: one embedded gateway serves the whole module.
"""

import random
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from dicom_gateway.listener import MAX_ASSOCIATIONS
from tests.functional.gateway.raw import (
    ABORT,
    ASSOCIATE_AC,
    ASSOCIATE_RJ,
    LOCAL_LIMIT,
    Line,
    associated,
    command,
    connect,
    item,
    pdu,
    request,
    user_information,
    value,
)
from tests.functional.gateway.running import AE_TITLE, RunningGateway
from tests.functional.gateway.studies import make_study
from tests.services import dcmtk
from tests.services.waiting import wait_until
from tests.unit.storage.ingest.shelf import make_county
from tests.worlds import World, make_world, open_database

NOISE = random.Random(7)
"""The same in every process, for test ids are made of it."""

MEBIBYTE = 1 << 20
CROWD = 2000


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    folder = tmp_path_factory.mktemp("hostile")
    world: World = make_world("embedded", folder, lambda name: pytest.fail(f"{name} is not embedded"))
    world.settings.data.mkdir()
    with open_database(world.settings.database_url) as database:
        make_county(database, institutions=12)
        running = RunningGateway(world, database, folder)
        running.start()
        yield running
        running.stop()
        assert "Traceback" not in running.log


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return make_study(tmp_path_factory.mktemp("study"), 2)


@pytest.fixture(autouse=True)
def nothing_is_left(gateway: RunningGateway, study: list[Path], dcmtk_tools: None) -> Iterator[None]:
    """After every test a good sender works, no object is half written, and no thread stays behind."""
    yield
    assert gateway.send(*study, calling="T05_CT") == 2
    wait_until(lambda: not half_written(gateway), 30, "the traces to go")
    wait_until(lambda: threads(gateway) <= 12, 60, "the threads of the test to end")
    assert gateway.program.running


def half_written(gateway: RunningGateway) -> list[Path]:
    return list(gateway.spool.rglob("*.part"))


def threads(gateway: RunningGateway) -> int:
    return int(_status(gateway, "Threads"))


def memory(gateway: RunningGateway) -> int:
    """Bytes."""
    return int(_status(gateway, "VmRSS").split()[0]) << 10


def files(gateway: RunningGateway) -> int:
    return len(list(Path(f"/proc/{gateway.program.pid}/fd").iterdir()))


def _status(gateway: RunningGateway, name: str) -> str:
    lines = Path(f"/proc/{gateway.program.pid}/status").read_text().splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(f"{name}:"))


def answers(gateway: RunningGateway) -> bool:
    return dcmtk.echo(gateway.port, calling="T02_CT", called=AE_TITLE).ok


# Before an association


def test_health_checks_by_the_thousand_leave_nothing_behind(gateway: RunningGateway) -> None:
    def knock(times: int) -> None:
        for _ in range(times):
            socket.create_connection(("127.0.0.1", gateway.port)).close()

    knock(500)
    before, many = (files(gateway), memory(gateway)), gateway.log.count("\n")
    knock(3000)
    assert answers(gateway)
    wait_until(lambda: files(gateway) <= before[0] + 3, 30, "the connections to be forgotten")
    assert memory(gateway) - before[1] < 10 * MEBIBYTE
    assert gateway.log.count("\n") - many < 5


def test_the_silent_and_the_slow_keep_nobody_out(gateway: RunningGateway, study: list[Path]) -> None:
    whole = request("T01_CT")
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(gateway.port)) for _ in range(240)]
        for line in lines[:80]:
            line.say(whole[: len(whole) // 2])
        assert gateway.send(*study, calling="T02_CT") == 2
        for byte in whole[len(whole) // 2 :][:20]:
            for line in lines[:80]:
                line.say(bytes([byte]))
        assert threads(gateway) < 20
        assert gateway.send(*study, calling="T02_CT") == 2
        slow = lines[0]
        slow.say(whole[len(whole) // 2 + 20 :])
        assert slow.hear()[0] == ASSOCIATE_AC


def test_who_has_waited_longest_leaves_when_the_lobby_is_full(gateway: RunningGateway) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(gateway.port)) for _ in range(300)]
        assert lines[0].is_over()
        assert answers(gateway)
        lines[-1].say(request())
        assert lines[-1].hear()[0] == ASSOCIATE_AC


GARBAGE = {
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "tls": bytes.fromhex("16030100c8010000c40303") + bytes(190),
    "noise": bytes(range(255, 0, -1)) * 4,
    "p-data first": pdu(4, value(1, 3, command())),
    "release first": pdu(5, bytes(4)),
    "unknown type": pdu(0x55, b"x" * 100),
    "a request without end": pdu(1, bytes(100), length=0xFFFFFFFF),
    "a length like minus one": pdu(1, bytes(100), length=0x80000000),
    "a request of nothing": pdu(1, b""),
    "a request of zeros": pdu(1, bytes(500)),
    "no contexts": request(contexts=()),
    "no transfer syntax": request(contexts=((1, CTImageStorage, ()),)),
    "no abstract syntax": request(contexts=((1, "", (ExplicitVRLittleEndian,)),)),
    "even context": request(contexts=((2, CTImageStorage, (ExplicitVRLittleEndian,)),)),
    "same context twice": request(contexts=((1, CTImageStorage, (ExplicitVRLittleEndian,)),) * 2),
    "200 contexts": request(
        contexts=tuple((n % 255 | 1, CTImageStorage, (ExplicitVRLittleEndian,)) for n in range(200))
    ),
    "items that lie": request(user=b"\x50\x00\xff\xff" + bytes(20)),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_request_ends_the_connection(gateway: RunningGateway, garbage: bytes) -> None:
    with connect(gateway.port) as line:
        line.say(garbage)
        assert line.is_over()


@pytest.mark.parametrize(
    "user",
    [
        user_information(more=item(0x58, b"\x01\x01" + struct.pack(">H", 4) + b"user" + struct.pack(">H", 0))),
        user_information(more=item(0x54, struct.pack(">H", 60000) + b"1.2")),
        user_information(more=item(0x53, b"\xff\xff\xff\xff")),
        user_information(more=item(0x56, NOISE.randbytes(60))),
        user_information(more=item(0x99, NOISE.randbytes(60))),
        user_information(maximum=0),
        user_information(maximum=1),
        user_information(more=item(0x55, b"\xff" * 300)),
        item(0x50, b""),
        b"",
    ],
)
def test_strange_user_information_gets_an_answer(gateway: RunningGateway, user: bytes) -> None:
    with connect(gateway.port) as line:
        line.say(request(user=user))
        heard = line.hear()
        assert heard is None or heard[0] in (ASSOCIATE_AC, ASSOCIATE_RJ, ABORT)


def test_the_most_contexts_that_there_can_be_are_negotiated(gateway: RunningGateway) -> None:
    syntaxes = [f"1.2.840.10008.1.2.4.{n}" for n in range(50, 110)]
    contexts = [(2 * n + 1, CTImageStorage, (ExplicitVRLittleEndian, *syntaxes)) for n in range(128)]
    with associated(gateway.port, contexts=contexts) as line:
        line.say(pdu(5, bytes(4)))
        assert line.hear()[0] == 6


@pytest.mark.parametrize(
    "calling",
    [b"", b"\0" * 16, b"../../etc/passwd", b"\xd6\xd0\xce\xc4", b"A\\B", b"T01_CT\0", b"%s%n", b"\n\nERROR x"],
)
def test_titles_that_are_none_are_refused_in_one_line(gateway: RunningGateway, calling: bytes) -> None:
    with connect(gateway.port) as line:
        line.say(request(calling))
        heard = line.hear()
        assert heard is None or heard[0] in (ASSOCIATE_RJ, ABORT)
    assert not any(entry.startswith("ERROR x") for entry in gateway.log.splitlines())


def rejection(line: Line) -> tuple[int, ...] | None:
    """Result, source, reason; None when it was accepted."""
    kind, content = line.hear() or (0, b"")
    assert kind in (ASSOCIATE_AC, ASSOCIATE_RJ)
    return tuple(content[1:4]) if kind == ASSOCIATE_RJ else None


@pytest.mark.parametrize(
    "asked, told",
    [
        ({"calling": "NOBODY"}, (1, 1, 3)),
        ({"called": "OTHER"}, (1, 1, 7)),
        ({"application": "1.2.3"}, (1, 1, 2)),
    ],
)
def test_a_refusal_says_why(gateway: RunningGateway, asked: dict[str, str], told: tuple[int, ...]) -> None:
    with connect(gateway.port) as line:
        line.say(request(**asked))
        assert rejection(line) == told


def test_a_crowd_is_told_to_come_again(gateway: RunningGateway, study: list[Path]) -> None:
    with ExitStack() as stack:
        lines = []
        for number in range(CROWD):
            lines.append(stack.enter_context(connect(gateway.port)))
            lines[-1].say(request(f"T{number % 12 + 1:02d}_CT"))
        told = [rejection(line) for line in lines]
        assert told.count(LOCAL_LIMIT) == CROWD - told.count(None)
        assert MAX_ASSOCIATIONS - 10 <= told.count(None) <= MAX_ASSOCIATIONS
    wait_until(lambda: threads(gateway) <= 12, 60, "the crowd to go")


def test_one_device_cannot_take_all_the_room(gateway: RunningGateway, study: list[Path]) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(gateway.port)) for _ in range(60)]
        for line in lines:
            line.say(request("T01_CT"))
        told = [rejection(line) for line in lines]
        assert told.count(None) == 32
        assert told.count(LOCAL_LIMIT) == 28
        assert gateway.send(*study, calling="T02_CT") == 2


# Within an association

BEGIN = pdu(4, value(1, 3, command()))
BREACHES = {
    "a pdu without end": BEGIN + pdu(4, value(1, 0, bytes(1000)), length=0xFFFFFFFF) + NOISE.randbytes(100_000),
    "a value longer than its pdu": BEGIN + pdu(4, value(1, 0, bytes(10), length=1000)),
    "a value like minus one": BEGIN + pdu(4, value(1, 0, bytes(10), length=0xFFFFFFFF)),
    "a value of nothing": BEGIN + pdu(4, struct.pack(">IBB", 0, 1, 0)),
    "a value of one byte": BEGIN + pdu(4, struct.pack(">IBB", 1, 1, 0)),
    "a pdu that ends in a header": BEGIN + pdu(4, b"\0\0\0"),
    "a release without end": pdu(5, bytes(4), length=0xFFFFFFFF) + bytes(100_000),
    "an unknown pdu": pdu(0x99, bytes(10)),
    "a second request": request(),
    "data without a command": pdu(4, value(1, 2, bytes(100))),
    "a context that was never accepted": pdu(4, value(77, 3, command())),
    "data in another context": BEGIN + pdu(4, value(3, 2, bytes(100))),
    "a command within the data": BEGIN + BEGIN,
    "a command without end": pdu(4, value(1, 1, bytes(8) * 1000)) * 10,
    "a command of noise": pdu(4, value(1, 3, NOISE.randbytes(300))),
    "a command of nothing": pdu(4, value(1, 3, b"")),
}


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES.keys())
def test_whoever_breaks_the_protocol_is_cut_off(gateway: RunningGateway, breach: bytes) -> None:
    before = memory(gateway)
    with associated(gateway.port) as line:
        line.say(breach)
        assert line.is_over()
    assert memory(gateway) - before < 40 * MEBIBYTE


def test_one_line_with_the_devices_name_and_no_flood(gateway: RunningGateway) -> None:
    before = len(gateway.log.splitlines())
    for _ in range(40):
        with associated(gateway.port, "T03_CT") as line:
            line.say(pdu(4, value(77, 3, command())))
            assert line.is_over()
        with connect(gateway.port) as line:
            line.say(GARBAGE["http"])
            assert line.is_over()
    written = gateway.log.splitlines()[before:]
    assert len([entry for entry in written if "T03_CT broke the protocol" in entry]) == 1
    assert len(written) < 10


@pytest.mark.parametrize(
    "uid", [b"../../etc/passwd", b"1.2\0\0../x", b"1" * 1000, "1.2.中文".encode("gbk"), b"", b"\0\0", b"1.2.%s%n\r\n"]
)
def test_uids_are_no_paths(gateway: RunningGateway, uid: bytes) -> None:
    outside = written_outside(gateway)
    content = struct.pack("<HH2sH", 8, 0x18, b"UI", len(uid)) + uid
    with associated(gateway.port) as line:
        line.say(pdu(4, value(1, 3, command(sop_instance=uid)) + value(1, 2, content)))
        kind, answer = line.hear()
        assert kind == 4
        assert b"\x00\x00\x00\x09\x02\x00\x00\x00" in answer
        assert not answer.endswith(b"\0\0\0\x09\2\0\0\0\0\0")
    assert {path.name for path in written_outside(gateway) - outside} <= {
        "countyread.sqlite-wal",
        "countyread.sqlite-shm",
    }


def written_outside(gateway: RunningGateway) -> set[Path]:
    """What is neither in a spool nor an object of the store, which is named by its hash."""
    everything = gateway.world.settings.data.parent.rglob("*")
    return {path for path in everything if not {"spool", "objects"} & set(path.parts) and path.suffix != ".log"}


def test_a_data_set_without_end_is_bounded_by_the_disk_alone(gateway: RunningGateway) -> None:
    fragment = pdu(4, value(1, 0, bytes(250_000)))
    before = memory(gateway)
    with associated(gateway.port) as line:
        line.say(BEGIN)
        for _ in range(200):
            line.say(fragment)
        wait_until(lambda: half_written(gateway), 30, "the object to begin")
        assert memory(gateway) - before < 20 * MEBIBYTE
        assert answers(gateway)


def test_mutations_of_what_is_right_do_no_harm(gateway: RunningGateway) -> None:
    chance = random.Random(11)
    whole = request()
    message = pdu(4, value(1, 3, command()) + value(1, 0, bytes(300)))
    for _ in range(150):
        with connect(gateway.port) as line:
            line.connection.settimeout(1)
            line.say(_mutated(whole, chance) if chance.random() < 0.5 else whole)
            line.say(_mutated(message, chance))
            line.connection.shutdown(socket.SHUT_WR)
    wait_until(lambda: answers(gateway), 30, "the gateway to answer")


def _mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        match chance.randint(0, 2):
            case 0:
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            case 1:
                del changed[chance.randrange(len(changed)) :][: chance.randint(1, 20)]
            case _:
                changed[chance.randrange(len(changed)) : 0] = chance.randbytes(chance.randint(1, 20))
        changed = changed or bytearray(1)
    return bytes(changed)
