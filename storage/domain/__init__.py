"""The nouns of the field, with the standard library only."""
