"""Names and numbers of patients where others look on: one place that hides them, for the request under way."""

from contextvars import ContextVar

_masked: ContextVar[bool] = ContextVar("masked", default=False)
_KEPT = 4


def mask_this_request(*, masked: bool) -> None:
    """Say whether answers of this request hide who patients are."""
    _masked.set(masked)


def is_masked() -> bool:
    """Whether they do."""
    return _masked.get()


def name_shown(name: str) -> str:
    """A patient's name as this request may show it: the family name and stars (王**)."""
    return mask_name(name) if is_masked() else name


def number_shown(number: str) -> str:
    """A patient's number as this request may show it: its last four characters."""
    return mask_number(number) if is_masked() else number


def mask_name(name: str) -> str:
    """The first character and two stars, however long the name is, so that its length tells nothing."""
    return f"{name.strip()[0]}**" if name.strip() else ""


def mask_number(number: str) -> str:
    """Stars and the last four characters; nothing but stars of a short one."""
    return f"***{number[-_KEPT:]}" if len(number) > _KEPT else "***" * bool(number)
