"""The quarantine desk: what was kept aside, and what is decided about it."""
