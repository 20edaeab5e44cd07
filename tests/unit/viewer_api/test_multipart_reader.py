import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.errors import BrokenMultipart
from viewer_api.dicomweb.multipart_reader import MediaType, read_parts

pytestmark = pytest.mark.thorough


class Drip(io.BytesIO):
    """Gives no more than `most` bytes at once, as a slow line does."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._most if size is None or size < 0 else min(size, self._most)
        return super().read(wanted)


def body(parts: list[tuple[dict[str, str], bytes]], boundary: str = "b", *, preamble: bytes = b"") -> bytes:
    lines = [preamble]
    for headers, content in parts:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
        lines.append(b"--" + boundary.encode() + b"\r\n" + head + b"\r\n" + content + b"\r\n")
    return b"".join(lines) + f"--{boundary}--\r\n".encode()


def parse(content: bytes, boundary: str = "b", most: int = 1 << 20, size: int = 1 << 16):
    found = []
    for part in read_parts(Drip(content, most), boundary):
        chunks = []
        while chunk := part.content.read(size):
            assert len(chunk) <= size
            chunks.append(chunk)
        found.append((dict(part.headers), b"".join(chunks)))
    return found


# Content that comes close to a boundary again and again.
contents = st.lists(
    st.one_of(
        st.binary(max_size=30), st.sampled_from([b"\r\n", b"\r\n--", b"\r\n--b", b"--b", b"-", b"\r", b"\r\n--bx"])
    ),
    max_size=12,
).map(b"".join)


@given(
    st.lists(contents, max_size=5), st.integers(1, 90), st.integers(1, 50), st.sampled_from(["boundary-1", "x" * 70])
)
def test_parts_come_out_as_they_went_in(given_parts, most: int, size: int, boundary: str) -> None:
    parts = [({"content-type": "application/dicom", "n": str(n)}, part) for n, part in enumerate(given_parts)]
    assert parse(body(parts, boundary), boundary, most, size) == parts


@given(contents, st.integers(1, 40))
def test_a_longer_boundary_inside_is_content(content: bytes, most: int) -> None:
    inner = body([({"a": "b"}, b"inner")], "bb")
    part = ({"content-type": "multipart/related; boundary=bb"}, b"x" + inner)
    assert parse(body([part]), most=most) == [part]


@given(st.binary(max_size=300), st.integers(1, 40))
def test_any_bytes_are_parts_or_refused(content: bytes, most: int) -> None:
    try:
        parse(b"--b\r\n" + content, most=most)
    except BrokenMultipart as error:
        assert error.message.endswith(".")  # noqa: PT017 - both ways are right


@given(st.integers(0, 200), st.integers(1, 30))
def test_a_body_without_its_end_is_refused(end: int, most: int) -> None:
    whole = body([({"content-type": "application/dicom"}, b"some content"), ({}, b"more")])
    cut = whole[: min(end, len(whole) - 5)]
    with pytest.raises(BrokenMultipart):
        parse(cut, most=most)


def test_preamble_padding_epilogue_and_folded_headers_are_passed_over() -> None:
    content = (
        b"hello\r\n--b  \t\r\nContent-Type: application/dicom;\r\n transfer-syntax=*\r\n\r\nX\r\n--b--and the rest"
    )
    assert parse(content) == [({"content-type": "application/dicom; transfer-syntax=*"}, b"X")]


def test_a_part_that_nobody_reads_is_passed_over() -> None:
    content = body([({"n": "1"}, b"x" * 300_000), ({"n": "2"}, b"y")])
    assert [part.headers["n"] for part in read_parts(Drip(content, 7000), "b")] == ["1", "2"]


def test_line_feeds_alone_end_no_line() -> None:
    with pytest.raises(BrokenMultipart):
        parse(b"--b\nContent-Type: application/dicom\n\nX\n--b--\n")


@pytest.mark.parametrize("boundary", ["", "x" * 500, "中"])
def test_a_boundary_has_to_make_sense(boundary: str) -> None:
    with pytest.raises(BrokenMultipart):
        parse(b"--\r\n\r\n", boundary)


def test_headers_have_a_limit() -> None:
    with pytest.raises(BrokenMultipart, match="too long"):
        parse(b"--b\r\nX: " + b"x" * 100_000 + b"\r\n\r\nX\r\n--b--")


class _Endless:
    """A hundred MiB of content."""

    def __init__(self) -> None:
        self._left = 1600

    def read(self, _size: int, /) -> bytes:
        self._left -= 1
        if self._left == 1599:
            return b"--b\r\n\r\n"
        return b"\r\n--bx" * 10922 if self._left > 0 else b"\r\n--b--"


def test_memory_is_bounded() -> None:
    tracemalloc.start()
    total = 0
    for part in read_parts(_Endless(), "b"):
        while chunk := part.content.read(1 << 16):
            total += len(chunk)
            if total > 4 << 20:
                break
        break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 << 20


@pytest.mark.parametrize(
    "text, kind, parameters",
    [
        (
            'multipart/related; type="application/dicom"; boundary=b',
            "multipart/related",
            {"type": "application/dicom", "boundary": "b"},
        ),
        ("Application/DICOM;Boundary=X", "application/dicom", {"boundary": "X"}),
        ("", "", {}),
        (";;;=", "", None),
    ],
)
def test_media_types(text: str, kind: str, parameters: dict[str, str] | None) -> None:
    parsed = MediaType.parse(text)
    assert parsed.type == kind
    assert parameters is None or parsed.parameters == parameters


@given(st.text(max_size=100))
def test_any_media_type_is_read(text: str) -> None:
    assert isinstance(MediaType.parse(text).type, str)
