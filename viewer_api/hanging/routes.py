"""`/api/v1/hanging`: the rules of the county for laying out images, and those that a reader keeps for himself."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from reading_queue.hanging.chapter import HANGING
from reading_queue.hanging.own import OwnRules, drop_rules, own_rules, save_rules
from reading_queue.hanging.vocabulary import MOST_PROTOCOLS, Protocol
from reading_queue.rulebook import in_force
from storage.db.session import UnitOfWork
from viewer_api.dependencies import CallerDep, ServicesDep
from viewer_api.openapi import refusals
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


class OwnOut(Schema):
    """The caller's own rules."""

    version: int
    protocols: list[Protocol]


class HangingOut(Schema):
    """The first rule that fits an exam hangs it: of the reader's own, then of the county's.

    A reader's rule with the key of one of the county's stands in its place.
    """

    version: int
    """Edition of the county's chapter."""
    protocols: list[Protocol]
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
        return _out(work, save_rules(work, caller.actor, version=body.version, protocols=body.protocols))


@router.delete("/own")
def drop_own(caller: CallerDep, services: ServicesDep) -> HangingOut:
    """Go back to the county's rules."""
    with services.database.write(caller.scope) as work:
        return _out(work, drop_rules(work, caller.actor))


def _out(work: UnitOfWork, own: OwnRules) -> HangingOut:
    edition = in_force(work, HANGING)
    return HangingOut(
        version=edition.version,
        protocols=list(edition.content),
        own=OwnOut(version=own.version, protocols=list(own.protocols)),
    )
