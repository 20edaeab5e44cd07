"""Calling the systems of institutions with their results: signed, in order, until each is taken."""
