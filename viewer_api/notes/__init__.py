"""Notes between clinic and reader on a study."""
