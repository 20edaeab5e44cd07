"""The routes that have an express lane, and how each is answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL, Headers, QueryParams
from starlette.responses import Response
from starlette.types import Scope

from storage.db.session import Database
from storage.domain.clock import monotonic
from storage.domain.errors import NotFound
from storage.domain.matching import Level
from viewer_api.auth.caller import Caller
from viewer_api.dicomweb.answers import root_at
from viewer_api.dicomweb.delivered import DeliveryReader, choose_delivered, delivered_body, respond
from viewer_api.dicomweb.frames import FrameSource, StoredImage
from viewer_api.dicomweb.located import FrameLocator, LocatedFrames
from viewer_api.dicomweb.media_types import OCTETS
from viewer_api.dicomweb.multipart import multipart_body, single_type, wanted_encodings
from viewer_api.dicomweb.objects import ObjectReader
from viewer_api.dicomweb.rendered_answers import located_answer
from viewer_api.dicomweb.search_answers import Searched, search_answer
from viewer_api.dicomweb.service import frames_etag
from viewer_api.dicomweb.transfer_syntaxes import RAW, delivered_syntax
from viewer_api.express.answers import KeptAnswer
from viewer_api.express.sights import Sight
from viewer_api.http import FOREVER, matches, not_modified, partial
from viewer_api.recent import Recent
from viewer_api.services import Services

_UID = r"[0-9.]{1,64}"
_STUDY = rf"/(?P<study>{_UID})"
_PICTURE_SECONDS = 30.0
_KEPT_BYTES = 64 << 20
_KEPT_POLLS = 8 << 20
_STUDIES = Searched(Level.STUDY)


@dataclass(frozen=True)
class Wish:
    """A request: what its path names, its query string, its headers."""

    path: str
    names: Mapping[str, str]
    query: str
    headers: Headers
    scope: Scope

    @property
    def query_params(self) -> QueryParams:
        """The query string, decoded."""
        return QueryParams(self.query)

    @property
    def url(self) -> URL:
        """Where this request went."""
        return URL(scope=self.scope)


class Counter(Protocol):
    """What stands at a route: answers from what it knows, and learns from what the route said."""

    async def answer(self, wish: Wish, caller: Caller, sight: Sight) -> Response | None:
        """None when it does not know."""
        ...

    def learn(self, wish: Wish, caller: Caller, sight: Sight, answer: KeptAnswer) -> None:
        """Keep an answer that the route gave; `sight` is from before it."""
        ...


class Polls:
    """Results of a clinic that has them all: nothing is new as long as its last number is the same."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[int | None, str], tuple[int, KeptAnswer]] = Recent(
            _KEPT_POLLS, lambda found: found[1].weight
        )

    async def answer(self, wish: Wish, caller: Caller, sight: Sight) -> Response | None:
        found = self._kept.get((caller.scope.institution_id, wish.query))
        if found is None or found[0] != sight.result_seq or caller.scope.institution_id != sight.institution_id:
            return None
        return found[1].response(wish.headers.get("if-none-match", ""))

    def learn(self, wish: Wish, caller: Caller, sight: Sight, answer: KeptAnswer) -> None:
        is_empty = answer.body is not None and answer.body.startswith(b'{"items":[],')
        if is_empty and "wait" not in wish.query and caller.scope.institution_id == sight.institution_id:
            self._kept.put((caller.scope.institution_id, wish.query), (sight.result_seq, answer))


