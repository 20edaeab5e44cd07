"""Rosters and qualifications: the week, its changes, gaps, and who is licensed for what."""
