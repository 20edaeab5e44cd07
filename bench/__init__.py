"""Benchmarks: each prints a table with the command that made it; results go into docs/benchmarks.md."""