class Pictures:
    """Thumbnails, previews and rendered images, each form that is asked for; late images may change them after a while."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[int | None, str], tuple[float, KeptAnswer]] = Recent(
            _KEPT_BYTES, lambda found: found[1].weight
        )

    async def answer(self, wish: Wish, caller: Caller, sight: Sight) -> Response | None:  # noqa: ARG002
        found = self._kept.get((caller.scope.institution_id, _form(wish)))
        if found is None or monotonic() - found[0] > _PICTURE_SECONDS:
            return None
        return found[1].response(wish.headers.get("if-none-match", ""))

    def learn(self, wish: Wish, caller: Caller, sight: Sight, answer: KeptAnswer) -> None:  # noqa: ARG002
        self.keep(wish, caller, answer)

    def keep(self, wish: Wish, caller: Caller, answer: KeptAnswer) -> None:
        """Give this answer again for a while."""
        if answer.body is not None:
            self._kept.put((caller.scope.institution_id, _form(wish)), (monotonic(), answer))


class Rendered(Pictures):
    """Images rendered as they are asked for; those that were rendered just now are kept."""

    def __init__(self, locator: FrameLocator, reader: ObjectReader, source: FrameSource) -> None:
        super().__init__()
        self._locator = locator
        self._reader = reader
        self._source = source

    async def answer(self, wish: Wish, caller: Caller, sight: Sight) -> Response | None:
        kept = await super().answer(wish, caller, sight)
        return kept if kept is not None else await run_in_threadpool(self._render, wish, caller)

    def _render(self, wish: Wish, caller: Caller) -> Response | None:
        names = wish.names
        found = self._locator.find(caller.scope, names["study"], names["series"], names["sop"])
        made = located_answer(wish, self._reader, self._source, found)
        if made is not None and made.body:
            self.keep(wish, caller, KeptAnswer(made.headers, bytes(made.body)))
        return made


class Searches:
    """Pages of studies, looked up anew for each who asks."""

    def __init__(self, database: Database, public_url: str) -> None:
        self._database = database
        self._public_url = public_url

    async def answer(self, wish: Wish, caller: Caller, sight: Sight) -> Response | None:  # noqa: ARG002
        root = root_at(self._public_url, wish.url)
        return await run_in_threadpool(search_answer, wish, root, self._database, caller, _STUDIES)

    def learn(self, wish: Wish, caller: Caller, sight: Sight, answer: KeptAnswer) -> None:
        """A study may come at any moment: nothing is kept."""


def _form(wish: Wish) -> str:
    return f"{wish.path}?{wish.query} {wish.headers.get('accept', '')}"


class Frames:
    """Frames that were made for slow lines, of series that are being looked at."""

    def __init__(self, locator: FrameLocator, reader: DeliveryReader, source: FrameSource) -> None:
        self._locator = locator
        self._source = source
        self._reader = reader

    async def answer(self, wish: Wish, caller: Caller, sight: Sight) -> Response | None:  # noqa: ARG002
        names = wish.names
        found = self._locator.known(caller.scope, names["study"], names["series"], names["sop"])
        if found is None or wish.query:
            return None
        numbers = [int(number) for number in names["frames"].split(",")]
        multipart = choose_delivered(wish.headers.get("accept", ""), found, numbers)
        if multipart is None or found.delivered is None:
            return await run_in_threadpool(self._original, wish, found, numbers)
        try:
            body = delivered_body(found.delivered, numbers, multipart=multipart)
        except NotFound:
            return None
        if self._reader.kept(found.delivered) is not None:
            return respond(body, self._reader, wish.headers)
        return await run_in_threadpool(respond, body, self._reader, wish.headers)

    def _original(self, wish: Wish, found: LocatedFrames, numbers: Sequence[int]) -> Response | None:
        """One frame as it is stored, or uncompressed where that is what is asked for first."""
        wanted = next(iter(wanted_encodings(wish.headers.get("accept", ""))), None)
        stored = delivered_syntax(found.transfer_syntax_uid)
        if len(numbers) > 1 or wanted is None or wanted.media_type != OCTETS or wanted.syntax not in ("*", RAW, stored):
            return None
        etag = frames_etag(found.sha256, numbers, wanted)
        headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept"}
        if matches(wish.headers.get("if-none-match", ""), etag):
            return not_modified(headers)
        image = StoredImage(found.ref, found.transfer_syntax_uid, found.frames)
        syntax, data = self._source.frame(image, numbers[0], raw=wanted.syntax == RAW)
        body, content_type = data, single_type(syntax)
        if wanted.multipart:
            content_type, body = multipart_body([(syntax, data)], etag)
        return partial(body, content_type, headers, wish.headers.get("range", ""))

    def learn(self, wish: Wish, caller: Caller, sight: Sight, answer: KeptAnswer) -> None:
        """The locator has learnt already."""


def doors(services: Services) -> list[tuple[re.Pattern[str], str, Counter]]:
    """Path, route as the permission table names it, and who stands there."""
    locator, source, pictures = services.located, services.frames, Pictures()
    study = "GET /api/v1/studies/{study_instance_uid}"
    series = f"{study}/series/{{series_instance_uid}}"
    of_series = rf"/api/v1/studies{_STUDY}/series/{_UID}"
    instance = rf"/dicomweb/studies{_STUDY}/series/(?P<series>{_UID})/instances/(?P<sop>{_UID})"
    rendered = "GET /dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}"
    frames = (
        "GET /dicomweb/studies/{study_instance_uid}/series/{series_instance_uid}"
        "/instances/{sop_instance_uid}/frames/{frames}"
    )
    return [
        (re.compile("/api/v1/results"), "GET /api/v1/results", Polls()),
        (
            re.compile("/dicomweb/studies"),
            "GET /dicomweb/studies",
            Searches(services.database, services.settings.public_url),
        ),
        (re.compile(rf"/api/v1/studies{_STUDY}/thumbnail"), f"{study}/thumbnail", pictures),
        (re.compile(rf"{of_series}/thumbnail"), f"{series}/thumbnail", pictures),
        (re.compile(rf"{of_series}/preview"), f"{series}/preview", pictures),
        (re.compile(rf"{instance}/rendered"), f"{rendered}/rendered", Rendered(locator, services.objects, source)),
        (
            re.compile(rf"{instance}/frames/(?P<frames>[1-9]\d{{0,5}}(,[1-9]\d{{0,5}}){{0,999}})"),
            frames,
            Frames(locator, services.delivered, source),
        ),
    ]
