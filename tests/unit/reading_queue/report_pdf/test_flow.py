from hypothesis import given
from hypothesis import strategies as st

from reading_queue.report_pdf.flow import Line, paginate
from reading_queue.report_pdf.sheet import Style

PLAIN = Style(size=10, leading=10)


def line(text: str = "", *, keep: bool = False) -> Line:
    return Line(text, PLAIN, keep_with_next=keep)


def texts(pages: list[list[Line]]) -> list[list[str]]:
    return [[line.text for line in page] for page in pages]


def test_a_heading_goes_with_its_text():
    pages = paginate([line("a"), line("b"), line("heading", keep=True), line("text")], first=30, following=50, tail=0)
    assert texts(pages) == [["a", "b"], ["heading", "text"]]


def test_signatures_never_stand_alone_on_a_page():
    pages = paginate([line("a"), line("b", keep=True), line("c")], first=35, following=50, tail=20)
    assert texts(pages) == [["a"], ["b", "c"]]


def test_a_text_too_long_for_the_room_under_the_head_begins_on_the_next_page():
    pages = paginate([line("a", keep=True), line("b")], first=15, following=50, tail=20)
    assert texts(pages) == [[], ["a", "b"]]


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60), st.integers(0, 30))
def test_pages_hold_every_line_once_and_are_never_overfull(kept: list[bool], first: int, tail: int):
    chain_broken = [keep and place % 3 != 2 for place, keep in enumerate(kept)]
    lines = [line(str(place), keep=keep) for place, keep in enumerate(chain_broken)]
    pages = paginate(lines, first=first, following=60, tail=tail)
    assert [entry for page in pages for entry in page] == lines
    assert all(
        sum(entry.height for entry in page) <= room for page, room in zip(pages, [first, *[60] * 60], strict=False)
    )
    assert not lines or sum(entry.height for entry in pages[-1]) + tail <= (first if len(pages) == 1 else 60)
