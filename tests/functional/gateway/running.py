"""A real gateway process, its database, and what a test asks of both."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from storage.db.models import Instance, Quarantine
from storage.db.session import Database
from storage.objects import ObjectStore, make_object_store
from tests.services import dcmtk
from tests.services.process import Program
from tests.services.waiting import wait_until
from tests.worlds import World

Row = TypeVar("Row", bound=DeclarativeBase)

AE_TITLE = "COUNTYREAD"


class RunningGateway:
    """`python -m dicom_gateway` in a world of its own."""

    def __init__(self, world: World, database: Database, folder: Path) -> None:
        self.world = world
        self.database = database
        self.port = world.settings.dicom.port
        self.spool = world.settings.spool
        self._log = folder / "gateway.log"
        self._program: Program | None = None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def store(self) -> ObjectStore:
        return make_object_store(self.world.settings.object_store)

    @property
    def program(self) -> Program:
        assert self._program is not None
        return self._program

    def start(self, **environ: str) -> None:
        self._program = Program(
            [sys.executable, "-m", "dicom_gateway"], self._log, env={**self.world.environ, **environ}
        )
        wait_until(self._answers, 30, "the gateway to answer")

    def _answers(self) -> bool:
        self.program.ensure_running()
        return dcmtk.echo(self.port, calling="COUNTYREAD_ECHO", called=AE_TITLE).ok

    def stop(self) -> None:
        self.program.stop()

    def kill(self) -> None:
        self.program.kill()

    def send(self, *files: Path, calling: str = "T01_CT", called: str = AE_TITLE) -> int:
        """With dcmsend, each file in its own syntax. Returns how many were answered with success."""
        result = dcmtk.send(self.port, files, calling=calling, called=called)
        told = re.search(r"with status SUCCESS +: (\d+)", result.output)
        return int(told[1]) if told else 0

    def incoming(self) -> list[Path]:
        """Objects that are not complete."""
        return list((self.spool / "incoming").iterdir())

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
