"""Hanging protocols: how the images of an exam are laid out when it is opened, by the county and by each reader."""
