"""`/api/v1/hanging`: how images are laid out."""
