"""Bodies of the audit trail."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from storage.db.queries.audit import AuditQuery
from viewer_api.schemas import Moment, RequestSchema, Schema

Text = Annotated[str, Field(max_length=128)]


class AuditAsked(RequestSchema):
    """What is looked for: who, what, which patient or study, when, and how it ended."""

    who: Text = ""
    """A user name, or an actor as the trail has it: `user:17`, `key:3fa85f64`, `share:5`."""
    action: Text = ""
    subject: Text = ""
    study: Annotated[str, Field(max_length=64, pattern=r"^[0-9.]*$")] = ""
    outcome: Literal["", "done", "refused"] = ""
    since: datetime | None = None
    until: datetime | None = None

    def wanted(self, patient: str = "") -> AuditQuery:
        return AuditQuery(
            self.who, self.action, self.subject, patient, self.study, self.outcome, self.since, self.until
        )


class AuditSearch(AuditAsked):
    """A search, and which part of what it finds. The patient's number comes in the body: it belongs in no URL."""

    patient: Text = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[int | None, Field(ge=1)] = None


class AuditLine(Schema):
    """One link of the chain. `name` is the user name behind the actor where there is one."""

    seq: int
    at: Moment
    actor: str
    name: str
    action: str
    subject: str
    outcome: str
    detail: dict[str, Any]
    sha256: str


class AuditFound(Schema):
    """The latest first; `next` is the cursor of what is before it."""

    items: list[AuditLine]
    next: int | None


class AuditState(Schema):
    """How long the chain is, and when its head was written down outside the database last."""

    links: int
    head: str
    anchored_at: Moment | None
    anchored_links: int
    archived_links: int
    overdue: bool
    """Whether the next anchor should have been taken long ago."""
