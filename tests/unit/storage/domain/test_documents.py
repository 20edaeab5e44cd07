import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.documents import CompactDocument, json_text

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES, max_size=5))
def test_a_document_is_what_went_in(content: dict[str, object]) -> None:
    new = CompactDocument.of(content)
    kept = CompactDocument(new.compressed)
    assert (dict(new), dict(kept)) == (content, content)
    assert (new == kept, len(kept)) == (True, len(content))
    assert CompactDocument.of(kept) is kept


def test_what_is_known_is_told_without_parsing() -> None:
    text = json_text({"a": 1, "b": {"c": 2}})
    new = CompactDocument.of_text(text, {"a": 1})
    assert (new["a"], new.get("x"), new["b"], "c" in new, list(new)) == (1, None, {"c": 2}, False, ["a", "b"])


def test_a_document_is_kept_compressed_and_shows_nothing_of_itself() -> None:
    new = CompactDocument.of({"name": "ZHANG^SAN" * 100})
    assert len(new.compressed) < 60
    assert b"ZHANG" in zlib.decompress(new.compressed)
    assert "ZHANG" not in repr(new)


def test_nothing_is_an_empty_document() -> None:
    assert dict(CompactDocument(b"")) == {}


def test_numbers_without_a_word_in_json_are_refused() -> None:
    with pytest.raises(ValueError):
        CompactDocument.of({"a": float("nan")})
