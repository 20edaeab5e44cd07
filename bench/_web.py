"""What all parts of `bench.web` need."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from bench._browser import Traffic
from bench._served import Images, Server
from tests.services.ohif import OhifViewer
from tests.services.shaping import BadLine, Shape
from tests.system.county import RunningCounty

SLOW = Shape(rate=10e6 / 8, latency=0.1)
"""10 Mbit/s, and 200 ms there and back."""

FAIR = Shape(rate=50e6 / 8, latency=0.05)
"""50 Mbit/s, and 100 ms there and back."""


@dataclass
class Bench:
    """Started once."""

    browser: Browser
    county: RunningCounty
    ours: Server
    viewer: OhifViewer
    application: Mapping[Shape, BadLine]
    """Over which OHIF's own files come, by how bad the line is."""

    is_logging: bool = False
    is_alone: bool = False
    """Without OHIF."""

    def log(self, traffic: Traffic, since: float) -> None:
        """Every request, where that is wanted."""
        if self.is_logging:
            traffic.print_since(since)


def port_of(url: str) -> int:
    """Of an address that ends with it."""
    return int(url.rpartition(":")[2])


def task_of(bench: Bench, images: Images) -> int:
    """The reading task of the study. A server in use has answered before what a viewer asks; so has this one then."""
    reader = bench.county.log_in("radiologist")
    task = next(int(task["id"]) for task in reader.tasks() if task["study_instance_uid"] == images.study)
    study = f"/api/v1/studies/{images.study}"
    for path in (f"/api/v1/tasks/{task}", study, f"{study}/priors", f"{study}/notes", "/api/v1/hanging"):
        reader.get(path)
    return task


def look_at(page: Page, task: int) -> None:
    """As a click on its row does."""
    page.evaluate(f"location.hash = '#/read/{task}?look'")
