"""Whatever the bytes: frames, character sets, parsing and answers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom_gateway.hl7.answers import Answer, Code, acknowledgement
from dicom_gateway.hl7.charsets import decode
from dicom_gateway.hl7.desk import OrderDesk
from dicom_gateway.hl7.message import parse_message
from dicom_gateway.hl7.mllp import MAX_MESSAGE, Frames, NotMllp, framed
from dicom_gateway.hl7.reading import read_time, read_wishes
from storage.db.session import Database, make_engine
from storage.domain.clock import ManualClock
from storage.domain.errors import Invalid

pytestmark = pytest.mark.thorough


ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 9, 1, tzinfo=UTC)
GOOD = (
    "MSH|^~\\&|HIS|T01|X|Y|20260309083000||ORM^O01|7|P|2.4\r"
    "PID|||1^^^^MR||ZHANG^SAN^^^^^L^A~张^三^^^^^L^I||19700101|M\rORC|NW|P1\r"
    "OBR|1|||CT01^chest" + "|" * 20 + "CT\r"
)
_WORDS = st.sampled_from(
    ["MSH", "PID", "ORC", "OBR", "|", "^", "~", "&", "\\", "\r", "\n", "NW", "ORM^O01", "张", '""', "1"]
)


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=50).filter(lambda data: not set(data) & {0x0B, 0x1C}), max_size=5), st.integers(1, 7)
)
def test_messages_come_out_as_they_went_in_however_they_are_cut(messages: list[bytes], size: int) -> None:
    stream, frames, heard = b"".join(map(framed, messages)), Frames(), []
    for start in range(0, len(stream), size):
        heard += frames.feed(stream[start : start + size])
    assert heard == messages
    assert not frames.is_within


@settings(deadline=None)
@given(st.lists(st.binary(max_size=600), max_size=8))
def test_any_bytes_are_messages_or_the_end(pieces: list[bytes]) -> None:
    frames = Frames()
    try:
        for piece in pieces:
            for message in frames.feed(piece):
                assert b"\x1c" not in message
    except NotMllp:
        return


def test_a_message_without_end_is_not_gathered_for_ever() -> None:
    frames = Frames()
    assert frames.feed(b"\x0b" + b"x" * (MAX_MESSAGE - 1)) == []
    with pytest.raises(NotMllp):
        frames.feed(b"x")


@pytest.mark.parametrize(
    "declared,written,codec",
    [
        ("GBK", "gbk", "gb18030"),
        ("GB 18030-2000", "gb18030", "gb18030"),
        ("UNICODE UTF-8", "utf-8", "utf-8"),
        ("", "gbk", "gb18030"),
        ("", "utf-8", "utf-8"),
        ("8859/1", "gbk", "gb18030"),
        ("UNICODE UTF-8", "gbk", "gb18030"),
        ("ASCII~GBK", "gbk", "gb18030"),
    ],
)
def test_text_is_read_whatever_is_declared(declared: str, written: str, codec: str) -> None:
    message = f"MSH|^~\\&|HIS|T01|||||ORM^O01|1|P|2.4||||||{declared}\rPID|||1||欧阳三"
    assert decode(message.encode(written)) == (message, codec)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=60).map("".join)))
def test_any_text_after_a_header_is_read_or_refused(text: str) -> None:
    try:
        wishes = read_wishes(parse_message("MSH|^~\\&|" + text), ZONE)
    except Invalid:
        return
    assert all(isinstance(wish.placer, str) for wish in wishes)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> OrderDesk:
    """At a database that is not there: nothing can be kept."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('desk')}/empty.sqlite")
    return OrderDesk(Database(engine), ManualClock(NOW), ZONE)


@settings(deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.binary(max_size=100).map(lambda tail: GOOD.encode() + tail)))
def test_any_message_gets_one_answer(desk: OrderDesk, data: bytes) -> None:
    answer = desk.answer(data)
    assert answer.startswith(b"MSH|^~\\&|COUNTYREAD|")
    (said,) = [segment for segment in answer.split(b"\r") if segment.startswith(b"MSA|")]
    assert said[4:6] in (b"AE", b"AR")
    assert not set(answer) & {0x0B, 0x1C}


def test_a_database_that_is_away_is_told_with_what_to_do(desk: OrderDesk) -> None:
    assert b"MSA|AE|7|The order cannot be kept now: send it again later.\r" in desk.answer(GOOD.encode())


def test_names_in_both_scripts_are_told_apart() -> None:
    (wish,) = read_wishes(parse_message(GOOD), ZONE)
    assert (wish.content["patient_name"], wish.content["romanised_name"]) == ("张^三", "ZHANG^SAN")
    assert (wish.control, wish.placer, wish.content["modality"]) == ("NW", "P1", "CT")
    assert "scheduled_at" not in wish.content


@pytest.mark.parametrize(
    "text,moment",
    [
        ("20260309093000", "2026-03-09T01:30:00+00:00"),
        ("202603090930", "2026-03-09T01:30:00+00:00"),
        ("20260309", "2026-03-08T16:00:00+00:00"),
        ("20260309093000.123-0500", "2026-03-09T14:30:00+00:00"),
        ("20261309", None),
        ("tomorrow", None),
    ],
)
def test_times(text: str, moment: str | None) -> None:
    read = read_time(text, ZONE)
    assert (read.isoformat() if read else None) == moment


def test_what_is_said_cannot_break_the_answer() -> None:
    header = parse_message("MSH|^~\\&|A\\F\\B|C|||||ORM^O01|1\\S\\2|P|2.4").header
    answer = acknowledgement(header, Answer(Code.ERROR, "a|b^c~d\\e&f\r\ng"), NOW, "utf-8").decode()
    said = answer.split("\r")[1].split("|")
    assert said[2] == "1\\S\\2"
    assert said[3] == "a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\fg"
    assert answer.split("\r")[0].split("|")[4] == "A\\F\\B"


def test_a_message_of_separators_alone_is_refused_before_it_becomes_objects() -> None:
    with pytest.raises(Invalid):
        parse_message("MSH|^~\\&|" + "|" * 100_000)
