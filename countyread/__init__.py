"""The `countyread` command: puts the four processes together and looks after them."""

__version__ = "0.1.0"
