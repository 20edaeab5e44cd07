"""What the manager's board and the screen on the wall show."""
