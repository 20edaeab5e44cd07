"""Bodies of the device page."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from storage.domain.devices import CharsetRule, DeviceKind
from viewer_api.schemas import Moment, Page, RequestSchema, Schema

_Texts = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=500)]
_Text = Annotated[str, Field(max_length=300)]


class DeviceFields(RequestSchema):
    """The rules of a device; what is left out stays as it is. `storage.db.models.Device` says what each means."""

    name: _Text | None = None
    modality: Annotated[_Text, Field(examples=["CT"])] | None = None
    kind: DeviceKind | None = None
    active: bool | None = None
    called_ae_title: _Text | None = None
    networks: Annotated[_Texts, Field(examples=[["10.0.1.0/24"]])] | None = None
    """Null or empty: from anywhere."""
    certificate_sha256: _Text | None = None
    host: _Text | None = None
    port: int | None = None
    sop_classes: _Texts | None = None
    """Null or empty: every storage class of the standard."""
    unknown_sop_classes: bool | None = None
    charset: _Text | None = None
    charset_rule: CharsetRule | None = None
    worklist_charset: _Text | None = None
    issuer: _Text | None = None
    daily_objects: int | None = None
    daily_bytes: int | None = None
    may_query: bool | None = None
    ready_idle: float | None = None
    release_means_whole: bool | None = None

    def values(self) -> dict[str, Any]:
        """What was given; null is a value for the rules that may be without limit, and nothing for the others."""
        given = self.model_dump(exclude_unset=True, exclude={"institution", "ae_title"})
        return {name: value for name, value in given.items() if value is not None or name in _NULLABLE}


_NULLABLE = frozenset({"networks", "port", "sop_classes", "daily_objects", "daily_bytes", "ready_idle"})
_Institution = Annotated[str, Field(min_length=1, max_length=64, examples=["t01"])]


class DeviceIn(DeviceFields):
    """A new device."""

    ae_title: Annotated[str, Field(min_length=1, max_length=64, examples=["T01_CT"])]
    institution: _Institution


class DevicePatch(DeviceFields):
    """A change of a device."""

    institution: _Institution | None = None


class AcceptIn(DeviceFields):
    """Whose equipment it is, where the guess is not right; nothing at all to agree with it."""

    institution: _Institution | None = None


class DeviceOut(Schema):
    """Equipment that may push studies, or another door to us, with its rules and what it did today."""

    id: int
    ae_title: str
    institution: str
    institution_name: str
    institution_name_en: str
    name: str
    modality: str
    kind: DeviceKind
    active: bool
    called_ae_title: str
    networks: list[str] | None
    certificate_sha256: str
    host: str
    port: int | None
    sop_classes: list[str] | None
    unknown_sop_classes: bool
    charset: str
    charset_rule: CharsetRule
    worklist_charset: str
    issuer: str
    daily_objects: int | None
    daily_bytes: int | None
    may_query: bool
    ready_idle: float | None
    release_means_whole: bool
    last_seen_at: Moment | None
    received_today: int
    """Objects kept since midnight of the county, from associations that began since then."""
    refused_today: int
    charset_repairs: int
    """Objects of the last 30 days whose text was in another character set than they declare."""
    charset_proposal: str
    """What to set for it, empty when there is nothing to propose."""


class InstitutionOut(Schema):
    """To choose from."""

    code: str
    name: str
    name_en: str


class DevicePage(Page[DeviceOut]):
    """All devices, and what their consoles have to be told."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    ae_title: str
    address: str
    """HOST:PORT as the gateway listens."""
    tls_address: str
    """Empty when there is no TLS."""
    institutions: list[InstitutionOut]


class UnknownCallerOut(Schema):
    """A calling AE title that was refused, and a guess whose it is."""

    id: int
    ae_title: str
    address: str
    called_ae_title: str
    reason: str
    first_seen_at: Moment
    last_seen_at: Moment
    attempts: int
    sop_classes: list[str] | None
    certificate_sha256: str
    is_known: bool
    """There is a device of this title; accepting changes the rule that keeps it out."""
    institution: str
    """The guess, empty when there is none."""
    modality: str
