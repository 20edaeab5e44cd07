import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_gateway.associate import BrokenRequest, fault_of, parse_request
from dicom_gateway.order import (
    MAX_COMMAND,
    MAX_OTHER_DATA,
    PACE_BYTES,
    PACE_SECONDS,
    BrokenPdu,
    MessageOrder,
    Pace,
    TooSlow,
)
from dicom_gateway.quiet import QuietLog
from dicom_gateway.status import APPLICATION_CONTEXT_NOT_SUPPORTED
from tests.functional.gateway.raw import pdu, request


def begun(*, has_data_set: bool = True) -> MessageOrder:
    order = MessageOrder()
    order.take_command(1, 100)
    order.end_command(has_data_set=has_data_set)
    return order


def test_a_command_and_its_data_set_in_any_number_of_fragments() -> None:
    order = MessageOrder()
    for _ in range(2):
        for length in (10, 0, 90):
            order.take_command(1, length)
        order.end_command(has_data_set=True)
        assert order.in_progress
        for is_last in (False, False, True):
            order.take_data(1, MAX_OTHER_DATA, is_stored=True, is_last=is_last)
        assert not order.in_progress


def test_a_command_without_a_data_set_ends_the_message() -> None:
    order = begun(has_data_set=False)
    assert not order.in_progress
    order.take_command(3, 10)


@pytest.mark.parametrize("is_stored", [True, False])
def test_what_may_not_come_now(*, is_stored: bool) -> None:
    with pytest.raises(BrokenPdu):
        MessageOrder().take_data(1, 10, is_stored=is_stored, is_last=True)
    with pytest.raises(BrokenPdu):
        begun().take_command(1, 10)
    with pytest.raises(BrokenPdu):
        begun().take_data(3, 10, is_stored=is_stored, is_last=False)
    order = MessageOrder()
    order.take_command(1, 10)
    with pytest.raises(BrokenPdu):
        order.take_command(3, 10)


def test_only_what_is_stored_may_be_of_any_size() -> None:
    order = MessageOrder()
    order.take_command(1, MAX_COMMAND)
    with pytest.raises(BrokenPdu):
        order.take_command(1, 1)
    order = begun()
    order.take_data(1, MAX_OTHER_DATA, is_stored=False, is_last=False)
    with pytest.raises(BrokenPdu):
        order.take_data(1, 1, is_stored=False, is_last=True)


class Stopwatch:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_byte_now_and_then_is_too_slow() -> None:
    watch = Stopwatch()
    pace = Pace(watch)
    for watch.at in range(1, int(PACE_SECONDS)):
        pace.moved(1)
    watch.at += 1
    with pytest.raises(TooSlow):
        pace.moved(1)


def test_a_thin_line_is_not_too_slow_and_a_rest_between_messages_does_not_count() -> None:
    watch = Stopwatch()
    pace = Pace(watch)
    for _ in range(3000):
        watch.at += 1
        pace.moved(int(2 * PACE_BYTES / PACE_SECONDS))
    watch.at += 10 * PACE_SECONDS
    pace.restart()
    pace.moved(1)


def test_a_request_that_keeps_to_the_standard_is_read() -> None:
    assert parse_request(request("T01_CT")).calling_ae_title.strip() == "T01_CT"
    assert fault_of(parse_request(request())) is None
    assert fault_of(parse_request(request(application="1.2.3"))) is APPLICATION_CONTEXT_NOT_SUPPORTED


@given(st.data())
def test_any_bytes_are_a_request_or_refused(data: st.DataObject) -> None:
    content = bytearray(request())
    for _ in range(data.draw(st.integers(0, 8))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        content = content or bytearray(1)
    _parse(bytes(content))


@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    _parse(pdu(1, noise))
    _parse(noise)


def _parse(content: bytes) -> None:
    try:
        parsed = parse_request(content)
    except BrokenRequest:
        return
    assert 1 <= len(parsed.presentation_context_definition_list) <= 128


def test_a_quiet_log_says_how_much_it_kept_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    watch = Stopwatch()
    monkeypatch.setattr("dicom_gateway.quiet.monotonic", watch)
    quiet = QuietLog(logging.getLogger("test"))
    for _ in range(50):
        quiet.warning("T01_CT", "%s is strange.", "T01_CT")
    quiet.warning("T02_CT", "%s is strange.", "T02_CT")
    watch.at += 61
    quiet.warning("T01_CT", "%s is strange.", "T01_CT")
    assert [record.getMessage() for record in caplog.records] == [
        "T01_CT is strange.",
        "T02_CT is strange.",
        "T01_CT is strange. (49 times more since the last line.)",
    ]
    for number in range(3000):
        quiet.warning(number, "%d", number)
    assert len(caplog.records) < 1010
