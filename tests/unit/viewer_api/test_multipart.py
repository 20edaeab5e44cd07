import pytest

from viewer_api.dicomweb.multipart import choose, multipart_body
from viewer_api.dicomweb.transfer_syntaxes import RAW

_HTJ2K = "1.2.840.10008.1.2.4.202"


@pytest.mark.parametrize(
    "accept, chosen",
    [
        ("", (True, "*")),
        ("*/*", (True, "*")),
        ("multipart/related; type=application/octet-stream; transfer-syntax=*", (True, "*")),
        ('multipart/related; type="application/octet-stream"; transfer-syntax=*', (True, "*")),
        (f'multipart/related;type="application/octet-stream";transfer-syntax="{_HTJ2K}"', (True, _HTJ2K)),
        (f"Multipart/Related; Type=application/octet-stream; Transfer-Syntax={RAW}", (True, RAW)),
        ("multipart/related; type=application/octet-stream", (True, RAW)),
        ("application/octet-stream; transfer-syntax=*", (False, "*")),
        ("application/octet-stream", (False, RAW)),
        ('multipart/related; type="image/jphc", multipart/related; type="application/octet-stream"', (True, RAW)),
        ("image/jpeg, */*;q=0.1", (True, "*")),
        ("image/jpeg", None),
        ("multipart/related; type=application/octet-stream; transfer-syntax=1.2.3", None),
        ("application/dicom+json", None),
    ],
)
def test_the_first_encoding_that_both_sides_know(accept: str, chosen: tuple[bool, str] | None) -> None:
    found = choose(accept, _HTJ2K)
    assert (None if found is None else (found.multipart, found.syntax)) == chosen


def test_a_body_is_the_same_whenever_it_is_made() -> None:
    parts = [(RAW, b"\r\n--frame"), (_HTJ2K, b"")]
    content_type, body = multipart_body(parts, '"x"')
    assert (content_type, body) == multipart_body(parts, '"x"')
    boundary = content_type.rsplit("=", 1)[1]
    assert (
        body
        == (
            f"--{boundary}\r\nContent-Type: application/octet-stream; transfer-syntax={RAW}\r\n\r\n\r\n--frame\r\n"
            f"--{boundary}\r\nContent-Type: application/octet-stream; transfer-syntax={_HTJ2K}\r\n\r\n\r\n"
            f"--{boundary}--\r\n"
        ).encode()
    )
