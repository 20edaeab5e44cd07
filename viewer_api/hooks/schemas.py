"""Bodies of hooks and of their log."""

from typing import Annotated, Literal

from pydantic import Field

from storage.db.models import HookAttempt, ResultHook
from viewer_api.schemas import Moment, RequestSchema, Schema

Part = Literal["patient", "exam", "order", "report"]
Url = Annotated[str, Field(min_length=8, max_length=500, examples=["https://his.clinic.example/countyread"])]
Name = Annotated[str, Field(min_length=1, max_length=80, examples=["城关镇卫生院 HIS"])]


class HookIn(RequestSchema):
    """A system to call with every result."""

    institution: Annotated[str, Field(max_length=64)] = ""
    """Code of the clinic; clinics leave it out."""
    name: Name
    url: Url
    wanted: Annotated[tuple[Part, ...], Field(max_length=4)] = ()
    """What calls say besides number, kind, study and link. Nothing of the patient unless it is asked for."""
    after: Annotated[int | None, Field(ge=0, le=2**63 - 1)] = None
    """Begin with the result after this number; with the next one to come when left out."""


class HookChange(RequestSchema):
    """What is to change; what is left out stays. `version` is the one that the caller has seen."""

    version: Annotated[int, Field(ge=1, le=2**63 - 1)]
    name: Name | None = None
    url: Url | None = None
    wanted: Annotated[list[Part], Field(max_length=4)] | None = None
    paused: bool | None = None


class ReplayIn(RequestSchema):
    after: Annotated[int, Field(ge=0, le=2**63 - 1)]
    """The last number that need not be sent again."""


class ReplayOut(Schema):
    results: int
    """How many are to be sent now."""


class HookOut(Schema):
    """A system that is called. `waiting` results have not been taken by it yet."""

    id: int
    version: int
    institution: str
    institution_name: str
    institution_name_en: str
    name: str
    url: str
    wanted: list[str]
    paused: bool
    paused_because: str
    """`refused_for_long` or `gone` where nobody paused it; empty otherwise."""
    key_id: str
    old_key_id: str
    """Signs too, while the keys change; empty otherwise."""
    delivered_seq: int
    delivered_at: Moment | None
    waiting: int
    failing_since: Moment | None
    next_try_at: Moment | None
    """Null when nothing waits."""
    attempts: int
    last_error: str
    created_at: Moment


class NewKeyOut(HookOut):
    secret: str
    """Of `key_id`. It is shown this once."""


class HookList(Schema):
    items: list[HookOut]


class AttemptOut(Schema):
    """One call: number 0 is a test, `status` null where nobody answered, `error` empty where it was taken."""

    id: int
    seq: int
    at: Moment
    milliseconds: int
    status: int | None
    error: str


class AttemptPage(Schema):
    items: list[AttemptOut]
    next: str | None


def hook_values(hook: ResultHook) -> dict[str, object]:
    """The fields of `HookOut`."""
    waiting = hook.institution.result_seq - hook.delivered_seq
    same = (
        "id", "version", "name", "url", "wanted", "paused", "paused_because", "key_id", "old_key_id", "delivered_seq",
        "delivered_at", "failing_since", "attempts", "last_error", "created_at",
    )  # fmt: skip
    return {
        **{name: getattr(hook, name) for name in same},
        "institution": hook.institution.code,
        "institution_name": hook.institution.name,
        "institution_name_en": hook.institution.name_en,
        "waiting": waiting,
        "next_try_at": hook.next_try_at if waiting and not hook.paused else None,
    }


def attempt_out(one: HookAttempt) -> AttemptOut:
    """A line of the log."""
    return AttemptOut(**{name: getattr(one, name) for name in AttemptOut.model_fields})
