"""The whole product, started with its own command, seen from outside."""
