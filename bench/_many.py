"""A county with many studies, and one with many clinics: the first page of a search, and polls."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from bench._county_of_tasks import add_series, fill
from bench._load import Asking, cpu_seconds, hammer
from bench._polling import poll
from bench._served import UNLIMITED, OrthancWithWeb, small_studies
from storage.db.migrate import upgrade
from storage.db.models import ApiKey, Institution, Login, User
from storage.db.session import Database, make_engine
from storage.domain.accounts import Scope
from storage.domain.reading import InstitutionKind, Role
from tests.services.countyread import countyread
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.worlds import World, make_world
from viewer_api.auth.tokens import new_key, new_token, token_hash

_JSON = {"Accept": "application/dicom+json"}
_PAGE = "studies?limit=100"
_FIRST_CLINIC = 10_000


def run(folder: Path, parts: Sequence[str], wanted: argparse.Namespace) -> None:
    """The parts that are named, in one county."""
    world = make_world("embedded", folder / "many", lambda _name: None, **UNLIMITED)
    world.settings.data.mkdir(parents=True)
    engine = make_engine(world.settings.database_url)
    upgrade(engine)
    database = Database(engine)
    fill(database, wanted.studies, 100)
    add_series(database, wanted.studies)
    keys = _clinics(database, wanted.clinics)
    tokens = _log_in(database, wanted.streams)
    engine.dispose()
    with _api(world, folder) as program:
        if "search" in parts:
            _search(world, program, tokens[0], wanted)
        if "polls" in parts:
            _polls(world, program, keys, tokens, wanted.rounds)


@contextmanager
def _api(world: World, folder: Path) -> Iterator[Program]:
    program = countyread("api", log=folder / "api.log", env=world.environ)
    try:
        url = f"http://{world.settings.http}/readyz"
        wait_until(lambda: _answers(url), 60, "the API to answer")
        yield program
    finally:
        program.stop()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def _clinics(database: Database, count: int) -> list[str]:
    """So many clinics, each with an API key for its results; the keys."""
    made = [new_key() for _ in range(count)]
    ids = range(_FIRST_CLINIC, _FIRST_CLINIC + count)
    with database.write() as work:
        _insert(work.session, Institution, [_institution(n) for n in ids])
        _insert(work.session, User, [_machine(n) for n in ids])
        rows = [
            {
                "name": "HIS",
                "prefix": prefix,
                "secret_sha256": token_hash(key),
                "scopes": [Scope.RESULTS_READ],
                "user_id": n,
                "institution_id": n,
                "created_at": work.now,
            }
            for n, (key, prefix) in zip(ids, made, strict=True)
        ]
        _insert(work.session, ApiKey, rows)
    return [key for key, _ in made]


def _insert(session, model, rows: list[dict]) -> None:  # type: ignore[no-untyped-def, type-arg]
    session.execute(insert(model), rows)


def _institution(number: int) -> dict[str, object]:
    code = f"v{number}"
    return {"id": number, "code": code, "name": code, "name_en": code, "kind": InstitutionKind.CLINIC}


def _machine(number: int) -> dict[str, object]:
    name = f"his{number}"
    return {
        "id": number,
        "username": name,
        "display_name": name,
        "role": Role.CLINIC,
        "institution_id": number,
        "password_hash": "-",
    }


def _log_in(database: Database, count: int) -> list[str]:
    """Tokens of readers."""
    tokens = [new_token() for _ in range(max(1, count))]
    with database.write() as work:
        for number, token in enumerate(tokens):
            work.session.add(
                Login(
                    token_sha256=token_hash(token),
                    user_id=number % 200 + 1,
                    created_at=work.now,
                    expires_at=work.now + timedelta(hours=8),
                )
            )
    return tokens


def _search(world: World, program: Program, token: str, wanted: argparse.Namespace) -> None:
    print(f"\n{wanted.studies} studies here, {wanted.orthanc_studies} in Orthanc\n")
    print(
        "| first page of studies | connections | a second | median ms | p95 ms | kB | CPU ms |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    headers = {**_JSON, "Authorization": f"Bearer {token}"}
    server = f"http://{world.settings.http}"
    _page("County Reading", Asking(server, [f"/dicomweb/{_PAGE}"], headers, wanted.seconds), [program.pid])
    if wanted.orthanc_studies:
        with OrthancWithWeb() as orthanc:
            small_studies(orthanc, wanted.orthanc_studies)
            _page("Orthanc", Asking(orthanc.url, [f"/dicom-web/{_PAGE}"], _JSON, wanted.seconds), orthanc.pids)


def _page(name: str, asking: Asking, pids: Sequence[int]) -> None:
    """How long somebody waits who asks alone, and how many answers there are with four who never pause."""
    for connections in (1, 4):
        load = hammer(replace(asking, connections=connections), pids)
        cells = f"{load.rate:.0f} | {load.at(0.5):.1f} | {load.at(0.95):.1f} | {load.kilobytes:.0f} | {load.cpu:.2f}"
        print(f"| {name} | {connections} | {cells} |", flush=True)


def _polls(world: World, program: Program, keys: Sequence[str], tokens: Sequence[str], rounds: int) -> None:
    cores = sorted(os.sched_getaffinity(0))
    _keep_to(program.pid, cores[0])
    os.sched_setaffinity(0, {cores[-1]})
    polled = poll(world.settings.http.port, keys, tokens, rounds, lambda: cpu_seconds([program.pid]))
    os.sched_setaffinity(0, set(cores))
    times = polled.times
    print(f"\n{len(keys)} clinics, a poll of each every 10 s, {len(tokens)} event streams, the server on one core\n")
    print("| polls | median ms | p95 ms | p99 ms | longest ms | refused | streams at the end | of the core |")
    print("|---|---|---|---|---|---|---|---|")
    cells = [f"{times[int(share_of * len(times))]:.1f}" for share_of in (0.5, 0.95, 0.99)]
    print(
        f"| {len(times)} | {' | '.join(cells)} | {times[-1]:.0f} | {polled.refused} | {polled.streams} | {100 * polled.share:.0f} % |",
        flush=True,
    )


def _keep_to(pid: int, core: int) -> None:
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})
