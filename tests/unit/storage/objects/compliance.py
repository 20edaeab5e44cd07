"""What every object store must do; run on each back end."""

import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pydicom
import pydicom.data
import pytest

from storage.domain.errors import ChecksumMismatch, Invalid, ObjectNotFound
from storage.objects import ObjectStore, exists

KEY = "instances/ab/abcdef.dcm"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(store: ObjectStore, key: str, content: bytes) -> None:
    store.put(key, io.BytesIO(content), size=len(content), sha256=sha256(content))


def read(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


class ObjectStoreCompliance:
    """Subclasses give a fixture `store`: an empty store of its own."""

    @pytest.mark.parametrize("size", [0, 1, 300_001, (16 << 20) + 5])
    def test_gives_back_what_was_put(self, store: ObjectStore, size: int) -> None:
        content = bytes(range(256)) * (size // 256) + bytes(size % 256)
        put(store, KEY, content)
        assert sha256(read(store, KEY)) == sha256(content)

    def test_puts_from_where_the_stream_stands(self, store: ObjectStore) -> None:
        stream = io.BytesIO(b"headerbody")
        stream.seek(6)
        store.put(KEY, stream, size=4, sha256=sha256(b"body"))
        assert read(store, KEY) == b"body"

    def test_the_same_again_is_harmless(self, store: ObjectStore) -> None:
        put(store, KEY, b"bytes")
        put(store, KEY, b"bytes")
        assert read(store, KEY) == b"bytes"

    @pytest.mark.parametrize("announced", [(5, b"other"), (4, b"byte"), (6, b"bytes!")])
    def test_refuses_other_bytes_than_announced(self, store: ObjectStore, announced: tuple[int, bytes]) -> None:
        size, content = announced
        with pytest.raises(ChecksumMismatch):
            store.put(KEY, io.BytesIO(b"bytes"), size=size, sha256=sha256(content))
        assert not exists(store, KEY)

    def test_a_refused_put_leaves_what_was_there(self, store: ObjectStore) -> None:
        put(store, KEY, b"good")
        with pytest.raises(ChecksumMismatch):
            store.put(KEY, io.BytesIO(b"evil"), size=4, sha256=sha256(b"good!"))
        assert read(store, KEY) == b"good"

    def test_a_missing_object_is_told_as_such(self, store: ObjectStore) -> None:
        put(store, KEY, b"bytes")
        for ask in (lambda: read(store, "instances/no/none.dcm"), lambda: store.open_range("no/none", 0, 1)):
            with pytest.raises(ObjectNotFound):
                ask()
        assert not exists(store, "no/none")

    @pytest.mark.parametrize(
        "start, stop, expected",
        [(0, 3, b"012"), (3, 7, b"3456"), (8, 99, b"89"), (10, 12, b""), (50, 60, b""), (4, 4, b""), (5, 2, b"")],
    )
    def test_ranges(self, store: ObjectStore, start: int, stop: int, expected: bytes) -> None:
        put(store, KEY, b"0123456789")
        assert store.open_range(KEY, start, stop) == expected

    def test_deleted_is_gone_and_may_be_deleted_again(self, store: ObjectStore) -> None:
        put(store, KEY, b"bytes")
        store.delete(KEY)
        assert not exists(store, KEY)
        store.delete(KEY)

    def test_streams_are_seekable_files(self, store: ObjectStore) -> None:
        put(store, KEY, (Path(pydicom.data.__file__).parent / "test_files/CT_small.dcm").read_bytes())
        with store.open(KEY) as stream:
            assert pydicom.dcmread(stream).Rows == 128

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "a//b", ".hidden", "a/.b", "a b", "甲", "a" * 600])
    def test_keys_stay_below_the_root(self, store: ObjectStore, key: str) -> None:
        with pytest.raises(Invalid):
            put(store, key, b"bytes")
        with pytest.raises(Invalid):
            store.open(key)

    def test_many_putters_of_one_object_agree(self, store: ObjectStore) -> None:
        content = b"x" * 100_000
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(lambda _: put(store, KEY, content), range(6))) == [None] * 6
        assert read(store, KEY) == content

    def test_a_reader_never_sees_half_an_object(self, store: ObjectStore) -> None:
        content = b"y" * 3_000_000
        done = threading.Event()

        def putter() -> None:
            put(store, KEY, content)
            done.set()

        thread = threading.Thread(target=putter)
        thread.start()
        while not done.is_set():
            with suppress(ObjectNotFound):
                assert len(read(store, KEY)) == len(content)
        thread.join()
