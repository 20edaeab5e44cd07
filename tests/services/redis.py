"""An own Redis server from Debian's packages."""

import redis

from tests.services.ports import HOST, free_port
from tests.services.process import Program, find_program
from tests.services.server import Server


class RedisServer(Server):
    """Redis on a free port.

    :param durable: keep an append-only file, flushed at every write, so that data survives :meth:`kill`
    """

    name = "redis"

    def __init__(self, *, durable: bool = False) -> None:
        self._program = find_program("redis-server", "redis-server")
        super().__init__()
        self._durable = durable
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def prepare(self) -> None:
        """Redis needs nothing but its folder."""

    def launch(self) -> list[Program]:
        persistence = ["--appendonly", "yes", "--appendfsync", "always"] if self._durable else ["--appendonly", "no"]
        options = ["--bind", HOST, "--port", str(self.port), "--dir", str(self.folder), "--save", "", *persistence]
        return [Program.start([self._program, *options], self.folder / "server.log")]

    def is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def flush(self) -> None:
        """Forget everything, between tests."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()
