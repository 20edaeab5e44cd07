"""Doors that the gateway process keeps open beside DIMSE."""

from typing import Protocol

from dicom_gateway.drop_folder import DropFolder
from dicom_gateway.ftp_door import FtpDoor
from dicom_gateway.hl7.desk import OrderDesk
from dicom_gateway.hl7.listener import Hl7Listener
from storage.db.session import Database
from storage.domain.clock import Clock
from storage.ingest.times import time_zone
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
    if settings.ftp:
        doors.append(FtpDoor(settings, database, clock))
    if settings.hl7_address is not None:
        desk = OrderDesk(database, clock, time_zone(settings.time_zone))
        doors.append(Hl7Listener(settings.hl7_address, desk.answer))
    return doors
