"""XML of ECG carts: any encoding that Python knows, no entities, no limits on what a namespace is called."""

import base64
import binascii
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from numpy.typing import NDArray

from storage.domain.errors import UnreadableEcg

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[\w:.-]+(\s+SYSTEM\s+(\"[^\"]*\"|'[^']*'))?\s*>")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_GBK = ("gbk", "gb2312", "gb_2312-80")


def parse(data: bytes) -> Element:
    """The root, with names without their namespaces. Raises `UnreadableEcg`."""
    text = _decoded(data)
    # MUSE names a document type that nobody has; one that declares nothing is harmless, any other is refused below.
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
    try:
        root: Element = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableEcg("The XML of the ECG is damaged.") from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if not encoding:
        declared = _ENCODING.match(data[:200])
        encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        return data.decode("gb18030" if encoding in _GBK else encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise UnreadableEcg("The XML of the ECG is not in the encoding that it names.") from error


def words(parent: Element | None, *path: str) -> str:
    """The text of the first element at the path; empty where there is none."""
    found = parent
    for name in path:
        found = None if found is None else found.find(name)
    return (found.text or "").strip() if found is not None else ""


def every(root: Element, name: str) -> Iterator[Element]:
    """Elements of that name at any depth, in document order."""
    return root.iter(name)


def first(root: Element, name: str) -> Element | None:
    return next(root.iter(name), None)


def base64_of(text: str | None) -> bytes:
    """Raises `UnreadableEcg` for anything that is not base64."""
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableEcg("The samples of the ECG are damaged.") from error


def int16_of(data: bytes) -> NDArray[np.int16]:
    """Little-endian samples. Raises `UnreadableEcg` for half a sample."""
    if len(data) % 2:
        raise UnreadableEcg("The samples of the ECG end within one.")
    return np.frombuffer(data, "<i2")
