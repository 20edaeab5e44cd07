"""Which devices write text in another character set than they declare, and what should be set for them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.db.models import CharsetCount, Device
from storage.db.session import UnitOfWork
from storage.domain.charsets import CharsetReason, CharsetRepair
from storage.domain.devices import CharsetRule

_DAYS = 30
_ENOUGH_OBJECTS = 20
_ENOUGH_AGREE = 0.95


@dataclass(frozen=True)
class CharsetFinding:
    """`objects` of a device were repaired in the same way, the last time on `last_day` (UTC, YYYY-MM-DD).

    `charset` and `charset_rule` are what is set for the device now.
    """

    device_id: int
    ae_title: str
    charset: str
    charset_rule: str
    repair: CharsetRepair
    objects: int
    last_day: str


@dataclass(frozen=True)
class CharsetProposal:
    """What to set for a device, since `agreeing` of its `objects` that were repaired say so."""

    device_id: int
    ae_title: str
    charset: str
    charset_rule: CharsetRule
    agreeing: int
    objects: int


def count_repairs(work: UnitOfWork, repaired: Iterable[tuple[int, str]]) -> None:
    """Count objects: the device that sent each, and its `Instance.charset_repair`; those without one do not count."""
    counts = Counter(one for one in repaired if one[1])
    if not counts:
        return
    day = work.now.date().isoformat()
    rows = [
        {"device_id": device_id, "day": day, "repair": repair, "objects": number}
        for (device_id, repair), number in sorted(counts.items())
    ]
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(CharsetCount)
    together = CharsetCount.objects + statement.excluded.objects
    key = [CharsetCount.device_id, CharsetCount.day, CharsetCount.repair]
    work.session.execute(statement.on_conflict_do_update(index_elements=key, set_={"objects": together}), rows)


def charset_findings(work: UnitOfWork, days: int = _DAYS) -> list[CharsetFinding]:
    """What was repaired in the last days, by device, the most frequent first."""
    since = (work.now.date() - timedelta(days=days)).isoformat()
    number = func.sum(CharsetCount.objects)
    query = (
        select(Device, CharsetCount.repair, number, func.max(CharsetCount.day))
        .join(Device, Device.id == CharsetCount.device_id)
        .where(CharsetCount.day > since)
        .group_by(Device.id, CharsetCount.repair)
        .order_by(Device.ae_title, number.desc(), CharsetCount.repair)
    )
    return [
        CharsetFinding(device.id, device.ae_title, device.charset, device.charset_rule, repair, int(objects), last_day)
        for device, sentence, objects, last_day in work.session.execute(query)
        if (repair := CharsetRepair.parse(sentence)) is not None
    ]


def propose_charset(findings: Sequence[CharsetFinding]) -> list[CharsetProposal]:
    """A character set for every device whose objects had to be guessed, and agree on one that is not set for it.

    Guesses get better with it: a name of one character tells little by its bytes.
    """
    ordered = sorted(findings, key=lambda one: one.device_id)
    by_device = (list(found) for _, found in groupby(ordered, key=lambda one: one.device_id))
    return [proposal for found in by_device if (proposal := _propose(found)) is not None]


def _propose(found: Sequence[CharsetFinding]) -> CharsetProposal | None:
    votes: Counter[str] = Counter()
    for one in found:
        votes[one.repair.read_as] += one.objects
    (read_as, agreeing), objects = votes.most_common(1)[0], votes.total()
    if objects < _ENOUGH_OBJECTS or agreeing < objects * _ENOUGH_AGREE:
        return None
    guesses = [one for one in found if one.repair.read_as == read_as and one.repair.reason is CharsetReason.BYTES]
    charset, rule, device = read_as.lstrip("\\"), _rule(guesses), found[0]
    if not guesses or (device.charset == charset and rule in (device.charset_rule, CharsetRule.UNDECLARED)):
        return None
    return CharsetProposal(device.device_id, device.ae_title, charset, rule, agreeing, objects)


def _rule(guesses: Sequence[CharsetFinding]) -> CharsetRule:
    """`always` where mostly a declaration was wrong that the bytes could be, for such a one is believed otherwise."""
    believable = sum(one.objects for one in guesses if one.repair.contradicts_the_believable)
    return CharsetRule.ALWAYS if believable * 2 > sum(one.objects for one in guesses) else CharsetRule.UNDECLARED
