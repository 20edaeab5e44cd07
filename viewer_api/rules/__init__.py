"""The county's rules: chapters, editions, and what another edition would do."""
