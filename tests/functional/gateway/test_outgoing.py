"""Associations that the gateway asks for, with peers that misbehave."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE, evt
from pynetdicom.presentation import build_context

from dicom_gateway.messages import ConnectionLost, Messages
from dicom_gateway.outgoing import Outgoing
from tests.functional.gateway.running import AE_TITLE
from tests.services.ports import free_port

STORE = {0x0002: CTImageStorage, 0x0100: 0x0001, 0x0110: 1, 0x0700: 2, 0x1000: "1.2.3"}


@contextmanager
def peer(on_store: Callable[[evt.Event], int], maximum_pdu: int = 16382) -> Iterator[int]:
    ae = AE("PEER")
    ae.add_supported_context(CTImageStorage)
    ae.maximum_pdu_size = maximum_pdu
    port = free_port()
    server = ae.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, on_store)])
    try:
        yield port
    finally:
        server.shutdown()


def store(messages: Messages, content: bytes, seconds: float) -> int:
    (context,) = messages.association.accepted_contexts
    assert context.context_id is not None
    messages.send(context.context_id, STORE, content)
    return int(messages.receive(1, seconds).Status)


def contexts():
    return [build_context(CTImageStorage, ExplicitVRLittleEndian)]


@pytest.mark.parametrize("maximum_pdu", [0, 200, 16382])
@pytest.mark.parametrize("length", [2, 194, 194 * 2, 100_000])
def test_data_sets_of_every_length_in_pdus_that_the_peer_takes(maximum_pdu: int, length: int) -> None:
    got = []

    def keep(event: evt.Event) -> int:
        got.append(event.request.DataSet.getvalue())
        return 0

    content = bytes(number % 251 for number in range(length))
    with (
        peer(keep, maximum_pdu) as port,
        Outgoing(AE_TITLE).messages("127.0.0.1", port, "PEER", contexts()) as messages,
    ):
        assert store(messages, content, 60) == 0
    assert got == [content]


def test_a_peer_that_does_not_answer_is_cut_off(request: pytest.FixtureRequest) -> None:
    has_come, may_go = threading.Event(), threading.Event()
    request.addfinalizer(may_go.set)

    def never_answer(_event: evt.Event) -> int:
        has_come.set()
        may_go.wait(60)
        return 0

    outgoing = Outgoing(AE_TITLE)

    def cut() -> None:
        has_come.wait(60)
        outgoing.cut()
        may_go.set()

    stopping = threading.Thread(target=cut)
    stopping.start()
    with (
        peer(never_answer) as port,
        pytest.raises(ConnectionLost, match="lost"),
        outgoing.messages("127.0.0.1", port, "PEER", contexts()) as messages,
    ):
        store(messages, bytes(10), 120)
    stopping.join()


def test_a_peer_that_aborts(request: pytest.FixtureRequest) -> None:
    def abort(event: evt.Event) -> int:
        event.assoc.abort()
        return 0

    with (
        peer(abort) as port,
        pytest.raises(ConnectionLost),
        Outgoing(AE_TITLE).messages("127.0.0.1", port, "PEER", contexts()) as messages,
    ):
        store(messages, bytes(10), 60)
