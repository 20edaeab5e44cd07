"""What is made of a long ECG so that it can be looked at without reading all of it."""
