"""A page of a search as it leaves the house, whichever way it was asked for (PS3.18 10.6.3)."""

from dataclasses import dataclass

from fastapi import Response

from storage.db.queries import studies
from storage.db.session import Database
from storage.domain.matching import Level
from viewer_api.auth.caller import Caller
from viewer_api.dicomweb.answers import chosen_form, document_answer, json_answer
from viewer_api.dicomweb.media_types import XML, Asked, accepted
from viewer_api.dicomweb.query import parse_query
from viewer_api.dicomweb.search import search


@dataclass(frozen=True)
class Searched:
    """The resource that is searched: what, and below which study and series; empty where it is below none."""

    level: Level
    study: str = ""
    series: str = ""


def search_answer(asked: Asked, root: str, database: Database, caller: Caller, searched: Searched) -> Response:
    """What matches, or 204. `root` is the address of the service. Raises `NotFound`, `BadQuery`, `NotAcceptable`."""
    level = searched.level
    named = {"StudyInstanceUID": searched.study, "SeriesInstanceUID": searched.series}
    fixed = {keyword: uid for keyword, uid in named.items() if uid}
    query = parse_query(asked.query_params.multi_items(), level, fixed)
    above = "SeriesInstanceUID" if level is Level.IMAGE else "StudyInstanceUID"
    with database.read(caller.scope) as work:
        if searched.series:
            studies.series_by_uid(work, searched.study, searched.series)
        elif searched.study:
            studies.study_by_uid(work, searched.study)
        page = search(work, query, root, whole=level is not Level.STUDY and above not in fixed)
    more = f'299 {root} "There are additional results that can be requested"'
    headers = {"Warning": more} if page.has_more else {}
    if not page.matches:
        return Response(status_code=204, headers=headers)
    if chosen_form(accepted(asked)) == XML:
        return document_answer(asked, page.answers(), headers)
    return json_answer(asked, page.in_json(), headers)
