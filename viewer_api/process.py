"""Entry point of the HTTP server."""

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from reading_queue import partner_secrets
from reading_queue.publisher import publisher
from storage.db.migrate import require_current
from storage.db.queries import heartbeats
from storage.db.session import Database, make_engine
from storage.domain.clock import SystemClock
from storage.ingest.times import time_zone
from storage.objects import make_object_store
from storage.settings import Settings
from viewer_api.app import build_app
from viewer_api.auth import second_factor
from viewer_api.bounded_http import BoundedHttp
from viewer_api.hub import Hub

logger = logging.getLogger(__name__)

_BEAT_SECONDS = 5.0
_GRACE_SECONDS = 3
_GOODBYE_SECONDS = 1.0
_KEEP_ALIVE_SECONDS = 75
"""For who asks every ten seconds or every minute: on a slow line a new connection costs more than the answer."""

_MAX_HEADER_BYTES = 32 * 1024
_PATIENCE = {
    "connect_timeout": "4",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "8000",
    "options": "-c lock_timeout=10s -c statement_timeout=20s",
}
"""Of PostgreSQL's client library; times of a network that went away are in seconds, `tcp_user_timeout` in ms."""


class Server(uvicorn.Server):
    """Lets everybody who waits go before it stops, so that open screens do not hold it up."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await self._hub.wait_until_left(_GOODBYE_SECONDS)
        await super().shutdown(sockets)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way have three seconds to end."""
    engine = make_engine(_impatient(settings.database_url))
    require_current(engine)
    database = Database(engine, publish=publisher(settings), zone=time_zone(settings.time_zone))
    app = build_app(settings, database, make_object_store(settings.object_store))
    with database.write() as work:
        second_factor.reseal(work, app.state.services.seals)
        partner_secrets.reseal(work, app.state.services.seals)
    server = make_server(app, settings)
    # uvicorn raises the signal again when it is done; the process has to end by itself then.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    # What is there for good would be looked through again and again for what may go: a fifth of the time of a large answer.
    gc.collect()
    gc.freeze()
    with _signs_of_life(database):
        server.run()
    app.state.services.deliveries.end_all()
    app.state.services.intake.close()
    engine.dispose()


def make_server(app: FastAPI, settings: Settings) -> Server:
    """The server for an application made by `build_app`, at the address of the settings."""
    # Its access log would repeat what people search for; the application's own leaves that out.
    logging.getLogger("uvicorn.access").disabled = True
    config = uvicorn.Config(
        app,
        host=settings.http.host,
        port=settings.http.port,
        http=BoundedHttp,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    return Server(config, app.state.services.hub)


def _impatient(database_url: str) -> str:
    """A database that does not answer is reported within seconds instead of hanging every request."""
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        missing = {name: value for name, value in _PATIENCE.items() if name not in url.query}
        url = url.update_query_dict(missing)
    return url.render_as_string(hide_password=False)


def _ignore(_signal: int, _frame: FrameType | None) -> None:
    pass


@contextmanager
def _signs_of_life(database: Database) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=_keep_beating, args=(database, ended), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def _keep_beating(database: Database, ended: threading.Event) -> None:
    process = f"api@{socket.gethostname()}:{os.getpid()}"
    started_at = SystemClock().now()
    while True:
        try:
            with database.write() as work:
                heartbeats.beat(work, process, "api", started_at, {})
        except SQLAlchemyError as error:
            logger.warning("No sign of life: the database does not answer (%s).", type(error).__name__)
        if ended.wait(_BEAT_SECONDS):
            return
