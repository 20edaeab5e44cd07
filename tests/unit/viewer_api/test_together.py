"""Those who ask at about the same time: one look for all of them, each with the answer to what he asked."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select, update

from storage.db.models import User
from storage.db.queries import logins
from storage.db.queries.logins import Opening
from tests.unit.reading_queue.county import County
from viewer_api.together import Together

_MANY = 300


def test_those_who_ask_during_a_look_share_the_next_one() -> None:
    looks: list[Sequence[int]] = []
    everybody = threading.Event()

    def read(keys: Sequence[int]) -> Mapping[int, int]:
        looks.append(keys)
        assert everybody.wait(30)
        return {key: -key for key in keys if key % 2}

    async def asked() -> list[int | None]:
        together: Together[int, int] = Together(read)
        asking = [asyncio.create_task(together.ask(number % 50)) for number in range(_MANY)]
        asyncio.get_running_loop().call_soon(everybody.set)
        return [*await asyncio.gather(*asking), await together.ask(1)]

    found = asyncio.run(asked())
    assert found == [-(n % 50) if n % 2 else None for n in range(_MANY)] + [-1]
    assert sorted(looks[0]) == [*range(50)]
    assert len(looks) == 2


def test_a_look_that_fails_finds_nothing_and_the_next_one_does() -> None:
    fails = [True]

    def read(keys: Sequence[str]) -> Mapping[str, bool]:
        if fails:
            fails.clear()
            raise OSError
        return dict.fromkeys(keys, True)

    async def asked() -> list[bool | None]:
        together: Together[str, bool] = Together(read)
        return [await together.ask("one"), await together.ask("one")]

    assert asyncio.run(asked()) == [None, True]


def test_open_sessions_are_told_apart_as_one_by_one(tmp_path) -> None:
    county = County.at(f"sqlite:///{tmp_path / 'county.sqlite'}")
    with county.database.write() as work:
        users = [one.id for one in work.session.execute(select(User).order_by(User.id)).unique().scalars()][:2]
        later, soon = work.now + timedelta(hours=8), work.now + timedelta(minutes=5)
        logins.open_login(work, users[0], "open", later)
        logins.open_login(work, users[0], "ended", later)
        logins.open_login(work, users[0], "over", soon)
        logins.open_login(work, users[0], "idle", Opening(later, idle=timedelta(minutes=5)))
        logins.open_login(work, users[0], "at work", Opening(later, idle=timedelta(minutes=50)))
        logins.open_login(work, users[1], "retired", later)
        logins.end_login(work, "ended")
        work.session.execute(update(User).where(User.id == users[1]).values(active=False))
    county.clock.advance(minutes=10)
    hashes = ["open", "ended", "over", "idle", "at work", "retired", "nobody's"]
    with county.database.read() as work:
        assert logins.live_among(work, hashes) == {"open", "at work"}
        assert {one for one in hashes if logins.live_login(work, one) is not None} == {"open", "at work"}
