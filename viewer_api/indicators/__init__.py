"""The national indicators, for the health authority and the county's people."""
