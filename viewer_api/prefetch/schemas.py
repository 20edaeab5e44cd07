"""What is told of images that may be fetched ahead."""

from enum import StrEnum

from pydantic import BaseModel, Field


class FetchFor(StrEnum):
    """Whose image it is: of the case that is open, of the reader's next one, or of a study that this one compares with."""

    CASE = "case"
    NEXT = "next"
    PRIOR = "prior"


class FetchOut(BaseModel):
    """An address to ask for, with the Accept header that the answer names, and about how many bytes will come."""

    url: str = Field(examples=["/dicomweb/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1/frames/1"])
    size: int
    of: FetchFor
    study_instance_uid: str


class FetchPlan(BaseModel):
    """What to fetch, the most wanted first. `accept` is the viewer's own, so that the browser finds it in its cache again."""

    accept: str
    items: list[FetchOut]
