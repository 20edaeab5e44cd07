"""A clinic's own figures."""
