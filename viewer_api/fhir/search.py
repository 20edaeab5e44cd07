"""Search (FHIR R4 3.1.1): from parameters to a page of rows, with what they include."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, and_, func, null, or_, select

from storage.db.models.base import UtcDateTime
from storage.domain.errors import BadRequest
from viewer_api.fhir.kinds import Condition, Context, Found, Kind, Param, ParamType, either, moment
from viewer_api.fhir.parameters import Column, row_key
from viewer_api.fhir.registry import KINDS, kind_named
from viewer_api.fhir.terms import Resource, instant

Parameters = Sequence[tuple[str, str]]
"""As they stand in the URL or the form, in order; a name may repeat."""

DEFAULT_COUNT, MOST = 50, 200
_MOST_VALUES = 100
_MOST_INCLUDED = 1000
_CURSOR = "_cursor"
_CONTROL = ("_count", "_sort", "_include", "_revinclude", "_summary", "_total", "_format", "_pretty", _CURSOR)


@dataclass(frozen=True)
class Sort:
    """By which column, and which way."""

    name: str = "_id"
    descending: bool = True


@dataclass
class Asked:
    """A search that was understood. `applied` are the parameters that had a meaning; `after` is where the page begins."""

    kind: Kind
    conditions: list[Condition] = field(default_factory=list)
    applied: list[tuple[str, str]] = field(default_factory=list)
    includes: list[tuple[Kind, Param]] = field(default_factory=list)
    revincludes: list[tuple[Kind, Param]] = field(default_factory=list)
    sort: Sort = Sort()
    count: int = DEFAULT_COUNT
    count_only: bool = False
    total: bool = False
    after: tuple[Any, int] | None = None


@dataclass(frozen=True)
class Page:
    """What was found; `after` is where the next page begins, None at the end."""

    resources: list[Resource]
    included: list[Resource]
    total: int | None
    after: tuple[Any, int] | None


def understand(kind: Kind, parameters: Parameters, context: Context, *, strict: bool) -> Asked:
    """Raises `BadRequest` for values without meaning, and with `strict` for unknown parameters too (R4 3.1.1.1)."""
    parameters, after = _continued(parameters)
    asked = Asked(kind, after=after)
    for name, value in parameters:
        if "\0" in value:
            raise BadRequest("No value has a character of number zero.")
        if name in _CONTROL:
            _control(asked, name, value)
        elif (condition := _condition(kind, name, value, context)) is not None:
            asked.conditions.append(condition)
        elif strict:
            raise BadRequest(f"{kind.name} is not searched by {name.partition(':')[0]}.")
        else:
            continue
        asked.applied.append((name, value))
    return asked


def find(context: Context, asked: Asked) -> Page:
    """The page, rendered."""
    total = _total(context, asked) if asked.count_only or asked.total else None
    if asked.count_only or asked.count == 0:
        return Page([], [], total if total is not None else _total(context, asked), None)
    rows = _rows(context, asked)
    page = rows[: asked.count]
    more = len(rows) > asked.count
    if not more and asked.after is None and total is None:
        total = len(page)
    ids = [row[1] for row in page]
    resources = rendered(context, asked.kind, [Found(row[0], row[2]) for row in page])
    last = (_stored(page[-1][3]), page[-1][1]) if more else None
    return Page(resources, list(_included(context, asked, ids)), total, last)


def read(context: Context, kind: Kind, key: int) -> Found | None:
    """One row in scope."""
    query = _select(context, kind).where(kind.key == key)
    row = context.work.session.execute(query).unique().one_or_none()
    return None if row is None else Found(row[0], row[2])


def rendered(context: Context, kind: Kind, found: Sequence[Found]) -> list[Resource]:
    """The rows as resources, each with its `lastUpdated` where that is known."""
    resources = kind.render(context, found) if found else []
    for resource, one in zip(resources, found, strict=True):
        if one.updated is not None:
            resource["meta"] = {**resource.get("meta", {}), "lastUpdated": instant(one.updated)}
    return resources


def link_to(asked: Asked, base: str, after: tuple[Any, int] | None = None) -> str:
    """The address of this search, or of its next page: that one carries everything in one opaque value."""
    if after is None:
        query = urlencode([one for one in asked.applied if one[0] != _CURSOR])
        return f"{base}/{asked.kind.name}{'?' if query else ''}{query}"
    whole = json.dumps(
        {"asked": [one for one in asked.applied if one[0] != _CURSOR], "after": after}, ensure_ascii=False
    )
    return f"{base}/{asked.kind.name}?{_CURSOR}={base64.urlsafe_b64encode(whole.encode()).decode().rstrip('=')}"


def _continued(parameters: Parameters) -> tuple[Parameters, tuple[Any, int] | None]:
    cursor = next((value for name, value in parameters if name == _CURSOR), None)
    if cursor is None:
        return parameters, None
    try:
        whole = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        asked = [(str(name), str(value)) for name, value in whole["asked"]]
        value, key = whole["after"]
        return asked, (value, int(key))
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise BadRequest("The link to the next page has been changed; begin the search anew.") from None


def _control(asked: Asked, name: str, value: str) -> None:
    if name == "_count":
        asked.count = _count(value)
    elif name == "_sort":
        asked.sort = _sort(asked.kind, value)
    elif name in ("_include", "_revinclude"):
        _add_include(asked, name, value)
    elif name == "_summary":
        asked.count_only = value == "count"
    elif name == "_total":
        asked.total = value == "accurate"


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise BadRequest("_count is a number.")
    return min(int(value[:9]), MOST)


def _sort(kind: Kind, value: str) -> Sort:
    descending, name = value.startswith("-"), value.removeprefix("-")
    known = {"_id", *(["_lastUpdated"] if kind.updated is not None else []), *kind.sorts}
    if name not in known:
        raise BadRequest(f"{kind.name} is sorted by one of {', '.join(sorted(known))}, with a minus to turn it round.")
    return Sort(name, descending)


def _add_include(asked: Asked, name: str, value: str) -> None:
    source_name, _, rest = value.partition(":")
    param_name, _, target = rest.partition(":")
    source = kind_named(source_name) if source_name in KINDS else None
    param = source.param(param_name) if source else None
    pairs = param is not None and (param.column is not None or param.links is not None)
    if source is None or param is None or not pairs or (target and target != param.target):
        raise BadRequest(f"{value} cannot be included.")
    forward = name == "_include"
    if (source.name if forward else param.target) != asked.kind.name:
        raise BadRequest(f"{value} does not belong to a search of {asked.kind.name}.")
    (asked.includes if forward else asked.revincludes).append((source, param))


def _condition(kind: Kind, name: str, value: str, context: Context) -> Condition | None:
    """None when the type has no such parameter."""
    bare, _, modifier = name.partition(":")
    if bare == "_id":
        return either([kind.key == key for key in _keys(value)])
    if bare == "_lastUpdated" and kind.updated is not None:
        param: Param | None = moment(bare, "", kind.updated)
    elif "." in name:
        return _chained(kind, name, value, context)
    else:
        param = kind.param(bare)
    if param is None:
        return None
    if modifier == "identifier" and param.type == ParamType.REFERENCE:
        return _chained(kind, f"{bare}.identifier", value, context)
    if modifier and modifier not in param.modifiers:
        raise BadRequest(f"{bare} takes no modifier :{modifier}.")
    parts = [part for part in value.split(",") if part][:_MOST_VALUES]
    conditions = [param.matches(part, modifier, context.zone) for part in parts]
    return and_(*conditions) if modifier == "not" and conditions else either(conditions)


def _chained(kind: Kind, name: str, value: str, context: Context) -> Condition | None:
    """`patient.identifier=...`: what points to something that fits (R4 3.1.1.4.5)."""
    first, _, rest = name.partition(".")
    param = kind.param(first.partition(":")[0])
    if param is None or param.target not in KINDS or "." in rest:
        return None
    target = KINDS[param.target]
    inner = _condition(target, rest, value, context)
    if inner is None:
        return None
    among = select(target.key).select_from(_entity(target)).where(inner)
    if param.column is not None:
        return param.column.in_(among)
    assert param.links is not None
    pairs = param.links().subquery()
    return kind.key.in_(select(pairs.c[0]).where(pairs.c[1].in_(among)))


def _entity(kind: Kind) -> Any:
    return kind.query().column_descriptions[0]["entity"]


def _keys(value: str) -> Iterator[int]:
    return (key for part in value.split(",")[:_MOST_VALUES] if (key := row_key(part)) is not None)


def _select(context: Context, kind: Kind, sort: Column | None = None) -> Select[Any, Any, Any, Any]:
    updated = kind.updated if kind.updated is not None else null()
    query = kind.query().add_columns(kind.key, updated, sort if sort is not None else kind.key)
    seen = kind.visible(context.scope)
    return query if seen is None else query.where(seen)


def _sort_column(asked: Asked) -> Column:
    kind, name = asked.kind, asked.sort.name
    if name == "_lastUpdated" and kind.updated is not None:
        return kind.updated
    return kind.sorts.get(name, kind.key)


def _rows(context: Context, asked: Asked) -> Sequence[Any]:
    column, key = _sort_column(asked), asked.kind.key
    query = _select(context, asked.kind, column).where(*asked.conditions)
    if asked.after is not None:
        value, last = _loaded(asked.after[0], column), asked.after[1]
        beyond = (column < value, key < last) if asked.sort.descending else (column > value, key > last)
        query = query.where(or_(beyond[0], and_(column == value, beyond[1])))
    order = (column.desc(), key.desc()) if asked.sort.descending else (column.asc(), key.asc())
    return context.work.session.execute(query.order_by(*order).limit(asked.count + 1)).unique().all()


def _total(context: Context, asked: Asked) -> int:
    seen = asked.kind.visible(context.scope)
    rows = asked.kind.query().options().where(*asked.conditions, *([] if seen is None else [seen]))
    found: int = context.work.session.execute(rows.with_only_columns(func.count(asked.kind.key))).scalar_one()
    return found


def _included(context: Context, asked: Asked, ids: Sequence[int]) -> Iterator[Resource]:
    wanted: dict[str, set[int]] = {}
    for source, param in asked.includes:
        wanted.setdefault(param.target, set()).update(_targets(context, source, param, ids))
    for source, param in asked.revincludes:
        wanted.setdefault(source.name, set()).update(_sources(context, source, param, ids))
    for name, keys in wanted.items():
        kind = KINDS[name]
        if keys - (set(ids) if kind is asked.kind else set()):
            query = _select(context, kind).where(kind.key.in_(sorted(keys))).order_by(kind.key)
            rows = context.work.session.execute(query.limit(_MOST_INCLUDED)).unique().all()
            yield from rendered(context, kind, [Found(row[0], row[2]) for row in rows])


def _targets(context: Context, source: Kind, param: Param, ids: Sequence[int]) -> Iterator[int]:
    if param.column is not None:
        query = select(param.column).where(source.key.in_(ids))
    else:
        assert param.links is not None
        pairs = param.links().subquery()
        query = select(pairs.c[1]).where(pairs.c[0].in_(ids))
    return (key for key in context.work.session.execute(query.distinct().limit(_MOST_INCLUDED)).scalars() if key)


def _sources(context: Context, source: Kind, param: Param, ids: Sequence[int]) -> Iterator[int]:
    if param.column is not None:
        query = select(source.key).where(param.column.in_(ids))
    else:
        assert param.links is not None
        pairs = param.links().subquery()
        query = select(pairs.c[0]).where(pairs.c[1].in_(ids))
    return iter(context.work.session.execute(query.distinct().limit(_MOST_INCLUDED)).scalars())


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _loaded(value: Any, column: Column) -> Any:
    """Raises `BadRequest` for a value that the column cannot have."""
    try:
        found = datetime.fromisoformat(value) if isinstance(column.type, UtcDateTime) else value
        is_fit = (
            isinstance(found, column.type.python_type) if not isinstance(found, datetime) else found.tzinfo is not None
        )
    except (TypeError, ValueError, NotImplementedError):
        is_fit = False
    if not is_fit:
        raise BadRequest("The link to the next page has been changed; begin the search anew.")
    return found
