"""What the application remembers of each person."""
