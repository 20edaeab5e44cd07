"""Persons: search, candidates, merge and unmerge, earlier studies."""
