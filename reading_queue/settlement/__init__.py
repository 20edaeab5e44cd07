"""Who pays whom for remote reading: a price list, lines reckoned from signed versions, months that are closed, corrections."""
