"""What a reader, a director or a clinic does to a task."""
