"""The event channel (PS3.18 11.13): a WebSocket for each receiver, fed from the events of tasks."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.websockets import WebSocket

from storage.db.models import ReadingTask, TaskEvent, UpsCancelRequest, UpsSubscription
from storage.db.session import UnitOfWork
from storage.domain.clock import monotonic
from storage.domain.errors import CountyReadError, NotFound
from storage.domain.reading import CLOSED_STATES
from viewer_api.auth.admission import Asked, admit
from viewer_api.auth.caller import Caller
from viewer_api.auth.service import still_logged_in
from viewer_api.changes import TASKS
from viewer_api.dependencies import visitor
from viewer_api.errors import problem, status_of
from viewer_api.hub import Listener
from viewer_api.services import Services
from viewer_api.ups.dataset import Describing, DicomJson
from viewer_api.ups.reports import Report, cancel_requested, going_down, reports_of, state_of
from viewer_api.ups.subscriptions import WELL_KNOWN, is_wanted, subscriptions_of
from viewer_api.ups.workitems import Workitem, cases_of, find

PATH = "/dicomweb/ws/subscribers/{ae_title}"
_LOOK_EVERY_SECONDS = 1.0
_SESSION_SECONDS = 15.0
_LATE_COMMIT_ROWS = 64
_MOST_AT_FIRST = 500
_GOING_AWAY, _POLICY = 1001, 1008


@dataclass(frozen=True)
class _Route:
    path: str


@dataclass
class _Told:
    """What this receiver has been told: by task, the number of the last event; and the subscriptions that it is told by."""

    floor: int = 0
    tasks: dict[int, int] = field(default_factory=dict)
    cancel_requests: int = 0
    subscriptions: set[tuple[int, str]] = field(default_factory=set)


async def serve_channel(socket: WebSocket) -> None:
    """Send the event reports of what the receiver has subscribed to, until either side goes."""
    services: Services = socket.app.state.services
    asked = _asked(socket)
    try:
        caller = await run_in_threadpool(_admitted, services, asked, socket)
    except CountyReadError as refusal:
        await socket.send_denial_response(problem(status_of(refusal), refusal.code, refusal.message))
        return
    await socket.accept()
    async with services.hub.listen(caller.scope, TASKS) as listener:
        channel = _Channel(services, caller, asked, socket)
        gone = asyncio.create_task(_until_gone(socket))
        try:
            await channel.run(listener, gone)
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone


async def _until_gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _asked(socket: WebSocket) -> Asked:
    """The handshake, as the request that it is."""
    request = Request({**socket.scope, "type": "http", "method": "GET", "route": _Route(PATH)})
    return Asked.of(request, visitor(request))


def _admitted(services: Services, asked: Asked, socket: WebSocket) -> Caller:
    origin = socket.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
        raise NotFound("Another site may not open this channel.")
    caller = admit(services.database, services.small_writes, asked)
    services.opened.note(caller, "workitems_followed", "ups:events")
    return caller


class _Channel:
    """One open channel."""

    def __init__(self, services: Services, caller: Caller, asked: Asked, socket: WebSocket) -> None:
        self._services = services
        self._caller = caller
        self._asked = asked
        self._socket = socket
        self._ae_title = socket.path_params["ae_title"]
        self._root = f"{'https' if socket.url.scheme == 'wss' else 'http'}://{socket.url.netloc}/dicomweb"
        self._told = _Told()
        self._sent = 0

    async def run(self, listener: Listener, gone: "asyncio.Task[None]") -> None:
        await run_in_threadpool(self._start)
        woken: set[int] = set()
        check_at = monotonic() + _SESSION_SECONDS
        while not gone.done():
            if self._services.hub.closing:
                await self._send(going_down(self._sent + 1))
                await self._socket.close(_GOING_AWAY)
                return
            for report in await run_in_threadpool(self._news, woken):
                await self._send(report.message(self._sent + 1))
            waiting = asyncio.create_task(listener.wait(_LOOK_EVERY_SECONDS))
            await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
            woken = {int(change.data["id"]) for change in await waiting}
            if monotonic() >= check_at:
                if not await run_in_threadpool(self._is_still_let_in):
                    await self._socket.close(_POLICY)
                    return
                check_at = monotonic() + _SESSION_SECONDS

    async def _send(self, message: DicomJson) -> None:
        self._sent += 1
        with contextlib.suppress(RuntimeError):  # the receiver has gone in this moment
            await self._socket.send_text(json.dumps(message, ensure_ascii=False))

    def _is_still_let_in(self) -> bool:
        try:
            if self._caller.login_id is None:
                admit(self._services.database, self._services.small_writes, self._asked)
            return still_logged_in(self._services.database, self._caller)
        except CountyReadError:
            return False

    def _start(self) -> None:
        """Where things stand. Identities are given before the commit: a lower one may still appear after a higher one."""
        with self._services.database.read() as work:
            highest = work.session.execute(select(func.coalesce(func.max(TaskEvent.id), 0))).scalar_one()
            self._told.floor = max(0, highest - _LATE_COMMIT_ROWS)
            recent = select(TaskEvent.task_id, func.max(TaskEvent.seq)).where(TaskEvent.id > self._told.floor)
            self._told.tasks = dict(work.session.execute(recent.group_by(TaskEvent.task_id)).all())
            asked = select(func.coalesce(func.max(UpsCancelRequest.id), 0))
            self._told.cancel_requests = work.session.execute(asked).scalar_one()

    def _news(self, woken: set[int]) -> list[Report]:
        with self._services.database.read(self._caller.scope) as work:
            rows = subscriptions_of(work, self._caller.user.id, self._ae_title)
            describing = Describing(work, self._root, ZoneInfo(self._services.settings.time_zone))
            found = [*self._of_tasks(work, woken, describing), *self._cancel_requests(work, describing)]
            wanted = [one for one in found if is_wanted(rows, one.uid, one.began_with, one.line)]
            return [*self._first(work, rows, describing), *wanted]

    def _of_tasks(self, work: UnitOfWork, woken: set[int], describing: Describing) -> Iterator[Report]:
        for case in cases_of(work, woken):
            last = self._told.tasks.get(case.task.id)
            for event in case.events:
                if event.seq > last if last is not None else event.id > self._told.floor:
                    yield from reports_of(case, event.seq, describing)
            self._told.tasks[case.task.id] = case.events[-1].seq

    def _cancel_requests(self, work: UnitOfWork, describing: Describing) -> Iterator[Report]:
        query = select(UpsCancelRequest).where(UpsCancelRequest.id > self._told.cancel_requests)
        for asked in work.session.execute(query.order_by(UpsCancelRequest.id)).scalars():
            self._told.cancel_requests = asked.id
            yield cancel_requested(find(work, asked.workitem_uid), asked, describing)

    def _first(self, work: UnitOfWork, rows: Any, describing: Describing) -> list[Report]:
        """Where the workitems of new subscriptions stand; of the global ones, those that are not over."""
        known = {(row.id, json.dumps(row.filter, sort_keys=True)) for row in rows}
        fresh = [
            row for row in rows if (row.id, json.dumps(row.filter, sort_keys=True)) not in self._told.subscriptions
        ]
        self._told.subscriptions = known
        reports = [state_of(item, describing) for item in _standing(work, fresh)]
        return [one for one in reports if is_wanted(fresh, one.uid, one.began_with, one.line)]


def _standing(work: UnitOfWork, rows: list[UpsSubscription]) -> Iterator[Workitem]:
    for row in rows:
        if row.target not in WELL_KNOWN:
            with contextlib.suppress(NotFound):
                found = find(work, row.target)
                if isinstance(found, Workitem):
                    yield found
    if any(row.target in WELL_KNOWN for row in rows):
        query = select(ReadingTask.id).where(ReadingTask.state.not_in(CLOSED_STATES)).order_by(ReadingTask.id.desc())
        for case in cases_of(work, work.session.execute(query.limit(_MOST_AT_FIRST)).scalars().all()):
            yield case.workitems[-1]
