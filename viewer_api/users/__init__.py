"""Accounts of others, for those who run the centre."""
