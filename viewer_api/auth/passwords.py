"""Passwords of people; devices have theirs from the same place."""

from storage.passwords import hash_password, verify_password

__all__ = ["hash_password", "verify_password"]
