"""`/api/v1/hanging`: the rules of the county for laying out images, and those that a reader keeps for himself."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from reading_queue.hanging.chapter import HANGING
from reading_queue.hanging.own import OwnRules, drop_rules, own_rules, save_rules
from reading_queue.hanging.stored import LeftOut
from reading_queue.hanging.vocabulary import MOST_PROTOCOLS, Protocol
from reading_queue.rulebook import in_force
from storage.db.session import UnitOfWork
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import FieldFault, refusals
from viewer_api.schemas import RequestSchema, Schema

router = APIRouter(prefix="/api/v1/hanging", tags=["readings"], responses=refusals(401, 403))

_EXAMPLE = {
    "key": "knee",
    "zh": "膝关节正侧位",
    "en": "Knee, two views",
    "when": {"modalities": ["DX"], "words": ["KNEE", "膝"]},
    "steps": [{"layout": "1x2", "cells": [{"view": "AP"}, {"view": "LL"}]}],
}


class OwnIn(RequestSchema):
    """All of the caller's rules in their order, in the shape in which they are told."""

    version: Annotated[int, Field(ge=0, le=2**53)]
    """As it was told: rules that were saved elsewhere since are not overwritten (409)."""
    protocols: Annotated[list[dict[str, Any]], Field(max_length=MOST_PROTOCOLS, examples=[[_EXAMPLE]])]
    forget: Annotated[frozenset[int], Field(max_length=MOST_PROTOCOLS)] = frozenset()
    """`at` of rules that are left out and shall be deleted; others of them are kept."""


class LeftOutRule(Schema):
    """A stored rule that hangs nothing, because this release does not read it any more."""

    at: int
    """Names it among all that are stored."""
    key: str
    zh: str
    en: str
    faults: list[FieldFault]
    """By the field's path inside the rule."""


class OwnOut(Schema):
    """The caller's own rules."""

    version: int
    protocols: list[Protocol]
    left_out: list[LeftOutRule]


class HangingOut(Schema):
    """The first rule that fits an exam hangs it: of the reader's own, then of the county's.

    A reader's rule with the key of one of the county's stands in its place.
    """

    version: int
    """Edition of the county's chapter."""
    protocols: list[Protocol]
    left_out: list[LeftOutRule]
    own: OwnOut


@router.get("")
def show_hanging(caller: CallerDep, services: ServicesDep) -> HangingOut:
    """The county's rules in force, and the caller's own."""
    with services.database.read(caller.scope) as work:
        return _out(work, own_rules(work, caller.actor))


@router.put("/own", responses=refusals(409, 422))
def save_own(body: OwnIn, caller: CallerDep, services: ServicesDep) -> HangingOut:
    """Keep these rules in place of all that the caller had."""
    with services.database.write(caller.scope) as work:
        kept = save_rules(work, caller.actor, version=body.version, protocols=body.protocols, forget=body.forget)
        return _out(work, kept)


@router.delete("/own")
def drop_own(caller: CallerDep, services: ServicesDep) -> HangingOut:
    """Go back to the county's rules."""
    with services.database.write(caller.scope) as work:
        return _out(work, drop_rules(work, caller.actor))


def _out(work: UnitOfWork, own: OwnRules) -> HangingOut:
    edition = in_force(work, HANGING)
    return HangingOut(
        version=edition.version,
        protocols=list(edition.content.protocols),
        left_out=_left_out(edition.content.left_out),
        own=OwnOut(version=own.version, protocols=list(own.protocols), left_out=_left_out(own.left_out)),
    )


def _left_out(rules: Iterable[LeftOut]) -> list[LeftOutRule]:
    return [
        LeftOutRule(
            at=one.at,
            key=one.word("key"),
            zh=one.word("zh"),
            en=one.word("en"),
            faults=[FieldFault(field=fault.field, message=fault.advice, code=fault.code) for fault in one.faults],
        )
        for one in rules
    ]
