"""ECGs: what the device and the engine measured, what is suggested, and the samples for the viewer."""
