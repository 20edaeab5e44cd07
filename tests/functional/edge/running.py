"""A centre (API and intake) and a van (an edge station), each of real processes, and what a test asks of them."""

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from storage.db.models import Association, Device, Heartbeat, Instance, ReadingTask, Study
from storage.db.queries import edge, people
from storage.db.session import Database
from storage.domain.canonical import sha256_hex
from storage.objects import make_object_store
from tests.functional.gateway.studies import data_set_bytes
from tests.services import dcmtk
from tests.services.countyread import countyread
from tests.services.ports import free_port
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.worlds import World

Row = TypeVar("Row", bound=DeclarativeBase)

KEY = "station_a-key-that-only-tests-have"
STATION = "T01_EDGE"
PATIENCE = 120.0


class Centre:
    """`countyread api` and `countyread intake` in a world with the devices of two clinics and the station of one."""

    def __init__(self, world: World, database: Database, folder: Path) -> None:
        self.world = world
        self.database = database
        self.folder = folder
        self._programs: dict[str, Program] = {}
        with database.write() as work:
            clinic = people.institution_by_code(work, "t01")
            people.ensure_device(work, "T01_ECG", clinic, modality="ECG")
            edge.ensure_station(work, STATION, clinic, "van", sha256_hex(KEY.encode()))

    @property
    def port(self) -> int:
        return self.world.settings.http.port

    @property
    def api(self) -> Program:
        return self._programs["api"]

    def start(self, *names: str) -> None:
        for name in names or ("intake", "api"):
            self._programs[name] = countyread(name, log=self.folder / f"{name}.log", env=self.world.environ)
        wait_until(self._answers, PATIENCE, "the API to answer")

    def _answers(self) -> bool:
        self.api.ensure_running()
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        for program in self._programs.values():
            program.stop()

    def restart_api(self) -> None:
        """kill -9, and a new one."""
        self.api.kill()
        self.start("api")

    def rows(self, model: type[Row]) -> Sequence[Row]:
        with self.database.read() as work:
            return work.session.execute(select(model)).scalars().all()

    def count(self, model: type[DeclarativeBase], **values: object) -> int:
        with self.database.read() as work:
            query = select(func.count()).select_from(model).filter_by(**values)
            return work.session.execute(query).scalar_one()

    def stored(self, sops: Collection[str]) -> dict[str, bytes]:
        """The data sets in the object store of those, by SOP Instance UID; an object that is there twice fails."""
        store = make_object_store(self.world.settings.object_store)
        found: dict[str, bytes] = {}
        for instance in self.rows(Instance):
            if instance.sop_instance_uid in sops and instance.state == "stored":
                with store.open(instance.object_key) as stream:
                    assert instance.sop_instance_uid not in found
                    found[instance.sop_instance_uid] = data_set_bytes(stream.read())
        return found

    def arrived(self, sops: Collection[str], *, state: str | None = None) -> list[str]:
        """Which of those are in the catalogue, in the order of their coming."""
        rows = sorted(self.rows(Instance), key=lambda row: (row.received_at, row.id))
        mine = [row for row in rows if row.sop_instance_uid in sops and state in (None, row.state)]
        return [row.sop_instance_uid for row in mine]

    def wait_stored(self, sops: Collection[str]) -> None:
        wait_until(
            lambda: len(self.arrived(sops, state="stored")) >= len(sops), PATIENCE, f"{len(sops)} stored objects"
        )

    def tasks_of(self, study_uids: Collection[str]) -> int:
        """How many reading tasks there are for these studies."""
        with self.database.read() as work:
            query = select(func.count()).select_from(ReadingTask).join(Study, Study.id == ReadingTask.study_id)
            return work.session.execute(query.where(Study.study_instance_uid.in_(study_uids))).scalar_one()

    def open_associations(self, sops: Collection[str]) -> int:
        """How many associations that brought those are not over."""
        with self.database.read() as work:
            query = (
                select(func.count()).select_from(Instance).join(Association, Association.id == Instance.association_id)
            )
            mine = query.where(Instance.sop_instance_uid.in_(sops), Association.ended_at.is_(None))
            return work.session.execute(mine).scalar_one()

    def devices_by_sop(self) -> dict[str, str]:
        """The calling AE title that each object's association came from."""
        with self.database.read() as work:
            query = (
                select(Instance.sop_instance_uid, Device.ae_title)
                .join(Association, Association.id == Instance.association_id)
                .join(Device, Device.id == Association.device_id)
            )
            return {row[0]: row[1] for row in work.session.execute(query)}

    def reports(self) -> list[dict[str, Any]]:
        with self.database.read() as work:
            query = select(Heartbeat.report).where(Heartbeat.kind == "edge")
            return list(work.session.execute(query).scalars())


class Van:
    """`countyread edge` with a data folder of its own; `server` is the port that it takes for the centre's."""

    def __init__(self, folder: Path, server: int, **environ: str) -> None:
        self.folder = folder
        self.data = folder / "van"
        self.port = free_port()
        self.page = free_port()
        self.environ = {
            "COUNTYREAD_DATA": str(self.data),
            "COUNTYREAD_DICOM": f"127.0.0.1:{self.port}",
            "COUNTYREAD_AE_TITLE": STATION,
            "COUNTYREAD_EDGE_SERVER": f"http://127.0.0.1:{server}",
            "COUNTYREAD_EDGE_KEY": KEY,
            "COUNTYREAD_EDGE_PAGE": f"127.0.0.1:{self.page}",
            "COUNTYREAD_RESERVE_MB": "1",
            **environ,
        }
        self._program: Program | None = None

    @property
    def program(self) -> Program:
        assert self._program is not None
        return self._program

    @property
    def log(self) -> str:
        return (self.folder / "edge.log").read_text(errors="replace")

    def start(self, **environ: str) -> None:
        self._program = countyread("edge", log=self.folder / "edge.log", env={**self.environ, **environ})
        wait_until(self._answers, PATIENCE, "the station to answer")

    def _answers(self) -> bool:
        self.program.ensure_running()
        return dcmtk.echo(self.port, calling="COUNTYREAD_ECHO", called=STATION).ok

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def kill(self) -> None:
        self.program.kill()

    def send(self, *files: Path, calling: str = "T01_CT") -> int:
        """With dcmsend. Returns how many were answered with success."""
        result = dcmtk.send(self.port, files, calling=calling, called=STATION)
        told = re.search(r"with status SUCCESS +: (\d+)", result.output)
        return int(told[1]) if told else 0

    def spooled(self) -> list[Path]:
        return sorted((self.data / "edge" / "station").glob("*.dcm"))

    def status(self) -> dict[str, Any]:
        """What the page says."""
        return json.loads(httpx.get(f"http://127.0.0.1:{self.page}/status.json", timeout=10).text)

    def wait_empty(self) -> None:
        """Until everything is confirmed, and all associations are ended at the centre."""
        wait_until(lambda: not self.spooled(), PATIENCE, "the spool to empty")
