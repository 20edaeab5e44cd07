"""Edge stations: what they send in pieces, what they say of themselves."""
