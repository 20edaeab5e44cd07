"""A real gateway process, its database, and what a test asks of both."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from storage.db.models import Heartbeat, Instance, Quarantine
from storage.db.session import Database
from storage.objects import ObjectStore, make_object_store
from tests.services import dcmtk
from tests.services.countyread import countyread
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.worlds import World

Row = TypeVar("Row", bound=DeclarativeBase)

AE_TITLE = "COUNTYREAD"


class RunningGateway:
    """A gateway and an intake in a world of their own."""

    def __init__(self, world: World, database: Database, folder: Path) -> None:
        self.world = world
        self.database = database
        self.port = world.settings.dicom.port
        self.spool = world.settings.spool / "gateway"
        self._folder = folder
        self._programs: dict[str, Program] = {}

    @property
    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("*.log")))

    @property
    def store(self) -> ObjectStore:
        return make_object_store(self.world.settings.object_store)

    @property
    def program(self) -> Program:
        """The process that receives."""
        return self._programs["gateway"]

    @property
    def intake(self) -> Program:
        """The process that catalogues and stores."""
        return self._programs["intake"]

    def start(self, **environ: str) -> None:
        for name in ("intake", "gateway"):
            self.start_one(name, **environ)
        wait_until(self._answers, 30, "the gateway to answer")

    def start_one(self, name: str, **environ: str) -> None:
        """`gateway` or `intake` alone."""
        log = self._folder / f"{name}.log"
        self._programs[name] = countyread(name, log=log, env={**self.world.environ, **environ})

    def _answers(self) -> bool:
        self.program.ensure_running()
        return dcmtk.echo(self.port, calling="COUNTYREAD_ECHO", called=AE_TITLE).ok

    def stop(self) -> None:
        for name in ("gateway", "intake"):
            self._programs[name].stop()

    def kill(self) -> None:
        for program in self._programs.values():
            program.kill()

    def send(self, *files: Path, calling: str = "T01_CT", called: str = AE_TITLE) -> int:
        """With dcmsend, each file in its own syntax. Returns how many were answered with success."""
        result = dcmtk.send(self.port, files, calling=calling, called=called)
        told = re.search(r"with status SUCCESS +: (\d+)", result.output)
        return int(told[1]) if told else 0

    def incoming(self) -> list[Path]:
        """Objects that are not complete."""
        return list((self.spool / "incoming").iterdir())

    def life(self, kind: str) -> Heartbeat:
        """The last sign of life of `gateway` or `intake`."""
        return wait_until(lambda: [row for row in self.rows(Heartbeat) if row.kind == kind], 30, f"life of {kind}")[-1]

    def rows(self, model: type[Row]) -> Sequence[Row]:
        with self.database.read() as work:
            return work.session.execute(select(model)).scalars().all()

    def count(self, model: type[DeclarativeBase], **values: object) -> int:
        with self.database.read() as work:
            query = select(func.count()).select_from(model).filter_by(**values)
            return work.session.execute(query).scalar_one()

    def wait_stored(self, instances: int, *, quarantined: int = 0, timeout: float = 40) -> None:
        """Until so many objects are in the store, and nothing is left in the spool."""
        wait_until(
            lambda: (
                self.count(Instance, state="stored") >= instances
                and self.count(Quarantine, state="stored") >= quarantined
                and not self.spooled()
            ),
            timeout,
            f"{instances} stored instances and {quarantined} in quarantine",
        )
        assert (self.count(Instance), self.count(Quarantine)) == (instances, quarantined)

    def spooled(self) -> list[Path]:
        return sorted(self.spool.glob("*.dcm"))

    def stored_bytes(self, sop_instance_uid: str) -> bytes:
        with self.database.read() as work:
            query = select(Instance).where(Instance.sop_instance_uid == sop_instance_uid)
            instance = work.session.execute(query).scalar_one()
        with self.store.open(instance.object_key) as stream:
            return stream.read()
