"""Bodies of templates and phrases."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from reading_queue.templates.library import Entry, Fit
from reading_queue.templates.phrases import Known, PhraseText
from reading_queue.templates.rendering import Rendered
from storage.db.queries.templates import Place
from storage.domain.templates import Department, Level
from viewer_api.schemas import Moment, RequestSchema, Schema, or_empty
from viewer_api.templates.structures import Value, Values

_LONGEST = 2_000

StoredLevel = Literal[Level.OWN, Level.DEPARTMENT, Level.COUNTY]
Key = Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]{0,62}[a-z0-9])?$", examples=["chest-dr"])]


class PhraseSection(StrEnum):
    """Where a phrase goes."""

    FINDINGS = "findings"
    IMPRESSION = "impression"


Section = PhraseSection | Literal[""]
"""Empty for both."""


class PlaceIn(RequestSchema):
    """Whose it is to be; `department` only with the level of that name."""

    level: StoredLevel = Level.OWN
    department: Department | None = None

    def place(self) -> Place:
        return Place(self.level, self.department or "")


class TemplateIn(PlaceIn):
    """A new template. With the `key` of another it takes that one's place for whom it is nearer."""

    key: Key = ""
    content: dict[str, Any]


class TemplateChange(RequestSchema):
    """A new edition; `version` is the edition that was changed."""

    content: dict[str, Any]
    version: Annotated[int, Field(ge=1)]


class RenderIn(RequestSchema):
    """Values over the template's defaults, and the language of the words."""

    values: Annotated[Values, Field(default_factory=dict)]
    language: Literal["zh", "en"] = "zh"


class SaidOut(Schema):
    """One sentence; `paragraph` begins a new line."""

    id: str
    text: str
    paragraph: bool


class RenderedOut(Schema):
    """A report in words."""

    findings: str
    impression: str
    positive: bool
    """Whether a value is abnormal."""
    sentences: list[SaidOut]
    values: dict[str, Value]
    """All values that count, defaults included."""
    classes: dict[str, str]

    @classmethod
    def of(cls, said: Rendered) -> "RenderedOut":
        sentences = [*said.findings, *said.impression]
        return cls(
            findings=said.findings_text,
            impression=said.impression_text,
            positive=said.positive,
            sentences=[SaidOut(id=one.id, text=one.text, paragraph=one.paragraph) for one in sentences],
            values=dict(said.values),
            classes=dict(said.classes),
        )


class TemplateOut(Schema):
    """A template in use. Of several with one key the nearest counts: own, department, county, shipped."""

    id: str
    key: str
    level: Level
    department: str
    version: int
    content: dict[str, Any]
    may_change: bool
    """Whether the caller may change it; otherwise he copies it."""
    changed_at: Moment | None


class FittingOut(TemplateOut):
    """A template for an exam. `suggested` is the one that fits its name; `start` has what that name tells."""

    suggested: bool
    start: dict[str, Value]


class TemplateFile(Schema):
    """A template to carry to another county: the body of a POST with `key` and `content`."""

    format: Literal["countyread-template-1"]
    key: str
    version: int
    content: dict[str, Any]


class PhraseIn(PlaceIn):
    """A phrase; `modalities` and `body_parts` empty for all, `section` empty for both."""

    code: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z0-9]*$")] = ""
    section: Section = ""
    zh: Annotated[str, Field(max_length=_LONGEST)]
    en: Annotated[str, Field(max_length=_LONGEST)] = ""
    modalities: Annotated[list[Annotated[str, Field(max_length=16)]], Field(max_length=30, default_factory=list)]
    body_parts: Annotated[list[Annotated[str, Field(max_length=16)]], Field(max_length=30, default_factory=list)]

    def text(self) -> PhraseText:
        return PhraseText(
            self.zh,
            self.en,
            self.code,
            self.section,
            tuple(self.modalities),
            tuple(part.upper() for part in self.body_parts),
        )


class PhraseQuery(RequestSchema):
    """What to look for; `task` narrows to its exam."""

    q: Annotated[str, Field(max_length=64)] = ""
    task: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    section: Section = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 20


class PhraseOut(Schema):
    """A phrase that the caller may use. `{...}` in it is to be filled in."""

    id: str
    level: Level
    department: str
    code: str
    section: Section
    zh: str
    en: str
    modalities: list[str]
    body_parts: list[str]
    pinyin: str
    initials: str
    uses: int
    """By the caller."""
    may_change: bool

    @classmethod
    def of(cls, known: Known, *, may_change: bool) -> "PhraseOut":
        text = known.text
        return cls(
            id=known.id,
            level=known.place.level,
            department=known.place.department,
            code=text.code,
            section=or_empty(PhraseSection, text.section),
            zh=text.zh,
            en=text.en,
            modalities=list(text.modalities),
            body_parts=list(text.body_parts),
            pinyin=known.pinyin,
            initials=known.initials,
            uses=known.uses,
            may_change=may_change,
        )


def template_fields(entry: Entry, *, may_change: bool) -> dict[str, Any]:
    """What every answer about a template has."""
    return {
        "id": entry.id,
        "key": entry.key,
        "level": entry.place.level,
        "department": entry.place.department,
        "version": entry.version,
        "content": dict(entry.content),
        "may_change": may_change,
        "changed_at": entry.changed_at,
    }


def fitting_out(fit: Fit, *, suggested: bool, may_change: bool) -> FittingOut:
    return FittingOut(**template_fields(fit.entry, may_change=may_change), suggested=suggested, start=dict(fit.start))
