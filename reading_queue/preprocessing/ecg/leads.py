"""Names of ECG leads, from the codes of PS3.16 CID 3001 or from what devices write beside them."""

import re

from pydicom import Dataset

from reading_queue.preprocessing.attributes import items, text

LIMB = ("I", "II", "III", "aVR", "aVL", "aVF")
CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
STANDARD = LIMB + CHEST

_NUMBERED = {
    **dict(enumerate(("I", "II", *CHEST, "V7", "V2R", "V3R", "V4R", "V5R", "V6R", "V7R", "X", "Y", "Z"), start=1)),
    **dict(enumerate(("I", "II", *CHEST), start=31)),
    **dict(enumerate(("III", "aVR", "aVL", "aVF", "-aVR", "V8", "V9", "V8R", "V9R"), start=61)),
    **dict(enumerate(("III", "aVR", "aVL", "aVF"), start=111)),
}
"""Lead numbers shared by MDC (2:n) and SCP-ECG (5.6.3-9-n); 31 and 111 on are the derived ones."""

_NAMES = {name.lower(): name for name in (*_NUMBERED.values(), "MLI", "MLII", "MLIII", "MCL1", "MCL6", "CM5", "CC5")}
_CODE = re.compile(r"^(?:2:|5\.6\.3-9-)(\d{1,3})$")
_MEANING = re.compile(
    r"^(?:derived\s+)?(?:mdc[_ ]ecg[_ ](?:lead|elec[_ ]potl)[_ ])?(?:ecg\s+)?(?:leads?\s+)?(?P<name>-?[a-z]+\d?r?)\b",
    re.IGNORECASE,
)
_LONGEST = 12


def lead_name(channel: Dataset, position: int) -> str:
    """The usual short name of a channel's lead. `position` (from 1) names a channel that says nothing of itself.

    The written meaning goes first: devices put the nearest standard code on leads that have none, such as MLII.
    """
    source = next(iter(items(channel, "ChannelSourceSequence")), Dataset())
    written = text(source, "CodeMeaning")
    return (
        _from_words(written)
        or _from_code(text(source, "CodeValue"))
        or _from_words(text(channel, "ChannelLabel"))
        or written[:_LONGEST]
        or text(channel, "ChannelLabel")[:_LONGEST]
        or f"#{position}"
    )


def _from_words(words: str) -> str | None:
    found = _MEANING.match(words)
    return _NAMES.get(found["name"].lower()) if found else None


def _from_code(code: str) -> str | None:
    found = _CODE.match(code)
    return _NUMBERED.get(int(found[1])) if found else None
