"""Bodies of notices, deliveries, webhooks and dead letters."""

from typing import Annotated, Any

from pydantic import Field

from storage.domain.hints import LetterState
from storage.domain.notices import Channel, DeliveryState, Urgency
from storage.domain.reading import Role
from viewer_api.schemas import Moment, RequestSchema, Schema

_Cursor = Annotated[int | None, Field(ge=1, le=2**63 - 1)]
_Limit = Annotated[int, Field(ge=1, le=200)]
_Pattern = Annotated[str, Field(min_length=1, max_length=64)]
_Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["22:00"])]


class NoticeQuery(RequestSchema):
    """A part of the list."""

    unseen: bool = False
    limit: _Limit = 50
    cursor: _Cursor = None


class NoticeOut(Schema):
    """Something that the caller is told. `params` fill the sentence of its kind and hold no patient data."""

    id: int
    kind: Annotated[str, Field(examples=["task.breached"])]
    urgency: Urgency
    params: dict[str, Any]
    text: str
    """The sentence in Chinese, for clients that have none of their own."""
    task_id: int | None
    study_instance_uid: str
    critical_case_id: int | None
    created_at: Moment
    seen_at: Moment | None


class NoticePage(Schema):
    """A part of the caller's notices, and how many he has not seen at all."""

    items: list[NoticeOut]
    next: str | None
    unseen: int
    urgent: int


class SeenIn(RequestSchema):
    """Notices by their `id`, or null for all up to now that are not urgent."""

    ids: Annotated[list[int], Field(max_length=200)] | None = None


class UnseenOut(Schema):
    """How many the caller has not seen, and how many of them are urgent."""

    unseen: int
    urgent: int


class QuietHoursIn(RequestSchema):
    """Local times, over midnight when the second is the earlier one."""

    begins: _Time
    ends: _Time


class WishesIn(RequestSchema):
    """Where the caller is reached, and what he wants. What is urgent comes all the same."""

    email: Annotated[str, Field(max_length=320)] = ""
    mobile: Annotated[str, Field(max_length=32)] = ""
    off: tuple[Channel, ...] = ()
    muted: Annotated[tuple[_Pattern, ...], Field(max_length=100)] = ()
    """Kinds that are not wanted outside the application; patterns such as "study.*"."""
    quiet_hours: QuietHoursIn | None = None


class WishesOut(Schema):
    """What is kept, and which channels this installation has at all."""

    email: str
    mobile: str
    off: list[Channel]
    muted: list[str]
    quiet_hours: QuietHoursIn | None
    channels: list[Channel]


class ContactOut(Schema):
    """Where somebody is reached."""

    username: str
    name: str
    role: Role
    institution: str
    institution_name: str
    email: str
    mobile: str


class ContactIn(RequestSchema):
    """What is not given stays."""

    email: Annotated[str, Field(max_length=320)] | None = None
    mobile: Annotated[str, Field(max_length=32)] | None = None


class DeliveryQuery(RequestSchema):
    """A part of the list. Empty values do not filter."""

    state: Annotated[list[DeliveryState], Field(default_factory=list)]
    channel: Channel | None = None
    limit: _Limit = 100
    cursor: _Cursor = None


class DeliveryOut(Schema):
    """One notice by one channel to one person, duty telephone or webhook."""

    id: int
    kind: str
    urgency: Urgency
    channel: Channel
    to: str
    """A name, never an address; the last digits of a duty telephone."""
    state: DeliveryState
    attempts: int
    created_at: Moment
    next_attempt_at: Moment | None
    sent_at: Moment | None
    last_error: str
    last_error_at: Moment | None


class RedriveIn(RequestSchema):
    """Deliveries by `id`, or null for all that were given up."""

    ids: Annotated[list[int], Field(max_length=200)] | None = None


class CountOut(Schema):
    """How many are sent again."""

    count: int


class WebhookIn(RequestSchema):
    """A system to tell. Without a secret it is given one."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    url: Annotated[str, Field(min_length=1, max_length=500)]
    secret: Annotated[str, Field(max_length=256)] = ""
    kinds: Annotated[list[str], Field(max_length=100)] | None = None
    """Patterns such as "critical.*"; null for every kind."""
    institution: str | None = None
    """Only notices for people of this institution."""


class WebhookPatch(RequestSchema):
    """What is not given stays."""

    url: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    secret: Annotated[str, Field(max_length=256)] | None = None
    kinds: Annotated[list[str], Field(max_length=100)] | None = None
    active: bool | None = None


class WebhookOut(Schema):
    """A system that is told."""

    id: int
    name: str
    url: str
    kinds: list[str] | None
    institution: str | None
    active: bool
    last_seq: int
    created_at: Moment


class NewWebhookOut(WebhookOut):
    """With the secret, which is shown this once."""

    secret: str


class ReplayIn(RequestSchema):
    """Everything with a number above this one is sent again."""

    after: Annotated[int, Field(ge=0)]


class LetterQuery(RequestSchema):
    """A part of the list: the open ones, or everything that has failed or still may."""

    all: bool = False
    limit: _Limit = 100
    cursor: _Cursor = None


class LetterOut(Schema):
    """A task of the workers that failed for good. `args` are identities, `error` the kind of failure."""

    id: int
    task: str
    args: list[Any]
    state: LetterState
    error: str
    attempts: int
    deaths: int
    first_at: Moment
    last_at: Moment
    decided_at: Moment | None
