"""A county's month, replayed: arrivals, readers and shifts against service times and rules of assignment. No database needed."""

from reading_queue.simulation.engine import Run, simulate
from reading_queue.simulation.figures import Figures, measure
from reading_queue.simulation.pickers import PICKERS
from reading_queue.simulation.scenario import Scenario, example_text, parse_scenario, read_scenario
from reading_queue.simulation.world import World, build

__all__ = [
    "PICKERS",
    "Figures",
    "Run",
    "Scenario",
    "World",
    "build",
    "example_text",
    "measure",
    "parse_scenario",
    "read_scenario",
    "simulate",
]
