"""Who may push to a station: anybody on its network, or the calling AE titles of a list."""

from collections.abc import Collection

from storage.db.queries.reception import KnownDevice
from storage.domain.admission import is_ae_title
from storage.domain.devices import DeviceKind


class StationDirectory:
    """Stands where the gateway has its directory of devices; the server checks again whose device it is."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(allowed)

    @classmethod
    def parse(cls, text: str) -> "StationDirectory":
        """Read `T01_DR, T01_ECG`; nothing means that everybody may push."""
        return cls([title.strip() for title in text.split(",") if title.strip()])

    def find(self, ae_title: str) -> KnownDevice | None:
        """A device of that calling AE title, unless it is not on the list."""
        return self.known(ae_title)

    def known(self, ae_title: str) -> KnownDevice | None:
        """The same."""
        if not is_ae_title(ae_title) or (self._allowed and ae_title not in self._allowed):
            return None
        return KnownDevice(0, ae_title, DeviceKind.DICOM, 0, "", "", unknown_sop_classes=True, may_query=False)
