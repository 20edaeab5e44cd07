"""Bodies between edge stations and the server; docs/edge.md describes the exchange."""

from typing import Annotated

from pydantic import Field

from storage.edge.protocol import Outcome
from viewer_api.schemas import Moment, RequestSchema, Schema

Title = Annotated[str, Field(min_length=1, max_length=16)]
Uid = Annotated[str, Field(pattern=r"^[0-9.]{1,64}$")]
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0, le=2**53)]


class BacklogIn(RequestSchema):
    """What waits at the station, and what has gone. Sizes in bytes as received there."""

    waiting: Count
    waiting_bytes: Count
    urgent: Count
    held: Count
    """Objects of devices that are not known here."""
    sent: Count
    sent_bytes: Count
    sent_today: Count
    oldest_seconds: Annotated[float, Field(ge=0, le=2**40)]
    free_bytes: Count


class StationCallerIn(RequestSchema):
    """Equipment whose objects wait at the station."""

    ae_title: Title
    address: Annotated[str, Field(max_length=64)]


class AnnouncementIn(RequestSchema):
    """All the objects that one association brought to one study."""

    association: Key
    ae_title: Title
    study: Uid
    objects: Annotated[list[Uid], Field(max_length=50_000)]


class AssociationIn(RequestSchema):
    """An association that is over, with everything it brought on this side."""

    key: Key
    ae_title: Title
    address: Annotated[str, Field(max_length=64)]
    started_at: str
    ended_at: str
    received: Count
    refused: Count
    released: bool


class ReportIn(RequestSchema):
    """How the station is, and what it has to tell."""

    version: Annotated[str, Field(max_length=32)]
    backlog: BacklogIn
    callers: Annotated[list[StationCallerIn], Field(max_length=200, default_factory=list)]
    announcements: Annotated[list[AnnouncementIn], Field(max_length=20_000, default_factory=list)]
    finished: Annotated[list[AssociationIn], Field(max_length=200, default_factory=list)]


class ReportOut(Schema):
    """What the station needs to know."""

    station: str
    institution: str
    titles: list[str]
    """Calling AE titles of the institution's equipment; objects of others are kept at the station."""
    refused_associations: list[str]
    """Announced, and not believed, because their device is not known."""


class ParcelOut(Schema):
    """How much of a parcel has come; `outcomes` by object name once it has been taken in."""

    offset: int
    outcomes: dict[str, Outcome] | None = None


class StationOut(Schema):
    """A station as its last report shows it."""

    ae_title: str
    institution: str
    institution_name: str
    name: str
    active: bool
    last_contact: Moment | None
    version: str
    backlog: BacklogIn | None
