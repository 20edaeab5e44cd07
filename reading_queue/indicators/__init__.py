"""The national indicators of radiology and ultrasound quality, and the cases that each is made of."""
