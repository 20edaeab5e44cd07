"""The tests: unit (no servers), functional (real parts) and services (the real parts themselves)."""
