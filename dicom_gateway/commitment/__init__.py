"""Storage commitment, push model (PS3.4 annex J): we answer for what devices have sent, after reading it back."""
