"""Doors that the gateway process keeps open beside DIMSE."""

from typing import Protocol

from dicom_gateway.drop_folder import DropFolder
from storage.db.session import Database
from storage.domain.clock import Clock
from storage.settings import Settings


class Door(Protocol):
    """Something that takes in studies or orders while the gateway runs."""

    def start(self) -> None:
        """Open. Raises `OSError` when its address or folder cannot be used."""

    def stop(self) -> None:
        """Close, and wait until what is under way has ended."""


def build_doors(settings: Settings, database: Database, clock: Clock) -> list[Door]:
    """The doors that the settings ask for."""
    doors: list[Door] = []
    if settings.drop_folder:
        doors.append(DropFolder(settings, database, clock))
    return doors
