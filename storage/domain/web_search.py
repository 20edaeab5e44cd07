"""What a search over the web asks of the catalogue (PS3.18 8.3.4 and 10.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.domain.matching import Level, Match


@dataclass(frozen=True)
class NameKey:
    """One thing that a patient's name must be; `*` and `?` are wildcards.

    `written` as names are compared (`storage.ingest.study_keys.name_key`), `sound` as pinyin is kept (zhangsan, or zs);
    either may fit. An empty one is not tried.
    """

    written: str
    sound: str = ""


@dataclass(frozen=True)
class WebSearch:
    """`matches` by keyword, of any level; every one of `names` must fit."""

    level: Level
    matches: Mapping[str, Match] = field(default_factory=dict)
    names: tuple[NameKey, ...] = ()
