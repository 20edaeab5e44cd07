"""Reading tasks: the list, one task with its history, and taking one in hand."""
