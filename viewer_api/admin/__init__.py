"""For those who run the service: health, quarantine, devices, signs of life."""
