"""The DIMSE edge: what township equipment talks to."""
