"""Frames made for slow lines, where a route may send them."""

import logging
from collections.abc import Mapping, Sequence

from fastapi import Response
from sqlalchemy import select

from reading_queue import delivery
from storage.db.models import Instance
from storage.domain.errors import ObjectNotFound
from viewer_api.auth.service import Caller
from viewer_api.dicomweb.delivered import choose_delivered, delivered_body, respond
from viewer_api.dicomweb.presigning import presigned
from viewer_api.dicomweb.service import InstanceRef
from viewer_api.services import Services

_log = logging.getLogger(__name__)


def delivered_answer(
    services: Services, caller: Caller, named: InstanceRef, numbers: Sequence[int], conditions: Mapping[str, str]
) -> Response | None:
    """The answer; None when the client wants something else, or when there is nothing made yet: the original is sent then.

    `conditions` are the request's headers. It is on record that the caller opened the study. Raises `NotFound`.
    """
    image = services.located.find(caller.scope, named.study, named.series, named.sop)
    services.opened.note(caller, "study_opened", f"study:{image.study_id}")
    multipart = choose_delivered(conditions.get("accept", ""), image, numbers)
    if multipart is None or image.delivered is None:
        return None
    is_whole = not multipart and image.delivered.count == 1
    if is_whole and (elsewhere := presigned(services, image.delivered.object_key)) is not None:
        return elsewhere
    body = delivered_body(image.delivered, numbers, multipart=multipart)
    try:
        return respond(body, services.delivered, conditions)
    except ObjectNotFound:
        have_made_anew(services, named.sop, image.study_id)
        return None


def have_made_anew(services: Services, sop_instance_uid: str, study_id: int) -> None:
    """The frames of the instance are not where they should be."""
    _log.warning("Frames of study %s are not in the store any more; they are made anew.", study_id)
    with services.database.write() as work:
        query = select(Instance).where(Instance.sop_instance_uid == sop_instance_uid)
        delivery.start_over(work, work.session.execute(query).scalar_one())
