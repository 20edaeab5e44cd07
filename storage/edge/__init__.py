"""What an edge station and the server say to each other: objects in segments, segments in parcels, parcels in pieces."""
