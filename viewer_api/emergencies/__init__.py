"""Access in an emergency, and its review."""
