"""Which character set a message is in: what MSH-18 says (HL7 table 0211, and as Chinese systems write it), if it is true."""

import re
from collections.abc import Iterator, Mapping

_GB18030, _UTF8, _LATIN1 = "gb18030", "utf-8", "latin-1"
_NAMES: Mapping[str, str] = {
    "GBK": _GB18030,
    "GB2312": _GB18030,
    "GB18030": _GB18030,
    "GB180302000": _GB18030,
    "CP936": _GB18030,
    "UTF8": _UTF8,
    "UNICODE": _UTF8,
    "UNICODEUTF8": _UTF8,
    "88591": _LATIN1,
}
_MSH_18 = 17


def decode(message: bytes) -> tuple[str, str]:
    """The text, and the codec that an answer is to be written in. What is declared counts unless the bytes deny it."""
    for codec in (*_declared(message), _UTF8, _GB18030):
        try:
            return message.decode(codec), codec
        except UnicodeDecodeError:
            continue
    return message.decode(_LATIN1), _LATIN1


def _declared(message: bytes) -> Iterator[str]:
    first = message.split(b"\r", 1)[0]
    fields = first.split(first[3:4]) if len(first) > len("MSH|") else []
    for name in fields[_MSH_18].split(b"~") if len(fields) > _MSH_18 else ():
        key = re.sub(r"[^A-Z0-9]", "", name.decode("ascii", "replace").upper())
        # Systems that have never heard of it declare Latin 1 and send Chinese: any bytes would be Latin 1.
        if _NAMES.get(key, _LATIN1) != _LATIN1:
            yield _NAMES[key]
