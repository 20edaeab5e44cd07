"""What readers measure in images."""
