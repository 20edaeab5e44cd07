import pytest

from viewer_api.http import matches, partial


@pytest.mark.parametrize(
    "wanted, status, body, described",
    [
        ("", 200, b"0123456789", None),
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-3", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
    ],
)
def test_one_range_of_a_body(wanted: str, status: int, body: bytes, described: str | None) -> None:
    answer = partial(b"0123456789", "text/plain", {}, wanted)
    assert (answer.status_code, answer.body, answer.headers.get("content-range")) == (status, body, described)


@pytest.mark.parametrize(
    "known, same",
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ("", False), ('"b"', False), ("a", False)],
)
def test_versions_that_the_client_holds(known: str, *, same: bool) -> None:
    assert matches(known, '"a"') is same
    assert matches(known, 'W/"a"') is same
