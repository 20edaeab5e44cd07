"""Chinese text in what a device can show (`storage.domain.worklist_charsets`)."""

from storage.domain.worklist_charsets import NameForm, WorklistCharset
from storage.orders.names import family_and_given, has_chinese, romanised_name, romanised_text

_LONGEST_GROUP = 64


class DeviceText:
    """Writes names and text for one device."""

    def __init__(self, charset: WorklistCharset) -> None:
        self._charset = charset

    def text(self, value: str, longest: int) -> str:
        """`value` with what cannot be shown in pinyin, cut to `longest` characters."""
        value = value[:longest]
        if not self._charset.can_show(value):
            value = self._shown(value) if self._charset.shows_chinese else romanised_text(value)
        return value[:longest].rstrip()

    def name(self, name: str, romanised: str = "") -> str:
        """A person name (PS3.5 6.2.1) in the form that the device's rule asks for."""
        latin = (romanised or romanised_name(name))[:_LONGEST_GROUP]
        if self._charset.form is NameForm.PINYIN or not has_chinese(name) or not self._charset.can_show(name):
            return latin
        if self._charset.form is NameForm.CHARACTERS:
            return name.replace("^", "")[:_LONGEST_GROUP]
        return f"{latin}={_with_components(name)[:_LONGEST_GROUP]}"

    def _shown(self, value: str) -> str:
        return "".join(one if self._charset.can_show(one) else f" {romanised_text(one)} " for one in value)


def _with_components(name: str) -> str:
    return name if "^" in name else "^".join(part for part in family_and_given(name) if part)
